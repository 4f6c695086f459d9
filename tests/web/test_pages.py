"""Pages of the room: every kind in both languages, no words without their caveats and citation, nothing closed, nothing live."""

import html
import json
import os
import re
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attacks
import interference
import made_up
import rooms
from archive.archive import Archive
from archive.citing.excerpt import RenderedHit
from archive.formats.data import output_schema
from archive.formats.pages import _passage as passages
from archive.formats.pages import finding, places
from archive.formats.pages.places import EditionLinks, PagePlace, RoomLinks
from archive.formats.registry import PICTURES
from archive.formats.wording import count
from archive.language.messages import LANGUAGES, speaking
from archive.record.testimony import Reference
from archive.search.model import ENTRY_FIELDS
from archive.web._views import _DOCUMENTS, _PAGES
from attacks import judged
from caveats_travel_parts import SLOW, Made, collections, in_force, in_version, laid, token
from examples import TIMES
from rooms import PAGES, text_of
from running import ask_program

MOST_BYTES = 60_000


@pytest.fixture(scope="module")
def inside(shipped: Path) -> Iterator[Any]:
    """A room on the shipped archive."""
    with rooms.room(shipped) as client:
        yield client


def test_every_kind_of_page_is_walked() -> None:
    """A new kind stands in the table above."""
    assert set(PAGES) == set(_PAGES)
    assert set(_DOCUMENTS) == set(_PAGES) == set(DESCRIBED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_is_whole_small_and_in_its_language(inside: Any, kind: str, language: str) -> None:
    """One h1, headings in order, ids once, links that lead somewhere in the page, under 60 kB."""
    answer = inside.get(f"/{language}{PAGES[kind]}")
    page = answer.text
    assert answer.status_code == 200, text_of(page)
    assert len(answer.data) < MOST_BYTES
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{language}">')
    assert dangers(page) <= CONTROLS | ({"<svg>"} if kind == "picture" else set())
    ranks = [int(each) for each in re.findall(r"<h([1-6])[ >]", page)]
    assert ranks[0] == 1
    assert ranks.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(ranks))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert {each for named in re.findall(r'(?:aria-labelledby|for)="([^"]+)"', page) for each in named.split()} <= set(ids)
    has_hangul = re.search("[가-힣]{2}", re.sub(r'<[^>]*lang="ko"[^>]*>[^<]*', "", page.partition("<footer")[2]))
    assert bool(has_hangul) == (language == "ko")


LONG = (
    *("/ko/sources", "/ko/conflicts", "/ko/records", "/ko/coverage", "/ko/search", "/ko/b/NKT-0049/ko"),
    *(f"/ko/i/{kind}{camp}" for kind in PICTURES for camp in ("", "/kwalliso-15")),
    *("/ko/compare?camp=kwalliso-15", "/ko/compare?topic=execution"),
)
"""The longest of each kind; that none is above its size in all the archive is tested on the edition, which the same writes."""


def test_how_many_speak_is_counted_on_the_first_page_of_a_comparison(inside: Any) -> None:
    """The others lead there; who says what goes on in them."""
    first, second = (inside.get(f"/en/compare?camp=kwalliso-15{more}").text for more in ("", "&offset=4"))
    assert "independent root" in first.partition('id="rows"')[0]
    before_rows = second.partition('id="rows"')[0]
    assert "independent root" not in before_rows
    assert '#voices">The count is on the first page</a>' in before_rows


def test_no_part_of_what_grows_long_is_above_its_size(inside: Any) -> None:
    """In Korean, which takes more bytes: every part of the longest pictures and lists, every page of long comparisons."""
    waiting, sizes = list(LONG), dict[str, int]()
    while waiting:
        address = waiting.pop()
        answer = inside.get(address)
        assert answer.status_code == 200, address
        sizes[address] = len(answer.data)
        leaves = re.findall(r'href="(/ko/(?:i|sources)[^"#.]*\?part=[0-9]+)"', answer.text)
        leaves += re.findall(r'href="(/ko/compare\?[^"#]*offset=[0-9]+)', answer.text.replace("&amp;", "&"))
        waiting += {each for each in leaves if each not in sizes and each not in waiting}
    assert {address: size for address, size in sizes.items() if size >= MOST_BYTES} == {}
    assert len(sizes) > len(LONG) + 10


CONTROLS = {"<form>", "<input>", "<button>", "<select>", "<option>"}
"""What our own pages ask with."""


def dangers(page: str) -> set[str]:
    """Give what a page could do that no page of words does."""
    return set(judged(page.partition("<body")[2]).dangers)


DESCRIBED = {
    **dict.fromkeys(("record", "parallel", "passage"), "show"),
    **dict.fromkeys(("flags", "glossary"), "terms"),
    **dict.fromkeys(("sources", "source"), "sources"),
    **dict.fromkeys(("conflicts", "conflict"), "conflicts"),
    **dict.fromkeys(("topics", "topic"), "topics"),
    **{name: name for name in ("search", "versions", "witness", "compare", "camps", "camp", "picture", "basket", "method")},
    "home": "facets",
    "records": "list",
    "coverage": "stats",
}
"""Which description the document of a page of each kind has."""


def test_every_page_that_links_lead_to_is_also_there_for_programs(tmp_path: Path) -> None:
    """Its foot names the address; what is there is described field by field, and is the same whatever the language."""
    with rooms.room(gathered(tmp_path)) as client:
        seen = set[tuple[str, str]]()
        for address, answer in rooms.walk(client, "/en/", without="style="):
            if answer.mimetype != "text/html":
                continue
            assert answer.status_code == 200, address
            written = re.search(r'<a href="([^"]+)">JSON</a>', answer.text)
            assert written is not None, address
            named = written[1].replace("&amp;", "&")
            place = places.read(unquote(named[1:].partition("?")[0]))
            assert place is not None
            document = client.get(named)
            assert (document.status_code, document.mimetype) == (200, "application/json"), named
            kind = "facets" if place.kind == "compare" and "?" not in named else DESCRIBED[place.kind]
            schema = jsonschema.Draft202012Validator(output_schema.schema(kind))
            assert [error.message for error in schema.iter_errors(json.loads(document.data))] == [], named
            assert client.get(f"/{'ko' if place.language == 'en' else 'en'}{named[3:]}").data == document.data, named
            seen.add((place.language, place.kind))
        assert seen == {(language, kind) for language in LANGUAGES for kind in _PAGES}


def gathered(root: Path) -> Path:
    """Make a collection that has a page of every kind: a version, a witness with two accounts, a work, a contradiction."""
    made_up.few_authorities(root)
    work = {"id": "made-up-report", "csl": {"type": "report", "title": "Made up"}, "seen": "whole", "citable": "no"}
    claims = [{"says": "Made up.", "date": year, "cites": [{"ref": "made-up-report"}]} for year in ("1959", "1965")]
    kept = {"id": "conf-1", "subject": "Made up", "kind": "date", "facilities": ["camp-90"], "verdict": "open", "claims": claims}
    for name, entry in (("sources", work), ("conflicts", kept)):
        (root / "authorities" / f"{name}.yaml").write_text(json.dumps({name: [entry]}), encoding="utf-8")
    notes = [made_up.note("n1", "recanted")]
    first = made_up.header("ZZT-0001", credibility={"notes": notes}, source={"ref": "made-up-report"})
    made_up.put(root, made_up.record(first, "The coal mine was deep. Hunger.", "Nobody came & went."))
    made_up.put(root, made_up.version("ZZT-0001", "ko", "탄광은 깊었다.", "아무도 오지 않았다."))
    made_up.put(root, made_up.record(made_up.header("ZZT-0002"), "Hunger in the camp.", "A second one."))
    return root


COMMANDS = {
    "home": ["facets"],
    "search": ["search", "hunger", "--facets"],
    "records": ["list"],
    "record": ["show", "NKT-0001"],
    "parallel": ["show", "NKT-0001", "--parallel", "--language", "ko"],
    "passage": ["excerpt", "NKT-0001#p3"],
    "versions": ["show", "NKT-0001", "--versions"],
    "witness": ["witness", "Shin Dong-hyuk"],
    "compare": ["compare", "--camp", "kwalliso-15"],
    "conflicts": ["camps", "--conflicts"],
    "conflict": ["camps", "--conflicts"],
    "coverage": ["stats"],
    "camps": ["camps"],
    "camp": ["camps", "kwalliso-14"],
    "picture": ["picture", "camp", "14", "--kind", "timeline", "--output", "-"],
    "topics": ["topics"],
    "topic": ["topics", "execution"],
}
"""What a person would type for the same."""


@pytest.mark.parametrize("kind", sorted(COMMANDS))
def test_a_page_for_programs_is_what_the_command_prints(inside: Any, shipped: Path, kind: str) -> None:
    """The same document, in whatever language the frame is."""
    path, _, asked = PAGES[kind].partition("?")
    address = f"{path}.json{'?' if asked else ''}{asked}"
    answers = {language: inside.get(f"/{language}{address}") for language in ("en",)}
    command = COMMANDS[kind]
    printed = json.loads(ask_program(shipped, *command, "--format", "json").out)
    for answer in answers.values():
        assert answer.mimetype == "application/json"
        document = json.loads(answer.data)
        if kind == "conflict":
            printed["conflicts"] = [each for each in printed["conflicts"] if each["id"] == "conf-001"]
        assert document == printed


@pytest.mark.parametrize("words", ["hunger", "보위부", "public execution", '"coal mine" -gold', "Yodok"])
def test_a_search_finds_what_the_command_finds(inside: Any, shipped: Path, words: str) -> None:
    """The total on the page, and the passages page by page."""
    printed = json.loads(ask_program(shipped, "search", words, "--all", "--format", "json").out)
    found: list[str] = []
    address = f"/en/search?{urlencode((('q', words),))}"
    while address:
        page = inside.get(address).text
        found += re.findall(r'<article aria-labelledby="([^"]+)"', page)
        following = re.search(r'<a href="([^"]+)">Next page</a>', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert [each.replace("-p", "#p") for each in found] == [f"{each['code']}#p{each['paragraph']}" for each in printed["hits"]]


FACETED = ("", "q=hunger", "q=%EB%B3%B4%EC%9C%84%EB%B6%80", "camp=kwalliso-15", "q=mother&flag=recanted", "q=hunger&language=ko")
OF_ENTRIES = "|".join((*ENTRY_FIELDS, "period"))


def test_every_facet_link_finds_what_it_counts(inside: Any, shipped: Path) -> None:
    """Passages and testimonies; a value of a facet that is asked for already is what its link finds in its place.

    A link of a decade also finds what is told of a time near it, as its page says. What was found by a topic has to be of a
    claim that the filters of its place and standing meet, which its count does not know: such a link may find less.
    """
    walked = 0
    archive = Archive(shipped)
    for asked in FACETED:
        page = inside.get(f"/en/search?{asked}").text
        for link, *counted in re.findall(r'<li><a href="(/en/search\?[^"]+)">.*?</a> \((\d+) / (\d+)\)</li>', page):
            address = link.replace("&amp;", "&")
            words, options = finding.options_of(parse_qsl(address.partition("?")[2]))
            results = archive.search(words, **{**options, "limit": 0, "facets": False}).results
            found, expected = [results.passages, results.testimonies], [int(each) for each in counted]
            if "period=" in address:
                assert "A link also finds what is told of a time near it." in page
                assert found >= expected, address
            elif "q=hunger" in asked and re.search(rf"&(?:{OF_ENTRIES})=", address):
                assert found <= expected, address
            else:
                assert found == expected, address
            if walked % 25 == 0:
                narrowed = inside.get(address).text
                assert f'id="answer">{count(results)}' in narrowed
                assert "remove" in narrowed
            walked += 1
    archive.close()
    assert walked > 300


def test_the_page_of_a_passage_names_its_work_for_reference_managers(inside: Any, shipped: Path) -> None:
    """With every caveat in the title, as `testimony cite` writes it."""
    printed = ask_program(shipped, "cite", "NKT-0001#p3", "--format", "ris").out
    title = next(line.removeprefix("TI  - ") for line in printed.splitlines() if line.startswith("TI  - "))
    for language in LANGUAGES:
        page = inside.get(f"/{language}/p/NKT-0001/3").text
        assert f'<meta name="citation_title" content="{html.escape(title)}">' in page


def test_where_nothing_is_found_another_question_is_a_link(inside: Any) -> None:
    """With how much it finds; a name of several camps is a choice."""
    page = inside.get("/en/search?q=hunger+helicopter").text
    (address,) = set(re.findall(r'<a href="(/en/search\?q=hunger)">Without helicopter: \d+ passages', page))
    assert inside.get(address).status_code == 200
    assert "camp=kwalliso-" in inside.get("/en/search?q=Kaechon").text
    assert '<a href="/en/p/NKT-0004/3">NKT-0004#p3</a>' in inside.get("/en/search?q=nkt+4+p3").text


def test_a_style_of_citation_that_is_not_there_is_told(inside: Any) -> None:
    """The styles are offered by name; another one is no page."""
    assert "/en/p/NKT-0001/3?style=oscola#cite" in inside.get("/en/p/NKT-0001/3").text
    assert inside.get("/en/p/NKT-0001/3?style=none").status_code == 400


@settings(SLOW, max_examples=int(os.environ.get("CAVEAT_COLLECTIONS", 3 * TIMES)))
@given(collections())
def test_no_page_shows_words_without_every_caveat_and_the_citation(records: list[Made]) -> None:
    """Each page that holds the words of a passage, reached by any link, holds what `excerpt` has in force, and its mark."""
    expected = in_force(records)
    in_korean = in_version(records, expected)
    with tempfile.TemporaryDirectory() as folder:
        root = laid(Path(folder), records)
        with Archive(root) as archive, rooms.room(root) as client:
            met = set()
            for address, answer in rooms.walk(client, "/en/", 150):
                assert answer.status_code == 200, address
                told = text_of(answer.text)
                for (code, number), notes in expected.items():
                    if f"passage{number}of{code[-4:]}" in told:
                        met.add((address.split("/")[2], code, number))
                        holds(told, notes, address)
                        shown = archive.excerpt(Reference(code, (number,)), "html").shown[0]
                        mark = f"sha256:{shown.hit.passage.sha256[:16]}"
                        assert f"{code}#p{number} · " in told, address
                        assert mark in told, address
                        assert answer.mimetype != "text/html" or shown.excerpt.citation in told, address
                for (code, number), notes in in_korean.items():
                    if f"구절{number}의{code[-4:]}" in told:
                        holds(told, notes, address)
    assert {kind for kind, *_ in met} >= {"r", "p"}
    assert {(code, number) for _, code, number in met} == set(expected)


def holds(told: str, notes: set[tuple[str, str]], where: str) -> None:
    """See that every caveat stands there in full."""
    for code, note in notes:
        assert token(code, note) in told, (where, code, note)


def test_the_control_a_page_that_forgets_the_notes_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk above sees it."""
    head = made_up.header("NKT-9001", credibility={"notes": [made_up.note("n1", "caution", token("NKT-9001", "n1"))]})
    root = made_up.collection(tmp_path, made_up.record(head, "Coal."))
    whole = passages.article

    def forgetful(shown: RenderedHit, *rest: Any, **named: Any) -> Any:
        return whole(shown._replace(excerpt=shown.excerpt._replace(notes=())), *rest, **named)

    monkeypatch.setattr(passages, "article", forgetful)
    with rooms.room(root) as client:
        told = text_of(client.get("/en/search?q=coal").text)
    with pytest.raises(AssertionError):
        holds(told, {("NKT-9001", "n1")}, "search")


def test_what_is_copied_stands(inside: Any, shipped: Path, tmp_path: Path) -> None:
    """`verify` finds every citation of a block, unchanged, with its words and its caveats."""
    with Archive(shipped) as archive:
        for reference in ("NKT-0001#p3", "NKT-0004#p2", "NKT-0019#p5", "NKT-0036#p2"):
            (shown,) = archive.excerpt(reference, "html").shown
            block = "\n".join(passages.copy_lines(shown, archive.authorities))
            page = text_of(inside.get(f"/en/p/{reference.replace('#p', '/')}").text)
            assert all(line in page for line in block.splitlines())
            assert all(note.statement.rstrip(".") in block for note in shown.excerpt.notes)
            verdicts = archive.verify_file(block.encode(), "block.txt").verdicts
            assert verdicts
            assert [each.outcome for each in verdicts if not each.holds] == []


def test_nothing_closed_is_on_any_page_and_nothing_tells_of_it(tmp_path: Path) -> None:
    """Two collections that differ in closed matter alone: every page that links lead to is the same, to the last byte."""
    pair = interference.build(tmp_path, seed=22)
    with rooms.room(pair.with_it) as one, rooms.room(pair.without_it) as other:
        for language in LANGUAGES:
            walked = 0
            for (address, first), (same, second) in zip(
                rooms.walk(one, f"/{language}/", 120), rooms.walk(other, f"/{language}/", 120), strict=True
            ):
                assert plain(address) == plain(same)
                assert first.status_code == second.status_code
                assert plain(first.text) == plain(second.text), address
                assert not interference.MARK.search(first.text), address
                walked += 1
            assert walked > 40
        for word in pair.words[:6]:
            asked = urlencode((("q", word),))
            first, second = one.get(f"/en/search?{asked}"), other.get(f"/en/search?{asked}")
            assert plain(first.text) == plain(second.text)
        for reference in pair.references[:10]:
            code, _, number = reference.partition("#p")
            for address in (
                f"/en/r/{code}",
                f"/en/p/{code}/{number or 1}",
                f"/en/v/{code}",
                f"/en/w/{code}",
                f"/en/r/{code}.json",
            ):
                assert plain(one.get(address).text) == plain(other.get(address).text), address


def plain(page: str) -> str:
    """Give a page without the name of its state, which is another one in every room."""
    return re.sub(r"state=[0-9a-f]{16}", "", page)


def test_the_control_a_clearance_that_sees_more_is_seen(tmp_path: Path) -> None:
    """The walk above would find the mark."""
    pair = interference.build(tmp_path, seed=22)
    with rooms.room(pair.with_it, "restricted") as client:  # type: ignore[arg-type]
        pages = [answer.text for _, answer in rooms.walk(client, "/en/", 60)]
    assert any(interference.MARK.search(page) for page in pages)


def test_a_hostile_record_is_words_on_every_page(root: Path) -> None:
    """Title, witness, body, notes, claims: nothing of them is markup, and the attempt stays to be read."""
    lines = [*attacks.SCRIPTS.values(), *attacks.mixtures(300)]
    body = [f"Coal {each}" for each in (" ".join(line.split()) for line in lines) if "\x00" not in each]
    attack = attacks.SCRIPTS["script element"].replace("\n", " ")
    notes = [made_up.note("n1", "caution", f"Made up {attack}")]
    head = made_up.header("NKT-9001", title=f"Made up {attack}", credibility={"notes": notes})
    head["witness"] = {**head["witness"], "name": f"Made up {attack}"}
    good = [each for each in body if not each.startswith(("Coal <!--", "Coal -->"))]
    made_up.collection(root, made_up.record(head, *(each for each in good if "<!--" not in each)))
    with rooms.room(root) as client:
        seen = 0
        for address, answer in rooms.walk(client, "/en/", 80):
            assert answer.status_code == 200, (address, text_of(answer.text)[:400])
            assert dangers(answer.text) <= CONTROLS, address
            assert answer.text.count("<form") <= 1, address
            seen += attack in text_of(answer.text)
        assert seen > 5
        for each in attacks.SCRIPTS.values():
            answer = client.get(f"/en/search?{urlencode((('q', each), ('plain', '1')))}")
            for page in (answer.text, client.get(f"/en/{quote(each)}").text):
                assert dangers(page) <= CONTROLS
                assert page.count("<form") <= 1


PLACES = st.one_of(
    st.sampled_from(["home", "search", "records", "camps", "sources", "method"]).map(PagePlace),
    st.sampled_from(["", "ko", "ja"]).map(lambda tag: PagePlace("record", ("NKT-0001",), tag)),
    st.sampled_from(["", "ko", "ja"]).map(lambda tag: PagePlace("passage", ("NKT-0001", "3"), tag)),
    st.text("abc-0123가 %?#", min_size=1, max_size=8).map(lambda name: PagePlace("camp", (name,))),
)


@given(PLACES, st.sampled_from([*LANGUAGES]))
def test_an_address_is_read_as_it_is_written(place: PagePlace, language: str) -> None:
    """From a place to an address and back."""
    placed = place._replace(language=language)
    with speaking(language):
        address = RoomLinks().to(placed)
    assert address is not None
    assert places.read(unquote(address[1:])) == placed


@given(PLACES, PLACES)
def test_a_link_of_the_edition_leads_from_any_page_to_any_other(here: PagePlace, there: PagePlace) -> None:
    """Relative, as a browser resolves it, to the file of that page."""
    links = EditionLinks(places.path(here), frozenset(_PAGES))
    address = links.to(there)
    assert address is not None
    assert urljoin(f"http://x/a/{places.file_name(here)}", address) == f"http://x/a/{places.file_name(there)}"
    assert EditionLinks("en/", frozenset()).to(there) is None


def test_another_collection_has_a_room_too(tmp_path: Path) -> None:
    """Nothing of the shipped one is on its pages."""
    root = tmp_path / "own"
    assert ask_program(tmp_path, "init", str(root)).code == 0
    assert ask_program(root, "web").code in {0, 11}
    made_up.put(root, made_up.record(made_up.header("ZZT-0001"), "Made up."))
