"""The shapes of the authority files: what an entry must have and may have, so that nothing fails at printing."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from archive.authority.gazetteer import key
from archive.language.messages import tr
from archive.record import dates

_ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def check_date(value: str) -> str:
    """Pass on a date in EDTF; pydantic makes a fault of the error."""
    try:
        dates.bounds(value)
    except dates.InvalidDate as error:
        raise ValueError(error.message) from error
    return value


def _spelling(value: str) -> str:
    if not key(value):
        message = tr("has no letter and no digit")
        raise ValueError(message)
    return value


Id = Annotated[str, StringConstraints(pattern=_ID)]
Text = Annotated[str, StringConstraints(min_length=1)]
Edtf = Annotated[str, AfterValidator(check_date)]
Day = Annotated[str, StringConstraints(pattern=_DAY), AfterValidator(check_date)]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}$")]
Decimal = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,3}(\.[0-9]+)?$")]
Label = dict[str, Text]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, defer_build=True)


class CiteShape(_Shape):
    """A source or contradiction, the place in it, and the day on which that was read."""

    ref: Id
    locator: Text = ""
    seen: Day = ""


class TermShape(_Shape):
    """An entry of a vocabulary."""

    id: Id
    label: Label
    definition: Text
    statement: Text = ""
    from_: list[Text] = Field([], alias="from")
    codes: list[dict[str, Text]] = []
    also: dict[str, list[Text]] = {}
    under: dict[str, list[Text]] = {}
    broader: list[Id] = []
    related: list[Id] = []
    only_with: list[Text] = []
    shared_with: list[Id] = []


class NameShape(_Shape):
    """A spelling; ``spelling_of`` names the place where a list holds several."""

    text: Annotated[str, AfterValidator(_spelling)]
    language: Text = ""
    system: Text = ""
    note: Text = ""
    period: Edtf = ""
    spelling_of: Text = ""


class Statement(_Shape):
    """One thing stated of a facility, by its sources; with ``rejected`` the reason why it is no fact."""

    about: Text
    text: Text
    cites: list[CiteShape] = Field(min_length=1)
    date: Edtf = ""
    conflicts: list[Id] = []
    rejected: Text = ""
    value: Text = ""
    minimum: Text = ""
    maximum: Text = ""
    measure: Text = ""
    estimator: Text = ""
    approximate: Text = ""
    county: Text = ""
    province: Text = ""
    zone: Text = ""
    operator: Text = ""


class Coordinates(_Shape):
    """The position of a camp, never of a place of execution or burial."""

    latitude: Decimal
    longitude: Decimal
    cites: list[CiteShape]


class FacilityShape(_Shape):
    """An authority record."""

    id: Id
    type: Id
    label: Label
    number: Digits = ""
    part_of: Id = ""
    names: list[NameShape] = []
    place_names: list[NameShape] = []
    statements: list[Statement] = []
    coordinates: list[Coordinates] = []
    identifiers: dict[str, Text] = {}
    not_to_be_confused_with: list[Id] = []
    conflicts: list[Id] = []


class Kind(_Shape):
    """A type of facility, a type of zone, or a term of the system."""

    id: Id
    label: Label
    names: list[NameShape] = []
    definition: Text
    operator: Text = ""
    cites: list[CiteShape] = []


class PersonShape(_Shape):
    """A name as CSL-JSON has it."""

    family: Text = ""
    given: Text = ""
    literal: Text = ""


def _check_parts(value: list[str]) -> list[str]:
    year, *rest = value
    check_date("-".join([year.zfill(4), *(part.zfill(2) for part in rest)]))
    return value


class Issued(_Shape):
    """A date as CSL-JSON has it: the parts of one day, or of the first and the last."""

    date_parts: list[Annotated[list[Digits], Field(min_length=1, max_length=3), AfterValidator(_check_parts)]] = Field(
        alias="date-parts", min_length=1
    )


class Csl(BaseModel):
    """A work in CSL-JSON fields; those that we read have their types, any other is text."""

    model_config = ConfigDict(extra="allow", populate_by_name=True, defer_build=True)
    __pydantic_extra__: dict[str, str]

    type: Text
    title: Text
    author: list[PersonShape] = []
    editor: list[PersonShape] = []
    translator: list[PersonShape] = []
    issued: Issued | None = None


class SourceShape(_Shape):
    """A work, how much of it was seen, and on which day last."""

    id: Id
    csl: Csl
    also: list[Annotated[str, AfterValidator(_spelling)]] = []
    seen: Id = ""
    seen_on: Day = ""
    seen_note: Text = ""
    citable: Id = ""
    reliability: Id = ""
    information: Id = ""
    basis: Text = ""
    note: Text = ""
    language: Text = ""


class SideShape(_Shape):
    """What one side of a contradiction says."""

    says: Text
    cites: list[CiteShape]
    date: Edtf = ""
    rejected: Text = ""


class Conflict(_Shape):
    """A contradiction that the archive keeps."""

    id: Id
    subject: Text
    kind: Text = ""
    facilities: list[Id] = []
    records: list[Text] = []
    others: list[Text] = []
    verdict: Id = ""
    severity: Text = ""
    claims: list[SideShape] = []
    note: Text = ""


class Flags(_Shape):
    """``flags.yaml``."""

    flags: list[TermShape]


class Topics(_Shape):
    """``topics.yaml``."""

    topics: list[TermShape]


class Equivalents(_Shape):
    """``equivalents.yaml``: groups of words that say the same."""

    equivalents: list[list[Text]]


class Camps(_Shape):
    """``camps.yaml``."""

    facilities: list[FacilityShape]
    types: list[Kind] = []
    zones: list[Kind] = []
    terms_of_the_system: list[Kind] = []


class Sources(_Shape):
    """``sources.yaml``."""

    sources: list[SourceShape]
    names: list[list[Annotated[str, AfterValidator(_spelling)]]] = []


class Conflicts(_Shape):
    """``conflicts.yaml``."""

    conflicts: list[Conflict]


class EditorShape(_Shape):
    """Somebody who keeps records, by the initials that stand in ``by``."""

    id: Id
    name: Text = ""
    role: Text = ""


class EditorsShape(_Shape):
    """``people.yaml``."""

    people: list[EditorShape]


class CollectionShape(_Shape):
    """``collection.yaml``."""

    name: Label
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}$")] = "NKT"
    language: Text = ""
    evidence: Label = {}
    background: list[Text] = []
    common: list[Text] = []


class TermsShape(BaseModel):
    """``terms.yaml``: any number of lists, by their names."""

    model_config = ConfigDict(extra="allow", defer_build=True)
    __pydantic_extra__: dict[str, list[TermShape]]


def _check_ring(value: str) -> str:
    corners = [tuple(map(float, corner.split(","))) for corner in value.split() if _CORNER.fullmatch(corner)]
    if len(corners) != len(value.split()) or len(corners) < _FEWEST or corners[0] != corners[-1]:
        message = tr("is no ring of corners as 126.05,39.57, of which the last is the first")
        raise ValueError(message)
    if any(abs(longitude) > 180 or abs(latitude) > 90 for longitude, latitude in corners):  # noqa: PLR2004 - of the earth
        message = tr("has a corner that is not on the earth; longitude comes first")
        raise ValueError(message)
    return value


_CORNER: Final = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]+)?,-?[0-9]{1,2}(?:\.[0-9]+)?")
_FEWEST: Final = 4


class OutlineShape(_Shape):
    """The outline of a country: where it is from, and its rings."""

    source: Text
    through: Text = ""
    licence: Text
    rings: list[Annotated[str, AfterValidator(_check_ring)]] = Field(min_length=1)


class OutlineFile(_Shape):
    """``outline.yaml``; an empty list says that there is none, as it stands in a bag of a collection that has none."""

    outline: Annotated[OutlineShape | None, BeforeValidator(lambda value: None if value == [] else value)]


FILES: dict[str, type[BaseModel]] = {
    "collection": CollectionShape,
    "terms": TermsShape,
    "flags": Flags,
    "topics": Topics,
    "equivalents": Equivalents,
    "camps": Camps,
    "sources": Sources,
    "conflicts": Conflicts,
    "outline": OutlineFile,
}
"""The shape of each authority file, by its name."""
