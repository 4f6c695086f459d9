"""The room as a web application: who may come in, and what is said with every answer.

It answers whoever has the key of the first link, and nobody else: another
program on this machine, or a page of another site that has a name of its own
point at this machine, is refused before anything is asked of the collection.
"""

import hmac
import secrets
from collections.abc import Sequence
from typing import ClassVar, Final
from urllib.parse import unquote

import flask

from archive.archive import Archive
from archive.errors import ArchiveError, Defect, UnknownCode, UsageFault
from archive.formats.pages import about, assets, frame, places
from archive.formats.pages.frame import Frame, PageContext
from archive.formats.pages.places import SCRIPT, STYLE, Links, PagePlace, Parameters, RoomLinks
from archive.language.messages import speaking, tr
from archive.record.testimony import Clearance
from archive.search.model import Coverage
from archive.web._shared_archive import SharedArchive
from archive.web._views import Answer, PageRequest, SentFile, answer

_KEY: Final = "key"
_SEEN: Final = "seen"
_DIGITS: Final = 16
_LONGEST: Final = 4000
"""Bytes of what is asked in an address."""
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ASSETS: Final = {STYLE: "text/css", SCRIPT: "text/javascript"}


class AccessKey:
    """The key of the room: given away once, with the first link, and kept by the browser from then on."""

    def __init__(self) -> None:
        """Make two random words: of the first link, and of the browser that opened it."""
        self.token = secrets.token_urlsafe(32)
        self._key = secrets.token_urlsafe(32)
        self._is_given = False

    def redeem(self, token: str) -> str:
        """Return the key to who has the token, the first time; "" to everybody else."""
        if self._is_given or not hmac.compare_digest(token.encode(), self.token.encode()):
            return ""
        self._is_given = True
        return self._key

    def opens(self, key: str) -> bool:
        """Return whether this is the key."""
        return hmac.compare_digest(key.encode(), self._key.encode())


class Room:
    """What answers one request; it takes nothing in.

    :param shared: the collection.
    :param clearance: with which it was opened, once and for all.
    :param language: of the first page.
    """

    methods: ClassVar[frozenset[str]] = frozenset({"GET", "HEAD"})
    referrers: ClassVar[str] = frame.NO_REFERRER

    def __init__(self, shared: SharedArchive, clearance: Clearance, language: str, access_key: AccessKey) -> None:
        """Keep what holds as long as the room is open."""
        self._shared, self._clearance, self._language, self.access_key = shared, clearance, language, access_key
        self.links: Links = RoomLinks()
        self._salt = secrets.token_bytes(32)
        self.hosts: frozenset[str] = frozenset()

    def respond(self, request: flask.Request) -> flask.Response:
        """Answer a request, whatever comes."""
        if request.method not in self.methods:
            return plain("405", 405, {"Allow": ", ".join(sorted(self.methods))})
        if request.host not in self.hosts:
            return plain("403", 403)
        token = request.args.get("token", "")
        if request.path == "/" and token:
            return self._admit(token)
        if not self.access_key.opens(self.key_of(request)):
            return plain(_SHUT, 403)
        return self._inside(request)

    def key_of(self, request: flask.Request) -> str:
        """Return the key that a browser has, "" if it has none."""
        return request.cookies.get(_KEY, "")

    def close(self) -> None:
        """Let go of what the room holds."""

    def _admit(self, token: str) -> flask.Response:
        key = self.access_key.redeem(token)
        if not key:
            return plain(_USED, 403)
        # Led on by the page itself and not by the server: a browser sends a strict cookie only where one of our own pages leads.
        first = f"/{self._language}/"
        done = flask.Response(_LED_ON.format(first=first), mimetype="text/html")
        done.set_cookie(_KEY, key, httponly=True, samesite="Strict")
        return done

    def _inside(self, request: flask.Request) -> flask.Response:
        path = unquote(request.path)[1:]
        if path in _ASSETS:
            return flask.Response(assets.read(path), mimetype=_ASSETS[path])
        if not path:
            return flask.redirect(f"/{self._language}/", 302)  # type: ignore[return-value]
        parameters = tuple((name, value) for name, value in request.args.items(multi=True) if value)
        place = places.read(path)
        if place is None or len(request.query_string) > _LONGEST:
            return self._nothing(place or PagePlace("nothing", language=self._language), parameters, 414 if place else 404)
        with speaking(place.language):
            return self._page(place._replace(parameters=parameters), request)

    def answer(self, page_request: PageRequest, request: flask.Request) -> Answer | None:
        """Return what an address leads to; None where there is nothing of its kind."""
        del request
        return answer(page_request)

    def _page(self, place: PagePlace, request: flask.Request) -> flask.Response:
        seen = request.cookies.get(_SEEN, "")

        def respond(archive: Archive) -> tuple[Answer | None, PageContext, Frame, str]:
            state = self._name(archive)
            context = PageContext(self.links, archive.agreed, state=state)
            found = self.answer(PageRequest(archive, place, place.parameters, context), request)
            return found, context, self._frame(archive, place, seen, state), state

        try:
            found, context, around, state = self._shared.ask(respond)
        except ArchiveError as error:
            return self._trouble(error, place)
        except Exception as error:  # noqa: BLE001 - the last resort: a person never sees a traceback, nor words that it may hold
            return self._trouble(Defect(type(error).__name__, tr("This is a fault of the program, not yours.")), place)
        if found is None:
            return self._nothing(place, place.parameters, 404)
        if isinstance(found, SentFile):
            return _file(found)
        done = flask.Response(frame.write(found, context, around), mimetype="text/html")
        done.set_cookie(_SEEN, state, httponly=True, samesite="Strict")
        return done

    def _name(self, archive: Archive) -> str:
        """Return a name of the state of the collection that says nothing of what is in it: it holds for this room alone."""
        return hmac.digest(self._salt, archive.state.encode(), "sha256").hex()[:_DIGITS]

    def _frame(self, archive: Archive, place: PagePlace, seen: str, state: str) -> Frame:
        """Return what stands around a page; that the collection was changed since the last one is said first."""
        before = dict(place.parameters).get("state", seen)
        notice = ""
        if before and before != state:
            notice = tr(
                "The collection was changed since you opened the page before this one. "
                "What you read there may read otherwise now; this page is of the collection as it is."
            )
        return self._bare()._replace(coverage=archive.coverage, notice=notice)

    def _typed_values(self) -> Sequence[str]:
        """Return what a person had written into a form, to be given back where a page cannot be."""
        return ()

    def _bare(self) -> Frame:
        """Return what stands around a page that says nothing of the collection."""
        return Frame(self._clearance, Coverage(0, 0))

    def _nothing(self, place: PagePlace, parameters: Parameters, code: int) -> flask.Response:
        with speaking(place.language or self._language):
            message = tr("There is no such page here.") if code == _NOT_FOUND else tr("This is too long to be asked.")
            return self._error_response(message, "", place._replace(parameters=parameters if code == _NOT_FOUND else ()), code)

    def _trouble(self, error: ArchiveError, place: PagePlace) -> flask.Response:
        code = _NOT_FOUND if isinstance(error, UnknownCode) else 400 if isinstance(error, UsageFault) else 500
        return self._error_response(error.message, error.remedy, place, code)

    def _error_response(self, message: str, remedy: str, place: PagePlace, code: int) -> flask.Response:
        """Say what went wrong on a page of its own; where the collection cannot even be opened, without its name."""
        try:
            page = self._shared.ask(lambda archive: self._error_page(message, remedy, place, archive))
        except ArchiveError:
            return plain(f"{message}\n{remedy}", code)
        return flask.Response(page, status=code, mimetype="text/html")

    def _error_page(self, message: str, remedy: str, place: PagePlace, archive: Archive) -> str:
        context = PageContext(self.links, archive.agreed)
        again = PagePlace("search", parameters=place.parameters) if place.kind == "search" else PagePlace("home")
        page = about.trouble(message, remedy, again, context, self._typed_values())
        return frame.write(page, context, self._bare())


_LED_ON: Final = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={first}"><title>…</title></head>
<body><main><p><a href="{first}">{first}</a></p></main></body></html>
"""
_NOT_FOUND: Final = 404
_SHUT: Final = "This room is shut. Open it with the address that the command printed.\n"
_USED: Final = "This address was used already. Close the room and open it anew: testimony web\n"


def application(room: Room) -> flask.Flask:
    """Return the application of a room."""
    app = flask.Flask("archive.web", static_folder=None)

    @app.before_request
    def respond() -> flask.Response:
        return room.respond(flask.request)

    @app.after_request
    def guard(response: flask.Response) -> flask.Response:
        for name, value in _HEADERS.items():
            response.headers[name] = value
        response.headers["Referrer-Policy"] = room.referrers
        return response

    return app


def plain(text: str, code: int, headers: dict[str, str] | None = None) -> flask.Response:
    """Return an answer that is a line of text."""
    return flask.Response(text, status=code, headers=headers, mimetype="text/plain")


def _file(file: SentFile) -> flask.Response:
    done = flask.Response(file.content, mimetype=file.kind)
    if file.name:
        done.headers.set("Content-Disposition", "attachment", filename=file.name)
    return done


def first_address(access_key: AccessKey, port: int) -> str:
    """Return the address that opens the room."""
    return f"http://127.0.0.1:{port}/?token={access_key.token}"
