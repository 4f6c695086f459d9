"""The files of an edition, each with its bytes: the same from the same collection, whoever makes them and when."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from archive import __version__
from archive.engine.browser import builder
from archive.errors import BadAddress
from archive.formats.pages import assets, edition, frame, heads, places
from archive.formats.pages.edition import SEARCH, SEARCH_SCRIPTS
from archive.formats.pages.frame import Frame, PageContext
from archive.formats.pages.places import EditionLinks, PagePlace
from archive.language.messages import LANGUAGES, speaking, tr
from archive.publishing import _feed as feeds
from archive.publishing import _pages as pages
from archive.publishing._source import EditionSource
from archive.record.hashing import SHORT_HASH, passage_hash
from archive.record.work import ADDRESS
from archive.search import labels
from archive.search.model import Record

ABOUT: Final = "edition.json"
"""The file by which an edition is known, with the address that it was made for."""
ARTICLES: Final = 50
"""Articles in a file; the script of the page counts with it too."""
_INDEX: Final = "index.html"


def context_of(archive: EditionSource) -> Callable[[PagePlace], PageContext]:
    """Return what gives the page of a place in an edition what it needs."""
    agreed = archive.agreed
    return lambda place: PageContext(EditionLinks(places.path(places.in_files(place)), pages.KINDS), agreed, is_edition=True)


def write(archive: EditionSource, each: pages.EditionPage, base: str) -> str:
    """Return a page as it lies in an edition.

    :param base: the address of the edition, "" where none is known.
    """
    here = context_of(archive)(each.page.place)
    at = f"{base}{places.file_name(each.page.place)}" if base else ""
    head = heads.head(each.page, here, scripts=edition.scripts_of(each.page), base=base)
    if each.testimony:
        head = heads.with_data(head, heads.describe(each.testimony, each.shown, here.authorities, at))
    return frame.write(each.page, here, Frame(coverage=archive.coverage, head=head, policy=edition.POLICY))


class EditionFiles:
    """The public pages of a collection, as files.

    :param base: the address at which they will lie; "" where none is known, so that nothing is written that needs one.
    :raises BadAddress: it is no address of a site.
    """

    def __init__(self, archive: EditionSource, base: str = "") -> None:
        """Remember what is to be published; nothing is made before it is asked for."""
        self._archive = archive
        self.base = address(base)

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name of each file, from the top of the edition with ``/``, and its bytes."""
        archive = self._archive
        search = builder.SearchFiles(archive.records(), archive.authorities)
        yield from _encode((name, assets.read(name)) for name in (places.STYLE, places.SCRIPT))
        folder = Path(builder.__file__).parent
        yield from _encode((f"{SEARCH}/{name}", (folder / name).read_text(encoding="utf-8")) for name in SEARCH_SCRIPTS)
        yield from _encode((f"{SEARCH}/{name}", content) for name, content in search.scripts())
        yield f"{SEARCH}/units.js", builder.call("U", self._places(search)).encode()
        named: list[str] = []
        for language in LANGUAGES:
            with speaking(language):
                for name, content in self._pages():
                    named.append(name)
                    yield name, content.encode()
                yield from _encode(self._articles(search))
                if self.base:
                    yield f"{language}/feed.xml", feeds.feed(archive.records(), archive.authorities, self.base).encode()
        yield from _encode(self._entrances())
        if self.base:
            yield "sitemap.xml", feeds.site_map(named, self._days(), self.base).encode()
        yield ABOUT, self._about().encode()

    def _pages(self) -> Iterator[tuple[str, str]]:
        for each in pages.every(self._archive, context_of(self._archive)):
            yield places.file_name(each.page.place), write(self._archive, each, self.base)

    def _articles(self, search: builder.SearchFiles) -> Iterator[tuple[str, str]]:
        """Yield the files of the articles that the search shows, and of what it says, in the language that is spoken."""
        archive = self._archive
        language = places.path(places.home()).rstrip("/")
        context = PageContext(EditionLinks(f"{language}/{SEARCH}", pages.KINDS), archive.agreed, is_edition=True)
        written: list[str] = []
        shown: dict[tuple[str, str], dict[int, str]] = {}
        for code, number, tag in search.units:
            own = tag == search.own_language(code)
            if (code, tag) not in shown:
                output = archive.show(code, "html", language="" if own else tag)
                shown[code, tag] = {each.hit.passage.number: edition.article(each, context) for each in output.shown}
            written.append(shown[code, tag][number])
        for first in range(0, len(written), ARTICLES):
            number = first // ARTICLES
            yield f"{language}/{SEARCH}/a{number}.js", builder.call("A", number, written[first : first + ARTICLES])
        vocabulary = archive.agreed.vocabulary
        terms = ((name, term.id) for name in labels.LISTS for term in vocabulary.terms(name))
        yield f"{language}/{SEARCH}/strings.js", builder.call("S", edition.strings(archive.agreed, terms))

    @staticmethod
    def _places(search: builder.SearchFiles) -> list[str]:
        """Return the place of each unit of the search, below the language of the frame: the basket keeps these."""
        top = places.path(places.home())
        tags = ((code, number, "" if tag == search.own_language(code) else tag) for code, number, tag in search.units)
        return [places.path(places.passage(*each)).removeprefix(top) for each in tags]

    def _entrances(self) -> Iterator[tuple[str, str]]:
        """Yield the page at the top, and one at each address that is made of a code and of the hash of words."""
        names = [(language, self._archive.agreed.name(language)) for language in LANGUAGES]
        links = [(language, f"{language}/{_INDEX}", f"{LANGUAGES[language]}: {name}") for language, name in names]
        yield _INDEX, heads.entrance(self._archive.agreed.name(), links)
        written = set[str]()
        for record in self._archive.records():
            for passage in record.passages:
                for tag, sha256 in [
                    ("", passage.sha256),
                    *((each.language, passage_hash(each.text)) for each in passage.versions),
                ]:
                    name = f"h/{passage.code}/{sha256[:SHORT_HASH]}.html"
                    if name not in written:
                        written.add(name)
                        place = places.passage(passage.code, passage.number, tag)
                        to = [
                            (language, f"../../{places.file_name(place._replace(language=language))}", LANGUAGES[language])
                            for language in LANGUAGES
                        ]
                        yield name, heads.permanent(f"{passage.code}#p{passage.number}", to)
            yield from self._past(record, written)

    def _past(self, record: Record, written: set[str]) -> Iterator[tuple[str, str]]:
        """Yield the pages at the addresses of hashes whose words have changed since."""
        code = record.testimony.code
        numbers = {passage.number for passage in record.passages}
        for past in self._archive.past_words(code):
            name = f"h/{code}/{past.sha256[:SHORT_HASH]}.html"
            if name in written:
                continue
            written.add(name)
            is_there = past.number in numbers and not past.language
            place = places.passage(code, past.number) if is_there else places.record(code, past.language)
            files = {language: f"../../{places.file_name(place._replace(language=language))}" for language in LANGUAGES}
            yield name, heads.outdated_document(f"{code}#p{past.number}", past.until, files)

    def _days(self) -> dict[str, str]:
        """Return the day of the last change of each page of a record, by the name of its file."""
        days: dict[str, str] = {}
        for record in self._archive.records():
            last = max((change.date for change in record.testimony.history), default="")
            for language in LANGUAGES:
                for version in ("", *(each.language for each in record.testimony.versions)):
                    at = [places.record(record.testimony.code, version)]
                    at += [places.passage(each.code, each.number, version) for each in record.passages]
                    days.update((places.file_name(place._replace(language=language)), last) for place in at)
        return days

    def _about(self) -> str:
        archive = self._archive
        about: dict[str, Any] = {
            "schema": 1,
            "edition": archive.agreed.name(),
            "base_url": self.base,
            "program": f"testimony-archive {__version__}",
            "testimonies": archive.coverage.searched,
            "not_written": not_written(self.base),
        }
        return json.dumps(about, ensure_ascii=False, indent=2) + "\n"


def not_written(base: str) -> list[str]:
    """Name what an edition lacks that was made for no address."""
    return [] if base else ["sitemap.xml", *(f"{language}/feed.xml" for language in LANGUAGES), "canonical"]


def address(written: str) -> str:
    """Return the address of an edition with ``/`` at its end, "" for none.

    :raises BadAddress: it is none that a page can lie at.
    """
    if not written:
        return ""
    if not ADDRESS.fullmatch(written) or any(sign in written for sign in "?#"):
        message = tr("{written!r} is no address of a site", written=written[:80])
        raise BadAddress(message, tr("Write it as https://example.org/archive/, without ? and #."))
    return f"{written.rstrip('/')}/"


def _encode(files: Iterator[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    return ((name, content.encode()) for name, content in files)
