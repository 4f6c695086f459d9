"""How well a long question finds its answers, beside other engines, on test collections of your own.

    python bench/ranking.py COLLECTION...

A collection is a folder with the files of the classic SMART format
(``*.ALL``, ``*.QRY``, ``*.REL`` or ``qrels``, as Cranfield, CISI, MED and CACM
come; NPL's ``doc-text``, ``query-text``, ``rlv-ass`` too), or a JSON file::

    {"documents": {id: text or {"title": …, "text": …}},
     "queries": {id: text}, "judgements": {query: {document: grade}}}

or the word ``korean``: questions of ours, in ``korean.json``, on the Korean
passages of the shipped archive; many have a syllable by itself (그, 이, 몇).

Prints nDCG@10, MAP and recall@100 of the archive's own search, asked with
``--any --plain``, of SQLite's FTS5 (porter; trigram) and, where they are
installed, of tantivy and bm25s; then ours ÷ the best of them. Every engine
gets the same text, title first; questions without a judgement are left out.
"""

import importlib.util
import json
import math
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP))

from archive.archive import Archive  # noqa: E402 - found beside this folder
from archive.engine.whoosh import _schema as schema  # noqa: E402 - found beside this folder
from archive.engine.whoosh.file_storage import IndexFolder  # noqa: E402
from archive.engine.whoosh.searcher import WhooshEngine  # noqa: E402
from archive.search import syntax  # noqa: E402 - found beside this folder
from archive.search.model import Query  # noqa: E402
from archive.text import nfc  # noqa: E402

DEPTH = 1000
"""How far down a ranking is looked at, as trec_eval does."""

_WORD = re.compile(r"\w+")
_GRAM = 3
_TREC_COLUMNS = 4


class Trials(NamedTuple):
    """A test collection: documents and questions by their ids, and the grades above 0 of question and document."""

    name: str
    documents: dict[str, str]
    questions: dict[str, str]
    judgements: dict[str, dict[str, float]]


class Figures(NamedTuple):
    """What is measured, each the mean over the questions."""

    ndcg: float
    precision: float
    recall: float


Rankings = dict[str, list[str]]
"""For each question the documents, best first."""


# Reading collections


def read(path: Path) -> Trials:
    """Read a collection: a JSON file, or a folder in the SMART format."""
    if path.is_file():
        return from_json(path.stem, json.loads(path.read_text(encoding="utf-8")))
    return from_smart(path)


def from_json(name: str, data: dict[str, Any]) -> Trials:
    """Take a collection out of parsed JSON."""
    documents = {
        each: joined(held["title"], held["text"]) if isinstance(held, dict) else held for each, held in data["documents"].items()
    }
    return kept(name, documents, data["queries"], data["judgements"])


def korean() -> Trials:
    """Take the Korean passages of the shipped archive, and questions of ours on them."""
    asked = json.loads((TOP / "bench" / "korean.json").read_text(encoding="utf-8"))["questions"]
    with Archive(TOP) as room:
        hits = room.answer(Query(filters=room.filters(language="ko"), limit=None)).hits
    documents = {f"{hit.passage.code}#p{hit.passage.number}": hit.passage.words for hit in hits}
    return kept("Korean", documents, {each: each for each in asked}, {each: dict.fromkeys(asked[each], 1.0) for each in asked})


def from_smart(folder: Path) -> Trials:
    """Read a folder in the SMART format, or in NPL's.

    :raises FileNotFoundError: one of the three files is not there.
    """
    documents = records(_the_file(folder, r".*\.all(\.[0-9]+)?|doc-text"))
    questions = records(_the_file(folder, r".*\.qry|query[-.]text"))
    judgements = judged(_the_file(folder, r".*\.rel|.*qrels?(\.te?xt)?|rlv-ass"))
    if not judgements.keys() <= questions.keys() and all(int(each) <= len(questions) for each in judgements):
        # Cranfield's judgements count the questions and take no notice of their numbers.
        questions = {str(number): text for number, text in enumerate(questions.values(), 1)}
    return kept(folder.name, documents, questions, judgements)


def kept(name: str, documents: dict[str, str], questions: dict[str, str], judgements: dict[str, dict[str, float]]) -> Trials:
    """Keep what can be measured: the questions that some document of the collection answers."""
    relevant = {
        question: {document: grade for document, grade in grades.items() if grade > 0 and document in documents}
        for question, grades in judgements.items()
    }
    relevant = {question: grades for question, grades in relevant.items() if grades and question in questions}
    asked = {question: text for question, text in questions.items() if question in relevant}
    return Trials(name, {each: nfc(text) for each, text in documents.items()}, asked, relevant)


def joined(title: str, text: str) -> str:
    """Make one text of a title and what stands under it."""
    return f"{title}\n{text}".strip()


def records(text: str) -> dict[str, str]:
    """Give the texts of a file of documents or questions by their ids: title and words, no other field."""
    return dict(_marked(text) if re.match(r"\s*\.I ", text) else _slashed(text))


def judged(text: str) -> dict[str, dict[str, float]]:
    """Give the judgements of a file; a pair that is listed is relevant.

    Four columns whose second is always 0 are those of trec_eval and end in a
    grade. The third column of Cranfield, where 1 is best by one account and
    worst by another, is not read.
    """
    found: dict[str, dict[str, float]] = {}
    if re.search(r"^\s*/\s*$", text, re.MULTILINE):
        return {question: {_id(each): 1.0 for each in pairs.split()} for question, pairs in _slashed(text)}
    rows = [row for row in map(str.split, text.splitlines()) if row]
    as_trec = all(len(row) == _TREC_COLUMNS and row[1] in {"0", "Q0"} for row in rows)
    for row in rows:
        question, document, grade = (row[0], row[2], float(row[3])) if as_trec else (row[0], row[1], 1.0)
        found.setdefault(_id(question), {})[_id(document)] = grade
    return found


def _the_file(folder: Path, pattern: str) -> str:
    for path in sorted(folder.iterdir()):
        if re.fullmatch(pattern, path.name, re.IGNORECASE):
            return path.read_text(encoding="utf-8", errors="replace")
    message = f"no file in {folder} is named as {pattern}"
    raise FileNotFoundError(message)


def _marked(text: str) -> Iterator[tuple[str, str]]:
    """Read ``.I 1``, ``.T``, ``.W`` and their like; a field goes on to the next line that is a mark alone."""
    for record in re.split(r"^\.I\s+", text, flags=re.MULTILINE)[1:]:
        number, _, rest = record.partition("\n")
        parts = re.split(r"^\.([A-Z])[ \t]*$", rest, flags=re.MULTILINE)
        fields: dict[str, str] = {}
        for mark, words in zip(parts[1::2], parts[2::2], strict=True):
            fields[mark] = f"{fields.get(mark, '')}\n{words}".strip()
        yield _id(number), joined(fields.get("T", ""), fields.get("W", ""))


def _slashed(text: str) -> Iterator[tuple[str, str]]:
    """Read a number on a line, lines of text, and a line with a slash alone."""
    for record in re.split(r"^\s*/\s*$", text, flags=re.MULTILINE):
        number, _, words = record.strip().partition("\n")
        if number:
            yield _id(number), words.strip()


def _id(written: str) -> str:
    """Give a number without the zeros in front, which only some of the files write."""
    return written.strip().lstrip("0") or "0"


# Measuring


def ndcg(ranking: Sequence[str], grades: dict[str, float], depth: int = 10) -> float:
    """Give the normalised discounted cumulative gain, the gain being the grade itself."""
    best = sorted(grades.values(), reverse=True)[:depth]
    return _discounted(grades.get(each, 0.0) for each in ranking[:depth]) / _discounted(best)


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def average_precision(ranking: Sequence[str], grades: dict[str, float]) -> float:
    """Give the mean, over the relevant documents, of the precision where each is found."""
    found, total = 0, 0.0
    for place, each in enumerate(ranking, 1):
        if each in grades:
            found += 1
            total += found / place
    return total / len(grades)


def recall(ranking: Sequence[str], grades: dict[str, float], depth: int = 100) -> float:
    """Give the share of the relevant documents that is found."""
    return sum(each in grades for each in ranking[:depth]) / len(grades)


def measured(trials: Trials, rankings: Rankings) -> Figures:
    """Give the means over the questions; one without a ranking counts as nothing found."""
    pairs = [(rankings.get(question, [])[:DEPTH], grades) for question, grades in trials.judgements.items()]
    return Figures(*(sum(metric(*pair) for pair in pairs) / len(pairs) for metric in (ndcg, average_precision, recall)))


# Engines


def ours(trials: Trials) -> Rankings:
    """Ask the archive's own search, every document a passage."""
    names = list(trials.documents)
    with tempfile.TemporaryDirectory() as folder:
        files = IndexFolder(Path(folder))
        writer = schema.writer(files, anew=True)
        for number, text in enumerate(trials.documents.values()):
            writer.start_group()
            writer.add_document(text=text, code=f"DOC-{number}", paragraph=b"1")
        writer.commit()
        engine = WhooshEngine(files, _no_authorities)
        rankings = {}
        for question, words in trials.questions.items():
            # What `search` shows, without the printing: so a change of the ranking is measured without a change here.
            best = engine.best(syntax.plain(nfc(words), any_of=True), DEPTH)
            rankings[question] = [names[number] for number in best]
        engine.close()
    return rankings


def _no_authorities() -> Any:  # noqa: ANN401 - it gives none
    message = "plain words ask for no facility"
    raise AssertionError(message)


def fts5_porter(trials: Trials) -> Rankings:
    """Ask SQLite's words with Porter's stemmer."""
    return _fts5(trials, "porter unicode61", lambda words: words)


def fts5_trigram(trials: Trials) -> Rankings:
    """Ask SQLite's trigrams for every three letters inside a word; a shorter word cannot be asked for."""
    return _fts5(
        trials,
        "trigram",
        lambda words: [word[at : at + _GRAM] for word in words for at in range(len(word) - _GRAM + 1)],
    )


def _fts5(trials: Trials, tokenizer: str, terms: Callable[[list[str]], list[str]]) -> Rankings:
    names = list(trials.documents)
    rankings = {}
    with sqlite3.connect(":memory:") as base:
        base.execute(f"CREATE VIRTUAL TABLE passage USING fts5(text, tokenize='{tokenizer}')")
        base.executemany("INSERT INTO passage (rowid, text) VALUES (?, ?)", enumerate(trials.documents.values()))
        for question, words in trials.questions.items():
            asked = " OR ".join(f'"{term}"' for term in terms(_WORD.findall(nfc(words))))
            found = base.execute("SELECT rowid FROM passage(?) ORDER BY rank, rowid LIMIT ?", (asked, DEPTH)) if asked else ()
            rankings[question] = [names[row] for (row,) in found]
    base.close()
    return rankings


def tantivy(trials: Trials) -> Rankings:
    """Ask tantivy with its English stemmer."""
    import tantivy  # noqa: PLC0415 - may be absent

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="en_stem")
    builder.add_unsigned_field("number", stored=True)
    base = tantivy.Index(builder.build())
    writer = base.writer(num_threads=1)
    names = list(trials.documents)
    for number, text in enumerate(trials.documents.values()):
        writer.add_document(tantivy.Document(text=text, number=number))
    writer.commit()
    writer.wait_merging_threads()
    base.reload()
    searcher = base.searcher()
    rankings = {}
    for question, words in trials.questions.items():
        asked = base.parse_query(" ".join(_WORD.findall(nfc(words).lower())), ["text"])
        hits = searcher.search(asked, limit=DEPTH).hits
        rankings[question] = [names[searcher.doc(place)["number"][0]] for _, place in hits]
    return rankings


def bm25s(trials: Trials) -> Rankings:
    """Ask bm25s with its English stop words and, where one is installed, a Snowball stemmer."""
    import bm25s  # noqa: PLC0415 - may be absent

    stemmer = None
    if importlib.util.find_spec("snowballstemmer"):
        import snowballstemmer  # noqa: PLC0415 - may be absent

        stemmer = snowballstemmer.stemmer("english").stemWords
    names = list(trials.documents)
    options = {"stopwords": "en", "stemmer": stemmer, "show_progress": False}
    base = bm25s.BM25()
    base.index(bm25s.tokenize(list(trials.documents.values()), **options), show_progress=False)
    asked = bm25s.tokenize([nfc(words) for words in trials.questions.values()], **options)
    found, scores = base.retrieve(asked, k=min(DEPTH, len(names)), show_progress=False)
    return {
        question: [names[each] for each, score in zip(row, points, strict=True) if score > 0]
        for question, row, points in zip(trials.questions, found, scores, strict=True)
    }


ENGINES: dict[str, Callable[[Trials], Rankings]] = {
    "ours": ours,
    "FTS5 porter": fts5_porter,
    "FTS5 trigram": fts5_trigram,
    "tantivy": tantivy,
    "bm25s": bm25s,
}
_OPTIONAL = ("tantivy", "bm25s")


def report(trials: Trials) -> None:
    """Run every engine that there is on a collection, and print."""
    print(f"{trials.name}: {len(trials.documents):,} documents, {len(trials.questions):,} questions")
    print(f"  {'':14}{'nDCG@10':>9}{'MAP':>9}{'recall@100':>12}{'seconds':>9}")
    figures: dict[str, Figures] = {}
    for name, engine in ENGINES.items():
        if name in _OPTIONAL and not importlib.util.find_spec(name):
            continue
        start = time.perf_counter()
        figures[name] = each = measured(trials, engine(trials))
        print(f"  {name:14}{each.ndcg:9.4f}{each.precision:9.4f}{each.recall:12.4f}{time.perf_counter() - start:9.1f}")
    our, others = figures.pop("ours"), figures
    compared = {"best": Figures(*map(max, zip(*others.values(), strict=True))), "FTS5 trigram": others["FTS5 trigram"]}
    for name, theirs in compared.items():
        ratios = [mine / other if other else math.inf for mine, other in zip(our, theirs, strict=True)]
        print(f"  {'ours ÷ ' + name:21}{ratios[0]:.3f}{ratios[1]:9.3f}{ratios[2]:12.3f}")
    print()


def main(paths: list[str]) -> None:
    """Measure every collection that is named."""
    if not paths:
        sys.exit(__doc__)
    for path in paths:
        report(korean() if path == "korean" else read(Path(path)))


if __name__ == "__main__":
    main(sys.argv[1:])
