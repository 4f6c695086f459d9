"""The topics of the thesaurus: a tree with how many passages are on each, and the page of one topic."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.authority.vocabulary import Term
from archive.errors import UnknownTerm
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.terminal import visible, wrap
from archive.language.messages import current_language, tr, tr_count
from archive.named_tuple import NamedTuple
from archive.search import labels
from archive.search.model import Results
from archive.text import fold, squash

_LIST: Final = "topic"
_STEP: Final = "  "
ITSELF: Final = "means"
"""The word means the topic."""
NARROWER: Final = "under"
"""The word is something narrower, which the topic takes in."""
PART: Final = "part"
"""The word is a part of a label."""


class TopicCount(NamedTuple):
    """A topic and what is on it, narrower topics counted with it.

    ``claimed``: the passages that a claim of the archive puts there, None where they were not counted. ``how``: what the
    word that was asked for is to the topic, "" where none was asked for.
    """

    term: Term
    passages: int
    testimonies: int
    claimed: int | None = None
    how: str = ""


class TopicTree(NamedTuple):
    """Topics with their counts, in the order of the list; ``word`` is what was asked for, "" where all were."""

    word: str
    counted: tuple[TopicCount, ...]
    results: Results
    authorities: Authorities

    @property
    def plain(self) -> list[Mapping[str, Any]]:
        """Return the topics, with all narrower ones, as they are written in the authority file."""
        kept = set(self.authorities.vocabulary.with_narrower(_LIST, (item.term.id for item in self.counted)))
        return [item for item in self.authorities.data("terms").get(_LIST, ()) if item["id"] in kept]


def gather(word: str, results: Results, authorities: Authorities, claimed: Callable[[str], int]) -> TopicTree:
    """Gather the topics that a word stands for, all of them where it is "".

    :param results: the whole collection with its facets.
    :param claimed: counts the passages that a claim puts on a topic.
    :raises UnknownTerm: there is no topic of that word; the message names those that are near.
    """
    word = squash(word)
    rows = {row.value: row for row in results.facets.get(_LIST, ())}
    named = _topic_ids(word, authorities)
    alone = len({term_id for term_id, how in named.items() if how != PART}) > 0
    counted = []
    for term in authorities.vocabulary.terms(_LIST):
        if not word or term.id in named:
            row = rows.get(term.id)
            of = (row.passages, row.testimonies) if row else (0, 0)
            counted.append(TopicCount(term, *of, claimed(term.id) if word and alone else None, named.get(term.id, "")))
    if word and not counted:
        raise UnknownTerm(*authorities.vocabulary.unknown(_LIST, word, _LIST))
    return TopicTree(word, tuple(counted), results, authorities)


def _topic_ids(word: str, authorities: Authorities) -> dict[str, str]:
    """Return the ids of the topics that a word stands for, read as a search reads it, else those that have it in a label."""
    vocabulary = authorities.vocabulary
    if not word:
        return {}
    if (_LIST, word) in vocabulary:
        return {word: ITSELF}
    labels_found = labels.Labels(authorities.labels(labels.plain_data)).find(word)
    named = {label.id: NARROWER if label.how == labels.UNDER else ITSELF for label in labels_found if label.list == _LIST}
    if named:
        return named
    wanted = fold(word)
    return {
        term.id: PART
        for term in vocabulary.terms(_LIST)
        if any(wanted in fold(written) for written in (term.id.replace("-", " "), *term.words(), *_under(term)))
    }


def _under(term: Term) -> Iterator[str]:
    for words in term.under.values():
        yield from words


def text(tree: TopicTree, columns: int, *, words: bool = False) -> Iterator[str]:
    """Write topics for a person: a tree where all were asked for, else a page each, or a list of those that have the word.

    :param words: with the words of each topic, also in the tree.
    """
    if not tree.word:
        yield from _tree(tree, columns, words=words)
    elif all(count.how == PART for count in tree.counted):
        said = tr('No topic is called "{word}". These have it in a word:', word=visible(tree.word))
        yield from wrap(said, columns)
        for count in tree.counted:
            yield from _row(count, columns, _STEP, words=words)
    else:
        for place, count in enumerate(tree.counted):
            if place:
                yield ""
            yield from _page(count, tree, columns)


def _tree(tree: TopicTree, columns: int, *, words: bool) -> Iterator[str]:
    vocabulary = tree.authorities.vocabulary
    counts = {count.term.id: count for count in tree.counted}
    seen: set[str] = set()

    def below(term: str, depth: int) -> Iterator[str]:
        again = term in seen
        seen.add(term)
        narrower = vocabulary.narrower(_LIST, term)
        yield from _row(counts[term], columns, _STEP * depth, words=words and not again, above=again and bool(narrower))
        for count in narrower if not again else ():
            yield from below(count, depth + 1)

    for count in tree.counted:
        if not count.term.broader:
            yield from below(count.term.id, 0)
    coverage = tree.results.coverage
    sentences = [
        tr_count("{number} topic.", "{number} topics.", len(tree.counted)),
        tr("Narrower topics are counted with the broader one."),
        tr("Searched {searched} of {of} testimonies.", searched=coverage.searched, of=coverage.of),
    ]
    yield ""
    yield from wrap(" ".join(sentences), columns)


def _row(count: TopicCount, columns: int, indent: str, *, words: bool, above: bool = False) -> Iterator[str]:
    """Write a topic on a line: its labels, its id, and how much is on it; and under it its words."""
    line = f"{_labels(count.term)} ({count.term.id}): {_count(count)}"
    if above:
        line += f" ({tr('narrower topics: above')})"
    yield from wrap(visible(line), columns, indent, indent + _STEP * 2)
    if words:
        for sign, by_language in (("=", count.term.also), ("<", count.term.under)):
            for written in by_language.values():
                yield from wrap(visible(", ".join(written)), columns, f"{indent}  {sign} ", f"{indent}    ")


def _labels(term: Term) -> str:
    """Return the label in the language of the person, and beside it those in other languages."""
    first = term.named(current_language())
    return " · ".join(dict.fromkeys([first, *(label for label in term.label.values() if label != first)]))


def _count(count: TopicCount) -> str:
    if not count.passages:
        return tr("nothing in this collection")
    passages = tr_count("{number} passage", "{number} passages", count.passages)
    return tr(
        "{passages} in {testimonies}",
        passages=passages,
        testimonies=tr_count("{number} testimony", "{number} testimonies", count.testimonies),
    )


def _page(count: TopicCount, tree: TopicTree, columns: int) -> Iterator[str]:
    term, vocabulary = count.term, tree.authorities.vocabulary
    by_id = {row.value: row for row in tree.results.facets.get(_LIST, ())}

    def others(ids: Iterable[str]) -> str:
        named = []
        for one in ids:
            row = by_id.get(one)
            named.append(f"{vocabulary.label(_LIST, one, current_language())} ({one}, {row.passages if row else 0})")
        return "; ".join(named)

    if count.how == NARROWER:
        sentence = tr('"{word}" is something narrower that this topic takes in: it never widens a search.', word=tree.word)
        yield from wrap(visible(sentence), columns)
    yield from wrap(visible(f"{term.id}  {_labels(term)}"), columns, "", _STEP)
    yield from _line(tr("What it is"), term.definition, columns)
    yield from _line(tr("On it"), _describe_count(count), columns)
    for name, by_language in ((tr("The same, widens a search"), term.also), (tr("Narrower, never widens"), term.under)):
        for spoken, written in by_language.items():
            yield from _line(f"{name} ({spoken})", ", ".join(written), columns)
    yield from _line(tr("Only beside another word"), ", ".join(term.only_with), columns)
    yield from _line(tr("Broader topics"), others(term.broader), columns)
    yield from _line(tr("Narrower topics"), others(vocabulary.narrower(_LIST, term.id)), columns)
    yield from _line(tr("Related topics"), others(_related_ids(term, tree)), columns)
    yield from _line(tr("Codes"), "; ".join(" ".join(code.values()) for code in term.codes), columns)
    if count.passages:
        yield from _line(tr("To read them"), f"testimony search --topic {term.id}", columns)


def _describe_count(count: TopicCount) -> str:
    """Describe how much is on a topic, and how much of it a claim of the archive puts there."""
    rest = count.passages - (count.claimed or 0)
    if count.claimed is None or not count.passages or rest <= 0:
        return _count(count)
    return tr(
        "{count}; {claimed} of them by a claim of the archive, {rest} by the topics of their record",
        count=_count(count),
        claimed=count.claimed,
        rest=rest,
    )


def _related_ids(term: Term, tree: TopicTree) -> tuple[str, ...]:
    """Return the ids of the topics that a topic names as related, and of those that name it."""
    every = tree.authorities.vocabulary.terms(_LIST)
    return tuple(dict.fromkeys([*term.related, *(other.id for other in every if term.id in other.related)]))


def _line(name: str, words: str, columns: int) -> Iterator[str]:
    if words:
        yield from wrap(visible(f"{name}: {words}"), columns, _STEP, _STEP * 2)


def document(tree: TopicTree) -> Iterator[str]:
    """Write topics as JSON."""
    return lines(
        {
            "schema": fields.SCHEMA,
            "word": tree.word or None,
            "coverage": tree.results.coverage._asdict(),
            "topics": [_fields(count, tree) for count in tree.counted],
        }
    )


def _fields(count: TopicCount, tree: TopicTree) -> dict[str, Any]:
    term = count.term
    return {
        "id": term.id,
        "label": dict(term.label),
        "definition": term.definition,
        "how": count.how or None,
        "also": {name: list(words) for name, words in term.also.items()},
        "under": {name: list(words) for name, words in term.under.items()},
        "only_with": list(term.only_with),
        "broader": list(term.broader),
        "narrower": list(tree.authorities.vocabulary.narrower(_LIST, term.id)),
        "related": list(_related_ids(term, tree)),
        "codes": [dict(code) for code in term.codes],
        "passages": count.passages,
        "testimonies": count.testimonies,
        "claimed": count.claimed,
    }
