"""Our texts in another language than English are held against the archive as well: words, footnotes and caveats."""

import re
from pathlib import Path

import pytest

from archive.language.messages import LANGUAGES
from examples import daily
from tests.support.printing import output
from tests.support.running import ask_program

FORMATS = {
    ("show", "NKT-9001"): ("text", "markdown", "html"),
    ("show", "NKT-9001", "--language", "ko"): ("text", "markdown", "html"),
    ("show", "NKT-9001", "--language", "ko", "--parallel"): ("text", "markdown", "html"),
    ("excerpt", "NKT-9001#p1-2"): ("text", "markdown"),
    ("excerpt", "NKT-9002#p1"): ("text", "markdown"),
    ("search", "--camp", "18"): ("markdown",),
    ("compare", "--camp", "18"): ("text", "markdown"),
    ("dossier", "--camp", "18", "--output", "-"): ("md", "html", "docx"),
}
OUTPUTS = [(*question, "--format", form) for question, forms in FORMATS.items() for form in forms]


def printed(root: Path, language: str, question: tuple[str, ...]) -> str:
    """Give what a command prints in a language."""
    return output(root, ("--lang", language, *question), root.parent)


def verified(root: Path, document: str, folder: Path) -> tuple[int, str]:
    """Give the exit code and the verdicts on a document."""
    file = folder / "document.txt"
    file.write_text(document, encoding="utf-8")
    ran = ask_program(root, "verify", str(file))
    return ran.code, ran.out + ran.err


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("question", OUTPUTS, ids=" ".join)
def test_what_was_not_altered_stands(two_records: Path, tmp_path: Path, question: tuple[str, ...], language: str) -> None:
    """The control: nothing is called altered that was not, and words and caveats were looked at."""
    code, said = verified(two_records, printed(two_records, language, question), tmp_path)
    assert code == 0, said
    assert re.search(r"Compared: the mark,\s+words,\s+(?:footnotes,\s+)?caveats", said)


ALTERED = {
    "a word": ("forty people", "four people"),
    "a word of a version": ("마흔 명", "네 명"),
    "a statement": (r"disavowed(\s+)the", r"confirmed\1the"),
    "a statement lengthened": (r"(postcard\s+of\s+2015)\.", r"\1, and took that back."),
    "a caveat taken out": (
        r"! [^!]*disavowed[^\]]*\]\n|- [^\n]*disavowed[^\n]*\n|<dt>[^<]*</dt><dd>(?:(?!</dd>).)*disavowed.*?</dd>",
        "",
    ),
    "a flag": ("철회된 진술|RECANTED", "교차 확인됨"),
    "that it is resolved": (", 해결됨(?=[:.<])", ""),
    "whose caveat": (r"\barchive([,;]\s+2001)", r"court\1"),
    "of another record": ("Repudiated", "Praised"),
    "of words that have changed": ("A turnstile", "No turnstile"),
    "a footnote": ("A slate heap", "A coal heap"),
    "a footnote of a version": ("점판암 더미", "석탄 더미"),
    "a question": (r"the bell\.", "the bell?"),
}


@pytest.mark.parametrize("field", ALTERED)
def test_what_was_altered_is_never_vouched_for(two_records: Path, tmp_path: Path, field: str) -> None:
    """In Korean as in English, in every text that prints it: every day in a third, in a long run in all."""
    pattern, instead = ALTERED[field]
    documents = ((question, printed(two_records, "ko", question)) for question in OUTPUTS)
    altered = [(question, other) for question, whole in documents if (other := re.sub(pattern, instead, whole)) != whole]
    assert altered
    asked = daily(altered, [*ALTERED].index(field), 3)
    assert [" ".join(question) for question, other in asked if verified(two_records, other, tmp_path)[0] != 1] == []


def test_the_page_of_a_person_is_compared(two_records: Path, tmp_path: Path) -> None:
    """It names the caveats of each record by numbers, in Korean as in English, and has them in full below."""
    document = printed(two_records, "ko", ("witness", "Lan Tern"))
    code, said = verified(two_records, document, tmp_path)
    assert (code, "Compared: the mark, caveats, day, source, page." in " ".join(said.split())) == (0, True), said
    code, said = verified(two_records, document.replace("disavowed", "confirmed"), tmp_path)
    assert (code, "CAVEAT n1: the document gives other words of it" in said) == (1, True), said
