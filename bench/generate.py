"""Make a collection of any size, the same for the same seed: nothing in it is real, and each record says so.

    python bench/generate.py FOLDER [TESTIMONIES] [SEED]

A testimony has 40 paragraphs of 80 words; the words follow Zipf's law, as
those of a language do. One record in eight is in Korean. Every header field
is there, with claims on single paragraphs and notes that reach other records.
"""

import itertools
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

PARAGRAPHS: Final = 40
WORDS: Final = 80
_VOCABULARY: Final = 60_000
_KOREAN_WORDS: Final = 20_000
_KOREAN_EVERY: Final = 8

# The commonest words of English, in the order of their frequency; then what the benchmark asks for.
_COMMON: Final = [
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "he",
    "was",
    "that",
    "it",
    "his",
    "for",
    "had",
    "with",
    "as",
    "not",
    "we",
    "were",
    "they",
    "at",
    "by",
    "on",
    "be",
    "this",
    "but",
    "from",
    "her",
    "have",
    "she",
    "which",
    "or",
    "are",
    "you",
    "all",
    "there",
    "one",
    "been",
    "who",
    "would",
    "when",
    "them",
    "so",
    "their",
    "no",
    "said",
    "if",
    "more",
    "out",
    "up",
    "what",
    "me",
    "then",
    "into",
    "could",
    "time",
    "us",
    "some",
    "about",
    "only",
    "now",
    "do",
    "than",
    "other",
    "like",
    "man",
    "after",
    "over",
    "made",
    "two",
    "people",
    "before",
    "first",
    "day",
    "must",
    "great",
    "camp",
    "work",
    "guards",
    "food",
    "coal",
    "mine",
    "years",
    "winter",
    "night",
    "rice",
    "river",
    "school",
    "mother",
    "father",
    "brother",
    "execution",
    "hunger",
    "public",
    "train",
    "border",
    "village",
    "soldier",
    "fence",
    "mountain",
    "radio",
    "market",
    "prisoner",
]
_ASKED_FOR: Final = {"gold": 700, "pit": 900, "interrogation": 2_000, "execute": 2_500, "execution's": 4_000, "kwalliso": 9_000}
_CAMPS: Final = tuple(f"kwalliso-{number}" for number in (11, 12, 13, 14, 15, 16, 18, 22, 25, 26))
_TOPICS: Final = (
    "hunger",
    "execution",
    "torture",
    "interrogation",
    "forced-labour",
    "coal-mining",
    "children",
    "trial",
    "arrest",
)
_FLAGS: Final = ("revised", "contested", "contradicted", "translated", "single-source", "caution", "co-written", "recanted")
_KINDS: Final = ("testimony", "testimony", "testimony", "guard-account", "survey", "hearsay")
_ROLES: Final = ("prisoner", "prisoner", "guard", "visitor")
_BASES: Final = ("first-hand", "hearsay")
_SYLLABLES: Final = tuple(
    "".join(parts)
    for parts in itertools.product(
        ["b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "st"],
        ["a", "e", "i", "o", "u", "ea", "ou"],
        ["", "n", "r", "s", "t", "l"],
    )
)
_ENDINGS: Final = ("", "", "", "s", "ed", "ing", "er", "ly", "ness", "ment")
_HANGUL: Final = tuple(chr(code) for code in range(0xAC00, 0xD7A4, 28)) + tuple(
    "관리소수용정치범강제노동요덕회령북창화성경비원배고픔처형"
)
_HALF, _MOSTLY, _SELDOM = 0.5, 0.9, 0.1
_PARTICLES: Final = ("", "은", "는", "이", "가", "을", "를", "에서", "에", "의", "도", "으로")
_KOREAN_COMMON: Final = ("수용소", "사람", "정치범수용소", "요덕", "강제노동", "보위부", "관리소", "공개처형", "배고픔", "어머니")


class Words:
    """Draws words by Zipf's law."""

    def __init__(self, words: list[str]) -> None:
        """Take words, commonest first."""
        self._words = words
        self._weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))

    def draw(self, chance: random.Random, number: int) -> list[str]:
        """Give some words."""
        return chance.choices(self._words, cum_weights=self._weights, k=number)


def english(chance: random.Random) -> Words:
    """Make up a vocabulary below the common words of English."""
    words = dict.fromkeys(_COMMON)
    while len(words) < _VOCABULARY:
        stem = "".join(chance.choices(_SYLLABLES, k=chance.choice((1, 1, 2, 2))))
        for ending in dict.fromkeys(chance.choices(_ENDINGS, k=3)):
            words[stem + ending] = None
    ranked = list(words)
    for word, rank in _ASKED_FOR.items():
        ranked.insert(rank, word)
    return Words(ranked)


def korean(chance: random.Random) -> Words:
    """Make up a vocabulary of Korean, particles and all."""
    words = dict.fromkeys(noun + particle for particle in _PARTICLES for noun in _KOREAN_COMMON)
    while len(words) < _KOREAN_WORDS:
        noun = "".join(chance.choices(_HANGUL, k=chance.choice((2, 2, 3, 4))))
        for particle in dict.fromkeys(chance.choices(_PARTICLES, k=4)):
            words[noun + particle] = None
    return Words(list(words))


def _note(chance: random.Random, name: str, total: int, **changes: object) -> dict[str, Any]:
    return {
        "id": name,
        "flag": chance.choice(_FLAGS),
        "status": "open",
        "about": {"record": "true"}
        if chance.random() < _HALF
        else {"paragraphs": sorted(chance.sample(range(1, PARAGRAPHS + 1), 2))},
        "statement": f"Made up for a benchmark: statement {chance.randrange(total * 10)} of no meaning.",
        "by": "archive",
        "date": "2020-01-02",
        **changes,
    }


def _header(chance: random.Random, number: int, total: int, language: str) -> dict[str, Any]:
    code = f"NKT-{number:05d}"
    camps = []
    for camp in chance.sample(_CAMPS, chance.choice((1, 1, 2))):
        first = chance.randrange(1960, 2000)
        entry = {"camp": camp, "as": chance.choice(_ROLES), "basis": chance.choice(_BASES)}
        if chance.random() < _MOSTLY:
            entry["period"] = f"{first}/{first + chance.randrange(8)}"
        camps.append(entry)
    notes = [_note(chance, f"n{at}", total) for at in range(1, chance.choice((1, 2, 3, 4)))]
    if chance.random() < _SELDOM:
        other = f"NKT-{chance.randrange(1, total + 1):05d}#p{chance.randrange(1, PARAGRAPHS + 1)}"
        notes.append(_note(chance, "n9", total, flag="contradicted", **{"with": [other]}))
    claims = [
        {
            "id": f"c{at}",
            "text": f"made up for a benchmark, number {at}",
            "paragraphs": [chance.randrange(1, PARAGRAPHS + 1)],
            "status": chance.choice(("asserted", "maintained", "corrected")),
            "topics": chance.sample(_TOPICS, 1),
        }
        for at in range(1, chance.choice((1, 2, 3)))
    ]
    return {
        "schema": 1,
        "code": code,
        "title": f"Made up for a benchmark, number {number}",
        "kind": chance.choice(_KINDS),
        "language": language,
        "text": {"rendering": "summary"},
        "witness": {
            "name": f"Witness {chance.choice(('Kim', 'Lee', 'Pak', 'Choe', 'Kang'))} {number}",
            "name_kind": "real",
            "connection": "victim",
            "other_names": [{"text": chance.choice(("김아무개", "이아무개", "박아무개")), "language": "ko"}],
        },
        "camps": camps,
        "recorded": {"date": str(chance.randrange(2000, 2024))},
        "source": {
            "csl": {"type": "report", "title": "Made up for a benchmark"},
            "root": f"root-{chance.randrange(1, total + 1)}",
        },
        "consent": {"status": "given"},
        "access": {"level": "public"},
        "credibility": {"source": {"reliability": chance.choice("ABCDEF"), "basis": "made up"}, "notes": notes},
        "claims": claims,
        "topics": chance.sample(_TOPICS, 2),
    }


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _block(key: str, value: object) -> Iterator[str]:
    """Write a key as people do: lists of mappings item by item, the rest on one line."""
    if key in {"camps", "claims"} and value:
        yield f"{key}:"
        yield from (f"  - {_yaml(item)}" for item in value)
    elif key in {"witness", "credibility"}:
        yield f"{key}:"
        for inner, each in value.items():
            if inner == "notes" and each:
                yield "  notes:"
                for note in each:
                    parts = [f"{name}: {_yaml(part)}" for name, part in note.items()]
                    yield from (("    - " if not at else "      ") + part for at, part in enumerate(parts))
            else:
                yield f"  {inner}: {_yaml(each)}"
    else:
        yield f"{key}: {_yaml(value)}"


def records(total: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Give the records of a collection, as file name and content."""
    chance = random.Random(seed)  # noqa: S311 - the same collection for the same seed
    vocabularies = {"en": english(chance), "ko": korean(chance)}
    for number in range(1, total + 1):
        language = "en" if number % _KOREAN_EVERY else "ko"
        drawn = vocabularies[language].draw(chance, PARAGRAPHS * WORDS)
        head = _header(chance, number, total, language)
        lines = [line for key, value in head.items() for line in _block(key, value)]
        paragraphs = [_paragraph(drawn[at : at + WORDS]) for at in range(0, PARAGRAPHS * WORDS, WORDS)]
        yield f"{head['code']}-made-up.md", "\n".join(["---", *lines, "---", "", "\n\n".join(paragraphs), ""])


def _paragraph(words: list[str]) -> str:
    """Write words as sentences of sixteen."""
    sentences = (" ".join(words[at : at + 16]) for at in range(0, len(words), 16))
    return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences)


def write(root: Path, total: int, seed: int = 1) -> int:
    """Write a collection into a folder; gives its bytes."""
    folder = root / "testimonies"
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for name, content in records(total, seed):
        size += (folder / name).write_bytes(content.encode())
    return size


def main(folder: str, total: str = "1000", seed: str = "1") -> None:
    """Write a collection and say how large it is."""
    written = write(Path(folder), int(total), int(seed))
    print(f"{total} testimonies, {int(total) * PARAGRAPHS} passages, {written / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
