"""What reads an edition by itself: the feed of what is new, changed and newly doubted, and the map of the site."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from archive.authority.authorities import Authorities
from archive.formats.pages import places
from archive.formats.terminal import visible
from archive.language.messages import current_language, tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Testimony
from archive.search.model import Record

MOST_ENTRIES: Final = 100
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class FeedEntry(NamedTuple):
    """Something that has happened to a record on a day; none of its words."""

    day: str
    code: str
    place: places.PagePlace
    name: str
    title: str
    said: str


def feed(records: Iterable[Record], authorities: Authorities, base: str) -> str:
    """Return the feed in the language that is spoken, with the days that the history of the records and their caveats give.

    :param base: the address of the edition, with ``/`` at its end.
    """
    entries = sorted(_entries(records, authorities), key=lambda entry: (entry.day, entry.code, entry.name), reverse=True)[
        :MOST_ENTRIES
    ]
    here = f"{base}{current_language()}/feed.xml"
    updated = entries[0].day if entries else "1970-01-01"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{current_language()}">',
        f"<id>{_text(here)}</id>",
        f"<title>{_text(authorities.name(current_language()))}</title>",
        f'<link rel="self" href={_attribute(here)}/>',
        f"<link href={_attribute(base + places.file_name(places.home()))}/>",
        f"<updated>{updated}T00:00:00Z</updated>",
        f"<author><name>{_text(authorities.name(current_language()))}</name></author>",
    ]
    for entry in entries:
        address = base + places.file_name(entry.place)
        lines += [
            "<entry>",
            f"<id>{_text(f'{address}#{entry.name}')}</id>",
            f"<title>{_text(entry.title)}</title>",
            f"<link href={_attribute(address)}/>",
            f"<updated>{entry.day}T00:00:00Z</updated>",
            f"<summary>{_text(entry.said)}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def _entries(records: Iterable[Record], authorities: Authorities) -> Iterator[FeedEntry]:
    for record in records:
        testimony = record.testimony
        place = places.record(testimony.code)
        yield from _changes(testimony, place)
        noted: dict[tuple[str, str], list[int]] = {}
        notes = {}
        for passage in record.passages:
            for note in passage.notes:
                key = (note.origin, note.id)
                noted.setdefault(key, []).append(passage.number)
                notes[key] = note
        for key, note in notes.items():
            if not _DAY.fullmatch(note.date):
                continue
            number = noted[key][0]
            at = place if len(noted[key]) == len(record.passages) else places.passage(testimony.code, number)
            label = authorities.vocabulary.said("flag", note.flag)
            reference = testimony.code if at is place else f"{testimony.code}#p{number}"
            title = tr("{reference}: new caveat, {label}", reference=reference, label=label)
            name = f"caveat-{re.sub('[^A-Za-z0-9]+', '-', '-'.join(filter(None, key)))}"
            yield FeedEntry(
                day=note.date, code=testimony.code, place=at, name=name, title=title, said=f"{testimony.title}. {note.statement}"
            )


def _changes(testimony: Testimony, place: places.PagePlace) -> Iterator[FeedEntry]:
    code = testimony.code
    first = min((change.date for change in testimony.history), default="")
    for number, change in enumerate(testimony.history, start=1):
        if _DAY.fullmatch(change.date):
            title = tr("{code}: new", code=code) if change.date == first else tr("{code}: changed", code=code)
            yield FeedEntry(
                day=change.date,
                code=code,
                place=place,
                name=f"change-{number}",
                title=title,
                said=f"{testimony.title}. {change.change}",
            )


def site_map(names: Iterable[str], days: Mapping[str, str], base: str) -> str:
    """Return the map of the site: every page, and the day of its last change where one is known.

    :param names: of the files.
    :param days: by the name of the file.
    """
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for name in sorted(names):
        changed = f"<lastmod>{days[name]}</lastmod>" if _DAY.fullmatch(days.get(name, "")) else ""
        lines.append(f"<url><loc>{_text(base + name)}</loc>{changed}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def _text(text: str) -> str:
    return escape(visible(text))


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
