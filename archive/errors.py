"""Every fault that this package can name, and the exit code of each.

::

    ArchiveError                     what went wrong, and what to do about it
    ├── UsageFault            2      the person asked for something that is not there
    │   ├── BadQuery                 the words cannot be read as a query
    │   ├── TooBroad                 a query that would take longer than anybody waits
    │   ├── BadDate                  not a date in EDTF
    │   ├── BadReference             not a code with a paragraph, or a number of no answer
    │   ├── StaleSelection           a passage that was chosen, and whose words are others now
    │   ├── BadManifest              not a list of hashes and paths
    │   ├── BadStyle                 no style of ours, and no file of the Citation Style Language
    │   ├── BadTemplate              a template of a dossier that cannot be filled in; says where
    │   ├── BadNote                  a note that cannot be written as asked; every reason at once
    │   ├── ConflictingOptions       options that cannot go together
    │   ├── UnknownTerm              a flag, topic, kind … that no vocabulary holds
    │   ├── UnknownFacility          a name that the gazetteer does not know
    │   ├── AmbiguousFacility        a name of several facilities
    │   ├── UnreadableDocument       a document to be verified that is no text, or not there
    │   └── UnknownCode              no record of that code, or no such paragraph
    │       ├── Withdrawn            a record that was taken back after it had been public
    │       └── Unreadable           a record that could be read once, and cannot at present
    ├── InvalidTestimony      1      a record that cannot be read; carries every fault
    ├── NoCollection         10      no folder ``testimonies`` to be found
    ├── EmptyCollection      11      the folder holds no record that may be read
    ├── InvalidAuthorities   12      a gazetteer, vocabulary or source list with faults
    ├── DamagedIndex         13      the index cannot be opened, also not after a rebuild
    ├── IndexBusy            14      another process is writing the index
    ├── CannotWrite          15      a file that was to be written could not be
    ├── StillChanging        16      a record goes on being changed while it is read
    ├── MissingExtra         17      a library that an extra brings is not installed
    ├── CannotTypeset        18      pandoc refused a document, or took too long
    ├── CannotOpen           19      a key that is none, or that does not open a sealed record
    ├── CannotTransfer       20      files that may not leave as they are; carries every reason
    ├── MuddledInstallation  21      two distributions of one library lie in one folder, and it does not work
    ├── NoCluster            22      no cluster is set, none is reached, or none that answers in full
    │   └── RequestRefused           a cluster answered, and refused what was asked of it
    │       └── ClusterBusy              it has too much to do
    ├── ForeignIndex         23      an index of a cluster that is of another collection, clearance or version
    ├── CannotSign           24      a key that cannot be read or does not sign, or what signs is not installed
    ├── BadSignature         25      no signature of what lies here, or by nobody who was named
    └── Defect               70      a fault of this program, never of the person's
"""

from typing import ClassVar, Final, NoReturn

from archive.language.messages import tr
from archive.named_tuple import NamedTuple

INSTALL_EXTRAS: Final = "pip install --require-hashes -r requirements/extras.txt"
"""The README's line, in the program's folder."""


class Fault(NamedTuple):
    """One thing wrong in one file: ``path:line: field: message``."""

    path: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return the line that editors understand."""
        return f"{self.path}:{self.line}: {self.field}: {self.message}"


class ArchiveError(Exception):
    """What went wrong (``message``) and what to do about it (``remedy``)."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep both sentences; ``remedy`` may be empty where the message says it all."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageFault(ArchiveError):
    """The person asked for something that cannot be given."""

    exit_code = 2


class BadQuery(UsageFault):
    """The words of a query cannot be read; ``place`` is the offset in code points."""

    def __init__(self, message: str, query: str, place: int, remedy: str = "") -> None:
        """Show the place under the query in the message, as compilers do."""
        start = max(0, place - 30)
        shown = "".join(c if c.isprintable() else "?" for c in query[start : place + 30])
        super().__init__(
            tr("{message}, at character {place}: {shown}", message=message, place=place + 1, shown=shown),
            remedy or tr("Use --plain to search for the words as they are."),
        )
        self.place = place


class TooBroad(UsageFault):
    """A query that would have to look into more passages one by one than anybody would wait for."""


class BadDate(UsageFault):
    """Not a date that EDTF (ISO 8601-2) knows."""


class BadReference(UsageFault):
    """Not of the form CODE, CODE#p3 or CODE#p3-5."""


class BadNote(UsageFault):
    """A credibility note that cannot be written as asked; the message has a line for each reason."""


class BadStyle(UsageFault):
    """Not the name of a style, and no file that one can be read from."""


class BadTemplate(UsageFault):
    """A template of a dossier that cannot be filled in; the message begins with its file and line."""


class StaleSelection(UsageFault):
    """A passage was chosen by its number or into the basket, and its words have changed or are not open any more."""


class BadManifest(UsageFault):
    """Not a manifest as sha256sum and BagIt write one."""


class BadAddress(UsageFault):
    """An address of a site is none, or what lies there is no edition of a collection."""


class ConflictingOptions(UsageFault):
    """Options that cannot be given together."""


class UnknownTerm(UsageFault):
    """A term that the vocabulary does not hold."""


class UnknownFacility(UsageFault):
    """A name or number that the gazetteer does not know."""


class AmbiguousFacility(UsageFault):
    """A name of several facilities; ``candidates`` are their ids in gazetteer order."""

    def __init__(self, message: str, candidates: tuple[str, ...], remedy: str = "") -> None:
        """Keep the candidates for machine output."""
        super().__init__(message, remedy)
        self.candidates = candidates


class UnreadableDocument(UsageFault):
    """A document that cannot be read as text."""


class UnknownCode(UsageFault):
    """No record of that code, or no paragraph of that number, for this reader."""

    def __init__(self, message: str, remedy: str = "", code: str = "") -> None:
        """Keep which code was asked for, "" where it is a paragraph that is not there."""
        super().__init__(message, remedy)
        self.code = code


class Withdrawn(UnknownCode):
    """A record that the witness took back after it had been public; only this much is told."""


class Unreadable(UnknownCode):
    """A record that this reader could read once, and whose file nobody can read at present."""


class Declared(NamedTuple):
    """What a header with faults says of who may read the record, "" where it cannot be told."""

    level: str = ""
    until: str = ""
    consent: str = ""
    was_public: bool = False


class InvalidTestimony(ArchiveError):
    """A record with faults, all of them, in the order of the file."""

    exit_code = 1

    def __init__(self, faults: tuple[Fault, ...], declared: Declared | None = None) -> None:
        """Take every fault that was found; the message is one line for each.

        :param declared: what it says of access and consent, as far as that can be told.
        """
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
        self.declared = declared or Declared()


class NoCollection(ArchiveError):
    """No folder of testimonies was found."""

    exit_code = 10


class EmptyCollection(ArchiveError):
    """The folder holds no record that this clearance may read."""

    exit_code = 11


class InvalidAuthorities(ArchiveError):
    """An authority file with faults, all of them."""

    exit_code = 12

    def __init__(self, faults: tuple[Fault, ...], remedy: str = "") -> None:
        """Take every fault that was found.

        :param remedy: what to do about them, where that is not to mend a file of the collection.
        """
        super().__init__("\n".join(map(str, faults)), remedy or tr("Mend the file; nothing was indexed."))
        self.faults = faults


class DamagedIndex(ArchiveError):
    """Index files that cannot be opened or that are not ours."""

    exit_code = 13


class IndexBusy(ArchiveError):
    """Another process holds the lock of the index."""

    exit_code = 14


class CannotWrite(ArchiveError):
    """A file could not be written, or is there already."""

    exit_code = 15


class StillChanging(ArchiveError):
    """A file was changed between the look at it and its reading."""

    exit_code = 16


class MissingExtra(ArchiveError):
    """A library that comes with an extra of the package is not installed."""

    exit_code = 17

    def __init__(self, message: str) -> None:
        """Take what is missing; what to do about it is the same for every extra."""
        # By no name of a package: in a registry it may be somebody else's.
        super().__init__(message, tr("The extras bring it: {line}.", line=INSTALL_EXTRAS))


class CannotTypeset(ArchiveError):
    """Pandoc could not set a document, or not in its time."""

    exit_code = 18


class CannotOpen(ArchiveError):
    """A recipient or identity that cannot be read, or that does not open a sealed record."""

    exit_code = 19


class CannotTransfer(ArchiveError):
    """Files that would take something along that readers of the clearance may not have."""

    exit_code = 20

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Take every reason that was found."""
        super().__init__("\n".join(map(str, faults)), tr("Mend the files; nothing was written."))
        self.faults = faults


class MuddledInstallation(ArchiveError):
    """A library does not work, since another distribution was written over it or took files of it away; or the program itself."""

    exit_code = 21


class NoCluster(ArchiveError):
    """No cluster is set, none is reached, or none that can answer in full.

    ``may_pass``: whether it may answer in a moment, as where a node has just gone.
    """

    exit_code = 22
    may_pass = False


class RequestRefused(NoCluster):
    """A cluster answered, and refused a request; ``status`` is of HTTP, ``kind`` the cluster's own word for why."""

    def __init__(self, message: str, remedy: str, status: int, kind: str) -> None:
        """Keep both, so that a caller can tell what is to be expected from what is not."""
        super().__init__(message, remedy)
        self.status = status
        self.kind = kind


class ClusterBusy(RequestRefused):
    """A cluster has too much to do to answer; ``seconds`` says how long it asks to be left alone, 0 where it does not say."""

    may_pass = True

    def __init__(self, message: str, remedy: str, kind: str, seconds: float = 0.0) -> None:
        """Keep how long to wait."""
        super().__init__(message, remedy, 429, kind)
        self.seconds = seconds


class ForeignIndex(ArchiveError):
    """An index of a cluster that is of another collection or clearance, or was made by another version of this program."""

    exit_code = 23


class CannotSign(ArchiveError):
    """A key that cannot be read, or that does not sign; or the program that signs and verifies is not installed."""

    exit_code = 24


class BadSignature(ArchiveError):
    """A signature that is none of the bytes that lie here, or of nobody who was named."""

    exit_code = 25


class Defect(ArchiveError):
    """An error that this program did not foresee: a mistake of ours."""

    exit_code = 70


class Ended(BaseException):
    """A signal that ends the process; like Ctrl-C it passes everything but what cleans up.

    No error of the program: ``128 + number`` is the exit code, as shells have it.
    """

    def __init__(self, number: int) -> None:
        """Keep the number of the signal."""
        super().__init__(number)
        self.number = number


def refuse_index(what: str, because: Exception | None = None) -> NoReturn:
    """Say that a part of an index is not as it was written.

    :raises DamagedIndex: always.
    """
    message = tr("the index is damaged: {what}", what=what)
    raise DamagedIndex(message, tr("`testimony index --rebuild` makes it anew.")) from because


def missing_part(error: BaseException) -> MuddledInstallation | None:
    """Return that a part of the program itself is gone, as while it is installed anew; None where an error says nothing of it."""
    if not isinstance(error, ModuleNotFoundError) or not (error.name or "").startswith("archive."):
        return None
    message = tr("a part of the program is not there: {name}", name=error.name)
    return MuddledInstallation(
        message, tr("If it is being installed at this moment, try again in a minute; else install it anew.")
    )
