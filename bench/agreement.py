"""How far those who read the same passages apart enter the same topics.

    python bench/agreement.py [--draw]

Three lists of topics, `tests/tagging/first.yaml`, `second.yaml` (by the same
hand) and `third.yaml` (by another), are held against each other, and each
against what the claims of the records have now: the share of passages with the very same topics, the mean of what both have in
common divided by what either has (Jaccard), and Cohen's kappa over every
passage and concept of the thesaurus, where a yes and a no count alike.
``--draw`` prints the passages to tag, by their text alone: 40 of the first 48
records, which were drawn at random before the first list was written.
"""

import argparse
import sys
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

import yaml

TOP: Final = Path(__file__).parent.parent
sys.path.insert(0, str(TOP))

from archive.reader import read  # noqa: E402 - found beside this folder
from archive.record import paragraphs  # noqa: E402 - found beside this folder
from archive.storage import record_files  # noqa: E402 - found beside this folder

LISTS: Final = TOP / "tests" / "tagging"
PASSES: Final = {"first": "first pass", "second": "second pass, the same hand", "third": "third pass, another hand"}
DRAWN: Final = 40

Tags = Mapping[str, frozenset[str]]
"""Topics by passage, which is named as ``CODE#pN``."""


class Agreement(NamedTuple):
    """How far two lists agree: shares from 0 to 1; ``kappa`` is 1 where nothing is left to chance."""

    identical: float
    jaccard: float
    kappa: float


def agreement(first: Tags, second: Tags, concepts: int) -> Agreement:
    """Return how far two lists of the same passages agree, among so many concepts.

    :raises ValueError: the lists are not of the same passages, or of none.
    """
    if first.keys() != second.keys() or not first:
        message = "the two lists are not of the same passages"
        raise ValueError(message)
    pairs = [(first[each], second[each]) for each in first]
    both = sum(len(a & b) for a, b in pairs)
    ones, others = sum(len(a) for a, _ in pairs), sum(len(b) for _, b in pairs)
    decisions = len(pairs) * concepts
    observed = (decisions - (ones + others - 2 * both)) / decisions
    by_chance = (ones * others + (decisions - ones) * (decisions - others)) / decisions**2
    return Agreement(
        sum(a == b for a, b in pairs) / len(pairs),
        sum(len(a & b) / len(a | b) if a | b else 1.0 for a, b in pairs) / len(pairs),
        (observed - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0,
    )


def entered(name: str) -> Tags:
    """Read a list of topics by passage."""
    written: dict[str, list[str]] = yaml.safe_load((LISTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return {passage: frozenset(topics) for passage, topics in written.items()}


def shipped() -> tuple[dict[str, str], Tags, int]:
    """Return the text and the claims' topics of every passage of the shipped archive, and how many concepts there are."""
    authorities = read.read_authorities(TOP)
    texts: dict[str, str] = {}
    tags: dict[str, frozenset[str]] = {}
    for file in sorted((TOP / "testimonies").glob("NKT-*.md")):
        if record_files.language_of(file.name):
            continue
        record = read.read(file.read_bytes(), f"testimonies/{file.name}", authorities)
        for run in paragraphs.passages(record.body):
            place = f"{record.code}#p{run.number}"
            texts[place] = run.text
            tags[place] = frozenset(topic for claim in record.claims if run.number in claim.paragraphs for topic in claim.topics)
    return texts, tags, sum(1 for _ in authorities.vocabulary.terms("topic"))


def main() -> int:
    """Print the figures, or with ``--draw`` the passages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", action="store_true", help="print the passages to tag")
    texts, tags, concepts = shipped()
    lists = {title: entered(name) for name, title in PASSES.items()}
    drawn = list(lists[PASSES["first"]])
    if parser.parse_args().draw:
        print(*(f"{place}\n{texts[place]}\n" for place in drawn), sep="\n")
        return 0
    lists["the claims of the records"] = {place: tags[place] for place in drawn}
    print(f"{len(drawn)} passages, {concepts} concepts\n")
    print(f"{'':56}{'identical':>10}{'Jaccard':>10}{'kappa':>8}")
    for (name, one), (other_name, other) in combinations(lists.items(), 2):
        found = agreement(one, other, concepts)
        print(f"{f'{name} and {other_name}':56}{found.identical:>10.0%}{found.jaccard:>10.2f}{found.kappa:>8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
