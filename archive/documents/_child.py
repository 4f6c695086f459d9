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
from archive.documents import _letters, _package, _paragraphs
from archive.documents.model import RefusedFile

MEMORY: Final = 2_000_000_000
"""Bytes of address space."""
SECONDS: Final = 60
"""Of processor time."""
LETTERS: Final = "-letters"
_PDF: Final = "archive.documents._pdf"
_TEMPLATE: Final = "archive.documents._template"


def main(task: str, arguments: list[str]) -> None:
    """Do a task: ``run`` another program in the place of this one, ``word``, ``open-document``, ``pdf`` or ``template``.

    With ``-letters`` behind it the letters of a package are counted. A task with a
    dot is a module, whose function ``read`` takes the file and the arguments.
    """
    system.limit_process(MEMORY, SECONDS)
    if task == "run":
        os.execv(arguments[0], arguments)  # noqa: S606 - pandoc, with arguments of ours alone
    sys.addaudithook(_refuse_network)
    content = sys.stdin.buffer.read()
    try:
        found = _read(task, content, arguments)
    except RefusedFile as refused:
        found = {"refused": str(refused)}
    sys.stdout.buffer.write(json.dumps(found).encode("ascii"))
    sys.stdout.flush()
    os._exit(0)  # what a library would do at the end does not matter any more


def _read(task: str, content: bytes, arguments: list[str]) -> dict[str, Any]:
    if task == "template":
        filled: dict[str, Any] = import_module(_TEMPLATE).fill(content)
        return filled
    if task == "pdf" or "." in task:
        found: dict[str, Any] = import_module(_PDF if task == "pdf" else task).read(content, *arguments)
        return found
    package = _package.open_package(content)
    _package.check(package)
    if task.endswith(LETTERS):
        return dict(_letters.of_word(package) if task.startswith("word") else _letters.of_open_document(package))
    return _paragraphs.of_word(package) if task == "word" else _paragraphs.of_open_document(package)


def _refuse_network(event: str, _: object) -> None:
    if event.startswith(("socket.", "urllib.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "ftplib.", "http.")):
        raise RefusedFile(event)
