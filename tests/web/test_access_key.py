"""Who may come into the room, and what is said with every answer."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import made_up
import rooms
from archive.record.testimony import RESTRICTED
from running import TOP


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One public record and one restricted."""
    shut = made_up.record(made_up.header("ZZT-0002", access={"level": "restricted"}), "Kept back.")
    return made_up.collection(tmp_path, made_up.record(made_up.header("ZZT-0001"), "Coal.", "Snow."), shut)


def test_the_first_address_opens_it_once_and_the_cookie_from_then_on(root: Path) -> None:
    """A second person with the same address finds it shut; the key is kept from scripts and from other sites."""
    client, access_key, _ = rooms.shut(root)
    assert client.get("/en/").status_code == 403
    first = client.get(f"/?token={access_key.token}")
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert access_key.token not in cookie
    assert client.get("/en/").status_code == 200
    other = client.application.test_client()
    assert other.get(f"/?token={access_key.token}").status_code == 403
    assert other.get("/?token=guessed").status_code == 403
    assert other.get("/en/").status_code == 403
    assert other.get("/style.css").status_code == 403


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "127.0.0.1:1", "", "[::1]"])
def test_a_name_that_was_pointed_here_is_refused(root: Path, host: str) -> None:
    """Also with the key: a page of another site that rebinds its own name reads nothing."""
    with rooms.room(root) as client:
        assert client.get("/en/", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/en/", "/en/search", "/style.css", "/nothing"])
def test_nothing_takes_anything_in(root: Path, method: str, path: str) -> None:
    """GET and HEAD alone."""
    with rooms.room(root) as client:
        answer = client.open(path, method=method)
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "GET, HEAD"
        assert client.head("/en/").status_code == 200


@pytest.mark.parametrize("path", ["/en/", "/en/r/ZZT-0001", "/en/r/ZZT-0001.json", "/nothing", "/style.css", "/script.js", "/"])
def test_every_answer_says_what_a_browser_may_do(root: Path, path: str) -> None:
    """Nothing from elsewhere, no script but our own, no trace in a cache or at the next site."""
    with rooms.room(root) as client:
        headers = client.get(path).headers
        policy = dict(each.strip().split(" ", 1) for each in headers["Content-Security-Policy"].split(";"))
        assert policy == {
            "default-src": "'none'",
            "style-src": "'self'",
            "script-src": "'self'",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_closed_is_answered_as_what_is_not_there(root: Path) -> None:
    """The same words but for the code; and with the clearance it is shown, and said on the page."""
    with rooms.room(root) as client:
        closed, unknown = client.get("/en/r/ZZT-0002"), client.get("/en/r/ZZT-0003")
        assert (closed.status_code, closed.text.replace("ZZT-0002", "X")) == (404, unknown.text.replace("ZZT-0003", "X"))
        assert "You see what is public." in client.get("/en/").text
    with rooms.room(root, RESTRICTED) as client:
        answer = client.get("/en/r/ZZT-0002")
        assert "Kept back." in answer.text
        assert "Clearance restricted: this shows more than is public" in answer.text


@pytest.mark.parametrize("asked", ["x=1", "camp=nowhere", "q=%28", "offset=-1", "sort=best", "q=" + "a" * 5000])
def test_what_cannot_be_asked_is_told_and_never_an_empty_answer(root: Path, asked: str) -> None:
    """With what to do about it."""
    with rooms.room(root) as client:
        answer = client.get(f"/en/search?{asked}")
        assert answer.status_code in {400, 414}
        assert "This page cannot be shown" in answer.text


@pytest.mark.parametrize(
    "path", ["/en/r/../../etc/passwd", "/xx/", "/en", "/en/r/", "/en/b/ZZT-0001", "/en/p/ZZT-0001/x", "/%00"]
)
def test_what_is_no_page_is_said_to_be_none(root: Path, path: str) -> None:
    """Never a traceback."""
    with rooms.room(root) as client:
        assert client.get(path).status_code in {400, 404}


def test_a_change_of_the_collection_is_said_on_the_next_page(root: Path) -> None:
    """And what is shown is the new state alone; afterwards nothing is said any more."""
    with rooms.room(root) as client:
        assert "was changed" not in client.get("/en/r/ZZT-0001").text
        made_up.put(root, made_up.record(made_up.header("ZZT-0001"), "Iron.", "Snow."))
        changed = client.get("/en/r/ZZT-0001").text
        assert "The collection was changed since you opened the page before this one." in changed
        assert "Iron." in changed
        assert "Coal." not in changed
        assert "was changed" not in client.get("/en/r/ZZT-0001").text


def test_closed_matter_that_changes_is_no_news(root: Path) -> None:
    """Nothing is said, and nothing differs."""
    with rooms.room(root) as client:
        before = client.get("/en/records").text
        shut = made_up.header("ZZT-0002", access={"level": "restricted"})
        made_up.put(root, made_up.record(shut, "Kept back otherwise."))
        assert client.get("/en/records").text == before


def served_by_the_command(root: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """Start the program as a person does; gives it with the address that it prints."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    started = subprocess.Popen(
        [sys.executable, "-m", "archive", "--root", str(root), "web", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=TOP,
        env=environment,
    )
    assert started.stdout is not None
    return started, started.stdout.readline().strip()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_the_address_serves_and_stops(root: Path, sent: signal.Signals) -> None:
    """One line on standard output, nothing of what is asked on either, and an end when it is told to."""
    started, address = served_by_the_command(root, "--no-browser")
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address, timeout=30) as answer:
        assert answer.status == 200
    base = address.partition("?")[0]
    with opener.open(f"{base}en/search.json?q=secretword", timeout=30) as answer:
        assert json.loads(answer.read())["query"] == "secretword"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{base}en/", timeout=30)  # noqa: S310 - our own
    started.send_signal(sent)
    rest, errors = started.communicate(timeout=30)
    assert rest == ""
    assert "secretword" not in errors
    assert "Traceback" not in errors
    assert address.startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_is_told(root: Path) -> None:
    """In one sentence."""
    started, address = served_by_the_command(root)
    port = address.split(":")[2].partition("/")[0]
    try:
        second, said = served_by_the_command(root, "--port", port)
        _, errors = second.communicate(timeout=30)
        assert (said, second.returncode) == ("", 15)
        assert errors.startswith(f"Error: nothing can listen at port {port}")
    finally:
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=30)
