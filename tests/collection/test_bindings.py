"""Notes, claims and links whose words move or change: never silent, never out of force, never a record the less."""

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.authority.authorities import Authorities
from archive.citing.citation import STALE
from archive.collection import checks
from archive.collection.collection import Collection
from archive.keeping import _rebinding as rebinding
from archive.keeping import _sealing as sealing
from archive.reader import read as reader
from archive.record import passages
from archive.record.hashing import passage_hash
from archive.record.testimony import PUBLIC, Note, Passage
from examples import daily
from running import Run

SHOT = "Forty people were shot at the gate."


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    """The shipped authorities."""
    return reader.read_authorities(tmp_path_factory.mktemp("none"))


def short(words: str) -> str:
    """Return a hash as `check --bind` writes it."""
    return passage_hash(words)[:16]


def read(root: Path, authorities: Authorities, code: str) -> list[Passage]:
    """Return the passages of a record with all in force."""
    there = Collection(root, authorities, PUBLIC, {})
    testimony = there.find(code)
    assert testimony, there.faults
    return there.passages(testimony)


def told(root: Path, authorities: Authorities, code: str) -> list[list[tuple[str, bool]]]:
    """Return the notes at each passage, with whether they are stale."""
    return [[(f"{note.origin}/{note.id}", note.stale) for note in each.notes] for each in read(root, authorities, code)]


def edit(root: Path, code: str, *paragraphs: str) -> None:
    """Write other paragraphs under the header of a record."""
    (file,) = (root / "testimonies").glob(f"{code}-*")
    head = file.read_text().partition("\n---\n")[0]
    file.write_text("\n".join([head, "---", "\n\n".join(paragraphs), ""]))


def linked(root: Path) -> None:
    """Make four records that are linked in each way, and bind them."""
    against = made_up.note("n1", "contradicted", about={"paragraphs": [1]}, **{"with": ["NKT-9001#p1"]})
    relies = [{"type": "relies-on", "code": "NKT-9004#p1", "paragraphs": [1]}]
    recanted = made_up.note("n1", "recanted", about={"paragraphs": [1]})
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001"), SHOT, "It snowed."),
        made_up.record(made_up.header("NKT-9002", credibility={"notes": [against]}), "Nobody was shot."),
        made_up.record(made_up.header("NKT-9003", relations=relies), "The report says forty.", "Else nothing."),
        made_up.record(made_up.header("NKT-9004", credibility={"notes": [recanted]}), "I saw forty shot.", "I was born in May."),
    )
    rebinding.bind(root)


def test_a_link_is_bound_by_hash_and_follows_the_words(root: Path, run: Run, authorities: Authorities) -> None:
    """A paragraph put before what a link names is a fault, and the caveat is at the words and at the number named."""
    linked(root)
    assert run("check").code == 0
    edit(root, "NKT-9001", "An opening.", SHOT, "It snowed.")
    edit(root, "NKT-9004", "An opening.", "I saw forty shot.", "I was born in May.")
    edit(root, "NKT-9003", "Preface.", "The report says forty.", "Else nothing.")
    ran = run("check")
    assert ran.code == 1
    assert {line.split(": ")[1] for line in ran.out.splitlines()} == {
        "credibility.notes.1.about.sha256",
        "credibility.notes.1.with.1.sha256",
        "relations.1.code.sha256",
        "relations.1.paragraphs.sha256",
    }
    assert told(root, authorities, "NKT-9001") == [[("NKT-9002/n1", True)], [("NKT-9002/n1", True)], []]
    assert told(root, authorities, "NKT-9004") == [[("/n1", True)], [("/n1", True)], []]
    assert told(root, authorities, "NKT-9003") == [[("NKT-9004/n1", True)], [("NKT-9004/n1", True)], []]


COPIES = {
    "a note by hash": ("NKT-9004", ["I saw forty shot.", "I was born in May.", "I saw forty shot."]),
    "with": ("NKT-9001", [SHOT, "It snowed.", SHOT]),
    "what relies": ("NKT-9003", ["The report says forty.", "Else nothing.", "The report says forty."]),
}


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_of_bound_words_has_what_they_have(root: Path, run: Run, authorities: Authorities, kind: str) -> None:
    """Copied to the end of the record: whatever is bound to the words is at both, and nothing has moved."""
    linked(root)
    code, paragraphs = COPIES[kind]
    before = told(root, authorities, code)
    edit(root, code, *paragraphs)
    assert run("check").code == 0
    assert told(root, authorities, code) == [*before[:2], before[0]]
    assert before[0]


@pytest.mark.parametrize(("named", "carried"), [("#p1", True), ("#p2", False)])
def test_a_copy_of_words_relied_on_hands_on_what_is_held_against_it(
    root: Path, authorities: Authorities, named: str, carried: object
) -> None:
    """A note against the copy alone, in the record relied on, goes to what relies on the words; one against others does not."""
    against = made_up.note("n1", "contradicted", **{"with": ["NKT-9004#p3"]})
    relies = [{"type": "relies-on", "code": f"NKT-9004{named}", "paragraphs": [1]}]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9002", credibility={"notes": [against]}), "Nobody was shot."),
        made_up.record(made_up.header("NKT-9003", relations=relies), "The report says forty."),
        made_up.record(made_up.header("NKT-9004"), SHOT, "It snowed.", SHOT),
    )
    file = next((root / "testimonies").glob("NKT-9003-*"))
    rebinding.bind(root)
    assert "sha256" in file.read_text()
    # The note is against the third paragraph by its number: no hash may lead it to the first.
    other = next((root / "testimonies").glob("NKT-9002-*"))
    other.write_text(made_up.record(made_up.header("NKT-9002", credibility={"notes": [against]}), "Nobody was shot."))
    assert told(root, authorities, "NKT-9004") == [[], [], [("NKT-9002/n1", False)]]
    assert told(root, authorities, "NKT-9003") == [[("NKT-9002/n1", False)] if carried else []]


def test_a_copy_of_a_quoted_paragraph_has_the_note(root: Path, run: Run, authorities: Authorities) -> None:
    """By a quote alone, without a hash; another paragraph in which the quote stands too, among other words, has it not."""
    notes = [made_up.note("n1", "recanted", about={"paragraphs": [1], "quote": {"exact": "forty"}})]
    head = made_up.header("NKT-9001", credibility={"notes": notes})
    made_up.collection(root, made_up.record(head, "I saw forty shot.", "I am forty.", "I saw  forty shot."))
    assert run("check").code == 0
    assert told(root, authorities, "NKT-9001") == [[("/n1", False)], [], [("/n1", False)]]


@pytest.mark.parametrize(
    ("paragraphs", "numbers"),
    [
        (["The report says forty.", "Else nothing."], [1]),
        (["Preface.", "The report says forty.", "Else nothing."], [1, 2]),
        (["The report says forty.", "Else nothing.", "The report says forty."], [1, 3]),
    ],
)
def test_a_comparison_knows_what_relies_on_another_where_the_words_are_now(
    root: Path, run: Run, paragraphs: list[str], numbers: list[int]
) -> None:
    """Moved or copied: what only repeats another account is not counted as a voice of its own."""
    linked(root)
    edit(root, "NKT-9003", *paragraphs)
    (file,) = (root / "testimonies").glob("NKT-9003-*")
    file.write_text(file.read_text().replace("camps: []", 'camps: [{"camp": "kwalliso-14"}]'))
    rows = json.loads(run("compare", "--camp", "14", "--format", "json").out)["rows"]
    relying = [row["paragraph"] for row in rows if row["code"] == "NKT-9003" and row["relies_on"]]
    assert relying == numbers


@pytest.mark.parametrize("bound", ["hash", "quote", "both"])
@pytest.mark.parametrize(
    ("now", "where"),
    [
        (["New.", "One here.", "Two."], {1, 2}),
        (["Two.", "One here."], {1, 2}),
        (["Two."], {1}),
        (["Else.", "Two.", "More."], {1, 2, 3}),
        (["Two.", "Else.", "One here. And more."], {"hash": {1, 2, 3}, "both": {1, 3}, "quote": {1, 3}}),
    ],
)
def test_a_note_stays_in_force_at_its_number_and_at_its_words(
    root: Path,
    authorities: Authorities,
    now: list[str],
    where: Any,
    bound: str,
) -> None:
    """However it is bound; where the words stand nowhere any more, at the whole record."""
    about = {"paragraphs": [1], "sha256": [short("One here.")], "quote": {"exact": "One here."}}
    kept = {"hash": ("sha256",), "quote": ("quote",), "both": ("sha256", "quote")}[bound]
    about = {key: value for key, value in about.items() if key in {"paragraphs", *kept}}
    notes = [made_up.note("n1", "recanted", about=about)]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), *now))
    assert checks.check(root).faults
    wanted = where if isinstance(where, set) else where[bound]
    found = {at for at, each in enumerate(told(root, authorities, "NKT-9001"), start=1) if each == [("/n1", True)]}
    assert found == wanted


def test_a_number_beyond_the_body_stands_for_the_whole_record(root: Path, run: Run, authorities: Authorities) -> None:
    """By number alone nobody can say where the words are; in a link too."""
    notes = [made_up.note("n1", "recanted", about={"paragraphs": [3]}, **{"with": ["NKT-9002#p9"]})]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "One.", "Two."),
        made_up.record(made_up.header("NKT-9002"), "One."),
    )
    assert run("check").code == 1
    assert told(root, authorities, "NKT-9001") == [[("/n1", True)]] * 2
    assert told(root, authorities, "NKT-9002") == [[("NKT-9001/n1", True)]]


def test_a_quote_binds_only_the_paragraphs_in_which_it_stands(root: Path, run: Run) -> None:
    """The other is bound by number alone, which `check` says and `--bind` mends."""
    notes = [made_up.note("n1", "caution", about={"paragraphs": [1, 2], "quote": {"exact": "One"}})]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "One.", "Two."))
    assert "its quote is not in paragraph 2" in run("check").out
    assert run("check", "--bind").out == ""


def test_what_is_not_where_it_says_is_never_bound_to_what_stands_there(root: Path, run: Run) -> None:
    """A hash would hide that the quote stands elsewhere."""
    notes = [made_up.note("n1", "caution", about={"paragraphs": [1], "quote": {"exact": "One"}})]
    file = made_up.put(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "New.", "One."))
    before = file.read_bytes()
    assert run("check", "--bind").code == 1
    assert file.read_bytes() == before


def test_a_claim_stays_at_its_number_and_at_its_words(root: Path, run: Run, authorities: Authorities) -> None:
    """What a passage is said to be about is not lost with a paragraph put before it, in `compare` too."""
    claims = [{"id": "c1", "text": "x", "paragraphs": [1], "status": "recanted", "sha256": [short("One.")]}]
    head = made_up.header("NKT-9001", claims=claims, camps=[{"camp": "kwalliso-14", "period": "1990"}])
    made_up.collection(root, made_up.record(head, "New.", "One.", "Two."))
    ran = run("check")
    assert ran.code == 1
    assert "claims.1.sha256: no longer fits paragraph 1" in ran.out
    assert [each.entries[0].status for each in read(root, authorities, "NKT-9001")] == ["recanted", "recanted", ""]
    rows = json.loads(run("compare", "--camp", "14", "--format", "json").out)["rows"]
    assert [bool(row["claim"]) for row in rows] == [True, True, False]


FORMATS = ("text", "json", "jsonl", "csv", "markdown", "csl-json", "bibtex", "ris")


@pytest.fixture
def moved(root: Path) -> Path:
    """A record whose note has words that moved."""
    about = {"paragraphs": [1], "quote": {"exact": "One here"}, "sha256": [short("One here.")]}
    notes = [made_up.note("n1", "recanted", about=about)]
    return made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "New.", "One here."))


@pytest.mark.parametrize(
    "asked",
    [
        *(("search", "here", "--format", form) for form in FORMATS),
        *(("cite", "NKT-9001#p2", "--format", form) for form in ("text", "json", "csl-json", "bibtex", "ris")),
        *(("excerpt", "NKT-9001#p2", "--format", form) for form in ("text", "json", "markdown")),
        ("show", "NKT-9001"),
        ("show", "NKT-9001", "--versions"),
        ("cite", "NKT-9001"),
        ("dossier", "here", "--output", "OUT.md"),
        ("dossier", "here", "--output", "OUT.html"),
    ],
    ids=" ".join,
)
def test_every_format_says_that_the_words_have_changed(moved: Path, run: Run, asked: tuple[str, ...], tmp_path: Path) -> None:
    """One sentence, with what the words were, wherever the caveat goes."""
    name = str(tmp_path / asked[-1])
    ran = run(*(name if each.startswith("OUT.") else each for each in asked))
    assert ran.code == 0
    said = " ".join(((Path(name).read_text()) if asked[-1].startswith("OUT.") else ran.out).split())
    assert STALE in said.replace("\n", " ")
    assert "One here" in said


def test_a_verdict_says_that_the_words_of_a_note_have_changed(moved: Path, run: Run) -> None:
    """Also where the citation lists the note and holds."""
    cited = json.loads(run("cite", "NKT-9001#p2", "--format", "json").out)["citations"][0]["citation"]
    ran = run("verify", cited)
    assert STALE in " ".join(ran.out.split())


# Random edits


class _Kept:
    """Paragraphs with what is bound to them, through edits."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.made = 0

    def sentence(self) -> str:
        self.made += 1
        return f"Made up sentence number {self.made} {self.chance.choice(('of coal', 'of snow', 'at the gate'))}."

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(1, 3)))

    def edited(self, paragraphs: list[str]) -> list[str]:
        """Return the paragraphs with one put in, taken out, swapped or split."""
        found, chance = list(paragraphs), self.chance
        at = chance.randrange(len(found))
        what = chance.choice(("in", "out", "swap", "split"))
        if what == "in":
            found.insert(at, self.paragraph())
        elif what == "out" and len(found) > 1:
            del found[at]
        elif what == "swap":
            other = chance.randrange(len(found))
            found[at], found[other] = found[other], found[at]
        elif what == "split" and ". " in found[at]:
            head, _, rest = found[at].partition(". ")
            found[at : at + 1] = [f"{head}.", rest]
        return found


def sentences(words: str) -> set[str]:
    """Return the sentences of a paragraph."""
    return {f"{each.rstrip('.')}." for each in words.split(". ")}


def caveats(root: Path, authorities: Authorities, codes: list[str]) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Give, for each sentence of each record, the notes in force at it."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for code in codes:
        for each in read(root, authorities, code):
            for sentence in sentences(each.words):
                found.setdefault((code, sentence), set()).update((note.origin, note.id) for note in each.notes)
    return found


def _random(chance: random.Random, kept: _Kept, root: Path) -> dict[str, list[str]]:
    codes = [f"NKT-900{number}" for number in range(1, 5)]
    bodies = {code: [kept.paragraph() for _ in range(chance.randint(1, 4))] for code in codes}

    def some(code: str) -> list[int]:
        return sorted(chance.sample(range(1, len(bodies[code]) + 1), k=chance.randint(1, len(bodies[code]))))

    for code in codes:
        others = [other for other in codes if other != code]
        notes, relations = [], []
        for name in ("n1", "n2"):
            about: dict[str, Any] = {"paragraphs": some(code)}
            if chance.random() < 0.4:
                about["quote"] = {"exact": bodies[code][about["paragraphs"][0] - 1]}
            to = chance.choice(codes)
            links = {"with": [f"{to}#p{chance.choice(some(to))}"]} if chance.random() < 0.6 else {}
            notes.append(made_up.note(name, "recanted", about=about, **links))
        for other in chance.sample(others, k=chance.randint(0, 2)):
            kind = chance.choice(("relies-on", "relies-on", "same-event"))
            relations.append({"type": kind, "code": f"{other}#p{chance.choice(some(other))}", "paragraphs": some(code)})
        head = made_up.header(code, credibility={"notes": notes}, relations=relations)
        made_up.put(root, made_up.record(head, *bodies[code]))
    return bodies


@pytest.mark.parametrize("seed", daily(range(40), 0))
def test_no_edit_takes_a_caveat_from_words_that_had_it(root: Path, authorities: Authorities, seed: int) -> None:
    """Paragraphs put in, taken out, swapped and split: each sentence keeps every caveat, and each record is served."""
    chance = random.Random(seed)
    kept = _Kept(chance)
    bodies = _random(chance, kept, root)
    rebinding.bind(root)
    assert checks.check(root).faults == ()
    before = caveats(root, authorities, list(bodies))
    now = {code: list(each) for code, each in bodies.items()}
    for _ in range(chance.randint(1, 3)):
        code = chance.choice(list(now))
        now[code] = kept.edited(now[code])
        edit(root, code, *now[code])
    after = caveats(root, authorities, list(bodies))
    for place, notes in before.items():
        if place in after:
            assert notes <= after[place], place
    report = checks.check(root)
    assert report.read == len(bodies)
    stale = any(note.stale for code in bodies for each in read(root, authorities, code) for note in each.notes)
    assert report.faults or not stale


def test_the_property_falls_where_links_are_bound_by_number_alone(root: Path, authorities: Authorities) -> None:
    """A control: without hashes a caveat slides from words that had it."""
    slid = 0
    for seed in range(10):
        chance = random.Random(seed)
        kept = _Kept(chance)
        there = root / str(seed)
        bodies = _random(chance, kept, there)
        before = caveats(there, authorities, list(bodies))
        for code in bodies:
            edit(there, code, kept.paragraph(), *bodies[code])
        after = caveats(there, authorities, list(bodies))
        slid += any(place in after and not notes <= after[place] for place, notes in before.items())
    assert slid


# Reach


def clique(root: Path, size: int) -> None:
    """Make records that all rely on each other, with a note each."""
    codes = [f"NKT-9{number:03}" for number in range(size)]
    for code in codes:
        relations = [{"type": "relies-on", "code": other} for other in codes if other != code]
        head = made_up.header(code, relations=relations, credibility={"notes": [made_up.note("n1", "caution")]})
        made_up.put(root, made_up.record(head, "One.", "Two."))


@pytest.mark.parametrize("size", [2, 11, 40])
def test_records_that_all_rely_on_each_other_are_read_in_seconds(root: Path, authorities: Authorities, size: int) -> None:
    """Every note is at every passage; the work grows with the links and not with the paths."""
    clique(root, size)
    there = Collection(root, authorities, PUBLIC, {})
    started = time.process_time()
    for code in there.codes():
        testimony = there.find(code)
        assert testimony
        for each in there.passages(testimony):
            assert {note.origin or code for note in each.notes} == set(there.codes())
    assert time.process_time() - started < 20


def test_layers_of_reports_are_read_in_seconds(root: Path, authorities: Authorities) -> None:
    """Six deep, six wide: each report has the notes of all below it, those nearest first."""
    for layer in range(6):
        for number in range(6):
            below = [{"type": "relies-on", "code": f"NKT-9{layer - 1}0{other}"} for other in range(6)] if layer else []
            notes = {"notes": [made_up.note("n1", "caution")]}
            made_up.put(root, made_up.record(made_up.header(f"NKT-9{layer}0{number}", relations=below, credibility=notes)))
    started = time.process_time()
    (top,) = read(root, authorities, "NKT-9500")
    assert len(top.notes) == 31
    assert [note.origin for note in top.notes][:3] == ["", "NKT-9400", "NKT-9300"]
    assert time.process_time() - started < 10


def test_more_notes_than_anybody_reads_are_a_fault_of_check_alone(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are all given; `check` names the record."""
    clique(root, 4)
    assert run("check").code == 0
    monkeypatch.setattr(checks, "MOST_NOTES", 3)
    ran = run("check")
    assert ran.code == 1
    assert "brings 4 notes to paragraph 1" in ran.out
    assert run("search", "one", "--count").out == "4 passages in 4 testimonies\n"


# As of a day


def replaced(root: Path) -> None:
    """Make a record of which a note was replaced by one that could be known later, and a report that relies on it."""
    notes = [
        made_up.note("n1", "recanted", known="2012"),
        made_up.note("n2", "corroborated", known="2016", replaces="n1"),
    ]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "The first."),
        made_up.record(made_up.header("NKT-9002", relations=[{"type": "relies-on", "code": "NKT-9001"}]), "The first, told on."),
    )


@pytest.mark.parametrize(
    ("day", "recanted", "flags"),
    [("2011", 0, []), ("2014", 2, ["recanted"]), ("2016", 0, ["corroborated"]), (None, 0, ["corroborated"])],
)
def test_a_note_is_replaced_only_where_what_replaced_it_was_known(
    root: Path, run: Run, day: str | None, recanted: int, flags: list[str]
) -> None:
    """In hits, flags, facets and counts alike, and also where it was carried to another record."""
    replaced(root)
    asked = ("--as-of", day) if day else ()

    def count(*more: str) -> int:
        return int(run("search", "first", *asked, *more, "--count").out.split()[0])

    assert (count("--flag", "recanted"), count("--without-flag", "recanted")) == (recanted, 2 - recanted)
    found = json.loads(run("search", "first", *asked, "--facets", "--format", "json").out)
    for hit in found["hits"]:
        assert hit["flags"] == flags
        assert [each["flag"] for each in hit["caveats_since"]] == (["corroborated"] if day in {"2011", "2014"} else [])
        assert [each["replaced"] for each in hit["caveats"]] == [day == "2014"] * len(flags)
    assert {row["value"]: row["passages"] for row in found["facets"]["flag"]} == dict.fromkeys(flags, 2)


@pytest.mark.parametrize("day", ["2011", "2014", "2016"])
def test_a_dossier_as_of_a_day_has_what_was_in_force_then(root: Path, run: Run, tmp_path: Path, day: str) -> None:
    """And says that it was replaced since; the mark lists what is in force today, so that it can be verified."""
    replaced(root)
    for ending in ("md", "html"):
        file = tmp_path / f"d.{ending}"
        assert run("dossier", "first", "--as-of", day, "--format", ending, "--output", str(file)).code == 0
        assert ("replaced since" in file.read_text()) == (day == "2014")
        ran = run("verify", str(file))
        assert ran.code == 0, ran.out


@pytest.mark.parametrize("form", ["text", "markdown", "json", "jsonl", "csv", "csl-json", "bibtex", "ris"])
@pytest.mark.parametrize("day", ["2011", "2014", "2016"])
def test_what_is_found_as_of_a_day_is_verified_and_altered_is_not(
    root: Path, run: Run, tmp_path: Path, form: str, day: str
) -> None:
    """The day since which a caveat could be known is no word of it; its own words are compared as ever."""
    replaced(root)
    file = tmp_path / f"found.{form}"
    file.write_text(run("search", "first", "--as-of", day, "--format", form).out)
    ran = run("verify", str(file))
    assert ran.code == 0, ran.out
    for name in ("n1", "n2"):
        altered = file.read_text().replace(f"statement of {name}", "statement of nobody")
        (tmp_path / "altered").with_suffix(file.suffix).write_text(altered)
        assert run("verify", str(tmp_path / "altered") + file.suffix).code == int(altered != file.read_text()), name


@pytest.mark.parametrize("form", ["text", "markdown", "json", "csv", "ris"])
def test_of_notes_replaced_one_after_the_other_each_is_verified_on_its_day(
    root: Path, run: Run, tmp_path: Path, form: str
) -> None:
    """They bear one label, and the one that was not in force on the day asked for is not missed."""
    notes = [made_up.note("n1", "recanted", known="2012")]
    notes += [made_up.note(f"n{at}", "recanted", known=f"{2012 + at}", replaces=f"n{at - 1}") for at in (2, 3)]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "The first."))
    for day in ("2011", "2012", "2014", "2015"):
        file = tmp_path / f"found.{form}"
        file.write_text(run("search", "first", "--as-of", day, "--format", form).out)
        ran = run("verify", str(file))
        assert ran.code == 0, ran.out


def _ids(notes: tuple[Note, ...]) -> list[str]:
    return [note.id for note in notes]


def test_what_a_narrower_note_does_not_cover_stays_in_force(root: Path, authorities: Authorities) -> None:
    """Also at the passages of other records that the replaced note names; a third note that covers all ends it."""
    first = made_up.note("n1", "recanted", about={"paragraphs": [1, 2]}, **{"with": ["NKT-9002#p1"]})
    second = made_up.note("n2", "caution", about={"paragraphs": [1]}, replaces="n1")
    third = made_up.note("n3", "caution", about={"paragraphs": [1, 2]}, replaces="n2", **{"with": ["NKT-9002#p1"]})
    other = made_up.record(made_up.header("NKT-9002"), "One.")
    for notes, own, theirs in (
        ([first, second], [["n2"], ["n1"]], ["n1"]),
        ([first, second, third], [["n3"], ["n3"]], ["n3"]),
    ):
        head = made_up.header("NKT-9001", credibility={"notes": notes})
        made_up.collection(root, made_up.record(head, "One.", "Two."), other)
        assert [_ids(each.notes) for each in read(root, authorities, "NKT-9001")] == own
        assert _ids(read(root, authorities, "NKT-9002")[0].notes) == theirs


@pytest.mark.parametrize(
    "after",
    [("One!", "Two.", "Three."), ("An opening.", "One.", "Two.", "Three."), ("Two.", "Three."), ("Two.", "One.", "Three.")],
)
@pytest.mark.parametrize("wide", [{"record": "true"}, {"paragraphs": [1, 2, 3]}, {"paragraphs": [2, 3]}])
def test_a_note_whose_words_moved_replaces_nothing_that_was_said_of_other_words(
    root: Path, authorities: Authorities, wide: dict[str, Any], after: tuple[str, ...]
) -> None:
    """It stands in more places than it was written for then, and took a recantation of the rest away with it."""
    notes = [made_up.note("n1", "recanted", about=wide, **{"with": ["NKT-9002#p1"]})]
    notes += [made_up.note("n2", "corroborated", about={"paragraphs": [1]}, replaces="n1", **{"with": ["NKT-9002#p2"]})]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "One.", "Two.", "Three."),
        made_up.record(made_up.header("NKT-9002"), "Theirs.", "Others."),
    )
    rebinding.bind(root)
    edit(root, "NKT-9001", *after)
    edit(root, "NKT-9002", "An opening.", "Theirs.")
    for each in read(root, authorities, "NKT-9001"):
        if each.text in {"Two.", "Three."} or wide.get("record"):
            assert "n1" in _ids(each.notes) or (each.text, _ids(each.notes)) == ("One.", ["n2"]), each.text
    assert ["n1" in _ids(each.notes) for each in read(root, authorities, "NKT-9002")] == [True, True]


def test_a_note_on_the_very_words_stays_replaced_when_they_change(root: Path, authorities: Authorities) -> None:
    """The control: a slip that is corrected brings back nothing that a later note of the same words took out of force."""
    notes = [made_up.note("n1", "recanted", about={"paragraphs": [1]})]
    notes += [made_up.note("n2", "corroborated", about={"paragraphs": [1]}, replaces="n1")]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "One.", "Two."))
    rebinding.bind(root)
    edit(root, "NKT-9001", "One!", "Two.")
    assert told(root, authorities, "NKT-9001") == [[("/n2", True)], [("/n2", True)]]


@pytest.mark.parametrize("unknown", ["XXXX", "XXXX-05", "XXXX?"])
def test_what_was_replaced_on_a_day_nobody_knows_is_told_as_of_any_day(root: Path, run: Run, unknown: str) -> None:
    """Both are, since it cannot be known which was in force; today the later one is."""
    notes = [made_up.note("n1", "recanted"), made_up.note("n2", "corroborated", known=unknown, replaces="n1")]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "The first."))
    for asked, flags in ((("--as-of", "2014"), ["recanted", "corroborated"]), ((), ["corroborated"])):
        (hit,) = json.loads(run("search", "first", *asked, "--format", "json").out)["hits"]
        assert hit["flags"] == flags
    assert run("search", "first", "--as-of", "2014", "--without-flag", "recanted", "--count").out.startswith("0 ")


def test_a_bare_link_and_the_long_form_are_read_alike(root: Path, authorities: Authorities) -> None:
    """A file of 0.1 needs no change; the long form may leave the hash out."""
    found = []
    for link in ("NKT-9002#p1", {"ref": "NKT-9002#p1"}):
        notes = [made_up.note("n1", "contradicted", **{"with": [link]})]
        content = made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}))
        found.append(reader.read(content.encode(), "testimonies/NKT-9001-made-up.md", authorities)._replace(fixity=""))
    assert found[0] == found[1]


STYLES = {
    "block": """
credibility:
  notes:
    - id: n1
      flag: contradicted
      status: open
      about: {record: true}
      statement: Made up.
      by: archive
      date: 2001-02-03
      with:
        - NKT-9002#p1  # a comment
        - "NKT-9002#p1-2"
        - ref: NKT-9002#p2
relations:
  - type: relies-on
    code: NKT-9002#p1  # another
    paragraphs: [1]
  # the last word
""",
    "flow": """
credibility: {notes: [{id: n1, flag: contradicted, status: open, about: {record: true}, statement: Made up., by: archive,
  date: 2001-02-03, with: [NKT-9002#p1, "NKT-9002#p1-2", {ref: NKT-9002#p2}]}]}
relations: [{type: relies-on, code: NKT-9002#p1, paragraphs: [1]}]
""",
    "half": """
credibility: {notes: [{id: n1, flag: contradicted, status: open, about: {record: true}, statement: Made up., by: archive,
  date: 2001-02-03, with: [NKT-9002#p1, "NKT-9002#p1-2", {ref: NKT-9002#p2, sha256: ["TWO"]}]}]}
relations:
  - type: relies-on
    code: NKT-9002#p1
    paragraphs: [1]
    sha256: {own: ["OWN"]}
""",
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_binding_writes_the_hashes_of_links_in_every_style(
    root: Path, run: Run, authorities: Authorities, style: str, ends: str
) -> None:
    """The other record's words are hashed; comments and all other lines stay; a second time nothing is to be done."""
    plain = made_up.record(made_up.header("NKT-9001", credibility=None), "Mine.")
    head = STYLES[style].replace("TWO", short("Two.")).replace("OWN", short("Mine.")).strip("\n")
    content = plain.replace("\n---\n", f"\n{head}\n---\n", 1)
    file = made_up.put(root, content.replace("\n", ends))
    made_up.put(root, made_up.record(made_up.header("NKT-9002"), "One.", "Two."))
    assert rebinding.bind(root) == {"testimonies/NKT-9001-made-up.md": 5 if style != "half" else 3}
    assert checks.check(root).warnings == ()
    after = file.read_bytes()
    testimony = reader.read(after, "testimonies/NKT-9001-made-up.md", authorities)
    one, two = short("One."), short("Two.")
    assert testimony.notes[0].against_hashes == ((one,), (one, two), (two,))
    assert testimony.relations[0][2:6] == ((1,), (1,), (short("Mine."),), (one,))
    assert ["#" in line for line in after.decode().split(ends)].count(True) >= content.count("  # ")
    assert [each for each in ("# a comment", "# another", "# the last word") if each in content] == [
        each for each in ("# a comment", "# another", "# the last word") if each in after.decode()
    ]
    assert rebinding.bind(root) == {}


def test_a_note_command_writes_the_hashes_of_what_it_is_held_against(root: Path, run: Run, authorities: Authorities) -> None:
    """So that it is bound from the first."""
    made_up.collection(
        root, made_up.record(made_up.header("NKT-9001"), "One."), made_up.record(made_up.header("NKT-9002"), "Two.", "Three.")
    )
    ran = run("note", "NKT-9001#p1", "--flag", "contradicted", "--with", "NKT-9002#p2", "--date", "2026-11-21")
    assert ran.code == 0, ran
    (file,) = (root / "testimonies").glob("NKT-9001-*")
    note = reader.read(file.read_bytes(), "testimonies/NKT-9001-made-up.md", authorities).notes[0]
    assert (note.against, note.against_hashes) == (("NKT-9002#p2",), ((short("Three."),),))
    assert run("check").out == ""


WITHHELD = "The guard <an>Kang Hae-su</an> counted."


def test_a_link_to_withheld_words_has_the_hash_of_what_the_public_sees(root: Path, run: Run, authorities: Authorities) -> None:
    """The hash of withheld words could be guessed at; both readers hold the link to be sound."""
    notes = [made_up.note("n1", "contradicted", **{"with": ["NKT-9001#p1"]})]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001"), WITHHELD, "Two."),
        made_up.record(made_up.header("NKT-9002", credibility={"notes": notes})),
    )
    assert run("check", "--bind").out == ""
    (file,) = (root / "testimonies").glob("NKT-9002-*")
    assert short(WITHHELD) not in file.read_text()
    assert short("The guard [name withheld] counted.") in file.read_text()
    for clearance in ("public", "restricted"):
        there = Collection(root, authorities, clearance, {})  # type: ignore[arg-type]  # a clearance
        testimony = there.find("NKT-9001")
        assert testimony
        assert [[note.stale for note in each.notes] for each in there.passages(testimony)] == [[False], []]


def test_a_published_file_reads_as_the_public_reads_it(root: Path, authorities: Authorities, tmp_path: Path) -> None:
    """What moved in a record that withholds words is told as moved by its public rendering too."""
    hashes = {"own": [short("Three.")]}
    notes = [
        made_up.note("n1", "recanted", about={"paragraphs": [1], "sha256": [short(WITHHELD)]}),
        made_up.note("n2", "caution", about={"paragraphs": [1], "sha256": ["0123456789abcdef"]}),
        made_up.note("n3", "caution", about={"paragraphs": [2], "quote": {"exact": "Kang"}}),
    ]
    relations = [{"type": "relies-on", "code": "NKT-9002", "paragraphs": [1], "sha256": hashes}]
    head = made_up.header("NKT-9001", credibility={"notes": [*notes[:2]]}, relations=relations)
    other = made_up.header("NKT-9002", credibility={"notes": [made_up.note("n1", "caution")]})
    made_up.collection(root, made_up.record(head, "New.", WITHHELD, "Three."), made_up.record(other))
    there = Collection(root, authorities, PUBLIC, {})
    written = there.public_file("NKT-9001")
    assert written
    assert b"0123456789abcdef" not in written
    made_up.put(tmp_path / "there", written, "NKT-9001-made-up.md")
    made_up.put(tmp_path / "there", made_up.record(other))
    assert told(tmp_path / "there", authorities, "NKT-9001") == told(root, authorities, "NKT-9001")
    assert passages.points_at(there.find("NKT-9001")) == ("NKT-9002",)  # type: ignore[arg-type]  # it is there
    assert [len(each) for each in told(root, authorities, "NKT-9001")] == [3, 2, 2]


def test_the_schema_takes_links_in_both_forms(root: Path, run: Run) -> None:
    """As text, and with the hashes beside it."""
    made_up.collection(root)
    ran = run("schema")
    assert ran.code == 0, ran
    schema = json.loads(ran.out)
    links = schema["$defs"]["NotePart"]["properties"]["with"]["items"]["anyOf"]
    assert [each.get("type", each.get("$ref")) for each in links] == [["string"], "#/$defs/LinkPart"]
    assert "sha256" in schema["$defs"]["RelationPart"]["properties"]


# What hangs on records that a reader may not read


def hanging(root: Path) -> None:
    """Make public records that are tied to each other through a closed one alone."""
    tie = {"type": "same-person", "code": "NKT-9002"}
    back = [{"type": "same-person", "code": code} for code in ("NKT-9001", "NKT-9003")]
    through = [{"type": "relies-on", "code": "NKT-9003"}, *back]
    taken = {"notes": [made_up.note("n1", "recanted")]}
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", relations=[{"type": "relies-on", "code": "NKT-9002"}, tie])),
        made_up.record(made_up.header("NKT-9002", access={"level": "closed"}, relations=through)),
        made_up.record(made_up.header("NKT-9003", credibility=taken, relations=[tie])),
    )


def test_check_names_what_readers_miss_through_a_closed_record(root: Path, run: Run) -> None:
    """Caveats and voices that hang on it, though it has no note of its own; warnings, since nobody but a keeper can mend it."""
    hanging(root)
    ran = run("check")
    assert ran.code == 0
    said = [line for line in ran.out.splitlines() if "at clearance public" in line]
    assert ["notes of NKT-9003" in line and line.startswith("testimonies/NKT-9001") for line in said].count(True) == 1
    assert ["one voice with NKT-9003" in line for line in said].count(True) == 1
    assert ["one voice with NKT-9001" in line for line in said].count(True) == 1


def test_check_says_nothing_where_nothing_is_missed(root: Path, run: Run) -> None:
    """A control: the same records, all public."""
    hanging(root)
    (file,) = (root / "testimonies").glob("NKT-9002-*")
    file.write_text(file.read_text().replace('"closed"', '"public"'))
    assert "at clearance" not in run("check").out


def test_doctor_names_what_moved(root: Path, run: Run) -> None:
    """By file, with what to do."""
    notes = [made_up.note("n1", "caution", about={"paragraphs": [1], "sha256": [short("One.")]})]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "Two."))
    assert "has 1 binding whose words have moved or changed" in run("doctor").out


def test_sealing_says_first_what_public_records_lose(root: Path) -> None:
    """The note of what is sealed, in force elsewhere."""
    notes = [made_up.note("n1", "contradicted", **{"with": ["NKT-9002#p1"]})]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", credibility={"notes": notes})),
        made_up.record(made_up.header("NKT-9002")),
    )
    said = sealing.losses(root, "NKT-9001")
    assert [line.partition(":")[0] for line in said] == [f"NKT-9002, at clearance {each}" for each in ("public", "restricted")]
    assert all("notes of NKT-9001" in line for line in said)
    assert sealing.losses(root, "NKT-9002") == []


def test_a_link_of_a_record_to_its_own_withheld_words_is_sound(root: Path, run: Run, authorities: Authorities) -> None:
    """It is bound to the words as they are, and not as the public sees them, as its notes are."""
    note = made_up.note("n1", "contradicted", about={"paragraphs": [1]}, **{"with": ["NKT-9001#p2"]})
    head = made_up.header("NKT-9001", credibility={"notes": [note]})
    made_up.collection(root, made_up.record(head, SHOT, "It <res>never</res> snowed."))
    rebinding.bind(root)
    assert (run("check").code, told(root, authorities, "NKT-9001")) == (0, [[("/n1", False)], [("/n1", False)]])
