"""`testimony verify` tells from git only what was public all along."""

from collections.abc import Callable
from pathlib import Path

import pytest

import made_up
from archive.archive import Archive
from archive.record.hashing import passage_hash
from running import ask_program
from verification_parts import git, short
from withheld_histories import CLOSED, MASKED, NEW, OLD, WITHHELD, save


def _moved_as(words: str, **changes: object) -> Callable[[Path], None]:
    def moved(root: Path) -> None:
        save(root, OLD)
        save(root, NEW)
        save(root, words, code="ZZT-0002", **{**CLOSED, **changes})

    return moved


SHUT_AS = {
    "with another space": "The made-up guard ZQXNAME beat  her at the made-up gate every day .",
    "in capitals": OLD.upper(),
    "with other punctuation": OLD.replace("guard", "guard,").replace("-", " "),
    "with one more sentence": f"It was made up. {OLD} And more.",
    "with one more sentence and another space": OLD.replace("beat her", "beat  her").replace(".", " .") + " And more",
    "with another end": OLD.replace("every day.", "on most days, and she fell."),
    "over two lines": OLD.replace(" at ", "\nat "),
    "in a header": None,
}


def _in_a_header(root: Path) -> None:
    save(root, OLD)
    save(root, NEW)
    note = made_up.note("n1", "caution", f"He said before: {OLD}")
    save(root, "A made-up paragraph.", code="ZZT-0002", credibility={"notes": [note]}, **CLOSED)


SHUT = [pytest.param(_moved_as(words) if words else _in_a_header, id=name) for name, words in SHUT_AS.items()]


@pytest.mark.parametrize("history", SHUT)
@pytest.mark.parametrize("longer", [False, True], ids=["alone", "of two sentences"])
def test_what_stands_in_a_closed_passage_however_it_is_written_is_not_told(
    root: Path, history: Callable[[Path], None], *, longer: bool
) -> None:
    """Neither where the words cited were all of it, nor where they had a sentence more than what was closed."""
    (root / "testimonies").mkdir()
    git(root, "init", "--quiet")
    history(root)
    if longer:
        two = f"{OLD} A made-up dog barked."
        git(root, "checkout", "--quiet", "--orphan", "again")
        kept = {file.name: file.read_bytes() for file in (root / "testimonies").glob("ZZT-0002*")}
        save(root, two)
        save(root, NEW)
        for name, content in kept.items():
            (root / "testimonies" / name).write_bytes(content)
        ran = ask_program(root, "verify", short("ZZT-0001", 1, two))
        assert "ZQXNAME" not in ran.out + ran.err
        assert "not to be had" in ran.out
    assert "ZQXNAME" not in told(root)


def test_the_control_an_open_record_with_the_same_words_hides_nothing(root: Path) -> None:
    """Words that stand in a record that everybody reads, and masks of other words, are no reason to be silent."""
    (root / "testimonies").mkdir()
    git(root, "init", "--quiet")
    save(root, OLD)
    save(root, NEW)
    save(root, f"He repeated: {OLD}", code="ZZT-0002")
    save(root, "Another <an>Somebody</an> is here.", code="ZZT-0003")
    save(root, "She was beaten at a gate by a guard.", code="ZZT-0004", **CLOSED)
    assert "ZQXNAME" in told(root)


def told(root: Path) -> str:
    """Verify a citation of the old words, and give all that is said."""
    ran = ask_program(root, "verify", short("ZZT-0001", 1, OLD))
    assert ran.code == 1
    record = ask_program(root, "verify", short("ZZT-0001", 1, OLD), "--format", "json")
    return ran.out + ran.err + record.out


@pytest.mark.parametrize("history", WITHHELD, ids=lambda each: each.__name__)
def test_what_was_not_public_all_along_is_not_told(root: Path, history: Callable[[Path], None]) -> None:
    """Not a word of it; and a wrong guess is answered as the right one is."""
    (root / "testimonies").mkdir()
    git(root, "init", "--quiet")
    history(root)
    assert "ZQXNAME" not in told(root)
    assert "the old words are not to be had" in " ".join(told(root).split())


@pytest.mark.parametrize("slug", ["made-up", "김-지어낸", "mädé-up"])
def test_what_was_public_all_along_is_told(root: Path, slug: str) -> None:
    """The control: also after a version that withheld nothing, also under a name of another script, also when renamed."""
    (root / "testimonies").mkdir()
    git(root, "init", "--quiet")
    save(root, MASKED, slug)
    save(root, OLD, slug)
    (root / "testimonies" / f"ZZT-0001-{slug}.md").unlink()
    save(root, OLD, f"{slug}-renamed")
    save(root, NEW, f"{slug}-renamed")
    assert "ZQXNAME" in told(root)


KOREAN = {
    "open": "지어낸 경비병 ZQXNAME 은 날마다 문 앞에서 그를 때렸다.",
    "masked": "지어낸 경비병 <an>ZQXNAME</an> 은 날마다 문 앞에서 그를 때렸다.",
    "now": "지어낸 경비병은 날마다 문 앞에서 그를 때렸다.",
}


@pytest.mark.parametrize(("between", "is_told"), [("nothing", True), ("its words withheld", False), ("the record closed", False)])
def test_old_words_of_a_version_are_told_where_neither_it_nor_its_record_ever_withheld_them(
    root: Path, between: str, *, is_told: bool
) -> None:
    """The version has a history of its own, and could be read only while its record could."""

    def version(words: str) -> None:
        made_up.put(root, made_up.version("ZZT-0001", "ko", KOREAN[words]), "ZZT-0001-made-up.ko.md")
        save(root, NEW)

    (root / "testimonies").mkdir()
    git(root, "init", "--quiet")
    version("open")
    if between == "its words withheld":
        version("masked")
    elif between == "the record closed":
        save(root, NEW, **CLOSED)
    version("now")
    sha256 = passage_hash(KOREAN["open"])
    with Archive(root) as archive:
        once = archive.words_once("ZZT-0001", sha256[:16], "ko")
        past = {each.sha256 for each in archive.past_words("ZZT-0001")}
    assert (once == KOREAN["open"], sha256 in past) == (is_told, is_told)
    assert is_told or once is None
