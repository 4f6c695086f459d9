"""What a child process does that reads a foreign file: it takes its limits first, then the file from its input.

Started by `archive.documents.reading` as a process of its own, with nothing of
the parent's environment. What it gives is one JSON document on its output:
what was read, or ``{"refused": why}``. A template that a person wrote is
filled in under the same limits.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any, Final

from archive import system
from archive.documents import _package, _paragraphs
from archive.documents._package import RefusedFile

MEMORY: Final = 2_000_000_000
"""Bytes of address space."""
SECONDS: Final = 60
"""Of processor time."""
_PDF: Final = "archive.documents._pdf"
_TEMPLATE: Final = "archive.documents._template"


def main(task: str, arguments: list[str]) -> None:
    """Do a task: ``run`` another program in the place of this one, ``word``, ``open-document``, ``pdf`` or ``template``."""
    system.limit_process(MEMORY, SECONDS)
    if task == "run":
        os.execv(arguments[0], arguments)  # noqa: S606 - pandoc, with arguments of ours alone
    sys.addaudithook(_refuse_network)
    content = sys.stdin.buffer.read()
    try:
        found = _read(task, content)
    except RefusedFile as refused:
        found = {"refused": str(refused)}
    sys.stdout.buffer.write(json.dumps(found).encode("ascii"))
    sys.stdout.flush()
    os._exit(0)  # what a library would do at the end does not matter any more


def _read(task: str, content: bytes) -> dict[str, Any]:
    if task == "template":
        filled: dict[str, Any] = import_module(_TEMPLATE).filled(content)
        return filled
    if task == "pdf":
        found: dict[str, Any] = import_module(_PDF).read(content)
        return found
    package = _package.opened(content)
    _package.check(package)
    return _paragraphs.of_word(package) if task == "word" else _paragraphs.of_open_document(package)


def _refuse_network(event: str, _: object) -> None:
    if event.startswith(("socket.", "urllib.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "ftplib.", "http.")):
        raise RefusedFile(event)
