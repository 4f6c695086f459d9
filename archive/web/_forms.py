"""What the forms of the keeper's desk share: whose they are, that each is taken once, and files that wait to be brought in."""

import contextlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from archive.archive import Archive
from archive.errors import UsageFault
from archive.formats.pages.keeping import Sent, Wrong
from archive.formats.terminal import visible
from archive.language.messages import tr

_BATCHES: Final = 8
"""Previews of files that are kept until they are written or the desk is closed."""


class Batch(NamedTuple):
    """Files that were laid out: where they lie, what the person calls each, and what was said of them."""

    laid_out: contextlib.ExitStack
    paths: list[Path]
    names: dict[str, str]
    language: str


class Forms:
    """The forms of one desk as long as it is open; ``token`` is what only its own pages know."""

    def __init__(self) -> None:
        """Make the token."""
        self.token = secrets.token_urlsafe(32)
        self._taken: set[str] = set()
        self._by = "archive"
        self._batches: dict[str, Batch] = {}

    def form(self, values: Mapping[str, str], wrong: Sequence[Wrong] = (), **hidden: str) -> Sent:
        """Return a form to be shown: what it holds, what is wrong with it, and what makes it one of this desk."""
        shown = {"by": self._by, **{name: value for name, value in values.items() if visible(value) == value}}
        return Sent({"token": self.token, "once": secrets.token_urlsafe(9), **hidden}, shown, tuple(wrong))

    def signed(self, values: Mapping[str, str]) -> str:
        """Return who makes a change, and propose the same from now on."""
        self._by = values.get("by", "").strip() or self._by
        return self._by

    @contextlib.contextmanager
    def once(self, values: Mapping[str, str]) -> Iterator[None]:
        """Do what a form asks, which is not done again where the same is sent a second time.

        :raises UsageFault: it was sent before.
        """
        number = values.get("once", "")
        if not number or number in self._taken:
            raise UsageFault(tr("this form was sent already"), tr("What it asked was done; go on from the beginning."))
        yield
        self._taken.add(number)

    def lay_out(self, archive: Archive, files: Sequence[tuple[str, bytes]], language: str) -> str:
        """Lay files out until they are brought in; returns what they are called together."""
        while len(self._batches) >= _BATCHES:
            self.take_away(next(iter(self._batches)))
        with contextlib.ExitStack() as stack:
            paths = [stack.enter_context(archive.laid_out(name, content)) for name, content in files]
            names = {str(path): name for path, (name, _) in zip(paths, files, strict=True)}
            called = secrets.token_urlsafe(9)
            self._batches[called] = Batch(stack.pop_all(), paths, names, language)
        return called

    def batch(self, called: str) -> Batch:
        """Return files that were laid out.

        :raises UsageFault: they are gone.
        """
        if called not in self._batches:
            raise UsageFault(tr("these files are not at hand any more"), tr("Send them once more."))
        return self._batches[called]

    def take_away(self, called: str) -> None:
        """Take away what was laid out."""
        self._batches.pop(called).laid_out.close()

    def close(self) -> None:
        """Take away all that was laid out."""
        for called in list(self._batches):
            self.take_away(called)
