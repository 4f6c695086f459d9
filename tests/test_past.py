"""What older versions printed and kept: still verified, still read, and never changed."""

import hashlib
import json
import re
import shutil
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from archive.documents import pandoc as pandoc_runs
from archive.reader import read as reader
from archive.storage.index_state import maker
from examples import TIMES, daily
from running import TOP, ask_program, run_program

PAST = TOP / "tests" / "past"
VERSIONS = sorted(each for each in PAST.iterdir() if each.is_dir())
PRINTED = [each for version in VERSIONS for each in sorted((version / "printed").iterdir())]


def form(printed: Path) -> str:
    """Say in which form something was printed, by the ending of its file."""
    return printed.name.partition(".")[2]


def asked_every_day() -> list[Path]:
    """Give of each version a third of what it printed in each form, of the next version the next third; the short ones first."""
    every: dict[tuple[int, str], list[Path]] = {}
    for printed in PRINTED:
        every.setdefault((VERSIONS.index(printed.parent.parent), form(printed)), []).append(printed)
    return [
        printed
        for (number, _), alike in every.items()
        for printed in daily(sorted(alike, key=lambda each: each.stat().st_size), number, 3)
    ]


ASKED = asked_every_day()

VERSION_FILE = re.compile(r"\.([a-z]{2})\.md$")
"""How the file of a version in another language ends."""
Words = dict[str, list[str]]
"""Code, with the language after a dot where it is not the record's own → the hash of the file, and those of its paragraphs."""


@cache
def hashes(folder: Path) -> Words:
    """Hash a collection by the rule on the page and nothing of the program."""
    found: Words = {}
    for file in sorted(folder.rglob("*-*.md")):
        content = file.read_bytes()
        body = content.decode().split("\n---\n", 1)[1]
        runs = [run.strip("\n") for run in re.split(r"\n[ \t]*\n", body) if run.strip()]
        passages = [run for run in runs if not re.match(r"#+ |\[\^", run)]
        folded = [" ".join(re.sub("⟦[^⟧]*⟧", " ", unicodedata.normalize("NFC", each)).split()) for each in passages]
        language = VERSION_FILE.search(file.name)
        found[file.name[:8] + (f".{language[1]}" if language else "")] = [
            hashlib.sha256(each).hexdigest() for each in (content, *(each.encode() for each in folded))
        ]
    return found


def became(verdict: dict[str, str], then: Words, now: Words) -> str:
    """Say what has become of a citation that was right once, by the hashes of then and now alone."""
    code, _, number = verdict["reference"].partition("#p")
    code = f"{code}.{verdict['language']}" if f"{code}.{verdict['language']}" in then else code
    place = int(number or 0)
    cited = then[code][place]
    if code not in now:
        return "unknown"
    if now[code][place : place + 1] == [cited]:
        return "unchanged"
    is_elsewhere = place and any(cited in own[1:] for own in now.values())
    return "moved" if is_elsewhere else "changed"


def as_text(printed: Path, folder: Path) -> Path:
    """Give what was printed as a file that `verify` reads; of a word processor's file what pandoc makes of it."""
    if printed.suffix != ".docx":
        return printed
    pandoc = pytest.importorskip("pypandoc")
    pandoc_runs.pandoc()
    read = folder / f"{printed.name}.md"
    read.write_text(pandoc.convert_file(str(printed), "markdown"), encoding="utf-8")
    return read


@pytest.fixture(scope="module", params=VERSIONS, ids=lambda each: each.name)
def version(request: pytest.FixtureRequest) -> Path:
    """The folder of an older version."""
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The collection of each older version, copied, so that no test writes an index beside it."""
    made = {}
    for each in VERSIONS:
        made[each.name] = tmp_path_factory.mktemp("past") / each.name
        for part in ("testimonies", "authorities"):
            shutil.copytree(each / part, made[each.name] / part)
    return made


def test_nothing_of_an_older_version_was_changed(version: Path) -> None:
    """Each file has the hash that it had when it was put there, and none was put to it or taken away."""
    lines = (version / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    kept = {name: digest for digest, name in (line.split("  ./", 1) for line in lines)}
    there = {
        file.relative_to(version).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in version.rglob("*")
        if file.is_file() and file.name != "SHA256SUMS"
    }
    assert there == kept


def test_every_version_is_asked_every_day_in_every_form() -> None:
    """Whatever part of what was printed is asked; and each command that prints citations, of one version or another."""
    assert {(each.parent, form(each)) for each in ASKED} == {(each.parent, form(each)) for each in PRINTED}
    assert {re.split(r"\W", each.name)[0] for each in ASKED} == {re.split(r"\W", each.name)[0] for each in PRINTED}


@pytest.mark.parametrize("printed", ASKED, ids=lambda each: f"{each.parts[-3]}/{each.name}")
def test_each_citation_that_was_printed_gets_the_right_verdict(
    printed: Path, collections: dict[str, Path], shipped: Path, tmp_path: Path
) -> None:
    """Against the collection of then, where every one may stand; and against that of today, as the hashes of both say.

    A part of the documents each day, of each version and in each form, and all of them in a long run. Against the collection of
    today every third one: what became of a citation has nothing to do with the form in which it was printed, and that it is read
    in every form is seen against the collection of then.
    """
    document = as_text(printed, tmp_path)
    version = printed.parent.parent
    then, now = hashes(version / "testimonies"), hashes(TOP / "testimonies")
    is_asked_today = TIMES > 1 or ASKED.index(printed) % 3 == 0
    for root, held in ((collections[version.name], then), *([(shipped, now)] if is_asked_today else ())):
        ran = ask_program(root, "verify", str(document), "--format", "json")
        found = json.loads(ran.out)["citations"]
        assert found, ran.err
        assert [(each["reference"], each["outcome"]) for each in found] == [
            (each["reference"], became(each, then, held)) for each in found
        ]
        assert not [each for each in found if each["holds"] and each["outcome"] != "unchanged"]
        assert ran.code == (0 if all(each["holds"] for each in found) else 1)
        if root != shipped:
            assert [each for each in found if not each["holds"]] == []


@pytest.mark.parametrize("version", VERSIONS, ids=lambda each: each.name)
def test_a_citation_of_every_record_and_paragraph_was_kept(version: Path, collections: dict[str, Path]) -> None:
    """Nothing of the collection is left out, so that the test above speaks of all of it."""
    ran = ask_program(collections[version.name], "verify", str(version / "printed" / "cite.txt"), "--format", "json")
    every = {
        code if not place else f"{code}#p{place}"
        for code, held in hashes(version / "testimonies").items()
        if "." not in code
        for place in range(len(held))
    }
    assert {each["reference"] for each in json.loads(ran.out)["citations"]} == every


def test_what_was_altered_since_is_noticed(version: Path, collections: dict[str, Path], tmp_path: Path) -> None:
    """The control: a word of one old record, and citations of that record alone no longer stand."""
    root = tmp_path / "altered"
    shutil.copytree(collections[version.name] / "testimonies", root / "testimonies")
    shutil.copytree(version / "authorities", root / "authorities")
    (file,) = [each for each in (root / "testimonies").glob("NKT-0004-*.md") if not VERSION_FILE.search(each.name)]
    file.write_bytes(file.read_bytes().replace(b"lieutenant colonel", b"major general"))
    ran = ask_program(root, "verify", str(version / "printed" / "cite.txt"), "--format", "json")
    assert ran.code == 1
    fallen = {each["reference"] for each in json.loads(ran.out)["citations"] if not each["holds"]}
    assert {"NKT-0004", "NKT-0004#p1"} <= fallen
    assert {each[:8] for each in fallen} == {"NKT-0004"}


def test_every_old_record_is_read_without_a_change(version: Path) -> None:
    """By its own authorities; no fault, no key that has gone, and every paragraph with the hash that it had."""
    authorities = reader.read_authorities(version)
    kept = hashes(version / "testimonies")
    records = [file for file in (version / "testimonies").iterdir() if not VERSION_FILE.search(file.name)]
    for file in records:
        found = reader.read(file.read_bytes(), f"testimonies/{file.name}", authorities)
        assert found.fixity == kept[found.code][0]
    assert len([code for code in kept if "." not in code]) == len(records)


def test_an_old_index_is_made_anew_by_itself(version: Path, tmp_path: Path) -> None:
    """It answers as one that was made today, and nothing of one in another format is left."""
    old, new = tmp_path / "old", tmp_path / "new"
    state = json.loads((version / "index-of-two" / "state" / "public.json").read_text(encoding="utf-8").splitlines()[1])
    for root in (old, new):
        (root / "testimonies").mkdir(parents=True)
        for file in [each for each in (version / "testimonies").iterdir() if each.name.startswith(("NKT-0001", "NKT-0002"))]:
            shutil.copy2(file, root / "testimonies")
    shutil.copytree(version / "index-of-two", old / "index")
    for question in (("search", "camp", "--all", "--format", "json"), ("show", "NKT-0001")):
        asked, anew = run_program(old, *question), ask_program(new, *question)
        assert (asked.code, asked.out) == (anew.code, anew.out)
        assert asked.code == 0
    made = json.loads((old / "index" / "state" / "public.json").read_text(encoding="utf-8").splitlines()[1])
    assert made["made_by"] == maker()
    left = {file.name for file in (version / "index-of-two").rglob("*.passages")}
    kept = left & {file.name for file in (old / "index").rglob("*")}
    assert not kept or state["made_by"] == maker(), "an index of another format was used"
