"""The basket of a person: which passages are in it, what is in force at each, and which are not what they were."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from archive.authority.authorities import Authorities
from archive.citing.excerpt import Excerpt, RenderedHit
from archive.citing.selection import CheckedPassage
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.terminal import visible, wrap
from archive.formats.text import brief_list
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.hashing import LONG_HASH
from archive.search.model import Hit
from archive.text import count_of, program


class Cutter(Protocol):
    """What is asked of the archive."""

    @property
    def agreed(self) -> Authorities:
        """Return what the archive has agreed on."""

    def cut(self, hit: Hit, *, digits: int, in_full: bool) -> Excerpt:
        """Cut the excerpt of a hit."""


class BasketContent(NamedTuple):
    """What is in a basket, each with the passage that it is today, None where its words are not there any more."""

    every: tuple[tuple[CheckedPassage, RenderedHit | None], ...]
    authorities: Authorities


def render(every: Iterable[CheckedPassage], archive: Cutter) -> BasketContent:
    """Return what is in a basket with the caveats in force at each passage."""
    pairs = tuple(
        (checked, RenderedHit(checked.hit, archive.cut(checked.hit, digits=LONG_HASH, in_full=True)) if checked.hit else None)
        for checked in every
    )
    return BasketContent(pairs, archive.agreed)


def text(content: BasketContent, columns: int) -> Iterator[str]:
    """Write a basket for a person: two lines a passage, without any words of a testimony."""
    for number, (checked, shown) in enumerate(content.every, start=1):
        if shown is None:
            said = tr("{reference}: {reason}; it is not used any more", reference=checked.kept.reference, reason=checked.reason)
            yield from wrap(visible(f"{number}  {said}"), columns, "", "   ")
        else:
            yield from brief_list.hit(number, shown, content.authorities, columns)
    if not content.every:
        yield tr("The basket is empty.")
        return
    yield ""
    yield from wrap(tr("{passages} in the basket.", passages=count_of(len(content.every), "passage", "passages")), columns)
    yield from wrap(f"{program()} cite --basket", columns)
    dossier = [program(), "dossier", "--basket", "--output", "report.docx"]
    yield from wrap(" ".join(dossier), columns)


def document(content: BasketContent) -> Iterator[str]:
    """Write a basket as JSON."""
    return lines(
        {
            "schema": fields.SCHEMA,
            "basket": [
                {
                    "number": number,
                    "reference": str(checked.kept.reference),
                    "day": checked.kept.day,
                    "sha256": checked.kept.sha256,
                    "usable": shown is not None,
                    "reason": checked.reason or None,
                    "now": f"{shown.hit.passage.code}#p{shown.hit.passage.number}" if shown else None,
                    "witness": shown.hit.testimony.witness.name if shown else None,
                    "flags": list(shown.hit.passage.flags) if shown else [],
                    "citation": shown.excerpt.citation if shown else None,
                }
                for number, (checked, shown) in enumerate(content.every, start=1)
            ],
        }
    )
