"""How a cluster of OpenSearch grows with the collection, beside the index on this machine.

    .ci/opensearch start
    python bench/scale.py                     500, 2,000 and 5,000 testimonies of 40 paragraphs each; an hour on a busy machine
    python bench/scale.py 500                 other sizes, each larger than the one before

Asks the cluster that TESTIMONY_CLUSTER names, else that of `.ci/opensearch`. Both engines answer the same queries, with all
facets and ten hits; what they find is compared before any time is told. Prints a row for each size and engine:

- seconds: wall time to make the index from nothing, of the cluster with the spreading over its nodes
- passages/s: that by passages
- processor: seconds of the processor for that, of the program and of all nodes together
- MB: of one copy of the index
- p50, p95: of the wall time of a query, in milliseconds, one client
- a query: milliseconds of the processor for one, of the program and of all nodes together
- one record: seconds to publish after one record was changed

Times of the processor say more than the others where the machine has other work. Then follow the exponents of growth: what
takes twice as long for twice as many grows with the exponent 1.
"""

import math
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import generate  # noqa: E402 - found beside this file

from archive.archive import ENGINES, Archive  # noqa: E402
from archive.engine.opensearch.client import Cluster, connect, path_name  # noqa: E402
from archive.engine.opensearch.settings import load  # noqa: E402
from archive.record.testimony import PUBLIC  # noqa: E402

SIZES: Final = (500, 2_000, 5_000)
TIMES: Final = 5
COLUMNS: Final = ("seconds", "passages/s", "processor", "MB", "p50", "p95", "a query", "one record")
HERE: Final = "http://127.0.0.1:9201,http://127.0.0.1:9202,http://127.0.0.1:9203"
ASKED: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("hunger", {}),
    ("gold", {}),
    ("coal mine", {}),
    ('"coal mine"', {}),
    ("mother OR father OR brother", {}),
    ("execution -public", {}),
    ("interrog*", {}),
    ("executoin~", {}),
    ("guards", {"camp": "14"}),
    ("winter", {"camp": "18", "period": "1980/1989"}),
    ("", {"flag": "recanted"}),
    ("", {"topic": "hunger"}),
    ("수용소", {}),
    ("food", {"as_of": "2005"}),
)
"""What is asked: rare and common words, a phrase, choices, patterns, mistypings, filters alone and with words, Korean."""


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Set the cluster under an alias of its own, and delete all that was made there."""
    first = f"scale{uuid.uuid4().hex[:8]}"
    os.environ["TESTIMONY_OPENSEARCH_HOSTS"] = os.environ.get("TESTIMONY_CLUSTER") or HERE
    os.environ["TESTIMONY_OPENSEARCH_ALIAS"] = first
    settings = load(PUBLIC)
    asked = connect(settings, settings.publisher)
    try:
        yield asked
    finally:
        for index in asked.find("GET", f"{first}-*/_mapping") or ():
            asked.find("DELETE", path_name(index))


def megabytes(root: Path, engine: str, asked: Cluster) -> float:
    """Return the size of one copy of the index."""
    if engine == ENGINES[0]:
        return sum(file.stat().st_size for file in (root / "index" / PUBLIC).rglob("*") if file.is_file()) / 1e6
    alias = f"{os.environ['TESTIMONY_OPENSEARCH_ALIAS']}-{PUBLIC}"
    [index] = asked.request("GET", f"{path_name(alias)}/_alias")
    told = asked.request("GET", f"{path_name(index)}/_stats/store")
    return float(told["_all"]["primaries"]["store"]["size_in_bytes"]) / 1e6


def processor(asked: Cluster) -> float:
    """Return the seconds of the processor that the program and all nodes have had until now."""
    nodes = asked.request("GET", "_nodes/stats/process")["nodes"].values()
    return sum(os.times()[:4]) + sum(node["process"]["cpu"]["total_in_millis"] for node in nodes) / 1e3


def publish(root: Path, engine: str) -> float:
    """Make or change an index; gives seconds."""
    start = time.perf_counter()
    with Archive(root, engine=engine) as archive:
        archive.update()
    return time.perf_counter() - start


def ask(root: Path, engine: str) -> tuple[list[float], list[tuple[int, int, Any]]]:
    """Ask the mix, warm; gives milliseconds, and what was found."""
    taken, found = [], []
    with Archive(root, engine=engine) as archive:
        for words, options in ASKED:
            for turn in range(TIMES + 1):
                start = time.perf_counter()
                results = archive.search(words, limit=10, facets=True, **options).results  # type: ignore[arg-type]
                taken += [(time.perf_counter() - start) * 1e3] if turn else []
            found.append((results.passages, results.testimonies, results.facets))
    return taken, found


def measured(root: Path, asked: Cluster) -> dict[str, dict[str, float]]:
    """Measure both engines on one collection.

    :raises SystemExit: they do not find the same
    """
    rows, answers = {}, {}
    for engine in ENGINES:
        before = processor(asked)
        seconds = publish(root, engine)
        published = processor(asked) - before
        with Archive(root, engine=engine) as archive:
            passages = archive.facets().results.passages
        size, before = megabytes(root, engine, asked), processor(asked)
        taken, answers[engine] = ask(root, engine)
        a_query = (processor(asked) - before) * 1e3 / (len(ASKED) * (TIMES + 1))
        p95 = statistics.quantiles(taken, n=20)[-1]
        figures = (seconds, passages / seconds, published, size, statistics.median(taken), p95, a_query)
        rows[engine] = dict(zip(COLUMNS, figures, strict=False))
    if answers[ENGINES[0]] != answers[ENGINES[1]]:
        sys.exit("the engines do not find the same: no time is told")
    file = min((root / "testimonies").iterdir())
    file.write_bytes(file.read_bytes() + b"\n\nOne more paragraph, made up for a benchmark.\n")
    for engine in ENGINES:
        rows[engine]["one record"] = publish(root, engine)
    return rows


def main(sizes: tuple[int, ...]) -> None:
    """Measure and print."""
    print(f"{'testimonies':>11}  {'engine':<11}" + "".join(f"{each:>12}" for each in COLUMNS), flush=True)
    every = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, cluster() as asked:
            generate.write(Path(folder), size)
            every.append(measured(Path(folder), asked))
        for engine, row in every[-1].items():
            print(f"{size:11,}  {engine:<11}" + "".join(f"{row[each]:12,.1f}" for each in COLUMNS), flush=True)
    if len(every) > 1:
        times = math.log(sizes[-1] / sizes[0])
        for engine in ENGINES:
            exponents = (math.log(every[-1][engine][each] / every[0][engine][each]) / times for each in COLUMNS)
            print(f"{'exponent':>11}  {engine:<11}" + "".join(f"{each:12.2f}" for each in exponents))


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
