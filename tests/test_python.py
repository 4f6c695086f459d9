"""The public Python interface: what is exposed, that its examples run, that it is loaded late, and what it shows."""

import doctest
import inspect
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

import archive
import attacks
import made_up
from archive import errors
from archive.archive import Archive
from archive.citing.excerpt import Excerpt, RecordOutput, RenderedHit, SearchOutput
from archive.cli._options import FILTER_OPTIONS
from archive.cli.group import COMMANDS
from archive.keeping import _new_record as new_record
from archive.keeping import _notes as notes
from archive.keeping import keeper
from archive.record.testimony import Reference
from archive.search.filters import ALONE, FILTERS, FilterOptions, SearchOptions
from archive.search.model import Query
from caveats_travel_parts import SLOW, Made, collections, in_force, laid, token
from examples import TIMES
from house import NOT_FOR_A_SEARCH
from loading import among
from running import TOP, Run

PAGE = TOP / "docs" / "python.md"
ON_PAGE = doctest.IGNORE_EXCEPTION_DETAIL


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shipped collection as the folder `collection`, and the process beside it."""
    shutil.copytree(TOP / "testimonies", tmp_path / "collection" / "testimonies")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_of_the_page_run(beside: Path) -> None:
    """What a reader copies gives what stands there."""
    page = doctest.DocTestParser().get_doctest(PAGE.read_text(encoding="utf-8"), {}, PAGE.name, str(PAGE), 0)
    assert len(page.examples) > 15
    assert doctest.DocTestRunner(optionflags=ON_PAGE).run(page).failed == 0


def test_the_examples_of_the_methods_run(beside: Path) -> None:
    """So do those that `help` shows."""
    with Archive("collection") as opened:
        found = doctest.DocTestFinder(recurse=True).find(Archive, "Archive", module=False, extraglobs={"archive": opened})
        runner = doctest.DocTestRunner(optionflags=ON_PAGE)
        for each in found:
            assert runner.run(each).failed == 0, each.name
    assert runner.summarize(verbose=False).attempted > 5


def test_an_example_that_does_not_hold_is_seen() -> None:
    """The control."""
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    assert doctest.DocTestRunner().run(wrong, out=lambda _: None).failed == 1


def test_the_package_exposes_the_archive_and_every_error() -> None:
    """Nothing else is public, and no error is left out."""
    named = {name for name, each in vars(errors).items() if inspect.isclass(each) and issubclass(each, errors.ArchiveError)}
    assert set(archive.__all__) == {"Archive", "__version__", *named}
    assert dir(archive) == sorted(archive.__all__)
    assert archive.Archive is Archive
    assert archive.UnknownCode is errors.UnknownCode
    with pytest.raises(AttributeError, match="no attribute 'Query'"):
        _ = archive.Query  # type: ignore[attr-defined]


def modules_after(code: str, root: Path) -> set[str]:
    """Give the modules that a script loads."""
    told = f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*set(sys.modules) - before)"
    command = [sys.executable, "-c", told, str(root)]
    return set(subprocess.run(command, check=True, capture_output=True, text=True, cwd=TOP).stdout.split())


def test_the_package_loads_nothing_before_it_is_asked(shipped: Path) -> None:
    """`import archive` loads no module of ours but itself; the class nothing slow, nor a search on a fresh index."""
    root = shipped
    assert {each for each in modules_after("import archive", root) if each.startswith("archive")} == {"archive"}
    assert not among(modules_after("from archive import Archive", root), NOT_FOR_A_SEARCH)
    search = "from archive import Archive\nwith Archive(sys.argv[1]) as opened:\n    opened.search('hunger')"
    modules = modules_after(search, root)
    assert "archive.engine.whoosh.searcher" in modules
    assert not among(modules, NOT_FOR_A_SEARCH)


def test_every_command_has_its_methods_on_the_page() -> None:
    """Whoever adds a command adds the method that does it, and names it."""
    rows = [line.split("|")[1:3] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    methods = {row[0].strip(" `"): [each for each in row[1].split("`")[1::2] if not each.startswith("--")] for row in rows}
    assert set(methods) == set(COMMANDS)
    for command, names in methods.items():
        assert names, command
        for name in names:
            assert inspect.getdoc(getattr(Archive, name)), name


def test_options_in_python_are_those_of_the_commands() -> None:
    """A filter or a field that comes to be in one place comes to be in both."""
    assert set(FilterOptions.__annotations__) == set(FILTERS) == {*FILTER_OPTIONS, *ALONE}
    assert set(SearchOptions.__annotations__) - set(FilterOptions.__annotations__) == {*Query._fields} - {"words", "filters"}
    assert set(new_record.RecordFields.__annotations__) == set(new_record.Given._fields)
    assert set(notes.NoteFields.__annotations__) == set(notes.NoteRequest._fields) - {"about", "flag"}
    assert issubclass(Archive, keeper.Keeper)


def test_a_method_gives_what_its_command_prints(beside: Path, on_shipped: Run) -> None:
    """The same objects, so the same bytes."""
    with Archive("collection") as opened:
        answer = opened.search("hunger", camp="14", limit=3)
        assert (
            opened.written(answer, "json")
            == on_shipped("search", "hunger", "--camp", "14", "--limit", "3", "--format", "json").out
        )
        pages = opened.show("NKT-0001", "markdown")
        assert opened.written(pages, "markdown") == on_shipped("show", "NKT-0001", "--format", "markdown").out
        (cited,) = opened.cite("NKT-0001#p3")
        printed = json.loads(on_shipped("cite", "NKT-0001#p3", "--format", "json").out)
        assert printed["citations"] == [{**cited.fields(), "styled": None, "source_styled": None, "notes": list(cited.notes)}]


def test_an_unknown_filter_is_named(beside: Path) -> None:
    """A slip in a name is a fault like a slip in a value, and no filter is passed over."""
    with Archive("collection") as opened, pytest.raises(errors.UnknownTerm, match="no filter 'camps'"):
        opened.search("hunger", camps="14")  # type: ignore[call-arg]


def test_a_folder_that_is_no_collection_is_refused(tmp_path: Path) -> None:
    """No index is made in a folder that was named by mistake."""
    with pytest.raises(errors.NoCollection):
        Archive(tmp_path)
    assert list(tmp_path.iterdir()) == []


@settings(SLOW, max_examples=3 * TIMES)
@given(collections())
def test_nothing_shows_itself_in_a_notebook_without_caveats_and_citation(records: list[Made]) -> None:
    """An answer, a hit, a record and an excerpt: all caveats in force, no other, and the citation; as HTML and as text."""
    expected = in_force(records)
    with tempfile.TemporaryDirectory() as folder, Archive(laid(Path(folder), records)) as opened:
        answer = opened.search("coal", limit=None, sort="code")
        assert {(each.hit.passage.code, each.hit.passage.number) for each in answer.shown} == set(expected)
        for hit in answer.shown:
            place = (hit.hit.passage.code, hit.hit.passage.number)
            one = SearchOutput(answer.results, (hit,), answer.authorities)
            for shown in (hit, hit.excerpt, one):
                holds(shown._repr_html_(), expected[place], place, hit.hit.passage.sha256)
            assert all(token(*each) in repr(shown) for shown in (hit, hit.excerpt) for each in expected[place])
            pages = opened.show(Reference(place[0], (place[1],)))
            holds(pages._replace(citation="")._repr_html_(), expected[place], place, hit.hit.passage.sha256, whole=True)


def holds(html: str | None, caveats: set[tuple[str, str]], place: tuple[str, int], sha256: str, *, whole: bool = False) -> None:
    """See that a fragment has every caveat and the mark of the citation, is sound, and has no caveat that is not in force."""
    assert html
    text = attacks.judged(html).text
    for each in caveats:
        assert token(*each) in text, (place, each)
        assert text.count(token(*each)) >= 2, "beside the words, and in the citation"
    others = {(code, f"n{number}") for code in ("NKT-9001", "NKT-9002", "NKT-9003", "NKT-9004") for number in range(1, 4)}
    assert whole or not [each for each in others - caveats if token(*each) in text]
    assert f"{place[0]}#p{place[1]} · " in text
    assert f"sha256:{sha256}" in text


def test_a_fragment_without_its_caveats_is_found_out(root: Path) -> None:
    """The control: what forgets the notes fails the test above."""
    note = made_up.note("n1", "contradicted", f"Made up: {token('NKT-9001', 'n1')}.")
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": [note]}), "Coal."))
    with Archive(root) as opened:
        (hit,) = opened.search("coal").shown
        place, sha256 = ("NKT-9001", 1), hit.hit.passage.sha256
        holds(hit._repr_html_(), {("NKT-9001", "n1")}, place, sha256)
        for forgetful in (hit.excerpt._replace(notes=()), hit.excerpt._replace(citation="")):
            with pytest.raises(AssertionError):
                holds(RenderedHit(hit.hit, forgetful)._repr_html_(), {("NKT-9001", "n1")}, place, sha256)


def test_words_of_a_record_are_no_markup_in_a_notebook(root: Path) -> None:
    """Whatever a record holds, a notebook shows it as words."""
    for number, attack in enumerate([*attacks.SCRIPTS.values(), *attacks.KEPT], start=1):
        made_up.put(root, made_up.record(made_up.header(f"NKT-{number:04}", title=f"Coal {attack}"[:100]), f"Coal {attack}"))
    with Archive(root) as opened:
        answer = opened.search("coal", limit=None)
        assert answer.shown
        shown: list[SearchOutput | RecordOutput | RenderedHit | Excerpt] = [answer, *answer.shown]
        for each in shown:
            html = each._repr_html_()
            assert html
            assert not attacks.judged(html).dangers
