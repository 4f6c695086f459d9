"""Each style against the examples of its own guide, entered field by field; typography of quotation marks apart.

Beside each example stands where it is printed. Places of publication that a later edition of a guide dropped are not entered.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import pytest

from archive.citing.pinpoint import read
from archive.citing.source import CitedSource
from archive.documents import pandoc
from archive.formats.bibliography import _korean as korean
from archive.formats.bibliography.entries import SourceEntry
from archive.formats.bibliography.styled import NAMES, all_styled

pytest.importorskip("pypandoc")


def day(*parts: int) -> dict[str, Any]:
    """Return a date as CSL-JSON has it."""
    return {"date-parts": [list(parts)]}


def person(family: str, given: str = "") -> dict[str, str]:
    """Return a name, or one that is not parted."""
    return {"family": family, "given": given} if given else {"literal": family}


def entry(work: Mapping[str, Any], place: str = "", accessed: str = "", key: str = "work") -> SourceEntry:
    """Make the entry of a source as `testimony cite --of source` has it, with nothing else in force."""
    at = read(place)
    address = str(work.get("URL", ""))
    cited = CitedSource(key, work, (place,) if place else (), at, "", {}, (), read(""), "whole", address, accessed, ())
    return SourceEntry(
        key="NKT-9001-p1-source",
        reference="NKT-9001#p1",
        cited=cited,
        work=dict(work),
        through={},
        named=str(work["title"]),
        also="",
        caveats="",
        flags="",
        read_in="Read in Made up (archive summary)",
        mark="",
        citation="",
        archive="Made up",
        access="public",
        known={},
    )


def printed(style: str, form: str, *entries: SourceEntry) -> list[str]:
    """Set entries, and give a form of each without what we add to it."""
    found = [getattr(each, form) for each in all_styled(list(entries), style)]
    if form == "in_text":
        return [each.partition(" [")[0] for each in found]
    return [each.partition(" Read in Made up")[0].rstrip(".") for each in found]


ABEL = {"type": "book", "title": "American Lawyers", "author": [person("Abel", "Richard L.")], "issued": day(1989)}
COLE = {
    "type": "post-weblog",
    "title": "Virtual Friend Fires Employee",
    "author": [person("Cole", "Sarah")],
    "container-title": "Naked Law",
    "issued": day(2009, 5, 1),
    "URL": "http://www.nakedlaw.com/2009/05/virtual-friend-fires-employee.html",
}
BRIBERY = {
    "type": "report",
    "title": "Reforming Bribery",
    "author": [person("Law Commission")],
    "number": "Law Com No 313",
    "issued": day(2008),
    "ISBN": "9780102958188",
}
NEVILLE = {
    "type": "book",
    "title": "The Complete Guide to Referencing and Avoiding Plagiarism",
    "author": [person("Neville", "Colin")],
    "edition": "2",
    "publisher": "OU Press",
    "issued": day(2010),
}
CROFT = {
    "type": "article-newspaper",
    "title": "Supreme Court Warns on Quality",
    "author": [person("Croft", "Jane")],
    "container-title": "Financial Times",
    "publisher-place": "London",
    "issued": day(2010, 7, 1),
}
MANSFIELD = {
    "type": "interview",
    "title": "",
    "author": [person("Mansfield QC", "Michael")],
    "interviewer": [person("Anderson", "C")],
    "issued": day(2004, 12, 12),
}
MANTEL = {
    "type": "book",
    "title": "Wolf Hall",
    "author": [person("Mantel", "Hilary")],
    "publisher": "Picador",
    "issued": day(2010),
}
DERESIEWICZ = {
    "type": "article-magazine",
    "title": "The Death of the Artist—and the Birth of the Creative Entrepreneur",
    "author": [person("Deresiewicz", "William")],
    "container-title": "The Atlantic",
    "issued": day(2014, 12, 28),
    "URL": "https://www.theatlantic.com/magazine/archive/2015/01/383497/",
}
SPRINGSTEEN = {
    "type": "interview",
    "title": "Watch: Bruce Springsteen, our complete interview",
    "author": [person("Springsteen", "Bruce")],
    "interviewer": [person("Brown", "Jeffrey")],
    "container-title": "PBS NewsHour",
    "issued": day(2016, 12, 20),
}
HIRSCH = {
    "type": "book",
    "title": "Riot and Remembrance: The Tulsa Race War and Its Legacy",
    "author": [person("Hirsch", "James S.")],
    "publisher": "Houghton Mifflin",
    "issued": day(2002),
}
DUCK = {
    "type": "webpage",
    "title": "Duck stamp: Put your stamp on conservation",
    "author": [person("U.S. Fish and Wildlife Service")],
    "publisher": "U.S. Department of the Interior",
    "issued": day(2021, 6, 28),
    "URL": "https://www.fws.gov/birds/get-involved/duck-stamp.php",
}
CANCER = {
    "type": "report",
    "title": "Facing forward: Life after cancer treatment",
    "author": [person("National Cancer Institute")],
    "number": "NIH Publication No. 18-2424",
    "publisher": "U.S. Department of Health and Human Services, National Institutes of Health",
    "issued": day(2018),
}
NISBET = {
    "type": "hearing",
    "title": "We the People: Fulfilling the Promise of Open Government Five Years after the Open Government Act",
    "author": [person("United States, Senate, Committee on the Judiciary")],
    "publisher": "U.S. Government Printing Office",
    "issued": day(2013),
}
FRIED = {
    "type": "report",
    "title": "Democratic defense against disinformation",
    "author": [person("Fried", "Daniel"), person("Polyakova", "Alina")],
    "publisher": "Atlantic Council",
    "issued": day(2018),
}

EXAMPLES: Final = [
    # OSCOLA, 4th ed. (2012), as https://library.port.ac.uk/using-resources/referencing/oscola has it, "websites"
    (
        *("oscola", "note", COLE, "", "2009-11-19"),
        (
            "Sarah Cole, ‘Virtual Friend Fires Employee’ (Naked Law, 1 May 2009) "
            "<http://www.nakedlaw.com/2009/05/virtual-friend-fires-employee.html> accessed 19 November 2009"
        ),
    ),
    # OSCOLA 3.4.9 as https://uwl.libguides.com/oscola/web has it (the city is not among our fields)
    (
        "oscola",
        "note",
        {**CROFT, "publisher-place": "London"},
        "page 3",
        "",
        "Jane Croft, ‘Supreme Court Warns on Quality’ Financial Times (London, 1 July 2010) 3",
    ),
    # OSCOLA 3.2.1 as https://www.york.ac.uk/students/studying/develop-your-skills/study-skills/study/integrity/
    (
        "oscola",
        "note",
        NEVILLE,
        "",
        "",
        "Colin Neville, The Complete Guide to Referencing and Avoiding Plagiarism (2nd edn, OU Press 2010)",
    ),
    # OSCOLA, 4th ed., p. 43, as https://library.port.ac.uk/using-resources/referencing/oscola/non-recoverable-material has it,
    # without the city, which is not among our fields
    ("oscola", "note", MANSFIELD, "", "", "C Anderson, Interview with Michael Mansfield QC (12 December 2004)"),
    # Bluebook rule 15 as "Bluebook Examples for Common Citations" of Indiana University Bloomington has it
    ("bluebook", "note", ABEL, "page 50", "", "Richard L. Abel, American Lawyers 50 (1989)"),
    ("bluebook", "note", {**ABEL, "edition": "2"}, "page 50", "", "Richard L. Abel, American Lawyers 50 (2d ed. 1989)"),
    # Chicago, as https://www.macmillanlearning.com/studentresources/…/chicago_style_for_notes.htm has it, without the place
    (
        *("chicago", "note", HIRSCH, "page 119", ""),
        "James S. Hirsch, Riot and Remembrance: The Tulsa Race War and Its Legacy (Houghton Mifflin, 2002), 119",
    ),
    (
        "chicago",
        "entry",
        HIRSCH,
        "",
        "",
        "Hirsch, James S. Riot and Remembrance: The Tulsa Race War and Its Legacy. Houghton Mifflin, 2002",
    ),
    ("chicago-author-date", "in_text", HIRSCH, "page 119", "", "(Hirsch 2002, 119)"),
    # Chicago, published interviews, as https://libguides.snhu.edu/c.php?g=307818&p=5880539 has it
    (
        *("chicago", "note", SPRINGSTEEN, "", ""),
        (
            "Bruce Springsteen, “Watch: Bruce Springsteen, our complete interview,” interview by Jeffrey Brown, PBS NewsHour, "
            "December 20, 2016"
        ),
    ),
    # APA, as https://researchguides.library.wisc.edu/c.php?g=1422549&p=10548487 has it
    (
        *("apa", "entry", DUCK, "", ""),
        (
            "U.S. Fish and Wildlife Service. (2021, June 28). Duck stamp: Put your stamp on conservation. U.S. Department of the "
            "Interior. https://www.fws.gov/birds/get-involved/duck-stamp.php"
        ),
    ),
    ("apa", "in_text", DUCK, "", "", "(U.S. Fish and Wildlife Service, 2021)"),
    # APA, as https://library.nic.bc.ca/c.php?g=713252&p=5086885 has it
    (
        *("apa", "entry", CANCER, "", ""),
        (
            "National Cancer Institute. (2018). Facing forward: Life after cancer treatment (NIH Publication No. 18-2424). "
            "U.S. Department of Health and Human Services, National Institutes of Health"
        ),
    ),
    # APA, as https://libguides.valleyforge.edu/c.php?g=1039788&p=7540950 has it
    (
        "apa",
        "entry",
        FRIED,
        "",
        "",
        "Fried, D., & Polyakova, A. (2018). Democratic defense against disinformation. Atlantic Council",
    ),
    ("apa", "in_text", FRIED, "page 15", "", "(Fried & Polyakova, 2018, p. 15)"),
    ("apa", "in_text", FRIED, "paragraph 4", "", "(Fried & Polyakova, 2018, para. 4)"),
    # MLA 9, the Works Cited quick guide of https://style.mla.org
    ("mla", "entry", MANTEL, "", "", "Mantel, Hilary. Wolf Hall. Picador, 2010"),
    (
        *("mla", "entry", DERESIEWICZ, "", ""),
        (
            "Deresiewicz, William. “The Death of the Artist—and the Birth of the Creative Entrepreneur.” The Atlantic, "
            "28 Dec. 2014, https://www.theatlantic.com/magazine/archive/2015/01/383497/"
        ),
    ),
    ("mla", "in_text", MANTEL, "page 42", "", "(Mantel 42)"),
    # MLA, as https://style.mla.org/one-persons-testimony-congressional-hearing/ has it, without the number of the print
    (
        *("mla", "entry", NISBET, "", ""),
        (
            "United States, Senate, Committee on the Judiciary. We the People: Fulfilling the Promise of Open Government Five "
            "Years after the Open Government Act. U.S. Government Printing Office, 2013"
        ),
    ),
]


@pytest.mark.parametrize(
    ("style", "form", "work", "place", "accessed", "said"),
    EXAMPLES,
    ids=[f"{each[0]}-{each[1]}-{each[2]['title'][:20]}-{each[3]}" for each in EXAMPLES],
)
def test_an_example_of_a_guide_is_set_as_the_guide_has_it(  # noqa: PLR0913, PLR0917 - an example has so many parts
    style: str, form: str, work: dict[str, Any], place: str, accessed: str, said: str
) -> None:
    """Letter by letter, but for the full stop at its end."""
    assert printed(style, form, entry(work, place, accessed)) == [said]


def test_a_paragraph_of_a_report_is_para_in_oscola() -> None:
    """As in OSCOLA 3.4.4: "Law Commission, Reforming Bribery (…) paras 3.12–3.17"; its number stands otherwise there."""
    (told,) = printed("oscola", "note", entry(BRIBERY, "paras 3.12–3.17"))
    assert told.startswith("Law Commission, ")
    assert told.endswith(" paras 3.12–3.17")


def test_what_no_word_of_a_style_says_has_its_sign() -> None:
    """Bluebook rule 3.3: paragraphs are cited by ¶."""
    (told,) = printed("bluebook", "note", entry({**ABEL, "type": "report"}, "paragraph 5"))
    assert "American Lawyers ¶ 5 (1989)" in told


def test_a_chapter_is_never_a_bare_number_in_a_note() -> None:
    """By itself and where more is said of the place: a number alone is a page, and another place."""
    for style in sorted(NAMES.keys() - pandoc.IN_TEXT - {"house"}):
        for place in ("chapter 14", "chapter 14 and the page after it"):
            (told,) = printed(style, "note", entry({**ABEL, "type": "book"}, place))
            assert re.search(r"\b(?:ch|chap)\.? 14\b", told), (style, told)


def test_an_interview_keeps_who_asked_in_every_style() -> None:
    """Bluebook's style has no place for the interviewer; the name is added where a style leaves it out."""
    for style in NAMES:
        if style == "house":
            continue
        (made,) = all_styled([entry(SPRINGSTEEN)], style)
        assert "Brown" in (made.note or made.entry), style


def test_a_hearing_keeps_its_day_in_oscola_and_its_witness_in_apa() -> None:
    """No field of a hearing is lost, whatever the style has for it."""
    hearing = {
        "type": "hearing",
        "title": "Made up: life inside a made-up country",
        "author": [person("Made-up Subcommittee")],
        "issued": day(2003, 6, 5),
    }
    for style in ("oscola", "aglc"):
        (told,) = printed(style, "note", entry(hearing))
        assert "Made-up Subcommittee, ‘Made up: life inside a made-up country’ (5 June 2003)" in told
    (told,) = printed("apa", "entry", entry(hearing))
    assert "Made-up Subcommittee" in told
    assert "2003" in told


def test_short_forms_are_those_of_the_guide() -> None:
    """OSCOLA 1.2.1: "ibid" right after, the family name with the number of the note later; Bluebook rule 4: id., supra."""
    first, other = entry(NEVILLE, "page 5"), entry(COLE, key="other")
    notes = printed("oscola", "note", first, entry(NEVILLE, "page 7"), other, entry(NEVILLE, "page 9"))
    assert notes[1].casefold() == "ibid 7"
    assert notes[3] == "Neville (n 1) 9"
    notes = printed("bluebook", "note", first, entry(NEVILLE, "page 7"), other, entry(NEVILLE, "page 9"))
    assert notes[1] == "Id. at 7"
    assert notes[3] == "Neville, supra note 1 at 9"


KIM = {
    "type": "book",
    "title": "식민지시대 재일조선인운동 연구",
    "author": [person("김", "인덕")],
    "publisher": "국학자료원",
    "issued": day(1997),
}
HONG = {"type": "book", "title": "춘향전 연구", "author": [person("홍", "길동")], "publisher": "남원출판사", "issued": day(1995)}
SPEARS = {
    "type": "book",
    "title": "Dionysus and the City",
    "author": [person("Spears", "Monroe K.")],
    "publisher": "Oxford university press",
    "issued": day(1970),
}


@pytest.mark.parametrize(
    ("work", "place", "said"),
    [
        # https://kjnation.org/bbs/notice/31 (한일민족문제학회), 각주 1)
        (KIM, "page 110", "김인덕, 『식민지시대 재일조선인운동 연구』, 국학자료원, 1997, 110쪽"),
        # http://joseon-tongsinsa.com/sub/sub0203.html, 5의 3
        (HONG, "page 106", "홍길동, 『춘향전 연구』, 남원출판사, 1995, 106쪽"),
        # https://ko.moicapnhap.com/post/hag-winonmun-gagju-pyogibeob, a-3, without edition and place
        (SPEARS, "page 121", "Monroe K. Spears, Dionysus and the City, Oxford university press, 1970, p. 121"),
    ],
)
def test_korean_footnotes_are_those_of_korean_journals(work: dict[str, Any], place: str, said: str) -> None:
    """With names in Hangul whole, 『』 around books, and 쪽; Western works as they are cited there."""
    assert printed("korean", "note", entry(work, place)) == [said]


def test_korean_short_forms_say_which_work() -> None:
    """위의 책 right after, 앞의 책 with the name later, as https://kjnation.org/bbs/notice/31 has them; else op. cit."""
    notes = printed(
        "korean", "note", entry(HONG, "page 1", key="a"), entry(HONG, "page 2", key="a"), entry(SPEARS, "page 3", key="b"),
        entry(HONG, "page 4", key="a"), entry(SPEARS, "page 5", key="b"),
    )  # fmt: skip
    assert notes[1] == "위의 책, 2쪽"
    assert notes[3] == "홍길동, 앞의 책, 4쪽"
    assert notes[4] == "Spears, op. cit., p. 5"
    assert korean.NAME == "korean"


def test_the_control_another_example_is_not_set_so() -> None:
    """The comparison tells a style from another."""
    (told,) = printed("mla", "entry", entry(NEVILLE))
    assert told not in {each[-1] for each in EXAMPLES}
    assert set(pandoc.STYLES) >= {each[0] for each in EXAMPLES}
