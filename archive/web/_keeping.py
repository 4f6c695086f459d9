"""The keeper's desk as a web application: a room of its own, in which forms change records.

Each form says whose it is: it carries a token that only pages of this desk
have, is sent from one of them (``Origin``), and is taken once. What it asks is
done by the methods of `Archive` that the commands of a keeper use; sealed
records are not opened, since no identity is ever given to the desk.
"""

import hmac
from collections.abc import Sequence
from typing import ClassVar, Final
from urllib.parse import unquote

import flask

from archive.archive import Archive
from archive.errors import InvalidTestimony
from archive.formats.pages import frame, places
from archive.formats.pages.forms import DO, LOOK
from archive.formats.pages.frame import Frame
from archive.formats.pages.places import DeskLinks, Links, PagePlace
from archive.language.messages import speaking, tr
from archive.record.testimony import Clearance
from archive.web._app import AccessKey, Room, plain
from archive.web._forms import UNSEEN, Forms, read_values
from archive.web._keeping_views import LOOKED_AT, VIEWS, faulty
from archive.web._keeping_visit import Visit
from archive.web._shared_archive import SharedArchive
from archive.web._views import Answer, PageRequest

_OURS: Final = frozenset({"token", "once", "base", "read", "record", "name", "batch", "by", DO}) | frozenset(
    {"rendering", "name_kind", "connection", "camp", "flag", "status", "consent", "level", "sure"}
)
"""Fields in which nobody writes anything."""
_MOST_PARTS: Final = 10_000
_MOST_SENT: Final = 256 * 1024 * 1024
"""Bytes of what is sent to the desk at once, files included."""


class KeeperRoom(Room):
    """What answers one request at the desk."""

    methods: ClassVar[frozenset[str]] = frozenset({"GET", "HEAD", "POST"})
    referrers: ClassVar[str] = frame.OWN_REFERRER  # without any, browsers send "null" as where a form comes from

    def __init__(self, shared: SharedArchive, clearance: Clearance, language: str, access_key: AccessKey) -> None:
        """Keep what holds as long as the desk is open."""
        super().__init__(shared, clearance, language, access_key)
        self.links: Links = DeskLinks(frozenset(VIEWS))
        self._forms = Forms()

    def respond(self, request: flask.Request) -> flask.Response:
        """Answer a request; what changes something must come from a page of this desk."""
        if request.method != "POST":
            return super().respond(request)
        if not self._is_from_here(request):
            return plain("403", 403)
        if _is_too_much(request):
            place = places.read(unquote(request.path)[1:]) or PagePlace("home", language=self._language)
            with speaking(place.language):
                remedy = tr("Nothing was written. Send fewer files at once, or smaller ones.")
                return self._error_response(tr("this is more than the desk takes in at once"), remedy, place, 413)
        if not hmac.compare_digest(request.form.get("token", "").encode(), self._forms.token.encode()):
            return plain("403", 403)
        return super().respond(request)

    def _is_from_here(self, request: flask.Request) -> bool:
        if request.host not in self.hosts or request.headers.get("Origin", "") != f"http://{request.host}":
            return False
        return self.access_key.opens(self.key_of(request))

    def _bare(self) -> Frame:
        return super()._bare()._replace(is_desk=True)

    def _frame(self, archive: Archive, place: PagePlace, seen: str, state: str) -> Frame:
        """Return what stands around a page; that something was changed is what the desk is for, and is not said."""
        del archive, place, seen, state
        return self._bare()

    def close(self) -> None:
        """Take away what was laid out for a preview."""
        self._forms.close()

    def answer(self, page_request: PageRequest, request: flask.Request) -> Answer | None:
        """Return the page of an address; what a form asks is done first."""
        view = VIEWS.get(page_request.place.kind)
        if view is None or page_request.place.form or page_request.place.version:
            return None
        if request.method != "POST":
            visit = Visit(self._forms, page_request)
            try:
                return view(visit)
            except InvalidTestimony:
                return faulty(visit)
        values = read_values(request.form.items())
        if values.get(DO) != LOOK or page_request.place.kind not in LOOKED_AT:
            self._forms.refuse_taken(values)
        for each in request.files.getlist("files"):
            each.seek(0)  # a question is asked again where another program wrote in the middle
        files = tuple((each.filename, each.read()) for each in request.files.getlist("files") if each.filename)
        return view(Visit(self._forms, page_request, values, files))

    def _name(self, archive: Archive) -> str:
        """Return no name of a state: the desk asks the files and no index, which a collection without open records has not."""
        del archive
        return ""

    def _typed_values(self) -> Sequence[str]:
        request = flask.request
        if request.method != "POST" or _is_too_much(request):
            return ()
        values = read_values((name, value) for name, value in request.form.items() if name not in _OURS)
        return [value for name, value in values.items() if name != UNSEEN and value.strip()]


def _is_too_much(request: flask.Request) -> bool:
    most: int = flask.current_app.config["MAX_CONTENT_LENGTH"]
    return (request.content_length or 0) > most


def take_files(app: flask.Flask) -> None:
    """Let an application take in files, up to a size."""
    app.config["MAX_CONTENT_LENGTH"] = _MOST_SENT
    app.config["MAX_FORM_MEMORY_SIZE"] = _MOST_SENT
    app.config["MAX_FORM_PARTS"] = _MOST_PARTS
