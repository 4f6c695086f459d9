"""Files of word processors for tests, made by hand and by pandoc; every word in them is made up."""

import io
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from archive.documents import pandoc

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def run(text: str) -> str:
    """Write a run of words."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*inside: str) -> str:
    """Write a paragraph of runs, or of words where they are no XML."""
    return f"<w:p>{''.join(each if each.startswith('<') else run(each) for each in inside)}</w:p>"


def inserted(text: str) -> str:
    """Write words that are tracked as inserted."""
    return f'<w:ins w:id="901" w:author="Made Up">{run(text)}</w:ins>'


def deleted(text: str) -> str:
    """Write words that are tracked as deleted."""
    words = f'<w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r>'
    return f'<w:del w:id="902" w:author="Made Up">{words}</w:del>'


def field(instruction: str, result: str) -> str:
    """Write a field as reference managers do: the instruction is hidden, the result is seen."""
    sign = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    hidden = f'<w:r><w:instrText xml:space="preserve">{escape(instruction)}</w:instrText></w:r>'
    return sign.format("begin") + hidden + sign.format("separate") + run(result) + sign.format("end")


def simple_field(instruction: str, result: str) -> str:
    """Write a field in one element, as EndNote does."""
    return f'<w:fldSimple w:instr="{escape(instruction)}">{run(result)}</w:fldSimple>'


def box(*inside: str) -> str:
    """Write a text box twice, as Word does: once for itself, once for what is older."""
    words = f"<w:txbxContent>{paragraph(*inside)}</w:txbxContent>"
    new = f'<mc:Choice Requires="wps"><wps:txbx>{words}</wps:txbx></mc:Choice>'
    old = f"<mc:Fallback><w:pict><v:shape><v:textbox>{words}</v:textbox></v:shape></w:pict></mc:Fallback>"
    return f"<w:r><mc:AlternateContent>{new}{old}</mc:AlternateContent></w:r>"


def call(kind: str, number: int) -> str:
    """Call a footnote, an endnote or a comment."""
    if kind == "comment":
        return f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>'
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def commented(number: int, *inside: str) -> str:
    """Write words on which there is a comment."""
    words = "".join(each if each.startswith("<") else run(each) for each in inside)
    return f'<w:commentRangeStart w:id="{number}"/>{words}{call("comment", number)}'


def table(*rows: tuple[str, ...]) -> str:
    """Write a table."""
    made = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in made)}</w:tbl>"


def docx(*body: str, notes: Mapping[str, tuple[str, ...]] | None = None, main: str = "word/document.xml") -> bytes:
    """Make a .docx by hand.

    :param notes: "footnote", "endnote", "comment", "header" → what each says, numbered from 1.
    :param main: the name of its body; Word on the web gives it another one.
    """
    words = "".join(body)
    parts = {main: f'<?xml version="1.0" encoding="UTF-8"?><w:document {NAMES}><w:body>{words}<w:sectPr/></w:body></w:document>'}
    relations = []
    for kind, texts in (notes or {}).items():
        inside = "".join(
            f'<w:{kind} w:id="{number}">{text if text.startswith("<") else paragraph(text)}</w:{kind}>'
            for number, text in enumerate(texts, start=1)
        )
        if kind == "header":
            inside = "".join(map(paragraph, texts))
        root = "hdr" if kind == "header" else f"{kind}s"
        name = "header1" if kind == "header" else f"{kind}s"
        parts[f"word/{name}.xml"] = f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {NAMES}>{inside}</w:{root}>'
        kinds = "header" if kind == "header" else f"{kind}s"
        relations.append(f'<Relationship Id="r{len(relations)}" Type="{OFFICE}/{kinds}" Target="{name}.xml"/>')
    types = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for name, kind in ((each, _type(each, main)) for each in parts)
    )
    folder, _, file = main.rpartition("/")
    return package(
        {
            "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
            "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="{main}"/></Relationships>',
            f"{folder}/_rels/{file}.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
            f"{''.join(relations)}</Relationships>",
            **parts,
        }
    )


def _type(name: str, main: str) -> str:
    return "document.main" if name == main else name.removeprefix("word/").removesuffix(".xml").rstrip("1")


def package(members: Mapping[str, str | bytes]) -> bytes:
    """Make a .zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as held:
        for name, content in members.items():
            held.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    """Return the members of a .zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return {entry.filename: held.read(entry) for entry in held.infolist()}


def changed(content: bytes, change: Callable[[str], str], *names: str) -> bytes:
    """Return a .docx of which the words of some members are others."""
    return package({name: change(held.decode()) if name in names else held for name, held in members(content).items()})


def by_pandoc(markdown: str, form: str) -> bytes:
    """Have pandoc write a document in a form."""
    return pandoc.run([f"--from={pandoc.READS}", f"--to={form}", "--standalone"], markdown)
