"""The citation of the source itself: who wrote it, where, at which place, with every caveat, and verified in every form."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.authority import authorities
from archive.citing import pinpoint, source
from archive.citing.pinpoint import Pinpoint
from archive.cli.cite import STYLES
from archive.documents import pandoc
from archive.formats.bibliography.styled import fold_for_comparison
from archive.record.work import address
from examples import daily
from printing import verified
from running import ask_program

SHIPPED = (authorities.shipped_folder() / "sources.yaml").read_text(encoding="utf-8")
ADDRESS = "https://example.org/made-up-report"
WORKS = {
    "made-up-report": {
        "type": "report",
        "title": "The made-up gulag",
        "author": [{"family": "Madeup", "given": "Ada"}, {"family": "Invented", "given": "Bo"}],
        "publisher": "Made-up Committee",
        "publisher-place": "Nowhere",
        "edition": "2",
        "issued": {"date-parts": [[2012]]},
        "URL": ADDRESS,
    },
    "made-up-hangul": {
        "type": "book",
        "title": "지어낸 책",
        "author": [{"family": "홍", "given": "길동"}],
        "publisher": "지어낸출판사",
        "issued": {"date-parts": [[2009]]},
    },
    "made-up-page": {
        "type": "webpage",
        "title": "A made-up page",
        "author": [{"literal": "Made-up Watch"}],
        "issued": {"date-parts": [[2014, 6, 3]]},
        "URL": "http://example.org/made-up-page",
    },
    "made-up-hostile": {
        "type": "webpage",
        "title": "A made-up @misc{forged} page",
        "author": [{"literal": "X} and {Forged"}],
        "URL": "javascript:alert(1)",
    },
}
SOURCES = "".join(
    f"  - {json.dumps({'id': name, 'csl': csl, 'seen': 'whole', 'seen_note': 'Made up.'}, ensure_ascii=False)}\n"
    for name, csl in WORKS.items()
)


def claim(name: str, number: int, *cites: dict[str, str]) -> dict[str, Any]:
    """Return a claim on a paragraph with what it rests on."""
    return {"id": name, "text": f"Made up {name}", "paragraphs": [number], "status": "asserted", "cites": list(cites)}


SEEN = {"ref": "made-up-report", "locator": "page 80 of the made-up copy", "seen": "2026-11-29"}
RECORDS = (
    made_up.header(
        "NKT-9001",
        witness={"name": "Made-up Witness", "name_kind": "pseudonym", "connection": "victim"},
        source={"ref": "made-up-report", "root": "made-up", "seen": "in-part"},
        claims=[
            claim("c1", 1, SEEN, {"ref": "made-up-page", "locator": "third paragraph"}),
            claim("c2", 2, {"ref": "made-up-page", "locator": "paragraph 5"}),
        ],
        credibility={"notes": [made_up.note("n1", "recanted", "Made up: the witness took it back; [sic] twice.")]},
        history=[{"date": "2002-03-04", "by": "archive", "change": "Made up"}],
    ),
    made_up.header(
        "NKT-9002",
        source={"ref": "made-up-hangul", "root": "made-up", "seen": "not-seen", "through": "made-up-page"},
        claims=[
            claim("c1", 1, {"ref": "made-up-hangul", "locator": "pages 18 and 19"}, {"ref": "made-up-page", "locator": "p. 4"})
        ],
        credibility={"notes": [made_up.note("n1", "caution", "Made up: a caution.")]},
    ),
    made_up.header(
        "NKT-9003",
        title="Made up: winter & snow",
        text={"rendering": "verbatim"},
        witness={"name": "가짜증인", "name_kind": "pseudonym", "connection": "victim"},
        source={"ref": "made-up-page", "root": "made-up", "seen": "whole"},
        recorded={"date": "2001-05-06", "by": "Made-up Interviewer"},
        credibility={"notes": [made_up.note("n1", "translated", "Made up: told in Korean.")]},
    ),
    made_up.header(
        "NKT-9004",
        source={"ref": "made-up-hostile", "root": "made-up", "seen": "whole"},
        credibility={"notes": [made_up.note("n1", "caution", "Made up: hostile.")]},
    ),
)
PASSAGES = ("NKT-9001#p1", "NKT-9001#p2", "NKT-9002#p1", "NKT-9003#p1", "NKT-9004#p1", "NKT-9001", "NKT-9002")


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up records whose sources were seen, reported by others, put together, or are hostile."""
    root = tmp_path_factory.mktemp("works")
    (root / "authorities").mkdir()
    (root / "authorities" / "sources.yaml").write_text(SHIPPED + SOURCES, encoding="utf-8")
    return made_up.collection(root, *(made_up.record(head, "⟦p. 57⟧ Coal was dug.", "Snow fell.") for head in RECORDS))


@pytest.mark.parametrize(
    ("locator", "read"),
    [
        ("page 80 of the yumpu copy", Pinpoint("page", "80", "of the yumpu copy")),
        ("pages 18 and 19 of the copy", Pinpoint("page", "18, 19", "of the copy")),
        ("pp. 4-6", Pinpoint("page", "4–6", "")),
        ("p. 57", Pinpoint("page", "57", "")),
        ("paragraph 1", Pinpoint("paragraph", "1", "")),
        ("paras 3.12–3.17", Pinpoint("paragraph", "3.12–3.17", "")),
        ("chapter 14 and the page on the executions", Pinpoint("chapter", "14", "and the page on the executions")),
        ("third paragraph", Pinpoint("", "", "third paragraph")),
        ("[102]", Pinpoint("", "", "[102]")),
        ("part 2, first paragraphs", Pinpoint("", "", "part 2, first paragraphs")),
        ("page on the executions", Pinpoint("", "", "page on the executions")),
        ("page 19th", Pinpoint("", "", "page 19th")),
    ],
)
def test_only_what_is_said_by_a_number_is_a_number(locator: str, read: Pinpoint) -> None:
    """And what is said besides stays beside it: the page of a copy need not be that of the print."""
    assert pinpoint.read(locator) == read


@given(st.text(max_size=60))
def test_no_word_of_a_locator_is_lost(locator: str) -> None:
    """Its label may be written in short; every other letter and digit is there."""
    read = pinpoint.read(locator)
    kept = "".join(c for c in f"{read.number} {read.rest}" if c.isalnum())
    given_ = "".join(c for c in locator if c.isalnum())
    assert given_.endswith(kept) if read.label and not re.search("and|to", locator, re.IGNORECASE) else bool(kept) >= bool(given_)


def test_several_places_stand_together() -> None:
    """Numbers of one kind as numbers, all else in words."""
    assert pinpoint.join(["page 58", "page 74"]) == Pinpoint("page", "58, 74", "")
    assert pinpoint.join(["page 58", "third paragraph"]) == Pinpoint("page", "58", "third paragraph")
    assert pinpoint.join(["opening", "page 58"]) == Pinpoint("", "", "opening; page 58")
    assert pinpoint.join([]) == Pinpoint("", "", "")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("http://example.org", "http://example.org"),
        ("https://example.org/정치범", "https://example.org/%EC%A0%95%EC%B9%98%EB%B2%94"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://user@example.org/", ""),
        ("https://example.org/a b", ""),
        ("//example.org", ""),
        ("ftp://example.org", ""),
        ("", ""),
    ],
)
def test_an_address_is_one_of_http_or_https(written: str, read: str) -> None:
    """Nothing else is an address that a reader is sent to."""
    assert address({"URL": written}) == read
    assert address({"DOI": "10.1000/182"}) == "https://doi.org/10.1000/182"


def test_the_source_of_a_passage_is_the_work_that_its_claims_rest_on(works: Path) -> None:
    """Its own where a claim cites it or none cites any; else the first work that is cited, and never the record's for it."""
    with Archive(works) as room:
        first, second, reported, own = (
            source.of(room.record(code).testimony, room.record(code).passages[at], room.authorities)
            for code, at in (("NKT-9001", 0), ("NKT-9001", 1), ("NKT-9002", 0), ("NKT-9003", 0))
        )
    assert (first.ref, first.places, first.address, first.accessed) == (
        "made-up-report",
        ("page 80 of the made-up copy",),
        ADDRESS,
        "2026-11-29",
    )
    assert first.also == ("Made-up Watch, A made-up page (2014-06-03), third paragraph",)
    assert (second.ref, second.places, second.also) == ("made-up-page", ("paragraph 5",), ())
    assert (reported.ref, reported.through["title"], reported.address) == (
        "made-up-hangul",
        "A made-up page",
        "http://example.org/made-up-page",
    )
    assert (own.ref, own.places) == ("made-up-page", ("p. 57",))  # the page that is marked in the record's words


def test_the_house_cites_the_source_with_its_caveats_and_the_mark(works: Path) -> None:
    """The whole sentence, once, letter by letter."""
    ran = ask_program(works, "cite", "NKT-9001#p1", "NKT-9002#p1", "--of", "source")
    told = [line for line in ran.out.splitlines() if line]
    digest = re.search("sha256:[0-9a-f]{16}", told[0])
    assert digest
    assert told[0].startswith(
        "Ada Madeup and Bo Invented, The made-up gulag (Made-up Committee, 2012), page 80 of the made-up copy; the original "
        f"was seen in part <{ADDRESS}>, seen 29 November 2026. See also Made-up Watch, A made-up page (2014-06-03), third "
        "paragraph. Caveats: [recanted] Made up: the witness took it back; [sic] twice. Read in Testimony Archive on the North "
        "Korean Political Prison Camps, Account of Made-up Witness (archive summary), para. 1 (at p. 57). NKT-9001#p1 · "
        f"2002-03-04 · {digest[0]} · notes n1:"
    )
    assert told[1].startswith(
        "홍길동, 지어낸 책 (지어낸출판사, 2009), pages 18 and 19, as reported in Made-up Watch, A made-up page (2014-06-03), "
        "p. 4; the original was not seen <http://example.org/made-up-page>. Caveats: [caution"
    )


def test_both_are_given_of_a_summary_and_the_passage_of_own_words(works: Path) -> None:
    """Unless one of them is asked for."""

    def kinds(*asked: str) -> list[bool]:
        out = ask_program(works, "cite", *asked).out
        return ["Read in" in line for line in out.splitlines() if line]

    assert kinds("NKT-9001#p1") == [False, True]
    assert kinds("NKT-9003#p1") == [False]
    assert kinds("NKT-9003#p1", "--of", "both") == [False, True]
    assert kinds("NKT-9001#p1", "--of", "archive") == [False]
    assert kinds("NKT-9001#p1", "NKT-9003#p1", "--of", "source") == [True, True]


FORMS = [("--format", form) for form in ("text", "json", "csl-json", "bibtex", "ris")]
FORMS += [("--style", style) for style in STYLES if style != "house"]


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
@pytest.mark.parametrize("whose", ["source", "both"])
def test_every_form_carries_the_caveats_and_is_verified(works: Path, tmp_path: Path, whose: str, form: tuple[str, str]) -> None:
    """Of every kind of source, of passages and records, alone and together: no caveat is lost, and none is a false alarm.

    Every day each form is asked of one alone or of all together, and of these with the record's own citation or without it.
    """
    if form[0] == "--style":
        pytest.importorskip("pypandoc")
    for asked in daily((PASSAGES, ("NKT-9001#p1",)), FORMS.index(form) + (whose == "both")):
        ran = ask_program(works, "cite", *asked, "--of", whose, *form)
        assert ran.code == 0, ran.err
        assert fold_for_comparison(ran.out).count(fold_for_comparison("the witness took it back")) >= sum(
            "9001" in each for each in asked
        )
        code, said = verified(works, ran.out, tmp_path)
        assert code == 0, said
        assert f"{len(asked)} citation" in said


ALTERED = {
    "title": ("made-up gulag", "real gulag"),
    "year": (r"\b2012\b", "2013"),
    "place": (r"\b80\b", "81"),
    "copy": ("made-up copy", "print"),
    "what was seen": ("was seen in part", "was seen whole"),
    "caveat": ("took it back", "stood by it"),
    "witness": ("Made-up Witness", "Kim Chol"),
    "paragraph": (r"para\. 1", "para. 2"),
}
IN_FIELDS = {"author": ("Madeup", "Harden"), "address": ("example.org/made-up-report", "example.org/forged")}


@pytest.mark.parametrize("field", [*ALTERED, *IN_FIELDS])
def test_what_is_altered_in_the_citation_of_a_source_is_noticed(works: Path, tmp_path: Path, field: str) -> None:
    """In every form in which it stands; in fields also the author and the address.

    Every day in every other form, the next field in the others.
    """
    pattern, instead = {**ALTERED, **IN_FIELDS}[field]
    unnoticed, seen = [], 0
    for form in FORMS if field in IN_FIELDS else daily(FORMS, [*ALTERED].index(field)):
        if field in IN_FIELDS and form[1] not in {"csl-json", "bibtex", "ris"}:
            continue
        ran = ask_program(works, "cite", "NKT-9001#p1", "--of", "source", *form)
        if form[0] == "--style":
            ran_lines = [line for line in ran.out.splitlines() if not line.startswith("In text")]
            document = "\n".join(ran_lines)
        else:
            document = ran.out
        altered = re.sub(pattern, instead, document)
        if altered == document:
            continue
        seen += 1
        if verified(works, altered, tmp_path)[0] == 0:
            unnoticed.append(form[1])
    assert seen
    assert unnoticed == []


def test_a_source_that_is_cited_again_is_cited_in_short(works: Path) -> None:
    """Ibid. right after, (n 1) later, as the note that its number names; caveats, place and mark stand there again."""
    pytest.importorskip("pypandoc")
    asked = ("NKT-9001#p1", "NKT-9001#p2", "NKT-9003#p1", "NKT-9001#p1")
    notes = [
        line
        for line in ask_program(works, "cite", *asked, "--of", "source", "--style", "oscola").out.splitlines()
        if line.startswith("Note")
    ]
    assert [note.partition(": ")[0] for note in notes] == ["Note 1", "Note 2", "Note 3", "Note 4"]
    assert "Ada Madeup and Bo Invented, " in notes[0]
    assert notes[2].startswith("Note 3: Ibid 57.")
    assert notes[3].startswith("Note 4: Madeup and Invented (n 1) 80 of the made-up copy")
    for note, caveat in zip(notes, ("took it back", "took it back", "told in Korean", "took it back"), strict=True):
        assert caveat in note
        assert "Read in " in note
    korean = ask_program(
        works, "cite", *("NKT-9002#p1", "NKT-9002", "NKT-9001#p2", "NKT-9002#p1"), "--of", "source", "--style", "korean"
    )
    told = [line.partition(": ")[2] for line in korean.out.splitlines() if line.startswith("Note")]
    assert told[0].startswith("홍길동, 『지어낸 책』, 지어낸출판사, 2009, 18, 19쪽 (Made-up Watch, “A made-up page”")
    assert told[1].startswith("위의 책")
    assert told[3].startswith("홍길동, 앞의 책, 18, 19쪽")


def test_reference_managers_get_the_source_in_its_fields(works: Path) -> None:
    """Read by pandoc: the author of the source, its publisher, year and address; the title has the caveats and the passage."""
    for form, reader in (("csl-json", "csljson"), ("bibtex", "biblatex"), ("ris", "ris")):
        page = ask_program(works, "cite", "NKT-9001#p1", "--of", "source", "--format", form).out
        (item,) = json.loads(pandoc.run([f"--from={reader}", "--to=csljson"], page))
        assert item["id"] == "NKT-9001-p1-source"
        assert [(each["family"], each["given"]) for each in item["author"]] == [("Madeup", "Ada"), ("Invented", "Bo")]
        assert item["type"] == "report"
        assert item["publisher"] == "Made-up Committee"
        assert item["issued"]["date-parts"] == [[2012]]
        assert item["URL"] == ADDRESS
        assert "the witness took it back" in item["title"]
        assert item["title"].replace("</span>", "").rstrip("'\"").endswith("para. 1 (at p. 57), NKT-9001#p1")
        if form != "ris":
            assert item["accessed"]["date-parts"] == [[2026, 11, 29]]


def test_what_is_hostile_in_a_source_forges_nothing(works: Path) -> None:
    """No entry, no field and no address of another kind in any format; the words stand there as words."""
    for form, reader in (("csl-json", "csljson"), ("bibtex", "biblatex"), ("ris", "ris")):
        page = ask_program(works, "cite", "NKT-9004#p1", "--of", "source", "--format", form).out
        (item,) = json.loads(pandoc.run([f"--from={reader}", "--to=csljson"], page))
        assert item["id"] == "NKT-9004-p1-source"
        assert "URL" not in item
    assert (
        json.loads(ask_program(works, "excerpt", "NKT-9004#p1", "--format", "json").out)["passages"][0]["cited_source"]["url"]
        is None
    )
    assert "Address:" not in ask_program(works, "excerpt", "NKT-9004#p1", "--format", "markdown").out


def test_addresses_stand_in_every_format_and_can_be_followed(works: Path) -> None:
    """As a field, as a line of text, and as a link in Markdown and HTML."""
    (hit,) = json.loads(ask_program(works, "search", "coal", "--code", "NKT-9001", "--format", "json").out)["hits"]
    assert hit["cited_source"]["url"] == ADDRESS
    assert hit["cited_source"]["accessed"] == "2026-11-29"
    assert hit["cited_source"]["author"] == "Ada Madeup and Bo Invented"
    assert hit["cited_source"]["locator"] == "page 80 of the made-up copy"
    text = " ".join(ask_program(works, "excerpt", "NKT-9001#p1").out.split())
    assert f"Address: {ADDRESS}, seen 29 November 2026" in text
    assert f"<{ADDRESS}>, seen 29 November 2026" in ask_program(works, "excerpt", "NKT-9001#p1", "--format", "markdown").out
    html = ask_program(works, "dossier", "coal", "--date", "2001-02-03", "--output", "-", "--format", "html").out
    assert f'<a href="{ADDRESS}"' in html
    assert '<a href="http://example.org/made-up-page"' in html
    assert 'href="javascript' not in html


CSL = '<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"><info><title>A made-up style</title></info>'
PLAIN = f'{CSL}<citation><layout><text variable="title"/></layout></citation></style>'
PARENT = '<link href="http://www.zotero.org/styles/apa" rel="independent-parent"/>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("no style", "is no style of the Citation Style Language"),
        (f'<!DOCTYPE style [<!ENTITY a "b">]>{PLAIN}', "is no style of the Citation Style Language"),
        (CSL.replace("</info>", f"{PARENT}</info></style>"), "only points to another style"),
    ],
)
def test_a_file_that_is_no_style_is_refused_with_what_to_do(works: Path, tmp_path: Path, content: str | None, said: str) -> None:
    """Before anything is looked up, and without a word of the file's own."""
    file = tmp_path / "made-up.csl"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    ran = ask_program(works, "cite", "NKT-9001#p1", "--style", str(file))
    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())


def test_any_style_can_be_given_as_a_file_and_is_said_to_be_unchecked(works: Path, tmp_path: Path) -> None:
    """What it leaves out (all but the title) is added, and the result is verified."""
    pytest.importorskip("pypandoc")
    file = tmp_path / "Made-Up.CSL"
    file.write_text(PLAIN, encoding="utf-8")
    ran = ask_program(works, "cite", "NKT-9001#p1", "NKT-9001#p1", "--style", str(file))
    assert ran.code == 0, ran.err
    assert "NKT-9001#p1 in “A made-up style” (not checked)" in ran.out
    for part in ("2012", "80 of the made-up copy", "The original was seen in part", f"<{ADDRESS}>", "Seen 29 November 2026"):
        assert part in ran.out
    code, said = verified(works, ran.out, tmp_path)
    assert code == 0, said


def test_the_name_of_a_style_may_be_typed_in_any_case(works: Path) -> None:
    """And one that is none is told which there are."""
    assert ask_program(works, "cite", "NKT-9001#p1", "--style", "House").code == 0
    ran = ask_program(works, "cite", "NKT-9001#p1", "--style", "harvard")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no style 'harvard'" in ran.err
    assert "oscola" in ran.err
