"""Files of the Hangul word processor (.hwp 5) made by hand: a compound file, and the records of the text in it."""

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

SECTOR: Final = 512
MINI: Final = 64
END, FREE, OF_TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
COMPRESSED, PASSWORD, DISTRIBUTED, TRACKED = 1, 2, 4, 1 << 14
OUTLINE: Final = 1
"""The shape of a paragraph that is a heading of the first level; 0 is that of any other."""
PLAIN, STRUCK, IN_RELIEF, LINE_THROUGH, UNDERLINED = 0, 1 << 18 | 7 << 26, 1 << 18 | 15 << 26, 2 << 2, 1 << 2 | 7 << 26
"""Properties of shapes of letters: the second and the fourth of them are struck out as one sees it, the third is not."""


def _chain(first: int, count: int) -> list[int]:
    """Return the entries of a table for one chain that lies in a row."""
    return [*range(first + 1, first + count), END] if count else []


def _entry(name: str, kind: int, place: tuple[int, int], *, right: int = FREE, child: int = FREE) -> bytes:
    """Return an entry of the directory; its place is its first sector and how many bytes it has."""
    called = name.encode("utf-16-le") + b"\0\0"
    head = called.ljust(64, b"\0") + struct.pack("<HBBIII", len(called), kind, 1, FREE, right, child)
    return head + bytes(36) + struct.pack("<III", *place, 0)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Make a compound file of streams by their names, as "BodyText/Section0", one folder deep at the most."""
    folders = list(dict.fromkeys(name.split("/")[0] for name in streams if "/" in name))
    top = [*folders, *(name for name in streams if "/" not in name)]
    names = [*top, *(name for folder in folders for name in streams if name.startswith(f"{folder}/"))]
    sectors: list[bytes] = []
    table: list[int] = []
    minis: list[int] = []
    small = b""
    places = {}

    def lay(content: bytes) -> int:
        first = len(sectors)
        parts = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
        sectors.extend(parts)
        table.extend(_chain(first, len(parts)))
        return first if parts else END

    for name, content in streams.items():
        if len(content) >= 4096:
            places[name] = lay(content)
            continue
        places[name] = len(minis) if content else END
        count = -(-len(content) // MINI)
        minis += _chain(len(minis), count)
        small += content.ljust(count * MINI, b"\0")
    small_at = lay(small)
    minis_at = lay(struct.pack(f"<{len(minis)}I", *minis).ljust(-(-len(minis) * 4 // SECTOR) * SECTOR, b"\xff"))
    entries = [_entry("Root Entry", ROOT, (small_at, len(small)), child=1)]
    for at, name in enumerate(names, start=1):
        siblings = top if name in top else [each for each in names if each.split("/")[0] == name.split("/")[0] and "/" in each]
        right = at + 1 if name != siblings[-1] else FREE
        if name in folders:
            inner = next(number for number, each in enumerate(names, start=1) if each.startswith(f"{name}/"))
            entries.append(_entry(name, STORAGE, (0, 0), right=right, child=inner))
        else:
            entries.append(_entry(name.rpartition("/")[2], STREAM, (places[name], len(streams[name])), right=right))
    directory_at = lay(b"".join(entries).ljust(-(-len(entries) * 128 // SECTOR) * SECTOR, b"\0"))
    tables = -(-(len(table) + 1) // (SECTOR // 4 - 1))
    table_at = len(sectors)
    table += [OF_TABLE] * tables
    whole = struct.pack(f"<{len(table)}I", *table).ljust(tables * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, directory_at, 0, 4096, minis_at, -(-len(minis) * 4 // SECTOR), END, 0)
    head += struct.pack("<109I", *range(table_at, table_at + tables), *[FREE] * (109 - tables))
    return head + b"".join(sectors) + whole


def record(kind: int, level: int, data: bytes = b"") -> bytes:
    """Make a record."""
    size = min(len(data), 0xFFF)
    return struct.pack("<I", kind | level << 10 | size << 20) + (struct.pack("<I", len(data)) if size == 0xFFF else b"") + data


def letters(text: str) -> bytes:
    """Return words as they stand in a paragraph."""
    return text.encode("utf-16-le")


def sign(number: int, name: str = "") -> bytes:
    """Return a sign of eight units, for what is called ``name``."""
    unit = struct.pack("<H", number)
    return unit + name.encode("latin-1")[::-1].ljust(12, b"\0") + unit


def paragraph(
    words: bytes | str, *controls: bytes, level: int = 0, shape: int = 0, runs: Iterable[tuple[int, int]] = ((0, 0),)
) -> bytes:
    """Make a paragraph and what hangs on it, which has been made for one level deeper.

    :param runs: where letters of a shape begin, and the number of the shape.
    """
    held = (letters(words) if isinstance(words, str) else words) + letters("\r")
    begins = b"".join(struct.pack("<II", *run) for run in runs)
    head = struct.pack("<IIHBBHHHI", len(held) // 2 | 0x80000000, 0, shape, 0, 0, 1, 0, 1, 0)
    return record(66, level, head) + record(67, level + 1, held) + record(68, level + 1, begins) + b"".join(controls)


def control(name: str, *inner: bytes, level: int = 1, data: bytes = b"") -> bytes:
    """Make a control, with what is in it, which has been made for one level deeper."""
    return record(71, level, name.encode("latin-1")[::-1] + data) + b"".join(inner)


def listed(*paragraphs: bytes, level: int = 2, cell: tuple[int, int] | None = None) -> bytes:
    """Make a list of paragraphs, or the cell of a table by its column and row."""
    place = struct.pack("<HHHH", *cell, 1, 1) + bytes(24) if cell is not None else b""
    return record(72, level, struct.pack("<II", len(paragraphs), 0) + place) + b"".join(paragraphs)


def table(*rows: Sequence[str], caption: bytes = b"", level: int = 1) -> bytes:
    """Make the control of a table."""
    cells = [
        listed(paragraph(words, level=level + 1), level=level + 1, cell=(column, row))
        for row, texts in enumerate(rows)
        for column, words in enumerate(texts)
    ]
    return control("tbl ", caption, record(77, level + 1, bytes(18)), *cells, level=level)


def hwp(
    *sections: bytes,
    flags: int = COMPRESSED,
    version: int = 0x05000500,
    more: Iterable[tuple[str, bytes]] = (),
    letter_shapes: Iterable[int] = (PLAIN,),
) -> bytes:
    """Make a file of sections of paragraphs; ``more`` are streams beside the text, or in the place of what is made."""

    def packed(stream: bytes) -> bytes:
        packing = zlib.compressobj(wbits=-15)
        return packing.compress(stream) + packing.flush() if flags & COMPRESSED else stream

    shapes = [record(21, 1, (bytes(46) + struct.pack("<I", value)).ljust(74, b"\0")) for value in letter_shapes]
    shapes += [record(25, 1, struct.pack("<I", value).ljust(54, b"\0")) for value in (0, 1 << 23)]
    info = record(16, 0, struct.pack("<H", len(sections)).ljust(26, b"\0")) + b"".join(shapes)
    streams = {
        "FileHeader": (b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", version, flags)).ljust(256, b"\0"),
        "DocInfo": packed(info),
        **{f"BodyText/Section{number}": packed(section) for number, section in enumerate(sections)},
        "PrvText": letters("미리 보기"),
    }
    return compound({**streams, **dict(more)})


def text_box(words: str, *, level: int = 1) -> bytes:
    """Make the control of a text box."""
    inner = listed(paragraph(words, level=level + 2), level=level + 2)
    return control("gso ", record(76, level + 1, bytes(40)), inner, level=level)


def every_part() -> bytes:
    """Make the text of a file with each thing that may stand in it."""
    note = control(
        "fn  ", listed(paragraph(sign(18, "atno") + letters(" 각주다"), control("atno", level=3, data=bytes(12)), level=2))
    )
    caption = listed(
        paragraph(letters("표 ") + sign(18, "atno"), control("atno", level=3, data=struct.pack("<IH6x", 4, 1)), level=2)
    )
    ruby = letters("한자")
    ruby = b"".join(struct.pack("<H", len(each) // 2) + each for each in (ruby, letters("漢字"))) + bytes(20)
    script = letters("x over y")
    equation = record(88, 2, bytes(4) + struct.pack("<H", len(script) // 2) + script)
    said = letters("CommonSet:set:9:Name:wstring:5:Edit1 Text:wstring:2:적힘 ")
    form = record(91, 2, bytes(12) + struct.pack("<H", len(said) // 2) + said)
    drawn = letters("글맵시")
    art = record(76, 2, bytes(40)) + record(90, 3, bytes(32) + struct.pack("<H", 3) + drawn)
    over = struct.pack("<H", 2) + letters("○1") + bytes(8)
    return b"".join(
        (
            paragraph(
                sign(2, "secd") + letters("제일 장"),
                control("secd", listed(paragraph("바탕쪽", level=2))),
                shape=OUTLINE,
            ),
            paragraph(
                letters("첫째") + sign(15, "tcmt") + letters(" 문단") + sign(16, "head"),
                control("tcmt", listed(paragraph("숨은 설명", level=2))),
                control("head", listed(paragraph("머리말", level=2))),
            ),
            paragraph(letters("인간") + sign(9) + letters("이다") + sign(17, "fn  ") + letters(".\n둘째\x1f줄"), note),
            paragraph(sign(11, "tbl "), table(("왼쪽", "오른쪽"), ("아래", ""), caption=caption)),
            paragraph(sign(11, "gso "), text_box("글상자")),
            paragraph(
                sign(23, "tdut") + letters(" 말 ") + sign(23, "tcps") + sign(11, "eqed") + sign(11, "form") + sign(11, "gso "),
                control("tdut", data=ruby),
                control("tcps", data=over),
                control("eqed", equation),
                control("form", form),
                control("gso ", art),
            ),
            paragraph(
                sign(3, "%%me") + letters("적은 말") + sign(4, "%%me"),
                control("%unk", data=bytes(11)),
                record(93, 1, bytes(4)),
                listed(paragraph("메모", level=1), level=1),
            ),
            paragraph("이 문장은 개요의 모양이어도 문단이다.", shape=OUTLINE),
        )
    )
