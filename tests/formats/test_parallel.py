"""A record as a page of HTML, and its own words beside those of a version: languages, gaps, caveats, and that it verifies."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import attacks
import made_up
from archive.archive import Archive
from archive.formats.registry import PARALLEL, RECORDS
from attacks import judged
from running import Run

CODE = "NKT-9001"
OWN = ("# A heading\n\nCoal was dug here[^1].", "He saw a guard.", "Snow fell at night.", "[^1]: A footnote.")
KOREAN = ("여기서 석탄을 캤다.", "그는 경비대원을 보았다.")


class Cells(HTMLParser):
    """Gathers the cells of tables: language and text."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.cells: list[tuple[str, str]] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a cell."""
        if tag == "td":
            self.inside = True
            self.cells.append((dict(attrs).get("lang") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        """End one."""
        self.inside = self.inside and tag != "td"

    def handle_data(self, data: str) -> None:
        """Take its text."""
        if self.inside:
            language, text = self.cells[-1]
            self.cells[-1] = (language, text + data)


@pytest.fixture
def laid(root: Path) -> Path:
    """A record with two notes, and a version in which two paragraphs are one and the last is missing."""
    notes = [
        made_up.note("n1", "caution", "Made up of the whole."),
        made_up.note("n2", "contested", "Made up of the second.", about={"paragraphs": [2]}),
        made_up.note("n3", "revised", "Made up of the third.", about={"paragraphs": [3]}),
    ]
    head = made_up.header(CODE, credibility={"notes": notes}, sensitive=["torture"])
    made_up.put(root, made_up.record(head, *OWN))
    made_up.put(root, made_up.version(CODE, "ko", *KOREAN[:1], pairs=[[[1, 2], [1]], [[3], []]]))
    return root


def shown(run: Run, *arguments: str) -> str:
    """Return what `show` prints as HTML."""
    ran = run("show", *arguments, "--format", "html")
    assert ran.code == 0, ran.err
    return ran.out


def test_each_side_is_marked_by_its_language(laid: Path, run: Run) -> None:
    """A screen reader changes its voice, and a gap is said in the language of the page."""
    assert laid
    page = shown(run, CODE, "--parallel")
    assert Cells(page).cells == [
        ("en", "Coal was dug here[^1].[^1]: A footnote."),
        ("ko", KOREAN[0]),
        ("en", "He saw a guard."),
        ("ko", KOREAN[0]),
        ("en", "Snow fell at night."),
        ("", "[not in this version]"),
    ]
    assert re.findall(r'<th scope="col">(.*?)</th>', page) == ["English", "Korean"] * 3


def test_the_caveats_of_both_stand_beside_each_pair(laid: Path, run: Run) -> None:
    """Those of all paragraphs that the words of the version stand for, in full once and then by name, with both citations."""
    assert laid
    page = shown(run, CODE, "--parallel")
    pairs = page.split("<article")[1:]
    stated = [re.findall(r"<dd>(Made up of the [a-z]+)\.", each) for each in pairs]
    assert [sorted(each) for each in stated] == [
        ["Made up of the second", "Made up of the whole"],
        [],
        ["Made up of the third"],
    ]
    assert ["above, at" in each for each in pairs] == [False, True, True]
    assert [each.count("<cite>") for each in pairs] == [2, 2, 1]
    assert "Content warning" in page
    assert "This is a summary by the archive" in page


@pytest.mark.parametrize("arguments", [(), ("--language", "ko"), ("--parallel",)], ids=["own", "ko", "beside"])
@pytest.mark.parametrize("place", [CODE, f"{CODE}#p1-2"])
def test_the_pages_verify(laid: Path, run: Run, tmp_path: Path, place: str, arguments: tuple[str, ...]) -> None:
    """Every citation of a page of ours holds, and a word that was changed on it is told."""
    assert laid
    file = tmp_path / "page.html"
    page = shown(run, place, *arguments)
    file.write_text(page, encoding="utf-8")
    ran = run("verify", str(file), "--format", "json")
    assert ran.code == 0, ran.out
    assert {each["outcome"] for each in json.loads(ran.out)["citations"]} == {"unchanged"}
    for was, new in (("Made up of the whole", "Made up of nothing"), ("sha256:", "sha256:0")):
        file.write_text(page.replace(was, new), encoding="utf-8")
        assert run("verify", str(file)).code != 0, was


def test_whatever_a_record_says_the_page_is_sound(root: Path, run: Run) -> None:
    """Titles, notes and words of a version that would be markup are words, whatever they are."""
    for at, attack in enumerate(attacks.SCRIPTS.values()):
        code = f"NKT-9{at:03}"
        told = " ".join(attack.split()) or "x"
        note = made_up.note("n1", "caution", told)
        made_up.put(root, made_up.record(made_up.header(code, title=told, credibility={"notes": [note]}), f"A {told}"))
        made_up.put(root, made_up.version(code, "ko", f"가 {told}"))
    with Archive(root) as room:
        codes = room.codes()
    assert len(codes) == len(attacks.SCRIPTS)
    for code in codes:
        for arguments in ((), ("--parallel",), ("--language", "ko")):
            met = judged(shown(run, code, *arguments).partition("</head>")[2])
            assert not met.dangers, (code, arguments)


def test_the_language_beside_is_named_where_nothing_is_there(laid: Path, run: Run) -> None:
    """Also at a gap each format says of which language there is nothing, and JSON which paragraphs it lacks."""
    assert laid
    for form in PARALLEL:
        ran = run("show", f"{CODE}#p3", "--parallel", "--format", form)
        assert "Korean" in ran.out, form
        assert "not in this version" in ran.out.replace("\\", ""), form
    document = json.loads(run("show", CODE, "--parallel", "--language", "KO", "--format", "json").out)
    assert (document["parallel_language"], document["not_in_this_version"]) == ("ko", [3])
    assert [each["language"] for each in document["parallel"]] == ["ko", "ko"]


def test_a_page_of_html_is_a_page_of_a_record_alone(laid: Path, run: Run) -> None:
    """Lists and excerpts are not offered in it, and say so in one line."""
    assert laid
    assert set(RECORDS) == {"html"}
    for arguments in (("search", "coal"), ("excerpt", f"{CODE}#p1"), ("cite", CODE)):
        assert run(*arguments, "--format", "html").code == 2


def test_a_version_that_fell_behind_says_so_side_by_side(laid: Path, run: Run) -> None:
    """Each format of two languages tells that the record's words have changed since."""
    hashes = [f"{number}" * 16 for number in (1, 2, 3)]
    text = {"rendering": "summary", "translated": {"from": "en", "by": "the archive", "sha256": hashes}}
    made_up.put(laid, made_up.version(CODE, "ko", *KOREAN[:1], text=text, pairs=[[[1, 2], [1]], [[3], []]]))
    for form in PARALLEL:
        ran = run("show", f"{CODE}#p1", "--parallel", "--format", form)
        plain = ran.out.partition("Cite:")[0]
        assert "record's words have changed since this version was made" in plain.replace("&#x27;", "'").replace("\\", "") or (
            form == "text" and "words have changed since" in " ".join(ran.out.split())
        ), form
