"""How much of what people of this trade type finds what the archive has, with the thesaurus and by words alone.

    python bench/finding.py [--root DIR] [--queries FILE] [--each]

Asks the program every query of ``tests/search/queries.yaml``, in this process,
as a person does (``testimony search … --format json --all``), and once more
with ``--words``, which switches widening off. A query of the list names the
passages that a fair reader takes for an answer, or says that the collection
has nothing on it. Printed are, for both ways of asking: how many queries miss
all of their passages, or have none of them among the first ten hits; which
share of the first five hits answers, by the way each was found; and, where the
collection has nothing, how often a hit is shown all the same, and how often a
bare zero that does not say what is near. ``--each`` names every query that fails, too.
"""

import argparse
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

TOP: Final = Path(__file__).parent.parent
sys.path.insert(0, str(TOP))

from archive.cli import group  # noqa: E402 - found beside this folder

QUERIES: Final = TOP / "tests" / "search" / "queries.yaml"
LOOKED_AT: Final = 5
PAGE: Final = 10
WORDS_ALONE: Final = "--words"


class Asked(NamedTuple):
    """A query of the list: what is typed, and the passages that answer it; none where the collection has nothing."""

    query: str
    options: tuple[str, ...]
    expected: frozenset[str]

    def __str__(self) -> str:
        return " ".join((self.query, *self.options))


class Found(NamedTuple):
    """What an answer showed: each hit as its passage and the way it was found, and whether it says what is near."""

    hits: tuple[tuple[str, str], ...]
    says_near: bool
    refused: bool = False


class Figures(NamedTuple):
    """What is measured over all queries; `relevant` counts the first five hits by the way each was found."""

    refused: list[str]
    expecting: int
    missed: list[str]
    not_on_page: list[str]
    shown: Counter[str]
    relevant: Counter[str]
    nothing: int
    by_topic: list[str]
    with_hit: list[str]
    silent: list[str]
    false_hits: list[str]

    @classmethod
    def start(cls) -> "Figures":
        """Return the figures of no query."""
        return cls([], 0, [], [], Counter(), Counter(), 0, [], [], [], [])


def read(path: Path) -> list[Asked]:
    """Read the list of queries."""
    return [
        Asked(str(each["query"]), tuple(each.get("options", ())), frozenset(each.get("expected", ())))
        for each in yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    ]


def last_judged(queries: Iterable[Asked]) -> str:
    """Return the code of the last record that the list was held against: of later ones nobody has said what they answer."""
    return max((place.partition("#")[0] for asked in queries for place in asked.expected), default="")


def ask(root: Path, asked: Asked, *options: str, last: str) -> Found:
    """Ask the program one query in this process; why it refuses one it says on standard error.

    :param last: the last record whose passages were judged; hits of later ones are neither right nor wrong and left out.
    """
    kept, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    try:
        group.main(["--root", str(root), "search", asked.query, *asked.options, *options, "--all", "--format", "json"])
    except SystemExit as ended:
        if ended.code:
            return Found((), says_near=False, refused=True)
        sys.stdout.flush()
        printed = sys.stdout.buffer.getvalue()  # type: ignore[attr-defined]
    finally:
        sys.stdout = kept
    answer: dict[str, Any] = json.loads(printed)
    return Found(
        tuple(
            (f"{hit['code']}#p{hit['paragraph']}", hit.get("found_by") or "words")
            for hit in answer["hits"]
            if hit["code"] <= last
        ),
        bool(answer.get("relaxed") or answer.get("under") or answer.get("did_you_mean")),
    )


def measure(root: Path, queries: Iterable[Asked], *options: str) -> Figures:
    """Return the figures of all queries, asked with these options."""
    figures = Figures.start()
    every = list(queries)
    last = last_judged(every)
    for asked in every:
        figures = count(figures, asked, ask(root, asked, *options, last=last))
    return figures


def count(figures: Figures, asked: Asked, found: Found) -> Figures:
    """Return the figures with the answer to one more query."""
    if found.refused:
        figures.refused.append(str(asked))
    return (_expecting if asked.expected else _nothing)(figures, asked, found)


def _expecting(figures: Figures, asked: Asked, found: Found) -> Figures:
    places = [place for place, _ in found.hits]
    if not asked.expected.intersection(places):
        figures.missed.append(str(asked))
    if not asked.expected.intersection(places[:PAGE]):
        figures.not_on_page.append(str(asked))
    for place, how in found.hits[:LOOKED_AT]:
        figures.shown[how] += 1
        if place in asked.expected:
            figures.relevant[how] += 1
        else:
            figures.false_hits.append(f"{asked}: {place} ({how})")
    return figures._replace(expecting=figures.expecting + 1)


def _nothing(figures: Figures, asked: Asked, found: Found) -> Figures:
    if found.hits:
        figures.with_hit.append(f"{asked}: {', '.join(f'{place} ({how})' for place, how in found.hits[:LOOKED_AT])}")
    if any(is_topic(how) for _, how in found.hits):
        figures.by_topic.append(str(asked))
    if not found.hits and not found.says_near:
        figures.silent.append(str(asked))
    return figures._replace(nothing=figures.nothing + 1)


def is_topic(how: str) -> bool:
    """Say whether a hit was found by a topic alone."""
    return how.startswith("topic")


def rows(figures: Figures) -> Iterator[tuple[str, str]]:
    """Yield each figure with its name."""
    yield "refused", str(len(figures.refused))
    yield "with passages that answer: miss all of them", share(len(figures.missed), figures.expecting)
    yield f"  none of them among the first {PAGE}", share(len(figures.not_on_page), figures.expecting)
    yield f"first {LOOKED_AT} hits: relevant", share(figures.relevant.total(), figures.shown.total())
    kinds = (("words", _by_words), ("a claim", _by_claim), ("topic alone", is_topic))
    for name, of in kinds:
        counted = [sum(number for how, number in each.items() if of(how)) for each in (figures.relevant, figures.shown)]
        yield f"  found by {name}", share(*counted)
    yield "with nothing: show a hit by topic", share(len(figures.by_topic), figures.nothing)
    yield "  show a hit of any kind", share(len(figures.with_hit), figures.nothing)
    yield "  say nothing but a bare zero", share(len(figures.silent), figures.nothing)


def _by_words(how: str) -> bool:
    return not _by_claim(how) and not is_topic(how)


def _by_claim(how: str) -> bool:
    return how.startswith("claim")


def share(part: int, whole: int) -> str:
    """Return a share as numbers and per cent."""
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "none"


def main() -> None:
    """Print the figures side by side, and with ``--each`` the queries that fail."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--root", type=Path, default=TOP, help="the collection (default: the shipped one)")
    parser.add_argument("--queries", type=Path, default=QUERIES, help="the list of queries")
    parser.add_argument("--each", action="store_true", help="name every query that fails, with the thesaurus")
    options = parser.parse_args()
    os.environ["TESTIMONY_REMEMBER"] = "0"
    queries = read(options.queries)
    figures = measure(options.root, queries)
    alone = measure(options.root, queries, WORDS_ALONE)
    print(f"{len(queries)} queries, {figures.nothing} of them with nothing in the collection\n")
    print(f"{'':44}{'with the thesaurus':20}  words alone")
    for (name, value), (_, other) in zip(rows(figures), rows(alone), strict=True):
        print(f"{name:44}{value:20}  {other}")
    if options.each:
        for heading in ("refused", "missed", "not_on_page", "by_topic", "with_hit", "silent", "false_hits"):
            print(f"\n{heading}:", *getattr(figures, heading), sep="\n  ")


if __name__ == "__main__":
    main()
