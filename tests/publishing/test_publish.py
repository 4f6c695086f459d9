"""An edition holds what is public and no byte more, is written whole or not at all, and is the same each time."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from defusedxml import ElementTree

import made_up
from archive import Archive
from archive.formats.pages import weighing
from archive.formats.registry import PICTURES
from archive.record.hashing import passage_hash
from archive.storage import atomic, site_folder
from running import ask_program
from verification_parts import git
from withheld_histories import NEW, OLD, WITHHELD, save

CANARY, HIDDEN, GONE = "Kanarienwort", "Zeisigwort", "Finkenwort"
BASE = "https://archive.example.org/testimony/"
CLOSED = {"access": {"level": "closed"}}
HISTORY = [
    {"date": "2020-01-02", "by": "archive", "change": "Made up for a test"},
    {"date": "2021-03-04", "by": "archive", "change": "A made-up change"},
]


def gathered(root: Path) -> Path:
    """Make a collection of which not all is public: a closed record, withheld words, a withdrawn record."""
    made_up.few_authorities(root)
    open_one = made_up.header(
        "ZZT-0001",
        history=HISTORY,
        credibility={"notes": [made_up.note("n1", "recanted")]},
        source={"csl": {"type": "report", "title": "A <made-up> & report"}},
    )
    made_up.put(root, made_up.record(open_one, "The coal mine <res>of Zeisigwort</res> was deep.", "Nobody came & went."))
    made_up.put(root, made_up.version("ZZT-0001", "ko", "탄광은 <res>그</res> 깊었다.", "아무도 오지 않았다."))
    closed = made_up.header("ZZT-0002", title=f"Made up for a test: {CANARY}", **CLOSED)
    closed["witness"] = {**closed["witness"], "name": CANARY}
    made_up.put(root, made_up.record(closed, f"A paragraph with {CANARY}, made up for a test."))
    withdrawn = {"consent": {"status": "withdrawn", "was_public": "true"}, "access": {"level": "closed"}}
    made_up.put(root, made_up.record(made_up.header("ZZT-0003", **withdrawn), f"A paragraph with {GONE}."))
    made_up.put(root, made_up.record(made_up.header("ZZT-0004", history=HISTORY[:1]), "Hunger in the camp.", "A second one."))
    return root


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection, which no test changes."""
    return gathered(tmp_path_factory.mktemp("laid"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A collection that a test changes."""
    return made_up.few_authorities(tmp_path)


@pytest.fixture(scope="module")
def site(laid: Path) -> Path:
    """Publish the collection for an address."""
    return published(laid, laid.parent / "site of tests", "--base-url", BASE)


def published(root: Path, target: Path, *more: str) -> Path:
    """Publish into a folder."""
    ran = ask_program(root, "publish", str(target), *more)
    assert ran.code == 0, ran.err
    return target


def pages_of(site: Path) -> list[Path]:
    """Return every page of an edition."""
    return sorted(site.rglob("*.html"))


class _Seen(HTMLParser):
    """What a page leads to, the places in it, and what its head says."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.said: list[tuple[str, str]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places.add(given.get("id", ""))
        if tag == "meta":
            self.said.append((given.get("name") or given.get("property") or "", given.get("content", "")))
        loads = given.get("src") or (given.get("href") if given.get("rel") == "stylesheet" else None)
        self.loads += [loads] if loads else []
        self.links += [given[name] for name in ("href", "src", "action") if name in given]


def test_every_link_leads_to_a_page_of_the_edition(site: Path) -> None:
    """Links are relative, so that the folder may lie anywhere, and none leads to nothing."""
    seen = {page: _Seen(page) for page in pages_of(site)}
    checked = 0
    for page, of_page in seen.items():
        for link in of_page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.is_file(), f"{page}: {link}"
            if parts.fragment and target in seen:
                assert parts.fragment in seen[target].places, f"{page}: {link}"
            checked += 1
    assert checked > 500


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """Style sheets and scripts lie in the folder; no page names one of another host, and each says so to the browser."""
    for page in pages_of(site):
        seen = _Seen(page)
        assert not [load for load in seen.loads if urlsplit(load).scheme or load.startswith("//")], page
        assert "default-src 'none'" in page.read_text(encoding="utf-8").replace("&#x27;", "'"), page


def bytes_of(site: Path) -> bytes:
    """Return all that lies in a folder, the names of the files too."""
    return b"\n".join(piece for path in sorted(site.rglob("*")) if path.is_file() for piece in (bytes(path), path.read_bytes()))


def test_nothing_of_what_is_not_public_is_in_it(site: Path, laid: Path, tmp_path: Path) -> None:
    """No word, name or code of a closed record is in any file, no withheld word, no text of a withdrawn record."""
    content = bytes_of(site)
    for word in (CANARY, HIDDEN, GONE, "ZZT-0002"):
        assert word.encode() not in content
        assert json.dumps(word.lower()).encode() not in content.lower()
    # A control that must find them: the same records, opened.
    made_up.few_authorities(tmp_path / "opened")
    for file in laid.glob("testimonies/*.md"):
        text = re.sub("</?res>", "", file.read_text(encoding="utf-8")).replace('"level": "closed"', '"level": "public"')
        text = text.replace('"status": "withdrawn", "was_public": "true"', '"status": "given"')
        made_up.put(tmp_path / "opened", text, file.name)
    opened = bytes_of(published(tmp_path / "opened", tmp_path / "site"))
    assert all(word.encode() in opened for word in (CANARY, HIDDEN, GONE, "ZZT-0002"))


def test_what_is_not_public_changes_no_byte(laid: Path, site: Path, tmp_path: Path) -> None:
    """An edition is the same whether the closed record is there or not: nothing in it counts, orders or names what is closed."""
    without = tmp_path / "without"
    shutil.copytree(laid, without, ignore=shutil.ignore_patterns("ZZT-0002*", "index"))
    assert files_of(published(without, tmp_path / "site", "--base-url", BASE)) == files_of(site)


def files_of(site: Path) -> dict[Path, bytes]:
    """Return each file of a folder."""
    return {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_a_withdrawn_code_has_a_page_that_says_so(site: Path) -> None:
    """Who follows an old citation reads that the record was withdrawn, in both languages, and nothing of it."""
    assert "ZZT-0003 was withdrawn after it had been public" in (site / "en/r/ZZT-0003.html").read_text(encoding="utf-8")
    assert "ZZT-0003" in (site / "ko/r/ZZT-0003.html").read_text(encoding="utf-8")
    assert not (site / "en/r/ZZT-0002.html").exists()


def test_the_same_collection_gives_the_same_bytes(laid: Path, site: Path, tmp_path: Path) -> None:
    """Neither the clock, nor the place, nor chance in the order of sets is in any file."""
    again = tmp_path / "again"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"}
    call = [sys.executable, "-m", "archive", "--root", str(laid), "publish", str(again), "--base-url", BASE]
    subprocess.run(call, check=True, env=environment, capture_output=True, cwd=Path(__file__).parents[2])
    assert files_of(again) == files_of(site)


def test_feed_and_map_tell_the_days_of_the_history(site: Path) -> None:
    """The feed names what is new, changed and newly doubted on the days that the records give; the map names every page."""
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring((site / "en/feed.xml").read_bytes())
    every = list(feed.iter(f"{atom}entry"))
    entries = [(each.findtext(f"{atom}updated", "")[:10], each.findtext(f"{atom}title", "")) for each in every]
    assert entries == [
        ("2021-03-04", "ZZT-0001: changed"),
        ("2020-01-02", "ZZT-0004: new"),
        ("2020-01-02", "ZZT-0001: new"),
        ("2001-02-03", "ZZT-0001: new caveat, recanted"),
    ]
    assert feed.findtext(f"{atom}updated") == "2021-03-04T00:00:00Z"
    ids = [each.findtext(f"{atom}id", "") for each in every]
    assert len(set(ids)) == len(ids)
    assert all((site / urlsplit(each).path.removeprefix("/testimony/")).is_file() for each in ids)
    of_map = ElementTree.fromstring((site / "sitemap.xml").read_bytes())
    named = {each.text or "" for each in of_map.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    shown = (page.relative_to(site) for page in pages_of(site))
    assert named == {f"{BASE}{page.as_posix()}" for page in shown if page.parts[0] in {"en", "ko"}}


def test_without_an_address_nothing_is_written_that_needs_one(laid: Path, tmp_path: Path) -> None:
    """It is said what was left out, and no page has an address of its own."""
    target = tmp_path / "site"
    told = json.loads(asked(laid, "publish", str(target), "--format", "json"))
    assert told["not_written"] == ["sitemap.xml", "en/feed.xml", "ko/feed.xml", "canonical"]
    assert (told["testimonies"], told["base_url"], told["unread"]) == (2, "", 0)
    assert not list(target.rglob("feed.xml"))
    assert b"canonical" not in (target / "en/r/ZZT-0001.html").read_bytes()


def asked(root: Path, *arguments: str, code: int = 0) -> str:
    """Run the program; gives what it prints."""
    ran = ask_program(root, *arguments)
    assert ran.code == code, ran.err
    return ran.out or ran.err


def made_by_zotero(page: Path) -> dict[str, str]:
    """Return what Zotero's translator "Embedded Metadata" makes of a page, by its rules.

    Of each name the first content counts. `citation_…` are fields, and `z:…` any field of the item, of which ``itemType`` says
    what it is. A name is parted at semicolons, at a comma with spaces on both of its sides, then at the comma, else before its
    last word; a comma at its end is taken away first.
    """
    said: dict[str, str] = {}
    for name, content in _Seen(page).said:
        said.setdefault(name, content)
    authors = re.split(r"\s*;\s*", said["citation_author"])
    parts = re.split(r"\s*,\s*", authors[0])
    assert len(authors) == 1
    assert not (len(parts) > 1 and " " in parts[0] and " " in parts[1])
    is_parted = "," in authors[0].strip(" .,/[]:") or ("," not in authors[0] and " " in authors[0])
    assert not is_parted, "nobody guesses which part of a name is the family's"
    fields = {"title": "citation_title", "date": "citation_date", "url": "citation_public_url", "language": "citation_language"}
    item = {field: said.get(name, "") for field, name in fields.items()}
    item |= {name.removeprefix("z:"): content for name, content in said.items() if name.startswith("z:")}
    kind = "report" if any(name.startswith("citation_technical") for name in said) else item["itemType"]
    return item | {"author": authors[0], "abstract": said["citation_abstract"], "type": kind}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("cited", ["ZZT-0001#p1", "ZZT-0001#p1/ko", "ZZT-0004#p2"])
def test_zotero_makes_of_a_page_the_work_that_is_cited(laid: Path, site: Path, cited: str, language: str) -> None:
    """Title with every caveat, whole name, date and mark are those of `testimony cite`, in whatever language the frame is."""
    reference, _, version = cited.partition("/")
    in_version = ["--language", version] if version else []
    lines = asked(laid, "cite", reference, *in_version, "--format", "ris").partition("ER  - ")[0].splitlines()
    ris = dict(line.split("  - ", 1) for line in lines if "  - " in line)
    name = f"{language}/p/{reference.replace('#p', '/')}{'/' if version else ''}{version}.html"
    item = made_by_zotero(site / name)
    wanted = {"title": ris["TI"], "author": ris["AU"], "shortTitle": ris["ST"], "archiveLocation": ris["AN"], "type": "book"}
    wanted |= {"language": ris["LA"], "url": f"{BASE}{name}", "date": ris["DA"].rstrip("/").replace("/", "-")}
    assert {field: item[field] for field in wanted} == wanted
    if reference == "ZZT-0001#p1":
        assert "Caveats: [recanted]" in item["title"]
        assert "[recanted]" in item["shortTitle"]
        assert "Caveats: recanted" in item["abstract"]


def test_a_head_says_how_it_is_cited_and_none_of_the_words(site: Path) -> None:
    """Programs read what it is and how it is cited; previews of links get no excerpt."""
    page = site / "en/p/ZZT-0001/1.html"
    said = dict(_Seen(page).said)
    assert said["og:title"]
    head = page.read_text(encoding="utf-8").partition("</head>")[0]
    assert "coal mine" not in head
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', head, re.DOTALL)
    assert data is not None
    document = json.loads(data[1])
    assert document["citation"] == said["citation_abstract"]
    assert document["identifier"] == "ZZT-0001#p1"


def test_an_address_of_code_and_hash_leads_to_the_passage(laid: Path, site: Path) -> None:
    """The hash of a citation names a page that leads to the words in both languages of the frame."""
    cited = json.loads(asked(laid, "cite", "ZZT-0004#p2", "--format", "json"))["citations"][0]["citation"]
    found = re.search(r"sha256:([0-9a-f]{16})", cited)
    assert found is not None
    links = _Seen(site / f"h/ZZT-0004/{found[1]}.html").links
    assert "../../en/p/ZZT-0004/2.html" in links
    assert "../../ko/p/ZZT-0004/2.html" in links


def test_each_camp_and_topic_is_compared_as_the_program_does(laid: Path, site: Path) -> None:
    """Every row stands on one of its pages, whole, and links alone lead from one to the next."""
    with Archive(laid) as archive:
        for name, of in (("topic", "hunger"), ("camp", "camp-90")):
            rows = archive.compare(**{name: [of]}).comparison.rows  # type: ignore[misc]
            pages = [site / f"en/compare/{name}/{of}.html", *(site / f"en/compare/{name}/{of}").glob("*.html")]
            assert len(pages) == max(1, -(-len(rows) // weighing.PAGE))
            said = "".join(page.read_text(encoding="utf-8") for page in pages)
            assert all(f'id="{code}-p{number}"' in said for code, number in ((row.code, row.hit.passage.number) for row in rows))
            assert "<form" not in said
    links = _Seen(site / "ko/compare.html").links
    assert {"../ko/compare/topic/hunger.html", "../ko/compare/camp/camp-90.html"} <= set(links)


def test_a_camp_leads_to_its_pictures(site: Path) -> None:
    """Each is a page of the edition, with what it shows in words."""
    links = _Seen(site / "en/c/camp-90.html").links
    for kind in PICTURES:
        assert f"../../en/i/{kind}/camp-90.html" in links
        assert (site / f"ko/i/{kind}.html").is_file()


def test_the_hash_of_words_that_were_changed_leads_to_what_stands_there_now(root: Path) -> None:
    """The page says on which day they were changed, in both languages, and leads to the passage of today."""
    git(root, "init", "--quiet")
    save(root, OLD)
    save(root, NEW)
    site = published(root, root.parent / "site of changed words")
    old, new = passage_hash(OLD)[:16], passage_hash(NEW)[:16]
    page = (site / f"h/ZZT-0001/{old}.html").read_text(encoding="utf-8")
    assert re.search(r"were changed on [0-9]{4}-[0-9]{2}-[0-9]{2}\.", page)
    assert "바뀌었습니다" in page
    assert "ZQXNAME" not in page
    links = _Seen(site / f"h/ZZT-0001/{old}.html").links
    assert {"../../en/p/ZZT-0001/1.html", "../../ko/p/ZZT-0001/1.html"} <= set(links)
    assert "were changed on" not in (site / f"h/ZZT-0001/{new}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("history", WITHHELD, ids=lambda each: each.__name__)
def test_the_hash_of_words_that_were_not_public_all_along_has_no_page(root: Path, history: Callable[[Path], None]) -> None:
    """Who has the words could else find out by their hash that they were there."""
    git(root, "init", "--quiet")
    history(root)
    site = root.parent / "site of withheld words"
    ask_program(root, "publish", str(site))  # where a record cannot be read, that is the end of its answer
    assert (site / f"h/ZZT-0001/{passage_hash(NEW)[:16]}.html").exists()
    assert not (site / f"h/ZZT-0001/{passage_hash(OLD)[:16]}.html").exists()


# Where it is written


def test_an_edition_is_written_over_an_edition_alone(root: Path) -> None:
    """An earlier edition is replaced whole, with nothing left of it; what anybody put there or changed is left alone."""
    made_up.put(root, made_up.record(made_up.header("ZZT-0001")))
    extra = made_up.put(root, made_up.record(made_up.header("ZZT-0002")))
    target = root / "site"
    published(root, target)
    extra.unlink()
    published(root, target)
    assert not (target / "en/r/ZZT-0002.html").exists()
    own = target / "CNAME"
    own.write_text("archive.example.org")
    assert "CNAME" in asked(root, "publish", str(target), code=15)
    assert own.read_text() == "archive.example.org"
    own.unlink()
    page = target / "en/index.html"
    was = page.read_bytes()
    page.write_bytes(b"changed by hand")
    assert "en/index.html" in asked(root, "publish", str(target), code=15)
    assert page.read_bytes() == b"changed by hand"
    page.write_bytes(was)
    (target / "manifest-sha256.txt.sig").write_text("a signature")
    published(root, target)
    assert not list(root.glob(".site.*"))


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen here")
def test_the_manifest_can_be_signed(root: Path) -> None:
    """With a key of SSH; the signature is verified by the command for manifests, and an edition with it is one still."""
    made_up.put(root, made_up.record(made_up.header("ZZT-0001")))
    key = root / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (root / "signers").write_text(f"made-up@example.org {(root / 'key.pub').read_text(encoding='utf-8')}", encoding="utf-8")
    target = published(root, root / "site", "--sign", str(key))
    manifest = str(target / "manifest-sha256.txt")
    assert "made-up@example.org" in asked(root, "manifest", "--verify", manifest, "--signers", str(root / "signers"))
    assert json.loads(asked(root, "publish", "--check", str(target), "--format", "json"))["extra"] == []
    asked(root, "publish", "--check", str(target), "--sign", str(key), code=2)
    published(root, target)
    assert not (target / "manifest-sha256.txt.sig").exists()


def test_nothing_else_is_written_over(root: Path) -> None:
    """Neither a folder with anything in it, a file, a link, a folder of the collection, nor the collection itself."""
    made_up.put(root, made_up.record(made_up.header("ZZT-0001")))
    mine, listed = root / "mine", root / "listed"
    mine.mkdir()
    (mine / "letter.txt").write_text("Dear")
    listed.mkdir()
    (listed / "photo.jpg").write_bytes(b"light")
    (listed / "manifest-sha256.txt").write_bytes(site_folder.to_text({"photo.jpg": "0" * 64}))
    (root / "file").write_text("x")
    (root / "link").symlink_to(mine)
    before = sorted(path for path in root.rglob("*") if "index" not in path.parts)
    for name in ("mine", "listed", "file", "link", ".", "testimonies/site", "index/site"):
        asked(root, "publish", str(root / name), code=2 if name.endswith("/site") else 15)
    assert sorted(path for path in root.rglob("*") if "index" not in path.parts) == before


def test_a_write_that_fails_leaves_the_old_edition_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full in the midst of it costs nothing that was there."""
    made_up.put(root, made_up.record(made_up.header("ZZT-0001")))
    target = published(root, root / "site")
    was = bytes_of(target)
    make, times = atomic.make, iter(range(10_000))

    def full(path: Path, mode: int | None = None) -> int:
        if next(times) > 20:
            raise OSError(28, "No space left on device")
        return make(path, mode)

    monkeypatch.setattr(atomic, "make", full)
    asked(root, "publish", str(target), code=15)
    assert bytes_of(target) == was
    assert not list(root.glob(".site.*"))


def test_only_what_is_public_can_be_published(root: Path) -> None:
    """A reader who sees more is told that an edition is for everybody."""
    made_up.put(root, made_up.record(made_up.header("ZZT-0001")))
    asked(root, "--clearance", "restricted", "publish", str(root / "site"), code=2)
    asked(root, "publish", str(root / "site"), "--base-url", "javascript:alert(1)", code=2)
    asked(root, "publish", code=2)
    assert not (root / "site").exists()


# What is out there


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; gives the address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _running(partial(Quiet, directory=str(folder))) as address:
        yield address


@contextmanager
def _running(handler: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_lies_out_there_is_held_against_the_collection(root: Path) -> None:
    """Each file that differs, is missing or lies there besides is named, of a folder and behind an address alike."""
    file = made_up.put(root, made_up.record(made_up.header("ZZT-0001"), "Hunger in the camp."))
    target = published(root, root / "site", "--base-url", BASE)
    (target / "manifest-sha256.txt.sig").write_text("a signature")
    with served(target) as address:
        for place in (str(target), address):
            told = json.loads(asked(root, "publish", "--check", place, "--format", "json"))
            assert (told["changed"], told["missing"], told["extra"], told["base_url"]) == ([], [], [], BASE)
            assert told["unchanged"] > 40
        (target / "en/index.html").write_text("changed")
        (target / "ko/index.html").unlink()
        (target / "extra.html").write_text("besides")
        for place, extra in ((str(target), ["extra.html"]), (address, [])):
            told = json.loads(asked(root, "publish", "--check", place, "--format", "json", code=1))
            assert (told["changed"], told["missing"], told["extra"]) == (["en/index.html"], ["ko/index.html"], extra)
        file.write_text(made_up.record(made_up.header("ZZT-0001"), "Hunger in another camp."), encoding="utf-8")
        printed = asked(root, "publish", "--check", address, code=1)
        assert "changed: en/p/ZZT-0001/1.html" in printed
        assert "missing: ko/index.html" in printed


def test_what_is_no_edition_is_said_to_be_none(root: Path) -> None:
    """A place with something else, with nobody, or one that leads to another host, is no edition."""
    made_up.put(root, made_up.record(made_up.header("ZZT-0001")))

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "http://localhost:9/edition.json")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    (root / "empty").mkdir()
    with served(root / "empty") as nothing, _running(Elsewhere) as elsewhere:
        for place in (str(root / "empty"), str(root / "nowhere"), nothing, elsewhere, "http://127.0.0.1:9/", "ftp://x/"):
            assert "no edition" in asked(root, "publish", "--check", place, code=2) or place == "ftp://x/"
