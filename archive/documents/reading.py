"""A foreign file read to blocks of words with their places, by other programs in child processes with limits.

Pandoc reads what word processors write, PDFium what is printed. The size of a
file is counted before any of them sees it, and what ends such a process is a
refusal of the file, never the end of ours. Nothing of the file touches a disk.
"""

import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from archive import system
from archive.documents import _blocks, pandoc
from archive.documents._child import LETTERS
from archive.documents._open_remarks import call_remarks
from archive.documents._plain_open import as_shown, without_hidden
from archive.documents._plain_word import plain
from archive.documents.model import MARK_OF_SHEET, BlockKind, DocumentBlock, ForeignDocument
from archive.errors import MissingExtra, UnreadableDocument
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

MOST_BYTES: Final = 50_000_000
_MOST_WRITTEN: Final = 400_000_000
_SECONDS: Final = 120
"""Of the clock; of the processor a child has fewer."""
_PANDOC_MEMORY: Final = "-M512M"
_WARNING: Final = "[WARNING]"
"""Stands before what pandoc says of a file that it goes on with."""
_RTF_NOTE: Final = re.compile(rb"\{\\footnote(?![a-z])\s{0,3}(\\ftnalt(?![a-z]))?")
_PACKAGE: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_HANGUL: Final = b"HWP Document File"
_HEAD: Final = 1024
_DIRECTORY: Final = 65_536
_BOOK: Final = b"xl/workbook.xml"
_WORKBOOK: Final = "archive.documents._workbook"
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); from archive.documents._child import main; main(sys.argv[2], sys.argv[3:])"
)


class Ran(NamedTuple):
    """What a task gave: its exit code, what it wrote, and the first line of what it said besides that is no warning."""

    code: int
    out: bytes
    said: str


def form_of(content: bytes, name: str) -> str:
    """Return how a file is written: "docx", "odt", "rtf", "pdf", "html"; "old" of what only its own program reads, "" of text.

    :param name: of the file, whose ending tells HTML from other text.
    """
    head = content[:_HEAD]
    if head.startswith(_PACKAGE):
        # The ending may be wrong, the first member of an OpenDocument file says what it is.
        is_open_document = b"mimetypeapplication/vnd.oasis.opendocument.text" in head or name.casefold().endswith(
            (".odt", ".ott")
        )
        return "odt" if is_open_document else "docx"
    if head.startswith(_COMPOUND):
        return "old"
    if b"%PDF-" in head:
        return "pdf"
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    return "html" if name.casefold().endswith((".html", ".htm", ".xhtml")) else ""


def is_workbook(content: bytes) -> bool:
    """Return whether a file is a package that says at its beginning, or in the directory at its end, that it holds a workbook."""
    return content.startswith(_PACKAGE) and any(_BOOK in part for part in (content[:_DIRECTORY], content[-_DIRECTORY:]))


def read(
    content: bytes, name: str, *, with_pictures: bool = True, with_calls: bool = False, with_struck: bool = False
) -> ForeignDocument:
    """Return the blocks of a document.

    :param name: of the file, for messages.
    :param with_pictures: bring over what pictures are described as.
    :param with_calls: call each comment in the words, at the beginning and at the end of those that it is on.
    :param with_struck: set two tildes at each end of words that are struck out.
    :raises UnreadableDocument: it is damaged, too large, protected by a password, or of a kind that is not read.
    :raises MissingExtra: what reads it is not installed.
    """
    form = form_of(content, name)
    if len(content) > MOST_BYTES:
        raise refusal(name, tr("it is larger than {most} MB", most=MOST_BYTES // 1_000_000))
    if is_workbook(content):
        return _workbook(sheets(content, name))
    if form == "old":
        remedy = tr("It is of an old word processor, of Hangul, or encrypted. Save it as .docx or .odt there, and give that.")
        if _HANGUL in content:
            remedy = tr("It is of the Hangul word processor. Save it as .docx there, and give that.")
        raise UnreadableDocument(tr("{name} is in a form that only its own program reads", name=name), remedy)
    if not form:
        raise refusal(name, tr("it is no .docx, .odt, .rtf, .pdf, .xlsx or .html"))
    if form == "pdf":
        return _pdf(content, name).document
    content, looked, has_struck = _inspect(content, form, name, with_pictures=with_pictures)
    extensions = "docx" if form == "docx" else form
    arguments = [f"--from={extensions}", "--to=json", "--sandbox", *(["--track-changes=all"] if form == "docx" else [])]
    calls = looked.get("calls", ())
    given = content
    if form == "rtf":  # pandoc passes over a note that is marked as one that may be passed over
        given = content.replace(b"{\\*\\footnote", b"{\\footnote")
        calls = [["endnote" if found[1] else "footnote"] for found in _RTF_NOTE.finditer(given)]
    ran = run("run", [pandoc.pandoc(), "+RTS", _PANDOC_MEMORY, "-RTS", *arguments], given)
    if ran.code or not ran.out:
        raise refusal(name, tr("pandoc cannot read it ({said})", said=ran.said) if ran.said else _CRASHED())
    found = json.loads(ran.out, object_hook=_between_tildes if with_struck else None)
    if form == "rtf":  # the properties of the file, where others have what is styled as a title
        found["meta"] = {}
    blocks, lost = _blocks.of_pandoc(
        found, calls, looked.get("paragraphs", ()), with_pictures=with_pictures, with_calls=with_calls
    )
    has_struck |= b'"t":"Strikeout"' in ran.out
    return ForeignDocument(form, tuple(blocks), unread=tuple(_losses(content, form, blocks, lost)), has_struck=has_struck)


def _between_tildes(node: dict[str, Any]) -> dict[str, Any]:
    """Return a node of pandoc's document; of words that are struck out with the signs of Markdown around them."""
    if node.get("t") != "Strikeout":
        return node
    return {"t": "Span", "c": [["", [], []], [{"t": "Str", "c": "~~"}, *node["c"], {"t": "Str", "c": "~~"}]]}


def _CRASHED() -> str:  # noqa: N802 - a text that is looked up when it is needed
    return tr("the program that reads it ran out of its limits, or crashed")


def refusal(name: str, why: str) -> UnreadableDocument:
    """Return the error of a file that is not read."""
    return UnreadableDocument(tr("{name} cannot be read: {why}", name=name, why=why))


class CountedDocument(NamedTuple):
    """What is read of a document to be taken over, and the letters that a plain count finds in it, by what they belong to.

    Of packages the kinds are those of `archive.documents._letters`. Of a PDF they are
    "words", which is all, "heads", the running heads in it, "number of heads", and
    "machine-read", the pages that a program has read from pictures. Empty where
    nothing but the reader itself can count them.
    """

    document: ForeignDocument
    letters: Mapping[str, int]


def read_words(content: bytes, name: str, *, with_calls: bool = False) -> CountedDocument:
    """Return the words of a document that a reader of it sees, without hidden text and what pictures are described as.

    Two tildes stand at each end of words that are struck out.

    :param with_calls: call each comment where the words begin that it is on, and where they end.
    :raises UnreadableDocument: as `read`.
    :raises MissingExtra: what reads it is not installed.
    """
    form = form_of(content, name)
    if form == "pdf":
        return _pdf(content, name)
    if form not in {"docx", "odt"}:
        return CountedDocument(read(content, name, with_pictures=False, with_struck=True), {})
    if len(content) > MOST_BYTES:
        raise refusal(name, tr("it is larger than {most} MB", most=MOST_BYTES // 1_000_000))
    counted = _ask(f"{'word' if form == 'docx' else 'open-document'}{LETTERS}", content, name)
    if form == "docx":
        return CountedDocument(read(content, name, with_pictures=False, with_calls=with_calls, with_struck=True), counted)
    shown, remarks = call_remarks(without_hidden(content)) if with_calls else (content, ())
    document = read(shown, name, with_pictures=False, with_struck=True)
    if with_calls:
        blocks = (*(block for block in document.blocks if block.kind is not BlockKind.COMMENT), *remarks)
        document = document._replace(blocks=blocks)
    return CountedDocument(document, counted)


def ask(module: str, content: bytes, name: str, *arguments: str) -> dict[str, Any]:
    """Have a file read by a module in a child process with limits, and return what its function ``read`` returns.

    :param module: takes the content and the arguments; it raises `RefusedFile` for what it does not read.
    :raises UnreadableDocument: it was refused, or the process ended before its time.
    """
    if len(content) > MOST_BYTES:
        raise refusal(name, tr("it is larger than {most} MB", most=MOST_BYTES // 1_000_000))
    return _ask(module, content, name, *arguments)


def sheets(content: bytes, name: str) -> list[dict[str, Any]]:
    """Return the sheets of a workbook as `archive.documents._workbook.read` does.

    :raises UnreadableDocument: it is damaged, too large, or no workbook.
    :raises MissingExtra: what reads it is not installed.
    """
    require("openpyxl")
    found: list[dict[str, Any]] = ask(_WORKBOOK, content, name)["sheets"]
    return found


_WORDS, _CITED, _HASHED = "Words", "Citation", "sha256"
"""Columns of our workbooks: what is quoted in a row, where it is cited, and by what a caveat or a passage can be known."""


def _workbook(found: Iterable[Mapping[str, Any]]) -> ForeignDocument:
    """Return the rows of a workbook; of the sheets of ours that cite, the words and the citation of each row."""
    blocks: list[DocumentBlock] = []
    passed_over: list[str] = []
    every = list(found)
    first = {row[0] for sheet in every for row in sheet["rows"] if row}
    for sheet in every:
        heads = sheet["rows"][0] if sheet["rows"] else []
        if _CITED in heads:
            blocks += _citation_rows(sheet, heads)
        elif _HASHED in heads and "Statement" in heads:
            if f"{MARK_OF_SHEET}{sheet['name']}" not in first:
                passed_over.append(sheet["name"])
        else:
            blocks += _rows(sheet)
    unread = (
        tr("sheet {named}: the caveats there were not compared; those in the citations were", named=name) for name in passed_over
    )
    return ForeignDocument("xlsx", tuple(blocks), unread=tuple(unread))


def _rows(sheet: Mapping[str, Any]) -> Iterator[DocumentBlock]:
    """Yield each row that has words, with the number that its program gives it and the name of its sheet."""
    for number, cells in enumerate(sheet["rows"], start=1):
        text = " | ".join(" ".join(cell.split()) for cell in cells if cell.strip())
        if text:
            yield DocumentBlock(BlockKind.SHEET_ROW, _blocks.as_typed(f"| {text} |"), number, label=sheet["name"])


def _citation_rows(sheet: Mapping[str, Any], heads: Sequence[str]) -> Iterator[DocumentBlock]:
    for number, cells in enumerate(sheet["rows"][1:], start=2):
        row = {head: " ".join(cell.split()) for head, cell in zip(heads, cells, strict=False)}
        for head in (_WORDS, _CITED):
            if row.get(head):
                text = _blocks.as_typed(row[head])
                yield DocumentBlock(BlockKind.SHEET_ROW, text, number, label=sheet["name"], quoted=head == _WORDS)


def look(content: bytes, form: str, name: str) -> Mapping[str, Any]:
    """Return the paragraphs of a package as they stand in its XML (`archive.documents._paragraphs`), {} of what is no package.

    :raises UnreadableDocument: the package is damaged, or holds too much.
    """
    if form not in {"docx", "odt"}:
        return {}
    return _ask("word" if form == "docx" else "open-document", content, name)


class _Looked(NamedTuple):
    """A document as its program shows it, its paragraphs as `look` does, and whether tildes were set where it is struck out."""

    content: bytes
    paragraphs: Mapping[str, Any]
    has_struck: bool = False


def _inspect(content: bytes, form: str, name: str, *, with_pictures: bool) -> _Looked:
    """Return what is given on of a document.

    :raises UnreadableDocument: as `look`.
    """
    looked = look(content, form, name)
    shown, has_struck = content, False
    if form == "docx":
        shown = plain(content)
    elif form == "odt":
        shown, has_struck = as_shown(content, with_pictures=with_pictures)
    return _Looked(shown, looked if shown is content else look(shown, form, name), has_struck)


def require(*libraries: str) -> None:
    """Refuse where a library is not installed.

    :raises MissingExtra: with how to install what brings it.
    """
    for library in libraries:
        if find_spec(library) is None:
            message = tr("{library}, which reads such files, is not installed", library=library)
            raise MissingExtra(message)


def _pdf(content: bytes, name: str) -> CountedDocument:
    require("pypdfium2", "pypdf")
    found = _ask("pdf", content, name)
    blocks = [
        DocumentBlock(BlockKind.PARAGRAPH, _blocks.as_typed(text), number, page, label)
        for number, (text, page, label) in enumerate(found["paragraphs"], start=1)
    ]
    empty = ", ".join(map(str, found["empty"][:20]))
    unread = (tr("no text on these pages, which may be pictures: {pages}", pages=empty),) if empty else ()
    number, letters = found["heads"]
    counted = {"words": found["letters"], "heads": letters, "number of heads": number, "machine-read": len(found["machine_read"])}
    return CountedDocument(ForeignDocument("pdf", tuple(blocks), found["pages"], unread), counted)


def _ask(task: str, content: bytes, name: str, *arguments: str) -> dict[str, Any]:
    ran = run(task, arguments, content)
    if ran.code or not ran.out:
        raise refusal(name, _CRASHED())
    found: dict[str, Any] = json.loads(ran.out)
    if "refused" in found:
        raise refusal(name, tr(str(found["refused"])))
    return found


def _losses(content: bytes, form: str, blocks: Sequence[DocumentBlock], lost: Iterable[str]) -> Iterable[str]:
    """Say what stands in the file and is in no block: in RTF all that is known of it is how many hashes there are."""
    yield from lost
    if form == "rtf":
        there = sum(block.text.casefold().count("sha256") for block in blocks)
        if content.lower().count(b"sha256") > there:
            yield tr("citations may stand in parts of it that are not read, as in text boxes and remarks")


def run(task: str, arguments: Sequence[str], content: bytes) -> Ran:
    """Run a task in a child process with limits, in an empty folder of its own, and give it the file."""
    top = str(Path(__file__).parents[2])
    with tempfile.TemporaryDirectory(prefix="testimony-") as empty:
        closed = {
            "HOME": empty,
            "TMPDIR": empty,
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            **system.environment_of_programs(),
        }
        command = [sys.executable, "-I", "-B", *(["-S"] if task == "run" else []), "-c", _START, top, task, *arguments]
        if task == "run" and not system.REPLACES_ITSELF:
            command = [*arguments]
        child = subprocess.Popen(  # noqa: S603 - Python with our own module, or pandoc
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=empty, env=closed
        )
        try:
            return _feed(child, content)
        finally:
            child.kill()
            child.wait()


def _feed(child: "subprocess.Popen[bytes]", content: bytes) -> Ran:
    """Give a process its input and return what it writes, up to a size; it is ended when its time is over."""
    given, out, err = child.stdin, child.stdout, child.stderr
    if given is None or out is None or err is None:
        raise AssertionError
    said: list[bytes] = []

    def feed() -> None:
        with suppress(OSError), given:  # it may end before it has taken all
            given.write(content)

    others = [
        threading.Thread(target=feed, daemon=True),
        threading.Thread(target=lambda: said.append(err.read(2_000)), daemon=True),
    ]
    clock = threading.Timer(_SECONDS, child.kill)
    for thread in (*others, clock):
        thread.start()
    written = out.read(_MOST_WRITTEN)
    if len(written) == _MOST_WRITTEN:
        child.kill()
    code = child.wait()
    clock.cancel()
    for thread in others:
        thread.join()
    out.close()
    err.close()
    lines = b"".join(said).decode("utf-8", "replace").split("\n")
    told = next((line for line in lines if not line.startswith(_WARNING)), lines[0])
    return Ran(code, written, "".join(sign for sign in told[:200] if sign.isprintable()))
