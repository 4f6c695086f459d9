"""What was asked for, in words."""

from collections.abc import Iterator
from typing import Final

from archive.authority.authorities import Authorities
from archive.formats.fields import written
from archive.language.messages import mark, tr
from archive.search.model import Filters, day
from archive.text import listed

_LABELS: Final = {
    "topic": mark("on {values}"),
    "without_topic": mark("not on {values}"),
    "kind": mark("kind {values}"),
    "connection": mark("the witness is {values}"),
    "role": mark("told by or of {values}"),
    "zone": mark("zone {values}"),
    "basis": mark("basis {values}"),
    "status": mark("claim {values}"),
    "reliability": mark("source graded {values}"),
    "flag": mark("with a caveat in force {values}"),
    "without_flag": mark("without a caveat {values}"),
    "language": mark("in the language {values}"),
    "witness": mark("by a witness named {values}"),
    "code": mark("from the record {values}"),
    "period": mark("told of the time {values}"),
    "recorded": mark("recorded or published in {values}"),
}
_LIST: Final = {"without_flag": "flag", "without_topic": "topic"}


def in_words(filters: Filters, authorities: Authorities) -> Iterator[str]:
    """Describe each filter in words, the camp first."""
    if filters.camp:
        yield tr("about {values}", values=listed([authorities.gazetteer.label(camp) for camp in filters.camp]))
    for name, label in _LABELS.items():
        values = getattr(filters, name)
        terms = _LIST.get(name, name)
        named = [authorities.vocabulary.said(terms, value) if isinstance(value, str) else written(value) for value in values]
        if named:
            yield tr(label, values=listed(named, "and" if name == "topic" and filters.all_topics else "or"))
    if filters.as_of:
        yield tr("as the public could know it on {as_of}, in today's words", as_of=day(filters.as_of))
    if filters.since:
        yield tr("new, changed or with a new caveat in the archive since {since}", since=day(filters.since))
