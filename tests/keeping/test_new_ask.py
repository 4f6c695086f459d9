"""`testimony new --ask`: a record by questions in plain words; what is not written yet is a fault until it is."""

import os
from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.keeping._new_record import slug
from archive.reader import read
from archive.storage import record_files
from running import Ran, Run, talk_to_program

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the editor of these tests is a shell script")

ANSWERS = {
    "title": "만들어 낸 증언",
    "kind": "",
    "who": "Kim Made-up",
    "kind of name": "nonsense\npseudonym",
    "connection": "2",
    "rendering": "summary",
    "language": "ko",
    "where": "nowhere at all\n18",
    "when": "yesterday\n1998 to 2004",
    "as what": "guard",
    "how known": "1",
    "where else": "",
    "given": "2009",
    "recorded by": "A. Maker",
    "source": "A made-up interview",
    "published": "long ago\n2010-05",
    "public": "2",
    "contested": "Made up: the year is not certain.",
    "write": "n",
}


def asked(root: Path, *more: str, environment: dict[str, str] | None = None, **answers: str) -> Ran:
    """Answer every question."""
    given = {**ANSWERS, **{key.replace("_", " "): answer for key, answer in answers.items()}}
    return talk_to_program(
        root, "new", "--ask", *more, typed="".join(f"{answer}\n" for answer in given.values()), **environment or {}
    )


def header(root: Path, ran: Ran) -> dict[str, Any]:
    """Return the header of the record that was written."""
    path = next(line for line in ran.out.splitlines() if line.startswith("testimonies/"))
    plain: dict[str, Any] = read.nodes((root / path).read_bytes(), path)[0].plain()
    return plain


@pytest.fixture
def collection(root: Path) -> Path:
    """One record."""
    return made_up.collection(root, made_up.record(made_up.header("NKT-0007")))


def test_the_answers_are_the_record(collection: Path) -> None:
    """A wrong answer is told at once and asked again; the record begins closed, whatever may become of it."""
    ran = asked(collection)
    assert ran.code == 0, ran
    for told in ("nonsense", "nowhere at all", "yesterday", "long ago"):
        assert told in ran.err
    written = header(collection, ran)
    history = written.pop("history")
    note = written["credibility"]["notes"][0]
    assert note.pop("date") == history[0]["date"]
    assert written == {
        "schema": "1",
        "code": "NKT-0008",
        "title": "만들어 낸 증언",
        "kind": "testimony",
        "language": "ko",
        "text": {"rendering": "summary"},
        "witness": {"name": "Kim Made-up", "name_kind": "pseudonym", "connection": "perpetrator"},
        "camps": [{"camp": "kwalliso-18", "period": "1998/2004", "as": "guard", "basis": "first-hand"}],
        "recorded": {"date": "2009", "by": "A. Maker"},
        "source": {"csl": {"type": "interview", "title": "A made-up interview", "issued": {"date-parts": [["2010", "05"]]}}},
        "consent": {"status": "given"},
        "access": {"level": "closed"},
        "credibility": {
            "notes": [
                {
                    "id": "n1",
                    "flag": "contested",
                    "status": "open",
                    "about": {"record": "true"},
                    "statement": "Made up: the year is not certain.",
                    "by": "archive",
                }
            ]
        },
    }


def test_the_account_is_a_fault_until_it_is_written(collection: Path, run: Run, tmp_path: Path) -> None:
    """By file, line and field; then the same questions end in the editor, and the record can be opened."""
    assert asked(collection).code == 0
    ran = run("check")
    assert ran.code == 1
    assert [line.split(": ")[1] for line in ran.out.splitlines() if "NKT-0008" in line] == ["body"]
    assert "NKT-0008" not in run("search").out
    script = tmp_path / "editor.sh"
    script.write_text(
        f'#!/bin/sh\ncp "$1" {tmp_path}/seen\nsed -i.bak "s/^Write the account here.*/The made-up mine was flooded./" "$1"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    ran = asked(collection, write="", environment={"VISUAL": str(script)})
    assert ran.code == 0, ran
    assert header(collection, ran)["history"][-1]["change"] == "Account written"
    assert (tmp_path / "seen").read_text(encoding="utf-8") == "Write the account here, one paragraph for each thing told.\n"
    assert run("open", "NKT-0009", "--consent", "given", "--by", "A. Keeper").code == 0
    assert "The made-up mine was flooded." in run("show", "NKT-0009").out


def test_a_real_name_needs_what_was_published(collection: Path) -> None:
    """It is asked for, with the reason, before the record would be refused."""
    ran = asked(collection, kind_of_name="real")
    assert ran.code == 0, ran
    assert "A real name needs a published source" in " ".join(ran.out.split())
    assert header(collection, ran)["witness"]["name_kind"] == "real"


def test_an_embargo_and_an_open_question(collection: Path) -> None:
    """Not before a day; and nothing known of when and where."""
    ran = asked(collection, public="5\nsoon\n2999-01-01")
    assert ran.code == 0, ran
    assert header(collection, ran)["access"] == {"level": "closed", "until": "2999-01-01"}
    ran = talk_to_program(collection, "new", "--ask", "Made up", typed="\n" * 12 + "n\n")
    assert ran.code == 0, ran
    written = header(collection, ran)
    assert (written["witness"]["name"], written["camps"], written["recorded"]) == ("anonymous witness", [], {"date": "XXXX"})
    assert (written["consent"], written["access"], written["credibility"]) == ({"status": "unknown"}, {"level": "closed"}, {})


def test_who_stops_has_written_nothing(collection: Path, run: Run) -> None:
    """Also where nobody can be asked, and where options would be passed over in silence."""
    files = sorted((collection / "testimonies").iterdir())
    assert talk_to_program(collection, "new", "--ask", typed="Made up\n\n").code == 130
    assert "nobody can be asked here" in run("new", "--ask").err
    ran = talk_to_program(collection, "new", "--ask", "--witness", "x", typed="")
    assert (ran.code, "--witness" in ran.err) == (2, True)
    ran = run("new")
    assert (ran.code, "testimony new --ask" in ran.err) == (2, True)
    assert sorted((collection / "testimonies").iterdir()) == files


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_question_fits_the_screen_in_both_languages(collection: Path, language: str) -> None:
    """Of 80 columns, in the language of the person; ids that are typed stay as they are."""
    ran = asked(collection, "--lang", language)
    assert ran.code == 0, ran
    assert ("누가 말합니까" in ran.err) == (language == "ko")
    assert all(
        len(line.encode("euc-kr", "replace")) <= 80 for line in ran.out.splitlines() if not line.startswith("testimonies/")
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("어느 수감자의 증언", "어느-수감자의-증언"),
        ("Camp 15: 요덕 (1999)", "camp-15-요덕-1999"),
        ("Свидетельство", "свидетельство"),
        ("!?", "record"),
        ("각" * 200, "각" * 50),
    ],
)
def test_a_slug_keeps_the_letters_of_every_script(title: str, expected: str) -> None:
    """Never a name that says nothing, where the title says something; and no name that a disk refuses."""
    assert slug(title) == expected
    name = f"NKT-0008-{slug(title)}.md"
    assert record_files.code_of(name) == "NKT-0008"
    assert record_files.language_of(name) == ""
    assert len(f".{name}.zh-Hant-TW.md".encode()) < 255


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_is_to_be_written_is_said_in_the_language_of_the_person(collection: Path, run: Run, language: str) -> None:
    """And it is a fault in either, whoever checks."""
    ran = run("--lang", language, "new", "Made up")
    body = (collection / ran.out.strip()).read_text(encoding="utf-8").rpartition("\n---\n")[2]
    assert ("여기에" in body) == (language == "ko")
    for checking in ("en", "ko"):
        told = run("--lang", checking, "check").out
        assert {line.split(": ")[1] for line in told.splitlines() if "NKT-0008" in line} == {"body", "source.csl.title"}
