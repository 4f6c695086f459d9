"""What was carried away comes back as it was, byte for byte; what was tampered with is refused in one line each."""

import base64
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import made_up
from archive import Archive
from archive.keeping.importing import _export_lines as export_lines
from archive.keeping.importing._restored import refuse_name
from running import Run, ask_program

_RECORDS = int(os.environ.get("TESTIMONY_ROUND_TRIP", "48"))
"""Random records that go out and come back; the long run asks for 10,000."""
_TOGETHER = 8

_words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Zl", "Zp"), exclude_characters="<>⟦⟧\\"),
    max_size=60,
)
_paragraph = st.builds(
    "{} {}{}".format,
    st.sampled_from(("A made-up zebra", "만든 이야기", "# A heading\n\nMade up", "⟦00:01:02⟧ Made up", "Made\nup")),
    _words,
    st.sampled_from(("", " <res>withheld</res>", " <an>Name</an>", "[^1]\n\n[^1]: A note.", "\n\n=1+1")),
)


def _heads(code: str) -> st.SearchStrategy[dict[str, Any]]:
    note = st.builds(
        lambda flag, words: made_up.note("n1", flag, f"Made up: {words}"), st.sampled_from(("caution", "recanted")), _words
    )
    return st.builds(
        lambda title, open_to, notes, topics: made_up.header(
            code,
            title=f"Made up {title}",
            access=open_to[0],
            consent={"status": open_to[1]},
            credibility={"notes": notes} if notes else {},
            topics=topics,
        ),
        _words,
        st.sampled_from(
            (
                ({"level": "public"}, "given"),
                ({"level": "public"}, "published-by-others"),
                ({"level": "restricted"}, "unknown"),
                ({"level": "registered"}, "given"),
                ({"level": "restricted", "until": "2090"}, "given"),
            )
        ),
        st.lists(note, max_size=1),
        st.sampled_from((["hunger"], ["escape", "torture"])),
    )


@st.composite
def _files(draw: st.DrawFn) -> dict[str, bytes]:
    """Make some records, in folders, under names of every script, with versions, with the line ends of each system."""
    files: dict[str, bytes] = {}
    for number in range(1, _TOGETHER + 1):
        code = f"ZZT-{number:04}"
        folder = draw(st.sampled_from(("", "sub/", "하위/더/")))
        slug = draw(st.sampled_from(("made-up", "만든", "été", "a.b")))
        record = made_up.record(draw(_heads(code)), *draw(st.lists(_paragraph, min_size=1, max_size=3)))
        ends = draw(st.sampled_from(("\n", "\r\n")))
        files[f"{folder}{code}-{slug}.md"] = f"{record}{draw(st.sampled_from(('', chr(10))))}".replace("\n", ends).encode()
        if draw(st.booleans()) and "\n\n" not in record.partition("---\n")[2].partition("---\n")[2].strip() and "<" not in record:
            files[f"{folder}{code}-{slug}.ko.md"] = made_up.version(code, "ko", "만든 말.").encode()
    return files


def _contents(root: Path) -> dict[str, bytes]:
    folder = root / "testimonies"
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*.md*")}


@lru_cache(maxsize=1)
def _empty() -> Path:
    """Begin a collection once: that reads all authorities, and takes its time."""
    folder = Path(tempfile.mkdtemp(prefix="testimony-test-")) / "empty"
    Archive.begin(folder, {"prefix": "ZZT", "empty": True})
    return folder


def _begun(folder: Path) -> Path:
    return Path(shutil.copytree(_empty(), folder))


def _restored(root: Path, export: Path, *, write: bool = True, clearance: str = "public") -> list[tuple[str, str, str]]:
    with Archive(root, clearance) as archive:
        return [(one.status, one.code, one.why) for one in archive.import_files([export], write=write, with_authorities=True)]


@given(st.data())
@settings(max_examples=max(1, _RECORDS // _TOGETHER), phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_what_is_exported_and_restored_is_byte_for_byte_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Random records, with versions, redactions, every line end and every script, from an export into an empty collection."""
    folder = tmp_path_factory.mktemp("there-and-back")
    source, target, export = _begun(folder / "source"), folder / "target", folder / "export.jsonl"
    for name, content in data.draw(_files()).items():
        place = source / "testimonies" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    with Archive(source, "restricted") as archive:
        readable = {*archive.codes()}
        export.write_bytes(archive.export("jsonl"))
    _begun(target)
    assert [why for status, _, why in _restored(target, export) if status == "refused"] == []
    wanted = {name: content for name, content in _contents(source).items() if name.rpartition("/")[2][:8] in readable}
    restored = _contents(target)
    with Archive(target, "restricted") as archive:
        assert {*archive.codes()} == readable
    # What has faults is not carried away: a version that does not fit its record, which is read without it.
    assert restored.items() <= wanted.items()
    assert all(name.count(".ko.md") for name in wanted.keys() - restored.keys())
    assert len(readable) == _TOGETHER, ask_program(source, "check").out
    assert {status for status, code, _ in _restored(target, export) if code} == {"unchanged"}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """One record that is public as it is, one that withholds words, one that is restricted."""
    return made_up.collection(
        _begun(tmp_path / "mixed"),
        made_up.record(made_up.header("ZZT-0001"), "A zebra."),
        made_up.record(made_up.header("ZZT-0002"), "A <res>zqxcanary</res> quagga."),
        made_up.record(made_up.header("ZZT-0003", access={"level": "restricted"}), "An okapi."),
    )


def _exported(root: Path, clearance: str = "restricted") -> Path:
    file = root.parent / f"{clearance}.jsonl"
    ran = ask_program(root, "--clearance", clearance, "export", "--format", "jsonl", "--output", str(file), "--force")
    assert ran.code == 0, ran.err
    return file


def test_a_preview_says_how_many_become_public_and_from_where_and_writes_nothing(mixed: Path, tmp_path: Path) -> None:
    """Access and consent stay as they were, so that is what a person has to know before."""
    export, target = _exported(mixed), _begun(tmp_path / "target")
    ran = ask_program(target, "import", str(export), "--authorities")
    assert ran.code == 0, ran.out
    assert f"public here from {export}: 2 records" in ran.err
    assert "Nothing was written. Write them with --write." in ran.err
    assert _contents(target) == {}
    ran = ask_program(target, "import", str(export), "--authorities", "--write")
    assert ran.code == 0, ran.out
    assert "The records are closed" not in ran.err
    assert _contents(target) == _contents(mixed)
    document = json.loads(ask_program(target, "import", str(export), "--format", "json").out)
    assert [one["status"] for one in document["files"]] == ["unchanged"] * len(document["files"])


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_what_is_not_public_is_its_owner_s_alone(mixed: Path, tmp_path: Path) -> None:
    """Also under an open umask; a public record can be read by all, as the control."""
    export, target = _exported(mixed), _begun(tmp_path / "target")
    before = os.umask(0o022)
    try:
        assert ask_program(target, "import", str(export), "--authorities", "--write").code == 0
    finally:
        os.umask(before)
    modes = {each.name[:8]: bool(each.stat().st_mode & 0o077) for each in (target / "testimonies").glob("*.md")}
    assert modes == {"ZZT-0001": True, "ZZT-0002": True, "ZZT-0003": False}


def test_a_rendering_is_refused_as_a_record(mixed: Path, tmp_path: Path) -> None:
    """A public export holds the one file in which nothing is withheld, and of the other what the public reads."""
    export, target = _exported(mixed, "public"), _begun(tmp_path / "target")
    assert "zqxcanary" not in export.read_text(encoding="utf-8")
    ran = ask_program(target, "import", str(export), "--authorities", "--write")
    assert ran.code == 1
    assert "it is a rendering for other readers" in " ".join(ran.out.split())
    assert {name[:8] for name in _contents(target)} == {"ZZT-0001"}


def test_a_code_that_is_there_is_never_written_over(mixed: Path, tmp_path: Path) -> None:
    """Also where its number is written with another count of digits, and where its file lies sealed or has faults."""
    export, target = _exported(mixed), _begun(tmp_path / "target")
    made_up.put(target, made_up.record(made_up.header("ZZT-0001"), "Another."))
    (target / "testimonies" / "ZZT-00002-x.md").write_text("no record", encoding="utf-8")
    (target / "testimonies" / "ZZT-0003.md.age").write_bytes(b"age-encryption.org/v1\n")
    before = {each: each.read_bytes() for each in (target / "testimonies").iterdir()}
    ran = ask_program(target, "import", str(export), "--write")
    assert ran.code == 1
    assert " ".join(ran.out.split()).count("a code is never written over") == 3
    assert {each: each.read_bytes() for each in (target / "testimonies").iterdir()} == before


def test_a_restoring_that_was_cut_off_is_finished_by_another(mixed: Path, tmp_path: Path) -> None:
    """Of a record with a version that is written first; another file of its name is no part of it: the control."""
    made_up.put(mixed, made_up.version("ZZT-0001", "ko", "얼룩말."))
    export, target, other = _exported(mixed), _begun(tmp_path / "target"), _begun(tmp_path / "other")
    name = "ZZT-0001-made-up.ko.md"
    shutil.copy(mixed / "testimonies" / name, target / "testimonies" / name)
    (other / "testimonies" / name).write_text("Another.", encoding="utf-8")
    assert ask_program(target, "import", str(export), "--write").code == 0
    assert _contents(target) == _contents(mixed)
    assert ask_program(other, "import", str(export), "--write").code == 1
    assert (other / "testimonies" / name).read_text(encoding="utf-8") == "Another."
    assert {each[:8] for each in _contents(other)} == {"ZZT-0001", "ZZT-0002", "ZZT-0003"}


def test_authority_files_are_taken_only_where_that_is_asked_for_and_no_record_is_there(mixed: Path, tmp_path: Path) -> None:
    """Records that are there were read by those that are there."""
    with (mixed / "authorities" / "camps.yaml").open("a", encoding="utf-8") as camps:
        camps.write("# More.\n")
    export, target = _exported(mixed), _begun(tmp_path / "target")
    before = {each: each.read_bytes() for each in (target / "authorities").iterdir()}
    assert "--authorities takes it" in " ".join(ask_program(target, "import", str(export), "--write").out.split())
    assert {each: each.read_bytes() for each in (target / "authorities").iterdir()} == before
    ran = ask_program(target, "import", str(export), "--authorities", "--write")
    assert "there are records that were read by it" in " ".join(ran.out.split())
    assert {each: each.read_bytes() for each in (target / "authorities").iterdir()} == before
    fresh = _begun(tmp_path / "fresh")
    assert ask_program(fresh, "import", str(export), "--authorities", "--write").code == 0
    for name in ("camps.yaml", "collection.yaml"):
        assert (fresh / "authorities" / name).read_bytes() == (mixed / "authorities" / name).read_bytes()


BAD_PATHS = (
    *("../ZZT-0009-x.md", "testimonies/../ZZT-0009-x.md", "/testimonies/ZZT-0009-x.md", "testimonies//ZZT-0009-x.md"),
    *("authorities/ZZT-0009-x.md", "testimonies\\ZZT-0009-x.md", "testimonies/..\\ZZT-0009-x.md", "C:/testimonies/ZZT-0009-x.md"),
    *("testimonies/con/ZZT-0009-x.md", "testimonies/NUL.txt/ZZT-0009-x.md", "testimonies/a./ZZT-0009-x.md"),
    *("testimonies/ZZT-0009-x.md:stream", "testimonies/.git/ZZT-0009-x.md", "testimonies/a\u202eb/ZZT-0009-x.md"),
    *("testimonies/ZZT-0008-x.md", "testimonies/ZZT-0009-x.md\n", "testimonies/ZZT-0009-x.exe", "", 7, None, ["testimonies"]),
    *("testimonies/" + "a" * 300 + "/ZZT-0009-x.md", "index/ZZT-0009-x.md", "testimonies/ZZT-0009-\ud800.md"),
)


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_name_that_leads_elsewhere_is_refused(path: object) -> None:
    """Upwards, absolute, reserved, in another folder, of another code, no name at all; a plain one is taken: the control."""
    assert refuse_name(path, "ZZT-0009")
    assert not refuse_name("testimonies/sub/ZZT-0009-x.ko.md", "ZZT-0009")
    assert refuse_name("authorities/../x.yaml", "")
    assert refuse_name("authorities/keys.yaml", "")
    assert not refuse_name("authorities/camps.yaml", "")


def _line(path: str = "testimonies/ZZT-0009-x.md", **changes: Any) -> dict[str, Any]:
    content = made_up.record(made_up.header("ZZT-0009"), "A made-up quagga.")
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    file = {"path": path, "is_file": True, "sha256": sha256, "content": content}
    return {"schema": 1, "type": "record", "code": "ZZT-0009", "files": [{**file, **changes}]}


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no JSON": (lambda: b"{nothing", "it is no line of JSON"),
    "no text": (lambda: b"\xff\xfe", "it is no line of JSON"),
    "deep": (lambda: b"[" * 200_000, "it is no line of JSON"),
    "huge number": (lambda: b'{"type": ' + b"9" * 10_000 + b"}", "it is no line of JSON"),
    "unknown type": (lambda: b'{"type": "program"}', "nothing is known of a line"),
    "no files": (lambda: json.dumps({"type": "record", "code": "ZZT-0009"}).encode(), "it names no code, or no files"),
    "upwards": (lambda: json.dumps(_line("../ZZT-0009-x.md")).encode(), "is no place for a record"),
    "altered": (lambda: json.dumps(_line(content="A word more.")).encode(), "other bytes than its sha-256 says"),
    "half a character": (lambda: json.dumps(_line(content="\ud800")).encode(), "no bytes in it that can be read"),
    "no base64": (lambda: json.dumps(_line(base64="*")).encode(), "no bytes in it that can be read"),
    "rendering": (lambda: json.dumps(_line(is_file="true")).encode(), "it is a rendering"),
    "no record": (
        lambda: json.dumps(_line(content="words", sha256=hashlib.sha256(b"words").hexdigest())).encode(),
        "does not open with a line",
    ),
    "not sealed": (
        lambda: json.dumps(_line("testimonies/ZZT-0009.md.age", content="x", sha256=hashlib.sha256(b"x").hexdigest())).encode(),
        "is not sealed, though it is named so",
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_bad_line_is_told_with_its_number_and_the_rest_goes_on(name: str, mixed: Path, tmp_path: Path) -> None:
    """Whatever stands in it: no traceback, nothing written outside of the folder, and the good records are written."""
    line, reason = HOSTILE[name]
    export, target = _exported(mixed), _begun(tmp_path / "target")
    whole = export.read_bytes().splitlines()
    export.write_bytes(b"\n".join([*whole[:-1], line(), whole[-1]]) + b"\n")
    ran = ask_program(target, "import", str(export), "--authorities", "--write", "--format", "json")
    assert ran.code == 1
    refused = [one for one in json.loads(ran.out)["files"] if one["status"] == "refused"]
    assert [(one["at"], reason in one["why"]) for one in refused if one["at"]] == [(str(len(whole)), True)], refused
    assert {each[:8] for each in _contents(target)} == {"ZZT-0001", "ZZT-0002", "ZZT-0003"}
    assert {each.name for each in tmp_path.iterdir()} == {"mixed", "target", "restricted.jsonl"}


def test_a_line_that_is_too_long_is_passed_over(mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read into memory, and what comes after it is."""
    export, target = _exported(mixed), _begun(tmp_path / "target")
    lines = export.read_bytes().splitlines()
    most = max(map(len, lines)) + 10
    export.write_bytes(b"\n".join([*lines[:-1], b"x" * (3 * most), lines[-1]]) + b"\n")
    monkeypatch.setattr(export_lines, "_MOST_BYTES", most)
    told = _restored(target, export)
    assert [why for status, _, why in told if status == "refused" and "larger" in why]
    assert len(_contents(target)) == 3


def test_an_export_that_was_cut_off_says_so(mixed: Path, tmp_path: Path) -> None:
    """At the end of a line nothing else would tell."""
    export, target = _exported(mixed), _begun(tmp_path / "target")
    lines = export.read_bytes().splitlines(keepends=True)
    export.write_bytes(b"".join(lines[:-1]))
    assert "records: 2 of 3 are in it" in " ".join(ask_program(target, "import", str(export)).out.split())
    export.write_bytes(b"".join(lines)[:-40])
    assert ask_program(target, "import", str(export)).code == 1


def test_an_export_of_a_later_version_is_refused_whole(mixed: Path, tmp_path: Path) -> None:
    """Rather than read half of it."""
    export, target = _exported(mixed), _begun(tmp_path / "target")
    export.write_bytes(export.read_bytes().replace(b'"format": 1', b'"format": 2', 1))
    assert "of another version of the program" in " ".join(ask_program(target, "import", str(export), "--write").out.split())
    assert _contents(target) == {}


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_nothing_is_written_through_a_link(mixed: Path, tmp_path: Path) -> None:
    """Neither through a folder that is one, nor over one that leads nowhere."""
    (mixed / "testimonies" / "sub").mkdir()
    file = mixed / "testimonies" / "ZZT-0001-made-up.md"
    file.rename(mixed / "testimonies" / "sub" / file.name)
    export, target, elsewhere = _exported(mixed), _begun(tmp_path / "target"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (target / "testimonies" / "sub").symlink_to(elsewhere)
    ran = ask_program(target, "import", str(export), "--authorities", "--write")
    assert "lies behind a link" in " ".join(ran.out.split())
    assert list(elsewhere.iterdir()) == []


def test_sealed_records_go_and_come_as_they_lie(mixed: Path, tmp_path: Path) -> None:
    """Nobody opens them on the way; whoever has the identity can open them there."""
    content = b"age-encryption.org/v1\n\x00\xff made up"
    (mixed / "testimonies" / "ZZT-0004.md.age").write_bytes(content)
    export, target = _exported(mixed), _begun(tmp_path / "target")
    sealed = [line for line in map(json.loads, export.read_text(encoding="utf-8").splitlines()) if line["type"] == "sealed"]
    assert [base64.b64decode(each["files"][0]["base64"]) for each in sealed] == [content]
    assert ask_program(target, "import", str(export), "--authorities", "--write").code == 0
    assert (target / "testimonies" / "ZZT-0004.md.age").read_bytes() == content


# Bags


def _bag(root: Path, to: Path, clearance: str = "restricted") -> Path:
    pytest.importorskip("bagit")
    ran = ask_program(root, "--clearance", clearance, "bag", "--output", str(to), "--date", "2001-02-03")
    assert ran.code == 0, ran.err
    return to


def test_a_bag_comes_back_as_it_was(mixed: Path, tmp_path: Path) -> None:
    """The same bytes of every file; a second time nothing is to be done."""
    bag, target = _bag(mixed, tmp_path / "bag"), _begun(tmp_path / "target")
    assert ask_program(target, "import", str(bag), "--authorities", "--write").code == 0
    assert _contents(target) == _contents(mixed)
    ran = ask_program(target, "import", str(bag))
    assert ran.code == 0
    assert "unchanged" in ran.err


def test_the_bag_of_a_collection_of_another_subject_is_a_collection(mixed: Path, tmp_path: Path) -> None:
    """The shipped works, contradictions and outline tell of other places; in their stead stands that there are none."""
    bag = _bag(mixed, tmp_path / "bag")
    for name in ("conflicts", "outline"):
        assert (bag / "data" / "authorities" / f"{name}.yaml").is_file()
    assert ask_program(bag / "data", "--clearance", "restricted", "search", "zebra", "--count").out.startswith("1 passage ")


def test_a_public_bag_says_which_of_its_files_are_renderings(mixed: Path, tmp_path: Path) -> None:
    """They are refused as records; the others are taken."""
    bag, target = _bag(mixed, tmp_path / "bag", "public"), _begun(tmp_path / "target")
    labels = (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    assert "Testimony-Clearance: public" in labels
    assert [label for label in labels if label.startswith("Testimony-Rendering: data/testimonies/")] == [
        "Testimony-Rendering: data/testimonies/ZZT-0002-public.md"
    ]
    assert ask_program(target, "import", str(bag), "--authorities", "--write").code == 1
    assert {name[:8] for name in _contents(target)} == {"ZZT-0001"}


def _manifest_line(bag: Path, line: str) -> None:
    """Add a line to the manifest of a bag, and to the hashes of that."""
    manifest, tags = bag / "manifest-sha256.txt", bag / "tagmanifest-sha256.txt"
    before = hashlib.sha256(manifest.read_bytes()).hexdigest()
    manifest.write_bytes(manifest.read_bytes() + line.encode())
    tags.write_text(tags.read_text().replace(before, hashlib.sha256(manifest.read_bytes()).hexdigest()))


def test_a_bag_that_was_tampered_with_is_told_by_file_and_line(mixed: Path, tmp_path: Path) -> None:
    """Other bytes, a file more, a file that leads elsewhere, one that is gone, and a list that is another one."""

    def told(change: Callable[[Path], object]) -> str:
        bag, target = tmp_path / f"bag{len(made)}", _begun(tmp_path / f"target{len(made)}")
        made.append(shutil.copytree(whole, bag))
        change(bag)
        ran = ask_program(target, "import", str(bag), "--authorities", "--write", "--format", "json")
        assert ran.code == 1, ran.err
        assert not any(b"tampered" in content for content in _contents(target).values())
        return "\n".join(f"{one['at']}: {one['why']}" for one in json.loads(ran.out)["files"] if one["status"] == "refused")

    whole, made = _bag(mixed, tmp_path / "whole"), list[object]()
    records = "data/testimonies"
    file = "ZZT-0001-made-up.md"
    outside = tmp_path / "ZZT-0009-x.md"
    outside.write_text("tampered", encoding="utf-8")
    sha256 = hashlib.sha256(b"tampered").hexdigest()
    said = told(lambda bag: (bag / records / file).write_text("tampered"))
    assert said.startswith("manifest-sha256.txt:")
    assert "other bytes" in said
    assert "says nothing of it" in told(lambda bag: (bag / records / "ZZT-0009-x.md").write_text("tampered"))
    assert "cannot be read" in told(lambda bag: (bag / records / file).unlink())
    assert "is no place" in told(lambda bag: _manifest_line(bag, f"{sha256}  data/testimonies/../../../ZZT-0009-x.md\n"))
    assert "is no authority file" in told(lambda bag: _manifest_line(bag, f"{sha256}  data/../../ZZT-0009-x.md\n"))
    assert "than tagmanifest" in told(lambda bag: (bag / "bag-info.txt").write_text("Testimony-Clearance: restricted\n"))
    assert "no line of a manifest" in told(lambda bag: (bag / "tagmanifest-sha256.txt").write_text("?"))
    if os.name == "posix":
        linked = told(lambda bag: ((bag / records / file).unlink(), (bag / records / file).symlink_to(outside)))
        assert "cannot be read" in linked


def test_a_bag_of_an_earlier_version_is_refused_with_what_to_do(mixed: Path, tmp_path: Path) -> None:
    """It does not say which of its files are renderings."""
    bag, target = _bag(mixed, tmp_path / "bag"), _begun(tmp_path / "target")
    info, tags = bag / "bag-info.txt", bag / "tagmanifest-sha256.txt"
    before = hashlib.sha256(info.read_bytes()).hexdigest()
    info.write_text("".join(line for line in info.read_text().splitlines(keepends=True) if "Testimony-" not in line))
    tags.write_text(tags.read_text().replace(before, hashlib.sha256(info.read_bytes()).hexdigest()))
    assert "make the bag anew" in " ".join(ask_program(target, "import", str(bag), "--write").out.split())
    assert _contents(target) == {}


def test_other_files_are_brought_in_beside_as_before(mixed: Path, tmp_path: Path, run: Run) -> None:
    """An export does not change what becomes of a foreign file: that is closed."""
    export, target = _exported(mixed), _begun(tmp_path / "target")
    words = tmp_path / "words.txt"
    words.write_text("Made up.\n", encoding="utf-8")
    asked = ("--rendering", "verbatim", "--authorities", "--write", "--format", "json")
    document = json.loads(ask_program(target, "import", str(words), str(export), *asked).out)
    assert {one["kind"]: one["level"] for one in document["files"] if one["code"]} == {"export": "restricted", "text": ""}
