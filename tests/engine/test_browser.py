"""The search of a published page, run in Chromium from a folder, gives the totals of `testimony search`."""

import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import browser
import pages_opened
from archive import Archive
from archive.engine.browser import builder
from archive.engine.browser.builder import SearchFiles
from archive.errors import ArchiveError

pytestmark = browser.needs_chromium()

SCRIPTS = Path(builder.__file__).parent
POLICY = "default-src 'none'; script-src 'self'"

ASKED: list[tuple[str, dict[str, str]]] = [
    *(
        (words, {})
        for words in ("보위부", "수용소", "forced labour", '"forced labour"', "hunger", "굶주림", "강제노동", "강제로동")
    ),
    *(
        (words, {})
        for words in (
            "공개처형",
            "공개 처형을",
            "정치범수용소에서",
            "요덕",
            "요덕수용소에서",
            "제14호 관리소",
            "15호",
            "로",
            "깊은 산",
        )
    ),
    *(
        (words, {})
        for words in ("Camp 14", "Yodok", "Kaechon", "kwalliso-15", "camp 12에서", "Shin Dong-hyuk", "Donghyuk", "NKT-0001")
    ),
    *(
        (words, {})
        for words in ('"public execution"', "public executions", "coal OR gold", "(coal OR iron) mine", "hunger NOT execution")
    ),
    *(
        (words, {})
        for words in (
            "-hunger",
            "hunger -“public execution”",
            "guilt by association",
            "연좌제",
            "전기철조망",
            "how many prisoners",
        )
    ),
    *(
        (words, {})
        for words in (
            "what did witnesses say about torture",
            "re-education",
            "reeducation",
            "1,000",
            "1990s torture",
            "U.N.",
            "UN",
            "made to kneel with mouth open guards spat",
            "guards ordered to shoot fugitives or prisoners in winter",
            "was there ever a riot in a camp?",
            "children beaten at school by a teacher with stones",
            "Tokyo rain hunger beaten fence",
        )
    ),
    *(
        (words, {})
        for words in (
            "Hidden Gulag",
            "the hidden gulag torture",
            "Blaine Harden",
            "escape from camp 14",
            "Amnesty 2011",
            "Kang Chol-hwan book",
            "Aquariums of Pyongyang",
            "데일리NK",
            "통일연구원 보고서는",
            "ap",
            "Amnesty OR Reuters",
            "coal | gold",
            "hunger & torture",
            "hunger !execution",
            "hunger ¬execution",
            "coal ＯＲ gold",
            "″public execution″",
            "1٤",
        )
    ),
    *((words, {}) for words in ("children born in the camp", "corn", "zzqqx", "forced abortion 강제낙태")),
    *((words, {"camp": "kwalliso-14"}) for words in ("", "hunger", "torture OR 고문", "forced labour")),
    *((words, {"period": "199X"}) for words in ("", "torture", "수용소")),
    *((words, {"flag": "recanted"}) for words in ("", "torture")),
    *((words, {"language": tag}) for words in ("", "family", "가족") for tag in ("en", "ko")),
    ("famine", {"topic": "starvation"}),
    ("death", {"camp": "kwalliso-15", "period": "198X", "language": "ko"}),
]


@pytest.fixture(scope="module")
def archive(shipped: Path) -> Iterator[Archive]:
    """Open the archive that is shipped."""
    with Archive(shipped) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the search of the archive into a folder, with a page that does nothing but load it."""
    return written(archive, tmp_path_factory.mktemp("edition"))


def written(archive: Archive, folder: Path) -> Path:
    """Write the files of a search."""
    for name, content in SearchFiles(archive.records(), archive.authorities).scripts():
        (folder / name).write_text(content, encoding="utf-8")
    for script in ("query.js", "search.js"):
        shutil.copy(SCRIPTS / script, folder)
    page = f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    (folder / "page.html").write_text(
        f'{page}<script src="query.js"></script><script src="search.js"></script>', encoding="utf-8"
    )
    return folder


ANSWER = """async ([asked, language]) => {
  const edition = new Edition(location.href), answers = [];
  await edition.open();
  for (const [words, filters] of asked) {
    try {
      const { passages, records, undated } = await edition.search(words, filters, language);
      answers.push([passages.length, records, undated]);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      answers.push(error.message);
    }
  }
  return answers;
}"""


@pytest.fixture(scope="module")
def window() -> Iterator[Any]:
    """Start the browser."""
    with pages_opened.chromium() as started:
        yield started


def answered(window: Any, folder: Path, asked: list[tuple[str, dict[str, str]]]) -> list[Any]:
    """Ask the page that lies in a folder."""
    of_page = [(words, {of_the_page(name): [decade(value)] for name, value in filters.items()}) for words, filters in asked]
    with pages_opened.page_of(window) as (page, requested, complaints):
        page.goto(pages_opened.uri(folder / "page.html"))
        answers: list[Any] = page.evaluate(ANSWER, [of_page, "en"])
        assert complaints == []
        assert all(address.startswith("file://") for address in requested)
    return answers


def of_the_page(name: str) -> str:
    """Return what the page calls a filter."""
    return "decade" if name == "period" else name


def decade(value: str) -> str | int:
    """Return a decade as the page has it: its first year."""
    return int(value[:3]) * 10 if value.endswith("X") else value


def told(archive: Archive, words: str, filters: dict[str, Any]) -> Any:
    """Return what the command says: passages, testimonies, undated left out; None where it refuses the words."""
    try:
        results = archive.search(words, **filters, limit=0).results
    except ArchiveError:
        return None
    return [results.passages, results.testimonies, results.undated_left_out]


def test_totals_are_those_of_the_command(archive: Archive, folder: Path, window: Any) -> None:
    """Words, topics, names, phrases, OR, NOT and filters give the same totals in both languages."""
    expected = [told(archive, *each) for each in ASKED]
    assert sum(total[0] > 0 for total in expected) > len(ASKED) - 8, "the queries must find something to prove anything"
    assert dict(enumerate(zip(ASKED, answered(window, folder, ASKED), strict=True))) == dict(
        enumerate(zip(ASKED, expected, strict=True))
    )


def test_totals_of_any_words_are_those_of_the_command(archive: Archive, folder: Path, window: Any) -> None:
    """So do words, runs of words and labels that nobody chose."""
    chance = random.Random(22)
    asked = list(made_queries(archive, chance, 200))
    expected = [told(archive, *each) for each in asked]
    different = [
        (query, total, answer)
        for query, total, answer in zip(asked, expected, answered(window, folder, asked), strict=True)
        if total is not None and total != answer
    ]
    assert different == []


def made_queries(archive: Archive, chance: random.Random, number: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield queries made of the words of the records and of the labels of topics."""
    texts = [text.words for record in archive.records() for passage in record.passages for text in (passage, *passage.versions)]
    words = [found for text in texts if (found := re.findall(r"[\w’'-]+", text))]
    vocabulary = archive.authorities.vocabulary
    labels = [label for name in ("topic", "flag", "role", "status") for term in vocabulary.terms(name) for label in term.words()]
    names = [name for facility in archive.authorities.gazetteer for name in facility.accepted()]

    def run(most: int) -> str:
        of_text = chance.choice(words)
        at = chance.randrange(len(of_text))
        return " ".join(of_text[at : at + chance.randint(1, most)])

    def part() -> str:
        word = run(1)
        at = chance.randrange(len(word))
        return word[at : at + chance.randint(2, 5)]

    makers = (
        lambda: run(1),
        lambda: f"{run(1)} {run(1)}",
        lambda: f'"{run(4)}"',
        lambda: run(5),
        lambda: chance.choice(labels),
        lambda: f"{chance.choice(labels)} {run(2)}",
        lambda: f"{chance.choice(names)} {chance.choice(['', '에서', 'hunger'])}",
        lambda: f"{run(1)} OR {chance.choice(labels)}",
        lambda: f'{chance.choice(labels)} -"{run(2)}"',
        part,
    )
    filters: tuple[dict[str, str], ...] = ({}, {}, {}, {"camp": "kwalliso-18"}, {"period": "200X"}, {"language": "ko"})
    for at in range(number):
        yield makers[at % len(makers)](), chance.choice(filters)


def test_many_files_answer_as_one(
    archive: Archive, folder: Path, window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collection whose terms lie in many files, of which a query loads a few, gives the same totals."""
    monkeypatch.setattr(builder, "ALL_IN_ONE", 1_000)
    monkeypatch.setattr(builder, "OF_A_SHARD", 5_000)
    many = written(archive, tmp_path)
    assert len(list(many.glob("t*.js"))) > 20
    assert answered(window, many, ASKED) == answered(window, folder, ASKED)


def test_what_is_not_understood_is_said(folder: Path, window: Any) -> None:
    """A sign that the page does not know is named, and never taken for a word."""
    asked = [
        "execut*",
        "wom?n",
        '"coal mine"~5',
        "executoin~1",
        "camp:15 hunger",
        '"open',
        "coal NEAR gold",
        "--coal",
        "coal AND",
    ]
    parts = ["execut*", "wom?n", '"coal mine"~5', "executoin~1", "camp:15", '"', "NEAR", "--coal", "AND"]
    assert answered(window, folder, [(words, {}) for words in asked]) == parts


def test_the_files_hold_no_words_in_their_order(archive: Archive, folder: Path) -> None:
    """Nobody can put a passage together from the names and labels in the files; the plain text of one would be found."""
    content = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js")))
    runs = [run for record in archive.records() for passage in record.passages for run in runs_of(passage.words, 6)]
    assert not [run for run in runs if run in content]
    assert [run for run in runs if run in content + runs[0]], "the look must find what is there"


def runs_of(text: str, length: int) -> Iterator[str]:
    """Yield every run of so many words."""
    words = text.split(" ")
    yield from (" ".join(words[at : at + length]) for at in range(0, len(words) - length + 1, length // 2))


def test_the_files_are_the_same_each_time(archive: Archive, folder: Path) -> None:
    """No clock and no order of chance is in them."""
    again = dict(SearchFiles(archive.records(), archive.authorities).scripts())
    assert {name: (folder / name).read_text(encoding="utf-8") for name in again} == again
