"""A real browser that opens a page of ours, and a server that hears whoever calls."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), "")
_QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-proxy-server",
]

_IN_USE, _TRIES = 21, 3
"""What Chromium ends with where it takes a profile for that of another, before it opens anything: now and then a new one too."""


def needs_chromium() -> pytest.MarkDecorator:
    """Skip where there is no Chromium; CI has one and says so with TESTIMONY_NEEDS_CHROMIUM."""
    missing = not CHROMIUM and not os.environ.get("TESTIMONY_NEEDS_CHROMIUM")
    return pytest.mark.skipif(missing, reason="no chromium here: apt-get install chromium")


def opened(page: Path, scratch: Path) -> str:
    """Open a file in a fresh browser without a past; gives the document as it stands after loading."""
    for number in range(_TRIES):
        done = subprocess.run(
            [
                CHROMIUM,
                *_QUIET,
                f"--user-data-dir={scratch / f'profile-{page.stem}-{number}'}",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--virtual-time-budget=3000",
                "--dump-dom",
                page.as_uri(),
            ],
            capture_output=True,
            check=False,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        if done.returncode != _IN_USE:
            break
    done.check_returncode()
    return done.stdout


class _Heard(ThreadingHTTPServer):
    calls: list[str]


class _Ear(BaseHTTPRequestHandler):
    server: _Heard

    def do_GET(self) -> None:
        self.server.calls.append(self.path)
        self.send_response(204)
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the name that the server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Listen on this machine; gives the address and the list of paths that were asked for."""
    server = _Heard(("127.0.0.1", 0), _Ear)
    server.calls = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.calls
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
