"""The JSON Schema of machine output: every field of every document, with its type and its meaning.

The one place where fields are described: `testimony schema --of search` prints
it, the tests hold every document that the program prints against it, and
``docs/output.md`` is written from it.
"""

from collections.abc import Mapping
from typing import Any, Final

from archive.formats import comparison
from archive.formats.data import csv
from archive.formats.fields import SCHEMA
from archive.named_tuple import NamedTuple
from archive.search.model import FACETS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_Shape = Mapping[str, tuple[str, str]]
"""Name → type and meaning. A type is a word of `_PLAIN`, or the name of a shape; ``?`` after it: or null; in ``[]``: a list."""

_PLAIN: Final[Mapping[str, Mapping[str, Any]]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "any": {},
    "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
    "span": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    "object": {"type": "object"},
    "cells": {"type": "array", "items": {"type": "string"}},
    "paragraphs": {"anyOf": [{"const": "record"}, {"type": "array", "items": {"type": "integer"}}]},
}
_WORDS: Final = {
    "row": "list of text",
    "span": "pair of integers",
    "counts": "object of integers",
    "paragraphs": 'list of integer, or "record"',
}


def _of(shape: _Shape, *names: str) -> _Shape:
    """Return some fields of a shape, in the order of their names here."""
    return {name: shape[name] for name in names}


_COVERAGE: Final[_Shape] = {
    "searched": ("integer", "Records that could be read and searched."),
    "of": ("integer", "Records that this reader may know of; more than `searched` where some have faults."),
    "unread_versions": ("integer", "Files of their words in other languages that nobody could read."),
}
_LABELLED: Final[_Shape] = {
    "word": ("text", "The word that was typed."),
    "list": ("text", "The vocabulary of the term."),
    "term": ("text", "The term."),
    "label": ("text", "Its English label."),
}
_CAVEAT: Final[_Shape] = {
    "id": ("text", "The id of the note in its record."),
    "flag": ("text", "What it warns of, by the vocabulary `flag`."),
    "status": ("text", "`open`, `resolved` …, by the vocabulary `note-status`."),
    "about": ("paragraphs", "The paragraphs of its record that it is about, or the whole record."),
    "statement": ("text", "What it says. It must never be parted from the words it is about."),
    "by": ("text", "Who wrote it."),
    "date": ("text", "When it was written."),
    "known": ("text?", "Since when what it says could be known."),
    "information": ("text?", "How credible the information is, by the vocabulary `information`."),
    "cites": ("[text]", "Its sources, each with the place in it."),
    "cited": ("[citation of a work]", "The same by id."),
    "with": ("[text]", "The passages that it sets beside this one."),
    "from": ("text?", "The record that it comes from, where it is not this one's own."),
    "stale": ("text?", "Says so where the words have changed since it was written."),
    "was": ("text?", "The words that it was written about, where they are known and have changed."),
    "unread": ("text?", "Says so where it is told as it was last read, since the file of a record cannot be read at present."),
    "replaced": ("boolean", "A later note took its place."),
    "sha256": ("text", "Hash of what it says: the first eight digits stand in the mark of a citation."),
}
_CAVEATS: Final[_Shape] = {
    "caveats": ("[caveat]", "Every credibility note in force at these words."),
    "caveats_since": ("[later caveat]", "With `--as-of`: those that could be known only later."),
}
_HIT: Final[_Shape] = {
    "code": ("text", "The permanent code of the record."),
    "title": ("text", "The title of the record."),
    "paragraph": ("integer", "The number of the paragraph."),
    "locator": ("text?", "The place in the source, as a page or a time."),
    "score": ("number", "How well it answers; comparable within one answer only. 0 where nothing was ranked."),
    "excerpt": ("text", "The words of the passage, whole or cut."),
    "cut": ("boolean", "Whether something was cut off."),
    "matches": ("[span]", "Where what was asked for stands in `excerpt`: first character, and the one after the last."),
    "witness": ("text", "Who speaks, by the name that may be shown."),
    "kind": ("text", "What kind of account it is, by the vocabulary `kind`."),
    "rendering": ("text", "`verbatim`, `translation`, `summary` …: whose words they are."),
    "language": ("text", "The language of the words that are shown, by BCP 47."),
    "version": ("text?", "The language of the version that is shown; null for the record's own words."),
    "translated": ("translated?", "Of a version: what it was translated from, and by whom."),
    "outdated": ("text?", "Says of a version that its words, or the record's, have changed since they were held together."),
    "languages": ("[text]", "The other languages in which the passage is to be had."),
    "camps": ("[text]", "The facilities that the passage is about, by id."),
    "period": ("[text]", "The time that it is about, by EDTF."),
    "role": ("[text]", "The witness's role there and then."),
    "zone": ("[text]", "The zone of the camp."),
    "basis": ("[text]", "How the witness knows: saw it, heard it …"),
    "status": ("[text]", "How what is said stands: asserted, corroborated, disputed …"),
    "reliability": ("graded?", "How reliable the source is."),
    "topics": ("[text]", "The topics that the passage is tagged with."),
    "sensitive": ("[text]", "What a reader is to be warned of."),
    "flags": ("[text]", "The flags of the caveats in force."),
    "cited_source": ("cited source", "The work that one goes to in evidence, as its own citation has it."),
    "found_by": (
        "text?",
        "By what: `words`, `claim`, `topic`, `work`, `cites` …; null where no words were asked for.",
    ),
    "updates": ("[text]", "With `--since`: `new`, `changed`, `contested`, `noted`: what has become of it since."),
    **_CAVEATS,
    "footnotes": ("[text]", "The footnotes called in the passage; they belong to its words."),
    "citation": ("text", "The citation of the passage, with its mark."),
    "sha256": ("text", "Hash of the passage as this reader sees it."),
    "access": ("text", "Who may read the record."),
}
_SEARCH: Final[_Shape] = {
    "schema": ("integer", "The number of this contract."),
    "query": ("text", "The words as they were typed."),
    "asked": ("object", "The filters, by the names of their options, each with its values."),
    "understood": ("text", "The query as it was taken; can be typed again."),
    "expanded": ("[expansion]", "What was looked for besides the words that were typed, and why."),
    "total": ("total", "How much was found."),
    "undated_left_out": ("integer", "Passages without a date that a filter by time left out."),
    "as_of": ("as of?", "With `--as-of`: the state of knowledge on that day."),
    "since": ("only since?", "With `--since`: from which day on something has become of what was found."),
    "as_indexed": ("text?", "With `--as-indexed`: when the records were read of which the answer is (UTC); else null."),
    "coverage": ("coverage", "How much of the collection was searched."),
    "did_you_mean": ("[text]", "Words of the collection near to one that finds nothing."),
    "in_different_passages": ("integer?", "Testimonies that hold all words, but not in one passage."),
    "under": ("[labelled]", "Words that were looked for under a broader topic."),
    "offered": ("[labelled]", "Topics that a word may stand for and that were not searched."),
    "not_required": ("[text]", "Words that were not asked of a passage, as `testimony` or `about`."),
    "spared": ("[text]", "Where no passage has all: parts of which one may be wanting in a passage, of six or more parts two."),
    "still_on": ("[still on]", "Words under NOT that mean a topic, and how many passages are on it all the same."),
    "relaxed": ("[relaxed]", "Where nothing is found: queries that ask for less."),
    "hits": ("[hit]", "The passages, best first."),
    "facets": ("facets", "With `--facets`: counts by facet."),
    "facets_without": ("facets without", "The facets that are counted as without an option: what another value would find."),
}
_RECORD: Final[_Shape] = {
    "code": ("text", "The permanent code."),
    "title": ("text", "The title."),
    "kind": ("text", "What kind of account it is."),
    "language": ("text", "The language of the text kept here."),
    "original_language": ("text?", "The language in which it was given."),
    "rendering": ("text", "Whose words they are."),
    **_of(_HIT, "version", "translated"),
    "versions": ("[text version]", "Its words in other languages."),
    "witness": ("witness", "Who speaks."),
    "camps": ("[camp entry]", "Where the witness was, when, as what."),
    "recorded": ("recorded", "When it was given, and to whom."),
    "source": ("source", "The work that it was taken from."),
    "consent": ("text", "What the witness agreed to."),
    "access": ("text", "Who may read it."),
    **_of(_HIT, "reliability", *_CAVEATS),
    "claims": ("[claim]", "What is claimed, paragraph by paragraph."),
    "topics": ("[text]", "The topics of the whole record."),
    "sensitive": ("[text]", "What a reader is to be warned of."),
    "relations": ("[relation]", "How it stands to other records."),
    "history": ("[change]", "What was changed in it, when and by whom."),
    "paragraphs": ("integer", "How many paragraphs it has."),
    "sha256": ("text", "Hash of the file, or of the public rendering where words are withheld."),
    "sha256_of": ("text", "`file` or `public rendering`: what was hashed."),
}
_LOCATED: Final[_Shape] = {
    "document": ("text?", "The file; null where the citation was given on the command line."),
    "lines": ("[integer]", "The lines of the file in which it stands; none in a file of a word processor or a PDF."),
    "where": ("[place]", "Where it stands in a file of a word processor or a PDF."),
}
_FACILITY: Final[_Shape] = {
    "id": ("text", "The id."),
    "type": ("text", "What kind of facility it is."),
    "number": ("integer?", "The number of the camp."),
    "label": ("object", "Its name, by language."),
}

_SHAPES: Final[Mapping[str, _Shape]] = {
    "coverage": _COVERAGE,
    "as of": {
        "day": ("text", "The day of `--as-of`."),
        "left_out_without_day": ("integer", "Passages of records that have no day on which they were given."),
    },
    "only since": {
        "day": ("text", "The day of `--since`."),
        "left_out_without_history": ("integer", "Passages of records that do not say when they came in."),
    },
    "backup": {
        "kind": ("text", "`git`, `bag` or `sealed-copy`."),
        "of": ("text", "Of git the other repositories, of a bag its clearance."),
        "day": ("text", "When; of git the day of the newest commit that lies there, as far as is known here."),
        "is_current": ("boolean", "Whether no file has changed since, and, of git, whether all commits lie there."),
    },
    "command log": {
        "lines": ("integer", "How many lines it has."),
        "last": ("text", "The hash of the last one."),
        "broken": ("integer", "The first line that does not follow from the one before it, from 1; 0 where every one does."),
    },
    "logged total": {"changes": ("integer", "Changes."), "testimonies": ("integer", "Records with any of them.")},
    "logged change": {
        "date": ("text?", "Its day: that of the history, else that of the commit."),
        "code": ("text", "The record."),
        "by": ("text?", "Who, as the history names them; null where no line of it tells of the change."),
        "change": ("text?", "What, in the words of the history."),
        "paragraphs": ("[integer]", "By git: the paragraphs that got other words."),
        "notes": ("[text]", "By git: notes that came, went or were changed, by id."),
        "claims": ("[text]", "By git: claims, likewise."),
        "fields": ("[text]", "By git: what else differs in the header."),
    },
    "expansion": {
        "word": ("text", "The word that was typed."),
        "to": ("[text]", "What else was looked for."),
        "why": ("text", "By which rule."),
    },
    "labelled": _LABELLED,
    "still on": {**_LABELLED, "passages": ("integer", "Passages of the answer that are on the topic.")},
    "relaxed": {
        "kind": ("text", "Which condition is given up, as `word` or `filter`."),
        "left_out": ("text?", "What is left out of the query."),
        "term": ("text?", "The broader or related term, `list:term`."),
        "label": ("text?", "Its English label."),
        "passages": ("integer", "Passages that the query with less finds."),
        "testimonies": ("integer", "In how many testimonies."),
        "command": ("text?", "The command that asks it; null where it finds nothing."),
    },
    "facet": {
        "value": ("text", "The value, as a filter takes it."),
        "label": ("text", "Its English label."),
        "passages": ("integer", "Passages that carry it."),
        "testimonies": ("integer", "Testimonies that carry it."),
    },
    "total": {
        "passages": ("integer", "All passages that were found, not only those printed."),
        "testimonies": ("integer", "In how many testimonies."),
        "words": ("integer?", "Of these, found by words of the passage or of the title; null where no words were asked for."),
        "claims": ("integer?", "Found by the words of a claim on the passage."),
        "topics": ("integer?", "Found by a topic that the passage is tagged with."),
        "of_works": ("integer?", "Found because they are the text of a work that the words name, and by nothing else."),
        "citing": ("integer?", "Found because they cite a work that the words name, and by nothing else."),
    },
    "graded": {
        "grade": ("text", "How reliable the source is, by the vocabulary `reliability`."),
        "basis": ("text", "Why."),
    },
    "caveat": _CAVEAT,
    "later caveat": {
        **_CAVEAT,
        "since": ("text?", "Could be known only from this day on, with `--as-of` before it."),
    },
    "hit": _HIT,
    "witness": {
        "name": ("text", "The name that may be shown."),
        "name_kind": ("text", "Whether it is the real name, a pseudonym …"),
        "connection": ("text", "Victim, guard, relative, expert …"),
        "born": ("text?", "When the witness was born."),
        "nationality": ("text?", "Of which state."),
        "other_names": ("[other name]", "Further names that may be shown."),
    },
    "translated": {
        "from": ("text", "The language of the words that it was made of."),
        "by": ("text", "Who translated it."),
    },
    "text version": {
        "language": ("text", "Its language, by BCP 47."),
        "rendering": ("text", "Whose words they are."),
        "translated": ("translated?", "What it was translated from, and by whom."),
        "sha256": ("text", "Hash of its file, or of the public rendering where words are withheld."),
    },
    "other name": {"text": ("text", "The name."), "language": ("text", "Its language.")},
    "camp entry": {
        "camp": ("text?", "The facility, by id; null where it is not known which."),
        "zone": ("text", "The zone of the camp."),
        "period": ("text", "The time, by EDTF."),
        "role": ("text", "The witness's role."),
        "basis": ("text", "How it is known."),
        "status": ("text", "How it stands."),
    },
    "recorded": {"date": ("text", "The day, by EDTF."), "by": ("text?", "Who recorded it.")},
    "source": {
        "ref": ("text?", "The id of the work in `sources.yaml`."),
        "root": ("text?", "The interview or text that the account goes back to."),
        "seen": ("text?", "How much of it was read, by the vocabulary `seen`."),
        "seen_on": ("text?", "The day on which it, or `through`, was seen last."),
        "through": ("text?", "The work that it was read through."),
        "csl": ("object", "The work as a CSL-JSON item."),
    },
    "claim": {
        "id": ("text", "The id of the claim."),
        "text": ("text", "What is claimed."),
        "paragraphs": ("[integer]", "Where."),
        "camps": ("[text]?", "Of which facilities; null: those of the record."),
        "period": ("text?", "Of which time."),
        "status": ("text", "How it stands."),
        "basis": ("text?", "How the witness knows."),
        "cites": ("[text]", "Sources that bear on it."),
        "cited": ("[citation of a work]", "The same by id."),
    },
    "relation": {
        "type": ("text", "`relies-on`, `revises`, `same-person` …"),
        "code": ("text", "The other record."),
        "paragraphs": ("[integer]", "The paragraphs here; none: the record."),
        "of": ("[integer]", "The paragraphs there; none: the record."),
    },
    "change": {
        "date": ("text", "The day."),
        "by": ("text", "Who changed it."),
        "change": ("text", "What."),
    },
    "row": {
        **{name: each for name, each in _HIT.items() if name not in {"score", "matches"}},
        "claim": ("text?", "The id of the claim; null where the passage as a whole is set there."),
        "claim_text": ("text?", "What it claims."),
        "root": ("text?", "The interview or text that the account goes back to; null where it is not known."),
        "voice": ("[text]", "The records that count as one voice with this one."),
        "relies_on": ("[text]", "The passages that it relies on."),
        "counted": ("boolean", "Whether it is counted as a voice."),
        "not_counted": ("[text]", "Why not."),
    },
    "tally": {
        "topic": ("text?", "The topic."),
        "label": ("text", "Its English label."),
        "roots": ("integer", "Independent roots that speak of it."),
        "unknown_roots": ("integer", "Voices whose root is not known."),
        "mentions": ("integer", "Passages."),
        "taken_back": ("integer", "Voices that told it once and took it back or told it differently later."),
        "not_counted": ("counts", "Passages that are shown and not counted, by reason."),
        "status": ("counts", "Passages by status."),
        "speakers": ("[speaker]", "Each voice with its passages."),
        "same_channel": ("[channel]", "What voices share that are counted apart."),
        "says": ("text", "The count as a sentence."),
    },
    "speaker": {
        "roots": ("[text]", "The roots of the voice."),
        "codes": ("[text]", "Its records."),
        "passages": ("[text]", "Its passages."),
    },
    "channel": {"through": ("[way]", "What is shared."), "codes": ("[text]", "By which records.")},
    "way": {"kind": ("text", "`work`, `publisher`, `recorded by` …"), "name": ("text", "Which.")},
    "stated": {
        "code": ("text", "The record whose note says so."),
        "note": ("later caveat", "The note."),
        "passages": ("[text]", "The passages that it is about."),
        "one_voice": ("text?", "Says so where both sides go back to one root, so that neither bears the other out."),
        "sides": ("[side]", "The passages on the other side."),
    },
    "side": {
        "code": ("text", "The other record."),
        "root": ("text?", "What it goes back to."),
        "passages": ("[hit]", "Its passages."),
        "citation": ("text", "The citation of the record."),
    },
    "compared conflict": {
        "id": ("text", "The id of the contradiction."),
        "subject": ("text", "What it is about."),
        "verdict": ("text", "How it is settled, or `open`."),
        "facilities": ("[text]", "The facilities concerned."),
        "sides": ("[conflict side]", "What each side says."),
        "kept_as": ("text?", "What the archive keeps."),
    },
    "conflict side": {
        "says": ("text", "What it says."),
        "date": ("text?", "Of when."),
        "rejected": ("text?", "Why it is rejected."),
        "sources": ("[text]", "Its sources."),
    },
    "cell": {
        "camp": ("text?", "The facility."),
        "decade": ("text?", "The decade."),
        "vantage": ("text?", "From where the witness saw it."),
        "state": ("text", "Whether the collection has accounts of it, and whether they speak of what was asked."),
        "accounts": ("integer", "Testimonies of that place and time."),
        "first_hand": ("integer", "Of these, by somebody who was there."),
        "speak": ("integer", "Of these, that speak of what was asked."),
        "counted": ("integer", "Of these, counted as voices."),
    },
    "compared total": {
        "rows": ("integer", "Rows."),
        "passages": ("integer", "Passages."),
        "testimonies": ("integer", "Testimonies."),
        "roots": ("integer", "Independent roots."),
        "unknown_roots": ("integer", "Voices whose root is not known."),
    },
    "cited": {
        "reference": ("text", "Code and paragraph."),
        "citation": ("text", "The citation in the house style, with its mark."),
        "sha256": ("text", "The hash in the mark."),
        "date": ("text", "The day in the mark: of the last change of the record or a note."),
        "notes": ("[text]", "The notes in the mark."),
        **_CAVEATS,
        "language": ("text", "The language of the words that are cited."),
        "version": ("text?", "The language of the version that is cited; null for the record's own words."),
        "styled": ("styled?", "With `--style`: the citation in that style."),
        "cited_source": ("cited source", "The work that one goes to in evidence."),
        "source_citation": (
            "text?",
            "The citation of that work, with the same caveats and mark; null where it was not asked for.",
        ),
        "source_styled": ("styled?", "With `--style`: the same in that style."),
    },
    "cited source": {
        "ref": ("text?", "The id of the work in `sources.yaml`."),
        "author": ("text?", "Who wrote it."),
        "title": ("text", "Its title."),
        "container": ("text?", "In what it appeared."),
        "publisher": ("text?", "Who published it."),
        "issued": ("text?", "When, as `2015-01`."),
        "locator": ("text?", "The places in it, by the claims on the passage."),
        "through": ("text?", "The work that it is reported in, with the places in that."),
        "seen": ("text?", "How much of it was read, by the vocabulary `seen`."),
        "url": ("text?", "The address of the work that was read; only `http` and `https`."),
        "accessed": ("text?", "The day on which it was seen last."),
        "also": ("[text]", "Further works that the claims rest on."),
    },
    "styled": {
        "style": ("text", "The style."),
        "note": ("text?", "As a footnote."),
        "in_text": ("text?", "As it stands in the text."),
        "entry": ("text?", "As an entry of a bibliography."),
    },
    "listed": {
        "code": ("text", "The code."),
        "title": ("text", "The title."),
        "witness": ("text", "Who speaks."),
        "connection": ("text", "Victim, guard, relative, expert …"),
        "role": ("[text]", "The roles in the passages found."),
        "camps": ("[text]", "Their facilities."),
        "period": ("[text]", "Their times."),
        "recorded": ("text", "When it was given."),
        "kind": ("text", "What kind of account it is."),
        "rendering": ("text", "Whose words they are."),
        "language": ("text", "The language."),
        "reliability": ("text?", "The grade of the source."),
        "paragraphs": ("integer", "Paragraphs found."),
        "flags": ("[text]", "The flags in force in them."),
        "flags_since": ("[text]", "With `--as-of`: those that could be known only later."),
        "notes": ("integer", "How many notes are in force in them."),
        "access": ("text", "Who may read it."),
    },
    "basket passage": {
        "number": ("integer", "Its number in the list."),
        "reference": ("text", "Code and paragraph when it was put in."),
        "day": ("text", "The day on which it was put in."),
        "sha256": ("text", "The hash of its words then."),
        "usable": ("boolean", "Whether the same words still stand in the record; else it is not used."),
        "reason": ("text?", "Why not."),
        "now": ("text?", "Code and paragraph of the same words today."),
        "witness": ("text?", "Who speaks."),
        "flags": ("[text]", "The flags of the caveats in force."),
        "citation": ("text?", "The citation, with every caveat in force."),
    },
    "saved search": {
        "name": ("text", "Its name."),
        "arguments": ("[text]", "Its words and filters, as they were typed."),
        "saved": ("text", "The day on which it was saved."),
        "looked": ("text", "The day on which its answer was last looked at."),
        "reason": ("text?", "Why it cannot be asked any more."),
        "passages": ("integer?", "How many passages it finds; null where it cannot be asked."),
        "new": ("[text]", "Passages that it found for the first time since then, by code and paragraph."),
        "changed": ("[text]", "Passages with other words than then."),
        "contested": ("[text]", "Passages with a new caveat that warns."),
        "noted": ("[text]", "Passages with a new note that speaks for them."),
        "gone": ("[text]", "Passages that it found then and finds no more."),
    },
    "topic": {
        "id": ("text", "The id of the topic, as `--topic` takes it."),
        "label": ("object", "Its label by language."),
        "definition": ("text", "What it is."),
        "how": (
            "text?",
            "What the word is to it: `means`, `under` (something narrower, which never widens) or `part` of a label.",
        ),
        "also": ("object", "Words that mean the same and widen a search, by language."),
        "under": ("object", "Words for something narrower, which never widen, by language."),
        "only_with": ("[text]", "Words that stand for it only beside another word."),
        "broader": ("[text]", "The ids of its broader topics."),
        "narrower": ("[text]", "The ids of its narrower topics."),
        "related": ("[text]", "The ids of topics that it names as related, or that name it."),
        "codes": ("[object]", "Its codes in the lists of others."),
        "passages": ("integer", "Passages that `--topic` finds, narrower topics counted with it."),
        "testimonies": ("integer", "In how many testimonies."),
        "claimed": ("integer?", "Of these passages, those that a claim of the archive puts there; null in the list of all."),
    },
    "work": {
        "id": ("text", "The id of the work, as records and notes cite it."),
        "citation": ("text", "The work as it is cited."),
        "csl": ("object", "The work in CSL JSON; empty where nothing is known of it but the id."),
        "address": ("text?", "Where it can be read."),
        "seen": ("text?", "How much of it the archive has seen, by the vocabulary `seen`."),
        "seen_on": ("text?", "When."),
        "seen_note": ("text?", "What is to be said of that."),
        "reliability": ("text?", "How reliable it is as a source, A to F."),
        "basis": ("text?", "Why it is graded so."),
        "note": ("text?", "Remarks."),
        "records": ("[text]", "The codes of the records that are of it."),
    },
    "terms": {
        "list": ("text", "The name of the list."),
        "terms": ("[term]", "Its terms, in their order."),
    },
    "term": {
        "id": ("text", "The id of the term, as records write it."),
        "label": ("object", "Its label by language."),
        "definition": ("text", "What it means."),
        "statement": ("text?", "Of a flag: what a caveat says where nothing else is written."),
        "passages": ("integer?", "Passages that carry it; null where no facet counts the list."),
        "testimonies": ("integer?", "In how many testimonies."),
    },
    "method section": {"heading": ("text", "What it is on."), "text": ("text", "How the archive does it.")},
    "version": {
        "code": ("text", "The code of this version."),
        "title": ("text", "Its title."),
        "recorded": ("recorded", "When it was given, and to whom."),
        "rendering": ("text", "Whose words they are."),
        "source": ("text", "What it was taken from."),
        "revises": ("[text]", "The versions that it revises."),
        "revised_by": ("[text]", "The versions that revise it."),
        "same_person": ("[text]", "Further accounts of the same person."),
        "history": ("[change]", "What was changed in the record."),
        "paragraphs": ("integer", "How many paragraphs it has."),
        "sha256": ("text", "Its hash, as of a record."),
        "caveats": ("[caveat]", "Every credibility note in force anywhere in it."),
        "of_change": ("[text]", "Which of them tell of a change between the versions."),
        "citation": ("text", "The citation of the record."),
    },
    "person": {
        "witness": ("text", "Who speaks."),
        "other_names": ("[text]", "Further names that may be shown."),
        "name_kind": ("text", "Whether the name is real, a pseudonym …"),
        "connection": ("text", "Victim, guard, relative, expert …"),
        "versions": ("[version]", "The person's records, the earlier first."),
        "changed": ("[person's claim]", "What was told differently later, or taken back."),
        "maintained": ("[person's claim]", "What was maintained when it was asked again."),
        "further_claims": ("integer", "Claims that are neither."),
        "others": ("[other]", "Records of others that bear on this person's."),
    },
    "person's claim": {
        "code": ("text", "The record."),
        "id": ("text", "The id of the claim."),
        "paragraphs": ("[integer]", "Where."),
        "text": ("text", "What is claimed."),
        "status": ("text", "How it stands."),
        "caveats": ("[caveat]", "Every credibility note in force there."),
        "citations": ("[text]", "The citation of each passage."),
    },
    "other": {
        "code": ("text", "The other record."),
        "witness": ("text", "Who speaks there."),
        "relations": ("[text]", "How it stands to this person's records."),
        "notes": ("[other's note]", "Notes that set the two beside each other."),
    },
    "other's note": {"record": ("text", "The record of the note."), **_CAVEAT},
    "listed facility": {
        **_FACILITY,
        "passages": ("integer", "Passages that are about it."),
        "testimonies": ("integer", "In how many testimonies."),
    },
    "facility": {
        **_FACILITY,
        "names": ("[facility name]", "All its names and spellings."),
        "place_names": ("[facility name]", "Names of the place."),
        "statements": ("[statement]", "What sources say of it, beside each other."),
        "coordinates": ("[point]", "Where it lies, by source. Never places of burial or execution."),
        "identifiers": ("object", "Its ids in other registers."),
        "not_to_be_confused_with": ("[text]", "Facilities with a like name."),
        "conflicts": ("[text]", "Contradictions about it."),
        "part_of": ("text", "The facility that it is part of."),
    },
    "facility name": {
        "text": ("text", "The name."),
        "language": ("text", "Its language."),
        "system": ("text", "The romanisation."),
        "note": ("text", "A remark on it."),
    },
    "statement": {
        "about": ("text", "What it is about, as `location` or `prisoners`."),
        "text": ("text", "What is said."),
        "date": ("text", "Of when."),
        "value": ("text", "A figure."),
        "minimum": ("text", "The least, of a range."),
        "maximum": ("text", "The most, of a range."),
        "approximate": ("text", "Whether the figure is rounded."),
        "measure": ("text", "Of what."),
        "estimator": ("text", "Whose estimate it is."),
        "operator": ("text", "Who ran the facility."),
        "zone": ("text", "Of which zone."),
        "province": ("text", "In which province."),
        "county": ("text", "In which county."),
        "cites": ("[citation of a work]", "Its sources by id."),
        "sources": ("[text]", "Its sources by name, each with the place in it."),
        "conflicts": ("[text]", "Contradictions that it is part of."),
        "rejected": ("text?", "Why it is rejected."),
    },
    "picture item": {
        "number": ("integer?", "By which it stands in the drawing and the table."),
        "what": (
            "text",
            "opened, closed, status, account, position, place, cell, record or estimate: what the item is.",
        ),
        "camp": ("text?", "The facility, by id."),
        "code": ("text?", "The record."),
        "date": ("text?", "When, as it was entered (EDTF)."),
        "first": ("text?", "The first day that it may mean; null where it has no beginning."),
        "last": ("text?", "The last day that it may mean; null where it has no end."),
        "text": ("text?", "What is stated."),
        "latitude": ("text?", "Degrees north."),
        "longitude": ("text?", "Degrees east."),
        "decade": ("text?", "Of a cell, as `1990s`, or `undated`."),
        "vantage": ("text?", "From where it is told, as `victim`."),
        "accounts": ("[text]?", "The records that a cell counts."),
        "roots": ("integer?", "Independent roots of them."),
        "passages": ("integer?", "Passages of them."),
        "state": ("text?", "Of a cell: first-hand, second-hand, nobody or nothing; of an account: how its claim stands."),
        "value": ("integer?", "A figure."),
        "minimum": ("integer?", "The least, of a range."),
        "maximum": ("integer?", "The most, of a range."),
        "measure": ("text?", "Of what."),
        "estimator": ("text?", "Whose estimate it is."),
        "root": ("text?", "The root of a record; null where none is known."),
        "relations": ("[picture relation]?", "What a record revises or relies on."),
        "conflicts": ("[text]?", "Contradictions that it is part of."),
        "flags": ("[text]?", "The flags in force there."),
        "sources": ("[text]?", "Its sources by name."),
        "rejected": ("text?", "Why it is rejected."),
        "drawn": ("boolean", "Whether it is in the drawing; else it is in the table alone."),
    },
    "picture relation": {
        "type": ("text", "revises, relies-on or same-event."),
        "code": ("text", "The other record."),
        "paragraphs": ("[integer]", "The paragraphs of this record; none: all."),
        "their_paragraphs": ("[integer]", "Those of the other."),
    },
    "picture table": {
        "caption": ("text", "What the table shows."),
        "columns": ("[text]", "The headings of its columns."),
        "rows": ("[cells]", "Its rows, a list of cells each; the first cell is the heading of the row."),
    },
    "picture caveat": {
        "of": ("text", "The record or the contradiction."),
        "label": ("text", "Its name."),
        "statement": ("text", "What it states; empty where it is named alone."),
        "ends": ("text", "Whose and whence it is."),
    },
    "citation of a work": {
        "ref": ("text", "The id of the work."),
        "locator": ("text", "The place in it."),
        "seen": ("text", "The day on which that place was seen, as 2026-11-29."),
    },
    "point": {
        "latitude": ("text", "Degrees north."),
        "longitude": ("text", "Degrees east."),
        "cites": ("[citation of a work]", "Its sources."),
    },
    "conflict": {
        "id": ("text", "The id."),
        "subject": ("text", "What it is about."),
        "kind": ("text", "Of what kind it is."),
        "facilities": ("[text]", "The facilities concerned."),
        "records": ("[text]", "The records concerned."),
        "others": ("[text]", "Further names concerned."),
        "verdict": ("text", "How it is settled, or `open`."),
        "severity": ("text", "How much depends on it."),
        "claims": ("[conflict claim]", "What each side says."),
        "note": ("text", "What the archive keeps, and why."),
    },
    "conflict claim": {
        "says": ("text", "What it says."),
        "date": ("text", "Of when."),
        "cites": ("[citation of a work]", "Its sources by id."),
        "sources": ("[text]", "Its sources by name, each with the place in it."),
        "rejected": ("text?", "Why it is rejected."),
    },
    "speaking": {
        "code": ("text", "The record."),
        "title": ("text", "Its title."),
        "paragraph": ("integer", "The passage that speaks of the facility."),
        "status": ("[text]", "How it stands."),
        "flags": ("[text]", "The flags in force there."),
        **_CAVEATS,
    },
    "verified total": {
        "citations": ("integer", "Citations that were found."),
        "hold": ("integer", "Of these, that may be relied on as they stand."),
        "unhashed": ("integer", "Mentions of records without a hash, which cannot be checked."),
    },
    "unhashed": {
        **_LOCATED,
        "reference": ("text", "What is mentioned, as it stands there."),
        "reason": ("text?", "Why no citation can be given; null where one is."),
        "caveats": ("[caveat]", "Every credibility note in force there today."),
        "citation": ("text?", "The citation of today, with all its caveats."),
    },
    "place": {
        "in": (
            "text",
            "paragraph, heading, table row, footnote, endnote, note, comment, row of a sheet, text box, header or footer.",
        ),
        "number": (
            "integer",
            "Of the note, comment, box or head in its kind; else of the paragraph among those that have words.",
        ),
        "page": ("integer?", "Of a PDF, counted from 1 in the file."),
        "label": ("text?", "What a PDF calls that page, as iii, or the number that is printed on it; the name of a sheet."),
    },
    "unread": {
        "document": ("text", "The document."),
        "what": ("text", "What of it could not be read."),
    },
    "not compared": {
        "document": ("text", "The document."),
        "contradictions": ("[text]", "The ids of contradictions that it tells otherwise than the archive has them now."),
        "parts": ("[text]", "What has a heading of ours and no mark below it: agreement, contradictions, coverage, works."),
    },
    "part": {
        "document": ("text", "The document."),
        "part": ("text", "Which: agreement, contradictions, coverage, works, or a sheet of a workbook."),
        "outcome": (
            "text",
            (
                "unchanged; altered (not as marked); otherwise in the archive now; not compared with the archive; mark missing; "
                "otherwise than the page of today; a page that is not compared."
            ),
        ),
        "written": ("text?", "The first words that differ, as far as that is known."),
        "right": ("text?", "What stands there in the archive."),
        "day": ("text?", "The day of the newest citation of the document, where the archive has it otherwise now."),
    },
    "verdict": {
        **_LOCATED,
        "reference": ("text", "The code and paragraphs that it names."),
        "language": ("text?", "The language of a version that it names; null for the record's own words."),
        "sha256": ("text", "The hash that it carries; empty where it has none."),
        "clearance": ("text", "For which readers it was made."),
        "outcome": ("text", "One of the outcomes counted above."),
        "holds": ("boolean", "Whether it may be relied on as it stands."),
        "reason": ("text?", "Why it is malformed, or why nothing can be told."),
        "places": ("[text]", "Where the same words stand today."),
        "quotations": ("[quotation]", "Words quoted beside it, and whether they stand in the passage."),
        "differences": ("differences?", "Old and new words, where the old ones are known."),
        "notes_listed": ("[text]?", "The notes that the mark lists; null in a mark of version 0.1."),
        "caveats": ("[caveat]", "Every credibility note in force there today."),
        "caveats_added": ("[text]", "Of these, in force now and not in the mark."),
        "caveats_changed": ("[text]", "Of these, saying something else than when it was cited."),
        "caveats_not_hashed": ("[text]", "Of these, in a mark that cannot tell whether they say the same."),
        "altered": ("[alteration]", "What the document gives otherwise than the record."),
        "words_compared": ("boolean", "Whether words of an excerpt stood beside it and were compared."),
        "remark": ("text?", "Says so where it stands among words of which none could be compared."),
        "fields_compared": ("[text]", "What else was compared, as the witness's name."),
        "caveats_untold": ("[untold]", "Notes of which it cannot be told at present whether they stand."),
        "caveats_gone": ("[gone]", "Notes in the mark that are not in force any more."),
        "citation": ("text?", "How to cite it today; null where it cannot be cited."),
    },
    "quotation": {
        "text": ("text", "The words quoted."),
        "stands": ("boolean", "Whether they stand in the passage."),
    },
    "differences": {
        "source": ("text", "From where the old words are known."),
        "whole": ("boolean", "Whether the old passage is known as a whole."),
        "words": ("text", "The old words."),
        "now": ("text?", "The words of today; null where there are none."),
        "parts": ("[difference]", "What changed."),
    },
    "difference": {"old": ("text", "Words that went."), "new": ("text", "Words that came.")},
    "alteration": {
        "caveat": ("text?", "The note concerned; null where it is the excerpt."),
        "wrong": ("text", "What the document gives otherwise."),
    },
    "untold": {"id": ("text", "The note."), "unread": ("text", "The record whose file cannot be read at present.")},
    "gone": {"id": ("text", "The note."), "replaced_by": ("[text]", "What took its place.")},
    "left_out": {
        "what": ("text", 'What it is, as "tracked deletions".'),
        "number": ("integer", "How many of it."),
        "letters": ("integer", "How many letters and digits."),
    },
    "imported": {
        "status": (
            "text",
            "`would write`, `wrote`, `would merge`, `merged`, `unchanged`, `changed`, `alike`, `proposed` or `refused`.",
        ),
        "file": ("text", "The file, as it was named."),
        "at": ("text", "The place in a file of several texts, else empty."),
        "kind": ("text", "The kind of file; empty where it was not read."),
        "code": ("text", "Of the record that is or would be written, or that is there."),
        "path": ("text", "The file of that record."),
        "language": ("text", "Of the record."),
        "paragraphs": ("integer", "Paragraphs of the text."),
        "headings": ("integer", "Headings."),
        "notes": ("integer", "Footnotes and endnotes."),
        "languages": ("[text]", "Of versions in other languages that come along."),
        "speakers": ("integer", "Speakers who are named."),
        "places": ("integer", "Different pages or times at which paragraphs begin."),
        "letters": ("integer", "Letters and digits of the source, by a plain count."),
        "taken": ("integer", "Of these, in the record."),
        "left_out": ("[left_out]", "What of the source is not in the record."),
        "why": ("text", "Why nothing is written, else empty."),
        "said": ("[text]", "What else is to be known."),
        "differences": ("[text]", "Paragraphs that only one of two texts has, with `-` and `+` before them."),
        "merged": ("[integer]", "Paragraphs of the record that are taken anew from the source."),
        "proposals": (
            "[proposed note]",
            "Notes that its comments give, with `--notes comments`, or annotations; each has still to be confirmed.",
        ),
        "level": ("text", "Of a record that is restored, who may read it: `public`, `restricted` or `closed`; else empty."),
    },
    "proposed note": {
        "number": ("integer", "Its place among them."),
        "statement": ("text", "What the comment says."),
        "code": ("text", "The record."),
        "paragraphs": ("[integer]", "The paragraphs that it is on; none: the record as a whole."),
        "note": ("text", "The id of the note in a closed record; empty where none is written."),
        "command": ("text", "Where none is written: the command that enters it."),
    },
    "exported part": {
        "asked": _SEARCH["asked"],
        "since": ("text?", "With `--since`: its day."),
        "in_words": ("text", "The same in words."),
        "matching": ("integer", "Records that answer the filters."),
        "along": ("[text]", "Records that go along, since a caveat of theirs is in force at one of these, or one names them."),
        "of": ("integer", "Records that readers of this clearance may have in all."),
        "undated_left_out": _SEARCH["undated_left_out"],
        "left_out_without_history": ("integer", "With `--since`: passages of records that do not say when they came in."),
    },
    "exported file": {
        "path": ("text", "The path in the collection; at public clearance named by the code alone."),
        "is_file": ("boolean", "Whether these are the bytes that lie in the collection; else they are a rendering."),
        "sha256": ("text", "The hash of these bytes."),
        "content": ("text", "The bytes, which are UTF-8."),
        "language": ("text?", "Of a version in another language; null for the record itself."),
    },
    "exported version": {
        "language": ("text", "Of the version."),
        "passages": ("[hit]", "Its passages."),
        "not_in_this_version": ("[integer]", "Paragraphs of the record that it does not have."),
        "footnotes": ("[text]", "Its footnotes."),
        "citation": ("text", "Its citation."),
    },
    "sealed file": {
        "path": ("text", "The path in the collection."),
        "is_file": ("boolean", "Always true."),
        "sha256": ("text", "The hash of the bytes."),
        "base64": ("text", "The bytes in base64."),
    },
    "finding": {
        "kind": ("text", "What kind of finding it is; permanent."),
        "path": ("text", "Where."),
        "what": ("text", "What is not as it should be."),
        "remedy": ("text", "What to do about it."),
    },
    "file": {"path": ("text", "The path in the collection."), "sha256": ("text", "Its hash.")},
    "spread": {
        "camp": ("text?", "The facility."),
        "decade": ("text?", "The decade."),
        "vantage": ("text?", "From where the witness saw it."),
        "testimonies": ("integer", "How many."),
    },
}

_OPTIONAL: Final = frozenset({"citation of a work", "facility name", "facility", "statement", "conflict", "conflict claim"})
"""Shapes that come from the authority files as they stand: a key that is not given there is not given here."""

_FIRST: Final[_Shape] = {"schema": _SEARCH["schema"]}
_LINE: Final[_Shape] = {**_FIRST, "type": ("text", "What the line is: `export`, `authority`, `record` or `sealed`.")}


class OutputDocument(NamedTuple):
    """One kind of document: the command that prints it, and its fields."""

    command: str
    fields: _Shape


DOCUMENTS: Final[Mapping[str, OutputDocument]] = {
    "search": OutputDocument("search --format json", _SEARCH),
    "facets": OutputDocument(
        "facets --format json",
        _of(
            _SEARCH,
            *("schema", "query", "asked", "understood", "expanded", "total", "undated_left_out", "as_of"),
            *("since", "coverage", "facets", "facets_without"),
        ),
    ),
    "list": OutputDocument(
        "list --format json",
        {
            **_FIRST,
            "total": ("listed total", "How many records."),
            **_of(_SEARCH, "asked", "undated_left_out", "as_of", "since", "coverage"),
            "records": ("[listed]", "The records. No words of a testimony are among them."),
        },
    ),
    "show": OutputDocument(
        "show --format json and excerpt --format json",
        {
            **_FIRST,
            "record": ("record", "The record's header as this reader may see it."),
            "passages": ("[hit]", "The passages that were asked for."),
            "not_in_this_version": ("[integer]", "Paragraphs that the version shown does not have."),
            "parallel": ("[hit]", "With `--parallel`: the same passages in the other language, those that it has."),
            "parallel_language": ("text?", "With `--parallel`: which language that is."),
            "footnotes": ("[text]", "All footnotes of the record."),
            "citation": ("text", "The citation of the record."),
        },
    ),
    "versions": OutputDocument(
        "show --versions --format json",
        {**_FIRST, "code": ("text", "The record asked for."), "versions": ("[version]", "All versions, the earlier first.")},
    ),
    "witness": OutputDocument(
        "witness --format json",
        {**_FIRST, "asked": ("text", "The name as it was typed."), "people": ("[person]", "Each person of that name.")},
    ),
    "camps": OutputDocument("camps --format json", {**_FIRST, "facilities": ("[listed facility]", "All facilities.")}),
    "camp": OutputDocument(
        "camps NAME --format json",
        {
            **_FIRST,
            "facility": ("facility", "What is known of it."),
            "parts": ("[text]", "Facilities that are part of it."),
            "conflicts": ("[conflict]", "Contradictions about it."),
            "testimonies": ("[speaking]", "Who speaks of it."),
        },
    ),
    "topics": OutputDocument(
        "topics --format json",
        {
            **_FIRST,
            "word": ("text?", "The word that was asked for; null where all topics were."),
            "coverage": _SEARCH["coverage"],
            "topics": ("[topic]", "The topics, in the order of the list."),
        },
    ),
    "basket": OutputDocument(
        "basket --format json",
        {**_FIRST, "basket": ("[basket passage]", "What is in it, the first put in first.")},
    ),
    "watch": OutputDocument(
        "watch --format json",
        {**_FIRST, "watched": ("[saved search]", "The saved searches, the first saved first.")},
    ),
    "conflicts": OutputDocument(
        "camps --conflicts --format json", {**_FIRST, "conflicts": ("[conflict]", "The contradictions.")}
    ),
    "picture": OutputDocument(
        "picture camp 14 --kind timeline --output - --format json",
        {
            **_FIRST,
            "kind": ("text", "timeline, map, coverage, relations or estimates."),
            "camp": ("text?", "The facility, by id; null for the whole collection."),
            "title": ("text", "What it is called."),
            "summary": ("text", "What is seen, in a sentence or two."),
            "items": ("[picture item]", "What is drawn or stands in the tables, with the values as they were entered."),
            "tables": ("[picture table]", "The same in words and figures."),
            "reading": ("[text]", "How to read the drawing."),
            "caveats": ("[picture caveat]", "The caveats in force at what is shown."),
            "sources": ("[text]", "The sources of what is shown."),
            "collection": ("text", "The name of the collection."),
        },
    ),
    "log": OutputDocument(
        "log --format json",
        {
            **_FIRST,
            "codes": ("[text]", "The records that were named; none: all."),
            "since": ("text?", "With `--since`: its day."),
            "by": ("text?", "With `--by`: who was asked for."),
            "with_git": ("boolean", "Whether what git keeps of the files was looked at, as for records that are named."),
            "total": ("logged total", "How much."),
            "coverage": _SEARCH["coverage"],
            "changes": ("[logged change]", "The changes, the last first."),
        },
    ),
    "stats": OutputDocument(
        "stats --format json",
        {
            **_FIRST,
            "testimonies": ("integer", "Records."),
            "passages": ("integer", "Passages."),
            "coverage": _SEARCH["coverage"],
            "kind": ("counts", "Records by kind."),
            "connection": ("counts", "Records by who speaks."),
            "rendering": ("counts", "Records by rendering."),
            "language": ("counts", "Records by language."),
            "spread": ("[spread]", "Who was where and when."),
        },
    ),
    "sources": OutputDocument(
        "web, at /en/sources.json and /en/s/WORK.json",
        {**_FIRST, "sources": ("[work]", "All works, or the one that was asked for.")},
    ),
    "terms": OutputDocument(
        "web, at /en/flags.json and /en/glossary.json",
        {
            **_FIRST,
            "coverage": _SEARCH["coverage"],
            "lists": ("[terms]", "The flags; or the other closed lists but for the topics."),
        },
    ),
    "method": OutputDocument(
        "web, at /en/method.json",
        {
            **_FIRST,
            "sections": ("[method section]", "How the archive weighs what it keeps."),
            "evidence": ("text", "What stands under each summary: what it is, and where to go to cite in evidence."),
        },
    ),
    "compare": OutputDocument(
        "compare --format json",
        {
            **_FIRST,
            **_of(_SEARCH, "asked", "as_of", "since"),
            "total": ("compared total", "How much is set beside each other."),
            **_of(_SEARCH, "expanded", "undated_left_out"),
            **_of(_COVERAGE, "searched", "of"),
            "rows": ("[row]", "What each account says."),
            "agreement": ("[tally]", "By topic: who speaks, by independent root."),
            "borne_out": ("[stated]", "Notes that say that something is borne out."),
            "contradictions": ("[stated]", "Notes that say that accounts contradict each other."),
            "conflicts": ("[compared conflict]", "Contradictions among sources about these facilities."),
            "other_conflicts": ("[text]", "Further ones, by id."),
            "coverage": ("[cell]", "For which places and times the collection has accounts at all."),
            "marks": (
                "object",
                "By the name of a part its sha-256: of the total and the agreement, the conflicts, the coverage.",
            ),
        },
    ),
    "cite": OutputDocument("cite --format json", {**_FIRST, "citations": ("[cited]", "One for each reference.")}),
    "verify": OutputDocument(
        "verify --format json",
        {
            **_FIRST,
            "total": ("verified total", "How many."),
            "outcomes": ("counts", "Citations by outcome."),
            "without_citations": ("[text]", "Documents in which no citation of this archive was found; then the exit code is 1."),
            "citations": ("[verdict]", "What has become of each."),
            "unhashed": ("[unhashed]", "Mentions of records that have no hash anywhere in their document."),
            "unread": ("[unread]", "What of a document of another program could not be read."),
            "not_compared": (
                "[not compared]",
                "Documents that tell something beside their excerpts that was not compared: it has no mark, or stands in a PDF.",
            ),
            "parts": ("[part]", "What has become of the tables and lists of documents beside their excerpts."),
        },
    ),
    "import": OutputDocument(
        "import --format json",
        {
            "schema": _FIRST["schema"],
            "written": ("boolean", "Whether records were written, or only shown."),
            "files": ("[imported]", "What is or was done with each text, in the order of the names of the files."),
        },
    ),
    "doctor": OutputDocument(
        "doctor --format json",
        {
            **_FIRST,
            "healthy": ("boolean", "Whether there is no finding."),
            "findings": ("[finding]", "What is not as it should be."),
            "records": ("integer", "Files of records."),
            "indexes": ("[text]", "Clearances that have an index."),
            "in_git": ("boolean", "Whether the collection is in git."),
            "backups": ("[backup]", "Where it lies besides, as far as is known here, the last first."),
            "audit": ("command log?", "With `--audit` before the command: the log of commands."),
        },
    ),
    "export": OutputDocument(
        "export --format jsonl, the first line",
        {
            **_LINE,
            "format": ("integer", "Of the export; raised when a reader of earlier ones would misunderstand it."),
            "archive": ("text", "The name of the collection."),
            "prefix": ("text", "How its codes begin."),
            "clearance": ("text", "For which readers."),
            "authorities": ("integer", "Lines of authority files."),
            "records": ("integer", "Lines of records."),
            "sealed": ("integer", "Lines of sealed records."),
            "notice": ("text", "What has to be known of it."),
            "part": ("exported part?", "With filters: which part of the collection it is; null of the whole."),
        },
    ),
    "export-authority": OutputDocument(
        "export --format jsonl, a line of an authority file",
        {
            **_LINE,
            **{name: meaning for name, meaning in _SHAPES["exported file"].items() if name != "language"},
            "is_own": ("boolean", "Whether the collection has it of its own; else it comes with the program."),
        },
    ),
    "export-record": OutputDocument(
        "export --format jsonl, a line of a record",
        {
            **_LINE,
            "code": ("text", "The record."),
            "is_file": ("boolean", "Whether all its files are those of the collection, so that it can be restored."),
            "header": ("text", "The header as it is written."),
            "body": ("text", "The body as it is written."),
            "record": ("record", "What the header says."),
            "passages": ("[hit]", "All its passages."),
            "footnotes": ("[text]", "Its footnotes."),
            "citation": ("text", "The citation of the record."),
            "versions": ("[exported version]", "Its words in other languages."),
            "files": ("[exported file]", "Its files, its own first."),
        },
    ),
    "export-sealed": OutputDocument(
        "export --format jsonl, a line of a sealed record",
        {**_LINE, "code": ("text", "The record."), "files": ("[sealed file]", "Its files, as they lie.")},
    ),
    "manifest": OutputDocument(
        "manifest --format json",
        {
            **_FIRST,
            "clearance": ("text", "For which readers."),
            "files": ("[file]", "Every file of the collection that they may have."),
        },
    ),
    "manifest-verify": OutputDocument(
        "manifest --verify --format json",
        {
            **_FIRST,
            "signed_by": ("text?", "Who signed it, by the list of signers; null without one."),
            "key": ("text", "The key that signed it."),
            "unchanged": ("[text]", "Of a bag, files as they were; else empty."),
            "changed": ("[text]", "Files with other bytes."),
            "missing": ("[text]", "Files that are gone."),
            "new": ("[text]", "Files that have come."),
        },
    ),
    "manifest-check": OutputDocument(
        "manifest --check --format json",
        {
            **_FIRST,
            "clearance": ("text", "For which readers."),
            "unchanged": ("[text]", "Files as they were."),
            "changed": ("[text]", "Files with other bytes."),
            "missing": ("[text]", "Files that are gone."),
            "new": ("[text]", "Files that have come."),
        },
    ),
    "publish": OutputDocument(
        "publish --format json",
        {
            **_FIRST,
            "folder": ("text", "Where the edition was written."),
            "files": ("number", "How many files it has, its manifest not counted."),
            "testimonies": ("number", "How many records are in it."),
            "base_url": ("text", "The address that it was made for."),
            "not_written": ("[text]", "What an edition lacks that was made for no address."),
            "unread": ("number", "Files that nobody could read, so that they are not in it."),
        },
    ),
    "publish-check": OutputDocument(
        "publish --check --format json",
        {
            **_FIRST,
            "place": ("text", "The folder or the address."),
            "base_url": ("text", "The address that the edition was made for."),
            "unchanged": ("number", "How many files are what would be published now."),
            "changed": ("[text]", "Files with other bytes."),
            "missing": ("[text]", "Files that are not there."),
            "extra": ("[text]", "Files that would not be published."),
            "unread": ("number", "Files of the collection that nobody could read."),
        },
    ),
}
"""Every kind of document, by its name."""


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of document; nothing that it does not name may stand in one.

    :param name: a key of `DOCUMENTS`.
    """
    document = DOCUMENTS[name]
    needed: dict[str, Any] = {}
    body = _object(document.fields, needed, optional=False)
    return {"$schema": DIALECT, "title": f"testimony {document.command}, schema {SCHEMA}", **body, "$defs": needed}


def shapes(name: str) -> dict[str, _Shape]:
    """Return the fields of a document, under "", and of all shapes in it, by their names, in the order in which they are met."""
    by_name: dict[str, _Shape] = {"": DOCUMENTS[name].fields}
    waiting = [DOCUMENTS[name].fields]
    while waiting:
        for kind, _ in waiting.pop(0).values():
            inner = kind.strip("[]?")
            if inner not in _PLAIN and inner not in by_name:
                by_name[inner] = shape(inner)
                waiting.append(by_name[inner])
    return by_name


def shape(name: str) -> _Shape:
    """Return the fields of a shape by its name."""
    return _MADE[name] if name in _MADE else _SHAPES[name]


def say_type(kind: str) -> str:
    """Return a type in words, as the reference prints it."""
    inner = kind.strip("[]?")
    said = _WORDS.get(inner, inner)
    said = f"list of {said}" if kind.startswith("[") else said
    return f"{said} or null" if kind.endswith("?") else said


def columns() -> dict[str, tuple[str, ...]]:
    """Return the columns of each table that is printed as CSV, by its command."""
    return {"search --format csv": csv.COLUMNS, "compare --format csv": comparison.ROW}


_MADE: Final[Mapping[str, _Shape]] = {
    "record": _RECORD,
    "facets": {name: ("[facet]", f"By {name}.") for name in FACETS},
    "facets without": dict.fromkeys(FACETS, ("text", "The option, as `--camp`.")),
    "listed total": {"testimonies": ("integer", "All that were found, not only those printed.")},
}
_OPTIONAL_TOO: Final = _OPTIONAL | {"facets", "facets without"}


def _object(fields: _Shape, needed: dict[str, Any], *, optional: bool) -> dict[str, Any]:
    properties = {name: {**_type(kind, needed), "description": meaning} for name, (kind, meaning) in fields.items()}
    required = [] if optional else list(properties)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _type(kind: str, needed: dict[str, Any]) -> dict[str, Any]:
    inner = kind.strip("[]?")
    if inner in _PLAIN:
        kind_schema = dict(_PLAIN[inner])
    else:
        key = inner.replace(" ", "-").replace("'", "")
        if key not in needed:
            needed[key] = {}
            needed[key] = _object(shape(inner), needed, optional=inner in _OPTIONAL_TOO)
        kind_schema = {"$ref": f"#/$defs/{key}"}
    if kind.startswith("["):
        kind_schema = {"type": "array", "items": kind_schema}
    return {"anyOf": [kind_schema, {"type": "null"}]} if kind.endswith("?") else kind_schema
