"""Chromium as a reader has it, driven by a test: a page opened from a file or an address, and all that it asks for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import browser

playwright_sync = pytest.importorskip("playwright.sync_api")

_SETTINGS = ["--no-sandbox", "--disable-gpu", "--js-flags=--no-opt"]
"""No script is optimised while it runs: each page lives for a second, and its code is gone before that has paid."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a browser without a past; gives what makes fresh contexts."""
    with playwright_sync.sync_playwright() as started:
        window = started.chromium.launch(executable_path=browser.CHROMIUM, args=_SETTINGS)
        try:
            yield window
        finally:
            window.close()


@contextmanager
def page_of(window: Any, **options: Any) -> Iterator[tuple[Any, list[str], list[str]]]:
    """Open an empty page; gives it, the addresses that it asks for, and what it complains of."""
    context = window.new_context(**options)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page, asked, complaints
    finally:
        context.close()


def uri(path: Path) -> str:
    """Return the address of a file."""
    return Path(os.path.realpath(path)).as_uri()
