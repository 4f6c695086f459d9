"""The signs and headings by which a list of hits is laid out: written by the formats, read again by `testimony verify`.

They stand by themselves, so that who only writes a list does not load what reads one.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from archive.authority.authorities import Authorities
from archive.language.messages import mark, tr
from archive.record.testimony import Testimony
from archive.text import join_list

BAR: Final = "| "
"""Stands before each line of an excerpt."""
WARNS, SPEAKS_FOR = "! ", "+ "
"""Stand before the caveats of a hit: what warns, and what speaks for it."""
CAVEATS, SOURCES = mark("CAVEATS"), mark("SOURCES")
"""The headings under which the notes stand in full, and the marks of the citations."""
CONTENT_WARNING: Final = mark("Content warning: {named}.")
"""Stands above the hits, where a record of one of them has what some readers must be warned of."""
RENDERINGS: Final[Mapping[str, str]] = {
    "summary": mark("SUMMARY"),
    "translation": mark("TRANSLATION"),
    "verbatim": mark("OWN WORDS"),
}
"""What stands after an excerpt: whose words they are."""
UPDATED: Final[Mapping[str, str]] = {
    "new": mark("new since {day}"),
    "changed": mark("changed since {day}"),
    "contested": mark("newly contested since {day}"),
    "noted": mark("newly supported since {day}"),
}
"""What stands behind who speaks, of where and when, where a day was asked for since which something has become of it
(`archive.record.updates.UPDATES`)."""


def sign(testimony: Testimony) -> str:
    """Return what stands after an excerpt: whose words they are, and of a version in another language in which."""
    whose = tr(RENDERINGS[testimony.rendering]) if testimony.rendering in RENDERINGS else ""
    return f"{whose} ({testimony.shown_in})" if whose and testimony.shown_in else whose


def warning_for(testimonies: Iterable[Testimony], authorities: Authorities) -> str:
    """Name what readers of some records must be warned of; "" where it is nothing."""
    subjects = dict.fromkeys(subject for testimony in testimonies for subject in testimony.sensitive)
    return join_list([authorities.vocabulary.said("sensitive", subject) for subject in subjects], "and")
