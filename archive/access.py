"""Who may read what: pure, and closed unless everything says open.

Until access levels are built, a record that is not plainly public, or that
has a redaction tag, stays out of every output, for every clearance.
"""

from typing import Final

from archive import body
from archive.testimony import PUBLIC, Clearance, Testimony

_GIVEN: Final = frozenset({"given", "published-by-witness", "published-by-others"})


def may_read(testimony: Testimony, clearance: Clearance) -> bool:
    """Say whether a reader of this clearance may see the record at all."""
    return (
        clearance == PUBLIC
        and testimony.access == "public"
        and not testimony.until
        and testimony.consent in _GIVEN
        and not body.has_redaction(testimony.body)
    )
