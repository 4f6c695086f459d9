"""How long a label that many passages are on takes to be searched, beside a word that stands in as many.

    python bench/labels.py [TESTIMONIES]

Makes a collection (`bench/generate.py`, 40 passages a testimony) in which claims
put a share of all passages on a topic, and asks for its label again and again,
facets and ten hits included; then for the word of the collection that stands in
most nearly as many passages. Printed are medians of the processor time of a
warm search, once for as many passages as a label may have to widen a search (a
quarter, less a little), and once for a third, where it is offered as a filter.
"""

import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import generate  # noqa: E402 - found beside this file

from archive.archive import Archive  # noqa: E402
from archive.search.model import Query, Results  # noqa: E402

LABEL: Final = "interrogation"
SHARES: Final = (0.24, 1 / 3)
TIMES: Final = 25


def write(root: Path, total: int, share: float) -> Counter[str]:
    """Write a collection in which a share of the passages has a claim on the topic; gives in how many each word stands."""
    folder = root / "testimonies"
    folder.mkdir(parents=True)
    chance = random.Random(1)  # noqa: S311 - the same collection each time
    words: Counter[str] = Counter()
    for name, content in generate.records(total):
        some = [number for number in range(1, generate.PARAGRAPHS + 1) if chance.random() < share]
        claim = f'  - {{"id": "x1", "text": "made up", "paragraphs": {some}, "status": "asserted", "topics": ["{LABEL}"]}}'
        if some:
            before = "\nclaims: []\n" if "\nclaims: []\n" in content else "\nclaims:\n"
            content = content.replace(before, f"\nclaims:\n{claim}\n", 1)  # noqa: PLW2901 - with the claim
        (folder / name).write_text(content, encoding="utf-8")
        for paragraph in content.partition("\n---\n")[2].strip().split("\n\n"):
            words.update(set(paragraph.lower().replace(".", "").split()))
    return words


def milliseconds(room: Archive, query: Query) -> tuple[float, Results]:
    """Give the median processor time of a warm search, and its answer."""
    results = room.answer(query)
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        room.answer(query)
        taken.append((time.process_time() - start) * 1e3)
    return statistics.median(taken), results


def main(total: int) -> None:
    """Measure and print."""
    print(f"{total * generate.PARAGRAPHS:,} passages, medians of {TIMES} warm searches with facets, processor time")
    for share in SHARES:
        with tempfile.TemporaryDirectory() as made:
            root = Path(made)
            words = write(root, total, share)
            with Archive(root) as room:
                room.update()
                label, found = milliseconds(room, Query(LABEL, facets=True))
                # Words of the vocabularies and of the background are read otherwise; a plain one stands for the rest.
                near = (word for word, _ in sorted(words.items(), key=lambda each: abs(each[1] - found.passages)))
                plain = (milliseconds(room, Query(f'"{word}"', facets=True)) for word in near if word.isascii())
                word, other = next(plain)
            widened = "widens" if found.found_by.get(2) else "does not widen"
            print(f"  on {share:.0%}: label {label:.1f} ms ({found.passages:,} passages, {widened}),", end=" ")
            print(f"word {word:.1f} ms ({other.passages:,} passages), {label / word:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000)
