"""Ours, Whoosh as it comes, SQLite FTS5 and tantivy asked the same question on the same passages, in one run.

    python bench/speed.py [TESTIMONIES] [--skip-stock]

Makes a collection (`bench/generate.py`) and writes its passages, with the camps,
decades and flags *of each passage*, to a file that the peers index. Every index
is built in a process of its own; before anything is timed each engine answers
the mix once, and where two find other numbers of passages on a question that
means the same to them the run stops. Then all are asked in turn, round after
round, so that a time in which the machine is slower is one for all of them.

The peers are set up as their own manuals advise: FTS5 contentless, beside it a
narrow table of facets that SQL groups and a cache that holds the index; tantivy
with fast fields and aggregations. Each figure is the processor's time; the
clock stands beside it. Whole processes are run from an installed wheel, the
peers' also with `import click`, since a command line is what is compared, and
`import click` by itself is told as the base.
"""

import contextlib
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
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

TOP: Final = Path(__file__).parent.parent
sys.path[:0] = [str(Path(__file__).parent), str(TOP)]

import generate  # noqa: E402 - found beside this file
import whoosh.fields  # noqa: E402
import whoosh.index  # noqa: E402
import whoosh.qparser  # noqa: E402

from archive.archive import Archive  # noqa: E402
from archive.collection.collection import Collection  # noqa: E402
from archive.engine import _columns as columns  # noqa: E402
from archive.engine.whoosh import worker_pool  # noqa: E402
from archive.reader import read  # noqa: E402
from archive.record.testimony import PUBLIC  # noqa: E402
from archive.search.model import Query  # noqa: E402

try:
    import tantivy
except ImportError:
    tantivy = None  # type: ignore[assignment]  # a module or nothing

MIX: Final = (
    ("rare", "kwalliso", {}),
    ("common", "camp", {}),
    ("and", "river winter", {}),
    ("phrase", '"public execution"', {}),
    ("near", '"coal mine"~5', {}),
    ("prefix", "execut*", {}),
    ("camp filter", "food", {"camp": "kwalliso-15"}),
    ("two flags", "work", {"flags": ("revised", "caution")}),
    ("without flag", "night", {"without": "contradicted"}),
)
APART: Final = (("fuzzy", "river~1", {}), ("Korean", "수용소", {}))
"""Asked and timed, and no part of p50: stems are compared here and whole words there, and Korean is cut into other terms."""
QUESTIONS: Final = (*MIX, *APART)
DIFFERENT: Final = {"tantivy": {"near"}}
"""Where a question means something else to an engine: tantivy counts the moves that bring words into their order."""
WARM: Final = 9  # times each query is asked; the first is not counted
COLD: Final = 7
ROUNDS: Final = 3  # in which all engines are asked in turn
TOP_HITS: Final = 10
FACETS: Final = ("camp", "decade", "flag")
_CACHE: Final = 1_000_000  # kB that SQLite may keep in memory
_EVERY: Final = 0.1  # seconds, after which is looked again how much memory there is of

Row = tuple[str, str, str, str]
"""The text of a passage, and its camps, decades and flags, with spaces between."""


def export(root: str, file: str) -> dict[str, Any]:
    """Write all passages with what ours counts of each, a line of JSON each."""
    collection = Collection(Path(root), read.read_authorities(Path(root)), PUBLIC, {})
    with Path(file).open("w", encoding="utf-8") as written:
        for code in collection.codes():
            testimony = collection.find(code)
            if testimony is None:
                continue
            for passage in collection.passages(testimony):
                entries = [columns.about(entry, testimony) for entry in passage.entries]
                camps = {entry[0] for entry in entries if entry[0]}
                decades = {decade for entry in entries for decade in entry[7] or ("undated",)}
                flags = {note.flag for note in passage.notes}
                row = (passage.words, *(" ".join(sorted(values)) for values in (camps, decades, flags)))
                written.write(json.dumps(row, ensure_ascii=False) + "\n")
    return {}


def passages(root: Path) -> Iterator[Row]:
    """Read what `export` wrote."""
    with (root / "passages.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            text, camps, decades, flags = json.loads(line)
            yield text, camps, decades, flags


class Peer:
    """An engine on a folder."""

    name = ""

    def build(self, root: Path, folder: Path) -> None:
        """Index a collection."""

    def open(self, root: Path, folder: Path) -> Callable[[int], int]:
        """Open the index; gives what asks the query of that number and gives how many passages it found."""
        raise NotImplementedError


class Ours(Peer):
    """The archive itself, in as many processes as it takes."""

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
        for _, words, options in QUESTIONS:
            fields = [f"camp:{options['camp'].removeprefix('kwalliso-')}"] if "camp" in options else []
            fields += [f"flag:{flag}" for flag in options.get("flags", ())]
            fields += [f"-flag:{options['without']}"] if "without" in options else []
            # The peers have no thesaurus: by the words alone it is the same question.
            asked.append(Query(" ".join([words, *fields]), facets=True, words_only=True))

        def ask(number: int) -> int:
            results = room.answer(asked[number])
            # Where no passage has all words, ours answers with those that lack one and says so; the others find nothing.
            return 0 if results.spared else results.passages

        return ask


class Stock(Peer):
    """Whoosh as it comes: its own codec, writer, query parser and facets."""

    name = "whoosh"

    def build(self, root: Path, folder: Path) -> None:
        """Index a collection."""
        words = whoosh.fields.KEYWORD(stored=False, sortable=True)
        text_field = whoosh.fields.TEXT(stored=True, phrase=True)
        schema = whoosh.fields.Schema(text=text_field, camp=words, decade=words, flag=words)
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
            _, words, options = QUESTIONS[number]
            fields = [f"camp:{options['camp']}"] if "camp" in options else []
            fields += [f"flag:{flag}" for flag in options.get("flags", ())]
            fields += [f"NOT flag:{options['without']}"] if "without" in options else []
            found = searcher.search(parser.parse(" ".join([words, *fields])), limit=TOP_HITS, groupedby=list(FACETS))
            for facet in FACETS:
                found.groups(facet)
            for hit in found[:TOP_HITS]:
                hit["text"]
            return len(found)

        return ask


class Fts5(Peer):
    """SQLite's full-text index as somebody writes it who knows it: no second copy of the text, facets grouped by SQL."""

    name = "fts5"

    def build(self, root: Path, folder: Path) -> None:
        """Index a collection."""
        base = sqlite3.connect(folder / "fts.db")
        base.executescript(f"""
            PRAGMA journal_mode = OFF;
            PRAGMA cache_size = -{_CACHE};
            CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT);
            CREATE TABLE facets (id INTEGER PRIMARY KEY, kind INTEGER);
            CREATE TABLE kinds (id INTEGER PRIMARY KEY, camp TEXT, decade TEXT, flag TEXT);
            CREATE VIRTUAL TABLE passages USING fts5(text, camp, decade, flag, content='', tokenize='porter unicode61');
            CREATE VIRTUAL TABLE words USING fts5vocab(passages, col);
        """)
        kinds: dict[tuple[str, ...], int] = {}
        for number, (text, *values) in enumerate(passages(root), start=1):
            base.execute("INSERT INTO texts VALUES (?, ?)", (number, text))
            base.execute("INSERT INTO facets VALUES (?, ?)", (number, kinds.setdefault(tuple(values), len(kinds))))
            base.execute("INSERT INTO passages (rowid, text, camp, decade, flag) VALUES (?, ?, ?, ?, ?)", (number, text, *values))
        base.executemany("INSERT INTO kinds VALUES (?, ?, ?, ?)", [(number, *values) for values, number in kinds.items()])
        base.execute("INSERT INTO passages (passages) VALUES ('optimize')")
        base.commit()

    def open(self, root: Path, folder: Path) -> Callable[[int], int]:
        """Open the index."""
        del root
        base = sqlite3.connect(folder / "fts.db")
        base.execute(f"PRAGMA cache_size = -{_CACHE}")
        base.execute("PRAGMA mmap_size = 8000000000")
        kinds = {number: [each.split() for each in values] for number, *values in base.execute("SELECT * FROM kinds")}

        def ask(number: int) -> int:
            match = _fts5(base, *QUESTIONS[number])
            rows = base.execute("SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (match, TOP_HITS))
            for (row,) in rows.fetchall():
                base.execute("SELECT text FROM texts WHERE id = ?", (row,)).fetchone()
            counts: dict[tuple[int, str], int] = {}
            total = 0
            for kind, often in base.execute(GROUPED, (match,)):
                total += often
                for facet, values in enumerate(kinds[kind]):
                    for value in values:
                        counts[facet, value] = counts.get((facet, value), 0) + often
            return total

        return ask


GROUPED: Final = (
    "SELECT kind, count(*) FROM passages JOIN facets ON facets.id = passages.rowid WHERE passages MATCH ? GROUP BY kind"
)


def _fts5(base: sqlite3.Connection, name: str, words: str, options: dict[str, Any]) -> str:
    """Write a question as FTS5 takes it; a fuzzy word is looked up in its list of terms."""
    if name == "near":
        wanted = f"NEAR({words.partition('~')[0].strip(chr(34))}, 5)"
    elif name == "fuzzy":
        word = words.partition("~")[0]
        between = (len(word) - 1, len(word) + 1)
        listed = base.execute("SELECT term FROM words WHERE col = 'text' AND length(term) BETWEEN ? AND ?", between)
        wanted = "(" + " OR ".join(f'"{term}"' for (term,) in listed if _near(term, word)) + ")"
    else:
        wanted = f"({' AND '.join(words.split())})" if '"' not in words else words
    match = f"text : {wanted}"
    match += f' AND camp : "{options["camp"]}"' if "camp" in options else ""
    match += "".join(f' AND flag : "{flag}"' for flag in options.get("flags", ()))
    return match + (f' NOT flag : "{options["without"]}"' if "without" in options else "")


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
            name, words, options = QUESTIONS[number]
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
            found = searcher.search(query, limit=TOP_HITS, count=True)
            for _, place in found.hits:
                searcher.doc(place)["text"]
            searcher.aggregate(query, wanted)
            return int(found.count)

        return ask


PEERS: Final[dict[str, type[Peer]]] = {peer.name: peer for peer in (Ours, Stock, Fts5, Tantivy) if peer is not Tantivy or tantivy}


def build(name: str, root: str, folder: str, processes: str = "") -> dict[str, Any]:
    """Build an index; gives seconds by the clock and of the processor, and the memory of the largest of the processes."""
    if processes:
        worker_pool.most = lambda: int(processes)  # type: ignore[assignment]  # for the measurement alone
    start, before = time.perf_counter(), _spent()
    PEERS[name]().build(Path(root), Path(folder))
    taken, spent = time.perf_counter() - start, _spent() - before
    # Of those that helped the system tells the largest alone.
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + largest * (worker_pool.most() if largest else 0)
    return {"seconds": taken, "processor": spent, "peak": peak * 1.024e-3}


def ask(name: str, root: str, folder: str, once: str = "") -> dict[str, Any]:
    """Ask all questions again and again, or once; gives milliseconds of the processor and by the clock, and what was found."""
    asking = PEERS[name]().open(Path(root), Path(folder))
    spent: dict[str, list[float]] = {}
    clock: dict[str, list[float]] = {}
    found = {}
    for number, (kind, _, _) in enumerate(QUESTIONS):
        for turn in range(1 if once else WARM + 1):
            start, before = time.perf_counter(), time.process_time()
            found[kind] = asking(number)
            if turn:
                spent.setdefault(kind, []).append((time.process_time() - before) * 1e3)
                clock.setdefault(kind, []).append((time.perf_counter() - start) * 1e3)
    return {"ms": spent, "clock": clock, "found": found}


def _spent() -> float:
    """Give the seconds of the processor that this process and its finished children took."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def run(*arguments: str, watched: bool = False) -> dict[str, Any]:
    """Run one of the above in a process of its own.

    :param watched: look again and again how much memory it and those that it starts have; gives the most of it as its ``peak``,
        where the system tells.
    """
    command = [sys.executable, __file__, *arguments]
    pipe, most = subprocess.PIPE, 0.0
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", env=_environment()) as process:
        while True:
            try:
                told, faults = process.communicate(timeout=_EVERY if watched else None)
                break
            except subprocess.TimeoutExpired:
                most = max(most, memory_of(process.pid))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, told, faults)
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found | ({"peak": most} if most else {})


def memory_of(first: int) -> float:
    """Give the megabytes that a process and those that it started have at this moment; 0 where the system does not tell.

    Linux tells the share of each (PSS): what several have in common, as a forked process has with the one that it came of, is
    divided among them, and so counts once in the sum.
    """
    started: dict[int, list[int]] = {}
    for told in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended by now
            started.setdefault(int(told.read_text().rpartition(")")[2].split()[1]), []).append(int(told.parent.name))
    kilobytes, waiting = 0, [first]
    while waiting:
        process = waiting.pop()
        waiting += started.get(process, ())
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
            kilobytes += int(found[1]) if found else 0
    return kilobytes * 1.024e-3


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Processes:
    """Whole processes that ask the rare question with facets, ours from an installed wheel."""

    def __init__(self, folder: Path, *, wheel: bool = True) -> None:
        """Build the wheel and install it into a folder of its own, compiled as an installer leaves it; else run the sources."""
        self.site = TOP
        if wheel:
            self._install(folder / "wheel", folder / "site")

    def _install(self, made: Path, site: Path) -> None:
        pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
        try:
            subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", made, TOP], check=True, capture_output=True)
            subprocess.run([*pip, "install", "--no-deps", "--target", site, *made.iterdir()], check=True, capture_output=True)
        except subprocess.CalledProcessError:
            print("# no wheel could be built here, so that the sources are run", flush=True)
        else:
            self.site = site

    def commands(self, names: list[str], root: Path) -> dict[str, list[str]]:
        """Return what is run, by name: each peer by itself, and with Click, of which a command line is made."""
        commands = {"import click": ["-c", "import click"]}
        for name in names:
            if name == "ours":
                commands[name] = ["-m", "archive", "--root", str(root), "search", "kwalliso", "--facets", "--words"]
                continue
            script = _PEER_COLD[name].format(folder=str(root / name), db=str(root / name / "fts.db"))
            commands[name] = ["-c", script]
            commands[f"{name} + click"] = ["-c", f"import click; {script}"]
        return commands

    def once(self, command: list[str]) -> tuple[float, float, int]:
        """Run a command; gives milliseconds of the processor and by the clock, and how many passages it says it found."""
        environment = {**_environment(), "PYTHONPATH": os.pathsep.join([str(self.site), sysconfig.get_path("purelib"), *PATHS])}
        start, before = time.perf_counter(), _spent()
        done = subprocess.run([sys.executable, *command], check=True, capture_output=True, cwd="/", env=environment)
        taken = (_spent() - before) * 1e3, (time.perf_counter() - start) * 1e3
        told = done.stdout.decode()
        found = re.search(r"^([\d,]+) passages?\b", told, re.MULTILINE) or re.search(r"^(\d+)$", told, re.MULTILINE)
        return *taken, int(found[1].replace(",", "")) if found else -1


_COUNTED: Final = GROUPED.replace("count(*)", "count(*) n")
PATHS: Final = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
_PEER_COLD: Final = {
    "fts5": "import sqlite3; b = sqlite3.connect({db!r}); m = 'text : kwalliso'; "  # noqa: S608 - of constants alone
    "r = b.execute('SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT 10', (m,)).fetchall(); "
    "[b.execute('SELECT text FROM texts WHERE id = ?', x).fetchone() for x in r]; "
    "k = b.execute('SELECT camp, decade, flag, n FROM kinds JOIN (" + _COUNTED + ") ON kind = id', (m,)).fetchall(); "
    "print(sum(x[3] for x in k))",
    "tantivy": "import tantivy; i = tantivy.Index.open({folder!r}); s = i.searcher(); q = i.parse_query('kwalliso', ['text']); "
    "h = s.search(q, limit=10, count=True); [s.doc(p) for _, p in h.hits]; "
    "s.aggregate(q, {{f: {{'terms': {{'field': f, 'size': 100}}}} for f in ('camp', 'decade', 'flag')}}); print(h.count)",
    "whoosh": "import whoosh.index, whoosh.qparser; i = whoosh.index.open_dir({folder!r}); s = i.searcher(); "
    "q = whoosh.qparser.QueryParser('text', i.schema).parse('kwalliso'); "
    "r = s.search(q, limit=10, groupedby=['camp', 'decade', 'flag']); "
    "[h['text'] for h in r[:10]]; print(len(r))",
}


def updated(root: Path, processes: Processes) -> float:
    """Give what `testimony index` takes of the processor after one record was changed: the least of some times."""
    files = sorted((root / "testimonies").iterdir())
    taken = []
    for turn in range(COLD):
        file = files[(turn + 1) * len(files) // (COLD + 1)]
        file.write_bytes(file.read_bytes() + f"\n\nOne more paragraph, made up for a benchmark, {turn}.\n".encode())
        taken.append(processes.once(["-m", "archive", "--root", str(root), "index"])[0])
    return min(taken)


def size_of(folder: Path) -> int:
    """Give the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def percentile(values: list[float], share: float) -> float:
    """Give the value that a share of all do not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def disagreeing(found: dict[str, dict[str, int]]) -> list[str]:
    """Name the questions on which engines find other numbers of passages, though they mean the same to them."""
    told = []
    for kind, _, _ in MIX:
        numbers = {name: each[kind] for name, each in found.items() if kind not in DIFFERENT.get(name, ())}
        # Whoosh as it comes stems nothing, so that it may find fewer.
        if len({number for name, number in numbers.items() if name != "whoosh"}) > 1:
            told.append(f"{kind}: {numbers}")
    return told


def measured(root: Path, names: list[str], processes: Processes) -> dict[str, dict[str, Any]]:
    """Measure every engine on a collection."""
    text = size_of(root / "testimonies")
    run("export", str(root), str(root / "passages.jsonl"))
    figures: dict[str, dict[str, Any]] = {}
    for name in names:
        folder = root / name
        folder.mkdir()
        built = run("build", name, str(root), str(folder), watched=True)
        lies = root / "index" / "public" if name == "ours" else folder
        figures[name] = {
            "build MB/s": text / 1e6 / built["seconds"],
            "build MB/s of the processor": text / 1e6 / built["processor"],
            "peak MB": built["peak"],
            "index / text": size_of(lies) / text,
        }
        if name == "ours":
            alone = run("build", name, str(root), str(folder), "1", watched=True)
            figures[name]["one process: MB/s of the processor"] = text / 1e6 / alone["processor"]
            figures[name]["one process: peak MB"] = alone["peak"]
    found = {name: run("ask", name, str(root), str(root / name), "once")["found"] for name in names}
    for name, each in found.items():
        print(f"# {name}: {json.dumps(each)}", flush=True)
    if apart := disagreeing(found):
        message = "the engines answer different questions: " + "; ".join(apart)
        raise ValueError(message)
    _ask_all(root, names, figures, processes, {name: each["rare"] for name, each in found.items()})
    figures["ours"]["one record ms"] = updated(root, processes)
    return figures


def _ask_all(
    root: Path, names: list[str], figures: dict[str, dict[str, Any]], processes: Processes, rare: dict[str, int]
) -> None:
    """Ask all engines in turn, as open indexes and as whole processes, round after round."""
    commands = processes.commands(names, root)
    cold: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    rounds = []
    for _ in range(ROUNDS):
        rounds.append({name: run("ask", name, str(root), str(root / name)) for name in names})
        for turn in range(COLD + 1):
            for name, command in commands.items():
                spent, clock, number = processes.once(command)
                if number not in {-1, rare.get(name.removesuffix(" + click"))}:
                    message = f"the process of {name} found {number} passages, and the open index others: it asks something else"
                    raise ValueError(message)
                cold[name] += [(spent, clock)] if turn else []
    for name, row in figures.items():
        own = cold[name]
        row["process ms"], row["process ms by the clock"] = min(each[0] for each in own), min(each[1] for each in own)
        if name != "ours":
            row["process with Click ms"] = min(each[0] for each in cold[f"{name} + click"])
        every = {
            way: [each for asked in rounds for kind, _, _ in MIX for each in asked[name][way][kind]] for way in ("ms", "clock")
        }
        row |= {"warm p50 ms": percentile(every["ms"], 0.5), "warm p95 ms": percentile(every["ms"], 0.95)}
        row["warm p50 ms by the clock"] = percentile(every["clock"], 0.5)
        for kind, _, _ in QUESTIONS:
            row[f"  {kind}"] = statistics.median(each for asked in rounds for each in asked[name]["ms"][kind])
    print(f"# import click: {min(each[0] for each in cold['import click']):.1f} ms of the processor", flush=True)


def table(found: dict[str, dict[str, Any]]) -> None:
    """Print the figures, and each beside ours."""
    print(f"{'':36}" + "".join(f"{name:>20}" for name in found))
    for row in dict.fromkeys(row for figures in found.values() for row in figures):
        line = f"{row:36}"
        for figures in found.values():
            value, own = figures.get(row), found["ours"].get(row)
            if value is None:
                line += " " * 20
            else:
                line += f"{value:11.2f} ({value / own:6.2f})" if own else f"{value:11.2f}{'':9}"
        print(line.rstrip())


def main(total: int, *, stock: bool, wheel: bool = True) -> None:
    """Measure and print."""
    names = [name for name in PEERS if stock or name != "whoosh"]
    with tempfile.TemporaryDirectory() as made:
        root, small = Path(made) / "large", Path(made) / "small"
        print(f"# {total} testimonies, {generate.write(root, total) / 1e6:.1f} MB; {os.cpu_count()} processors", flush=True)
        told = f"of all processes together, what they share counted once, looked at every {_EVERY} s"
        print(f"# peak: {told if memory_of(os.getpid()) else 'the largest process, as often as there are some'}", flush=True)
        generate.write(small, max(1, total // 10))
        processes = Processes(Path(made), wheel=wheel)
        found = measured(root, names, processes)
        tenth = measured(small, ["ours"], processes)["ours"]
        table(found)
        large = found["ours"]
        build_row = "build MB/s of the processor"
        exponent = math.log10(10 * tenth[build_row] / large[build_row])
        middle, slow = (math.log10(large[row] / tenth[row]) for row in ("warm p50 ms", "warm p95 ms"))
        print(f"# growth from a tenth, as an exponent: build {exponent:.2f}, p50 {middle:.2f}, p95 {slow:.2f}")
        shutil.rmtree(root)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {"build", "ask", "export"}:
        print(json.dumps({"build": build, "ask": ask, "export": export}[sys.argv[1]](*sys.argv[2:])))
    else:
        numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
        main(numbers[0] if numbers else 1_000, stock="--skip-stock" not in sys.argv)
