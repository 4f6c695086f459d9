"""The keeper's desk: a form does what the command does, nothing is taken from elsewhere or twice, nothing is left lying."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import attacks
import browser
import made_up
import rooms
from archive.archive import Archive
from archive.errors import CannotWrite, IndexBusy
from examples import number_of
from rooms import HOST, OpenDesk
from running import ask_program

ONE = "ZZT-0001"
EVERY = ["", "check", "new", "import", *(f"{kind}/{ONE}" for kind in ("edit", "header", "note", "rebind", "access"))]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A public record with a caveat of its second paragraph, and a closed one."""
    note = made_up.note("n1", "caution", "The snow is in doubt.", about={"paragraphs": [2]})
    one = made_up.header(ONE, credibility={"notes": [note]}, text={"rendering": "verbatim"})
    shut = made_up.header("ZZT-0002", access={"level": "closed"}, consent={"status": "unknown"})
    made = made_up.collection(tmp_path / "kept", made_up.record(one, "Coal.", "Snow."), made_up.record(shut, "Kept back."))
    Archive(made).bind()
    return made


@pytest.fixture
def desk(root: Path) -> Iterator[OpenDesk]:
    """The desk, with somebody at it."""
    opened = OpenDesk(root)
    yield opened
    opened.close()


def state(root: Path) -> dict[str, bytes]:
    """Return all files of the records."""
    return {file.name: file.read_bytes() for file in (root / "testimonies").iterdir()}


def record(root: Path, code: str = ONE) -> str:
    """Return the text of a record's file."""
    return next((root / "testimonies").glob(f"{code}*.md")).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", EVERY)
def test_nothing_is_taken_but_from_a_page_of_this_desk(root: Path, desk: OpenDesk, page: str) -> None:
    """Not from another site, not without where it comes from, not without the token, not without the key."""
    before, path = state(root), f"/en/{page}"
    opened = rooms.forms_of(desk.client.get(path).text)
    form = {
        **(opened[0] if opened else {}),
        "do": "save",
        "title": "Made up",
        "words": "Else.",
        "reason": "Made up",
        "sure": "yes",
    }
    for origin in ("", "null", "http://example.org", f"https://{HOST}", f"http://{HOST}.example.org", f"http://{HOST}:1"):
        assert desk.send(path, form, Origin=origin).status_code == 403
    assert desk.client.post(path, data=form).status_code == 403
    for token in ("", "guessed", desk.access_key.token):
        assert desk.send(path, {**form, "token": token}).status_code == 403
    assert desk.send(path, form, Host="example.org").status_code == 403
    other = desk.client.application.test_client()
    assert other.post(path, data=form, headers={"Origin": f"http://{HOST}"}).status_code == 403
    assert state(root) == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_is_known(desk: OpenDesk, method: str) -> None:
    """GET, HEAD and POST alone."""
    answer = desk.client.open("/en/", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")


def test_the_room_of_readers_has_no_page_of_the_desk(root: Path) -> None:
    """And no form that changes anything; nor has the desk a page of theirs."""
    with rooms.room(root) as client:
        for page in EVERY[1:]:
            assert client.get(f"/en/{page}").status_code == 404
        for _, answer in rooms.walk(client, "/en/", 60):
            assert not re.search(r'method="?post', answer.text, re.IGNORECASE)
    desk = OpenDesk(root)
    for page in ("r/ZZT-0001", "search?q=coal", "p/ZZT-0001/1", "records", "r/ZZT-0001.json"):
        assert desk.client.get(f"/en/{page}").status_code == 404
    desk.close()


def test_a_form_that_is_sent_twice_is_done_once(root: Path, desk: OpenDesk) -> None:
    """As by going back, or a second press."""
    form = {**desk.form("/en/new"), "title": "Made up", "do": "save"}
    assert desk.send("/en/new", form).status_code == 200
    before = state(root)
    again = desk.send("/en/new", form)
    assert (again.status_code, "was sent already" in again.text, state(root)) == (400, True, before)


@pytest.mark.parametrize("page", [f"header/{ONE}", "new", f"access/{ONE}"])
def test_a_form_that_writes_when_it_is_sent_is_not_done_for_being_looked_at(root: Path, desk: OpenDesk, page: str) -> None:
    """It is taken once however it is sent; and of a record, only where it says of which text it was made."""
    number = 1 if page.startswith("access") else 0
    said = {"title": "Another", "reason": "Made up", "sure": "yes"}
    form = {**desk.form(f"/en/{page}", number), **said, "do": "close" if number else "look"}
    assert desk.send(f"/en/{page}", {**form, "once": ""}).status_code == 400
    before = state(root)
    if page != "new":
        assert "changed since you opened it" in desk.send(f"/en/{page}", {**form, "base": ""}).text
        assert state(root) == before
        form = {**desk.form(f"/en/{page}", number), **said, "do": form["do"]}
    assert desk.send(f"/en/{page}", form).status_code == 200
    after = state(root)
    assert after != before
    assert desk.send(f"/en/{page}", form).status_code == 400
    assert state(root) == after


def test_a_form_does_what_the_command_does(root: Path, desk: OpenDesk, tmp_path: Path) -> None:
    """The same bytes: a record begun, a caveat added, a field set, a record opened and one taken back."""
    other = tmp_path / "other"
    made_up.collection(other)
    for file, content in state(root).items():
        (other / "testimonies" / file).write_bytes(content)
    desk.fill("/en/new", title="A made-up guard", connection="perpetrator", by="A. Keeper", do="save")
    desk.fill(f"/en/note/{ONE}", paragraphs="1", flag="contested", statement="It was dry.", by="A. Keeper", do="save")
    desk.fill(f"/en/header/{ONE}", title="Made up anew", recorded__date="2003-05", by="A. Keeper", do="save")
    desk.fill("/en/access/ZZT-0002", 0, consent="given", level="restricted", by="A. Keeper", do="open")
    desk.fill(f"/en/access/{ONE}", 2, reason="Made up", sure="yes", by="A. Keeper", do="withdraw")
    for asked in (
        ("new", "A made-up guard", "--connection", "perpetrator"),
        ("note", f"{ONE}#p1", "--flag", "contested", "--statement", "It was dry.", "--by", "A. Keeper"),
        ("set", ONE, "title=Made up anew", "recorded.date=2003-05", "--by", "A. Keeper"),
        ("open", "ZZT-0002", "--consent", "given", "--level", "restricted", "--by", "A. Keeper"),
        ("withdraw", ONE, "--reason", "Made up", "--by", "A. Keeper"),
    ):
        ran = ask_program(other, *asked)
        assert ran.code == 0, ran.err
    mine, theirs = state(root), state(other)
    begun = next(name for name in mine if name.startswith("NKT-"))
    mine[begun] = mine[begun].replace(b"A. Keeper", b"archive")  # `new` has no --by
    assert mine == theirs


def test_words_are_looked_at_saved_and_what_hangs_on_them_is_shown(root: Path, desk: OpenDesk) -> None:
    """A look writes nothing; a caveat whose words changed is bound anew by who has read both."""
    before = state(root)
    told = desk.fill(f"/en/edit/{ONE}", words="Coal.\r\n\r\nSnow fell.\r\n", do="look")
    assert ("Out: Snow." in told, "In: Snow fell." in told, state(root)) == (True, True, before)
    told = desk.fill(f"/en/edit/{ONE}", words="Coal.\r\n\r\nSnow fell.\r\n", change="A word", by="A. Keeper", do="save")
    assert "1 note, claim or link hangs on words that have changed" in told
    assert record(root).endswith("\nCoal.\n\nSnow fell.\n")
    assert "change: A word" in record(root)
    told = desk.fill(f"/en/rebind/{ONE}", to="1", do="look")
    assert "The words nowParagraph 1: Coal." in told
    wrong = desk.send(f"/en/rebind/{ONE}", {**desk.form(f"/en/rebind/{ONE}"), "to": "1", "do": "save"})
    assert ("other words" in wrong.text, Archive(root).stale(ONE) != ()) == (True, True)
    desk.fill(f"/en/rebind/{ONE}", do="save")
    assert Archive(root).stale(ONE) == ()


def test_a_text_that_changed_meanwhile_is_not_written_over(root: Path, desk: OpenDesk) -> None:
    """What was typed stays in the form."""
    form = desk.form(f"/en/edit/{ONE}")
    file = next((root / "testimonies").glob(f"{ONE}*.md"))
    file.write_bytes(file.read_bytes().replace(b"Coal.", b"Coal and ice."))
    before = state(root)
    answer = desk.send(f"/en/edit/{ONE}", {**form, "words": "Mine.", "do": "save"})
    assert ("has changed since" in answer.text, rooms.forms_of(answer.text)[0]["words"], state(root)) == (True, "Mine.", before)


def test_what_is_wrong_stands_beside_its_field(root: Path, desk: OpenDesk) -> None:
    """And nothing is written of a form of which a part is wrong."""
    before = state(root)
    form = {**desk.form(f"/en/header/{ONE}"), "period": "never", "title": "Else", "do": "save"}
    page = desk.send(f"/en/header/{ONE}", form).text
    found = re.search(r'<input[^>]* name="period"[^>]*>', page)
    assert found
    described = re.search(r'aria-describedby="([^"]*)"', found[0])
    assert described
    ids = described[1].split()
    assert f'id="{ids[-1]}" class="wrong">' in page
    assert "is no date in EDTF" in page.split(f'id="{ids[-1]}"')[1].split("</p>")[0]
    assert state(root) == before
    page = desk.send(
        f"/en/edit/{ONE}?part=file", {**desk.form(f"/en/edit/{ONE}?part=file"), "words": "no header", "do": "save"}
    ).text
    assert 'class="wrong"' in page
    assert state(root) == before


def test_files_are_shown_first_and_leave_nothing(root: Path, desk: OpenDesk) -> None:
    """They come in closed; the name that a file had, which may tell of a person, is in nothing that is kept."""
    before, files = state(root), [(io.BytesIO(b"Interviewer: Where?\n\nWitness: By a river.\n"), "Gildongmade ../x.txt")]
    looked = desk.client.post(
        "/en/import",
        data={**desk.form("/en/import"), "do": "look", "files": files},
        headers={"Origin": f"http://{HOST}"},
        content_type="multipart/form-data",
    )
    assert ("would write" in looked.text, "2" in looked.text, state(root)) == (True, True, before)
    done = desk.send("/en/import", {**rooms.forms_of(looked.text)[0], "do": "save"})
    (name,) = set(state(root)) - set(before)
    assert "wrote" in done.text
    assert "closed" in record(root, "NKT-")
    assert "Gildongmade" not in name + record(root, "NKT-")
    assert sorted(each.name for each in root.iterdir()) == ["index", "testimonies"]


def test_files_of_which_nothing_comes_are_not_offered_to_be_written(desk: OpenDesk) -> None:
    """Empty, encrypted, cut off, or of no kind that is read: each is named with why, and others can be chosen."""
    files = {
        "none.txt": b"",
        "locked.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000),
        "cut.docx": b"PK\x03\x04",
        "a.exe": b"MZ",
    }
    for several in (list(files), *([name] for name in files)):
        looked = desk.client.post(
            "/en/import",
            data={**desk.form("/en/import"), "do": "look", "files": [(io.BytesIO(files[name]), name) for name in several]},
            headers={"Origin": f"http://{HOST}"},
            content_type="multipart/form-data",
        )
        assert [name for name in several if name not in looked.text] == []
        assert (rooms.forms_of(looked.text), "Choose other files" in looked.text) == ([], True)


def test_the_language_of_a_new_record_is_seen_before_it_is_written(desk: OpenDesk) -> None:
    """That of the page is proposed in its field, and not written behind the person's back."""
    assert [desk.form(f"/{language}/new")["language"] for language in ("en", "ko")] == ["en", "ko"]


def test_what_was_laid_out_goes_when_the_desk_is_closed(root: Path) -> None:
    """Also what nobody decided on."""
    desk = OpenDesk(root)
    desk.client.post(
        "/en/import",
        data={**desk.form("/en/import"), "do": "look", "files": [(io.BytesIO(b"Words."), "made-up.txt")]},
        headers={"Origin": f"http://{HOST}"},
        content_type="multipart/form-data",
    )
    assert any(each.name.startswith(".editing") for each in root.iterdir())
    desk.close()
    assert sorted(each.name for each in root.iterdir()) == ["index", "testimonies"]


def test_signs_that_a_form_would_change_are_not_edited_in_one(root: Path, desk: OpenDesk) -> None:
    """A sign without width would come back as something else: the command is named."""
    file = next((root / "testimonies").glob(f"{ONE}*.md"))
    file.write_bytes(file.read_bytes().replace(b"Coal.", "Co\u200bal.".encode()))
    answer = desk.client.get(f"/en/edit/{ONE}")
    assert (answer.status_code, f"testimony edit {ONE}" in answer.text) == (500, True)


def test_no_key_opens_a_sealed_record_here(root: Path, tmp_path: Path) -> None:
    """An identity that is named is refused before anything is opened."""
    ran = ask_program(root, "--identity", str(tmp_path / "key"), "web", "--keeper", "--no-browser")
    assert (ran.code, "opens no sealed record" in ran.err) == (2, True)


@pytest.mark.parametrize("attack", attacks.SCRIPTS)
def test_words_in_a_form_are_words(root: Path, desk: OpenDesk, attack: str) -> None:
    """Whatever they look like: they come back as they were, and nothing of them runs."""
    del root
    written = f"Coal {attacks.SCRIPTS[attack]}."
    page = desk.send(f"/en/edit/{ONE}", {**desk.form(f"/en/edit/{ONE}"), "words": written, "do": "look"}).text
    assert rooms.forms_of(page)[0]["words"] == written
    assert not re.search(r"<(script|img|svg|iframe|object|style|base)(?! src=./script\.js)[ >]", page)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_first_record_of_a_collection_is_begun_at_the_desk(tmp_path: Path, language: str) -> None:
    """Where no record is open to anybody yet, every page is there; so it is after the last one was closed."""
    root = made_up.collection(tmp_path / "new")
    desk = OpenDesk(root, language=language)
    for page in ("", "check", "import"):
        assert desk.client.get(f"/{language}/{page}").status_code == 200
    desk.fill(f"/{language}/new", title="Made up", words="Coal.", do="save")
    assert record(root, "NKT-0001").endswith("\nCoal.\n")
    for page in ("", *(f"{kind}/NKT-0001" for kind in ("edit", "header", "note", "rebind", "access"))):
        assert "NKT-0001" in desk.client.get(f"/{language}/{page}").text
    desk.close()


def test_every_record_that_a_keeper_can_change_is_on_the_desk(root: Path, desk: OpenDesk) -> None:
    """A restricted one too, though the desk is opened for the public, and one that nobody can read for its faults."""
    desk.fill("/en/access/ZZT-0002", 0, consent="given", level="restricted", by="A. Keeper", do="open")
    file = next((root / "testimonies").glob(f"{ONE}*.md"))
    file.write_bytes(file.read_bytes().replace(b"verbatim", b"nonsense"))
    page = desk.client.get("/en/").text
    assert "/en/edit/ZZT-0002" in page
    assert "Restricted" in page
    assert f"/en/edit/{ONE}?part=file" in page
    for kind in ("header", "note", "rebind", "access"):
        answer = desk.client.get(f"/en/{kind}/{ONE}")
        assert (answer.status_code, "there is no rendering of that name" in answer.text) == (200, True)
        assert "nonsense" in rooms.forms_of(answer.text)[0]["words"]


@pytest.mark.parametrize("page", ["header", "note", "access"])
def test_a_record_that_changed_meanwhile_is_not_changed_by_a_form_of_before(root: Path, desk: OpenDesk, page: str) -> None:
    """A header would be set back, a caveat bound to words that nobody read, other words opened; what was typed stays."""
    path = f"/en/{page}/{ONE}"
    form = desk.form(path, 1 if page == "access" else 0)
    file = next((root / "testimonies").glob(f"{ONE}*.md"))
    file.write_bytes(file.read_bytes().replace(b"Made up for a test: ", b"Another title ").replace(b"Coal.", b"Ice."))
    before = state(root)
    typed = {"header": "recorded.by", "note": "statement", "access": "reason"}[page]
    answer = desk.send(path, {**form, "paragraphs": "1", typed: "Mine.", "do": "close" if page == "access" else "save"})
    assert ("has changed since you opened it" in answer.text, state(root)) == (True, before)
    assert "Mine." in [each.get(typed) for each in rooms.forms_of(answer.text)]


@pytest.mark.parametrize(
    ("path", "field"), [("new", "words"), (f"edit/{ONE}", "words"), (f"note/{ONE}", "statement"), (f"header/{ONE}", "title")]
)
@pytest.mark.parametrize("do", ["look", "save"])
def test_signs_that_cannot_be_seen_cost_nobody_what_they_typed(
    root: Path, desk: OpenDesk, path: str, field: str, do: str
) -> None:
    """As pasted from a page of the web: they are taken out, that is said beside the field, and nothing is written of it yet."""
    before = state(root)
    form = {**desk.form(f"/en/{path}"), "title": "Made up", field: "Co\u200bal\u2028and \u202eice\x07.", "do": do}
    page = desk.send(f"/en/{path}", form).text
    assert (rooms.forms_of(page)[0][field].splitlines(), state(root)) == (["Coal", "and ice."], before)
    assert "signs that cannot be seen were taken out of this" in page
    assert desk.send(f"/en/{path}", {**rooms.forms_of(page)[0], "do": "save"}).status_code == 200
    assert state(root) != before


def test_a_field_that_no_form_can_hold_is_left_as_it_is(root: Path, desk: OpenDesk) -> None:
    """It is not offered, which is said, and not taken out where another is set."""
    file = next((root / "testimonies").glob(f"{ONE}*.md"))
    file.write_bytes(file.read_bytes().replace(b"Made up for a test: ", "Made\u200b up ".encode()))
    page = desk.client.get(f"/en/header/{ONE}").text
    assert ("title" in rooms.forms_of(page)[0], "Title holds signs" in page) == (False, True)
    desk.fill(f"/en/header/{ONE}", recorded__by="A. Keeper", do="save")
    assert "Made\u200b up" in record(root)


def test_what_was_typed_is_given_back_whatever_goes_wrong(root: Path, desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that another has, a disk that is full, a record that is gone: the page has what was typed."""
    sent = {
        "new": {"title": "Mine.", "words": "Mine."},
        f"edit/{ONE}": {"words": "Mine."},
        f"note/{ONE}": {"statement": "Mine."},
        f"header/{ONE}": {"title": "Mine."},
        f"access/{ONE}": {"reason": "Mine.", "do": "close"},
    }
    forms = {path: desk.form(f"/en/{path}", 1 if path.startswith("access") else 0) for path in sent}
    before = state(root)

    def refuse(*_: object, **__: object) -> None:
        message = "made up: no room"
        raise IndexBusy(message)

    with monkeypatch.context() as changed:
        changed.setattr("archive.storage.atomic.write_beside", refuse)
        for path, form in forms.items():
            answer = desk.send(f"/en/{path}", {**form, "do": "save", **sent[path]})
            assert ("made up: no room" in answer.text, "Mine." in answer.text) == (True, True), path
            assert rooms.forms_of(answer.text), path
    assert state(root) == before
    next((root / "testimonies").glob(f"{ONE}*.md")).unlink()
    for path in list(forms)[1:]:
        answer = desk.send(f"/en/{path}", {**forms[path], "do": "save", **sent[path]})
        assert (answer.status_code, ">Mine.</textarea>" in answer.text) == (404, True), path


def test_a_record_that_was_begun_without_its_words_is_named(root: Path, desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words are given back, so that nobody begins it a second time."""

    def refuse(*_: object, **__: object) -> None:
        message = "made up: no room"
        raise CannotWrite(message)

    monkeypatch.setattr("archive.storage.editor.copy_for_editor", refuse)
    page = desk.send("/en/new", {**desk.form("/en/new"), "title": "Made up", "words": "Mine.", "do": "save"}).text
    assert "NKT-0001 was begun; its words are not written yet: made up: no room" in page
    assert ">Mine.</textarea>" in page
    assert "Mine." not in record(root, "NKT-0001")


def test_a_consent_is_vouched_for_by_somebody(root: Path, desk: OpenDesk) -> None:
    """Who has obtained it is never proposed, not even as the one who signed before."""
    desk.fill(f"/en/note/{ONE}", statement="Made up.", by="A. Keeper", do="save")
    before = state(root)
    told = desk.fill("/en/access/ZZT-0002", 0, consent="given", level="public", do="open")
    assert ("say who has obtained or seen the consent" in told, state(root)) == (True, before)


def test_more_than_the_desk_takes_in_is_said_in_words(root: Path, desk: OpenDesk) -> None:
    """In the language of the page, and nothing is written."""
    before, form = state(root), {**desk.form(f"/ko/edit/{ONE}"), "words": "x" * 5000, "do": "save"}
    desk.client.application.config["MAX_CONTENT_LENGTH"] = 4000
    answer = desk.send(f"/ko/edit/{ONE}", form)
    assert (answer.status_code, 'lang="ko"' in answer.text or "lang=ko" in answer.text, state(root)) == (413, True, before)
    assert "Too Large" not in answer.text
    assert desk.send(f"/ko/edit/{ONE}", form, Origin="http://example.org").text == "403"


def test_lines_of_faults_are_lines_of_the_text_that_is_shown(root: Path, desk: OpenDesk) -> None:
    """Not those of the file, of which the header is not shown."""
    del root
    told = desk.fill(f"/en/edit/{ONE}", words="Coal.\n\n<!-- hidden -->", do="look")
    assert " 3: body: has an HTML comment" in f" {told.split('words of the record')[1].replace('-->', '--> ')}"


SIGNS = some.characters(min_codepoint=0x20, max_codepoint=0xD7FF, exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
TEXT = some.text(SIGNS, min_size=1)


@settings(max_examples=number_of(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(TEXT.filter(str.strip), min_size=1, max_size=3))
def test_what_is_not_changed_in_a_form_is_not_changed_in_the_file(root: Path, desk: OpenDesk, paragraphs: list[str]) -> None:
    """A text is opened and saved as it is: no byte of the file is another."""
    file = next((root / "testimonies").glob("ZZT-0002*.md"))
    above = file.read_bytes().partition(b"\n---\n")
    file.write_bytes(above[0] + above[1] + "\n\n".join(paragraphs).encode() + b"\n")
    before = state(root)
    form = desk.form("/en/edit/ZZT-0002")
    if "words" in form:  # else it holds signs that a form would change, which another test is about
        answer = desk.send("/en/edit/ZZT-0002", {**form, "words": form["words"].replace("\n", "\r\n"), "do": "save"})
        assert (answer.status_code, state(root)) == (200, before)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_everybody_can_use_each_page(root: Path, language: str) -> None:
    """By the rules of axe in a real browser, at 320 px; no page asks for anything elsewhere."""
    playwright: Any = pytest.importorskip("playwright.sync_api")
    axe: Any = pytest.importorskip("axe_playwright_python.sync_playwright")
    if not browser.CHROMIUM:
        pytest.skip("no chromium here")
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag22aa"]}, "resultTypes": ["violations"]}
    file = next((root / "testimonies").glob(f"{ONE}*.md"))
    file.write_bytes(file.read_bytes().replace(b"Snow.", b"Snow fell."))
    with rooms.served_desk(root, language) as (address, first), playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=browser.CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = opened.new_context(viewport={"width": 320, "height": 640}).new_page()
        elsewhere: list[str] = []
        page.on("request", lambda request: elsewhere.append(request.url) if "127.0.0.1" not in request.url else None)
        page.goto(first)
        page.wait_for_url(f"**/{language}/")
        for path in EVERY:
            page.goto(f"{address}/{language}/{path}")
            broken = axe.Axe().run(page, options=rules)
            assert [(path, each["id"], each["nodes"][0]["html"][:200]) for each in broken.response["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        page.goto(f"{address}/{language}/note/{ONE}")
        page.locator("textarea[name=statement]").fill("Made up in a browser.")
        page.locator("button[value=save]").click()
        page.wait_for_load_state()
        assert elsewhere == []
        opened.close()
    assert "Made up in a browser." in record(root)
