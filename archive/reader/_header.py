"""The schema of a record's header, and the JSON Schema made from it.

Every scalar arrives as text and gets its type here. What a file must have has
no default, so that a header that was cut off fails closed. Terms, facilities,
sources and dates are checked against the authorities that the validation
context brings, so that all faults of a header come out in one pass.
"""

import json
import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import CoreSchema, core_schema

from archive import text
from archive.authority.authorities import Authorities
from archive.language.messages import tr
from archive.reader._authority_schema import Csl, Day, check_date

_CODE = r"^[A-Z]{2,5}-[0-9]{4,6}$"
_LINK = r"^[A-Z]{2,5}-[0-9]{4,6}(#p[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?)?$"
_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"


def _authorities(info: ValidationInfo) -> Authorities:
    authorities: Authorities = info.context["authorities"]  # type: ignore[index]  # always given by the reader
    return authorities


class _Controlled:
    """Marks a text as a term of a list of the vocabulary."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "vocabulary": self.name}

    def _check(self, value: str, info: ValidationInfo) -> str:
        vocabulary = _authorities(info).vocabulary
        if (self.name, value) not in vocabulary:
            # The written word is never repeated: what a keeper's command prints may be watched.
            hint = vocabulary.meant(self.name, value)
            complaint = tr("there is no {name} of that name. {hint}", name=self.name.replace("_", " "), hint=hint)
            raise ValueError(complaint)
        return value


def _facility(value: str, info: ValidationInfo) -> str:
    gazetteer = _authorities(info).gazetteer
    if value not in gazetteer:
        close = text.near(value, [facility.id for facility in gazetteer])
        hint = tr(" Did you mean {close}?", close=text.join_list(close)) if close else ""
        complaint = tr("is not in the gazetteer.{hint}", hint=hint)
        raise ValueError(complaint)
    return value


def _check_cite(value: str, info: ValidationInfo) -> str:
    authorities = _authorities(info)
    if value not in authorities.sources and value not in authorities.conflicts:
        close = text.near(value, authorities.sources)
        hint = tr(" Did you mean {close}?", close=text.join_list(close)) if close else ""
        complaint = tr("is in neither sources.yaml nor conflicts.yaml.{hint}", hint=hint)
        raise ValueError(complaint)
    return value


def _work(value: str, info: ValidationInfo) -> str:
    if value not in _authorities(info).sources:
        close = text.near(value, _authorities(info).sources)
        hint = tr(" Did you mean {close}?", close=text.join_list(close)) if close else ""
        complaint = tr("is not in sources.yaml.{hint}", hint=hint)
        raise ValueError(complaint)
    return value


def _whole_number(value: object) -> object:
    if isinstance(value, str) and value.isascii() and value.isdigit() and not value.startswith("0"):
        return int(value)
    message = tr("is not a whole number from 1 on")
    raise ValueError(message)


def _yes(value: object) -> object:
    if value == "true":
        return True
    message = tr('is "true" or is left out')
    raise ValueError(message)


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, max_length=20_000)]
Identifier = Annotated[str, StringConstraints(pattern=_ID, max_length=80)]
Code = Annotated[str, StringConstraints(pattern=_CODE)]
Link = Annotated[str, StringConstraints(pattern=_LINK)]
Language = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
Edtf = Annotated[str, AfterValidator(check_date), Field(json_schema_extra={"format": "edtf"})]
Number = Annotated[int, BeforeValidator(_whole_number)]
Camp = Annotated[str, AfterValidator(_facility), Field(json_schema_extra={"vocabulary": "camp"})]
Ref = Annotated[str, AfterValidator(_check_cite)]
Work = Annotated[str, AfterValidator(_work)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}([0-9a-f]{48})?$")]


class _Part(BaseModel):
    """A part of a header: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class TextPart(_Part):
    rendering: Annotated[str, _Controlled("rendering")]
    by: Text = ""
    of: Work = ""


class OtherName(_Part):
    text: Text
    language: Language


class WitnessPart(_Part):
    name: Text
    name_kind: Annotated[str, _Controlled("name_kind")]
    connection: Annotated[str, _Controlled("connection")]
    born: Edtf = ""
    nationality: Text = ""
    other_names: list[OtherName] = []


class CampPart(_Part):
    camp: Camp
    zone: Annotated[str, _Controlled("zone")] = ""
    period: Edtf = ""
    role: Annotated[str, _Controlled("role")] = Field("", alias="as")
    basis: Annotated[str, _Controlled("basis")] = ""


class RecordedPart(_Part):
    date: Edtf
    by: Text = ""


class FilePart(_Part):
    sha256: Sha256
    kind: Text
    imported: Day
    by: Text
    name: Text = ""
    key: Sha256 | None = None
    words: Text = ""


class SourcePart(_Part):
    ref: Work = ""
    csl: Csl | None = None
    root: Identifier = ""
    seen: Annotated[str, _Controlled("seen")] = ""
    through: Work = ""
    seen_on: Day = ""
    file: FilePart | None = None


class ConsentPart(_Part):
    status: Annotated[str, _Controlled("consent")]
    was_public: Annotated[Literal[True], BeforeValidator(_yes)] | None = None


class AccessPart(_Part):
    level: Annotated[str, _Controlled("access")]
    until: Edtf = ""


class CitePart(_Part):
    ref: Ref
    locator: Text = ""
    seen: Day = ""


class QuotePart(_Part):
    exact: Text
    prefix: str = ""
    suffix: str = ""


class AboutPart(_Part):
    paragraphs: list[Number] = []
    quote: QuotePart | None = None
    sha256: list[Sha256] = []
    record: Annotated[Literal[True], BeforeValidator(_yes)] | None = None


class _OrText:
    """Marks a part that may also be written as the text of one of its keys alone."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        def whole(value: object) -> object:
            return {self.key: value} if isinstance(value, str) else value

        return core_schema.no_info_before_validator_function(whole, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        whole = handler(schema)
        text_alone = handler.resolve_ref_schema(whole)["properties"][self.key]
        return {"anyOf": [{key: value for key, value in text_alone.items() if key != "title"}, whole]}


class LinkPart(_Part):
    ref: Link
    sha256: list[Sha256] = []


class NotePart(_Part):
    id: Identifier
    flag: Annotated[str, _Controlled("flag")]
    status: Annotated[str, _Controlled("note_status")]
    about: AboutPart
    statement: Text
    by: Text
    date: Day
    known: Edtf = ""
    information: Annotated[str, _Controlled("information")] = ""
    cites: list[CitePart] = []
    against: list[Annotated[LinkPart, _OrText("ref")]] = Field([], alias="with")
    replaces: Identifier = ""


class ReliabilityPart(_Part):
    reliability: Annotated[str, _Controlled("reliability")]
    basis: Text


class CredibilityPart(_Part):
    source: ReliabilityPart | None = None
    notes: list[NotePart] = []


class ClaimPart(_Part):
    id: Identifier
    text: Text
    paragraphs: list[Number] = Field(min_length=1)
    status: Annotated[str, _Controlled("status")]
    camps: list[Camp] | None = None
    period: Edtf = ""
    basis: Annotated[str, _Controlled("basis")] = ""
    topics: list[Annotated[str, _Controlled("topic")]] = []
    cites: list[CitePart] = []
    quote: QuotePart | None = None
    sha256: list[Sha256] = []


class HashesPart(_Part):
    theirs: list[Sha256] = []
    own: list[Sha256] = []


class RelationPart(_Part):
    type: Annotated[str, _Controlled("relation")]
    code: Link
    paragraphs: list[Number] = []
    sha256: HashesPart = HashesPart()


class ChangePart(_Part):
    date: Day
    by: Text
    change: Text


class Header(_Part):
    """A record's header. See ``docs/record-format.md``."""

    schema_version: Annotated[Literal[1], BeforeValidator(_whole_number)] = Field(alias="schema")
    code: Code
    title: Text
    kind: Annotated[str, _Controlled("kind")]
    language: Language
    original_language: Language = ""
    text: TextPart
    witness: WitnessPart
    camps: list[CampPart]
    period: Edtf = ""
    recorded: RecordedPart
    source: SourcePart
    consent: ConsentPart
    access: AccessPart
    credibility: CredibilityPart
    claims: list[ClaimPart] = []
    topics: list[Annotated[str, _Controlled("topic")]] = []
    sensitive: list[Annotated[str, _Controlled("sensitive")]] = []
    relations: list[RelationPart] = []
    history: list[ChangePart] = []


class TranslatedPart(_Part):
    origin: Language = Field(alias="from")
    by: Text
    sha256: list[Sha256] = []


class VersionTextPart(_Part):
    rendering: Annotated[str, _Controlled("rendering")]
    by: Text = ""
    of: Work = ""
    translated: TranslatedPart | None = None
    sha256: list[Sha256] = []


class _OrOnePair:
    """Marks a list of pairs that may also be written as one pair alone: ``[[3, 4], [3]]``."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        def every(value: object) -> object:
            is_one = isinstance(value, list) and all(
                isinstance(side, list) and not any(isinstance(number, list) for number in side) for side in value
            )
            return [value] if is_one and value else value

        return core_schema.no_info_before_validator_function(every, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        every = handler(schema)
        return {"anyOf": [every["items"], every]}


PairPart = Annotated[list[list[Number]], Field(min_length=2, max_length=2)]


class VersionHeader(_Part):
    """The header of a version in another language; all else is its record's. See ``docs/record-format.md``."""

    schema_version: Annotated[Literal[1], BeforeValidator(_whole_number)] = Field(alias="schema")
    code: Code
    language: Language
    text: VersionTextPart
    cites: list[CitePart] = []
    pairs: Annotated[list[PairPart], _OrOnePair()] = []


def keys() -> frozenset[str]:
    """Return every key that stands anywhere in a header."""
    parts: list[type[BaseModel]] = [Csl, *_Part.__subclasses__()]
    return frozenset(field.alias or name for part in parts for name, field in part.model_fields.items())


def json_schema(authorities: Authorities) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a header, with the terms of these authorities.

    It is for editors, which read ``date: 2015`` as a number where the reader has
    the text that was written: whatever the reader takes has to be right there.
    """
    return _schema_of(Header, authorities)


def version_json_schema(authorities: Authorities) -> dict[str, Any]:
    """Return the JSON Schema of the header of a version in another language, as `json_schema` does of a record's."""
    return _schema_of(VersionHeader, authorities)


def _schema_of(header: type[_Part], authorities: Authorities) -> dict[str, Any]:
    document = header.model_json_schema(by_alias=True)
    _name_terms(document, authorities)
    _take_numbers(document)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document}


def _name_terms(node: Any, authorities: Authorities) -> None:  # noqa: ANN401 - any part of a JSON Schema
    if isinstance(node, dict):
        name = node.pop("vocabulary", None)
        if name == "camp":
            node["enum"] = [child.id for child in authorities.gazetteer]
        elif isinstance(name, str):
            node["enum"] = [term.id for term in authorities.vocabulary.terms(name)]
        for child in node.values():
            _name_terms(child, authorities)
    elif isinstance(node, list):
        for child in node:
            _name_terms(child, authorities)


_PLAIN_SCALARS: dict[str, tuple[Any, ...]] = {
    "number": (1, 2015, 10**15, int("1" * 64), 1.5),
    "boolean": (True,),
    "null": (None,),
}
"""What an editor may read in place of a text, by type, with some that a pattern may take."""


def _take_numbers(node: Any) -> None:  # noqa: ANN401 - any part of a JSON Schema
    """Let each scalar also be what an editor reads that was written without quotation marks, and a number text."""
    if isinstance(node, list):
        for child in node:
            _take_numbers(child)
    if not isinstance(node, dict):
        return
    if "const" in node:
        node["enum"] = [node.pop("const")]
    if "enum" in node:
        node.pop("type", None)
        node["enum"] = [*node["enum"], *(other for child in node["enum"] if (other := _other_reading(child)) is not None)]
    elif node.get("type") == "integer":
        node |= {"type": ["integer", "string"], "minimum": 1, "pattern": "^[1-9][0-9]*$"}
    elif node.get("type") == "string":
        node["type"] = ["string", *_types_beside(node)]
    for name, child in node.items():
        if name not in {"enum", "default", "required"}:
            _take_numbers(child)


def _other_reading(value: object) -> object:
    """Return what an editor reads of a term without quotation marks, or the text of a number; None where it is the same."""
    if not isinstance(value, str):
        return json.dumps(value)
    try:
        read = json.loads(value)
    except ValueError:
        return None
    return read if isinstance(read, int | float) else None


def _types_beside(node: dict[str, Any]) -> list[str]:
    if node.get("format") == "edtf":
        return ["integer"]
    pattern = re.compile(node.get("pattern", ""))
    return [kind for kind, samples in _PLAIN_SCALARS.items() if any(pattern.search(json.dumps(sample)) for sample in samples)]
