"""No text for people has a date as the schema writes it (EDTF): the terminal, pages, Markdown, Word, pictures, an edition.

Each place of a record and of the authority files that takes a date gets one of its own, so that what slips through is named.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import everything_printed
from archive.documents import reading
from archive.formats._date_words import date_in_words
from archive.formats.registry import FORMATS, PARALLEL, RECORDS
from archive.language.messages import LANGUAGES, speaking
from archive.record import dates
from running import ask_program

PLACES = {
    "period": "198X/1995~",
    "second period": "[1971,1973]",
    "claim": "1974?",
    "recorded": "2001-05~",
    "known": "2014%",
    "statement": "../1969~",
    "side": "1961~/196X",
    "name": "1958-23/..",
}
DATA = {"json", "jsonl", "csv", "csl-json", "bibtex", "ris", "zotero-rdf"}
"""Formats for programs, which have dates as records do."""


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with a date of every kind at every place that takes one."""
    root = everything_printed.make(tmp_path_factory.mktemp("dated"))
    for file in root.rglob("NKT-9001*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            for found, name in (
                ('"period": "1985"', "period"),
                ('"period": "1991/1993"', "second period"),
                ('"period": "1992"', "claim"),
                ('"date": "2001"', "recorded"),
                ('"known": "2015"', "known"),
            ):
                assert found in text, found
                text = text.replace(found, f'{found.partition(":")[0]}: "{PLACES[name]}"')
            file.write_text(text, encoding="utf-8")
    camps = json.loads((root / "authorities/camps.yaml").read_text(encoding="utf-8"))
    for facility in camps["facilities"]:
        facility["statements"] = [
            {"about": about, "date": PLACES["statement"], "text": "Made up.", "cites": [{"ref": "ledger-1961"}]}
            for about in ("opened", "status", "population")
        ]
        facility["place_names"] = [{"text": "Made-up hill", "period": PLACES["name"]}]
        facility["conflicts"] = ["conf-001"]
    (root / "authorities/camps.yaml").write_text(json.dumps(camps), encoding="utf-8")
    conflicts = json.loads((root / "authorities/conflicts.yaml").read_text(encoding="utf-8"))
    conflicts["conflicts"][0]["claims"][0]["date"] = PLACES["side"]
    (root / "authorities/conflicts.yaml").write_text(json.dumps(conflicts), encoding="utf-8")
    return root


def questions(folder: Path) -> list[tuple[str, ...]]:
    """Every command that prints for people, in every format for people."""
    asked = [
        *(("search", "coal", "--format", form) for form in FORMATS if form not in DATA),
        ("search", "coal", "--facets", "--period", "1980s"),
        *(("show", "NKT-9001", "--format", form) for form in (*RECORDS, *FORMATS) if form not in DATA),
        *(("show", "NKT-9002", "--parallel", "--format", form) for form in PARALLEL if form not in DATA),
        ("show", "NKT-9001#p1"),
        ("show", "NKT-9001", "--versions"),
        ("excerpt", "NKT-9001#p1"),
        ("cite", "NKT-9001#p1"),
        ("cite", "NKT-9001#p1", "--of", "source"),
        ("witness", "Upman"),
        ("list",),
        ("stats",),
        ("camps",),
        ("camps", "18"),
        ("camps", "--conflicts"),
        *(("compare", "--camp", "18", "--period", "1960/1999", "--format", form) for form in ("text", "markdown")),
        *(
            ("picture", "camp", "18", "--kind", kind, "--format", "html", "--output", "-")
            for kind in ("timeline", "map", "coverage", "estimates")
        ),
    ]
    dossiers = [folder / f"dossier.{ending}" for ending in ("md", "html", "docx")]
    return [
        *asked,
        *(("dossier", "coal", "--period", "1960/1999", "--output", str(file)) for file in dossiers),
        ("publish", str(folder / "edition")),
    ]


def for_people(folder: Path, printed: str) -> Mapping[str, str]:
    """What was printed and written, by where: of pages what is read, of a word processor's file its words."""
    texts = {"printed": printed}
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".md", ".txt"}:
            texts[file.name] = file.read_text(encoding="utf-8")
        elif file.suffix == ".html":
            texts[str(file.relative_to(folder))] = file.read_text(encoding="utf-8")
        elif file.suffix == ".docx":
            read = reading.read(file.read_bytes(), file.name)
            texts[file.name] = "\n".join(block.text for block in read.blocks)
    hidden = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
    return {name: hidden.sub(" ", text) for name, text in texts.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_read_dates_in_words(dated: Path, tmp_path: Path, language: str) -> None:
    """Of no date is the way of the schema printed, of each the words are; and JSON has it as it was."""
    seen, raw = set[str](), list[object]()
    with speaking(language):
        words = {name: date_in_words(date) for name, date in PLACES.items()}
    for number, question in enumerate(questions(tmp_path)):
        folder = tmp_path / str(number)
        folder.mkdir()
        asked = [each.replace(str(tmp_path), str(folder)) for each in question]
        ran = ask_program(dated, *asked, "--lang", language)
        assert ran.code == 0, (asked, ran.err)
        for where, text in for_people(folder, ran.out).items():
            flat = " ".join(text.replace("\\", "").split())
            for name, date in PLACES.items():
                if date in flat:
                    raw.append((asked, where, name, flat[max(0, flat.find(date) - 90) : flat.find(date) + 60]))
                seen |= {name} if words[name] in flat else set()
    assert not raw, raw
    assert seen == set(PLACES)
    data = ask_program(dated, "show", "NKT-9001", "--format", "json", "--lang", language).out
    assert all(PLACES[name] in data for name in ("period", "second period", "recorded", "known"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "written",
    [
        *("1996", "1996-05", "1996-05-03", "199X", "1996-XX", "1996-05-XX", "1996~", "1996?", "1996%", "?1996-05", "1996-05~-03"),
        *("198X/1995~", "../1982~", "2013/..", "/1982", "1982/", "[1980,1982]", "{1980,1982}", "[..1982]", "[1980..1982]"),
        *("1996-21", "1996-24~", "1990-22/1990-24", "199X-05", "1996-1X", "1996-33", "19XX", "~1996/2000", "[1980,1982..]"),
    ],
)
def test_a_date_of_every_kind_has_words(written: str, language: str) -> None:
    """No sign of the schema is left in them, but the wave between the ends of a Korean span."""
    assert dates.read(written)
    with speaking(language):
        words = date_in_words(written)
    left = re.sub("(?<=[가-힣)])~(?=[0-9])", "", words) if language == "ko" else words
    assert not re.search(r"[X~?%/\[\]{}]|\.\.", left), words
    assert re.search(r"[0-9]{4}", words)


def test_what_is_no_date_stays_as_it_is() -> None:
    """A name's time may be said in words already; and what cannot be read is not made to say something else."""
    for written in ("after the war?", "from/to", "1996-02-3X", ""):
        assert date_in_words(written) == (written or "undated")
