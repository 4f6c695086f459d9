"""The day on which a page was seen: data beside the place in it, printed as its words were, and no part of any mark."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.collection.collection import Collection
from archive.reader import read
from archive.record import hashing, packed
from archive.record.testimony import PUBLIC, Cite, Claim
from running import TOP, ask_program

CODE = "NKT-9001"
DAY = "2026-11-29"
WORDS = "29 November 2026"
WORKS = """sources:
  - {id: page, csl: {type: webpage, title: A page made up for a test}, seen: in-part, seen_on: 2026-11-01}
  - {id: other, csl: {type: report, title: A report made up for a test}, seen: whole}
"""
CONFLICTS = """conflicts:
  - id: conf-901
    subject: Made up
    facilities: [made-up-camp]
    claims: [{says: one, cites: [{ref: other, CITED}]}, {says: two, cites: []}]
"""
CAMPS = """facilities:
  - id: made-up-camp
    type: kwalliso
    label: {en: Made-up Camp}
    names: [{text: Made-up Camp}]
    conflicts: [conf-901]
    statements: [{about: place, text: Made up., cites: [{ref: other, CITED}]}]
"""
AS_FIELD = f"locator: p. 3, seen: {DAY}"
AS_WORDS = f'locator: "p. 3, seen {WORDS}"'


def laid(root: Path, *, field: bool, source: dict[str, Any] | None = None) -> Path:
    """Lay out a collection that says the day as a field, or in the words of its locators as older files do."""
    cited = AS_FIELD if field else AS_WORDS
    (root / "authorities").mkdir(parents=True, exist_ok=True)
    for name, written in (("sources", WORKS), ("conflicts", CONFLICTS), ("camps", CAMPS)):
        (root / "authorities" / f"{name}.yaml").write_text(written.replace("CITED", cited), encoding="utf-8")

    def cite(ref: str, locator: str) -> dict[str, str]:
        if field:
            return {"ref": ref, **({"locator": locator} if locator else {}), "seen": DAY}
        return {"ref": ref, "locator": f"{locator}, seen {WORDS}" if locator else f"seen {WORDS}"}

    head = made_up.header(
        CODE,
        source=source or {"ref": "page", "seen": "in-part"},
        camps=[{"camp": "made-up-camp"}],
        credibility={"notes": [made_up.note("n1", "contested", cites=[cite("other", "p. 4"), {"ref": "conf-901"}])]},
        claims=[
            {"id": "c1", "text": "made up", "paragraphs": [1], "status": "asserted", "cites": [cite("page", "third paragraph")]},
            {"id": "c2", "text": "made up too", "paragraphs": [1], "status": "asserted", "cites": [cite("page", "")]},
        ],
    )
    made_up.put(root, made_up.record(head, "One made-up thing was told.", "Another."))
    made_up.put(root, made_up.version(CODE, "ko", "하나.", "둘.", cites=[cite("other", "p. 9")]))
    return root


PRINTED = (
    *(("show", CODE, "--format", each) for each in ("text", "markdown")),
    ("show", CODE, "--language", "ko"),
    ("show", CODE, "--parallel"),
    *(("cite", f"{CODE}#p1", "--format", each) for each in ("text", "bibtex", "ris", "csl-json")),
    ("cite", f"{CODE}#p1", "--language", "ko"),
    *(("excerpt", f"{CODE}#p1-2", "--format", each) for each in ("text", "markdown")),
    *(("search", "told", "--format", each) for each in ("text", "jsonl", "csv", "markdown")),
    ("search", "told", "--full"),
    ("compare", "--camp", "made-up-camp"),
    ("camps", "made-up-camp"),
    *(("dossier", "told", "--output", "-", "--format", each) for each in ("md", "html")),
)


def told(root: Path, *arguments: str) -> str:
    """Return what is printed, without hashes of files, which differ."""
    ran = ask_program(root, *arguments)
    assert ran.code == 0, ran.out + ran.err
    written = re.sub(r"sha256:[0-9a-f]{64}(?= \(over)|(?<=>)[0-9a-f]{64}(?= \(over)", "", ran.out)
    for file in sorted((root / "testimonies").iterdir()):
        fixity = hashing.fixity(file.read_bytes())
        written = written.replace(fixity, "HASH").replace(fixity[:16], "HASH")
    return written


def without_new(written: str) -> str:
    """Return what was printed without what is new in machine output."""
    return re.sub(r',\s*"cited": \[[^\]]*\]', "", written)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A collection that says the day in words, and the same with it as a field."""
    return (laid(tmp_path_factory.mktemp("words"), field=False), laid(tmp_path_factory.mktemp("field"), field=True))


@pytest.mark.parametrize("arguments", PRINTED, ids=" ".join)
def test_the_day_is_printed_as_its_words_were(both: tuple[Path, Path], arguments: tuple[str, ...]) -> None:
    """Each command prints of a day in a field what it printed of the words in a locator, so that what was printed stays right."""
    words, field = (told(root, *arguments) for root in both)
    assert WORDS in words
    assert without_new(field) == without_new(words)


def test_what_was_cited_with_the_words_in_a_locator_holds(root: Path, tmp_path: Path) -> None:
    """A document that was printed before the day was a field is verified against the field without a word of doubt."""
    page = tmp_path / "page.md"
    old = laid(root / "old", field=False)
    page.write_text(
        "\n\n".join(ask_program(old, *each).out for each in (("excerpt", f"{CODE}#p1-2"), ("cite", f"{CODE}#p2"))),
        encoding="utf-8",
    )
    new = laid(root / "new", field=True)
    before, after = (ask_program(each, "verify", str(page)) for each in (old, new))
    assert before.code == after.code == 0, after.out + after.err
    assert after.out.replace("/new/", "/old/") == before.out
    altered = page.read_text(encoding="utf-8").replace(WORDS, "30 November 2026")
    page.write_text(altered, encoding="utf-8")
    assert ask_program(new, "verify", str(page)).out != after.out


def test_a_day_stands_in_machine_output(root: Path) -> None:
    """Caveats and claims have their sources by id with place and day; a record has the day of the text that was read."""
    laid(root, field=True)
    document = json.loads(told(root, "show", CODE, "--format", "json"))
    record = document["record"]
    cited = {"ref": "other", "locator": "p. 4", "seen": DAY}
    assert record["caveats"][0]["cited"] == [cited, {"ref": "conf-901"}]
    assert [each["cited"] for each in record["claims"]] == [
        [{"ref": "page", "locator": "third paragraph", "seen": DAY}],
        [{"ref": "page", "seen": DAY}],
    ]
    assert record["source"]["seen_on"] == DAY
    facility = json.loads(told(root, "camps", "made-up-camp", "--format", "json"))
    assert facility["facility"]["statements"][0]["cites"] == [{"ref": "other", "locator": "p. 3", "seen": DAY}]
    assert facility["conflicts"][0]["claims"][0]["cites"] == [{"ref": "other", "locator": "p. 3", "seen": DAY}]


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ({"ref": "other", "seen": "whole", "seen_on": "2026-11-02"}, "2026-11-02"),
        ({"ref": "other", "seen": "not-seen", "through": "page", "seen_on": "2026-11-02"}, DAY),
        ({"ref": "other", "seen": "whole"}, None),
        ({"ref": "page", "seen": "in-part", "seen_on": "2026-11-02"}, DAY),
    ],
    ids=["the record's own", "by what it cites of the text read", "nobody says", "what is cited before the record"],
)
def test_the_day_of_the_text_that_was_read(root: Path, source: dict[str, Any], day: str | None) -> None:
    """It is that of what is cited of it, else the record's own, else that of the list of works."""
    laid(root, field=True, source=source)
    assert json.loads(told(root, "show", CODE, "--format", "json"))["record"]["source"]["seen_on"] == day


def test_the_day_of_a_record_stands_with_its_source(root: Path) -> None:
    """A citation says the record's own day of the text that was read, where no place in it says one."""
    source = {"ref": "other", "seen": "whole", "seen_on": "2026-11-02"}
    laid(root, field=True, source=source)
    assert "After A report made up for a test, seen 2 November 2026. Caveats:" in told(root, "cite", f"{CODE}#p2")


WRONG = ("2026-02-30", "2026-11", "29 November 2026", "today", "2026-11-29/2026-11-30", "")


@pytest.mark.parametrize("day", WRONG)
@pytest.mark.parametrize("place", ["note", "claim", "source", "version", "works", "camps", "conflicts"])
def test_what_is_no_day_is_a_fault(root: Path, place: str, day: str) -> None:
    """A day that never was, or is none, is named with its file and line wherever it stands."""
    laid(root, field=True)
    assert ask_program(root, "check").code == 0
    at, was = {
        "note": (f"testimonies/{CODE}-made-up.md", f'"p. 4", "seen": "{DAY}"'),
        "claim": (f"testimonies/{CODE}-made-up.md", f'"third paragraph", "seen": "{DAY}"'),
        "source": (f"testimonies/{CODE}-made-up.md", '"seen": "in-part"'),
        "version": (f"testimonies/{CODE}-made-up.ko.md", f'"seen": "{DAY}"'),
        "works": ("authorities/sources.yaml", "seen_on: 2026-11-01"),
        "camps": ("authorities/camps.yaml", f"seen: {DAY}"),
        "conflicts": ("authorities/conflicts.yaml", f"seen: {DAY}"),
    }[place]
    file = root / at
    written = file.read_text(encoding="utf-8")
    new = {"source": f'"seen": "in-part", "seen_on": "{day}"', "works": f'seen_on: "{day}"'}.get(place)
    new = new or (was.replace(DAY, f'"{day}"') if place in {"camps", "conflicts"} else was.replace(DAY, day))
    assert was in written
    file.write_text(written.replace(was, new, 1), encoding="utf-8")
    ran = ask_program(root, "check")
    assert ran.code != 0
    assert f"{at}:" in ran.out + ran.err


def test_note_writes_the_day(root: Path) -> None:
    """`note --seen` puts the day beside what `--cites` names, and refuses what is none."""
    laid(root, field=True)
    added = ("note", f"{CODE}#p2", "--flag", "caution", "--statement", "Made up.", "--cites", "other:p. 5")
    assert ask_program(root, *added, "--seen", "tomorrow").code != 0
    assert ask_program(root, *added, "--seen", DAY).code == 0
    record = Collection(root, read.read_authorities(root), PUBLIC, {}).find(CODE)
    assert record is not None
    assert record.notes[-1].cites == (Cite("other", "p. 5", DAY),)


IN_WORDS = (f"p. 3, seen {WORDS}", f"Seen on {WORDS}", "accessed 2026-11-29", "p. 3 (retrieved May 3, 2026)")


@pytest.mark.parametrize("locator", [*IN_WORDS, "what he has seen by 1998"])
def test_a_day_in_the_words_of_a_locator_is_a_warning(root: Path, locator: str) -> None:
    """`check` asks for the field where a locator tells the day in words, and only there."""
    laid(root, field=True)
    cites = [{"ref": "page", "locator": locator}]
    claim = {"id": "c1", "text": "x", "paragraphs": [1], "status": "asserted", "topics": ["hunger"], "cites": cites}
    made_up.put(root, made_up.record(made_up.header(CODE, source={"ref": "page"}, claims=[claim]), "One.", "Two."))
    ran = ask_program(root, "check")
    assert ran.code == 0
    assert ("claims.1.cites.1.locator: tells the day" in ran.out) is (locator in IN_WORDS), ran.out


def test_what_an_older_version_kept_is_read() -> None:
    """A claim that was written down when a cite had two fields is read, its day unknown; too few or many fields are refused."""
    old = ["c1", "made up", [1], "asserted", None, "", "", [], [["page", "p. 3"]], [], "", []]
    assert packed.build(Claim, old).cites == (Cite("page", "p. 3", ""),)
    for wrong in ([], ["page", "p. 3", DAY, "more"]):
        with pytest.raises(ValueError, match="values for Cite"):
            packed.build(Cite, list(wrong))


def test_the_shipped_files_tell_no_day_in_a_locator() -> None:
    """Of the shipped records, versions and authorities no locator says in words when it was seen."""
    files = [*(TOP / "testimonies").glob("*.md"), *(TOP / "archive" / "authority" / "data").glob("*.yaml")]
    told_in = [f"{file.name}: {line.strip()[:80]}" for file in files for line in locators(file) if "November 2026" in line]
    assert not told_in
    assert any(f"seen: {DAY}" in file.read_text(encoding="utf-8") for file in files), "the control: some say it as data"


def locators(file: Path) -> list[str]:
    """Return the lines of a file that have a locator."""
    return [line for line in file.read_text(encoding="utf-8").splitlines() if "locator:" in line]
