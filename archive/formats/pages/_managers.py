"""What a reference manager reads of the page of a passage: the same work that `testimony cite` writes for it."""

import re
from typing import Final, Protocol

from archive.formats.wording import whole_name

_DATE: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")


class CitedEntry(Protocol):
    """A passage as a work that can be cited; its title has every caveat in force, since that is what each style prints."""

    @property
    def title(self) -> str:
        """The title with everything that must be printed."""

    @property
    def short(self) -> str:
        """The title for a second mention."""

    @property
    def type(self) -> str:
        """What kind of work it is."""

    @property
    def author(self) -> str:
        """Whose words they are."""

    @property
    def issued(self) -> str:
        """When it was given or written."""

    @property
    def language(self) -> str:
        """The language of the words."""

    @property
    def archive(self) -> str:
        """The name of the archive."""

    @property
    def mark(self) -> str:
        """What the words are verified by."""


def about(entry: CitedEntry, citation: str) -> tuple[tuple[str, str], ...]:
    """Return the names and contents of elements ``meta``.

    Zotero's connector reads ``citation_…`` and, of its own terms, ``z:…``; the kind of work is given by the latter, since
    by ``citation_…`` alone every page would be a journal article, whose title styles put in quotation marks.

    :param citation: the citation of the house, which has every caveat too.
    """
    date = entry.issued.removesuffix("~")
    told = (
        ("z:itemType", entry.type),
        ("z:shortTitle", entry.short),
        ("z:archive", entry.archive),
        ("z:archiveLocation", entry.mark),
        ("citation_title", entry.title),
        ("citation_author", whole_name(entry.author).replace(";", "；")),
        ("citation_date", date if _DATE.fullmatch(date) else ""),
        ("citation_language", entry.language),
        ("citation_publisher", entry.archive),
        ("citation_abstract", citation),
    )
    return tuple((name, content) for name, content in told if content)
