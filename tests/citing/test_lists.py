"""`testimony verify` holds a list of hits against the archive whole, in each language and width: its hits, head and sources."""

import re
import shutil
from pathlib import Path

import pytest

import made_up
from archive.archive import Archive
from archive.citing.verification import MALFORMED
from archive.cli import group
from archive.language.messages import LANGUAGES
from examples import TIMES
from running import ask_program

WIDTHS = (40, 57, 80, 121, 200)
LISTS = [
    ("search", "coal", "--all"),
    ("search", "coal", "--camp", "15", "--all"),
    ("search", "--camp", "18", "--period", "1985", "--all"),
    ("search", "coal", "--as-of", "2014-01-01", "--all"),
    ("search", "gate", "--full", "--limit", "2"),
    ("search", "등불"),
    ("witness", "Made Upman"),
]
CHANGED = 11 if TIMES > 1 else 23
"""Every how many words one is changed; in a long run twice as many are."""


def listed(root: Path, language: str, question: tuple[str, ...], width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a list as a terminal of some columns has it."""
    monkeypatch.setattr(group, "terminal_columns", lambda: width)
    ran = ask_program(root, "--lang", language, *question, COLUMNS=str(width))
    assert ran.code == 0, ran.err
    return ran.out


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("question", LISTS, ids=" ".join)
def test_a_list_stands_at_any_width(
    gates: Path, question: tuple[str, ...], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is printed, and after a record that it does not show has come and another has changed."""
    documents = [listed(gates, language, question, width, monkeypatch) for width in WIDTHS]
    with Archive(gates) as archive:
        for document in documents:
            verdicts = archive.verify(document)
            assert verdicts
            assert [verdict for verdict in verdicts if not verdict.holds] == []
            assert all({"source", "page"} & set(verdict.fields_compared) for verdict in verdicts)
            assert all(not verdict.remark for verdict in verdicts)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_list_stands_when_other_records_change(
    gates: Path, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One has come that the question would find, and one that is not shown says something else."""
    root = shutil.copytree(gates, tmp_path / "gates")
    document = listed(root, language, ("search", "carts", "--all"), 80, monkeypatch)
    assert "NKT-9004" not in document
    (file,) = (root / "testimonies").glob("NKT-9004*")
    file.write_text(file.read_text(encoding="utf-8").replace("coal mules", "slate mules and carts"), encoding="utf-8")
    made_up.put(root, made_up.record(made_up.header("NKT-9009", sensitive=["hunger"]), "More coal carts."))
    with Archive(root) as archive:
        assert [verdict for verdict in archive.verify(document) if not verdict.holds] == []


FRAME = re.compile(
    r"\A.*?\n(?=\n|Content warning|내용 주의)|^\s*(?:CAVEATS|SOURCES|유의사항|출처) ?(?:\(.*)?$|^(?:Next|다음):.*\Z"
    r"|^[0-9]+  |^\s*(?:Content warning|내용 주의):|^ This is a summary.*?above\.$|^ 이 글은.*?보십시오\.$|\[[^^\]]{1,3}\]"
    r"|, since [0-9-]+(?= \[|\n)|,\s+[0-9-]+\s+이후|^(?:Below|아래):.*?\n(?=\n)",
    re.MULTILINE | re.DOTALL,
)
"""What is no word of a record or a source: how much was found, headings, numbers, how to cite, commands."""


def words(document: str) -> list[tuple[int, int]]:
    """Return where each word stands that is none of the frame."""
    free = bytearray(b"\1" * len(document))
    for found in FRAME.finditer(document):
        free[found.start() : found.end()] = bytes(found.end() - found.start())
    return [found.span() for found in re.finditer(r"[^\W_]+", document) if all(free[found.start() : found.end()])]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("question", [LISTS[0], LISTS[3]], ids=" ".join)
def test_no_word_of_a_list_is_altered_unseen(
    gates: Path, question: tuple[str, ...], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever word of whatever line, but for how much was found, headings and commands."""
    document = listed(gates, language, question, 80, monkeypatch)
    unseen = []
    with Archive(gates) as archive:
        for start, end in words(document)[::CHANGED]:
            word = document[start:end]
            put = f"{word[:-1]}{(int(word[-1]) + 1) % 10}" if word.isdecimal() else f"zq{word[1:]}"
            altered = document[:start] + put + document[end:]
            if all(verdict.holds for verdict in archive.verify(altered)):
                unseen.append(document[max(0, start - 30) : end + 10])
    assert unseen == []


PAGES = {
    "the title": ("the gate revised", "the gate retold"),
    "the kind of name": (r"pseudonym|가명", "real name"),
    "the connection": (r"victim|피해자", "guard"),
    "the day": (r"(recorded|채록) 2001", r"\1 1991"),
    "a caveat of a version": (r"caution\s+by\s+the\s+archive\s+\[4\]|아카이브의\s+주의\s+\[4\]", "translated [4]"),
    "a caveat taken off": (r"\s+·\s+second-hand\s+\[6\]|\s+·\s+전해\s+들은\s+진술\s+\[6\]", ""),
    "what others say": (r"rests on it|이 증언이 의존함", "has nothing to do with it"),
    "a line put in": (r"(?m)^2  NKT-9003", "He took all of it back.\n2  NKT-9003"),
}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("part", PAGES)
def test_no_part_of_the_page_of_a_person_is_altered_unseen(gates: Path, part: str, language: str) -> None:
    """Names, titles, versions, claims, what others say: each line is held against the page of today."""
    pattern, instead = PAGES[part]
    document = ask_program(gates, "--lang", language, "witness", "Lan Tern" if "kind" in part else "Made Upman").out
    altered = re.sub(pattern, instead, document)
    assert altered != document
    with Archive(gates) as archive:
        assert [verdict for verdict in archive.verify(altered) if verdict.altered], altered


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_page_stands_when_others_say_more(gates: Path, tmp_path: Path, language: str) -> None:
    """A record has come that rests on one of the person: it is said that the page does not have it, and nothing was altered."""
    root = shutil.copytree(gates, tmp_path / "gates")
    document = ask_program(root, "--lang", language, "witness", "Made Upman").out
    made_up.put(root, made_up.record(made_up.header("NKT-9009", relations=[{"type": "relies-on", "code": "NKT-9001"}]), "Coal."))
    with Archive(root) as archive:
        verdicts = archive.verify(document)
    assert [verdict for verdict in verdicts if not verdict.holds] == []
    assert all("has more of it now" in verdict.remark for verdict in verdicts)


def test_a_page_of_records_that_changed_is_not_vouched_for(gates: Path, tmp_path: Path) -> None:
    """One of its records has another header now: nobody can tell what of the page was altered, and that is said."""
    root = shutil.copytree(gates, tmp_path / "gates")
    document = ask_program(root, "witness", "Made Upman").out
    (file,) = (root / "testimonies").glob("NKT-9003*")
    file.write_text(file.read_text(encoding="utf-8").replace("the gate revised", "the gate retold"), encoding="utf-8")
    with Archive(root) as archive:
        found = {verdict.mention.reference.code: verdict for verdict in archive.verify(document)}
    assert [found[code].holds for code in ("NKT-9001", "NKT-9003")] == [True, False]
    assert all("page above was not compared" in verdict.remark for verdict in found.values())
    assert not any("page" in verdict.fields_compared for verdict in found.values())


def test_a_page_of_which_a_mark_was_taken_out_is_not_vouched_for(gates: Path, tmp_path: Path) -> None:
    """Nobody can tell whether the record without a mark has changed since; else its change would be told as an alteration."""
    root = shutil.copytree(gates, tmp_path / "gates")
    document = ask_program(root, "witness", "Made Upman").out
    taken = re.sub(r"^ +NKT-9003 · [^\n]*\n(?: {4,}[^\n]*\n)*", "", document, flags=re.MULTILINE)
    assert taken != document
    (file,) = (root / "testimonies").glob("NKT-9003*")
    file.write_text(file.read_text(encoding="utf-8").replace("the gate revised", "the gate retold"), encoding="utf-8")
    with Archive(root) as archive:
        found = {verdict.mention.reference.code: verdict for verdict in archive.verify(taken)}
    assert "NKT-9003" not in found
    assert [(verdict.altered, "page above was not compared" in verdict.remark) for verdict in found.values()] == [((), True)]


def test_a_page_of_which_a_caveat_of_another_record_says_something_else_now_is_not_vouched_for(
    gates: Path, tmp_path: Path
) -> None:
    """The caveat is told, the records of the person are as they were, and of the page it is said that it was not compared."""
    root = shutil.copytree(gates, tmp_path / "gates")
    document = ask_program(root, "witness", "Made Upman").out
    with Archive(root) as archive:
        theirs = {note.origin: note.statement for verdict in archive.verify(document) for note in verdict.notes if note.origin}
    own = {"NKT-9001", "NKT-9003"}
    for code in theirs.keys() - own:
        file = root / "testimonies" / f"{code}-made-up.md"
        file.write_text(file.read_text(encoding="utf-8").replace(theirs[code], f"{theirs[code]} More."), encoding="utf-8")
    assert theirs.keys() - own
    with Archive(root) as archive:
        verdicts = archive.verify(document)
    assert any(verdict.reworded for verdict in verdicts)
    assert {(verdict.outcome, verdict.altered) for verdict in verdicts} == {("unchanged", ())}
    assert all("page above was not compared" in verdict.remark for verdict in verdicts)


def test_the_page_of_a_person_has_no_mentions_without_a_hash(gates: Path, tmp_path: Path) -> None:
    """Its claims name paragraphs of the records that are cited whole below."""
    root = shutil.copytree(gates, tmp_path / "gates")
    (file,) = (root / "testimonies").glob("NKT-9001*")
    file.write_text(file.read_text(encoding="utf-8").replace('"status": "asserted"', '"status": "corrected"'), encoding="utf-8")
    page = tmp_path / "page.txt"
    page.write_text(ask_program(root, "witness", "Made Upman").out, encoding="utf-8")
    assert "NKT-9001#p1" in page.read_text(encoding="utf-8")
    said = ask_program(root, "verify", str(page))
    assert said.code == 0, said.out


def test_a_hit_whose_mark_was_taken_out_is_named(gates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its excerpt stands there without a citation, and is not passed over."""
    document = listed(gates, "ko", LISTS[0], 80, monkeypatch)
    taken = re.sub(r"^   NKT-9002#p1 · [^\n]*\n(?:     [^\n]*\n)*", "", document, flags=re.MULTILINE)
    assert taken != document
    with Archive(gates) as archive:
        wrong = [verdict for verdict in archive.verify(taken) if not verdict.holds]
    assert [(str(verdict.mention.reference), verdict.outcome) for verdict in wrong] == [("NKT-9002#p1", MALFORMED)]
    assert "mark is missing" in wrong[0].reason


def test_what_cannot_be_compared_any_more_is_said(gates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record of the list is gone: what the list says of all of them is not vouched for."""
    root = shutil.copytree(gates, tmp_path / "gates")
    document = listed(root, "en", LISTS[0], 80, monkeypatch)
    (file,) = (root / "testimonies").glob("NKT-9004*")
    file.unlink()
    with Archive(root) as archive:
        others = [verdict for verdict in archive.verify(document) if verdict.mention.reference.code == "NKT-9002"]
    assert others
    assert all("not compared" in verdict.remark for verdict in others)
    assert not any({"source", "content warning"} & set(verdict.fields_compared) for verdict in others)


def test_the_records_of_a_list_are_looked_up_once(gates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once more for each hit, which in a list of some hundred would take minutes."""
    document = listed(gates, "en", LISTS[0], 80, monkeypatch)
    asked: list[str] = []
    found = Archive.find

    def counted(archive: Archive, code: str) -> object:
        asked.append(code)
        return found(archive, code)

    monkeypatch.setattr(Archive, "find", counted)
    with Archive(gates) as archive:
        verdicts = archive.verify(document)
    codes = {verdict.mention.reference.code for verdict in verdicts}
    assert len(asked) <= 3 * len(verdicts) + len(codes)
