"""Ours, Whoosh as it comes, SQLite FTS5 and tantivy on one collection, in one run.

    python bench/speed.py [TESTIMONIES] [--skip-stock]

Makes a collection (`bench/generate.py`), builds every index from the same
records, and prints medians and ratios: build, size, memory, a whole process,
warm queries with facets, the update of one record, and how ours grows from a
tenth of the collection. Each measurement runs in a process of its own, and all
engines are asked in turn, three times over. 10,000 testimonies take about
twenty minutes, half of it for Whoosh as it comes.

The peers index the same passages with camp, decade and flags beside the text,
which is less than ours does (every header field, notes, citations): they read
the records with plain string operations, ours with its strict reader.
"""

import json
import math
import os
import re
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import generate  # noqa: E402 - found beside this file
import whoosh.fields  # noqa: E402
import whoosh.index  # noqa: E402
import whoosh.qparser  # noqa: E402

from archive.archive import Archive  # noqa: E402
from archive.engine.whoosh import worker_pool  # noqa: E402
from archive.search.model import Query  # noqa: E402

try:
    import tantivy
except ImportError:
    tantivy = None  # type: ignore[assignment]  # a module or nothing

MIX: Final = (
    ("rare", "kwalliso", {}),
    ("common", "camp", {}),
    ("and", "hunger execution", {}),
    ("phrase", '"public execution"', {}),
    ("near", '"coal mine"~5', {}),
    ("prefix", "execut*", {}),
    ("fuzzy", "interogation~1", {}),
    ("camp filter", "food", {"camp": "kwalliso-15"}),
    ("two flags", "work", {"flags": ("revised", "caution")}),
    ("without flag", "night", {"without": "contradicted"}),
    ("Korean", "수용소", {}),
)
WARM: Final = 9  # times each query is asked; the first is not counted
COLD: Final = 7
ROUNDS: Final = 3  # in which all engines are asked in turn
TOP: Final = 10
FACETS: Final = ("camp", "decade", "flag")


def passages(root: Path) -> Iterator[tuple[str, str, str, str]]:
    """Read the records as the peers do: text, camps, decades and flags of each paragraph, without judging anything."""
    for file in sorted((root / "testimonies").iterdir()):
        head, _, body = file.read_text(encoding="utf-8").partition("\n---\n")
        camps, decades, flags = set(), set(), set()
        for line in head.splitlines():
            if line.startswith("  - {"):
                entry = json.loads(line[4:])
                camps.update({entry["camp"]} if "camp" in entry else ())
                decades.update({entry["period"][:3] + "0s"} if "period" in entry else ())
            elif line.startswith("      flag:"):
                flags.add(json.loads(line.partition(":")[2]))
        for paragraph in body.strip().split("\n\n"):
            yield paragraph, " ".join(sorted(camps)), " ".join(sorted(decades)), " ".join(sorted(flags))


class Peer:
    """An engine on a folder."""

    name = ""

    def build(self, root: Path, folder: Path) -> None:
        """Index a collection."""

    def open(self, root: Path, folder: Path) -> Callable[[int], int]:
        """Open the index; gives what asks the query of that number and gives how many passages it found."""
        raise NotImplementedError


class Ours(Peer):
    """The archive itself."""

    name = "ours"

    def build(self, root: Path, folder: Path) -> None:
        """Index a collection; the index lies beside it."""
        del folder
        with Archive(root) as room:
            room.update(rebuild=True)

    def open(self, root: Path, folder: Path) -> Callable[[int], int]:
        """Open the index."""
        del folder
        room = Archive(root)
        asked = []
        for _, words, options in MIX:
            fields = [f"camp:{options['camp'].removeprefix('kwalliso-')}"] if "camp" in options else []
            fields += [f"flag:{flag}" for flag in options.get("flags", ())]
            fields += [f"-flag:{options['without']}"] if "without" in options else []
            asked.append(Query(" ".join([words, *fields]), facets=True))
        return lambda number: room.answer(asked[number]).passages


class Stock(Peer):
    """Whoosh as it comes: its own codec, writer, query parser and facets."""

    name = "whoosh"

    def build(self, root: Path, folder: Path) -> None:
        """Index a collection."""
        words = whoosh.fields.KEYWORD(stored=False, sortable=True)
        schema = whoosh.fields.Schema(text=whoosh.fields.TEXT(stored=True, phrase=True), camp=words, decade=words, flag=words)
        writer = whoosh.index.create_in(str(folder), schema).writer(limitmb=256)
        for text, camp, decade, flag in passages(root):
            writer.add_document(text=text, camp=camp, decade=decade, flag=flag)
        writer.commit()

    def open(self, root: Path, folder: Path) -> Callable[[int], int]:
        """Open the index."""
        del root
        opened = whoosh.index.open_dir(str(folder))
        searcher = opened.searcher()
        parser = whoosh.qparser.QueryParser("text", opened.schema)
        parser.add_plugin(whoosh.qparser.FuzzyTermPlugin())

        def ask(number: int) -> int:
            _, words, options = MIX[number]
            fields = [f"camp:{options['camp']}"] if "camp" in options else []
            fields += [f"flag:{flag}" for flag in options.get("flags", ())]
            fields += [f"NOT flag:{options['without']}"] if "without" in options else []
            found = searcher.search(parser.parse(" ".join([words, *fields])), limit=TOP, groupedby=list(FACETS))
            for facet in FACETS:
                found.groups(facet)
            for hit in found[:TOP]:
                hit["text"]
            return len(found)

        return ask


class Fts5(Peer):
    """SQLite's full-text index."""

    name = "fts5"

    def build(self, root: Path, folder: Path) -> None:
        """Index a collection."""
        base = sqlite3.connect(folder / "fts.db")
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("CREATE VIRTUAL TABLE passages USING fts5(text, camp, decade, flag, tokenize = 'porter unicode61')")
        base.execute("CREATE VIRTUAL TABLE words USING fts5vocab(passages, row)")
        base.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", passages(root))
        base.commit()

    def open(self, root: Path, folder: Path) -> Callable[[int], int]:
        """Open the index."""
        del root
        base = sqlite3.connect(folder / "fts.db")

        def ask(number: int) -> int:
            name, words, options = MIX[number]
            match = f"text : {_fts5(base, name, words)}"
            match += f' AND camp : "{options["camp"]}"' if "camp" in options else ""
            match += "".join(f' AND flag : "{flag}"' for flag in options.get("flags", ()))
            match += f' NOT flag : "{options["without"]}"' if "without" in options else ""
            base.execute("SELECT text FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (match, TOP)).fetchall()
            counts: Counter[tuple[str, str]] = Counter()
            total = 0
            for row in base.execute("SELECT camp, decade, flag FROM passages WHERE passages MATCH ?", (match,)):
                total += 1
                for facet, values in zip(FACETS, row, strict=True):
                    counts.update((facet, value) for value in values.split())
            return total

        return ask


def _fts5(base: sqlite3.Connection, name: str, words: str) -> str:
    """Write the words as FTS5 takes them; a fuzzy word is looked up in its list of terms."""
    if name == "near":
        return f"NEAR({words.partition('~')[0].strip(chr(34))}, 5)"
    if name == "fuzzy":
        word = words.partition("~")[0]
        close = [term for (term,) in base.execute("SELECT term FROM words") if _near(term, word)]
        return "(" + " OR ".join(f'"{each}"' for each in close or [word]) + ")"
    return f"({' AND '.join(words.split())})" if '"' not in words else words


def _near(left: str, right: str) -> bool:
    """Ask whether one letter is added, lost or changed."""
    at = next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    return left[at:] == right[at + 1 :] or left[at + 1 :] == right[at:] or left[at + 1 :] == right[at + 1 :]


class Tantivy(Peer):
    """The engine in Rust, from Python."""

    name = "tantivy"

    def _schema(self) -> Any:  # noqa: ANN401 - tantivy's own type
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
        for facet in FACETS:
            builder.add_text_field(facet, stored=False, tokenizer_name="whitespace", fast=True)
        return builder.build()

    def build(self, root: Path, folder: Path) -> None:
        """Index a collection."""
        index = tantivy.Index(self._schema(), path=str(folder))
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        for text, camp, decade, flag in passages(root):
            document = tantivy.Document()
            document.add_text("text", text)
            for facet, values in zip(FACETS, (camp, decade, flag), strict=True):
                list(map(partial(document.add_text, facet), values.split()))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, root: Path, folder: Path) -> Callable[[int], int]:
        """Open the index."""
        del root
        index = tantivy.Index.open(str(folder))
        searcher = index.searcher()
        wanted = {facet: {"terms": {"field": facet, "size": 100}} for facet in FACETS}

        def ask(number: int) -> int:
            name, words, options = MIX[number]
            schema = index.schema
            if name == "fuzzy":
                query = tantivy.Query.fuzzy_term_query(schema, "text", words.partition("~")[0], distance=1)
            elif name == "prefix":
                query = tantivy.Query.regex_query(schema, "text", words.replace("*", ".*"))
            else:
                query = index.parse_query(words, ["text"], conjunction_by_default=True)
            parts = [(tantivy.Occur.Must, query)]
            if "camp" in options:
                parts.append((tantivy.Occur.Must, tantivy.Query.term_query(schema, "camp", options["camp"])))
            flags = (tantivy.Query.term_query(schema, "flag", flag) for flag in options.get("flags", ()))
            parts += [(tantivy.Occur.Must, flag) for flag in flags]
            if "without" in options:
                parts.append((tantivy.Occur.MustNot, tantivy.Query.term_query(schema, "flag", options["without"])))
            query = tantivy.Query.boolean_query(parts) if len(parts) > 1 else query
            found = searcher.search(query, limit=TOP, count=True)
            for _, place in found.hits:
                searcher.doc(place)["text"]
            searcher.aggregate(query, wanted)
            return int(found.count)

        return ask


PEERS: Final[dict[str, type[Peer]]] = {peer.name: peer for peer in (Ours, Stock, Fts5, Tantivy) if peer is not Tantivy or tantivy}


def build(name: str, root: str, folder: str) -> dict[str, Any]:
    """Build an index and say how long it took, and how much memory at most."""
    start = time.perf_counter()
    PEERS[name]().build(Path(root), Path(folder))
    taken = time.perf_counter() - start
    # The system tells the largest of the processes that helped; what they share with the first counts again in each.
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + largest * worker_pool.most()
    return {"seconds": taken, "peak": peak / 1e3}


def ask(name: str, root: str, folder: str) -> dict[str, Any]:
    """Ask the whole mix again and again."""
    asking = PEERS[name]().open(Path(root), Path(folder))
    taken: dict[str, list[float]] = {}
    found = {}
    for number, (kind, _, _) in enumerate(MIX):
        for turn in range(WARM + 1):
            start = time.perf_counter()
            found[kind] = asking(number)
            if turn:
                taken.setdefault(kind, []).append((time.perf_counter() - start) * 1e3)
    middle = {kind: statistics.median(each) for kind, each in taken.items()}
    return {"ms": middle, "all": [value for each in taken.values() for value in each], "found": found}


def run(*arguments: str) -> dict[str, Any]:
    """Run one of the above in a process of its own."""
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8", env=_environment())
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def milliseconds(command: list[str], times: int = COLD) -> tuple[list[float], int]:
    """Run a command some times; gives how long each took, the first left out, and how many passages it says it found."""
    taken = []
    for _ in range(times + 1):
        start = time.perf_counter()
        done = subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parent.parent, env=_environment())
        taken.append((time.perf_counter() - start) * 1e3)
    found = re.findall(r"^([\d,]+)(?: passages?\b.*)?$", done.stdout.decode(), re.MULTILINE)
    return taken[1:], int(found[-1].replace(",", ""))


_PEER_COLD: Final = {
    "fts5": "import collections, sqlite3; b = sqlite3.connect({db!r}); m = 'text : kwalliso'; "
    "b.execute('SELECT text FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT 10', (m,)).fetchall(); "
    "r = b.execute('SELECT camp, decade, flag FROM passages WHERE passages MATCH ?', (m,)).fetchall(); "
    "c = collections.Counter((f, v) for x in r for f, w in enumerate(x) for v in w.split()); print(len(r))",
    "tantivy": "import tantivy; i = tantivy.Index.open({folder!r}); s = i.searcher(); q = i.parse_query('kwalliso', ['text']); "
    "h = s.search(q, limit=10, count=True); [s.doc(p) for _, p in h.hits]; "
    "s.aggregate(q, {{f: {{'terms': {{'field': f, 'size': 100}}}} for f in ('camp', 'decade', 'flag')}}); print(h.count)",
    "whoosh": "import whoosh.index, whoosh.qparser; i = whoosh.index.open_dir({folder!r}); s = i.searcher(); "
    "q = whoosh.qparser.QueryParser('text', i.schema).parse('kwalliso'); "
    "r = s.search(q, limit=10, groupedby=['camp', 'decade', 'flag']); "
    "[h['text'] for h in r[:10]]; print(len(r))",
}


def process(name: str, root: Path, folder: Path) -> tuple[list[float], int]:
    """Give how long whole processes take that ask the rare query with facets, and how many passages they find."""
    if name == "ours":
        return milliseconds([sys.executable, "-m", "archive", "--root", str(root), "search", "kwalliso", "--facets"])
    script = _PEER_COLD[name].format(folder=str(folder), db=str(folder / "fts.db"))
    return milliseconds([sys.executable, "-c", script])


def updated(root: Path) -> float:
    """Give how long `testimony index` takes as a whole process after one record was changed, each time another."""
    files = sorted((root / "testimonies").iterdir())
    taken = []
    for turn in range(COLD):
        file = files[(turn + 1) * len(files) // (COLD + 1)]
        file.write_bytes(file.read_bytes() + f"\n\nOne more paragraph, made up for a benchmark, {turn}.\n".encode())
        start = time.perf_counter()
        command = [sys.executable, "-m", "archive", "--root", str(root), "index"]
        subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parent.parent, env=_environment())
        taken.append((time.perf_counter() - start) * 1e3)
    return statistics.median(taken)


def size_of(folder: Path) -> int:
    """Give the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def percentile(values: list[float], share: float) -> float:
    """Give the value that a share of all do not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def measured(root: Path, names: list[str]) -> dict[str, dict[str, Any]]:
    """Measure every engine on a collection: first all are built, then all are asked in turn, round after round.

    So a time in which the machine is slower, as a shared one is now and then, is one for all of them.
    """
    text = size_of(root / "testimonies")
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        folder = root / name
        folder.mkdir()
        built = run("build", name, str(root), str(folder))
        lies = root / "index" / "public" if name == "ours" else folder
        found[name] = {
            "build MB/s": text / 1e6 / built["seconds"],
            "peak MB": built["peak"],
            "index / text": size_of(lies) / text,
        }
    rounds = [{name: asked_once(name, root) for name in names} for _ in range(ROUNDS)]
    for name, row in found.items():
        asked = [each[name] for each in rounds]
        every = [value for each in asked for value in each["all"]]
        row["process ms"] = statistics.median(value for each in asked for value in each["process"])
        row |= {"warm p50 ms": percentile(every, 0.5), "warm p95 ms": percentile(every, 0.95)}
        row |= {f"  {kind}": statistics.median(each["ms"][kind] for each in asked) for kind in asked[0]["ms"]}
        print(f"# {name}: {json.dumps(asked[0]['found'])}", flush=True)
    found["ours"]["one record ms"] = updated(root)
    return found


def asked_once(name: str, root: Path) -> dict[str, Any]:
    """Ask an engine the mix, and one query as a process of its own some times."""
    asked = run("ask", name, str(root), str(root / name))
    taken, found = process(name, root, root / name)
    if found != asked["found"]["rare"]:
        message = f"the process of {name} found {found} passages, the open index {asked['found']['rare']}: it asks something else"
        raise ValueError(message)
    return {**asked, "process": taken}


def table(found: dict[str, dict[str, Any]]) -> None:
    """Print the figures, and each beside ours."""
    print(f"{'':16}" + "".join(f"{name:>20}" for name in found))
    for row in found["ours"]:
        line = f"{row:16}"
        for figures in found.values():
            value, own = figures.get(row), found["ours"][row]
            line += f"{value:11.2f} ({value / own:6.2f})" if value is not None else " " * 20
        print(line)


def main(total: int, *, stock: bool) -> None:
    """Measure and print."""
    names = [name for name in PEERS if stock or name != "whoosh"]
    with tempfile.TemporaryDirectory() as made:
        root, small = Path(made) / "large", Path(made) / "small"
        print(f"# {total} testimonies, {generate.write(root, total) / 1e6:.1f} MB; {os.cpu_count()} processors", flush=True)
        generate.write(small, total // 10)
        found = measured(root, names)
        tenth = measured(small, ["ours"])["ours"]
        table(found)
        large = found["ours"]
        build = math.log10(10 * tenth["build MB/s"] / large["build MB/s"])
        middle, slow = (math.log10(large[row] / tenth[row]) for row in ("warm p50 ms", "warm p95 ms"))
        print(f"# growth from a tenth, as an exponent: build {build:.2f}, p50 {middle:.2f}, p95 {slow:.2f}")
        shutil.rmtree(root)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {"build", "ask"}:
        print(json.dumps({"build": build, "ask": ask}[sys.argv[1]](*sys.argv[2:])))
    else:
        numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
        main(numbers[0] if numbers else 1_000, stock="--skip-stock" not in sys.argv)
