"""ELAN annotations (.eaf): the tiers of speech in the order of their times, and tiers of translation as a version of them.

What a tier is, is told by its place among the others, its type and its words; a
person who knows better says so (``--tier``). The files that it names are never
opened, and the names of its speakers and makers come in as speakers alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from archive.documents import xml
from archive.documents.model import count_letters
from archive.documents.reading import refusal
from archive.documents.xml import XmlNode
from archive.keeping.importing._model import LeftOut, Part, SourceText
from archive.keeping.importing._registry import Options
from archive.keeping.importing._times import format_time
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple

SPEECH, LEAVE, TRANSLATION = "speech", "leave", "translation:"
"""What a tier can be said to be; the last with a language behind it."""
TIERS: Final = mark("annotations of other tiers: {tiers}")
OTHERS: Final = mark("annotations of other tiers")
WITHOUT_LANGUAGE: Final = mark(
    "the tier {tier!r} may be a translation, and does not say into which language: give --tier {tier!r}=translation:LANGUAGE"
)
_TRANSLATION: Final = re.compile(
    r"\b(?:ft|fg|fe|free|gloss libre)\b|transl|[Üü]bersetz|tradu|перевод|번역|翻訳|译", re.IGNORECASE
)
_NO_SPEECH: Final = re.compile(
    r"comment|gloss|morph|gramm|\bps\b|\bpos\b|gest|\bnt\b|note|ref|token|word|\bid\b|GRAID|Kommentar", re.IGNORECASE
)
_LETTERS_OF_ANOTHER: Final = 1.3  # times those of the first tier, from which on another one holds the speech
_TWO_LETTERS: Final = {"eng": "en", "kor": "ko", "deu": "de", "fra": "fr", "rus": "ru", "jpn": "ja", "zho": "zh", "spa": "es"}
_WITH_TIMES: Final = 1000.0  # milliseconds
_NUMBER: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")


class _Annotation(NamedTuple):
    id: str
    above: str
    start: float
    text: str


class _Tier(NamedTuple):
    name: str
    above: str
    kind: str
    speaker: str
    language: str
    annotations: tuple[_Annotation, ...]

    @property
    def letters(self) -> int:
        return sum(count_letters(each.text) for each in self.annotations)


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the one text of a file. See `archive.keeping.importing._registry.Reader`."""
    top = xml.parse(content, name)
    if top.name != "ANNOTATION_DOCUMENT":
        raise refusal(name, tr("it is no file of ELAN"))
    tiers = {tier.name: tier for tier in _tiers(top)}
    reading = _TierReading(tiers, dict(options.tiers))
    parts, versions = reading.texts()
    taken = {tier.name for tier in (*reading.speech, *reading.translations)}
    others = [tier for tier in tiers.values() if tier.name not in taken and tier.letters]
    left_out = []
    if others:
        number = sum(len(tier.annotations) for tier in others)
        left_out.append(LeftOut(OTHERS, number, sum(tier.letters for tier in others)))
        reading.warnings.append((TIERS, {"tiers": ", ".join(tier.name for tier in others)}))
    letters = sum(count_letters(node.text) for node in top.all("ANNOTATION_VALUE"))
    urn = next((node.text.strip() for node in top.all("PROPERTY") if node.get("NAME") == "URN"), "")
    return [
        SourceText(
            parts,
            letters,
            left_out=tuple(left_out),
            key=urn,
            language=next((tier.language for tier in reading.speech if tier.language), ""),
            versions=versions,
            warnings=tuple(reading.warnings),
        )
    ]


def _tiers(top: XmlNode) -> Iterator[_Tier]:
    slots = {node.get("TIME_SLOT_ID"): _milliseconds(node.get("TIME_VALUE")) for node in top.all("TIME_SLOT")}
    for node in (each for each in top.nodes if each.name == "TIER"):
        annotations = []
        for each in node.all("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"):
            above = each.get("ANNOTATION_REF")
            start = slots.get(each.get("TIME_SLOT_REF1"), -1.0)
            annotations.append(_Annotation(each.get("ANNOTATION_ID"), above, start, each.first("ANNOTATION_VALUE").text))
        kind = node.get("LINGUISTIC_TYPE_REF")
        language = node.get("LANG_REF")
        yield _Tier(
            name=node.get("TIER_ID"),
            above=node.get("PARENT_REF"),
            kind=kind,
            speaker=node.get("PARTICIPANT"),
            language=_TWO_LETTERS.get(language, language),
            annotations=tuple(annotations),
        )


def _milliseconds(written: str) -> float:
    """Return when a slot is, less than 0 where that is not said."""
    return float(written) if _NUMBER.fullmatch(written) else -1.0


class _TierReading:
    """Which tiers are speech, which are translations of it, and what they say."""

    def __init__(self, tiers: Mapping[str, _Tier], said: Mapping[str, str]) -> None:
        self._tiers, self._said = tiers, said
        self._by_id = {each.id: each for tier in tiers.values() for each in tier.annotations}
        self.warnings: list[tuple[str, dict[str, Any]]] = []
        self.speech = [tier for tier in tiers.values() if said.get(tier.name) == SPEECH] or list(self._speech())
        self.translations = list(self._translations())

    def _speech(self) -> Iterator[_Tier]:
        """Yield the tiers of speech: of each tier that hangs on no other, itself, or the one on it that has most words."""
        tops = [tier for tier in self._tiers.values() if not tier.above and self._said.get(tier.name) != LEAVE]
        spoken = [tier for tier in tops if tier.speaker] or sorted(tops, key=lambda tier: -tier.letters)[:1]
        for top in spoken:
            hanging = [
                tier
                for tier in self._tiers.values()
                if tier.above == top.name
                and tier.name not in self._said
                and not _TRANSLATION.search(f"{tier.kind} {tier.name}")
                and not _NO_SPEECH.search(f"{tier.kind} {tier.name}".replace("_", " "))
            ]
            best = max(hanging, key=lambda tier: tier.letters, default=top)
            yield best if best.letters > _LETTERS_OF_ANOTHER * top.letters else top

    def _translations(self) -> Iterator[_Tier]:
        tops = {tier.name for tier in self.speech} | {tier.above for tier in self.speech}
        for tier in self._tiers.values():
            told_as = self._said.get(tier.name, "")
            if told_as.startswith(TRANSLATION):
                yield tier._replace(language=told_as.removeprefix(TRANSLATION))
            elif not told_as and tier.above in tops and tier not in self.speech and tier.letters:
                if not _TRANSLATION.search(f"{tier.kind} {tier.name}".replace("_", " ")):
                    continue
                if tier.language and tier.language != self.speech[0].language:
                    yield tier
                else:
                    self.warnings.append((WITHOUT_LANGUAGE, {"tier": tier.name}))

    def texts(self) -> tuple[tuple[Part, ...], dict[str, tuple[Part, ...]]]:
        """Return the paragraphs of speech by their times, and the same in each language of a translation."""
        every = [
            (self._start(each), tier.speaker, each) for tier in self.speech for each in tier.annotations if each.text.strip()
        ]
        every.sort(key=lambda one: one[0])
        parts = tuple(
            Part(each.text, format_time(start / _WITH_TIMES) if start >= 0 else "", speaker) for start, speaker, each in every
        )
        versions: dict[str, tuple[Part, ...]] = {}
        for language in dict.fromkeys(tier.language for tier in self.translations):
            own = [tier for tier in self.translations if tier.language == language]
            words = self._beside([each for _, _, each in every], own)
            versions[language] = tuple(part._replace(text=text, place="") for part, text in zip(parts, words, strict=True))
        return parts, versions

    def _beside(self, spoken: Sequence[_Annotation], tiers: Sequence[_Tier]) -> list[str]:
        """Return for each annotation of speech the words that hang on it, or on what it hangs on itself."""
        words: dict[str, str] = {}
        for each in (each for tier in tiers for each in tier.annotations):
            words[each.above] = f"{words.get(each.above, '')} {each.text}".strip()
        starts = {self._start(each): each.id for tier in self._tiers.values() if not tier.above for each in tier.annotations}
        found = []
        for each in spoken:
            own = next((key for key in (each.id, each.above, starts.get(self._start(each), "")) if key and key in words), "")
            found.append(words.pop(own, "") if own else "")
        if words and found:  # what hangs on an annotation without words goes with the last one before it
            found[-1] = " ".join(filter(None, (found[-1], *words.values())))
        return found

    def _start(self, annotation: _Annotation) -> float:
        """Return when an annotation begins: as it says, or as what it hangs on says."""
        seen = set[str]()
        while annotation.start < 0 and annotation.above in self._by_id and annotation.id not in seen:
            seen.add(annotation.id)
            annotation = self._by_id[annotation.above]
        return annotation.start
