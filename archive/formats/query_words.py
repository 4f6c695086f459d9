"""What was asked for, in words."""

from collections.abc import Iterator
from typing import Final

from archive.authority.authorities import Authorities
from archive.language.messages import tr
from archive.search.model import Filters, Span, day
from archive.text import listed

_LABELS: Final = {
    "topic": "on",
    "kind": "kind",
    "role": "told by or of",
    "zone": "zone",
    "basis": "basis",
    "status": "claim",
    "reliability": "source graded",
    "flag": "with a caveat in force",
    "without_flag": "without a caveat",
    "language": "in the language",
    "witness": "by a witness named",
    "code": "from the record",
    "period": "told of the time",
    "recorded": "recorded or published in",
}
_LIST: Final = {"without_flag": "flag"}


def in_words(filters: Filters, authorities: Authorities) -> Iterator[str]:
    """Describe each filter in words, the camp first."""
    if filters.camp:
        yield f"about {listed([authorities.gazetteer.label(camp) for camp in filters.camp])}"
    for name, label in _LABELS.items():
        values = getattr(filters, name)
        terms = _LIST.get(name, name)
        named = [authorities.vocabulary.said(terms, each) if isinstance(each, str) else written(each) for each in values]
        if named:
            yield f"{label} {listed(named)}"
    if filters.as_of:
        yield tr("as the public could know it on {as_of}, in today's words", as_of=day(filters.as_of))


def written(value: str | Span) -> str:
    """Write a value of a filter; a period with its first and last day."""
    if isinstance(value, str):
        return value
    return f"{day(value.first)}/{day(value.last)}{(tr(' (surely within)') if value.within else '')}"
