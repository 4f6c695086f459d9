"""Typst as a typesetter of PDF: tagged for screen readers, its fonts embedded, the same bytes each time.

It is asked for PDF/UA-1, so a document that is not accessible, or a sign for
which no font has a picture, is an error and never an empty box.
"""

import json
import re
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from archive.errors import CannotTypeset, MissingExtra
from archive.language.messages import tr

_LIBRARY: Final = "typst"
_STANDARD: Final = "ua-1"
_LATIN: Final = "Libertinus Serif"
"""It comes with typst."""
HANGUL_FONTS: Final = (
    *(
        "Noto Serif CJK KR",
        "Noto Serif KR",
        "Noto Sans CJK KR",
        "Noto Sans KR",
        "NanumMyeongjo",
        "NanumGothic",
        "NanumBarunGothic",
    ),
    *(
        "Malgun Gothic",
        "Batang",
        "AppleMyungjo",
        "Apple SD Gothic Neo",
        "UnBatang",
        "UnDotum",
        "Baekmuk Batang",
        "Source Han Serif K",
    ),
)
"""Fonts with Hangul, as Linux, Windows and macOS have them; those that are installed are taken, in this order."""
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_NO_PICTURE = re.compile(r"the text `(.*?)` could not be displayed")
_PREAMBLE: Final = """\
#set document(title: {title}, date: none)
#set page(paper: "a4", margin: 2.5cm, numbering: "1")
#set text(lang: {language}, size: 10.5pt, font: {fonts}, fallback: false)
#set par(justify: false, leading: 0.7em)
#set table(stroke: 0.4pt, inset: 4pt)
#show heading: it => block(above: 1.4em, below: 0.8em, sticky: true, it)
#show table: set text(size: 8pt)
#let horizontalrule = line(length: 100%)
#title()
"""


def pdf(body: str, title: str, font: str = "", language: str = "en") -> bytes:
    """Return a PDF of a text in the language of typst.

    :param font: a family of fonts for Hangul, or a file of one; "" takes those of `HANGUL_FONTS` that are installed.
    :param language: of the words that are not marked otherwise, as BCP 47 has it.
    :raises MissingExtra: typst is not installed.
    :raises CannotTypeset: there is no font with Hangul, or none with another sign of the document.
    """
    typst = _load()
    file = Path(font) if font and Path(font).is_file() else None
    paths = [str(file.resolve().parent)] if file else []
    families = set(typst.Fonts(font_paths=paths).families())
    named = _of_file(typst, file) if file else font
    hangul = _hangul(families, named) if named or _HANGUL.search(body + title) else ()
    fonts = f"({', '.join(json.dumps(each, ensure_ascii=False) for each in (_LATIN, *hangul))},)"
    text = _PREAMBLE.format(title=_string(title), fonts=fonts, language=_string(language.partition("-")[0])) + body
    with tempfile.TemporaryDirectory(prefix="testimony-") as empty:
        try:
            return bytes(typst.compile(text.encode(), root=empty, font_paths=paths, pdf_standards=[_STANDARD]))
        except typst.TypstError as error:
            found = _NO_PICTURE.search(str(error))
            if found is None:
                said = " ".join(str(error).split())[:200]
                raise CannotTypeset(
                    tr("typst refused the document: {said}", said=said), tr("Please report this line.")
                ) from error
            message = tr("no font has a picture for {sign}", sign=found[1])
            raise CannotTypeset(message, tr("Name a font that has it with --font, or write another format.")) from error


def png(svg: str, title: str) -> bytes:
    """Return a drawing as PNG, two points to a pixel of its width.

    :raises MissingExtra: typst is not installed.
    :raises CannotTypeset: it has Hangul, and no font with Hangul is installed; or typst refused it.
    """
    typst = _load()
    if _HANGUL.search(svg):
        _hangul(set(typst.Fonts().families()), "")
    with tempfile.TemporaryDirectory(prefix="testimony-") as folder:
        (Path(folder) / _DRAWING).write_text(svg, encoding="utf-8")
        try:
            return bytes(typst.compile(_ON_A_PAGE.format(title=_string(title)).encode(), root=folder, format="png", ppi=144))
        except typst.TypstError as error:
            said = " ".join(str(error).split())[:200]
            raise CannotTypeset(tr("typst refused the drawing: {said}", said=said), tr("Please report this line.")) from error


_DRAWING: Final = "drawing.svg"
_ON_A_PAGE: Final = """\
#set document(title: {title}, date: none)
#set page(width: auto, height: auto, margin: 0pt)
#image("drawing.svg", width: 600pt)
"""


def _load() -> Any:  # noqa: ANN401 - a library that is loaded by its name
    try:
        return import_module(_LIBRARY)
    except ImportError as error:
        message = tr("typst, which writes PDF and PNG, is not installed")
        raise MissingExtra(message) from error


def _of_file(typst: Any, file: Path) -> str:  # noqa: ANN401 - loaded by name
    """Return the family of a file of fonts: the one that comes when its folder is looked into alone."""
    with tempfile.TemporaryDirectory(prefix="testimony-") as empty:
        (Path(empty) / file.name).write_bytes(file.read_bytes())
        alone = set(typst.Fonts(include_system_fonts=False, font_paths=[empty]).families())
    own = sorted(alone - set(typst.Fonts(include_system_fonts=False).families()))
    if not own:
        raise CannotTypeset(tr("{name} is no font", name=file.name), tr("Name a .ttf, .otf or .ttc with --font."))
    return str(own[0])


def _hangul(families: set[str], named: str) -> tuple[str, ...]:
    """Return the families of fonts for Hangul, the one that was named first; another may have what it lacks, as Chinese signs.

    :raises CannotTypeset: it is not installed, or none is.
    """
    found = tuple(each for each in dict.fromkeys(((named,) if named else ()) + HANGUL_FONTS) if each in families)
    if found and (not named or named in families):
        return found
    message = tr("the font {name} is not installed", name=named) if named else tr("no font with Hangul is installed")
    remedy = tr("Install one, as fonts-nanum or fonts-noto-cjk on Debian and Ubuntu, or name a file of one with --font.")
    raise CannotTypeset(message, remedy)


def _string(text: str) -> str:
    """Write words as a string of typst."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
