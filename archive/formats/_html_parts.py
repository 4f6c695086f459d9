"""What every page of ours has of a record and its passages: facts, words, caveats and citation."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import Final

from archive.authority.authorities import Authorities
from archive.citing import citation, source
from archive.citing.excerpt import RenderedHit
from archive.formats._body import BodyPart, parts_of
from archive.formats._descriptions import Fact, caveats, name_again
from archive.formats._html_sink import NOTHING, Markup, anchor, element, join, words
from archive.formats._notes_in_full import NotesInFull
from archive.language.messages import ENGLISH, current_language, mark, tr, translate
from archive.record.testimony import Note, Testimony
from archive.text import join_list

STYLE: Final = """\
.warning { border: 3px double var(--warn); padding: .5rem .75rem; }
dl.facts { display: grid; gap: .15rem .9rem; grid-template-columns: minmax(7rem, max-content) 1fr; }
dl.facts dt { font-weight: bold; }
dl.facts dd { margin: 0; }
.caveat dl { margin: 0; }
.caveat dt { font-weight: bold; margin-top: .35rem; }
.caveat dd { margin: 0 0 .35rem 0; }
.words { font-size: 1.08em; }
.part, .items, .item, .numbered, .quoted { display: block; margin-block: .3rem; }
.item { display: list-item; list-style: disc; margin-inline-start: 1.4rem; }
.numbered { margin-inline-start: 1.4rem; }
.quoted { border-inline-start: 2px solid var(--line); margin-inline-start: .5rem; padding-inline-start: .75rem; }
.citation cite { font-style: normal; }
@media (max-width: 34rem) { dl.facts { display: block; } dl.facts dd { margin: 0 0 .4rem; } }
@media print {
  dl.facts { display: block; }
  dl.facts dt { float: inline-start; margin-inline-end: .4rem; }
  dl.facts dt::after { content: ":"; }
  .caveat, blockquote, .warning { background: none; }
}
"""


_HANGUL: Final = re.compile(r"[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_ITEMS: Final = frozenset({"item", "numbered"})
_ROLES: Final = {
    "": {"class_": "part"},
    "item": {"class_": "item", "role": "listitem"},
    "numbered": {"class_": "numbered", "role": "listitem"},
    "quoted": {"class_": "quoted", "role": "blockquote"},
}
CITE: Final = mark("Cite: {citation}")
CITE_THE_RECORD: Final = mark("Cite the record: {citation}")


def mark_english(text: str) -> Markup:
    """Write words of which some are English in every language, as titles, works and statements; a page in Korean marks those."""
    return words(text) if current_language() == ENGLISH else _english_marked(text)


@lru_cache(maxsize=4096)
def _english_marked(text: str) -> Markup:
    """Write words with those marked that are English; a page and its neighbours have most of them in common."""
    runs = [[""]]
    is_foreign = False
    for word in re.split(r"(?<=\s)(?=\S)", text):
        if is_foreign != (not _HANGUL.search(word) and bool(is_foreign or _LATIN.search(word))):
            is_foreign = not is_foreign
            runs.append([])
        runs[-1].append(word)
    pieces = [words("".join(run)) for run in runs]
    return join(*(element("span", piece, lang=ENGLISH) if at % 2 else piece for at, piece in enumerate(pieces)))


def title_of(testimony: Testimony) -> Markup:
    """Write the code and the title of a record."""
    return join(f"{testimony.code} ", mark_english(testimony.title))


def warning(warned: Iterable[str]) -> Markup:
    """Write a content warning, where there is one to give."""
    named = join_list(list(warned), "and")
    return (
        element("p", element("strong", f"{tr('Content warning')}: "), named, class_="warning", role="note") if named else NOTHING
    )


def facts_list(facts: Iterable[Fact]) -> Markup:
    """Write terms, and what is said of each."""
    return element("dl", *(join(element("dt", term), element("dd", mark_english(said))) for term, said in facts), class_="facts")


def passage_words(shown: RenderedHit) -> Markup:
    """Write the words of a passage, with the footnotes that they call."""
    excerpt = shown.excerpt
    return join(
        element("p", body(excerpt.words, excerpt.matches, shown.hit.passage.text), class_="words"),
        *(element("p", body(footnote), class_="small") for footnote in excerpt.footnotes),
    )


def heading_words(heading: str) -> Markup:
    """Write a heading of a record as a line above its passage; it is no heading of the page."""
    return element("strong", body(heading.lstrip("# ")))


def body(said: str, matches: Iterable[tuple[int, int]] = (), text: str = "") -> Markup:
    """Write words as their Markdown says: emphasis, items of lists, quotations.

    All of it stands in one line of the document, in which a list is one by its role and by the style sheet, so that the words
    of a passage are one block for whoever reads the page without them.

    :param matches: half-open offsets in the words that are marked, in order.
    :param text: the same words as they are written, with their line ends.
    """
    every = parts_of(said, matches, text)
    if len(every) == 1 and not every[0].kind:
        return _runs(every[0])
    pieces = []
    for is_list, group in groupby(every, lambda part: part.kind in _ITEMS):
        written = [element("span", _runs(part), **_ROLES[part.kind]) for part in group]
        pieces += [element("span", join(*written, by=" "), role="list", class_="items")] if is_list else written
    return join(*pieces, by=" ")


def _runs(part: BodyPart) -> Markup:
    pieces = []
    for run in part.runs:
        piece = words(run.text, run.matches)
        for name in reversed(run.emphasis.split()):
            piece = element(name, piece)
        pieces.append(piece)
    return join(*pieces)


def caveats_list(
    notes: Iterable[Note], testimony: Testimony, authorities: Authorities, entries: NotesInFull, reference: str
) -> Markup:
    """Write every caveat in force at a passage, each whole where it was not before, else by its name, with a link."""
    here, elsewhere = entries.split(notes, testimony, reference)
    whole = [
        join(
            element("dt", tr("Caveat: {label}", label=note.label)),
            element("dd", mark_english(note.statement), " ", element("span", f"[{note.ends}]", class_="small")),
        )
        for note in caveats(here, authorities)
    ]
    again = [
        element(
            "p", element("a", name_again(tr("above, at {reference}", reference=at), named, authorities), href=f"#{anchor(at)}")
        )
        for at, named in elsewhere
    ]
    if not (whole or again):
        return element("p", tr("No caveat is in force here."), class_="small")
    inside = [*([element("dl", *whole)] if whole else ()), *again]
    return element("aside", *inside, class_="caveat", aria_label=tr("Caveats in force at {reference}", reference=reference))


def citation_line(cited: str, message: str = CITE) -> Markup:
    """Write a citation, which is English in every language, behind the words that lead to it.

    :param message: of those words, with a place for the citation at its end.
    """
    label = translate(message).partition("{citation}")[0]
    return element("p", element("strong", label), element("cite", mark_english(cited)), class_="citation")


def address_line(shown: RenderedHit, authorities: Authorities) -> Markup:
    """Write where the source of a passage is to be found, and when it was seen there."""
    cited = source.of(shown.hit.testimony, shown.hit.passage, authorities)
    if not cited.address:
        return NOTHING
    seen = f", {citation.describe_day_seen(cited.accessed)}" if cited.accessed else ""
    link = element("a", cited.address, href=cited.address, class_="address")
    return element("p", element("strong", f"{tr('Address')}: "), link, mark_english(seen) if seen else NOTHING, class_="citation")


def beside(heads: Iterable[str], cells: Iterable[Markup]) -> Markup:
    """Return the table of a paragraph in two languages.

    :param heads: the names of the languages.
    :param cells: what stands under each.
    """
    return element(
        "table",
        element("thead", element("tr", *(element("th", head, scope="col") for head in heads))),
        element("tbody", element("tr", *cells)),
        class_="beside",
    )


def notes_of_pair(own: RenderedHit, other: RenderedHit | None) -> Iterable[Note]:
    """Return the caveats in force at a paragraph in either of two languages, each once."""
    return dict.fromkeys((*own.excerpt.notes, *(other.excerpt.notes if other else ())))


def outdated_remark(shown: RenderedHit | None) -> Markup:
    """Say of a passage of a version where its words, or the record's, have changed since they were held together."""
    told = tr(shown.hit.passage.outdated) if shown and shown.hit.passage.outdated else ""
    return element("p", element("strong", f"{told[:1].upper()}{told[1:]}.")) if told else NOTHING
