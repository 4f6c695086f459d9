"""The style sheet and the script of the site, as files of the package."""

from functools import cache
from pathlib import Path

from archive.formats import picture
from archive.formats.pages.places import SCRIPT, STYLE


@cache
def read(name: str) -> str:
    """Return the style sheet or the script.

    :raises KeyError: it is neither.
    """
    written = (Path(__file__).parent / {STYLE: STYLE, SCRIPT: SCRIPT}[name]).read_text(encoding="utf-8")
    return f"{written}{picture.STYLE}" if name == STYLE else written
