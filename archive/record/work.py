"""A work as bibliographies describe it: CSL JSON, read without a style."""

from collections.abc import Mapping
from typing import Any

from archive.record.testimony import Testimony
from archive.text import is_undated


def issue_date(csl: Mapping[str, Any]) -> str:
    """Return the date of a work as ``2015-01``; "" where it is not known."""
    parts = (csl.get("issued") or {}).get("date-parts") or [[]]
    year, *rest = map(str, parts[0] or [""])
    return "-".join([year.zfill(4) if year else "", *(part.zfill(2) for part in rest)])


def dated(testimony: Testimony) -> str:
    """Return the date of an account: when it was recorded, else when its source was issued; "" where neither is known."""
    return issue_date(testimony.source.csl) if is_undated(testimony.recorded) else testimony.recorded
