"""Terminal, JSON, CSV and Markdown as sinks; HTML has a module of its own. Each has a control that must fail."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import markdown
import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attacks
import made_up
from archive.formats import _cells as cells
from archive.formats import json_sink
from archive.formats._markdown_sink import escape
from archive.formats.registry import FORMATS
from archive.formats.terminal import visible
from attacks import MIXTURES, judged
from examples import daily, examples
from running import Run

TERMINAL = {
    "escape sequence": "\x1b[31mred\x1b[2J",
    "clipboard (OSC 52)": "\x1b]52;c;aGk=\x07",
    "link (OSC 8)": "\x1b]8;;http://a.invalid\x1b\\x\x1b]8;;\x1b\\",
    "title (OSC 0)": "\x1b]0;title\x07",
    "C1 introducer": "\x9b31m \x9d52;c;aGk=\x9c",
    "carriage return": "RECANTED\rnothing",
    "backspace": "recanted\x08\x08\x08\x08\x08\x08\x08\x08",
    "bidirectional override": "\u202egnp.exe\u2066\u2069",
    "marks of ours": "\x01\x02",
    "line separators": "a\u2028b\u2029c\x85d\x0be",
    "invisible": "re\u200bcant\u2060ed \U000e0041\xad",
}
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
"""What a terminal obeys or hides, but for tab and newline."""


@pytest.mark.parametrize("kind", TERMINAL)
def test_no_kind_of_attack_on_a_terminal_passes_a_sink(kind: str) -> None:
    """Not as text, not in JSON, not in a cell, not in Markdown."""
    text = TERMINAL[kind]
    assert RAW.search(text), "the control: unescaped it is caught"
    for written in (visible(text), json_sink.write({"a": text}), cells.line([text]), escape(text)):
        assert not RAW.search(written)


@pytest.mark.parametrize("form", FORMATS)
def test_a_hostile_record_is_harmless_on_a_terminal_in_every_format(root: Path, run: Run, form: str) -> None:
    """The real program, the real record: the body can hold what YAML refuses in a header."""
    # A lone carriage return is a fault of the file already.
    body = "Coal " + " ".join(text.replace("\r", "") for text in TERMINAL.values())
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), body))
    ran = run("search", "coal", "--format", form)
    assert ran.code == 0, ran.err
    assert "NKT-9001" in ran.out
    assert not RAW.search(ran.out)
    assert not RAW.search(ran.err)


def test_json_escapes_every_control_character_of_unicode_and_nothing_else() -> None:
    """All of Cc, Cf, Cs, Co, Zl and Zp, also beyond U+FFFF; every other character stays as it is."""
    every = [chr(code) for code in range(sys.maxunicode + 1) if chr(code) not in {'"', "\\"}]
    escaped_ones = {c for c in every if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}}
    escaped_ones |= {
        c for c in every if ord(c) % 0x10000 >= 0xFFFE or 0xFDD0 <= ord(c) < 0xFDF0 or 0xE0000 <= ord(c) < 0xE0080
    }  # no characters, for ever
    written = json_sink.write({"a": ".".join(sorted(escaped_ones))})
    assert written.isascii()
    assert written.isprintable()
    others = ".".join(c for c in every if c not in escaped_ones)
    assert json_sink.write({"a": others}) == f'{{"a": "{others}"}}'


JSON = st.recursive(
    st.text() | st.integers() | st.none() | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@examples(50)
@given(st.dictionaries(st.text(), JSON, max_size=3), st.sampled_from([None, 1]))
def test_json_is_the_same_document_when_it_is_read(document: dict[str, object], indent: int | None) -> None:
    """Whatever is in it, also lone surrogates; one line where no indent is asked for."""
    written = json_sink.write(document, indent)
    assert json.loads(written) == document
    assert not RAW.search(written)
    assert indent is not None or "\n" not in written


FORMULAS = [
    *(
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://a.invalid";"x")',
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
    ),
    *(
        '"=1',
        "'=1",
        "“=1",
        " ' =1",
        "\u00a0=1",
        "\u3000=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        "﹦1",
        "﹢1",
        "﹣1",
        "﹫1",
        "\u22121",
    ),
    *("a;=1+1;b", "a; =1+1", "a;\t@SUM(1)", "a;＝1"),
]
"""What is known to start a formula: OWASP's list, its full-width forms, what spreadsheets pass over before it, and "a;"."""


def starts_a_formula(cell: str) -> bool:
    """Ask whether a spreadsheet that reads ``,`` or ``;`` could run part of a cell; as wide as the list above."""
    return any(
        re.match("[\\s\"'“”‘’]*[=+\\-@＝＋－＠﹦﹢﹣﹫\u2212]", part) and not re.match("\\s*'", part) for part in cell.split(";")
    )


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_starts_a_formula(formula: str) -> None:
    """Read back by a real reader of CSV; the words are all there."""
    (row,) = csv.reader(io.StringIO(cells.line([formula, "after"]), newline=""))
    assert not starts_a_formula(row[0])
    assert not RAW.search(row[0])
    assert row[1] == "after"
    assert "".join(row[0].replace("'", "").split()) == "".join(formula.replace("'", "").split())


def test_the_control_for_cells() -> None:
    """As they are, they do; those that begin with an apostrophe are text to a spreadsheet."""
    assert [each for each in FORMULAS if not starts_a_formula(each)] == ["'=1", " ' =1"]


@pytest.mark.parametrize(
    "plain", ["Coal", "coal - gold", "198X/1990; 2002~", "0-4; 20-24", "a=b", "3+4", "요덕 - 15", "", " a", "a;b", "—so", "…-"]
)
def test_other_cells_are_as_they_were(plain: str) -> None:
    """An apostrophe only where it is needed."""
    assert cells.neutral(plain) == plain


@examples(150)
@given(st.lists(st.text(max_size=20), min_size=2, max_size=4))
def test_any_row_is_one_line_of_as_many_cells(values: list[str]) -> None:
    """Quotes, commas and line ends in a value make no second cell and no second row."""
    written = cells.line(values)
    assert len(written.splitlines()) <= 1
    (row,) = csv.reader(io.StringIO(written))
    assert len(row) == len(values)
    assert not any(map(starts_a_formula, row))


def opened(program: str, folder: Path, content: str, separator: str = ",") -> str:
    """Let LibreOffice open a table; gives the sheet as it read it, "" where it cannot open one."""
    table, sheet = folder / "table.csv", folder / "table.fods"
    table.write_text(content, encoding="utf-8")
    sheet.unlink(missing_ok=True)
    profile, options = (folder / "profile").as_uri(), f"CSV:{ord(separator)},34,76,1"
    asked = [f"-env:UserInstallation={profile}", f"--infilter={options}", "--convert-to", "fods", "--outdir", str(folder)]
    subprocess.run([program, "--headless", *asked, str(table)], check=False, capture_output=True, timeout=120)
    return sheet.read_text(encoding="utf-8") if sheet.is_file() else ""


def why_no_spreadsheet(program: str | None, folder: Path) -> str:
    """Say why no table can be opened here, "" where one can: LibreOffice is missing, or lies there without Calc."""
    missing = "" if program else "no LibreOffice here"
    if program and "42" not in opened(program, folder, "41,42\n"):
        missing = "LibreOffice is here and opens no table"
    return missing and f"{missing}: apt-get install libreoffice-calc-nogui"


@pytest.fixture(scope="module")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a LibreOffice that opens tables, asked once; else the tests that need it are skipped and say why."""
    program = shutil.which("soffice")
    if missing := why_no_spreadsheet(program, tmp_path_factory.mktemp("spreadsheet")):
        pytest.skip(missing)
    return str(program)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_real_spreadsheet_finds_no_formula(soffice: str, tmp_path: Path, separator: str) -> None:
    """LibreOffice opens the table, also where it reads another separator than ours; the control has formulas."""

    def formulas(content: str) -> list[str]:
        sheet = opened(soffice, tmp_path, content, separator)
        assert sheet
        return re.findall('table:formula="([^"]*)"', sheet)

    def raw(value: str) -> str:
        held = io.StringIO()
        csv.writer(held).writerow([value])
        return held.getvalue()

    assert formulas("".join(map(raw, FORMULAS)))
    assert formulas("\n".join(cells.line([each]) for each in FORMULAS)) == []


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins for LibreOffice are shell scripts")
@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ("echo Error: source file could not be loaded; exit 0", "opens no table"),
        ("exit 1", "opens no table"),
        ('for a in "$@"; do last=$a; done; cp "$last" "${last%.csv}.fods"', ""),
    ],
)
def test_libreoffice_without_calc_is_told_from_one_that_opens_tables(tmp_path: Path, lines: str, missing: str) -> None:
    """It ends well and writes nothing, or ends with an error; in neither case is a table called free of formulas."""
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    program.chmod(0o755)
    found = why_no_spreadsheet(str(program), tmp_path)
    assert missing in found
    assert bool(found) == bool(missing)
    assert "no LibreOffice here" in why_no_spreadsheet(None, tmp_path)


PANDOC = ("markdown", "markdown-smart", "gfm", "commonmark", "commonmark_x")
PYTHON = ([], ["extra"], ["extra", "attr_list", "toc", "admonition", "sane_lists", "nl2br"])
TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def plain(text: str) -> str:
    """Fold white space, and the quotes, dashes and dots that pandoc makes typographic."""
    folded = " ".join(text.split()).translate(TYPOGRAPHY).replace("…", "...").replace("\u00a0", " ")
    return re.sub("[-–—]+", "-", folded)


def rendered(page: str) -> dict[str, str]:
    """Render Markdown by every reader that we have."""
    pages = {f"pandoc {name}": pypandoc.convert_text(page, "html", format=name, extra_args=["--wrap=none"]) for name in PANDOC}
    return {**pages, **{f"python {' '.join(names)}": markdown.markdown(page, extensions=names) for names in PYTHON}}


def shown(text: str) -> str:
    """Give what is to be seen of a value in Markdown."""
    return plain(visible(text))


AROUND = ("{}", "x {} x", "# {}", "- {}", "- **x** {} (n1)")
WITHIN = [
    (text, around) for number, text in enumerate((*attacks.SCRIPTS.values(), *attacks.KEPT)) for around in daily(AROUND, number)
]
"""Every day each text at two or three places of five, the next one at the others."""


@pytest.mark.parametrize(("text", "around"), WITHIN)
def test_markdown_shows_the_same_words_whoever_renders_it(text: str, around: str) -> None:
    """Pandoc in five dialects, Python-Markdown with and without its extensions; no danger, no word lost."""
    for reader, page in rendered(f"{around.format(escape(text))}\n").items():
        met = judged(page)
        assert not met.dangers, reader
        assert shown(text) in plain(met.text), (reader, page)
        assert met.elements <= {"p", "h1", "ul", "li", "strong"}, (reader, page)


STARTS = (
    "1977. (1) (a) a) IV. i. #. (@) # ## + - * : ~ % %% | "
    "= --- === *** !!! ??? ::: > [TOC] [^1]: [x]: *[x]: ``` ~~~ $$ \\ {#a} &lt; @a ^[x]"
)


@pytest.mark.parametrize("start", [*STARTS.split(), "    ", "\t", "!!! note", "http://a.invalid", "www.a.invalid", "a@a.invalid"])
def test_words_at_the_start_of_a_line_stay_words(start: str) -> None:
    """Each begins something in one of the readers."""
    for reader, page in rendered(f"{escape(f'{start} that year')}\n\nafter\n").items():
        met = judged(page)
        assert plain(met.text) == plain(f"{start} that year after"), (reader, page)
        assert met.elements == {"p"}, (reader, page)


@pytest.mark.parametrize("end", ["#", " #", " ##", "\\", "  ", "*", "`", "{#a}", " |", "^", "~", "&"])
def test_words_at_the_end_of_a_heading_stay_words(end: str) -> None:
    """Signs that close a heading are words too."""
    for reader, page in rendered(f"## {escape(f'Title{end}')}\n\nafter\n").items():
        assert plain(judged(page).text) == plain(f"Title{end} after"), (reader, page)


def test_no_random_mixture_survives_markdown() -> None:
    """Each a paragraph of one page: as many paragraphs come out, each with its words, and nothing dangerous."""
    texts = [text for text in attacks.mixtures(MIXTURES) if text.strip()]
    page = "\n\n".join(map(escape, texts))
    for reader, html in rendered(page).items():
        met = judged(html)
        assert not met.dangers, reader
        found = re.findall(r"<p>(.*?)</p>", html, re.DOTALL)
        assert len(found) == len(texts), reader
        for text, paragraph in zip(texts, found, strict=True):
            assert not judged(paragraph).elements, (reader, text, paragraph)
            # Where pandoc makes typographic quotes of straight ones it drops white space inside them, and no word.
            space = "" if reader == "pandoc markdown" else " "
            assert plain(judged(paragraph).text).replace(" ", space) == shown(text).replace(" ", space), (reader, text, paragraph)


def test_the_control_for_markdown() -> None:
    """Unescaped, every reader is fooled by some kind, and words are lost."""
    for reader, html in rendered("\n\n".join([*attacks.SCRIPTS.values(), *attacks.KEPT])).items():
        met = judged(html)
        assert met.dangers, reader
        assert "<name redacted>" not in met.text, reader


@pytest.mark.parametrize("command", [("search", "coal"), ("show", "NKT-9001"), ("excerpt", "NKT-9001#p1")])
def test_a_whole_page_of_markdown_is_harmless_and_complete(root: Path, run: Run, command: tuple[str, ...]) -> None:
    """As the program prints it, with words to eat in the title, the text, a note and a heading."""
    words = f"Coal {' '.join(attacks.KEPT).replace('<!-- said aside -->', '')} {attacks.SCRIPTS['event handler']}"
    notes = [made_up.note("n1", "caution", f"Made up: {words}")]
    head = made_up.header("NKT-9001", title=f"Made up: {words}", credibility={"notes": notes})
    made_up.collection(root, made_up.record(head, f"1977. That year. {words}"))
    ran = run(*command, "--format", "markdown")
    assert ran.code == 0, ran.err
    for reader, page in rendered(ran.out).items():
        met = judged(page)
        assert not met.dangers, reader
        assert plain(met.text).count(shown(words.removeprefix("Coal "))) >= 3, (reader, plain(met.text))
        assert "1977. That year. Coal" in plain(met.text), (reader, plain(met.text))


def test_the_full_size_is_documented() -> None:
    """One variable, named where the promises are."""
    assert "TESTIMONY_MIXTURES=20000" in (Path(__file__).parent.parent.parent / "docs" / "security.md").read_text(
        encoding="utf-8"
    )
    assert int(os.environ.get("TESTIMONY_MIXTURES", "1000")) == MIXTURES
