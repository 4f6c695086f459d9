"""The made-up collections that several suites of this folder verify documents of."""

from pathlib import Path

import pytest

import everything_printed
import made_up

SOURCE = {"type": "report", "title": "Made up for a test: a report", "issued": {"date-parts": [[2003, 4]]}}


@pytest.fixture(scope="module")
def gates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up collection with all that our formats print."""
    return everything_printed.make(tmp_path_factory.mktemp("gates"))


@pytest.fixture(scope="module")
def two_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up collection: caveats of a record, of a passage and of another record, a footnote, a version, a pseudonym."""
    notes = [
        made_up.note("n1", "recanted", "The witness disavowed the blizzard in a postcard of 2015.", about={"paragraphs": [1]}),
        made_up.note("n2", "corroborated", "Kestrels were seen by another one.", status="resolved", about={"paragraphs": [2]}),
        made_up.note("n3", "caution", "A turnstile is meant.", about={"paragraphs": [2], "sha256": ["0123456789abcdef"]}),
        made_up.note("n4", "untraceable", "Nobody found the made-up page of this."),
    ]
    theirs = [made_up.note("n1", "contested", "Repudiated in a gazette.", about={"paragraphs": [1]}, **{"with": ["NKT-9001#p1"]})]
    camps = [{"camp": "kwalliso-18", "period": "1985", "as": "prisoner", "basis": "first-hand"}]
    witness = {"name": "Lan Tern", "name_kind": "pseudonym", "connection": "victim"}
    one = made_up.header(
        "NKT-9001",
        title="Made up: the gate",
        witness=witness,
        credibility={"source": {"reliability": "C", "basis": "A made-up basis."}, "notes": notes},
        camps=camps,
        sensitive=["torture"],
        source={"csl": SOURCE},
        claims=[{"id": "c1", "text": "A claim was made up", "status": "asserted", "paragraphs": [1], "camps": ["kwalliso-18"]}],
    )
    two = made_up.header("NKT-9002", witness=witness, credibility={"notes": theirs}, camps=camps)
    return made_up.collection(
        tmp_path_factory.mktemp("gate"),
        made_up.record(
            one, "At dusk forty people heard the bell.", "It snowed on the miller.[^1]", "[^1]: A slate heap, he said."
        ),
        made_up.record(two, "Nobody heard a bell at dusk. See NKT-9001#p1."),
        made_up.version(
            "NKT-9001", "ko", "해 질 녘에 마흔 명이 종소리를 들었다.", "방앗간에 눈이 왔다.[^1]", "[^1]: 점판암 더미라고 했다."
        ),
    )
