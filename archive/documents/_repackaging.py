"""Write the package of a document again, so that it tells nothing of its maker and is the same bytes each time."""

import io
import zipfile
from collections.abc import Callable
from typing import Any, Final

_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The first that a .zip knows."""


def repackage(
    document: bytes, change: Callable[[str, bytes], bytes], order: Callable[[zipfile.ZipInfo], Any] | None = None
) -> bytes:
    """Return a package with each member changed, all of one day.

    :param change: takes the name and the content of a member, and returns its new content.
    :param order: by what the members are sorted; else they keep their order.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.infolist(), key=order) if order else old.infolist():
            # The member of an .odt that says what the file is comes first, and is not compressed.
            kind = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(entry.filename, _DAY), change(entry.filename, old.read(entry)), kind)
    return buffer.getvalue()
