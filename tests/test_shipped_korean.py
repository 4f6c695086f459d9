"""The Korean versions of the shipped records: whole, made of the words that stand, with every number, verdict and term."""

import json
import re
from collections.abc import Iterator

import pytest

from archive.reader import read as reader
from archive.reader import versions
from archive.record import alignment, hashing, languages, paragraphs
from archive.record.testimony import Testimony
from archive.storage import record_files
from running import TOP, Run

WRITTEN = sorted((TOP / "testimonies").rglob("NKT-*.md"))
RECORDS = [file for file in WRITTEN if not record_files.language_of(file.name)]
TERMS = {
    r"reject": "배척",
    r"contested": "다툼",
    r"machine-written": "기계가 작성한",
    r"estimate": "추정",
    r"hearsay": "전언",
    r"own statement": "본인",
    r"forced labour": "강제노동",
    r"[Pp]ublic execution": "공개처형",
    r"tortur": "고문",
    r"collective punishment|guilt by association": "연좌제|집단처벌",
    r"total control zone": "완전통제구역",
    r"revolutionizing zone": "혁명화구역",
    r"kwalliso": "관리소",
    r"Kyohwaso": "교화소",
    r"holding centre": "집결소",
    r"security service": "보위부",
    r"\brape": "강간",
    r"abortion": "낙태",
    r"Yodok": "요덕",
    r"[Ii]nformer": "밀고",
}
"""What an English paragraph says, and what its Korean partner must say for it, as the Korean sources do."""


@pytest.fixture(scope="module")
def records() -> list[Testimony]:
    """Every shipped record, with its versions."""
    authorities = reader.read_authorities(TOP)
    found = []
    for file in RECORDS:
        beside = {f"testimonies/{each.name}": each.read_bytes() for each in file.parent.glob(f"{file.stem}.*.md")}
        read = versions.read_all(file.read_bytes(), f"testimonies/{file.name}", authorities, beside)
        assert read.faults == ()
        found.append(read.testimony)
    return found


def partners(records: list[Testimony]) -> Iterator[tuple[str, str, str]]:
    """Yield the place, the English and the Korean of every paragraph."""
    for record in records:
        words = alignment.texts(record)
        for run in paragraphs.passages(record.body):
            (korean,) = words(run.number)
            yield f"{record.code}#p{run.number}", run.text, korean.text


def numbers(text: str) -> set[int]:
    """Return the numbers that are written in figures, also as in 3만 9,300."""
    found = re.finditer(r"(\d[\d,]*)만(?: (\d[\d,]*))?|\d[\d,]*", text)
    return {
        10_000 * int(each[1].replace(",", "")) + int((each[2] or "0").replace(",", ""))
        if each[1]
        else int(each[0].replace(",", ""))
        for each in found
    }


def lacking(english: str, korean: str) -> list[str]:
    """Return what an English paragraph says and the Korean one does not."""
    terms = [said for said, wanted in TERMS.items() if re.search(said, english) and not re.search(wanted, korean)]
    return [*map(str, sorted(numbers(english) - numbers(korean))), *terms]


def test_every_record_has_one_made_of_the_words_that_it_has(records: list[Testimony]) -> None:
    """By the archive, a summary, paragraph for paragraph, bound to the English as it stands now."""
    for record in records:
        version = languages.version_of(record, "ko")
        assert version is not None, record.code
        assert (version.rendering, version.by, version.translated_from) == ("summary", "the archive", "en"), record.code
        own = {run.number: hashing.passage_hash(run.text) for run in paragraphs.passages(record.body)}
        assert version.hashes, record.code
        assert all(alignment.is_current(version, number, own) for number in own), record.code


def test_no_number_verdict_or_term_is_lost(records: list[Testimony]) -> None:
    """Every number in figures, and the words that a verdict or a search hangs on, stand in the Korean partner."""
    assert {place: lost for place, english, korean in partners(records) if (lost := lacking(english, korean))} == {}


def test_a_lost_number_or_verdict_would_be_seen() -> None:
    """The control: a wrong figure, a wrong camp, a verdict left out."""
    english = "This is rejected: 39,300 were in Camp 14 in 2024."
    assert lacking(english, "이는 배척한다. 2024년에 14호 관리소에 3만 9,300명이 있었다.") == []
    assert lacking(english, "이는 배척한다. 2024년에 18호 관리소에 3만 9,300명이 있었다.") == ["14"]
    assert lacking(english, "2024년에 14호 관리소에 3만 9,000명이 있었다.") == ["39300", "reject"]


def test_they_are_in_korean_and_quote_nobody(records: list[Testimony]) -> None:
    """More Hangul than Latin letters in every paragraph, and no marks of quotation."""
    for place, _, korean in partners(records):
        assert not re.search('["“”«»„「」『』]', korean), place
        assert len(re.findall("[가-힣]", korean)) > len(re.findall("[A-Za-z]", korean)), place


@pytest.mark.parametrize("word", ["강제노동", "요덕", "공개처형", "연좌제", "완전통제구역", "보위부", "북송"])
def test_a_korean_search_finds_korean_words(on_shipped: Run, word: str) -> None:
    """Shown in the language in which they were found."""
    ran = on_shipped("search", word, "--plain", "--all", "--format", "json")
    assert ran.code == 0, ran.err
    hits = json.loads(ran.out)["hits"]
    assert {hit["language"] for hit in hits if word in hit["excerpt"]} == {"ko"}


def test_a_syllable_that_was_typed_once_counts_once(on_shipped: Run) -> None:
    """Other forms of a Korean word repeat what stands beside it; too many syllables are those that a person typed."""
    assert on_shipped("search", "대학에 못 감", "--count").code == 0
    refused = on_shipped("search", "가 나 다 라 마", "--count")
    assert (refused.code, "more than 4 syllables" in refused.err) == (2, True)
