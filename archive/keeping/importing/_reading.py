"""Reading one file that a person brings in, whatever its kind."""

from pathlib import Path

from archive.documents.reading import refusal
from archive.keeping._bibliographies import is_bibliography
from archive.keeping.importing import _registry as registry
from archive.keeping.importing._model import SourceText
from archive.language.messages import tr
from archive.storage import atomic


def read_file(file: Path, options: registry.Options) -> tuple[registry.FileKind, bytes, list[SourceText]]:
    """Return the kind of a file, its bytes and its texts.

    :raises UnreadableDocument: it cannot be read, is empty, damaged, too large, or of a kind that nothing reads.
    :raises MissingExtra: what reads it is not installed.
    """
    try:
        content = atomic.read_regular(file, registry.MOST_BYTES + 1)
    except OSError as error:
        raise refusal(file.name, tr("it cannot be read: {reason}", reason=error.strerror or error)) from error
    kind = registry.kind_of(content, file.name)
    if kind is None and is_bibliography(content):
        why = tr("it is a list of works, which `testimony authority import {name}` takes over", name=file.name)
        raise refusal(file.name, why)
    if kind is None or not content:
        raise refusal(file.name, tr("nothing here reads a file of this kind") if content else tr("it is empty"))
    return kind, content, kind.read(content, file.name, options)
