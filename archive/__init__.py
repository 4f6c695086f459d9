"""Keeping testimony so that it can be found, weighed and cited.

What stands in ``__all__`` is the public interface of the package, loaded when
it is asked for; everything else may change with any release.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.errors import (
        AmbiguousFacility,
        ArchiveError,
        BadAddress,
        BadDate,
        BadManifest,
        BadNote,
        BadQuery,
        BadReference,
        BadSignature,
        BadStyle,
        BadTemplate,
        CannotOpen,
        CannotSign,
        CannotTransfer,
        CannotTypeset,
        CannotWrite,
        ClusterBusy,
        ConflictingOptions,
        DamagedIndex,
        Defect,
        EmptyCollection,
        ForeignIndex,
        IndexBusy,
        InvalidAuthorities,
        InvalidTestimony,
        MissingExtra,
        MuddledInstallation,
        NoCluster,
        NoCollection,
        RequestRefused,
        StaleSelection,
        StillChanging,
        TooBroad,
        UnknownCode,
        UnknownFacility,
        UnknownTerm,
        Unreadable,
        UnreadableDocument,
        UsageFault,
        Withdrawn,
    )

__version__: Final = "0.1.0"
__all__ = [
    "AmbiguousFacility",
    "Archive",
    "ArchiveError",
    "BadAddress",
    "BadDate",
    "BadManifest",
    "BadNote",
    "BadQuery",
    "BadReference",
    "BadSignature",
    "BadStyle",
    "BadTemplate",
    "CannotOpen",
    "CannotSign",
    "CannotTransfer",
    "CannotTypeset",
    "CannotWrite",
    "ClusterBusy",
    "ConflictingOptions",
    "DamagedIndex",
    "Defect",
    "EmptyCollection",
    "ForeignIndex",
    "IndexBusy",
    "InvalidAuthorities",
    "InvalidTestimony",
    "MissingExtra",
    "MuddledInstallation",
    "NoCluster",
    "NoCollection",
    "RequestRefused",
    "StaleSelection",
    "StillChanging",
    "TooBroad",
    "UnknownCode",
    "UnknownFacility",
    "UnknownTerm",
    "Unreadable",
    "UnreadableDocument",
    "UsageFault",
    "Withdrawn",
    "__version__",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a class
    """Load a name of the public interface."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module("archive.archive" if name == "Archive" else "archive.errors"), name)


def __dir__() -> list[str]:
    """List the public interface."""
    return sorted(__all__)
