"""The caveats travel: random records with random notes and relations, every format, every command.

What must be in force is worked out here a second time, slowly and plainly. The
registry of formats is walked, so a format that drops a caveat or the mark of
the citation fails without anyone adding a test for it. ``CAVEAT_COLLECTIONS=500`` draws as many.
"""

import json
import os
import tempfile
from pathlib import Path

import click
import pytest
from hypothesis import given, settings

import made_up
from archive.archive import Archive
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.cli.group import COMMANDS, group
from archive.documents.pandoc import STYLES
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.styled import style_entry
from archive.formats.registry import FILES, FORMATS, PARALLEL, RECORDS, parallel_writer, writer
from archive.record.testimony import Reference
from archive.search.model import Filters, Query
from caveats_travel_parts import CODES, DAY, SLOW, Made, collections, in_force, in_version, laid, token
from examples import TIMES


def test_a_note_that_stands_only_further_on_reaches_who_relies_on_it_at_second_hand() -> None:
    """Replaced where the record between has it, in force at what that one relies on: it is handed on from there."""
    by = [{"paragraphs": [1], "with": ["NKT-9001#p1"]}, {"paragraphs": [1], "with": [], "replaces": "n1"}]
    notes = [
        made_up.note(f"n{at}", "caution", token("NKT-9002", f"n{at}"), about={"paragraphs": each.pop("paragraphs")}, **each)
        for at, each in enumerate(by, start=1)
    ]
    on = {number: [{"code": f"NKT-900{number - 1}", "paragraphs": [1], "of": [1]}] for number in (2, 3)}
    records = [
        {
            "code": f"NKT-900{at}",
            "size": 1,
            "rendering": "summary",
            "notes": notes if at == 2 else [],
            "relations": on.get(at, []),
        }
        for at in (1, 2, 3)
    ]
    n1, n2 = ("NKT-9002", "n1"), ("NKT-9002", "n2")
    expected = {("NKT-9001", 1): {n1}, ("NKT-9002", 1): {n2}, ("NKT-9003", 1): {n1, n2}}
    assert in_force(records) == expected
    with tempfile.TemporaryDirectory() as folder, Archive(laid(Path(folder), records)) as room:
        for at, (place, notes_there) in enumerate(expected.items()):
            holds_alone(searched(room, at, "text"), notes_there, place)


def holds(text: str, expected: set[tuple[str, str]], where: object) -> None:
    """See that a text has every caveat, and says where a foreign one comes from."""
    for origin, note in expected:
        assert token(origin, note) in text, (where, origin, note)
        assert origin in text, (where, origin)


def holds_alone(text: str, expected: set[tuple[str, str]], where: object) -> None:
    """See besides that none is there that is not in force: a replaced one, or that of another passage."""
    holds(text, expected, where)
    present = {(other, f"n{number}") for other in CODES for number in range(1, 4) if token(other, f"n{number}") in text}
    assert present == expected, where


def marked(text: str, reference: str, sha256: str) -> bool:
    """Ask whether the mark of the citation is there, with the hash; ``reference`` with the language of a version."""
    plain = " ".join(text.replace("\\", "").split())
    return f"{reference} · " in plain and f"sha256:{sha256[:16]}" in plain


@settings(SLOW, max_examples=int(os.environ.get("CAVEAT_COLLECTIONS", 4 * TIMES)))
@given(collections())
def test_no_format_of_any_command_leaves_without_caveats_and_citation(records: list[Made]) -> None:
    """Each passage through each format of a search, an excerpt and a citation; each record whole."""
    expected, early = in_force(records), in_force(records, early=True)
    with tempfile.TemporaryDirectory() as folder, Archive(laid(Path(folder), records)) as room:
        hits = room.answer(Query("coal", limit=None, sort="code")).hits
        assert {(hit.passage.code, hit.passage.number) for hit in hits} == set(expected)
        for at, hit in enumerate(hits):
            code, number = hit.passage.code, hit.passage.number
            reference = Reference(code, (number,))
            for form in FORMATS:
                texts = {"search": searched(room, at, form), **pages_of(room, reference, form)}
                told = texts["search --as-of"] = searched(room, at, form, Filters(as_of=DAY))
                late = {(each["code"], note["id"]) for each in records for note in each["notes"] if note.get("known")}
                assert "since 2005-01-01" in told.casefold() or not late & expected[code, number], form
                for command, written in texts.items():
                    # Under its passages a page has the citation of the whole record, with that one's caveats.
                    check = holds if command == "pages" else holds_alone
                    then = early[code, number] if command == "search --as-of" else set()
                    check(written, expected[code, number] | then, (form, command, code, number))
                    assert marked(written, str(reference), hit.passage.sha256), (form, command)
        for each in records:
            whole = set().union(*(caveats for place, caveats in expected.items() if place[0] == each["code"]))
            for form in FORMATS:
                for command, written in pages_of(room, Reference(each["code"]), form).items():
                    holds(written, whole, (form, command))
            for form in RECORDS:
                holds("\n".join(writer(form).pages(room.show(Reference(each["code"]), form))), whole, form)


@settings(SLOW, max_examples=int(os.environ.get("CAVEAT_COLLECTIONS", 4 * TIMES)))
@given(collections())
def test_no_format_leaves_without_them_in_another_language(records: list[Made]) -> None:
    """Words of a version, found, shown, cited, chosen or beside the record's own, have what is in force at all they stand for."""
    records[0]["version"] = records[0]["version"] or "each"
    expected = in_version(records, in_force(records))
    early = in_version(records, in_force(records, early=True))
    with tempfile.TemporaryDirectory() as folder, Archive(laid(Path(folder), records)) as room:
        hits = room.answer(Query("석탄", limit=None, sort="code")).hits
        assert {(hit.passage.code, hit.passage.number) for hit in hits} == set(expected)
        for at, hit in enumerate(hits):
            place = code, number = hit.passage.code, hit.passage.number
            reference = Reference(code, (number,))
            mark = f"{reference} · ko"
            for form in FORMATS:
                texts = {"search": searched(room, at, form, words="석탄"), **pages_of(room, reference, form, "ko")}
                texts["search --as-of"] = searched(room, at, form, Filters(as_of=DAY), words="석탄")
                texts["basket"] = "\n".join(writer(form).answer(room.excerpts(room.gather([reference], "ko"), form)))
                for command, written in texts.items():
                    check = holds if command == "pages" else holds_alone
                    then = early[place] if command == "search --as-of" else set()
                    check(written, expected[place] | then, (form, command, place))
                    assert marked(written, mark, hit.passage.sha256), (form, command)
            own = room.show(reference).shown[0].hit.passage
            for form in (*PARALLEL, "json"):
                written = "\n".join(parallel_writer(form).pages(room.parallel(reference, form, language="ko")))
                check = holds if form == "json" else holds_alone
                check(written, expected[place], (form, "--parallel", place))
                assert marked(written, str(reference), own.sha256), form
                assert marked(written, mark, hit.passage.sha256), form
        document = room.dossier("석탄", day="2001-02-03")
        for form in ("md", "html"):
            written = room.written(document, form)
            holds(written, set().union(*expected.values()), (form, "dossier"))
            assert all(marked(written, f"{hit.passage.code}#p{hit.passage.number} · ko", hit.passage.sha256) for hit in hits), (
                form
            )


@settings(SLOW, max_examples=2 * TIMES)
@given(collections())
def test_what_a_version_lacks_is_told_and_keeps_its_caveats(records: list[Made]) -> None:
    """A paragraph that is not in a version is named as a gap, and side by side its own words have theirs."""
    records[0] |= {"size": max(2, records[0]["size"]), "version": "gap"}
    expected, code = in_force(records), records[0]["code"]
    with tempfile.TemporaryDirectory() as folder, Archive(laid(Path(folder), records)) as room:
        for form in (*PARALLEL, "json"):
            written = "\n".join(parallel_writer(form).pages(room.parallel(Reference(code, (1,)), form)))
            (holds if form == "json" else holds_alone)(written, expected[code, 1], form)
            assert "not in this version" in written.replace("\\", "") or '"not_in_this_version": [\n  1\n ]' in written, form
        for form in ("text", "markdown", "html"):
            written = "\n".join(writer(form).pages(room.show(Reference(code), form, language="ko")))
            assert "not in this version" in written.replace("\\", ""), form
        assert room.show(Reference(code), "json", language="ko").missing == (1,)


def searched(
    room: Archive,
    at: int,
    form: str,
    filters: Filters = Filters(),  # noqa: B008 - a named tuple
    words: str = "coal",
) -> str:
    """Write one hit of a search."""
    results = room.answer(Query(words, limit=1, offset=at, filters=filters, sort="code"))
    return "\n".join(writer(form).answer(room.excerpts(results, form)))


def pages_of(room: Archive, wanted: Reference, form: str, language: str = "") -> dict[str, str]:
    """Write a reference in all the ways that a format has besides a search."""
    written = {}
    module = writer(form)
    if hasattr(module, "pages"):
        pages = room.show(wanted, form, language=language)
        written["pages"] = "\n".join(module.pages(pages))
    citations = room.cite(wanted, form=form, language=language)
    if hasattr(module, "entries"):
        written["cite"] = "\n".join(module.entries(each.entry for each in citations))
    written["house"] = "\n".join(each.citation for each in citations)
    return written


@settings(SLOW, max_examples=2 * TIMES)
@given(collections())
def test_no_named_style_leaves_without_them(records: list[Made]) -> None:
    """A note or an entry has each caveat in full; of each collection the passage with the most."""
    expected = in_force(records)
    code, number = max(expected, key=lambda place: len(expected[place]))
    with tempfile.TemporaryDirectory() as folder, Archive(laid(Path(folder), records)) as room:
        pages = room.show(Reference(code, (number,)), "csl-json")
        (entry,) = bibliography.passages(pages)
    for style in STYLES:
        found = style_entry(entry, style)
        for form in filter(None, (found.note, found.entry)):
            holds_alone(form, expected[code, number], (style, code, number))
            assert marked(form, f"{code}#p{number}", str(entry.known["sha256"]))


def test_the_oracle_knows_what_a_caveat_is() -> None:
    """A control: a writer that forgets the notes of others is found out."""
    note = made_up.note("n1", "contradicted", f"Made up: {token('NKT-9002', 'n1')}.", **{"with": ["NKT-9001#p1"]})
    records = [
        {"code": "NKT-9001", "size": 1, "rendering": "summary", "notes": [], "relations": []},
        {"code": "NKT-9002", "size": 1, "rendering": "summary", "notes": [note], "relations": []},
    ]
    expected = in_force(records)
    assert expected["NKT-9001", 1] == {("NKT-9002", "n1")}
    with tempfile.TemporaryDirectory() as folder, Archive(laid(Path(folder), records)) as room:
        pages = room.show(Reference("NKT-9001", (1,)), "text")
        forgetful = RecordOutput(pages.record, tuple(_without(shown) for shown in pages.shown), "", pages.authorities)
        with pytest.raises(AssertionError):
            holds("\n".join(writer("text").pages(forgetful)), expected["NKT-9001", 1], "")


def _without(shown: RenderedHit) -> RenderedHit:
    return RenderedHit(shown.hit, shown.excerpt._replace(notes=(), citation=""))


def test_every_format_that_a_command_offers_is_in_the_registry() -> None:
    """So that the walk above meets each, and `test_xlsx.py` those that are files: no command gives passages past them."""
    printing = {"search", "show", "excerpt", "cite"}
    for name in printing:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        (offered,) = (each.type.choices for each in command.params if each.name == "form")  # type: ignore[attr-defined]
        assert set(offered) <= {*FORMATS, *FILES, *(RECORDS if name == "show" else ())}, name
    assert printing <= set(COMMANDS)


def test_the_machine_formats_name_each_caveat_with_its_fields(tmp_path: Path) -> None:
    """Id, status and origin are there to be worked with, not only the sentence."""
    note = made_up.note("n1", "contradicted", "Made up.", status="resolved", **{"with": ["NKT-9001#p1"]})
    made_up.collection(
        tmp_path,
        made_up.record(made_up.header("NKT-9001"), "Coal."),
        made_up.record(made_up.header("NKT-9002", credibility={"notes": [note]}), "Snow."),
    )
    with Archive(tmp_path) as room:
        answer = room.excerpts(room.answer(Query("coal")), "csl-json")
        (item,) = json.loads("".join(writer("csl-json").answer(answer)))
    (caveat,) = item["custom"]["caveats"]
    assert {name: caveat[name] for name in ("id", "status", "from", "flag")} == {
        "id": "n1",
        "status": "resolved",
        "from": "NKT-9002",
        "flag": "contradicted",
    }
