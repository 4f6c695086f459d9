"""Templates of dossiers: whoever writes one, words stand with their caveats and their citation, or nothing is written.

What a template does is drawn at random too: filters that cut, slices, conditions, loops, and words of its own that
are markup somewhere.
"""

import html
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

import made_up
from archive.archive import Archive
from archive.documents import _template, reading, template
from archive.errors import BadTemplate, CannotTypeset, MissingExtra
from archive.formats import dossier_files, template_fields
from archive.formats.dossier_content import Document
from archive.formats.dossier_files import DossierLayout
from archive.formats.template_fields import GROUPS, Template
from archive.language.messages import speaking
from archive.record.hashing import passage_hash
from archive.search.model import Query
from examples import number_of
from running import TOP, Run, ask_program

PAGE = TOP / "docs" / "templates.md"
DAY = "2001-02-03"
WORDS = {
    "NKT-9001#p1": "Made up: coal was dug by quinces.",
    "NKT-9001#p2": "Made up: coal was carried by walnuts.",
    "NKT-9002#p1": "Made up: coal was sold by medlars.",
}
SIGN = {"NKT-9001#p1": "quinces", "NKT-9001#p2": "walnuts", "NKT-9002#p1": "medlars"}
CAVEATS = {"NKT-9001#p1": ("perhaps", "doubtful"), "NKT-9001#p2": ("perhaps",), "NKT-9002#p1": ("unsure",)}


def laid(root: Path) -> Path:
    """Make a collection of two records, with caveats on each, one on a paragraph alone."""
    notes = [
        made_up.note("n1", "caution", "Made up: perhaps *so*."),
        made_up.note("n2", "contradicted", "Made up: doubtful.", about={"paragraphs": [1]}),
    ]
    head = made_up.header("NKT-9001", credibility={"notes": notes, "source": {"reliability": "C", "basis": "Made up."}})
    other = made_up.header("NKT-9002", credibility={"notes": [made_up.note("n1", "caution", "Made up: unsure.")]})
    return made_up.collection(
        root,
        made_up.record(head, WORDS["NKT-9001#p1"], WORDS["NKT-9001#p2"]),
        made_up.record(other, WORDS["NKT-9002#p1"]),
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection, for tests that change nothing in it."""
    return laid(tmp_path_factory.mktemp("place"))


@pytest.fixture(scope="module")
def document(place: Path) -> Document:
    """A dossier of all its passages."""
    with Archive(place) as room:
        found = room.dossier(Query("coal", sort="code"), "", DAY)
    assert found.dossier.results.passages == len(WORDS)
    return found


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill templates in in this process: the same code, without the time that another takes to start."""

    def run(_: str, __: object, content: bytes) -> reading.Ran:
        return reading.Ran(0, json.dumps(_template.fill(content)).encode(), "")

    monkeypatch.setattr(reading, "run", run)


def filled(document: Document, text: str, form: str = "md", **given: str) -> str:
    """Return a dossier in the shape of a template."""
    layout = DossierLayout(template=Template("made-up.md", text, given))
    return "\n".join(dossier_files.lines(document, form, layout))


def holds(text: str, flag: str = "caution by the archive") -> None:
    """See that each passage whose words are there is there whole and once, with its caveats and its citation.

    :param flag: that of a caveat, as it is named where the caveat stands in full further up.
    """
    plain = " ".join(re.sub(r"[\\*]", "", html.unescape(text)).split())
    for reference, sign in SIGN.items():
        if sign not in plain:
            continue
        assert plain.count(sign) == 1, reference
        assert WORDS[reference] in plain, reference
        mark = f"{reference} · {DAY} · sha256:{passage_hash(WORDS[reference])[:16]}"
        at = plain.index(sign)
        assert mark in plain[at:], reference
        for caveat in CAVEATS[reference]:
            assert f"Made up: {caveat}" in plain[: plain.index(mark)], (reference, caveat)
        named = flag in plain[at:].casefold()
        assert named, reference


PATHS = (
    *("title", "day", "passages", "given.x", "nature", "contradictions", "left_out", "works", "passage", "nothing"),
    *("passage.excerpt", "passage.excerpt", "passage.reference", "passage.flags", "passage.camps", "passage.words"),
    *("testimony.about", "testimony.title", "testimony.passages", "source.name", "source.testimonies", "coverage", "loop.index"),
)
CHANGES = (
    *("", "", "", "|truncate(9)", "|replace('perhaps', '')", "|replace('Made', 'x')", "|upper", "|first", "|last", "|length"),
    *("[:7]", "[1:-1]", "[0]", "|join(' ')", "|trim", "|title", "|default('x')", " ~ 'x'", "|list", "|reverse", "|sort"),
    *("|map('upper')|join", "|unique|first", "|string", "|safe", "|e", "|format", ".excerpt", "|map(attribute='excerpt')|join"),
)
OWN = (
    *("\n", "\n\n", "# Head\n", "words ", "> ", "- ", "1. ", "    ", "\t", "| a | b |\n| --- | --- |\n", "***", "---\n", "\\"),
    *("```\n", "~~~\n", "<!--", "-->", "<div hidden>", "<style>", "[^1]: x\n", "[a]: x\n", "$$\n", "%%\n", "::: x\n", "{.x}\n"),
    *("[a](javascript:x)", "`", ": ", "\n: ", "`{=html}", "+---+\n", "\n\n***\n\n", "&#60;!--", "[NKT-9001-p1]: x\n"),
)
expression = some.builds("{}{}".format, some.sampled_from(PATHS), some.sampled_from(CHANGES))
piece = some.one_of(
    some.sampled_from(OWN),
    expression.map("{{{{ {} }}}}".format),
    expression.map("\n{{{{ {} }}}}\n".format),
    some.just("\n{{ passage.excerpt }}\n"),
)
body = some.lists(piece, max_size=8).map("".join)
LOOPS = (
    "{{% for passage in passages %}}{0}{{% endfor %}}{1}",
    "{{% for testimony in testimonies %}}{1}{{% for passage in testimony.passages %}}{0}{{% endfor %}}{{% endfor %}}",
    "{{% for passage in passages|reverse if passage.paragraph == 1 %}}{0}{{% else %}}{1}{{% endfor %}}",
    "{{% for one in sources %}}{{% for each in one.testimonies %}}{1}{{% for passage in each.passages[:1] %}}{0}"
    + "{{% endfor %}}" * 3,
    "{{% for passage in passages %}}{{% if loop.first %}}{0}{{% elif passage.flags %}}{1}{{% endif %}}{{% endfor %}}",
    "{{% for passage in passages %}}{{% set it = passage.excerpt %}}{0}\n{{{{ it }}}}\n{{% endfor %}}{1}",
    "{{% for group in passages|groupby('code') %}}{{% for passage in group[1] %}}{0}{{% endfor %}}{1}{{% endfor %}}",
)
templates = some.builds(str.format, some.sampled_from(LOOPS), body, body)
LONG = settings(max_examples=number_of(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LONG
@given(templates)
@example("{% for passage in passages %}\n{{ passage.excerpt }}\n{% endfor %}")
@example("{% for passage in passages|reverse %}\n\n> - {{ passage.reference }}\n{{ passage.excerpt }}\n{% endfor %}")
def test_whatever_a_template_does_words_stand_whole_or_nothing_is_written(here: None, document: Document, text: str) -> None:
    """The words of a passage never stand without every caveat in force at it and its citation."""
    try:
        written = filled(document, text)
    except BadTemplate as error:
        said = error.message
    else:
        holds(written)
        return
    assert re.match(r"made-up\.md:[0-9]+: ", said)


@settings(LONG, max_examples=number_of(25))
@given(templates)
@example("{% for passage in passages %}\n+---+\n{{ passage.excerpt }}\n{% endfor %}")
def test_neither_does_its_own_markup_change_what_a_reader_sees(here: None, document: Document, text: str) -> None:
    """As pandoc reads the whole, a passage is what it is by itself; else nothing is written."""
    try:
        written = filled(document, text, "html")
    except (BadTemplate, CannotTypeset):
        return
    shown = re.sub(r"<(?:style|head)>.*?</(?:style|head)>", "", written, flags=re.DOTALL)
    assert "hidden" not in "".join(re.findall(r"<[^>]+>", shown))
    holds(re.sub(r"<[^>]+>", " ", shown).replace(" .", "."))


def test_the_control_a_template_that_gets_words_as_a_text_is_seen(
    here: None, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If words were a field as others are, the test above would fail."""
    was = template_fields._passage  # noqa: SLF001 - the control

    def leaking(shown: Any, *others: Any) -> dict[str, Any]:
        return {**was(shown, *others), "words": shown.hit.passage.words}

    monkeypatch.setattr(template_fields, "_passage", leaking)
    written = filled(document, "{% for passage in passages %}{{ passage.words|truncate(40) }}{% endfor %}")
    with pytest.raises(AssertionError):
        holds(written)


WHOLE = "{% for passage in passages %}\n{{ passage.excerpt }}\n{% endfor %}"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a\n{{ passges }}", 2, "there is no field passges; did you mean passages?"),
        ("a\n\n{% for passage in passages %}\n{{ passage.exerpt }}\n{% endfor %}", 4, "did you mean excerpt?"),
        ("{% if title %}\na", 2, "it cannot be read"),
        ("a\n{% include 'x' %}", 2, "include is not for templates"),
        ("{% import 'x' as y %}", 1, "import is not for templates"),
        ("{% extends 'x' %}", 1, "extends is not for templates"),
        ("\n{{ range(9) }}", 2, "a function or method is not for templates"),
        ("{{ title.upper() }}", 1, "a function or method is not for templates"),
        ("{{ title.__class__ }}", 1, "there is no field __class__"),
        ("{{ ''.__class__.__mro__ }}", 1, "there is no field __"),
        ("{{ title|attr('x') }}", 1, "there is no filter attr"),
        ("{{ title|safe }}", 1, "there is no filter safe"),
        ("{% macro x() %}{% endmacro %}", 1, "macro is not for templates"),
        ("{{ title * 9 }}", 1, "* is not for templates"),
        ("a\n{{ passages }}", 2, "a list or a group of fields is no text"),
        ("\n{{ nature|upper }}", 2, "goes through no filter"),
        ("x\n{% for p in passages %}\nsee {{ p.excerpt }}\n{% endfor %}", 3, "stands on a line of its own"),
        ("x\n```\n{{ title }}\n", 2, "a fenced block has no place"),
        ("x [^1]\n", 1, "footnotes are for the citations"),
        ("---\ntitle: x\n---\n", 1, "does not begin with ---"),
        ("x\n\n[x](javascript:alert)", 3, "a link leads to http"),
        ("x\n[x]: data:text/html,x", 2, "a link leads to http"),
        ("x\n{{ given.question }}", 2, "there is no field question"),
        ("x \ue202 y", 1, "private area of Unicode"),
    ],
)
def test_a_fault_is_said_with_its_file_and_line(here: None, document: Document, text: str, line: int, said: str) -> None:
    """And with what to do; nothing is written."""
    with pytest.raises(BadTemplate) as error:
        filled(document, text)
    assert error.value.message.startswith(f"made-up.md:{line}: ")
    assert said in error.value.message
    assert "testimony template" in error.value.remedy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{% for a in l %}" * 6 + "{% endfor %}" * 6, "it takes longer than 0.4 seconds"),
        ("\n{% set a = 'xxxxxxxx' %}" + "\n{% set a = a ~ a %}" * 60, "takes longer|holds more"),
        ("\n" + "{% for a in l %}" * 3 + "{{ l|join }}" + "{% endfor %}" * 3, "takes longer|holds more"),
    ],
)
def test_a_template_has_an_end(text: str, said: str) -> None:
    """However long it would loop and whatever it would write; it runs in a process of its own."""
    with pytest.raises(BadTemplate, match=said) as error:
        template.fill(text, {"l": list(range(400))}, "made-up.md", 0.4)
    assert re.match(r"made-up\.md:[0-9]+: ", error.value.message)


def test_what_no_document_may_lack_stands_at_the_end_where_it_was_not_placed(here: None, document: Document) -> None:
    """What it is, what is not here, how to check it; passages that are not shown are named."""
    text = filled(document, "# Mine\n\n{% for passage in passages[:1] %}\n{{ passage.excerpt }}\n{% endfor %}\n\nEnd.\n")
    after = text[text.index("End.") :]
    for title in ("## What this document is", "## What is not here", "## How to check this", "## Not shown by the template"):
        assert title in after
    assert "NKT-9001\\#p2 and NKT-9002\\#p1." in after.replace("#", "\\#").replace("\\\\#", "\\#")
    placed = filled(document, "{{ nature }}\n\n{{ left_out }}\n\n{{ check }}\n\nEnd.\n" + WHOLE)
    assert "##" not in placed.replace("####", "")


def test_a_passage_that_is_placed_twice_stands_once(here: None, document: Document) -> None:
    """The second place leads to the first."""
    text = filled(document, WHOLE + "\n\n" + WHOLE)
    assert text.count("quinces") == 1
    assert text.replace("\\", "").count("NKT-9001#p1 stands above.") == 1


def test_what_a_person_gives_is_words_and_no_markup(here: None, document: Document) -> None:
    """Also where it has asterisks, brackets or tags."""
    text = filled(document, "{{ given.x }}\n\n" + WHOLE, x="<b>*a* [b](http://c) `d`\n# e {{ title }}")
    assert text.splitlines()[0].startswith("&#60;b&#62;\\*a\\* \\[b\\]")
    assert "{{ title }}" in text.replace("\\", "")


def shapes(found: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield the names of the fields of a document, a passage, a testimony and a source."""
    yield "", set(found)
    yield "passage", set(found["passages"][0])
    yield "testimony", set(found["testimonies"][0])
    yield "source", set(found["sources"][0])


def tables() -> str:
    """Write the tables of fields and filters as the page has them."""
    rows = [
        (f"{group}.{name}".lstrip("."), told.removeprefix("BLOCK: "), "block" if told.startswith("BLOCK") else "")
        for group, fields in GROUPS.items()
        for name, told in fields.items()
    ]
    filters = [f"| `{name}` | {told} |" for name, told in template_fields.FILTERS.items()]
    return "\n".join(
        [
            *(
                "| field | what it holds | |",
                "| --- | --- | --- |",
                *(f"| `{name}` | {told} | {kind} |" for name, told, kind in rows),
            ),
            *("", "## Filters", "| filter | what it does |", "| --- | --- |", *filters, ""),
        ]
    )


def test_every_field_that_is_told_is_there_and_every_one_that_is_there_is_told(document: Document) -> None:
    """The page has them in a table."""
    found = template_fields.values(document, {}, lambda _: "")
    assert dict(shapes(found)) == {name: set(fields) for name, fields in GROUPS.items()}
    written = PAGE.read_text(encoding="utf-8")
    if os.environ.get("UPDATE_DOCS") == "1":
        written = f"{written.partition('tests/formats/test_templates.py -->')[0]}tests/formats/test_templates.py -->\n{tables()}"
        PAGE.write_text(written, encoding="utf-8")
    assert written.endswith(tables())


def test_the_template_on_the_page_makes_a_dossier(on_shipped: Run, shipped: Path, tmp_path: Path) -> None:
    """Of the shipped archive, and all of its citations hold."""
    shown = re.search(r"```markdown\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    (tmp_path / "mine.md").write_text(shown[1], encoding="utf-8")
    file = tmp_path / "made.md"
    asked = ("dossier", "--camp", "18", "--limit", "4", "--template", str(tmp_path / "mine.md"), "--output", str(file))
    ran = on_shipped(*asked)
    assert ran.code == 0, ran.err
    assert file.read_text(encoding="utf-8").startswith("# What was told\n")
    assert "4 citations: 4 unchanged" in on_shipped("verify", str(file)).out


@pytest.mark.parametrize(("name", "form"), [("annex", "md"), ("annex", "docx"), ("coi", "html"), ("coi", "odt")])
def test_a_dossier_in_a_shape_of_ours_is_verified_right(tmp_path: Path, run: Run, root: Path, name: str, form: str) -> None:
    """Every citation in it holds; after a record has changed, that one does not."""
    laid(root)
    file = tmp_path / f"made-up.{form}"
    style = ("--style", "oscola") if form in {"docx", "odt"} else ()
    asked = ("dossier", "coal", "--template", name, "--output", str(file), "--set", "question=Made up?", "--date", DAY)
    ran = run(*asked, *style)
    assert ran.code == 0, ran.err
    ran = run("verify", str(file))
    assert ran.code == 0, ran.out
    assert ran.out.endswith("3 citations: 3 unchanged.\n")
    record = next((root / "testimonies").glob("NKT-9002-*"))
    record.write_text(record.read_text(encoding="utf-8").replace("medlars", "gold"), encoding="utf-8")
    ran = run("verify", str(file))
    assert ran.code == 1
    assert "NKT-9002#p1 CHANGED" in " ".join(ran.out.split())


def test_a_template_of_ours_is_copied_and_changed(place: Path, tmp_path: Path) -> None:
    """Printed, or written to a file, and over nothing that is there; a dossier takes the changed copy."""
    copy = tmp_path / "mine.md"
    assert ask_program(place, "template", "coi").out == (template_fields.shipped_file("coi")).read_text(encoding="utf-8")
    assert ask_program(place, "template", "coi", "--output", str(copy)).code == 0
    assert ask_program(place, "template", "coi", "--output", str(copy)).code == 15
    copy.write_text(copy.read_text(encoding="utf-8").replace("## Question", "## Asked of us"), encoding="utf-8")
    ran = ask_program(place, "dossier", "coal", "--template", str(copy), "--output", "-", "--set", "question=Who?")
    assert ran.code == 0, ran.err
    assert "## Asked of us\n\nWho?\n" in ran.out


@pytest.mark.parametrize("name", template_fields.SHIPPED)
def test_our_templates_are_there_in_korean_with_the_same_parts(here: None, document: Document, name: str) -> None:
    """The same fields in the same order, so that both make the same document but for its own words."""
    files = [template_fields.shipped_file(name)]
    with speaking("ko"):
        files.append(template_fields.shipped_file(name))
        korean = filled(document, template.read(files[1]))
    assert files[0] != files[1]
    used = [re.findall(r"{[{%].*?[%}]}", file.read_text(encoding="utf-8").partition("#}")[2]) for file in files]
    assert [re.sub('"[^"]*"', '""', each) for each in used[0]] == [re.sub('"[^"]*"', '""', each) for each in used[1]]
    holds(korean, flag="")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--set", "x=y"), "--set is for a template"),
        (("--template", "coi", "--set", "x"), "is not of the form NAME=TEXT"),
        (("--template", "nowhere.md"), "nowhere.md cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(place: Path, arguments: tuple[str, ...], said: str) -> None:
    """Before anything is searched."""
    ran = ask_program(place, "dossier", "coal", "--output", "-", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_without_jinja2_the_install_line_is_named(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """And all else of a dossier works without it."""
    monkeypatch.setattr(template, "_LIBRARY", "no_such_library")
    with pytest.raises(MissingExtra, match="jinja2") as error:
        filled(document, WHOLE)
    assert "requirements/extras.txt" in error.value.remedy
