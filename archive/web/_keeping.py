"""The keeper's desk as a web application: a room of its own, in which forms change records.

Each form says whose it is: it carries a token that only pages of this desk
have, is sent from one of them (``Origin``), and is taken once. What it asks is
done by the methods of `Archive` that the commands of a keeper use; sealed
records are not opened, since no identity is ever given to the desk.
"""

import hmac
from typing import ClassVar, Final

import flask

from archive.archive import Archive
from archive.formats.pages import frame
from archive.formats.pages.frame import Frame
from archive.formats.pages.places import DeskLinks, Links, PagePlace
from archive.record.testimony import Clearance
from archive.web._app import Lock, Room, plain
from archive.web._desk import Desk
from archive.web._forms import Forms
from archive.web._keeping_views import VIEWS, Visit
from archive.web._views import Answer, Asking

_MOST_SENT: Final = 256 * 1024 * 1024
"""Bytes of what is sent to the desk at once, files included."""


class KeeperRoom(Room):
    """What answers one request at the desk."""

    methods: ClassVar[frozenset[str]] = frozenset({"GET", "HEAD", "POST"})
    referrers: ClassVar[str] = frame.OWN_REFERRER  # without any, browsers send "null" as where a form comes from

    def __init__(self, desk: Desk, clearance: Clearance, language: str, lock: Lock) -> None:
        """Keep what holds as long as the desk is open."""
        super().__init__(desk, clearance, language, lock)
        self.links: Links = DeskLinks(frozenset(VIEWS))
        self._forms = Forms()

    def respond(self, request: flask.Request) -> flask.Response:
        """Answer a request; what changes something must come from a page of this desk."""
        if request.method == "POST" and not self._is_ours(request):
            return plain("403", 403)
        return super().respond(request)

    def _is_ours(self, request: flask.Request) -> bool:
        is_from_here = request.host in self.hosts and request.headers.get("Origin", "") == f"http://{request.host}"
        if not is_from_here or not self.lock.opens(self.key_of(request)):
            return False
        return hmac.compare_digest(request.form.get("token", "").encode(), self._forms.token.encode())

    def _bare(self) -> Frame:
        return super()._bare()._replace(is_desk=True)

    def _frame(self, archive: Archive, place: PagePlace, seen: str, state: str) -> Frame:
        """Return what stands around a page; that something was changed is what the desk is for, and is not said."""
        del archive, place, seen, state
        return self._bare()

    def close(self) -> None:
        """Take away what was laid out for a preview."""
        self._forms.close()

    def answer(self, asking: Asking, request: flask.Request) -> Answer | None:
        """Return the page of an address; what a form asks is done first."""
        view = VIEWS.get(asking.place.kind)
        if view is None or asking.place.form or asking.place.version:
            return None
        if request.method != "POST":
            return view(Visit(self._forms, asking))
        values = {name: value.replace("\r\n", "\n") for name, value in request.form.items()}
        files = tuple((each.filename, each.read()) for each in request.files.getlist("files") if each.filename)
        return view(Visit(self._forms, asking, values, files))


def take_files(app: flask.Flask) -> None:
    """Let an application take in files, up to a size."""
    app.config["MAX_CONTENT_LENGTH"] = _MOST_SENT
    app.config["MAX_FORM_MEMORY_SIZE"] = _MOST_SENT
