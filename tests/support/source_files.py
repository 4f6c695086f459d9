"""Files of every kind that can be brought in, made by hand; every word and every name in them is made up."""

# ruff: noqa: E501 - the files are as their programs write them
import io
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

import openpyxl

import hangul_files
import word_files
from word_files import call, commented, deleted, docx, inserted, package, paragraph

PERSON: Final = "Maker Madeup"
"""Stands wherever such files name a person, and must come into no record's header."""

HIDDEN_RUN: Final = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen words</w:t></w:r>"


def word() -> bytes:
    """Make a .docx with a comment, tracked changes, hidden text, a head, a list of notes and time codes."""
    return docx(
        paragraph("[00:00:01] ASKER: Where was it?"),
        paragraph("TELLER: By the river", inserted(" in the north"), deleted(" gone words"), call("footnote", 1), "."),
        paragraph(HIDDEN_RUN, "Seen words."),
        paragraph(commented(1, "Remarked words.")),
        paragraph("[00:00:00] Begun again."),
        word_files.table(("left", "right")),
        notes={"footnote": ("Of the foot.",), "comment": (f"Said by {PERSON}.",), "header": (f"Head by {PERSON}",)},
    )


def open_document() -> bytes:
    """Make an .odt by pandoc."""
    return word_files.by_pandoc("# Made up\n\nFirst words[^1].\n\n2. second item\n\n[^1]: A note.\n", "odt")


def rich_text() -> bytes:
    """Make an .rtf."""
    return rb"{\rtf1\ansi{\info{\author Maker Madeup}}First words.\par Second words.\par}"


def pdf(pages: Sequence[Sequence[str]], *, head: str = "", labels: str = "") -> bytes:
    """Make a PDF of pages of lines, in Helvetica.

    :param head: a line at the top of each page, with the number of the page behind it.
    :param labels: what stands in the array of page labels.
    """
    objects: list[bytes] = []
    kids = []
    for number, lines in enumerate(pages, start=1):
        drawn = [f"BT /F1 9 Tf 72 800 Td ({head} {number}) Tj ET"] if head else []
        drawn += [f"BT /F1 12 Tf 72 {740 - 40 * at} Td ({line}) Tj ET" for at, line in enumerate(lines)]
        stream = "\n".join(drawn).encode("latin-1")
        page, content = 4 + 2 * len(kids), 5 + 2 * len(kids)
        kids.append(f"{page} 0 R")
        objects += [
            f"{page} 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
            f"/Resources <</Font <</F1 3 0 R>>>>>> endobj".encode(),
            f"{content} 0 obj <</Length {len(stream)}>> stream\n".encode() + stream + b"\nendstream endobj",
        ]
    catalog = f"1 0 obj <</Type /Catalog /Pages 2 0 R {f'/PageLabels <</Nums [{labels}]>>' if labels else ''}>> endobj"
    body = [
        catalog.encode(),
        f"2 0 obj <</Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)}>> endobj".encode(),
        b"3 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj",
        *objects,
    ]
    return b"%PDF-1.4\n" + b"\n".join(body) + b"\ntrailer <</Root 1 0 R>>\n%%EOF\n"


VTT: Final = f"""WEBVTT - made up

NOTE
translated by {PERSON}

1
00:00:01.000 --> 00:00:03.000
<v Asker>Where were you?</v>

2
00:00:03.500 --> 00:00:05.000
<v Teller>In a <i>camp</i> &amp; a mine,

00:00:05.000 --> 00:00:07.000
with <[?]> others.

A line behind an empty one.
""".encode()
SRT: Final = "\ufeff1\r\n00:00:01,000 --> 00:00:03,000\r\nFirst words.\r\n\r\n2\r\n00:01:04,500 --> 00:01:09,000\r\nSecond words.\r\n".encode()
TEXT: Final = "첫째 문단이다.\n줄이 이어진다.\n\n둘째 문단이다.\n".encode("cp949")
MARKDOWN: Final = b"---\nauthor: Maker Madeup\n---\n# A heading\n\nFirst words[^a].\n\n[^a]: A note.\n\n# not a heading\nand on\n"
OHMS: Final = f"""<?xml version="1.0"?>
<ROOT xmlns="https://www.weareavp.com/nunncenter/ohms"><record id="9001"><version>5.4</version>
<title>Interview with {PERSON}</title><accession>made-up-1</accession><interviewee>{PERSON}</interviewee>
<language>English</language><sync>1:|3(3)|6(1)|6(4)</sync><transcript_alt_lang>Korean</transcript_alt_lang>
<transcript>ASKER: First line
second words
of the first one two[[footnote]]1[[/footnote]].

TELLER: Another
paragraph at two here.

[[footnotes]]
[[note]]A note
here.[[/note]]
[[/footnotes]]</transcript><transcript_alt>첫째 문단.

둘째 문단.</transcript_alt><user_notes>Ask {PERSON}.</user_notes>
<index><point><time>60</time><title>The mine</title><synopsis>About it</synopsis></point></index></record></ROOT>
""".encode()
OHMS_CAPTIONS: Final = b"""<ROOT><record id="9002"><version>6.0</version><vtt_transcript><![CDATA[
NOTE TRANSCRIPTION BEGIN

01:00:03.000 --> 01:00:09.000
<v ASKER>Where was it?<br><br>Tell us.

01:00:10.000 --> 01:00:14.000
<v TELLER>In a place<c.1></c> of no name.

NOTE ANNOTATIONS BEGIN
<annotation ref="1">A town.</annotation>
ANNOTATIONS END]]></vtt_transcript></record></ROOT>
"""
EAF: Final = f"""<?xml version="1.0"?><ANNOTATION_DOCUMENT AUTHOR="{PERSON}">
<HEADER><MEDIA_DESCRIPTOR MEDIA_URL="file:///home/{PERSON}/a.wav"/><PROPERTY NAME="URN">urn:made-up:1</PROPERTY></HEADER>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="65000"/>
<TIME_SLOT TIME_SLOT_ID="c"/></TIME_ORDER>
<TIER TIER_ID="speech" PARTICIPANT="TELLER" LINGUISTIC_TYPE_REF="t" LANG_REF="kor">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="s1" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b"><ANNOTATION_VALUE>첫째 말.</ANNOTATION_VALUE>
</ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="s2" TIME_SLOT_REF1="b" TIME_SLOT_REF2="c"><ANNOTATION_VALUE>둘째 말.</ANNOTATION_VALUE>
</ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="free translation" PARENT_REF="speech" LINGUISTIC_TYPE_REF="ft" LANG_REF="eng">
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="f1" ANNOTATION_REF="s1"><ANNOTATION_VALUE>First words.</ANNOTATION_VALUE></REF_ANNOTATION>
</ANNOTATION></TIER>
<TIER TIER_ID="gloss" PARENT_REF="speech" LINGUISTIC_TYPE_REF="gloss">
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="g1" ANNOTATION_REF="s1"><ANNOTATION_VALUE>FIRST</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
</TIER><LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="ft" CONSTRAINTS="Symbolic_Association"/></ANNOTATION_DOCUMENT>""".encode()
TEI: Final = f"""<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="made-up-3"><teiHeader><fileDesc><titleStmt><author>{PERSON}</author>
</titleStmt></fileDesc></teiHeader><text xml:lang="en"><body><timeline unit="s"><when xml:id="T0" absolute="00:00:00"/>
<when xml:id="T1" interval="65" since="#T0"/></timeline><div><head>Part one</head><pb n="3"/>
<p>Made <choice><sic>upp</sic><corr>up</corr></choice> words<note>a note</note> go <pb n="4"/>on.</p>
<u who="#ASKER" start="#T1">What <del>was</del> then?</u></div></body></text></TEI>""".encode()


def hangul() -> bytes:
    """Make a .hwpx with a hidden comment, a tracked deletion, a note, a table and a text box."""
    names = 'xmlns:hs="urn:s" xmlns:hp="urn:p"'

    def run(words: str) -> str:
        return f"<hp:run><hp:t>{words}</hp:t></hp:run>"

    section = f"""<hs:sec {names}><hp:p>{run("첫째 문단")}<hp:run><hp:ctrl><hp:hiddenComment><hp:subList><hp:p>{run("숨은 설명")}</hp:p>
</hp:subList></hp:hiddenComment></hp:ctrl></hp:run></hp:p><hp:p><hp:run><hp:t>변경<hp:deleteBegin Id="1"/>추적<hp:deleteEnd Id="1"/>
인간<hp:tab/>이다</hp:t><hp:ctrl><hp:footNote><hp:subList><hp:p>{run("각주다")}</hp:p></hp:subList></hp:footNote></hp:ctrl></hp:run></hp:p>
<hp:p><hp:run><hp:tbl><hp:tr><hp:tc><hp:subList><hp:p>{run("왼쪽")}</hp:p></hp:subList></hp:tc><hp:tc><hp:subList><hp:p>{run("오른쪽")}
</hp:p></hp:subList></hp:tc></hp:tr></hp:tbl></hp:run></hp:p><hp:p><hp:run><hp:rect><hp:drawText><hp:subList><hp:p>{run("글상자")}</hp:p>
</hp:subList></hp:drawText></hp:rect></hp:run></hp:p></hs:sec>"""
    return package({"mimetype": "application/hwp+zip", "Contents/section0.xml": section})


CSV: Final = '''Interview;Titel;Text;Text__ko;Datum;Lager;Vorname
I-1;Made up;First words.;첫 문단.;03/01/2022;Camp 15;Maker
I-2;"Made ""up""";"Alpha.
Beta.";"하나.
둘.";2021-05;Nowhere;Madeup
'''.encode()
MAPPING: Final = """rows: records
key: Interview
dates: dd/mm/yyyy
columns: {title: Titel, body: [Text], body__ko: [Text__ko], recorded.date: Datum, "camps[].camp": {column: Lager}}
fixed: {kind: testimony, rendering: verbatim}
"""


def workbook(fill: Callable[[Any], None] | None = None) -> bytes:
    """Make a .xlsx with a number shown with zeros, a month, and a hidden row; ``fill`` changes its sheet."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["Interview", "Text", "Datum"])
    sheet.append([14, "Made up words.", "1996-04"])
    sheet["A2"].number_format = "000"
    sheet.append([7, "hidden words", ""])
    sheet.row_dimensions[3].hidden = True
    if fill:
        fill(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def open_sheet() -> bytes:
    """Make an .ods."""
    cells = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell><text:p>{cell}</text:p></table:table-cell>' for cell in row)}</table:table-row>"
        for row in (("Interview", "Text"), ("015", "Made up words."))
    )
    content = (
        '<office:document-content xmlns:office="urn:o" xmlns:table="urn:t" xmlns:text="urn:x"><office:body><office:spreadsheet>'
        f'<table:table table:name="One">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def project(sources: str, texts: dict[str, str | bytes], notes: str = "", codes: str = "") -> bytes:
    """Make a .qdpx of sources and notes in XML, with files of text beside them."""
    qde = f"""<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="By {PERSON}" origin="made up">
<Users><User guid="U1" name="{PERSON}"/></Users><CodeBook><Codes>{codes}</Codes></CodeBook>
<Sources>{sources}</Sources>{f"<Notes>{notes}</Notes>" if notes else ""}</Project>"""
    return package({"project.qde": qde, **{f"sources/{name}": text for name, text in texts.items()}})


def transcript() -> bytes:
    """Make a .qdpx with a recording, a transcript of it with times, and a code and a note on its words."""
    words = "ASKER: Where was it?\nTELLER: By the river."
    points = "".join(
        f'<SyncPoint guid="P{at}" position="{at}" timeStamp="{time}"/>'
        for at, time in ((0, 1000), (21, 65000), (len(words), 70000))
    )
    selection = """<TranscriptSelection guid="S1" fromSyncPoint="P21" toSyncPoint="P42" creatingUser="U1"><Description>Which river?</Description>
<Coding guid="C1"><CodeRef targetGUID="K1"/></Coding></TranscriptSelection>"""
    source = f"""<AudioSource guid="A1" name="{PERSON}" path="absolute:///home/{PERSON}/a.wav"><Transcript guid="T1" name="{PERSON}"
 plainTextPath="internal://T1.txt">{points}{selection}</Transcript></AudioSource>"""
    return project(source, {"T1.txt": words}, codes='<Code guid="K1" name="Rivers" isCodable="true"/>')


def every() -> dict[str, bytes]:
    """Return a file of each kind by its name."""
    return {
        "a.docx": word(),
        "b.odt": open_document(),
        "c.rtf": rich_text(),
        "d.pdf": pdf([["First words."], ["Second words."], ["Third words."]], head="Made up", labels="0 <</S /r>> 2 <</S /D>>"),
        "e.hwpx": hangul(),
        "f.vtt": VTT,
        "g.srt": SRT,
        "h.eaf": EAF,
        "i.xml": OHMS,
        "j.xml": OHMS_CAPTIONS,
        "k.xml": TEI,
        "l.txt": TEXT,
        "m.md": MARKDOWN,
        "q.qdpx": transcript(),
        "r.hwp": hangul_files.hwp(hangul_files.every_part()),
    }


def tables() -> dict[str, tuple[bytes, str]]:
    """Return a table of each kind by its name, with its mapping."""
    plain = json.dumps({"key": "Interview", "columns": {"body": ["Text"]}, "fixed": {"rendering": "verbatim"}})
    return {"n.csv": (CSV, MAPPING), "o.xlsx": (workbook(), plain), "p.ods": (open_sheet(), plain)}
