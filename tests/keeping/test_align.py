"""`testimony align`: a version of a record in another language, whose pairs a person confirms where they are doubtful."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

import made_up
from archive.archive import Archive
from archive.authority.authorities import Authorities
from archive.errors import CannotWrite
from archive.keeping.importing._alignment import FIXED, ComparedParagraph, as_pairs, length_cost, pair_paragraphs
from archive.keeping.importing.alignment import Doubt, propose
from archive.reader import read, versions
from archive.record import alignment
from archive.record.testimony import Pair
from examples import examples
from running import Run

OWN = (
    "Interviewer: Where were you in 1996?",
    "Witness: In the camp at Yodok, with some two hundred others, in a hut of stone and earth near the river.",
    "Interviewer: For how long?",
    "Witness: Until 1999. Then they moved us, by night, in three lorries that nobody was let look out of.",
    "Interviewer: And the mine?",
    "Witness: The mine had 3 shafts, and the deepest of them was closed after the water had come in.",
)
THEIRS = (
    "면담자: 1996년에 어디에 계셨습니까?",
    "증언자: 요덕에 있는 수용소에서 이백 명쯤 되는 사람들과 강가의 돌과 흙으로 된 움막에 있었습니다.",
    "면담자: 얼마 동안이었습니까?",
    "증언자: 1999년까지였습니다. 그다음 우리를 밤에 트럭 세 대에 태워 옮겼고 아무도 밖을 내다보지 못하였습니다.",
    "면담자: 탄광은요?",
    "증언자: 탄광에는 갱이 3개 있었고 가장 깊은 갱은 물이 들어온 뒤에 닫혔습니다.",
)
MADE = ["--translator", "Made Up"]


@pytest.fixture
def ask(root: Path, run: Run) -> Run:
    """Run the program on a collection with one public record."""
    made_up.collection(root / "kept", made_up.record(made_up.header("NKT-9001", text={"rendering": "verbatim"}), *OWN))
    return lambda *arguments, **environment: run("--root", str(root / "kept"), *arguments, **environment)


def file_of(root: Path, *paragraphs: str) -> str:
    """Lay a text beside the collection."""
    (root / "ko.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    return str(root / "ko.txt")


def version(root: Path) -> Path:
    """Return where the version is written."""
    files = (root / "kept/testimonies").glob("NKT-9001*.md")
    return next(file for file in files if not file.name.endswith(".ko.md")).with_suffix(".ko.md")


def pairs_of(root: Path) -> tuple[Pair, ...]:
    """Return the pairs of the version as the program reads it."""
    file = version(root)
    record = file.with_name(file.name.replace(".ko.md", ".md"))
    authorities = read.read_authorities(root / "kept")
    beside = {f"testimonies/{file.name}": file.read_bytes()}
    found = versions.read_all(record.read_bytes(), f"testimonies/{record.name}", authorities, beside)
    assert found.faults == ()
    return found.testimony.versions[0].pairs


def test_nothing_is_written_that_was_not_confirmed(root: Path, ask: Run) -> None:
    """Shown without --yes, written with it; bound to the words of both, and told in the history of the record."""
    shown = ask("align", "NKT-9001", file_of(root, *THEIRS), *MADE)
    assert (shown.code, version(root).exists(), "doubtful" in shown.out) == (0, False, False)
    written = ask("align", "NKT-9001", file_of(root, *THEIRS), *MADE, "--yes")
    assert written.code == 0, written.err
    assert [(pair.own, pair.theirs) for pair in pairs_of(root)] == [((number,), (number,)) for number in range(1, 7)]
    content = version(root).read_text(encoding="utf-8")
    assert "⟦¶" not in content
    assert 'by: "Made Up"' in content
    assert version(root).stat().st_mode & 0o077 == 0
    record = version(root).with_name(version(root).name.replace(".ko.md", ".md")).read_text(encoding="utf-8")
    assert re.search(r"Version in ko made of a file of the kind text, sha256 [0-9a-f]{64}", record)
    assert "ko.txt" not in record + content
    assert ask("check").code == 0
    assert "움막" in ask("search", "움막").out


def test_what_is_doubtful_is_for_a_person(root: Path, ask: Run) -> None:
    """An omission is never written by --yes alone; the pair that a person gives is no doubt any more."""
    given_file = file_of(root, *THEIRS[:3], *THEIRS[4:])
    for more in ([], ["--yes"]):
        ran = ask("align", "NKT-9001", given_file, *MADE, *more)
        assert (ran.code, version(root).exists()) == (1, False)
        assert "doubtful: 4=" in ran.out
        assert "< 4: Witness: Until 1999." in ran.out
    ran = ask("align", "NKT-9001", given_file, *MADE, "--pair", "4=", "--yes")
    assert (ran.code, Pair((4,), ()) in pairs_of(root)) == (0, True)


def test_two_paragraphs_that_are_one_in_the_other_language(root: Path, ask: Run) -> None:
    """And one that is two; the pairs are in the header as the reader wants them."""
    ran = ask("align", "NKT-9001", file_of(root, f"{THEIRS[0]} {THEIRS[1]}", *THEIRS[2:5], *THEIRS[5].split(" 가장 ")), *MADE)
    doubtful = re.findall(r"doubtful: (\S+):", ran.out)
    known = [item for pair in doubtful for item in ("--pair", pair)]
    done = ask("align", "NKT-9001", str(root / "ko.txt"), *MADE, *known, "--yes")
    assert done.code == 0, (ran.out, done.err)
    assert {Pair((1, 2), (1,)), Pair((6,), (5, 6))} <= set(pairs_of(root))


def test_a_paragraph_of_the_file_alone_is_in_force_with_the_one_before(root: Path, ask: Run) -> None:
    """A translator's addition belongs to no paragraph of the record; it is told, and no caveat is lost at it."""
    added = "옮긴이의 말이다: 이 대목에 대하여 이 사람은 다른 곳에서 자세히 이야기하였다. 그것은 여기에 옮기지 않는다."
    ran = ask("align", "NKT-9001", file_of(root, *THEIRS[:4], added, *THEIRS[4:]), *MADE)
    assert ran.code == 1
    assert "stands in no paragraph of the record" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "who translated it is not said"),
        ([*MADE, "--pair", "9=1"], "not in order"),
        ([*MADE, "--pair", "2=2", "--pair", "3=1"], "not in order"),
        ([*MADE, "--pair", "=1"], "no pair of paragraphs"),
        ([*MADE, "--language", "en"], "that of the record itself"),
    ],
)
def test_what_cannot_be_is_refused(root: Path, ask: Run, arguments: list[str], why: str) -> None:
    """With the reason, and nothing is written."""
    ran = ask("align", "NKT-9001", file_of(root, *THEIRS), *arguments, "--yes")
    assert (ran.code in {1, 2}, why in " ".join((ran.out + ran.err).split())) == (True, True), ran
    assert len(list((root / "kept/testimonies").iterdir())) == 1


def test_a_version_is_never_written_over(root: Path, ask: Run) -> None:
    """Nor one that withholds other words than the record does."""
    assert ask("align", "NKT-9001", file_of(root, *THEIRS), *MADE, "--yes").code == 0
    before = version(root).read_bytes()
    ran = ask("align", "NKT-9001", file_of(root, *THEIRS), *MADE, "--yes")
    assert (ran.code == 0, version(root).read_bytes()) == (False, before)
    version(root).unlink()
    ran = ask("align", "NKT-9001", file_of(root, *THEIRS[:5], f"<an>{THEIRS[5]}</an>"), *MADE, "--yes")
    assert (ran.code == 0, version(root).exists()) == (False, False)


def test_words_of_a_closed_record_are_shown_to_its_keeper_alone(root: Path, ask: Run) -> None:
    """The numbers of the doubtful pairs are, and how to see the words."""
    file = next((root / "kept/testimonies").glob("*.md"))
    file.write_text(file.read_text(encoding="utf-8").replace('"level": "public"', '"level": "closed"'), encoding="utf-8")
    given_file = file_of(root, *THEIRS[:3], *THEIRS[4:])
    ran = ask("align", "NKT-9001", given_file, *MADE)
    assert ("doubtful: 4=" in ran.out, "1999" in ran.out.replace("alone: 1999", ""), "--keeper" in ran.out) == (True, False, True)
    assert "Until 1999" in ask("align", "NKT-9001", given_file, *MADE, "--keeper").out


def test_a_record_that_changed_meanwhile_is_left_alone(root: Path, ask: Run) -> None:
    """What was compared is what is written, or nothing is."""
    del ask
    room = Archive(root / "kept")
    found = room.align("NKT-9001", Path(file_of(root, *THEIRS)), translator="Made Up")
    file = next((root / "kept/testimonies").glob("*.md"))
    file.write_text(file.read_text(encoding="utf-8").replace("three lorries", "two lorries"), encoding="utf-8")
    with pytest.raises(CannotWrite, match="has changed"):
        room.write_version(found)


UNITS = some.lists(
    some.builds(ComparedParagraph, some.integers(0, 400), some.frozensets(some.sampled_from("abcd"), max_size=2)), max_size=8
)


@examples(100)
@given(UNITS.filter(len), UNITS)
def test_every_paragraph_of_both_is_in_one_pair(own: list[ComparedParagraph], theirs: list[ComparedParagraph]) -> None:
    """In the order of both, whatever they are; and the pairs are such as a version may have."""
    found = pair_paragraphs(own, theirs)
    assert [number for each in found for number in each.own] == list(range(1, len(own) + 1))
    assert [number for each in found for number in each.theirs] == list(range(1, len(theirs) + 1))
    assert all(each.margin >= 0 for each in found)
    pairs = [Pair(each.own, each.theirs) for each in as_pairs(found)]
    several = [pair for pair in pairs if (len(pair.own), len(pair.theirs)) != (1, 1)]
    assert alignment.align(several, len(own), len(theirs)) == tuple(pairs)


CHANGES = ("same", "merged", "omitted", "split")


NO_NAMES = Authorities.from_data({"camps": {"camps": []}})


def changed(lengths: Sequence[int], change: str, at: int) -> tuple[Pair, tuple[Pair, ...], tuple[Doubt, ...]]:
    """Return the pair that a change in a text makes, and what is proposed. Each paragraph has a figure of its own."""
    own = [f"{'a' * length} {number}" for number, length in enumerate(lengths)]
    one = own[at]
    theirs = {
        "same": own,
        "merged": [*own[:at], f"{one} {own[at + 1]}", *own[at + 2 :]],
        "omitted": [*own[:at], *own[at + 1 :]],
        "split": [*own[:at], one[: len(one) // 2], one[len(one) // 2 :], *own[at + 1 :]],
    }[change]
    wanted = {
        "same": Pair((at + 1,), (at + 1,)),
        "merged": Pair((at + 1, at + 2), (at + 1,)),
        "omitted": Pair((at + 1,), ()),
        "split": Pair((at + 1,), (at + 1, at + 2)),
    }[change]
    return wanted, *propose(own, theirs, NO_NAMES)


@examples(50)
@given(some.lists(some.integers(30, 400), min_size=4, max_size=12), some.sampled_from(CHANGES), some.data())
@example([30, 78, 96, 30], "omitted", None)
@example([30, 306, 298, 30], "omitted", None)
def test_a_known_change_is_found_or_a_doubt(lengths: list[int], change: str, data: some.DataObject | None) -> None:
    """A paragraph that was merged, split or left out is found where it is, or what is found in its place is left to a person."""
    at = data.draw(some.integers(1, len(lengths) - 2)) if data else 1
    wanted, pairs, doubts = changed(lengths, change, at)
    assert wanted in pairs or any(not {at + 1, at + 2}.isdisjoint(each.own) for each in doubts)


@pytest.mark.parametrize("change", CHANGES)
def test_a_known_change_is_nearly_always_found(change: str) -> None:
    """Of 60 texts, in at least nine of ten, where all else is as it was."""
    chance = random.Random(7)  # the same texts each time
    found = 0
    for _ in range(60):
        lengths = [chance.randint(30, 400) for _ in range(chance.randint(4, 12))]
        wanted, pairs, _ = changed(lengths, change, chance.randint(1, len(lengths) - 2))
        singles = sum(len(each.own) == len(each.theirs) == 1 for each in pairs)
        expected = len(lengths) - {"same": 0, "merged": 2}.get(change, 1)
        found += wanted in pairs and singles == expected
    assert found >= 54


@examples(60)
@given(UNITS.filter(lambda units: len(units) > 2), some.data())
def test_a_pair_that_a_person_gives_stands(own: list[ComparedParagraph], data: some.DataObject) -> None:
    """Whatever speaks against it."""
    number, other = (data.draw(some.integers(1, len(own))) for _ in range(2))
    fixed = Pair((number,), data.draw(some.sampled_from([(other,), ()])))
    found = pair_paragraphs(own, own, [fixed])
    assert (fixed.own, fixed.theirs, FIXED) in [tuple(each) for each in found]


def test_a_length_that_is_as_expected_costs_least() -> None:
    """The control: cost grows as lengths part."""
    costs = [length_cost(100, there) for there in (100, 120, 160, 300)]
    assert costs == sorted(costs)
    assert costs[0] == 0.0
    assert costs[-1] > 5
