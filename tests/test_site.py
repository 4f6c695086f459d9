"""The documentation site: built without a warning, asking nobody, with every page in its place."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from running import TOP

pytest.importorskip("sphinx", reason="the documentation site needs the extra dev")

DOCS = TOP / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `nox -s docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "-n", "-q", "-b", "html", str(DOCS), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP)
    assert done.returncode == 0, done.stderr
    return folder


def loads(page: str) -> list[str]:
    """Return every address that a browser asks for by itself when it opens a page."""
    tags = re.findall(r"<(?:script|img|iframe|source|audio|video)\b[^>]*?\bsrc=\"([^\"]+)\"", page)
    tags += re.findall(r"<link\b(?![^>]*rel=\"(?:canonical|next|prev|index|search)\")[^>]*?\bhref=\"([^\"]+)\"", page)
    return tags + re.findall(r"url\(([^)]+)\)|@import\s+\"([^\"]+)\"", page)


def test_no_page_asks_the_network(site: Path) -> None:
    """Scripts, styles and pictures all lie in the folder."""
    pages = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(pages) > 20
    for page in pages:
        for address in loads(page.read_text(encoding="utf-8")):
            assert not re.match(r"(?:https?:)?//", "".join(address).strip("'\"")), f"{page.name}: {address}"


def test_the_look_at_addresses_sees_one() -> None:
    """The control: a page that loads from elsewhere is seen."""
    assert loads('<script src="https://example.org/x.js"></script>') == ["https://example.org/x.js"]
    assert loads('<link rel="stylesheet" href="//example.org/x.css">') == ["//example.org/x.css"]


def test_every_page_is_in_both_lists() -> None:
    """What lies in `docs/` is on the page for readers of the repository and in the contents of the site."""
    listed = set(re.findall(r"\]\(([\w-]+)\.md\)", (DOCS / "README.md").read_text(encoding="utf-8")))
    contents = set(re.findall(r"^([\w/-]+)$", (DOCS / "index.md").read_text(encoding="utf-8"), re.MULTILINE))
    pages = {page.stem for page in DOCS.glob("*.md")} - {"README", "index"}
    assert listed == pages
    assert contents == pages | {f"adr/{page.stem}" for page in (DOCS / "adr").glob("*.md")}
