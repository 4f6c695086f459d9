"""Keepers' commands: check the whole collection, bind notes to their words, write a skeleton."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.authority import authorities
from archive.keeping import _rebinding as rebinding
from archive.reader import read
from archive.record.hashing import passage_hash
from archive.storage import record_files
from examples import examples
from running import TOP, Run


def test_check_holds_the_records_against_each_other(root: Path, run: Run) -> None:
    """What a reference names must be there, and versions of one story point at each other."""
    relations = [
        {"type": "revises", "code": "NKT-9002"},
        {"type": "relies-on", "code": "NKT-9002#p5"},
        {"type": "same-event", "code": "NKT-9003"},
    ]
    notes = [made_up.note("n1", "contradicted", **{"with": ["NKT-9002#p4"]})]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", relations=relations, credibility={"notes": notes})),
        made_up.record(made_up.header("NKT-9002"), "One.", "Two."),
    )
    ran = run("check")
    assert ran.code == 1
    told = [line.partition(": ")[2].partition(";")[0] for line in ran.out.splitlines() if "warning" not in line]
    assert told == [
        "credibility.notes.1.with.1: NKT-9002#p4: NKT-9002 has 2 paragraphs",
        "relations: NKT-9002 does not point back with a relation of type revised-by",
        "relations.2.code: NKT-9002#p5: NKT-9002 has 2 paragraphs",
        "relations.code: NKT-9003 is no record that can be read",
    ]


def test_warnings_do_not_change_the_exit_code(root: Path, run: Run) -> None:
    """Unbound notes, and a time in which the camp is not known to have stood."""
    claims = [{"id": "c1", "text": "x", "paragraphs": [1], "camps": ["kwalliso-11"], "period": "1999", "status": "asserted"}]
    notes = [made_up.note("n1", "caution", about={"paragraphs": [1]})]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", claims=claims, credibility={"notes": notes})))
    ran = run("check")
    assert ran.code == 0
    assert "credibility.notes.1.about: has neither quote nor hash" in ran.out
    assert "claims.1: has neither quote nor hash" in ran.out
    assert "lies outside the widest operating life of the facility" in ran.out


@pytest.mark.parametrize(
    ("about", "reaches", "said"),
    [
        (
            {"paragraphs": [1]},
            ["NKT-9002#p1"],
            ["the replaced note stays in force at paragraph 2, where no new one stands"],
        ),
        ({"paragraphs": [1, 2]}, [], ["the replaced note stays in force at NKT-9002#p1, which no new one names"]),
        ({"record": "true"}, ["NKT-9002"], []),
    ],
)
def test_a_narrower_note_drops_no_caveat_and_is_a_fault(
    root: Path, run: Run, about: dict[str, object], reaches: list[str], said: list[str]
) -> None:
    """What a narrower note takes the place of stays in force where the new one does not stand."""
    notes = [
        made_up.note("n1", "caution", about={"paragraphs": [1, 2], "quote": {"exact": "One."}}, **{"with": ["NKT-9002#p1"]}),
        made_up.note("n2", "caution", about={**about}, replaces="n1", **{"with": reaches}),
    ]
    if "paragraphs" in about:
        notes[1]["about"]["quote"] = {"exact": "One."}
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "One.", "Two."),
        made_up.record(made_up.header("NKT-9002")),
    )
    ran = run("check")
    assert ran.code == (1 if said else 0)
    assert [line.rpartition("replaces: ")[2].partition(":")[0] for line in ran.out.splitlines() if "replaces: " in line] == said


def test_a_claim_with_a_quote_alone_is_bound(root: Path, run: Run) -> None:
    """It cannot slide to other words unnoticed, so nothing is said of a missing hash."""
    claims = [{"id": "c1", "text": "x", "paragraphs": [1], "status": "asserted", "topics": ["hunger"], "quote": {"exact": "One"}}]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", claims=claims), "One."))
    assert run("check").out == ""


def test_json_gives_a_record_the_caveats_in_force_alone(root: Path, run: Run) -> None:
    """A note that was replaced is in no list of caveats."""
    notes = [made_up.note("n1", "caution"), made_up.note("n2", "contested", replaces="n1")]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes})))
    assert [each["id"] for each in json.loads(run("show", "NKT-9001", "--format", "json").out)["record"]["caveats"]] == ["n2"]


FLOW = '{id: n1, flag: caution, status: open, about: {paragraphs: [2, 1]}, statement: "요덕", by: archive, date: 2001-02-03}'
BLOCK = """
    - id: n1
      flag: caution
      status: open
      about:
        paragraphs: [1]
        quote: {exact: One}
      statement: Made up.  # a comment that stays
      by: archive
      date: 2001-02-03"""
SEQUENCE = """
    - id: n1
      flag: caution
      status: open
      about:
        paragraphs:
          - 1
          - 2
      statement: Made up.
      by: archive
      date: 2001-02-03"""


@pytest.mark.parametrize(("notes", "numbers"), [(f"[{FLOW}]", (2, 1)), (BLOCK, (1,)), (SEQUENCE, (1, 2))])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_binding_writes_the_hashes_and_nothing_else(root: Path, notes: str, numbers: tuple[int, ...], ends: str) -> None:
    """Whatever the style of the YAML: comments, order, quotes and line ends stay."""
    head = made_up.header("NKT-9001", credibility=None)
    content = made_up.record(head, "One.", "Two 둘.").replace("\n---\n", f"\ncredibility:\n  notes: {notes}\n---\n", 1)
    file = made_up.put(root, content.replace("\n", ends))
    assert rebinding.bind(root) == {"testimonies/NKT-9001-made-up.md": 1}
    after = file.read_bytes().decode()
    held = read.read_authorities(root)
    testimony = read.read(after.encode(), "testimonies/NKT-9001-made-up.md", held)
    texts = {1: "One.", 2: "Two 둘."}
    assert testimony.notes[0].about.hashes == tuple(passage_hash(texts[number])[:16] for number in numbers)
    kept = [line for line in after.split(ends) if "sha256" not in line]
    was = [line for line in content.split("\n") if line != f"  notes: [{FLOW}]"]
    assert [line for line in kept if line in was] == was
    assert rebinding.bind(root) == {}


def test_binding_never_overwrites_a_hash_that_no_longer_fits(root: Path, run: Run) -> None:
    """The words have changed under the note; a person has to read it again."""
    notes = [made_up.note("n1", "caution", about={"paragraphs": [1]})]
    file = made_up.put(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "One."))
    assert run("check", "--bind").code == 0
    file.write_text(file.read_text().replace("One.", "Changed."))
    before = file.read_bytes()
    ran = run("check", "--bind")
    assert ran.code == 1
    assert "no longer fits paragraph 1" in ran.out
    assert file.read_bytes() == before


def test_a_skeleton_is_closed_until_a_person_opens_it(root: Path, run: Run) -> None:
    """It can be read by the reader and by no one else."""
    made_up.collection(root, made_up.record(made_up.header("NKT-0007")))
    ran = run("new", "Made up: a guard's account", "--camp", "15", "--witness", "made-up guard")
    assert ran.code == 0
    assert ran.out == "testimonies/NKT-0008-made-up-a-guards-account.md\n"
    held = read.read_authorities(root)
    testimony = read.read((root / ran.out.strip()).read_bytes(), ran.out.strip(), held)
    assert (testimony.access, testimony.consent) == ("closed", "unknown")
    assert [entry.camp for entry in testimony.entries] == ["kwalliso-15"]
    assert len((root / ran.out.strip()).read_text().splitlines()) < 20
    assert "NKT-0008" not in run("search").out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--code", "NKT-0007"), 15, "is taken"),
        (("--kind", "nonsense"), 1, "there is no kind"),
        (("--camp", "Kaechon"), 2, "may mean 4 facilities"),
        (("--source", "no-such-work"), 1, "is not in sources.yaml"),
    ],
)
def test_a_skeleton_with_a_fault_is_not_written(root: Path, run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    """What would be named by check is named now."""
    made_up.collection(root, made_up.record(made_up.header("NKT-0007")))
    ran = run("new", "Made up", *arguments)
    assert ran.code == code, ran
    assert said in ran.err
    assert len(list((root / "testimonies").iterdir())) == 1


@examples(15)
@given(title=st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and text.isprintable()))
def test_any_title_makes_a_skeleton_that_can_be_read(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    """Quotes, colons, Hangul and hashes in a title break nothing."""
    from archive.keeping import _new_record as new_record

    root = made_up.collection(tmp_path_factory.mktemp("new"))
    given_ = new_record.Given(None, "testimony", "en", "verbatim", title, "anonymous", "victim", (), "XXXX", None)
    path = new_record.write(root, title, given_)
    assert read.read((root / path).read_bytes(), path, read.read_authorities(root)).title


def own_authority(root: Path, name: str, old: str, new: str) -> None:
    """Put into a collection an authority file of its own: the shipped one with a change."""
    shipped = authorities.shipped_folder() / f"{name}.yaml"
    (root / "authorities").mkdir(exist_ok=True)
    content = shipped.read_text(encoding="utf-8")
    assert old in content
    (root / "authorities" / f"{name}.yaml").write_text(content.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("flags", ("  - id: recanted\n", "  - id: recanted\n    colour: red\n"), "colour: is not a key"),
        ("flags", ("  - id: revised\n", "  - id: recanted\n"), "is taken in line"),
        ("camps", ("    number: 11\n", "    number: eleven\n"), "number: 'eleven' is not of the form"),
        ("camps", ("{ref: rok-1990}", "{ref: rok-1991}"), "names 'rok-1991', which is not a source"),
        ("sources", ("sources:\n", "sources: {}\nworks:\n"), "sources:"),
        ("collection", ("prefix: NKT\n", "prefix: *nkt\n"), "has an alias"),
    ],
)
def test_an_authority_file_with_a_fault_stops_everything(
    root: Path, run: Run, name: str, change: tuple[str, str], said: str
) -> None:
    """Nothing is indexed with terms or places that nobody can be sure of; file and line are named."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001")))
    own_authority(root, name, *change)
    for command in ("search", "check", "index"):
        ran = run(command)
        assert ran.code == 12, ran
        assert said in ran.err
        assert f"authorities/{name}.yaml:" in ran.err


def test_a_collection_may_bring_its_own_terms(root: Path, run: Run) -> None:
    """Another subject is other data and no other code."""
    own_authority(
        root,
        "flags",
        "flags:\n",
        "flags:\n  - {id: of-our-own, label: {en: Our own}, definition: Made up., statement: Made up.}\n",
    )
    notes = [made_up.note("n1", "of-our-own")]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes})))
    assert "! OUR OWN:" in run("search", "--flag", "of-our-own", "--full").out


@pytest.mark.parametrize(
    "csl", [{"title": "x"}, {"type": "book", "title": "x", "author": "a name"}, {"type": "book", "title": "x", "issued": "2001"}]
)
def test_a_source_in_the_record_has_the_shape_that_a_citation_needs(root: Path, run: Run, csl: dict[str, object]) -> None:
    """So that nothing fails when it is printed."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", source={"csl": csl})))
    ran = run("check")
    assert ran.code == 1
    assert "source.csl" in ran.out


@pytest.mark.parametrize("ends", list(itertools.product(["\n", "\r\n"], repeat=3)))
@pytest.mark.parametrize("notes", [f"[{FLOW}]", BLOCK, SEQUENCE])
def test_binding_leaves_mixed_line_ends_as_they_are(root: Path, notes: str, ends: tuple[str, ...]) -> None:
    """Every byte of the file stays; the hashes alone are new."""
    head = made_up.header("NKT-9001", credibility=None)
    content = made_up.record(head, "One.", "Two 둘.").replace("\n---\n", f"\ncredibility:\n  notes: {notes}\n---\n", 1)
    lines = content.split("\n")
    mixed = "".join(line + ends[number % 3] for number, line in enumerate(lines[:-1]))
    file = made_up.put(root, mixed)
    assert sum(rebinding.bind(root).values()) == 1
    after = file.read_bytes().decode()
    # What was put in is one piece, so the file is what stands before it and what stands after it.
    longer = len(after) - len(mixed)
    assert any(after[:at] + after[at + longer :] == mixed for at in range(len(mixed) + 1))


def test_several_at_once_never_take_the_same_code(root: Path) -> None:
    """Eight people write a skeleton in the same moment; every record can be read afterwards."""
    made_up.collection(root, made_up.record(made_up.header("NKT-0007")))
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "archive", "--root", str(root), "new", f"Made up {number}"], cwd=TOP, stdout=subprocess.PIPE
        )
        for number in range(8)
    ]
    codes = [record_files.code_of(each.communicate()[0].decode().strip()) for each in running]
    assert sorted(codes) == [f"NKT-{number:04d}" for number in range(8, 16)]
    assert not record_files.survey(root).faults
    assert not list((root / "testimonies").glob(".*"))


def test_a_code_of_files_that_cannot_be_read_is_taken_too(root: Path, run: Run) -> None:
    """Two files with one code, and a link that is not followed: none of the codes is given out again."""
    made_up.collection(root, made_up.record(made_up.header("NKT-0001")))
    for name in ("NKT-0005-a.md", "NKT-0005-b.md"):
        made_up.put(root, made_up.record(made_up.header("NKT-0005")), name)
    (root / "testimonies" / "NKT-0008-link.md").symlink_to("NKT-0001-made-up.md")
    assert "NKT-0009-" in run("new", "Made up").out
    assert run("new", "Made up", "--code", "NKT-0005").code == 15
    assert run("new", "Made up", "--code", "NKT-00005").code == 15
    assert run("new", "Made up", "--code", "../NKT-0100").code == 2


def test_one_number_written_in_two_ways_is_one_code_taken_twice(root: Path, run: Run) -> None:
    """NKT-0001 and NKT-00001 would sort as one and be read out as one: neither is read."""
    made_up.collection(root, *(made_up.record(made_up.header(code)) for code in ("NKT-0001", "NKT-00001", "NKT-0002")))
    ran = run("check")
    assert ran.code == 1
    assert "NKT-00001 is also the code of testimonies/NKT-0001-made-up.md; neither is read" in ran.out
    assert "NKT-0001 is also the code of testimonies/NKT-00001-made-up.md; neither is read" in ran.out
    assert run("show", "NKT-0001").code == 2
    assert run("show", "NKT-0002").code == 0


def test_what_a_crash_left_beside_a_record_is_no_record(root: Path, run: Run) -> None:
    """Half a file changes no answer, and takes no code."""
    made_up.collection(root, made_up.record(made_up.header("NKT-0001")))
    (root / "testimonies" / ".NKT-0002.0-00000000.new").touch()
    (root / "testimonies" / ".NKT-0001-made-up.md.4711-0123abcd.new").write_text("half", encoding="utf-8")
    assert run("check").code == 0
    assert "NKT-0002-" in run("new", "Made up").out
