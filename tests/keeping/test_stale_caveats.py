"""A correction never silences: under random corrections every caveat goes on travelling, marked, until a person rebinds it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.citing.citation import STALE
from archive.errors import UsageFault
from archive.formats.registry import writer
from archive.record.testimony import Reference
from keeping_parts import correct, digest, file_of, head, kept, korean, snapshot
from running import Run, talk_to_program
from verification_parts import short

TEXTS = ("Coal one was made up.", "Coal two was made up.", "Coal three was made up.")
NUMBERS = st.sets(st.integers(1, 3), min_size=1)


def token(number: int) -> str:
    """Return what a note states."""
    return f"Statementnumber{number}x made up"


def laid(root: Path, abouts: list[set[int]], *, by_quote: bool) -> None:
    """Put a record with notes bound to paragraphs, and one that contradicts its first paragraph."""
    notes = []
    for at, numbers in enumerate(abouts, start=1):
        about = {"paragraphs": sorted(numbers), "sha256": [digest(TEXTS[number - 1]) for number in sorted(numbers)]}
        if by_quote and len(numbers) == 1:
            about = {"paragraphs": sorted(numbers), "quote": {"exact": TEXTS[min(numbers) - 1]}}
        notes.append(made_up.note(f"n{at}", "caution", token(at), about=about))
    against = made_up.note("n1", "contradicted", token(9), **{"with": [{"ref": "ZZT-0001#p1", "sha256": [digest(TEXTS[0])]}]})
    made_up.collection(
        root,
        made_up.record(head("ZZT-0001", credibility={"notes": notes}), *TEXTS),
        made_up.record(head("ZZT-0002", credibility={"notes": [against]}), "Nobody saw it."),
    )


def written(room: Archive, number: int) -> dict[str, str]:
    """Return a passage as several formats print it, in a search and as an excerpt."""
    hits = room.search("coal", limit=None, sort="code").results.hits
    place = next(at for at, hit in enumerate(hits) if (hit.passage.code, hit.passage.number) == ("ZZT-0001", number))
    found = {}
    for form in ("text", "json", "csv", "ris"):
        output = room.search("coal", limit=1, offset=place, sort="code")
        found[f"search {form}"] = "\n".join(writer(form).answer(room.excerpts(output.results, form)))
    for form in ("text", "markdown"):
        found[f"excerpt {form}"] = "\n".join(writer(form).pages(room.excerpt(Reference("ZZT-0001", (number,)), form)))
    return {form: " ".join(text.replace("\\", "").split()) for form, text in found.items()}


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(abouts=st.lists(NUMBERS, min_size=1, max_size=2), changed=NUMBERS, by_quote=st.booleans())
def test_every_caveat_travels_over_a_correction_and_a_rebinding(
    tmp_path_factory: pytest.TempPathFactory, abouts: list[set[int]], changed: set[int], *, by_quote: bool
) -> None:
    """At the paragraphs named, marked as long as nobody has read both, and unmarked and there after that."""
    root = tmp_path_factory.mktemp("stale")
    laid(root, abouts, by_quote=by_quote)
    for number in changed:
        correct(root, TEXTS[number - 1], TEXTS[number - 1].replace("was", "were"))
    with Archive(root) as room:
        for number in range(1, 4):
            own = {at for at, numbers in enumerate(abouts, start=1) if number in numbers} | ({9} if number == 1 else set())
            is_stale = number in changed and bool(own)
            for form, text in written(room, number).items():
                assert all(token(at) in text for at in own), (form, number)
                assert STALE in text or not is_stale, (form, number)
        for each in room.stale("ZZT-0001"):
            room.rebind(each.code, each.name, each.read())
    with Archive(root) as room:
        assert not room.stale("ZZT-0001")
        for number in range(1, 4):
            own = {at for at, numbers in enumerate(abouts, start=1) if number in numbers} | ({9} if number == 1 else set())
            for form, text in written(room, number).items():
                told = {int(at) for at in re.findall(r"Statementnumber([0-9])x", text)}
                assert (told, STALE in text) == (own, False), (form, number)


@pytest.mark.parametrize(
    ("correction", "was"),
    [(("was", "were"), {1: None}), (("Coal one", "Salt one"), dict.fromkeys((1, 2, 3), "Coal one"))],
    ids=["another word", "the words quoted"],
)
def test_what_a_note_was_about_is_told_only_where_it_stands_no_more(
    root: Path, run: Run, correction: tuple[str, str], was: dict[int, str | None]
) -> None:
    """A quotation that still stands in the paragraph is not what was changed there; the note is marked all the same."""
    about = {"paragraphs": [1], "sha256": [digest(TEXTS[0])], "quote": {"exact": "Coal one"}}
    made_up.collection(
        root,
        made_up.record(head("ZZT-0001", credibility={"notes": [made_up.note("n1", "caution", token(1), about=about)]}), *TEXTS),
    )
    correct(root, TEXTS[0], TEXTS[0].replace(*correction))
    told = {}
    for number in range(1, 4):
        (passage,) = json.loads(run("excerpt", f"ZZT-0001#p{number}", "--format", "json").out)["passages"]
        for caveat in passage["caveats"]:
            told[number] = caveat["was"]
            assert caveat["stale"]
    assert told == was
    assert ("(was: “Coal one”)" in " ".join(run("excerpt", "ZZT-0001#p1").out.split())) is (was[1] is not None)


def test_an_archivist_without_yaml_and_a_paper_written_before(root: Path, run: Run, tmp_path: Path) -> None:
    """One record closed, one with a withheld name; a word is corrected under a note, then it is withdrawn: `verify` is true."""
    kept(root, in_git=True)
    korean(root)
    assert run("new", "Made up: a draft", "--code", "ZZT-0003").code == 0
    assert run("redact", "ZZT-0001#p2", "Kim Made-up", "--name", "--in", "ko", "김가명", "--commit").code == 0
    for name in re.findall(r"testimony (rebind .*--same --read \S+)", run("rebind", "ZZT-0001").out):
        assert run(*name.split()).code == 0
    cited = {number: run("cite", f"ZZT-0001#p{number}").out for number in (1, 2)}
    paper = tmp_path / "paper.md"
    paper.write_text("\n\n".join(cited.values()), encoding="utf-8")

    def outcomes() -> list[str]:
        return [each["outcome"] for each in json.loads(run("verify", str(paper), "--format", "json").out)["citations"]]

    assert outcomes() == ["unchanged", "unchanged"]
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\nsed -i.bak s/spring/autumn/ "$1"\n', encoding="utf-8")
    script.chmod(0o755)
    assert talk_to_program(root, "edit", "ZZT-0001", typed="A word corrected\nn\n", VISUAL=str(script)).code == 0
    assert outcomes() == ["changed", "unchanged"]
    assert STALE in " ".join(run("excerpt", "ZZT-0001#p1").out.split())
    assert talk_to_program(root, "rebind", "ZZT-0001", typed="s\ns\ns\n").code == 0
    assert outcomes() == ["changed", "unchanged"]
    assert run("check").err.startswith("testimony: 3 records read; 2 faults"), "the draft has still to be written"
    assert run("withdraw", "ZZT-0001", "--reason", "Made up", "--commit").code == 0
    assert outcomes() == ["withdrawn", "withdrawn"]
    assert "unknown" in run("verify", short("ZZT-0003", 1, "x")).out.casefold()


def test_nothing_of_a_draft_reaches_a_public_reader(root: Path, run: Run) -> None:
    """What keepers do with one leaves no trace: the answers are those without the file, byte for byte."""
    kept(root)
    asked = (["search", "made-up"], ["list"], ["show", "ZZT-0003"], ["verify", short("ZZT-0003", 1, "x")], ["stats"], ["facets"])
    run("index")
    without = [run(*words) for words in asked]
    run("new", "Made up: a draft", "--code", "ZZT-0003")
    for words in (
        ["set", "ZZT-0003", "title=Another"],
        ["claim", "add", "ZZT-0003#p1", "made up"],
        ["relate", "ZZT-0003", "same-event", "ZZT-0001"],
        ["redact", "ZZT-0003#p1", "each thing told"],
        ["list", "--drafts"],
        ["show", "ZZT-0003", "--keeper"],
        ["withdraw", "ZZT-0003", "--reason", "x"],
    ):
        assert run(*words).code == 0, words
        run("index")
        assert [run(*each) for each in asked] == without, words


def test_the_control_a_correction_without_its_caveat_is_seen(root: Path) -> None:
    """Were the note dropped, the property above would tell."""
    laid(root, [{1}], by_quote=False)
    before = snapshot(root)
    file = file_of(root)
    file.write_text(file.read_text(encoding="utf-8").replace(token(1), "Another."), encoding="utf-8")
    with Archive(root) as room:
        assert not all(token(1) in text for text in written(room, 1).values())
        with pytest.raises(UsageFault):
            room.rebind("ZZT-0001", "n1", digest(TEXTS[0]))
    assert list(before) == list(snapshot(root))
