"""Pictures: what they show is what is held, their caveats stand in every file of them, and nothing that is closed is in any."""

import dataclasses
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings

import made_up
from archive.archive import Archive
from archive.documents import _typesetting
from archive.errors import CannotTypeset, InvalidAuthorities, UnknownTerm
from archive.formats import picture as pictures
from archive.formats._html_sink import Markup, draw, element, sound
from archive.formats.pages import assets, authority, frame, weighing
from archive.formats.pages import pictures as picture_pages
from archive.formats.pages.frame import PageContext
from archive.formats.pages.places import STYLE, EditionLinks, RoomLinks
from archive.formats.pictures.map import Position, kilometres
from archive.formats.registry import PICTURE_FILES, PICTURES
from archive.language.messages import speaking
from archive.record.testimony import RESTRICTED
from caveats_travel_parts import CODES, SLOW, Made, collections, in_force, laid, token
from examples import TIMES

OF_ACCOUNTS = ("timeline", "coverage", "relations")
"""The kinds that show accounts; the others show what the gazetteer states."""
TEXTS = tuple(form for form in PICTURE_FILES if form != "png")
CAMP = "kwalliso-14"
OWN = "camp-m"
"""The one camp of a collection that has its own gazetteer."""
SVG = "{http://www.w3.org/2000/svg}"


def words_of(svg: str) -> str:
    """Return all words of a drawing."""
    return " ".join(str(each) for each in fromstring(svg).itertext())


def text_of(room: Archive, kind: str, camp: str, form: str) -> str:
    """Return a picture as the text of a file; of a drawing its words, of which long ones may go over two lines."""
    content = room.picture_file(room.picture(kind, camp), form).decode()
    return words_of(content) if form == "svg" else content


def items(room: Archive, kind: str, camp: str = CAMP) -> list[dict[str, Any]]:
    """Return the items of a picture."""
    return list(room.picture(kind, camp).data["items"])


def told(code: str, /, **changes: Any) -> str:
    """Write a made-up record on the camp, first-hand, in 1985, unless it says otherwise.

    :param changes: of the header; ``entry`` of its camp, of which a ``status`` makes a claim of it.
    """
    entry = {"camp": CAMP, "period": "1985", "as": "prisoner", "basis": "first-hand", **changes.pop("entry", {})}
    made: dict[str, Any] = {"camps": [entry], "recorded": {"date": "2010"}, **changes}
    if status := entry.pop("status", ""):
        claim = {"id": "c1", "text": "Made up", "paragraphs": [1, 2], "status": status, "camps": [entry["camp"]]}
        made |= {"camps": [], "claims": [{**claim, "period": entry["period"], "basis": entry["basis"]}]}
    return made_up.record(made_up.header(code, **made), "Coal, made up.", "Snow, made up.")


def gazetteer(root: Path, **changes: Any) -> None:
    """Give a collection one camp of its own, and nothing else."""
    camp = {"id": OWN, "type": "kwalliso", "number": "7", "label": {"en": "Camp M, made up"}, **changes}
    (root / "authorities").mkdir(exist_ok=True)
    source = {"id": "s-1", "csl": {"type": "report", "title": "Report, made up"}}
    for name, made in (("camps", {"facilities": [camp]}), ("sources", {"sources": [source]})):
        (root / "authorities" / f"{name}.yaml").write_text(json.dumps(made), encoding="utf-8")


def stated(about: str, text: str = "Made up.", **changes: str) -> dict[str, Any]:
    """Make up a statement of a camp."""
    return {"about": about, "text": text, "cites": [{"ref": "s-1"}], **changes}


# The caveats travel


@settings(SLOW, max_examples=3 * TIMES)
@given(collections())
def test_no_picture_of_accounts_leaves_without_the_caveats_in_force(records: list[Made]) -> None:
    """Each kind in each file: every note in force at a passage that is shown, and none that is replaced."""
    expected = {note for notes in in_force(records).values() for note in notes}
    with tempfile.TemporaryDirectory() as folder:
        root = laid(Path(folder), records)
        for file in (root / "testimonies").glob("NKT-*-made-up.md"):
            entry = json.dumps([{"camp": CAMP, "period": "1985"}])
            file.write_text(file.read_text(encoding="utf-8").replace("camps: []", f"camps: {entry}"), encoding="utf-8")
        with Archive(root) as room:
            for kind in OF_ACCOUNTS:
                for form in TEXTS:
                    text = text_of(room, kind, CAMP, form)
                    present = {
                        (code, f"n{number}") for code in CODES for number in (1, 2, 3) if token(code, f"n{number}") in text
                    }
                    assert present == expected, (kind, form)


def test_a_figure_without_its_caveats_would_be_seen(kept: Path) -> None:
    """The control of the test above: what holds the caveats is the part of the page that could be left out."""
    made_up.put(kept, told("NKT-9001", credibility={"notes": [made_up.note("n1", "recanted", "Taken back, made up.")]}))
    with Archive(kept) as room:
        picture = room.picture("timeline", CAMP)
    assert "Taken back, made up." in pictures.figure(picture)
    assert "Taken back, made up." not in pictures.figure(picture._replace(caveats=()))


@pytest.mark.parametrize("kind", PICTURES)
def test_what_is_contested_says_so_and_its_contradiction_stands_below(on: Archive, kind: str) -> None:
    """Of a statement that is shown and stands in a contradiction, every file names it and says what the sides are."""
    names = {name for item in items(on, kind, "kwalliso-22") for name in item["conflicts"] or ()}
    picture = on.picture(kind, "kwalliso-22")
    assert names <= {caveat.of for caveat in picture.caveats}
    assert all(caveat.statement for caveat in picture.caveats if caveat.of in names)
    if kind in {"timeline", "estimates"}:
        assert names


def test_accounts_of_the_collection_name_their_caveats(on: Archive) -> None:
    """Of many records the caveats are named, as in a list of records, and it says where they stand in full."""
    for kind in OF_ACCOUNTS:
        picture = on.picture(kind)
        named = {caveat.of: caveat.label for caveat in picture.caveats}
        assert "recanted" in named["NKT-0001"]
        assert any("testimony show" in line for line in picture.reading)


# What is closed


def test_nothing_of_a_closed_record_is_in_any_picture(tmp_path: Path) -> None:
    """Byte for byte the same with and without it, in every kind, scope and file; who may read it sees another picture."""
    worlds = []
    for name in ("with", "without"):
        root = tmp_path / name
        root.mkdir()
        made_up.put(root, told("NKT-9001", relations=[{"type": "same-person", "code": "NKT-9002"}]))
        if name == "with":
            witness = {"name": "Zqx", "name_kind": "pseudonym", "connection": "perpetrator"}
            changes: dict[str, Any] = {"entry": {"period": "1961", "as": "guard"}, "witness": witness}
            changes |= {"access": {"level": "restricted"}, "source": {"root": "zqx", "csl": {"type": "report", "title": "Zqx"}}}
            changes |= {"relations": [{"type": "same-person", "code": "NKT-9001"}]}
            made_up.put(root, told("NKT-9002", **changes))
        worlds.append(root)
    with Archive(worlds[0]) as there, Archive(worlds[1]) as absent, Archive(worlds[0], RESTRICTED) as inside:
        for kind in PICTURES:
            for camp in (CAMP, ""):
                for form in TEXTS:
                    public, without = (text_of(room, kind, camp, form) for room in (there, absent))
                    assert public == without, (kind, camp, form)
                    assert "zqx" not in public.casefold()
                if kind in OF_ACCOUNTS:
                    assert "NKT-9002" in text_of(inside, kind, camp, "json")


# What they show


def test_two_records_of_one_witness_are_one_root(root: Path) -> None:
    """In the cell of their decade, and inside one bracket, with an arrow from the later version to the earlier."""
    of_one = {"root": "made-up", "csl": {"type": "report", "title": "Made up"}}
    made_up.put(root, told("NKT-9001", source=of_one))
    made_up.put(root, told("NKT-9002", source=of_one, relations=[{"type": "revises", "code": "NKT-9001"}]))
    made_up.put(root, told("NKT-9003", relations=[{"type": "relies-on", "code": "NKT-9001#p1", "paragraphs": [1]}]))
    with Archive(root) as room:
        [cell] = [each for each in items(room, "coverage") if each["accounts"] and each["decade"] == "1980s"]
        assert (cell["accounts"], cell["roots"], cell["passages"]) == (["NKT-9001", "NKT-9002", "NKT-9003"], 2, 6)
        relations = {each["code"]: [(r["type"], r["code"]) for r in each["relations"]] for each in items(room, "relations")}
        assert relations == {"NKT-9001": [], "NKT-9002": [("revises", "NKT-9001")], "NKT-9003": [("relies-on", "NKT-9001")]}
        assert "2 of them are one witness: NKT-9001 and NKT-9002." in room.picture("relations", CAMP).summary


def test_a_report_that_relies_on_a_witness_is_drawn_also_where_it_names_no_camp(root: Path) -> None:
    """Who looks at the witness's camp sees what else is the same voice or rests on it, with its caveats."""
    made_up.put(root, told("NKT-9001"))
    note = made_up.note("n1", "second-hand", "Told by others, made up.")
    relation = {"type": "relies-on", "code": "NKT-9001#p1", "paragraphs": [1]}
    made_up.put(root, made_up.record(made_up.header("NKT-9002", relations=[relation], credibility={"notes": [note]}), "Made up."))
    with Archive(root) as room:
        picture = room.picture("relations", CAMP)
        assert "(NKT-9002 made-up witness)" in words_of(picture.svg)
        assert any(caveat.statement == "Told by others, made up." for caveat in picture.caveats)


def test_an_empty_cell_says_why_it_is_empty(root: Path) -> None:
    """Stated to have been at work and told by nobody, or neither stated nor told."""
    gazetteer(root, statements=[stated("opened", date="1971"), stated("closed", date="1995")])
    made_up.put(root, told("NKT-9001", entry={"camp": OWN, "basis": "hearsay"}))
    made_up.put(root, told("NKT-9002", entry={"camp": OWN, "period": "2003"}))
    made_up.put(root, told("NKT-9003", entry={"camp": OWN, "period": "1962", "basis": "hearsay"}))
    with Archive(root) as room:
        cells = {each["decade"]: each["state"] for each in items(room, "coverage", OWN) if each["vantage"] == "victim"}
        assert cells == {
            "1960s": "second-hand",
            "1970s": "nobody",
            "1980s": "second-hand",
            "1990s": "nobody",
            "2000s": "first-hand",
        }
        others = {each["decade"]: each["state"] for each in items(room, "coverage", OWN) if each["vantage"] == "perpetrator"}
        assert others["1960s"] == "nothing"
        [table, _] = room.picture("coverage", OWN).tables
        assert dict(zip(table.columns, table.rows[0], strict=True)) | {"Vantage point": ""} == {
            "Vantage point": "",
            "1960s": "1/2h",
            "1970s": "–",
            "1980s": "1/2h",
            "1990s": "–",
            "2000s": "1/2",
        }


def test_what_the_archive_rejects_is_in_the_table_and_not_drawn(root: Path) -> None:
    """Of statements, of claims and of estimates."""
    gazetteer(
        root,
        statements=[
            stated("opened", date="1971"),
            stated("opened", "Opened long before, made up.", date="1901", rejected="A slip, made up."),
            stated("population", value="500", estimator="Nobody, made up", date="1980"),
            stated("population", "Many more, made up.", value="900000", date="1981", rejected="A slip, made up."),
        ],
    )
    made_up.put(root, told("NKT-9001", entry={"period": "1911", "status": "rejected"}))
    with Archive(root) as room:
        drawn_of = {kind: [each["drawn"] for each in items(room, kind, OWN)] for kind in ("timeline", "estimates")}
        assert drawn_of == {"timeline": [True, False], "estimates": [True, False]}
        for kind, year in (("timeline", "1901"), ("estimates", "900,000")):
            picture = room.picture(kind, OWN)
            assert year not in words_of(picture.svg)
            assert "Rejected: A slip, made up." in " ".join(cell for row in picture.tables[0].rows for cell in row)
        assert not any(each["accounts"] for each in items(room, "coverage", OWN))


def fills(svg: str) -> list[str]:
    """Return how the boxes of a drawing are filled, from the top."""
    return [re.sub(r"url\(#.*-(\w+)\)", r"\1", each.get("fill", "")) for each in fromstring(svg).iter(f"{SVG}rect")]


@pytest.mark.parametrize(
    ("period", "status", "expected"),
    [
        ("1980/1985", "asserted", ["currentColor"]),
        ("1980~/1985~", "asserted", ["in", "currentColor", "out"]),
        ("1980/..", "asserted", ["currentColor", "out"]),
        ("../1985", "asserted", ["in", "currentColor"]),
        ("1980/1985", "disputed", ["hatch"]),
    ],
)
def test_a_bar_fades_where_it_is_not_sure_and_is_hatched_where_it_is_disputed(
    root: Path, period: str, status: str, expected: list[str]
) -> None:
    """About, without an end, without a beginning, disputed: by shape, and not by colour."""
    gazetteer(root)
    made_up.put(root, told("NKT-9001", entry={"camp": OWN, "period": period, "status": status}))
    with Archive(root) as room:
        assert fills(room.picture("timeline", OWN).svg) == expected


def test_a_side_of_which_nothing_is_stated_is_left_open(root: Path) -> None:
    """A camp of which no closing is stated is not drawn as closed, and not as at work."""
    gazetteer(root, statements=[stated("opened", date="1971")])
    made_up.put(root, told("NKT-9001", entry={"camp": OWN}))
    with Archive(root) as room:
        looks = [each.get("stroke-dasharray") for each in fromstring(room.picture("timeline").svg).iter(f"{SVG}rect")]
        assert "4 2" in looks


def test_a_camp_that_sources_place_apart_has_a_dot_for_each_and_a_line(on: Archive) -> None:
    """By the positions of the gazetteer, each with its source; the distance is that on a sphere."""
    positions = [each for each in items(on, "map", "kwalliso-22") if each["what"] == "position"]
    assert len(positions) == 2
    assert all(each["sources"] for each in positions)
    drawing = fromstring(on.picture("map", "kwalliso-22").svg)
    assert len(list(drawing.iter(f"{SVG}circle"))) == 4  # on the outline, and from near by
    assert "up to 7.0 km apart" in on.picture("map", "kwalliso-22").summary


def test_kilometres_are_those_of_a_sphere() -> None:
    """A degree of latitude, and one of longitude at sixty degrees, which is half as long."""
    here, north, east = (Position(*at, (), ("", "")) for at in ((60.0, 10.0), (61.0, 10.0), (60.0, 11.0)))
    assert kilometres(here, north) == pytest.approx(111.195, abs=0.01)
    assert kilometres(here, east) == pytest.approx(55.6, abs=0.01)
    assert kilometres(here, here) == 0


def test_a_camp_without_a_position_has_no_dot(on: Archive) -> None:
    """It says so in words, and what is stated of its place stands in the table."""
    picture = on.picture("map", "kwalliso-11")
    assert picture.is_empty
    assert "No source of the gazetteer gives a position" in picture.summary
    assert "Kyongsong County" in picture.tables[0].rows[0][1]
    assert "Kyongsong County" in text_of(on, "map", "kwalliso-11", "svg")


def test_estimates_stand_side_by_side_and_are_never_added_up(root: Path) -> None:
    """Each with its estimator, range and source; no figure is drawn that nobody gave."""
    gazetteer(
        root,
        statements=[
            stated("population", value="500", estimator="One, made up", date="1980", measure="held"),
            stated("population", minimum="700", maximum="900", estimator="Two, made up", date="1980", measure="held"),
        ],
    )
    made_up.put(root, told("NKT-9001"))
    with Archive(root) as room:
        picture = room.picture("estimates", OWN)
        figures = {int(each.replace(",", "")) for row in picture.tables[0].rows for each in re.findall(r"\d[\d,]*", row[2])}
        assert figures == {500, 700, 900}
        words = words_of(picture.svg)
        assert "1,200" not in words
        assert "1,400" not in words
        assert {"A One, made up", "B Two, made up"} <= {each.text for each in fromstring(picture.svg).iter(f"{SVG}text")}


def test_an_unknown_kind_is_said_to_be_none(on: Archive) -> None:
    """With those that there are."""
    with pytest.raises(UnknownTerm, match="no picture 'pie'"):
        on.picture("pie")


# The outline


def test_a_collection_on_another_subject_has_no_outline_of_ours(root: Path) -> None:
    """The dots alone are drawn, and it says so."""
    place = {"latitude": "10.5", "longitude": "20.5", "cites": []}
    gazetteer(root, coordinates=[place])
    made_up.put(root, made_up.record(made_up.header("NKT-9001"), "Made up."))
    with Archive(root) as room:
        picture = room.picture("map", OWN)
        assert "brings no outline" in picture.summary
        assert not any("Natural Earth" in source for source in picture.sources)
        assert [each for each in fromstring(picture.svg).iter(f"{SVG}path") if each.get("d", "").endswith("Z")] == []


def test_a_collection_brings_an_outline_of_its_own(root: Path) -> None:
    """As KML has corners; where it comes from stands below the map."""
    own = {"source": "Made up", "licence": "None", "rings": ["20,10 21,10 21,11 20,10"]}
    gazetteer(root, coordinates=[{"latitude": "10.5", "longitude": "20.5", "cites": []}])
    (root / "authorities" / "outline.yaml").write_text(json.dumps({"outline": own}), encoding="utf-8")
    made_up.put(root, made_up.record(made_up.header("NKT-9001"), "Made up."))
    with Archive(root) as room:
        picture = room.picture("map")
        assert "Outline: Made up (None)." in picture.reading
        assert len([each for each in fromstring(picture.svg).iter(f"{SVG}path") if each.get("d", "").endswith("Z")]) == 1


@pytest.mark.parametrize("ring", ["20,10 21,10 21,11", "20,10 21,10 21,11 20,11", "20,10 200,10 21,11 20,10", "a b c a", ""])
def test_an_outline_that_is_none_is_a_fault_of_its_file(root: Path, ring: str) -> None:
    """Too short, not closed, not on the earth, no numbers: named with the file and the line."""
    gazetteer(root)
    own = {"source": "Made up", "licence": "None", "rings": [ring]}
    (root / "authorities" / "outline.yaml").write_text(json.dumps({"outline": own}), encoding="utf-8")
    made_up.put(root, made_up.record(made_up.header("NKT-9001"), "Made up."))
    with Archive(root) as room, pytest.raises(InvalidAuthorities) as caught:
        room.picture("map")
    assert caught.value.faults[0].path == "authorities/outline.yaml"


# As files


@pytest.fixture(scope="module")
def on(shipped: Path) -> Iterator[Archive]:
    """The shipped archive."""
    with Archive(shipped) as room:
        yield room


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("camp", ["kwalliso-15", ""])
@pytest.mark.parametrize("kind", PICTURES)
def test_a_drawing_is_sound_in_one_colour_and_described(on: Archive, kind: str, camp: str, language: str) -> None:
    """A sanitiser finds nothing to take out; each has a title, a description, and the colour of the text around it."""
    with speaking(language):
        picture = on.picture(kind, camp)
        assert sound(pictures.figure(picture))
        alone = on.picture_file(picture, "svg").decode()
        on.picture_file(picture, "html")  # whose sink refuses what is not sound
    for written in (picture.svg, alone):
        svg = fromstring(written)
        ids = [each.get("id") for each in svg.iter() if each.get("id")]
        assert len(ids) == len(set(ids))
        assert set(svg.get("aria-labelledby", "").split()) <= set(ids)
        assert svg.get("role") == "img"
        paints = {each.get(name) for each in svg.iter() for name in ("fill", "stroke", "stop-color") if each.get(name)}
        colours = {
            paint
            for paint in paints
            if paint not in {None, "none", "currentColor"} and not str(paint).startswith("url(#picture-")
        }
        assert colours <= ({"#ffffff"} if written is alone else set())
        assert {each.tag.removeprefix(SVG) for each in svg.iter()}.isdisjoint({"style", "script", "a", "image", "foreignObject"})
    assert all(len(table.columns) == len(row) for table in picture.tables for row in table.rows)


def test_pictures_on_one_page_have_ids_of_their_own(on: Archive) -> None:
    """So that a fading end of one is not that of another."""
    page = "".join(pictures.figure(on.picture(kind, camp)) for kind in PICTURES for camp in ("kwalliso-14", "kwalliso-22", ""))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", PICTURES)
def test_what_programs_read_is_the_same_in_every_language_and_each_time(on: Archive, kind: str) -> None:
    """The JSON in Korean is the JSON in English; two drawings are the same bytes."""
    english = on.picture_file(on.picture(kind, "kwalliso-15"), "json")
    assert on.picture_file(on.picture(kind, "kwalliso-15"), "svg") == on.picture_file(on.picture(kind, "kwalliso-15"), "svg")
    with speaking("ko"):
        korean = on.picture(kind, "kwalliso-15")
        assert on.picture_file(korean, "json") == english
        assert re.search("[가-힣]", korean.title)


def test_names_that_mean_harm_are_words(root: Path) -> None:
    """Of a camp, a witness and a source: neither an element nor an order to a terminal or a page."""
    harm = "<script>alert(1)</script>\"' onload=x ]]>\u202e\x07 &amp;"
    gazetteer(root, label={"en": harm}, statements=[stated("opened", harm, date="1971"), stated("population", harm, value="5")])
    witness = {"name": "<img src=x>", "name_kind": "pseudonym", "connection": "victim"}
    made_up.put(root, told("NKT-9001", witness=witness, entry={"camp": OWN}))
    with Archive(root) as room:
        for kind in PICTURES:
            picture = room.picture(kind, OWN)
            page = room.picture_file(picture, "html").decode()
            for written in (page, room.picture_file(picture, "svg").decode()):
                assert "<script" not in written
                assert "<img" not in written
                assert "\u202e" not in written


def test_a_sink_takes_no_part_that_no_drawing_of_ours_has() -> None:
    """Neither an element, nor an attribute, nor a colour; and a page holds a drawing that the sink made alone."""
    for name, attributes in (("script", {}), ("rect", {"style": "x"}), ("rect", {"fill": "url(http://x)"}), ("a", {"href": "x"})):
        with pytest.raises(Exception, match="no drawing of ours"):
            draw(name, **attributes)
    with pytest.raises(Exception, match="no page of ours"):
        sound(element("p", Markup('<svg onload="x"></svg>')))


def test_a_picture_of_points_is_drawn(on: Archive) -> None:
    """By typst: a PNG, twice as wide as the drawing is shown, and the same each time."""
    pytest.importorskip("typst")
    content = on.picture_file(on.picture("map", "kwalliso-22"), "png")
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20]) == 1200
    assert content == on.picture_file(on.picture("map", "kwalliso-22"), "png")


def test_no_empty_boxes_are_drawn_for_hangul(on: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no font with Hangul is installed, a picture with Hangul is refused with what to do."""

    @dataclasses.dataclass
    class Fonts:
        def families(self) -> list[str]:
            return ["Libertinus Serif"]

    typst = pytest.importorskip("typst")
    monkeypatch.setattr(typst, "Fonts", Fonts)
    assert _typesetting.HANGUL_FONTS
    with speaking("ko"), pytest.raises(CannotTypeset):
        on.picture_file(on.picture("map", "kwalliso-22"), "png")


# As pages


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", PICTURES)
def test_a_page_of_the_room_has_the_whole_of_a_picture(on: Archive, kind: str, language: str) -> None:
    """Its tables, drawing and caveats under the title as heading, and links to the other pictures of the camp."""
    with speaking(language):
        context = PageContext(RoomLinks(), on.authorities)
        shown = on.picture(kind, "kwalliso-22")
        page = frame.write(picture_pages.picture(shown, context), context, frame.Frame())
        assert pictures.body(shown) in page
    assert page.count("<h1") == 1
    for other in PICTURES:
        assert f'href="/{language}/i/{other}/kwalliso-22"' in page


def test_a_camp_leads_to_its_pictures_and_the_coverage_to_those_of_all(on: Archive) -> None:
    """Each is one link away from where it is looked for."""
    context = PageContext(RoomLinks(), on.authorities)
    camp, counted = on.camp("22"), on.stats()
    of_camp = frame.write(authority.camp(camp.facility, camp.results, context), context, frame.Frame())
    of_all = frame.write(
        weighing.coverage(counted.testimonies, counted.passages, counted.counts, counted.spread, context), context, frame.Frame()
    )
    for kind in PICTURES:
        assert f'href="/en/i/{kind}/kwalliso-22"' in of_camp
        assert f'href="/en/i/{kind}"' in of_all


def test_a_site_without_pictures_names_none(on: Archive) -> None:
    """A list of words that lead nowhere would only be in the way."""
    context = PageContext(EditionLinks("en/c/kwalliso-22", frozenset({"camp"})), on.authorities, is_edition=True)
    assert picture_pages.links(context, on.authorities.gazetteer["kwalliso-22"]) == ""


def test_the_style_sheet_of_the_site_has_that_of_pictures() -> None:
    """Or a drawing would be as wide as the page, and a table wider."""
    assert pictures.STYLE in assets.read(STYLE)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("kind", "camp"), [("timeline", "kwalliso-15"), ("coverage", ""), ("estimates", "")])
@pytest.mark.parametrize("most", [9_000, 25_000, picture_pages.MOST])
def test_no_part_of_a_long_picture_leaves_without_its_caveats(
    on: Archive, kind: str, camp: str, language: str, most: int
) -> None:
    """Every row and every caveat stands in one part in words, and every part names the caveats that stand in the others."""
    with speaking(language):
        shown = on.picture(kind, camp)
        every = pictures.in_parts(shown, most)
        assert [caveat for part in every for caveat in part.caveats] == list(shown.caveats)
        bodies = [words_of(f"<p>{part.inside}</p>") for part in every]
        for table in shown.tables:
            for row in table.rows:
                assert any(all(" ".join(cell.split()) in " ".join(said.split()) for cell in row) for said in bodies), row
        assert sum(part.inside.count("<svg") for part in every) == 1
        for number in range(1, len(every) + 1):
            page = (
                picture_pages.picture(shown, PageContext(RoomLinks(), on.agreed), number) if most == picture_pages.MOST else None
            )
            if page is None:
                continue
            said = " ".join(words_of(f"<p>{page.main}</p>").split())
            for caveat in shown.caveats:
                assert " ".join(caveat.label.split()) in said
            assert len(page.main.encode()) < 56_000


def test_a_picture_that_fits_is_one_page(on: Archive) -> None:
    """A control: it is what it was, and links to no part."""
    shown = on.picture("map", CAMP)
    (part,) = pictures.in_parts(shown, picture_pages.MOST)
    assert part.inside == pictures.body(shown)
    assert "part=" not in picture_pages.picture(shown, PageContext(RoomLinks(), on.agreed)).lead
