"""A work as bibliographies describe it: CSL JSON, read without a style."""

import re
from collections.abc import Mapping
from typing import Any, Final

from archive.record.testimony import Testimony
from archive.text import is_undated, regex

ADDRESS: Final = regex(r"https?://[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?(?:[/?#][\x21-\x7e]*)?", re.IGNORECASE | re.ASCII)
"""An address that a link may lead to: plain ASCII, no user name before the host."""
MOST_ADDRESS: Final = 2000
"""Characters of an address that a link may lead to."""


def address(csl: Mapping[str, Any]) -> str:
    """Return the address of a work, its letters beyond ASCII written as they are sent; "" where a link may lead to none."""
    written = str(csl.get("URL") or "").strip()
    doi = str(csl.get("DOI") or "").strip()
    if not written and doi:
        written = doi if doi.casefold().startswith("http") else f"https://doi.org/{doi}"
    sent = "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "replace")) for c in written)
    return sent if len(sent) <= MOST_ADDRESS and ADDRESS.fullmatch(sent) else ""


def issue_date(csl: Mapping[str, Any]) -> str:
    """Return the date of a work as ``2015-01``; "" where it is not known."""
    parts = (csl.get("issued") or {}).get("date-parts") or [[]]
    year, *rest = map(str, parts[0] or [""])
    return "-".join([year.zfill(4) if year else "", *(part.zfill(2) for part in rest)])


def date_of(testimony: Testimony) -> str:
    """Return the date of an account: when it was recorded, else when its source was issued; "" where neither is known."""
    return issue_date(testimony.source.csl) if is_undated(testimony.recorded) else testimony.recorded
