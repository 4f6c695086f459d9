"""Dossiers: everything that belongs to an excerpt goes with it, the same bytes each time, and no word is markup."""

import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

import attacks
import browser
import made_up
from archive.archive import Archive
from archive.documents import pandoc
from archive.formats.dossier_content import Document
from archive.formats.dossier_files import write
from archive.record.hashing import passage_hash
from archive.search.model import Filters, Query
from archive.weighing import dossier
from running import TOP, Run

DAY = "2001-02-03"
FORMS = ("md", "html", "docx", "odt")
SAID = "Coal was dug in the made-up mine."
CAMPS = [{"camp": "kwalliso-18", "period": "1990/1995", "as": "prisoner", "basis": "first-hand"}]


def parts(content: bytes) -> dict[str, str]:
    """Return the files of a .docx."""
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return {name: held.read(name).decode("utf-8", "replace") for name in held.namelist()}


def plain(content: bytes, form: str) -> str:
    """Return the words of a dossier as a reader sees them, whatever its form."""
    if form in {"docx", "odt"}:
        names = ("word/document.xml", "word/footnotes.xml") if form == "docx" else ("content.xml",)
        xml = " ".join(parts(content)[name] for name in names).replace("</w:p>", " ").replace("<w:br />", " ")
        xml = re.sub(r"</text:(?:p|h|list-item)>|<text:(?:s|line-break)[^>]*/>", " ", xml)
        text = html.unescape(re.sub(r"<[^>]+>", "", xml))
    elif form == "html":
        text = attacks.judged(re.sub(r"(?s)<style>.*?</style>", "", content.decode())).text
    else:
        text = pandoc.run([f"--from={pandoc.READS}", "--to=plain", "--wrap=none"], content.decode()).decode()
    return " ".join(text.split())


@pytest.fixture
def several(root: Path) -> Path:
    """Two versions of one made-up witness, a Korean account, and a note from one record on another."""
    notes = [
        made_up.note(
            "n1", "revised", "Made up: told differently in 2000.", about={"paragraphs": [1]}, known="2000", information="4"
        ),
        made_up.note("n2", "translated", "Made up: told in Korean.", status="resolved"),
    ]
    first = made_up.header(
        "NKT-9001",
        title="Made up: coal",
        camps=CAMPS,
        credibility={"source": {"reliability": "C", "basis": "Made up."}, "notes": notes},
        sensitive=["torture"],
        relations=[{"type": "revised-by", "code": "NKT-9002"}],
        source={"csl": {"type": "report", "title": "Made-up report", "URL": "https://made-up.invalid/report"}, "root": "r"},
    )
    contradicted = made_up.note(
        "n1", "contradicted", "Made up: denied.", **{"with": ["NKT-9001#p2"]}, cites=[{"ref": "harden-2012"}]
    )
    second = made_up.header(
        "NKT-9002", relations=[{"type": "revises", "code": "NKT-9001"}], credibility={"notes": [contradicted]}
    )
    third = made_up.header("NKT-9003", language="ko", text={"rendering": "verbatim"}, title="Made up: 석탄")
    return made_up.collection(
        root,
        made_up.record(first, SAID, f"Again: {SAID}"),
        made_up.record(second, "Nothing of this word."),
        made_up.record(third, "석탄을 캤다. coal"),
    )


def gather(root: Path, query: Query, title: str = "") -> Document:
    """Gather a dossier."""
    with Archive(root) as room:
        return room.dossier(query, title, DAY)


@pytest.mark.parametrize("form", FORMS)
def test_every_excerpt_has_every_caveat_and_its_citation(several: Path, form: str) -> None:
    """In full, in the form that a person reads: flag, statement, whose, when, since when, sources, the other side."""
    text = plain(write(gather(several, Query("coal")), form), form)
    for notes in (
        "Caveat: Revised",
        "Made up: told differently in 2000.",
        "n1; of paragraph 1; by archive; 2001-02-03; known since 2000; information graded 4",
        "Caveat: Translated, resolved",
        "Made up: told in Korean.",
        "Caveat: Contradicted (from NKT-9002)",
        "Made up: denied.",
        "see NKT-9001#p2; Blaine Harden, Escape from Camp 14",
    ):
        assert notes in text
    for place, words in (("NKT-9001#p1", SAID), ("NKT-9001#p2", f"Again: {SAID}"), ("NKT-9003#p1", "석탄을 캤다. coal")):
        assert words in text
        assert re.search(rf"{place} · [0-9a-z-]+ · sha256:{passage_hash(words)[:16]}", text)
    assert text.count("Archive summary, not the witness's own words") >= 3
    assert "Content warning: torture" in text


@pytest.mark.parametrize("form", FORMS)
def test_it_says_what_was_asked_and_what_is_missing(several: Path, form: str) -> None:
    """The query and what it was understood as, filters in words, day, totals, fingerprint, limit, other versions, works."""
    (several / "testimonies" / "NKT-9009-broken.md").write_text("---\nschema: 1\n", encoding="utf-8")
    asked = Query("coal OR nothing", filters=Filters(camp=("kwalliso-18",)), limit=1)  # type: ignore[arg-type]  # an id of the gazetteer
    document = gather(several, asked)
    text = plain(write(document, form), form)
    for told in (
        "coal OR nothing",
        "about Camp 18, Pukchang",
        "2001-02-03",
        "2 passages in 1 testimony",
        "1 passage of 1 testimony",
        "3 of 4 testimonies",
        f"sha256:{document.dossier.fingerprint}",
        "1 passage that were found are not here, since the dossier was limited to 1.",
        "1 file that nobody could read.",
        "NKT-9002, by the same witness as NKT-9001: read it beside what stands here.",
        "Camp 18, Pukchang: victim",
        "Made-up report. https://made-up.invalid/report (for NKT-9001)",
        "testimony verify",
    ):
        assert told in text, told
    assert document.dossier.title == "Dossier: coal OR nothing; about Camp 18, Pukchang"


def test_undated_passages_that_a_period_leaves_out_are_counted(several: Path, run: Run) -> None:
    """They are neither put into a period nor silently dropped."""
    page = run("dossier", "coal", "--period", "1990", "--output", "-").out
    assert "1 passage without a date" in page


EACH = """
import json, sys
from archive.cli import group
for arguments in json.loads(sys.argv[1]):
    try:
        group.main(arguments)
    except SystemExit as ended:
        assert not ended.code
"""
"""Runs the program several times in a process of its own."""


def test_the_same_inputs_give_the_same_bytes(several: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In processes of their own, with other hash seeds, from a copy that lies elsewhere."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(several / "testimonies", elsewhere / "collection" / "testimonies")
    made = []
    for root, seed in ((several, "0"), (elsewhere / "collection", "424242")):
        targets = [elsewhere / f"{seed}.{form}" for form in FORMS]
        asked = [["--root", str(root), "dossier", "coal", "--date", DAY, "--output", str(target)] for target in targets]
        environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", EACH, json.dumps(asked)], check=True, cwd=TOP, env=environment, capture_output=True)
        made.append([target.read_bytes() for target in targets])
    assert made[0] == made[1]


def test_the_day_is_all_that_tells_of_the_time(several: Path, run: Run) -> None:
    """No time of day, and in a .docx no other date."""
    document = gather(several, Query("coal"))
    with zipfile.ZipFile(io.BytesIO(write(document, "docx"))) as held:
        assert {entry.date_time for entry in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert f"{DAY}T00:00:00Z" in held.read("docProps/core.xml").decode()
    assert not re.search(r"\b[0-9]{2}:[0-9]{2}\b", plain(write(document, "html"), "html"))
    today = run("dossier", "coal", "--output", "-").out
    assert re.search(r"\*\*Date of this dossier:\*\* 20[0-9]{2}-[0-9]{2}-[0-9]{2}\n", today)


def test_the_fingerprint_is_of_what_the_public_sees(several: Path) -> None:
    """A closed record, another folder, another file name leave it as it is; a caveat more does not."""
    before = gather(several, Query("coal"))
    closed = made_up.header("NKT-9008", access={"level": "closed"})
    made_up.put(several, made_up.record(closed, "Coal, canary."))
    moved = next((several / "testimonies").glob("NKT-9003-*"))
    moved.rename(moved.with_name("NKT-9003-another-name.md"))
    same = gather(several, Query("coal"))
    for form in FORMS:
        assert write(same, form) == write(before, form)
    note = made_up.note("n1", "caution", "Made up: new.", **{"with": ["NKT-9003#p1"]})
    made_up.put(several, made_up.record(made_up.header("NKT-9004", credibility={"notes": [note]}), "Other words."))
    assert gather(several, Query("coal")).dossier.fingerprint != before.dossier.fingerprint


def test_passages_stand_in_order_under_their_testimony(several: Path) -> None:
    """Whatever the order in which they were found; each work is cited once."""
    document = gather(several, Query("coal", sort="relevance"))
    assert [[shown.hit.passage.number for shown in group] for _, group in document.groups if len(group) > 1] == [[1, 2]]
    named = [work.named for work in document.dossier.works]
    assert len(named) == len(set(named))
    assert dossier.works([], document.dossier.authorities) == ()


HOSTILE = " ".join(attacks.SCRIPTS.values())
NAMED = """html head meta title style body a header h1 p time strong nav h2 ul li main section dl dt dd div table caption thead tr
 th tbody td h3 article h4 figure figcaption blockquote mark aside span cite"""
OURS = frozenset(NAMED.split())
ALIGNED = {"th style", "td style"}  # how pandoc writes the alignment of a table's columns


def hostile(root: Path, words: str) -> Document:
    """Gather a dossier of a record that tries everything in every field that takes words."""
    folded = " ".join(words.split())
    head = made_up.header(
        "NKT-9001",
        title=f"{folded} x",
        witness={"name": folded, "name_kind": "pseudonym", "connection": "victim"},
        recorded={"date": "2001", "by": folded},
        source={"csl": {"type": "report", "title": folded, "URL": "javascript:alert(1)"}, "root": "r"},
        credibility={"notes": [made_up.note("n1", "caution", folded, by=folded)]},
        camps=CAMPS,
    )
    made_up.collection(root, made_up.record(head, f"Coal {words}"))
    return gather(root, Query("coal"), title=folded)


@pytest.mark.parametrize("kind", attacks.SCRIPTS)
def test_no_injection_survives_in_any_form(root: Path, kind: str) -> None:
    """What a record tries is read as words: as HTML, as Markdown by pandoc, in a word processor's file."""
    document = hostile(root, attacks.SCRIPTS[kind])
    met = attacks.judged(re.sub(r"(?s)<style>.*?</style>", "", write(document, "html").decode()))
    assert [each for each in met.dangers if each not in {"<meta>", "<!DOCTYPE html"}] == []
    assert met.elements <= OURS
    # With everything that pandoc can read switched on.
    rendered = pandoc.run(
        ["--from=markdown+autolink_bare_uris+emoji+hard_line_breaks", "--to=html"], write(document, "md").decode()
    )
    read = attacks.judged(rendered.decode())
    assert set(read.dangers) <= ALIGNED
    assert "a" not in read.elements
    assert "img" not in read.elements
    held = parts(write(document, "docx"))
    assert not [name for name in held if name.endswith(".bin") or "media" in name]
    assert "w:instrText" not in held["word/document.xml"]
    assert 'TargetMode="External"' not in held["word/_rels/document.xml.rels"]


def test_the_control_for_injection() -> None:
    """The same words raw are markup to pandoc and to the judge."""
    rendered = pandoc.run(["--from=markdown", "--to=html"], attacks.SCRIPTS["script element"])
    assert attacks.judged(rendered.decode()).dangers


def test_random_mixtures_stay_words_in_markdown_and_html(root: Path) -> None:
    """Two hundred in one record; the big run is that of the sinks."""
    words = "\n\n".join(f"coal {' '.join(each.split())}" for each in attacks.mixtures(200) if "\x00" not in each)
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), words))
    document = gather(root, Query("coal", limit=None))
    met = attacks.judged(re.sub(r"(?s)<style>.*?</style>", "", write(document, "html").decode()))
    assert [each for each in met.dangers if each not in {"<meta>", "<!DOCTYPE html"}] == []
    rendered = pandoc.run(["--from=markdown", "--to=html"], write(document, "md").decode())
    assert set(attacks.judged(rendered.decode()).dangers) <= ALIGNED


def test_the_page_serves_paper_and_screen_readers(several: Path) -> None:
    """Language of each excerpt, headings without gaps, a way past the contents, captions, and no colour alone."""
    page = write(gather(several, Query("coal")), "html").decode()
    assert '<html lang="en">' in page
    assert re.search(r'<blockquote lang="ko"><p class="words">(?:<mark[^>]*>)?석탄', page)
    assert '<blockquote lang="en" cite="https://made-up.invalid/report">' in page
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert '<a class="skip" href="#main">' in page
    assert re.search(r"<table><caption>.*<th scope=\"col\">.*<th scope=\"row\">", page, re.DOTALL)
    assert len(re.findall(r'<aside class="caveat" aria-label="Caveats in force at NKT-9001#p[12]">', page)) == 2
    assert page.count("<dt>Caveat: ") == 3  # that of the whole record stands in full at its first passage
    assert re.search(r'<a href="#[^"]+">[^<]*above, at NKT-9001#p1', page)
    assert "@media print" in page
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


def test_the_page_asks_nobody_for_anything(several: Path) -> None:
    """No element that loads, a policy that forbids it, and no link but those of the works."""
    page = write(gather(several, Query("coal")), "html").decode()
    assert not re.search(r"\ssrc=|url\(|@import|<link|<script|<img|<iframe", page)
    assert "default-src 'none'" in page
    assert set(re.findall(r'href="(https?:[^"]+)"', page)) == {"https://made-up.invalid/report"}


@browser.needs_chromium()
def test_in_a_real_browser_a_hostile_dossier_is_quiet(root: Path, tmp_path: Path) -> None:
    """It loads, calls nobody, runs nothing; every word of the attempt can be read."""
    with browser.listening() as (address, calls):
        document = hostile(root, HOSTILE.replace("http://a.invalid", address).replace("alert(1)", "document.title='x'"))
        page = tmp_path / "dossier.html"
        page.write_bytes(write(document, "html"))
        dom = browser.opened(page, tmp_path)
        assert calls == []
    met = attacks.judged(re.sub(r"(?s)<style>.*?</style>", "", dom))
    assert met.elements <= OURS
    assert "<script>document.title='x'</script>" in met.text


def test_a_file_that_is_there_is_not_written_over(several: Path, run: Run, tmp_path: Path) -> None:
    """But with --force; whatever happens, no half of a file stays."""
    target = tmp_path / "d.md"
    target.write_text("mine", encoding="utf-8")
    ran = run("dossier", "coal", "--output", str(target))
    assert ran.code == 15
    assert "--force" in ran.err
    assert target.read_text(encoding="utf-8") == "mine"
    ran = run("dossier", "coal", "--output", str(target), "--force")
    assert (ran.code, ran.out) == (0, "")
    assert f"wrote {target}: 3 passages in 2 testimonies" in ran.err
    assert target.read_text(encoding="utf-8").startswith("# Dossier: coal\n")
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".new"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--output", "d.txt"), 2, "does not say what to write"),
        (("--output", "-", "--format", "docx"), 2, "cannot be printed"),
        (("--output", "ROOT/testimonies/d.md"), 2, "is no record"),
        (("--output", "ROOT/index/d.md"), 2, "is no record"),
        (("--output", "ROOT/nowhere/d.md"), 15, "cannot be written"),
        (("--output", "-", "--date", "yesterday"), 2, "is no day"),
        ((), 2, "--output"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_line(
    several: Path, run: Run, arguments: tuple[str, ...], code: int, told: str
) -> None:
    """With what to do about it."""
    ran = run("dossier", "coal", *(each.replace("ROOT", str(several)) for each in arguments))
    assert ran.code == code
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_on_standard_output_markdown_or_html(several: Path, run: Run) -> None:
    """Nothing else is printed there."""
    assert run("dossier", "coal", "--output", "-", "--title", "Made up").out.startswith("# Made up\n")
    assert run("dossier", "coal", "--output", "-", "--format", "html").out.startswith("<!DOCTYPE html>\n")


def test_a_dossier_of_nothing_says_so(several: Path, run: Run) -> None:
    """It is a document too: that nothing was found, in what, on which day."""
    page = run("dossier", "nowhere", "--output", "-", "--date", DAY).out
    assert "No passage was found." in page
    assert "0 passages in 0 testimonies" in page


def test_the_shipped_archive_keeps_both_versions_in_view(on_shipped: Run) -> None:
    """Who asks for one version of a story is told of the other, and of the contradictions that it touches."""
    page = on_shipped("dossier", "--camp", "14", "--topic", "execution", "--output", "-").out
    assert "NKT-0002, by the same witness as NKT-0001" in page
    assert "conf-058" in page
    assert "**Caveat: Recanted.**" in page
    hits = json.loads(on_shipped("search", "--camp", "14", "--topic", "execution", "--all", "--format", "json").out)["hits"]
    for hit in hits:
        for caveat in hit["caveats"]:
            assert " ".join(caveat["statement"].split())[:40] in page.replace("\\", "")


def test_a_dossier_as_of_a_day_says_so(on_shipped: Run) -> None:
    """In the filters and at each caveat that came later."""
    page = on_shipped("dossier", "--camp", "14", "--topic", "execution", "--as-of", "2013", "--output", "-").out
    assert "as the public could know it on 2013-12-31" in page
    assert "**Caveat: Recanted, since 2013-12-31.**" in page
    assert "could be known only after 2013-12-31" in page


@pytest.mark.parametrize("style", ["oscola", "apa"])
@pytest.mark.parametrize("form", ["md", "html", "docx"])
def test_verify_reads_a_dossier_in_a_style(several: Path, run: Run, tmp_path: Path, form: str, style: str) -> None:
    """Every citation in it holds, wherever it stands; the works are cited in the style too."""
    target = tmp_path / f"d.{form}"
    ran = run("dossier", "coal", "--style", style, "--output", str(target))
    assert ran.code == 0, ran.err
    ran = run("verify", str(target))
    assert ran.code == 0, ran.out
    assert "3 citations: 3 unchanged" in " ".join(ran.out.split())


@pytest.mark.parametrize("form", ["md", "html"])
def test_verify_reads_a_dossier(several: Path, run: Run, tmp_path: Path, form: str) -> None:
    """Every citation in it is found again, and a word that was changed since is told."""
    target = tmp_path / f"d.{form}"
    target.write_bytes(write(gather(several, Query("coal")), form))
    ran = run("verify", str(target))
    assert ran.code == 0, ran.out
    assert "3 citations: 3 unchanged" in " ".join(ran.out.split())
    record = next((several / "testimonies").glob("NKT-9003-*"))
    record.write_text(record.read_text(encoding="utf-8").replace("coal", "ore"), encoding="utf-8")
    ran = run("verify", str(target))
    assert ran.code == 1
    assert "NKT-9003#p1 CHANGED" in " ".join(ran.out.split())


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_every_table_says_what_it_is_to_who_hears_it(several: Path, form: str) -> None:
    """Its title is the heading that it stands under, its description the names of its columns."""
    document = write(gather(several, Query("coal")), form)
    with zipfile.ZipFile(io.BytesIO(document)) as held:
        content = held.read("word/document.xml" if form == "docx" else "content.xml").decode()
    if form == "docx":
        tables = re.findall(r"(?s)<w:tbl>.*?</w:tbl>", content)
        told = [
            re.search(r'<w:tblCaption w:val="([^"]+)" /><w:tblDescription w:val="([^"]+)" /></w:tblPr>', each) for each in tables
        ]
    else:
        tables = re.findall(r"(?s)<table:table .*?</table:table>", content)
        told = [re.search(r"<table:title>([^<]+)</table:title><table:desc>([^<]+)</table:desc>", each) for each in tables]
    assert tables
    for table, found in zip(tables, told, strict=True):
        assert found
        before = re.sub(r"<[^>]+>", "", content[: content.index(table)])
        assert html.unescape(before).rstrip().rfind(html.unescape(found[1])) >= 0
        for column in html.unescape(found[2]).split(" · "):
            assert column in html.unescape(re.sub(r"<[^>]+>", "", table))


@pytest.mark.parametrize("form", FORMS)
def test_pictures_stand_in_a_dossier_with_their_caveats_and_sources(several: Path, run: Run, tmp_path: Path, form: str) -> None:
    """As table, words and, but for Markdown, a drawing that says what it is; verify finds every passage that they name."""
    file = tmp_path / f"dossier.{form}"
    kinds = ("--picture", "timeline", "--picture", "coverage")
    assert run("dossier", "--camp", "18", *kinds, "--output", str(file)).code == 0
    with Archive(several) as archive:
        drawn = [archive.picture(kind, "18") for kind in ("timeline", "coverage")]
    content = file.read_bytes()
    said = plain(content, form)
    for picture in drawn:
        for words in (picture.title, *(cell for table in picture.tables for row in table.rows for cell in row)):
            assert " ".join(words.split()) in said
        assert all(" ".join(caveat.statement.split()) in said for caveat in picture.caveats)
    if form == "html":
        assert content.count(b"<svg") == 2
        assert all(" ".join(picture.summary.split()) in said for picture in drawn)
    elif form != "md":
        package = parts(content)
        xml = package["word/document.xml" if form == "docx" else "content.xml"]
        assert len([name for name in package if name.endswith(".png")]) == 2
        assert "data:image" not in xml
        for picture in drawn:
            told = html.escape(" ".join(picture.summary.split()), quote=form == "docx")
            assert (f'descr="{told}"' if form == "docx" else f"<svg:desc>{told}</svg:desc>") in xml.replace("&#39;", "&#x27;")
    checked = run("verify", str(file))
    assert checked.code == 0, checked.out


def test_a_picture_has_no_place_in_a_template(several: Path, run: Run, tmp_path: Path) -> None:
    """It is refused before anything is written, and the way out is named."""
    assert several
    refused = run("dossier", "--camp", "18", "--picture", "map", "--template", "coi", "--output", str(tmp_path / "dossier.html"))
    assert refused.code == 2
    assert "testimony picture" in refused.err
    assert not (tmp_path / "dossier.html").exists()
