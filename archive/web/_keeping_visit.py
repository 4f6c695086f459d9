"""One request at the keeper's desk: what was sent with it, and what an error says beside the fields of its form."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from archive.archive import Archive
from archive.errors import ArchiveError, InvalidTestimony
from archive.formats.pages import keeping
from archive.formats.pages.forms import DO, SAVE, Wrong
from archive.formats.pages.frame import Page, PageContext
from archive.named_tuple import NamedTuple
from archive.web._forms import Forms
from archive.web._views import PageRequest

if TYPE_CHECKING:
    from archive.archive import Revised


class Visit(NamedTuple):
    """One request at the desk.

    :param values: of a form that was sent; None where a page was asked for.
    :param files: sent with it, by the names that they have there.
    """

    forms: Forms
    page_request: PageRequest
    values: Mapping[str, str] | None = None
    files: tuple[tuple[str, bytes], ...] = ()

    @property
    def archive(self) -> Archive:
        """Return the collection."""
        return self.page_request.archive

    @property
    def context(self) -> PageContext:
        """Return what pages need besides."""
        return self.page_request.context

    @property
    def is_saved(self) -> bool:
        """Return whether a form asks that something be written."""
        return (self.values or {}).get(DO) == SAVE

    def field(self, name: str) -> str:
        """Return what a field holds, without blanks around it."""
        return (self.values or {}).get(name, "").strip()

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a field that hold anything."""
        return tuple(line.strip() for line in self.field(name).splitlines() if line.strip())

    def is_overtaken(self, now: str) -> bool:
        """Return whether the record is another now than the one that the form was made of."""
        return self.field("base") != now

    def done(self, revised: "Revised") -> Page:
        """Return the page of what was written."""
        self.archive.refresh_quietly()
        return self.result_page(revised.code, [*revised.paths, *revised.said, *map(str, revised.faults)])

    def result_page(self, code: str, said: list[str]) -> Page:
        """Return the page of what was written, in lines."""
        try:
            stale = len(self.archive.stale(code, keeper=True))
        except ArchiveError:
            stale = 0  # a record with faults, which its own page tells
        return keeping.done(code, said, stale, self.context)


def faults_of_fields(error: ArchiveError, fields: Mapping[str, str] | None = None) -> tuple[Wrong, ...]:
    """Return what an error says, each part beside the field of a form that it is about.

    :param fields: the field of the form for the beginning of the name of a field of the header.
    """
    known = fields or {}
    if isinstance(error, InvalidTestimony):
        return tuple(Wrong(_of(each.field, known), f"{each.line}: {each.field}: {each.message}") for each in error.faults)
    lines = [*error.message.splitlines(), *([error.remedy] if error.remedy else [])]
    return tuple(Wrong(_of(line.partition(":")[0], known), line) for line in lines)


def _of(field: str, fields: Mapping[str, str]) -> str:
    known = [name for name in fields if field == name or field.startswith((f"{name}.", f"{name}["))]
    return fields[max(known, key=len)] if known else ""
