"""A reading room that a test opens: by its application, or in a real browser on a port of this machine."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import waitress
from waitress import wasyncore

from archive.archive import Archive
from archive.record.testimony import PUBLIC, Clearance
from archive.web._app import AccessKey, Room, application, first_address
from archive.web._keeping import KeeperRoom, take_files
from archive.web._shared_archive import SharedArchive

HOST = "localhost"

PAGES = {
    "home": "/",
    "search": "/search?q=hunger",
    "records": "/records",
    "record": "/r/NKT-0001",
    "parallel": "/b/NKT-0001/ko",
    "passage": "/p/NKT-0001/3",
    "versions": "/v/NKT-0001",
    "witness": "/w/NKT-0001",
    "compare": "/compare?camp=kwalliso-15",
    "conflicts": "/conflicts",
    "conflict": "/k/conf-001",
    "coverage": "/coverage",
    "camps": "/camps",
    "camp": "/c/kwalliso-14",
    "picture": "/i/timeline/kwalliso-14",
    "topics": "/topics",
    "topic": "/t/execution",
    "sources": "/sources",
    "source": "/s/harden-2015-foreword",
    "flags": "/flags",
    "glossary": "/glossary",
    "method": "/method",
    "basket": "/basket",
}
"""A page of every kind."""


def shut(root: Path, clearance: Clearance = PUBLIC, language: str = "en") -> tuple[Any, AccessKey, SharedArchive]:
    """Return a client of a room that nobody has opened yet, with its access key."""
    shared, access_key = SharedArchive(lambda: Archive(root, clearance)), AccessKey()
    room = Room(shared, clearance, language, access_key)
    room.hosts = frozenset({HOST})
    return application(room).test_client(), access_key, shared


@contextmanager
def room(root: Path, clearance: Clearance = PUBLIC) -> Iterator[Any]:
    """Open a room, and give a client that is in it."""
    client, access_key, shared = shut(root, clearance)
    assert client.get(f"/?token={access_key.token}").status_code == 200
    yield client
    shared.close()


@contextmanager
def served(root: Path) -> Iterator[tuple[str, str]]:
    """Serve a room; gives its address, and the first address that opens it."""
    shared, access_key = SharedArchive(lambda: Archive(root)), AccessKey()
    with closing(shared), _served(Room(shared, PUBLIC, "en", access_key)) as addresses:
        yield addresses


@contextmanager
def served_desk(root: Path, language: str) -> Iterator[tuple[str, str]]:
    """Serve a keeper's desk, as `served` does a room."""
    shared, access_key = SharedArchive(lambda: Archive(root)), AccessKey()
    with closing(shared), closing(KeeperRoom(shared, PUBLIC, language, access_key)) as desk, _served(desk) as addresses:
        yield addresses


@contextmanager
def _served(opened: Room) -> Iterator[tuple[str, str]]:
    access_key, application_of_it = opened.access_key, application(opened)
    if isinstance(opened, KeeperRoom):
        take_files(application_of_it)
    connections: dict[int, Any] = {}
    server = waitress.create_server(application_of_it, map=connections, host="127.0.0.1", port=0, threads=1, ident=None)
    opened.hosts = frozenset({f"127.0.0.1:{server.effective_port}"})
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}", first_address(access_key, server.effective_port)
    finally:
        # An answer that is being written is written first. Then the thread that waits at the sockets closes them itself:
        # closed in this one, they are gone while it asks for them.
        server.task_dispatcher.shutdown(timeout=60)
        server.trigger.pull_trigger(lambda: wasyncore.close_all(connections, ignore_all=True))
        thread.join(60)
        assert not thread.is_alive()


class OpenDesk:
    """A keeper's desk that a test has opened, and the forms of its pages."""

    def __init__(self, root: Path, clearance: Clearance = PUBLIC, language: str = "en") -> None:
        """Open it, and come in."""
        self._shared, self.access_key = SharedArchive(lambda: Archive(root, clearance)), AccessKey()
        self._room = KeeperRoom(self._shared, clearance, language, self.access_key)
        self._room.hosts = frozenset({HOST})
        served = application(self._room)
        take_files(served)
        self.client: Any = served.test_client()
        assert self.client.get(f"/?token={self.access_key.token}").status_code == 200

    def form(self, path: str, number: int = 0) -> dict[str, str]:
        """Return what a form of a page holds when it is opened: hidden fields and shown ones."""
        return forms_of(self.client.get(path).text)[number]

    def send(self, path: str, form: dict[str, str], **headers: str) -> Any:
        """Send a form as a browser does."""
        return self.client.post(path, data=form, headers={"Origin": f"http://{HOST}", **headers})

    def fill(self, path: str, number: int = 0, **values: str) -> str:
        """Open a page, fill a form of it in and send it; gives the words of the page that comes."""
        answer = self.send(
            path, {**self.form(path, number), **{name.replace("__", "."): value for name, value in values.items()}}
        )
        assert answer.status_code == 200, answer.text
        return " ".join(text_of(answer.text[answer.text.index("<main") :]).split())

    def close(self) -> None:
        """Close it."""
        self._room.close()
        self._shared.close()


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[dict[str, str]] = []
        self._area = self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        if tag == "input" and has.get("type") in {"hidden", "text"}:
            self.forms[-1][has["name"]] = has.get("value", "")
        elif tag == "textarea":
            self._area = has["name"]
            self.forms[-1][self._area] = ""
        elif tag == "select":
            self._choice = has["name"]
        elif tag == "option" and ("selected" in has or self._choice not in self.forms[-1]):
            self.forms[-1][self._choice] = has["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data


def forms_of(page: str) -> list[dict[str, str]]:
    """Return the forms of a page, each with what its fields hold."""
    parser = _Forms()
    parser.feed(page)
    return parser.forms


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if tag in {"a", "link"} and name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def text_of(page: str) -> str:
    """Return the words of a page in their order."""
    parser = _Page()
    parser.feed(page)
    return "".join(parser.said)


def links_of(page: str) -> list[str]:
    """Return the pages of the room that a page leads to."""
    parser = _Page()
    parser.feed(page)
    return [each for each in dict.fromkeys(urldefrag(link).url for link in parser.links) if each.startswith("/")]


def walk(client: Any, first: str, most: int = 10_000, without: str = "\n") -> Iterator[tuple[str, Any]]:
    """Yield every address that can be reached by links, with what is answered; of facets one step only.

    :param without: what stands in no address that is asked for.
    """
    waiting, seen = [first], {first}
    while waiting and most:
        address = waiting.pop(0)
        most -= 1
        answer = client.get(address)
        yield address, answer
        if answer.mimetype == "text/html" and "?" not in address:
            for link in links_of(answer.text):
                if link not in seen and without not in link:
                    seen.add(link)
                    waiting.append(link)
