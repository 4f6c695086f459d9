"""What the forms of the keeper's desk share: whose they are, that each is taken once, and files that wait to be brought in."""

import contextlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from archive.archive import Archive
from archive.errors import BadNote, UsageFault
from archive.formats.pages.forms import Sent, Wrong
from archive.formats.terminal import visible
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

_BATCHES: Final = 8
"""Previews of files that are kept until they are written or the desk is closed."""


UNSEEN: Final = "unseen"
"""Among the values of a form the names of the fields out of which something was taken that cannot be seen."""
_LINES: Final = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")


def read_values(sent: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what the fields of a form hold, without signs that a page cannot give back: those that cannot be seen."""
    lines = {name: _LINES.sub("\n", value) for name, value in sent}
    values = {name: "".join(sign for sign in value if visible(sign) == sign) for name, value in lines.items()}
    return {**values, UNSEEN: " ".join(name for name in values if values[name] != lines[name])}


class Batch(NamedTuple):
    """Files that were laid out: where they lie, what the person calls each, what was said of them, and who said it."""

    laid_out: contextlib.ExitStack
    paths: list[Path]
    names: dict[str, str]
    language: str
    by: str


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
        unseen = tr("signs that cannot be seen were taken out of this; look at it, and send it again")
        cleaned = [Wrong(name, unseen) for name in values.get(UNSEEN, "").split()]
        hidden = {"token": self.token, "once": secrets.token_urlsafe(9), **hidden}
        return Sent(hidden, {"by": self._by, **values}, (*wrong, *cleaned))

    def signer(self, values: Mapping[str, str]) -> str:
        """Return who makes a change, and propose the same from now on."""
        self._by = values.get("by", "").strip() or self._by
        return self._by

    @contextlib.contextmanager
    def once(self, values: Mapping[str, str]) -> Iterator[None]:
        """Do what a form asks; where the same is sent a second time, `refuse_taken` refuses it.

        :raises BadNote: something was taken out of it that the person has not seen.
        """
        if values.get(UNSEEN):
            raise BadNote(tr("Nothing was written."))
        yield
        self._taken.add(values.get("once", ""))

    def refuse_taken(self, values: Mapping[str, str]) -> None:
        """Refuse a form that was done.

        :raises UsageFault: it was.
        """
        number = values.get("once", "")
        if not number or number in self._taken:
            raise UsageFault(tr("this form was sent already"), tr("What it asked was done; go on from the beginning."))

    def lay_out(self, archive: Archive, files: Sequence[tuple[str, bytes]], language: str, by: str) -> str:
        """Lay files out until they are brought in; returns what they are called together."""
        while len(self._batches) >= _BATCHES:
            self.take_away(next(iter(self._batches)))
        with contextlib.ExitStack() as stack:
            paths = [stack.enter_context(archive.laid_out(name, content)) for name, content in files]
            names = {str(path): name for path, (name, _) in zip(paths, files, strict=True)}
            called = secrets.token_urlsafe(9)
            self._batches[called] = Batch(stack.pop_all(), paths, names, language, by)
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
