"""What keepers do with one record that is there already; each room is loaded when it is needed."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from archive.record.testimony import Clearance, Reference, reference

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from archive.keeping._copies import Copy as Copy  # noqa: PLC0414 - fronts name its type
    from archive.keeping._draft import Draft as Draft  # noqa: PLC0414 - as above
    from archive.keeping._rebind import NewWords as NewWords  # noqa: PLC0414 - as above
    from archive.keeping._rebind import StaleBinding as StaleBinding  # noqa: PLC0414 - as above
    from archive.keeping._revising import Revised as Revised  # noqa: PLC0414 - as above
    from archive.keeping.drafts import DraftRow as DraftRow  # noqa: PLC0414 - as above
    from archive.keeping.drafts import KeptRecord as KeptRecord  # noqa: PLC0414 - as above

# The rooms that are loaded by name; the test of the house counts them as imports of this module.
ACCESS: Final = "archive.keeping._access_edit"
COPIES: Final = "archive.keeping._copies"
DRAFT: Final = "archive.keeping._draft"
DRAFTS: Final = "archive.keeping.drafts"
FIELDS: Final = "archive.keeping._field_edit"
GIT: Final = "archive.storage.git"
LINKING: Final = "archive.keeping._linking"
REBIND: Final = "archive.keeping._rebind"
REDACTING: Final = "archive.keeping._redacting"
REVISING: Final = "archive.keeping._revising"

ARCHIVE: Final = "archive"
"""Who changes a record where nobody is named."""


class RecordEditor:
    """A collection whose records are changed one by one. Each change is proved by reading again, and signed in the history.

    Each method takes ``by``, who makes the change, and ``day`` in ISO 8601, "" for today in UTC. All raise `UnknownCode`
    where there is no such record, `InvalidTestimony` where it has faults or would have some, and `CannotWrite`
    where it cannot be written; then not a byte is written.
    """

    root: Path
    clearance: Clearance

    def stale(self, wanted: Reference | str, *, keeper: bool = False) -> "tuple[StaleBinding, ...]":
        """Return the notes, claims and links whose words have changed or moved: in a record, and in others that name it.

        :param wanted: a record, or paragraphs of it.
        :param keeper: show words also of what this clearance may not read.
        :raises ConflictingOptions: words would have to be shown that this clearance may not read.
        """
        found: tuple[StaleBinding, ...] = import_module(REBIND).stale(
            self.root, _reference(wanted), self.clearance, keeper=keeper
        )
        return found

    def rebind(  # noqa: PLR0913 - by keyword alone
        self, code: str, name: str, read: str, *, to: Iterable[int] = (), by: str = ARCHIVE, day: str = ""
    ) -> "Revised":
        """Bind a note, claim or link to words that a person has read.

        :param name: what `StaleBinding.name` calls it.
        :param read: the hash of the words that were read (`StaleBinding.read()`).
        :param to: the paragraphs where its words went; none: those that it names.
        :raises BadNote: it is not there, or other words stand there now.
        """
        module = import_module(REBIND)
        done: Revised = module.rebind(self.root, code, module.Answer(name, tuple(to), read), _sign(by, day))
        return done

    def set_fields(self, code: str, fields: Iterable[str], *, by: str = ARCHIVE, day: str = "") -> "Revised":
        """Set fields of a record, each written ``field=value``: never access, consent, code, schema, credibility or a hash.

        :raises BadNote: with every field that cannot be set so.
        """
        done: Revised = import_module(FIELDS).set_fields(self.root, code, fields, _sign(by, day))
        return done

    def open_record(self, code: str, consent: str, by: str, *, level: str = "public", day: str = "") -> "Revised":
        """Let a record be read by the public, or with a clearance.

        :param consent: given, published-by-witness or published-by-others.
        :param by: who has obtained or seen it.
        :raises BadNote: with everything that stands against it.
        """
        done: Revised = import_module(ACCESS).open_record(self.root, code, consent, _sign(by, day), level=level)
        self.refresh_quietly()
        return done

    def close_record(self, code: str, reason: str = "", *, by: str = ARCHIVE, day: str = "") -> "Revised":
        """Close a record to all readers.

        :raises BadNote: it is closed already.
        """
        done: Revised = import_module(ACCESS).close_record(self.root, code, reason, _sign(by, day))
        self.refresh_quietly()
        return done

    def withdraw(self, code: str, reason: str, *, by: str = ARCHIVE, day: str = "") -> "Revised":
        """Take a record back for good; readers of its citations are told so where it was public.

        :raises BadNote: it is withdrawn already.
        """
        done: Revised = import_module(ACCESS).withdraw(self.root, code, reason, _sign(by, day))
        self.refresh_quietly()
        return done

    def redact(  # noqa: PLR0913 - by keyword alone
        self,
        wanted: Reference | str,
        words: str,
        *,
        elsewhere: Mapping[str, str] | None = None,
        is_name: bool = False,
        by: str = ARCHIVE,
        day: str = "",
    ) -> "Revised":
        """Withhold words of a record, wherever they stand in the paragraphs named, or in all.

        :param elsewhere: the same words in each version in another language that says them, by its language.
        :param is_name: mask a name.
        :raises BadNote: they do not stand there, or a version would go on telling them.
        """
        module = import_module(REDACTING)
        withheld = module.Withheld(words, dict(elsewhere or {}), is_name)
        done: Revised = module.redact(self.root, _reference(wanted), withheld, _sign(by, day))
        self.refresh_quietly()
        return done

    def add_claim(self, about: Reference | str, text: str, *, by: str = ARCHIVE, day: str = "", **said: Any) -> "Revised":  # noqa: ANN401 - the fields of a claim
        """Add a claim to paragraphs of a record, bound to their words.

        :param said: status, camps, period, basis, topics and cites; see `archive.keeping._linking.ClaimGiven`.
        :raises BadNote: with everything that stands against it.
        """
        module = import_module(LINKING)
        done: Revised = module.add_claim(self.root, _reference(about), module.ClaimGiven(text, **said), _sign(by, day))
        return done

    def relate(self, own: Reference | str, kind: str, other: Reference | str, *, by: str = ARCHIVE, day: str = "") -> "Revised":
        """Say how a record stands to another one, bound to the words of the paragraphs that are named.

        :raises BadNote: with everything that stands against it.
        """
        done: Revised = import_module(LINKING).relate(self.root, _reference(own), kind, _reference(other), _sign(by, day))
        return done

    def drafted(self, code: str, *, words_alone: bool = False) -> "AbstractContextManager[Draft]":
        """Lay a record out for an editor; the copy is gone at the end.

        :param words_alone: without the header.
        """
        made: AbstractContextManager[Draft] = import_module(DRAFT).open_draft(self.root, code, words_alone=words_alone)
        return made

    def drafts(self, *, every: bool = False) -> "tuple[DraftRow, ...]":
        """Return the records that are closed and were not withdrawn, with what each still needs.

        :param every: also those that readers of any clearance may read, and those with faults.
        """
        rows: tuple[DraftRow, ...] = import_module(DRAFTS).drafts(self.root, every=every)
        return rows

    def as_kept(self, wanted: Reference | str) -> "KeptRecord":
        """Return a record as its keepers see it, whatever its access."""
        kept: KeptRecord = import_module(DRAFTS).as_kept(self.root, _reference(wanted))
        return kept

    def copies(self, revised: "Revised") -> "tuple[Copy, ...]":
        """Return where the words may lie still that a change has taken out of a record."""
        found: tuple[Copy, ...] = import_module(COPIES).copies(self.root, revised.code, revised.paths)
        return found

    def refresh_quietly(self) -> None:
        """Take words that were taken from readers out of every index; a collection without one has nothing to do."""

    def commit(self, paths: Iterable[str], message: str) -> str:
        """Make a commit of some files of the collection and of nothing else, without running what a repository brings.

        :raises CannotWrite: it cannot be made.
        """
        files = {path: (self.root / path).read_bytes() for path in paths}
        made: str = import_module(GIT).commit(self.root, files, message)
        return made


def _sign(by: str, day: str) -> Any:  # noqa: ANN401 - a room that is loaded when it is needed
    return import_module(REVISING).Signed(by, day)


def _reference(wanted: Reference | str) -> Reference:
    return reference(wanted) if isinstance(wanted, str) else wanted
