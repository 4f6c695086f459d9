"""A reading room that a test opens: by its application, or in a real browser on a port of this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import waitress

from archive.archive import Archive
from archive.record.testimony import PUBLIC, Clearance
from archive.web._app import Lock, Room, application, first_address
from archive.web._desk import Desk

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


def shut(root: Path, clearance: Clearance = PUBLIC, language: str = "en") -> tuple[Any, Lock, Desk]:
    """Give a client of a room that nobody has opened yet, with its lock."""
    desk, lock = Desk(lambda: Archive(root, clearance)), Lock()
    room = Room(desk, clearance, language, lock)
    room.hosts = frozenset({HOST})
    return application(room).test_client(), lock, desk


@contextmanager
def room(root: Path, clearance: Clearance = PUBLIC) -> Iterator[Any]:
    """Open a room, and give a client that is in it."""
    client, lock, desk = shut(root, clearance)
    assert client.get(f"/?token={lock.token}").status_code == 200
    yield client
    desk.close()


@contextmanager
def served(root: Path) -> Iterator[tuple[str, str]]:
    """Serve a room; gives its address, and the first address that opens it."""
    desk, lock = Desk(lambda: Archive(root)), Lock()
    opened = Room(desk, PUBLIC, "en", lock)
    server = waitress.create_server(application(opened), host="127.0.0.1", port=0, threads=1, ident=None)
    opened.hosts = frozenset({f"127.0.0.1:{server.effective_port}"})
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}", first_address(lock, server.effective_port)
    server.close()


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
    """Give the words of a page in their order."""
    parser = _Page()
    parser.feed(page)
    return "".join(parser.said)


def links_of(page: str) -> list[str]:
    """Give the pages of the room that a page leads to."""
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
