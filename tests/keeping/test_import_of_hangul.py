"""Files of the Hangul word processor: .hwp is read as .hwpx is, a second count confirms it, and what is not sure is refused."""

import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import hangul_files
import source_files
from archive.documents import _hangul_file as hangul_file
from archive.documents import _hangul_trees as trees
from archive.documents import reading
from archive.documents.hangul import NumberedShape
from archive.documents.model import RefusedFile, count_letters
from archive.documents.xml import XmlNode
from archive.errors import MissingExtra, UnreadableDocument
from archive.keeping.importing import _hangul as hangul
from archive.keeping.importing import _registry as registry
from archive.keeping.importing._model import CLOSE, OPEN, STRUCK, Part, SourceText
from examples import number_of
from hangul_files import COMPRESSED, control, hwp, letters, listed, paragraph, record, sign, table, text_box
from word_files import package

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def read(content: bytes, name: str = "x.hwp") -> SourceText:
    """Read a file as an import does."""
    kind = registry.kind_of(content, name)
    assert kind is not None
    [text] = kind.read(content, name, registry.Options())
    return text


def in_one_process(content: bytes) -> SourceText:
    """Read a file without a child process."""
    found = trees.read(content)
    shapes = {shape: NumberedShape(kind, int(level)) for shape, (kind, level) in found["shapes"].items()}
    return hangul.text_of(map(XmlNode.of, found["sections"]), shapes, frozenset(found["struck"]), found["letters"])


def test_every_part_of_a_document_comes_in_or_is_counted() -> None:
    """Headings, notes, tables with what is written under them, boxes and ruby come in; what is beside the text does not."""
    text = read(hwp(hangul_files.every_part()))
    assert text.parts == (
        Part("제일 장", level=1),
        Part("첫째 문단", "¶ 2"),
        Part(f"인간 이다{OPEN}^1{CLOSE}. 둘째 줄", "¶ 3"),
        Part("표 1", "¶ 4"),
        Part("왼쪽 | 오른쪽", "¶ 5"),
        Part("아래 | ", "¶ 6"),
        Part("글상자", "¶ 7"),
        Part("한자(漢字) 말 1", "¶ 8"),
        Part("글맵시", "¶ 9"),
        Part("적은 말", "¶ 10"),
        Part("이 문장은 개요의 모양이어도 문단이다.", "¶ 11"),
    )
    assert text.notes == (Part(" 각주다"),)
    assert {(left.what, left.number, left.letters) for left in text.left_out} == {
        (hangul.MARGINS, 2, 6),
        (hangul.HIDDEN, 1, 4),
        (hangul.EQUATIONS, 1, 6),
        (hangul.FORMS, 1, 2),
        (hangul.REMARKS, 1, 2),
    }
    assert text.unaccounted == 0
    assert text.warnings == ((hangul.NUMBERS, {"number": 2}),)


def test_a_document_says_the_same_in_either_form() -> None:
    """What .hwpx has as XML, with its captions, master pages, shapes of paragraphs and drawn letters, is read the same."""

    def p(*inner: str, shape: int = 0) -> str:
        return f'<hp:p paraPrIDRef="{shape}"><hp:run>{"".join(inner)}</hp:run></hp:p>'

    def t(words: str) -> str:
        return f"<hp:t>{words}</hp:t>"

    def held(name: str, *inner: str) -> str:
        return f"<hp:ctrl><hp:{name}><hp:subList>{''.join(inner)}</hp:subList></hp:{name}></hp:ctrl>"

    def cell(words: str) -> str:
        return f"<hp:tc><hp:subList>{p(t(words))}</hp:subList></hp:tc>"

    caption = p(t("표 "), '<hp:ctrl><hp:autoNum num="1" numType="TABLE"/></hp:ctrl>')
    note = p('<hp:ctrl><hp:autoNum num="1" numType="FOOTNOTE"/></hp:ctrl>', t(" 각주다"))
    rows = f"<hp:tr>{cell('왼쪽')}{cell('오른쪽')}</hp:tr><hp:tr>{cell('아래')}{cell('')}</hp:tr>"
    body = (
        p(t("제일 장"), shape=1),
        p(t("첫째"), held("hiddenComment", p(t("숨은 설명"))), t(" 문단"), held("header", p(t("머리말")))),
        p(t("인간<hp:tab/>이다"), held("footNote", note), t(".<hp:lineBreak/>둘째<hp:fwSpace/>줄")),
        p(f"<hp:tbl><hp:caption><hp:subList>{caption}</hp:subList></hp:caption>{rows}</hp:tbl>"),
        p(f"<hp:rect><hp:drawText><hp:subList>{p(t('글상자'))}</hp:subList></hp:drawText></hp:rect>"),
        p(
            "<hp:dutmal><hp:mainText>한자</hp:mainText><hp:subText>漢字</hp:subText></hp:dutmal>",
            t(" 말 "),
            '<hp:compose composeText="○1"/><hp:equation><hp:script>x over y</hp:script></hp:equation>',
            '<hp:edit><hp:text>적힘</hp:text></hp:edit><hp:textart text="글맵시"/>',
        ),
        p(held("fieldBegin", p(t("메모"))), t("적은 말"), "<hp:ctrl><hp:fieldEnd/></hp:ctrl>"),
        p(t("이 문장은 개요의 모양이어도 문단이다."), shape=1),
    )
    names = 'xmlns:hs="urn:s" xmlns:hp="urn:p" xmlns:hh="urn:h"'
    headings = ('type="NONE"', 'type="OUTLINE" level="0"')
    shapes = "".join(f'<hh:paraPr id="{at}"><hh:heading {said}/></hh:paraPr>' for at, said in enumerate(headings))
    beside = package(
        {
            "mimetype": "application/hwp+zip",
            "Contents/header.xml": f"<hh:head {names}>{shapes}</hh:head>",
            "Contents/section0.xml": f"<hs:sec {names}>{''.join(body)}</hs:sec>",
            "Contents/masterpage0.xml": f"<masterPage {names}><hp:subList>{p(t('바탕쪽'))}</hp:subList></masterPage>",
        }
    )
    new, old = read(beside, "x.hwpx"), read(hwp(hangul_files.every_part()))
    assert new._replace(left_out=()) == old._replace(left_out=())
    assert set(new.left_out) == set(old.left_out)


SHAPES = {
    hangul_files.PLAIN: ("NONE", "NONE"),
    hangul_files.STRUCK: ("NONE", "DOUBLE_SLIM"),
    hangul_files.IN_RELIEF: ("NONE", "3D"),
    hangul_files.LINE_THROUGH: ("CENTER", "NONE"),
    hangul_files.UNDERLINED: ("BOTTOM", "NONE"),
}
"""Shapes of letters in either form: the properties in the one, the line under words and that through them in the other."""


def of_runs(*runs: tuple[str, int]) -> tuple[bytes, bytes]:
    """Make a document of one paragraph in either form: its words, each with the properties of its letters."""
    numbers = list(SHAPES)
    begins, words = list[tuple[int, int]](), ""
    for text, shape in runs:
        begins.append((len(words.encode("utf-16-le")) // 2, numbers.index(shape)))
        words += text
    names = 'xmlns:hs="urn:s" xmlns:hp="urn:p" xmlns:hh="urn:h"'
    shapes = "".join(
        f'<hh:charPr id="{at}"><hh:underline type="{under}"/><hh:strikeout shape="{through}"/></hh:charPr>'
        for at, (under, through) in enumerate(SHAPES.values())
    )
    body = "".join(f'<hp:run charPrIDRef="{numbers.index(shape)}"><hp:t>{text}</hp:t></hp:run>' for text, shape in runs)
    new = {
        "mimetype": "application/hwp+zip",
        "Contents/header.xml": f"<hh:head {names}>{shapes}</hh:head>",
        "Contents/section0.xml": f'<hs:sec {names}><hp:p paraPrIDRef="0">{body}</hp:p></hs:sec>',
    }
    return hwp(paragraph(words, runs=begins), letter_shapes=SHAPES), package(new)


@pytest.mark.parametrize("form", [0, 1], ids=["hwp", "hwpx"])
@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ((("사흘 ", 0), ("나흘을", hangul_files.STRUCK), (" 굶었다", 0)), "사흘 ~~나흘을~~ 굶었다"),
        ((("사흘", 0), (" 나흘 ", hangul_files.LINE_THROUGH), ("굶었다", 0)), "사흘 ~~나흘~~ 굶었다"),
        ((("사흘", hangul_files.STRUCK), (" 나흘", hangul_files.LINE_THROUGH), (" 굶었다", 0)), "~~사흘 나흘~~ 굶었다"),
        ((("사흘", hangul_files.IN_RELIEF), (" 굶었다", hangul_files.UNDERLINED)), "사흘 굶었다"),
        ((("사흘", 0), (" ", hangul_files.STRUCK), ("굶었다", 0)), "사흘 굶었다"),
        ((("\U00020000", 0), ("\U00020001", hangul_files.STRUCK), ("어~~ 음~~", 0)), "\U00020000~~\U00020001~~어~~ 음~~"),
        ((("어~~ 그래서 음~~", 0),), "어~~ 그래서 음~~"),
    ],
)
def test_what_is_struck_out_comes_in_as_struck_out(runs: tuple[tuple[str, int], ...], told: str, form: int) -> None:
    """As in other word processors, in one piece, and told; a line in relief that every letter may have strikes nothing out."""
    text = read(of_runs(*runs)[form], ("x.hwp", "x.hwpx")[form])
    assert [part.text for part in text.parts] == [told]
    assert text.unaccounted == 0
    is_struck = any(shape in {hangul_files.STRUCK, hangul_files.LINE_THROUGH} and words.strip() for words, shape in runs)
    assert (STRUCK in dict(text.warnings)) == is_struck


def test_a_letter_of_two_units_is_never_cut() -> None:
    """Where another shape is said to begin in the middle of one, it begins behind it."""
    content = hwp(paragraph("\U00020000말", runs=((0, 0), (1, 1))), letter_shapes=(hangul_files.PLAIN, hangul_files.STRUCK))
    assert read(content).parts == (Part("\U00020000~~말~~", "¶ 1"),)


def test_what_is_struck_out_is_seen_wherever_it_stands() -> None:
    """In a cell, in a note with the call of it, in a text box; a sentence that is struck out is no heading."""
    struck = {"runs": ((0, 1),)}
    note = control("fn  ", listed(paragraph("각주다", level=2, **struck)))
    cell = control("tbl ", record(77, 2, bytes(18)), listed(paragraph("칸", level=2, **struck), level=2, cell=(0, 0)))
    box = control("gso ", record(76, 2, bytes(40)), listed(paragraph("상자", level=3, **struck), level=3))
    body = (
        paragraph(letters("말") + sign(17, "fn  "), note, **struck),
        paragraph(sign(17, "fn  "), note, **struck),
        paragraph(sign(11, "tbl "), cell),
        paragraph(sign(11, "gso "), box),
        paragraph("거기 있었다.", shape=hangul_files.OUTLINE, **struck),
    )
    text = read(hwp(b"".join(body), letter_shapes=(hangul_files.PLAIN, hangul_files.STRUCK)))
    assert [part.text for part in text.parts] == [
        f"~~말~~{OPEN}^1{CLOSE}",
        f"{OPEN}^2{CLOSE}",
        "~~칸~~",
        "~~상자~~",
        "~~거기 있었다.~~",
    ]
    assert not any(part.level for part in text.parts)
    assert [note.text for note in text.notes] == ["~~각주다~~"] * 2
    assert text.unaccounted == 0


def test_sections_follow_each_other_by_their_numbers_and_need_not_be_compressed() -> None:
    """The tenth comes behind the ninth, not behind the first."""
    sections = [paragraph(f"구역 {number}") for number in range(11)]
    for flags in (0, COMPRESSED):
        assert [part.text for part in read(hwp(*sections, flags=flags)).parts] == [f"구역 {number}" for number in range(11)]


def _bomb() -> bytes:
    packing = zlib.compressobj(9, wbits=-15)
    a_million = packing.compress(bytes(1 << 20)) + packing.flush(zlib.Z_FULL_FLUSH)  # after which the next begins anew
    return a_million * 300 + packing.flush()


def _nested(depth: int) -> bytes:
    """Make a text box in a text box, and so on."""
    words = b""
    for level in range(depth - 1, -1, -1):
        inner = (
            control("gso ", record(76, 3 * level + 2), listed(words, level=3 * level + 3), level=3 * level + 1) if words else b""
        )
        words = paragraph(sign(11, "gso ") if inner else "끝", inner, level=3 * level)
    return words


def _looped() -> bytes:
    """Make a file whose longest stream comes back to its own beginning."""
    content = bytearray(hwp(b"".join(paragraph(f"문단 {number}") for number in range(400)), flags=0))
    (at,) = struct.unpack_from("<I", content, 76)
    struct.pack_into("<I", content, hangul_files.SECTOR * (at + 1) + 4 * 3, 0)
    return bytes(content)


BAD: dict[str, tuple[bytes, str]] = {
    "a password": (hwp(paragraph("말"), flags=COMPRESSED | hangul_files.PASSWORD), "it needs a password"),
    "for distribution": (hwp(paragraph("말"), flags=COMPRESSED | hangul_files.DISTRIBUTED), "it is locked for distribution"),
    "tracked changes": (hwp(paragraph("말"), flags=COMPRESSED | hangul_files.TRACKED), "it has tracked changes"),
    "changes without the flag": (
        hwp(paragraph("말"), flags=0, more=[("DocInfo", record(16, 0, struct.pack("<H", 1)) + record(96, 1, bytes(26)))]),
        "it has tracked changes",
    ),
    "another version": (hwp(paragraph("말"), version=0x06000000), "a version of the Hangul word processor that is not known"),
    "of the years before": (b"HWP Document File V3.00 \x1a\1\2\3\4\5" + bytes(200), "an old Hangul word processor"),
    "no such file": (b"made up words", "it is no file of the Hangul word processor"),
    "another compound file": (
        hangul_files.compound({"WordDocument": b"HWP Document File".ljust(300)}),
        "it is no file of the Hangul word processor",
    ),
    "a section too few": (hwp(paragraph("말"), more=[("BodyText/Section2", b"")]), "it is damaged"),
    "cut": (hwp(paragraph("말 " * 5000), flags=0)[:6000], "it is damaged"),
    "a stream that does not end": (hwp(paragraph("말"), more=[("BodyText/Section0", b"\xff\xff")]), "it is damaged"),
    "a record behind the end": (hwp(record(66, 0, bytes(24)) + struct.pack("<I", 67 | 4000 << 20)), "it is damaged"),
    "a paragraph of another length": (hwp(paragraph("말").replace(letters("말"), letters("말말"))), "it is damaged"),
    "a sign for nothing": (hwp(paragraph(sign(17, "fn  "))), "it is damaged"),
    "a note without a sign": (hwp(paragraph("말", control("fn  ", listed(paragraph("주", level=2))))), "it is damaged"),
    "a sign for another thing": (hwp(paragraph(sign(11, "gso "), table(("가",)))), "it is damaged"),
    "half a sign": (hwp(paragraph(sign(9)[:8])), "it is damaged"),
    "a bomb": (hwp(paragraph("말"), more=[("BodyText/Section0", _bomb())]), "it unfolds to more than 200 MB"),
    "too deep": (hwp(_nested(60)), "it is damaged"),
    "a loop": (_looped(), "it is damaged"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_sure_is_refused_with_what_to_do(what: str) -> None:
    """Encrypted, tracked, damaged, hostile: one line with the reason and with the way that is sure."""
    content, why = BAD[what]
    with pytest.raises(UnreadableDocument, match=why) as refused:
        read(content)
    assert refused.value.remedy == "Open it in the Hangul word processor, save it as .hwpx, and import that."


def test_two_counts_that_do_not_agree_refuse_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A walk that loses a table, or a count that loses a word: neither is believed."""
    whole = hwp(hangul_files.every_part())
    ask = reading.ask

    def without_tables(tree: list[Any]) -> list[Any]:
        return [
            tree[0],
            tree[1],
            [each if isinstance(each, str) else without_tables(each) for each in tree[2] if each[0] != "tbl"],
        ]

    changes: tuple[Callable[[dict[str, Any]], Mapping[str, Any]], ...] = (
        lambda found: {"sections": [without_tables(section) for section in found["sections"]]},
        lambda found: {"letters": found["letters"] - 1},
        lambda found: {"sections": found["sections"] * 2},
    )
    assert read(whole).parts
    for change in changes:
        monkeypatch.setattr(reading, "ask", lambda *given, change=change: (found := ask(*given)) | change(found))
        with pytest.raises(UnreadableDocument, match="two counts of its letters do not agree"):
            read(whole)


def test_a_hwpx_with_a_password_is_named_as_such() -> None:
    """Its members are no XML then; the list of them says why."""
    manifest = '<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    members = {"mimetype": "application/hwp+zip", "META-INF/manifest.xml": manifest, "Contents/section0.xml": b"\xb3\x01\x80"}
    with pytest.raises(UnreadableDocument, match="it needs a password"):
        read(package(members), "x.hwpx")
    del members["META-INF/manifest.xml"]
    with pytest.raises(UnreadableDocument, match="encoding"):
        read(package(members), "x.hwpx")


def test_the_content_decides_and_not_the_name() -> None:
    """A .hwp that is called otherwise, and another file that is called .hwp."""
    old, new = hwp(paragraph("말")), source_files.hangul()
    for name in ("x.hwp", "x.doc", "x.docx", "x"):
        assert [part.text for part in read(old, name).parts] == ["말"]
    assert read(new, "x.hwp").parts == read(new, "x.hwpx").parts
    for name, told in (("x.hwp", "hwp"), ("x.doc", "old")):
        kind = registry.kind_of(b"\xd0\xcf\x11\xe0 made up", name)
        assert kind is not None
        assert kind.name == told


def test_what_reads_it_may_not_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named by the line of the README."""
    monkeypatch.setattr(reading, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match="olefile, which reads such files, is not installed") as missing:
        read(hwp(paragraph("말")))
    assert "requirements/extras.txt" in missing.value.remedy


WORDS = some.text(some.sampled_from("가나 Aa1.一①\ud55c\U00020000-"), max_size=12).filter(lambda text: bool(text.strip(" |")))


@settings(max_examples=number_of(60))
@given(
    some.lists(some.tuples(some.sampled_from("ptbnh"), WORDS, WORDS), min_size=1, max_size=8), some.sampled_from([0, COMPRESSED])
)
def test_words_come_in_as_they_were_written(blocks: list[tuple[str, str, str]], flags: int) -> None:
    """Paragraphs, tables, boxes, notes and hidden words in any order: each once, in its place, and all counted."""
    made, parts, notes, hidden = [], list[str](), list[str](), 0
    for kind, words, more in blocks:
        if kind == "p":
            made.append(paragraph(words))
            parts.append(words)
        elif kind == "t":
            made.append(paragraph(letters(words) + sign(11, "tbl "), table((more, words))))
            parts += [words, f"{more} | {words}"]
        elif kind == "b":
            made.append(paragraph(sign(11, "gso "), text_box(words)))
            parts.append(words)
        elif kind == "n":
            made.append(paragraph(letters(words) + sign(17, "en  "), control("en  ", listed(paragraph(more, level=2)))))
            notes.append(more)
            parts.append(f"{words}{OPEN}^{len(notes)}{CLOSE}")
        else:
            made.append(paragraph(letters(words) + sign(15, "tcmt"), control("tcmt", listed(paragraph(more, level=2)))))
            hidden += count_letters(more)
            parts.append(words)
    text = in_one_process(hwp(b"".join(made), flags=flags))
    assert [part.text for part in text.parts] == parts
    assert [note.text for note in text.notes] == notes
    assert sum(left.letters for left in text.left_out) == hidden
    assert text.unaccounted == 0


WHOLE = hwp(hangul_files.every_part(), flags=0)


@settings(max_examples=number_of(300))
@given(some.lists(some.tuples(some.integers(0, len(WHOLE) - 1), some.binary(min_size=1, max_size=4)), max_size=6), some.data())
def test_a_damaged_file_is_refused_or_read_whole(changes: list[tuple[int, bytes]], data: some.DataObject) -> None:
    """Whatever bytes are others, or missing at the end: no other error than a refusal, and no letter uncounted in silence."""
    content = bytearray(WHOLE)
    for at, other in changes:
        content[at : at + len(other)] = other
    del content[data.draw(some.sampled_from([len(content), len(content) // 2, len(content) - 512])) :]
    try:
        text = in_one_process(bytes(content))
    except RefusedFile:
        return
    assert changes or text == in_one_process(WHOLE)


def test_a_long_record_is_read_to_its_end() -> None:
    """From 4,095 bytes on a record says its length behind its head."""
    words = "가나다 " * 3000
    assert in_one_process(hwp(paragraph(words))).parts == (Part(words, "¶ 1"),)
    assert hangul_file.open_file(hwp(paragraph(words))).sections[0][1].kind == hangul_file.WORDS
