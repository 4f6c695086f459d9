"""Comparing: voices and not texts are counted, agreement is what notes say, and silence is told from absence."""

import csv
import io
import itertools
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.authority.gazetteer import FacilityId
from archive.cli.compare import FORMATS, write_comparison
from archive.reader import read
from archive.record import passages
from archive.record.testimony import About, CampEntry, Note, Relation, Testimony
from archive.search.model import Filters, Hit, Query, RecordOutline
from archive.weighing.claims import ClaimCount, Row, rows_of, tally
from archive.weighing.comparison import compare
from archive.weighing.corroboration import coverage
from archive.weighing.sources import IndependentSource, independent_sources, references_relied_on
from examples import examples
from running import Run

HELD = read.read_authorities(Path("nowhere"))
CLAIM = {"id": "c1", "text": "made up", "paragraphs": [1], "status": "asserted", "topics": ["hunger"]}
BASE = read.read(made_up.record(made_up.header("NKT-9000", claims=[CLAIM])).encode(), "testimonies/NKT-9000-made-up.md", HELD)
STANDS = {"asserted", "maintained", "disputed"}


class Telling(NamedTuple):
    """A made-up account: its root, whose version it is, on whom it relies, and how its one claim stands."""

    root: str = ""
    same_as: tuple[int, ...] = ()
    relies_on: tuple[int, ...] = ()
    status: str = "asserted"
    lead: bool = False


def records(tellings: Sequence[Telling]) -> list[Testimony]:
    """Make a record of each account; their codes count from 9000."""
    return [
        BASE._replace(
            code=f"NKT-{9000 + number}",
            source=BASE.source._replace(root=telling.root),
            relations=(
                *(Relation("same-person", f"NKT-{9000 + other}") for other in telling.same_as),
                *(Relation("relies-on", f"NKT-{9000 + other}", (1,)) for other in telling.relies_on),
            ),
            claims=(BASE.claims[0]._replace(status=telling.status),),
            notes=(Note("n1", "lead-only", "open", About(), "Made up.", "archive", "2001-01-01"),) if telling.lead else (),
        )
        for number, telling in enumerate(tellings)
    ]


def counted(tellings: Sequence[Telling], order: Sequence[int] = ()) -> ClaimCount:
    """Count who speaks, the rows in an order."""
    held = {record.code: record for record in records(tellings)}
    rows: list[Row] = []
    for record in [list(held.values())[at] for at in order] or held.values():
        for passage in passages.build(record):
            rows += rows_of(Hit(record, passage, 0.0), Filters(topic=("hunger",)), HELD, held.get)
    return tally("hunger", rows, independent_sources([row.hit.testimony for row in rows], held.get))


def reached(pairs: set[tuple[int, int]], size: int) -> list[list[bool]]:
    """Give who is reached from whom, by trying every way."""
    found = [[(one, other) in pairs for other in range(size)] for one in range(size)]
    for by, one, other in itertools.product(range(size), repeat=3):
        found[one][other] = found[one][other] or (found[one][by] and found[by][other])
    return found


def oracle(tellings: Sequence[Telling]) -> tuple[int, int]:
    """Count roots and unknown roots the slow and obvious way."""
    size = len(tellings)
    same = {(one, one) for one in range(size)}
    for one, other in itertools.product(range(size), repeat=2):
        root = tellings[one].root
        if other in tellings[one].same_as or one in tellings[other].same_as or (root and root == tellings[other].root):
            same |= {(one, other), (other, one)}
    person = [row.index(True) for row in reached(same, size)]
    rests = reached({(one, other) for one in range(size) for other in tellings[one].relies_on}, size)
    standing = [at for at in range(size) if tellings[at].status in STANDS and not tellings[at].lead]
    relies = {at: {other for other in range(size) if rests[at][other] and other != at} for at in standing}
    tied = {(person[at], person[at]) for at in standing}
    for at in standing:
        tied |= {pair for other in relies[at] for pair in ((person[at], person[other]), (person[other], person[at]))}
    chains = reached(tied, size)
    alone = {person[at] for at in standing if not relies[at]}
    rooted = {person[at] for at in range(size) if tellings[at].root}
    voices_of = [frozenset({each}) for each in alone]
    every = {frozenset(at for at in range(size) if row[at]) for row in chains}
    voices_of += [chain for chain in every if chain and not chain & alone]
    known = sum(bool(each & rooted) for each in voices_of)
    return known, len(voices_of) - known


@st.composite
def collections(draw: st.DrawFn) -> list[Telling]:
    """Make up to six accounts with roots, versions, reliance in any direction, also in rings."""
    size = draw(st.integers(1, 6))
    others = st.lists(st.integers(0, size - 1), max_size=2).map(tuple)
    made = []
    for number in range(size):
        same, rests = draw(others), draw(others)
        made.append(
            Telling(
                draw(st.sampled_from(["", "", "a", "b", "c"])),
                tuple(at for at in same if at != number),
                tuple(dict.fromkeys(at for at in rests if at != number)),
                draw(st.sampled_from(["asserted", "maintained", "disputed", "recanted", "rejected", "corrected"])),
                draw(st.sampled_from([False, False, False, True])),
            )
        )
    return made


@examples(200)
@given(collections())
def test_counts_are_those_of_an_obvious_oracle(tellings: list[Telling]) -> None:
    """Whatever roots, versions, reliance, statuses and leads there are."""
    found = counted(tellings)
    assert (found.roots, found.unknown_roots) == oracle(tellings)
    assert found.mentions == len(tellings)


@examples(150)
@given(collections(), st.data())
def test_a_second_telling_of_a_root_never_adds_a_root(tellings: list[Telling], data: st.DataObject) -> None:
    """However it stands, whatever it relies on, whosever version it is."""
    before = counted(tellings)
    known = sorted({root for each in before.speakers for root in each.roots})
    if known:
        others = st.lists(st.integers(0, len(tellings) - 1), max_size=2).map(tuple)
        again = Telling(data.draw(st.sampled_from(known)), data.draw(others), data.draw(others), "asserted")
        after = counted([*tellings, again])
        assert after.roots <= before.roots
        assert after.mentions == before.mentions + 1


@examples(100)
@given(collections(), st.data())
def test_the_order_of_the_records_does_not_matter(tellings: list[Telling], data: st.DataObject) -> None:
    """Neither to the numbers nor to a word of the answer."""
    order = data.draw(st.permutations(range(len(tellings))))
    assert counted(tellings, order) == counted(tellings)


def test_the_control_for_counting() -> None:
    """Counting texts would give two where one witness speaks twice: the tests above can fail."""
    twice = [Telling("a"), Telling("a")]
    assert counted(twice).roots == 1
    assert len({row.code for row in records(twice)}) == 2
    assert counted([Telling("a"), Telling("b")]).roots == 2


CAMPS = [{"camp": "kwalliso-18", "period": "1990/1995", "as": "prisoner", "basis": "first-hand"}]


def claim(**changes: Any) -> dict[str, Any]:
    """Give a made-up claim on paragraph 1."""
    return {**CLAIM, **changes}


def account(code: str, root: str = "", **changes: Any) -> str:
    """Write a made-up account of hunger in Camp 18."""
    source = {"csl": {"type": "report", "title": f"Made up: {code}"}, **({"root": root} if root else {})}
    words = f"Made-up words of {code}."
    return made_up.record(made_up.header(code, **{"camps": CAMPS, "claims": [claim()], "source": source, **changes}), words)


def witness(connection: str) -> dict[str, str]:
    """Give a made-up witness of a vantage point."""
    return {"name": f"made-up {connection}", "name_kind": "pseudonym", "connection": connection}


@pytest.fixture
def several(root: Path) -> Path:
    """Accounts of one root, of unknown root, a lead, a denial, one taken back, one relying, one elsewhere."""
    pair = [{"type": "same-person", "code": "NKT-9004"}]
    back = [{"type": "same-person", "code": "NKT-9003"}]
    contradicted = made_up.note("n1", "contradicted", "Made up: the two differ.", **{"with": ["NKT-9006#p1"]})
    corroborated = made_up.note("n2", "corroborated", "Made up: the two agree.", **{"with": ["NKT-9002#p1"]})
    lead = made_up.note("n1", "lead-only", "Made up: a lead.")
    by_a = {"date": "2001", "by": "A"}
    return made_up.collection(
        root,
        account("NKT-9001", "made-up-root", credibility={"notes": [contradicted, corroborated]}, recorded=by_a),
        account("NKT-9002", "made-up-root"),
        account("NKT-9003", relations=pair, recorded={"date": "2001", "by": "a"}),
        account("NKT-9004", relations=back),
        account("NKT-9005", "another-root", credibility={"notes": [lead]}),
        account("NKT-9006", "third-root", claims=[claim(status="disputed")]),
        account("NKT-9007", "taken-root", claims=[claim(status="recanted")]),
        account("NKT-9008", "state-root", kind="official-denial", witness=witness("state")),
        account("NKT-9009", "relying-root", relations=[{"type": "relies-on", "code": "NKT-9001#p1", "paragraphs": [1]}]),
        account("NKT-9010", "silent-root", claims=[claim(topics=["torture"])]),
        account("NKT-9011", "guard-root", claims=[claim(topics=["torture"], period="1970/1975")], witness=witness("perpetrator")),
    )


def test_the_answer_counts_roots_apart_from_the_unknown(several: Path, run: Run) -> None:
    """One root told twice, one person in two versions, a lead, a denial, a withdrawal: two roots and one unknown."""
    document = json.loads(run("compare", "--camp", "18", "--topic", "hunger", "--format", "json").out)
    (hunger,) = document["agreement"]
    assert hunger.pop("says").startswith("2 independent roots speak of it; 1 voice more, whose root is not known.")
    assert hunger == {
        "topic": "hunger",
        "label": "Hunger",
        "roots": 2,
        "unknown_roots": 1,
        "mentions": 9,
        "taken_back": 1,
        "not_counted": {"recanted": 1, "lead-only": 1, "official-denial": 1},
        "status": {"asserted": 5, "disputed": 1},
        "speakers": [
            {
                "roots": [],
                "codes": ["NKT-9003", "NKT-9004"],
                "passages": ["NKT-9003#p1", "NKT-9004#p1"],
            },
            {
                "roots": ["made-up-root"],
                "codes": ["NKT-9001", "NKT-9002", "NKT-9009"],
                "passages": ["NKT-9001#p1", "NKT-9002#p1", "NKT-9009#p1"],
            },
            {"roots": ["third-root"], "codes": ["NKT-9006"], "passages": ["NKT-9006#p1"]},
        ],
        "same_channel": [{"through": [{"kind": "recorded by", "name": "A"}], "codes": ["NKT-9001", "NKT-9003"]}],
    }
    assert document["total"] == {"rows": 9, "passages": 9, "testimonies": 9, "roots": 2, "unknown_roots": 1}
    rows = {row["code"]: row for row in document["rows"]}
    assert rows["NKT-9009"]["relies_on"] == ["NKT-9001#p1"]
    assert rows["NKT-9007"]["not_counted"] == ["recanted"]
    assert all(row["citation"] and row["sha256"] and isinstance(row["caveats"], list) for row in rows.values())
    assert [each["flag"] for each in rows["NKT-9009"]["caveats"]] == ["contradicted", "corroborated"]


class Asked(dict[str, IndependentSource]):
    """Voices by code, which count how often they are looked at."""

    looks = 0

    def __getitem__(self, code: str) -> IndependentSource:
        """Give one."""
        self.looks += 1
        return super().__getitem__(code)

    def values(self) -> Any:
        """Give all of them, each of which counts as a look."""
        self.looks += len(self)
        return super().values()


def test_the_work_of_counting_grows_with_the_accounts_and_not_with_their_square() -> None:
    """For each voice all rows and all voices were gone through: 600 hearings took a minute."""
    looks = []
    for size in (50, 200):
        held = {record.code: record for record in records([Telling(root=f"root-{number}") for number in range(size)])}
        rows = [
            row
            for record in held.values()
            for passage in passages.build(record)
            for row in rows_of(Hit(record, passage, 0.0), Filters(topic=("hunger",)), HELD, held.get)
        ]
        known = Asked(independent_sources(held.values(), held.get))
        assert tally("hunger", rows, known).roots == size
        looks.append(known.looks)
    assert looks[1] <= 4 * looks[0]


def test_the_number_of_roots_is_told_where_nothing_has_a_topic(root: Path, run: Run) -> None:
    """JSON had it, the text and Markdown had not."""
    made_up.collection(
        root, *(account(f"NKT-900{number}", f"root-{number}", topics=[], claims=[claim(topics=[])]) for number in (1, 2))
    )
    for form in ("text", "markdown"):
        assert "2 independent roots speak of it" in " ".join(run("compare", "--camp", "18", "--format", form).out.split())


def test_agreement_and_contradiction_are_what_notes_say(several: Path, run: Run) -> None:
    """Both sides with words, caveats and citation; one witness twice is consistency."""
    document = json.loads(run("compare", "--camp", "18", "--topic", "hunger", "--format", "json").out)
    (against,) = document["contradictions"]
    assert against["one_voice"] is False
    assert [side["code"] for side in against["sides"]] == ["NKT-9001", "NKT-9006"]
    for side in against["sides"]:
        (passage,) = side["passages"]
        assert passage["excerpt"] == f"Made-up words of {side['code']}."
        assert "Made up: the two differ." in [each["statement"] for each in passage["caveats"]]
        assert f"{side['code']}#p1" in passage["citation"]
    (agrees,) = document["borne_out"]
    assert agrees["one_voice"] is True
    text = " ".join(run("compare", "--camp", "18", "--topic", "hunger").out.split())
    assert "All sides are one voice: this is consistency, not corroboration." in text
    assert "The sides are different voices." in text


def test_like_topics_alone_are_no_agreement(root: Path, run: Run) -> None:
    """Two accounts of hunger are counted; that they agree or differ nobody has written, so nobody says it."""
    made_up.collection(root, account("NKT-9001", "a"), account("NKT-9002", "b", claims=[claim(status="disputed")]))
    document = json.loads(run("compare", "--camp", "18", "--topic", "hunger", "--format", "json").out)
    assert document["agreement"][0]["roots"] == 2
    assert document["borne_out"] == document["contradictions"] == document["conflicts"] == []
    assert not re.search("(?i)confirm", run("compare", "--camp", "18", "--topic", "hunger").out)


def test_nobody_there_is_told_from_no(several: Path, run: Run) -> None:
    """They speak of it, they do not mention it, or there is nobody."""
    document = json.loads(run("compare", "--camp", "18", "--topic", "hunger", "--format", "json").out)
    cells = {(cell["decade"], cell["vantage"]): cell for cell in document["coverage"]}
    assert cells["1990s", "victim"] == {
        "camp": "kwalliso-18", "decade": "1990s", "vantage": "victim",
        "state": "speaks", "accounts": 9, "first_hand": 9, "speak": 8, "counted": 6,
    }  # fmt: skip
    assert cells["1970s", "perpetrator"]["state"] == "silent"
    assert cells["1970s", "victim"]["state"] == "nobody"
    assert {cell["state"] for key, cell in cells.items() if key[1] == "relative"} == {"nobody"}
    text = run("compare", "--camp", "18", "--topic", "hunger").out
    assert re.search(r"perpetrator side .* 0/1 ", text)
    assert "no account at all from relative, relayed or researcher" in " ".join(text.split())


def test_a_period_keeps_to_its_decades_and_counts_the_undated(several: Path, run: Run) -> None:
    """What has no date is neither put into a period nor lost."""
    made_up.put(several, account("NKT-9012", "late-root", camps=[{"camp": "kwalliso-18"}]))
    document = json.loads(run("compare", "--camp", "18", "--topic", "hunger", "--period", "1971/1994", "--format", "json").out)
    assert {cell["decade"] for cell in document["coverage"]} == {"1970s", "1980s", "1990s", "undated"}
    assert document["undated_left_out"] == 1
    assert document["agreement"][0]["roots"] == 2
    nobody = json.loads(run("compare", "--topic", "hunger", "--period", "1950", "--format", "json").out)
    assert nobody["rows"] == []
    assert nobody["agreement"][0]["roots"] == 0


def test_only_the_claim_that_was_asked_for_makes_a_row(root: Path, run: Run) -> None:
    """The topic of one claim and the camp of another do not add up to a claim."""
    claims = [
        claim(topics=["hunger"], camps=["kwalliso-18"]),
        claim(id="c2", topics=["execution"], camps=["kwalliso-14"]),
    ]
    made_up.collection(root, account("NKT-9001", "a", claims=claims))
    assert json.loads(run("compare", "--camp", "14", "--topic", "hunger", "--format", "json").out)["rows"] == []
    (row,) = json.loads(run("compare", "--camp", "14", "--topic", "execution", "--format", "json").out)["rows"]
    assert (row["claim"], row["camps"], row["topics"]) == ("c2", ["kwalliso-14"], ["execution"])


def test_a_passage_without_a_claim_does_not_count_beside_claims(root: Path, run: Run) -> None:
    """The head of a record names all its topics; where it has claims, a paragraph that has none says none of them."""
    head = made_up.header("NKT-9001", camps=CAMPS, topics=["hunger"], claims=[claim()])
    bare = made_up.header("NKT-9002", camps=CAMPS, topics=["hunger"])
    made_up.collection(root, made_up.record(head, "One.", "Two."), made_up.record(bare, "Three."))
    document = json.loads(run("compare", "--topic", "hunger", "--format", "json").out)
    assert [(row["paragraph"], row["counted"]) for row in document["rows"]] == [(1, True), (2, False), (1, True)]
    assert document["agreement"][0]["not_counted"] == {"no-claim": 1}
    assert document["agreement"][0]["unknown_roots"] == 2


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_of_a_comparison_leaves_without_caveats_and_citation(several: Path, form: str) -> None:
    """Every note in force at a row, and every row's citation."""
    with Archive(several) as room:
        found = compare(Query(filters=Filters(topic=("hunger",))), room.authorities, room.answer, room.find)
        out = "\n".join(write_comparison(room.output_of(found, form), form))
    plain = " ".join(out.replace("\\", "").split())
    for row in found.rows:
        assert f"{row.place} · " in plain
        assert row.hit.passage.sha256[:16] in plain
        for note in row.hit.passage.notes:
            assert note.statement in plain


def test_csv_has_one_line_a_row_and_no_formula(root: Path, run: Run) -> None:
    """The same fields as in JSON, flat."""
    made_up.collection(root, account("NKT-9001", "a", title="=Made up"), account("NKT-9002"))
    rows = list(csv.DictReader(io.StringIO(run("compare", "--topic", "hunger", "--format", "csv").out)))
    assert [(row["code"], row["claim"], row["status"], row["counted"]) for row in rows] == [
        ("NKT-9001", "c1", "asserted", "true"),
        ("NKT-9002", "c1", "asserted", "true"),
    ]
    assert rows[0]["title"] == "'=Made up"
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+-@")]


def test_nothing_of_a_record_is_markup_in_a_comparison(root: Path, run: Run) -> None:
    """Titles, claims, roots and interviewers are words."""
    hostile = "<script>x</script> [a](javascript:b) *c* | d"
    source = {"csl": {"type": "report", "title": hostile}}
    made_up.collection(
        root,
        *(account(f"NKT-900{n}", source=source, title=hostile, claims=[claim(text=hostile)]) for n in (1, 2)),
    )
    page = run("compare", "--topic", "hunger", "--format", "markdown").out
    assert "<script>" not in page
    assert "](javascript" not in page.replace("\\]", "")


def test_a_comparison_of_nothing_is_refused(several: Path, run: Run) -> None:
    """Everything against everything says nothing."""
    ran = run("compare")
    assert ran.code == 2
    assert "--camp, --topic and --period" in ran.err
    assert run("compare", "--flag", "recanted").code == 2


def test_the_shipped_archive_does_not_count_one_witness_twice(on_shipped: Run) -> None:
    """Two tellings of one witness on deaths by execution are at most one root; what was taken back counts as none."""
    document = json.loads(on_shipped("compare", "--camp", "14", "--topic", "execution", "--format", "json").out)
    (told,) = document["agreement"]
    assert told["roots"] == 0
    assert told["taken_back"] == 1
    assert {row["code"]: row["not_counted"] for row in document["rows"]} == {
        "NKT-0001": ["recanted", "corrected"],
        "NKT-0024": ["lead-only"],
    }
    assert [each["id"] for each in document["conflicts"]] == ["conf-058"]
    asked = ("--camp", "14", "--camp", "18", "--topic", "escape", "--format", "json")
    both = json.loads(on_shipped("compare", *asked).out)
    assert {row["code"] for row in both["rows"]} >= {"NKT-0001", "NKT-0002"}
    roots = sorted(root for each in both["agreement"][0]["speakers"] for root in each["roots"])
    assert (roots, both["agreement"][0]["unknown_roots"]) == (["kim-yong", "shin-dong-hyuk"], 0)


def test_rows_are_those_of_the_search(on_shipped: Run) -> None:
    """Every passage that a search with the same filters finds is here, but where two claims only seem to meet it."""
    asked = (
        ("--camp", "15"),
        ("--topic", "release"),
        ("--camp", "16", "--topic", "execution"),
        ("--topic", "hunger"),
        ("--camp", "18", "--period", "1990/1999"),
        ("--camp", "14", "--basis", "first-hand"),
    )
    for filters in asked:
        hits = json.loads(on_shipped("search", *filters, "--all", "--format", "json").out)["hits"]
        rows = json.loads(on_shipped("compare", *filters, "--format", "json").out)["rows"]
        found = {(hit["code"], hit["paragraph"]) for hit in hits}
        assert {(row["code"], row["paragraph"]) for row in rows} == found


def test_a_claim_on_a_narrower_topic_is_counted_with_the_broader_one(root: Path, run: Run) -> None:
    """As in a search and in facets; asked for the narrower one, a claim on the broader is none."""
    made_up.collection(
        root,
        account("NKT-9001", "first-root", claims=[claim(topics=["public-execution"])]),
        account("NKT-9002", "second-root", claims=[claim(topics=["execution"])]),
    )
    for topic, roots in (("execution", 2), ("public-execution", 1), ("hanging", 0)):
        document = json.loads(run("compare", "--topic", topic, "--format", "json").out)
        assert [(each["topic"], each["roots"]) for each in document["agreement"]] == [(topic, roots)]
        assert len(document["rows"]) == roots
    by_topic = json.loads(run("compare", "--camp", "18", "--format", "json").out)["agreement"]
    assert {each["topic"]: each["roots"] for each in by_topic} == {"execution": 2, "public-execution": 1}


def test_what_was_taken_back_later_is_not_counted_as_of_an_earlier_day(on_shipped: Run) -> None:
    """The answer is that of the day, the caveat says since when, and the count is that of today."""
    asked = ("compare", "--camp", "14", "--topic", "execution", "--as-of", "2013")
    document = json.loads(on_shipped(*asked, "--format", "json").out)
    assert document["as_of"]["day"] == "2013-12-31"
    (row,) = [row for row in document["rows"] if row["code"] == "NKT-0001"]
    assert "recanted" in [each["flag"] for each in row["caveats_since"]]
    assert row["counted"] is False
    assert document["agreement"][0]["roots"] == 0
    text = " ".join(on_shipped(*asked).out.split())
    assert "RECANTED, SINCE 2013-12-31" in text
    assert "is as known today" in text


def test_a_closed_record_changes_nothing(several: Path) -> None:
    """Not a count, not a voice, not a channel, not a cell: nobody learns that it is there."""
    query = Query(filters=Filters(topic=("hunger",)))

    def answers() -> list[str]:
        with Archive(several) as room:
            found = compare(query, room.authorities, room.answer, room.find)
            return ["\n".join(write_comparison(room.output_of(found, form), form)) for form in FORMATS]

    before = answers()
    tied = [{"type": "same-person", "code": "NKT-9001"}, {"type": "same-person", "code": "NKT-9006"}]
    against = made_up.note("n1", "contradicted", "Canary.", **{"with": ["NKT-9002#p1"]})
    closed = account(
        "NKT-9099", "third-root", access={"level": "closed"}, relations=tied, credibility={"notes": [against]}, title="Canary"
    )
    made_up.put(several, closed)
    assert answers() == before
    made_up.put(several, closed.replace("closed", "public"))
    opened = answers()
    assert opened != before
    assert "Canary" in opened[0]


@pytest.mark.parametrize(("flags", "taken_back"), [(("recanted",), 1), (("recanted", "lead-only"), 0), (("lead-only",), 0)])
def test_what_was_never_more_than_a_lead_was_not_taken_back(
    root: Path, run: Run, flags: tuple[str, ...], taken_back: int
) -> None:
    """A voice is said to have told it once and taken it back only where nothing else speaks against counting it."""
    notes = [made_up.note(f"n{number}", flag) for number, flag in enumerate(flags, start=1)]
    camps = [{"camp": "kwalliso-18", "period": "1985", "as": "prisoner"}]
    head = made_up.header("NKT-9001", camps=camps, topics=["hunger"], credibility={"notes": notes})
    made_up.collection(root, made_up.record(head, "Made up."))
    (hunger,) = json.loads(run("compare", "--camp", "18", "--topic", "hunger", "--format", "json").out)["agreement"]
    assert (hunger["taken_back"], hunger["roots"], hunger["unknown_roots"]) == (taken_back, 0, 0)


def test_a_claim_without_a_day_is_of_no_period_that_is_asked_for(root: Path, run: Run) -> None:
    """Though another claim of its paragraph is, by which the paragraph was found."""
    claims = [
        {"id": name, "text": "Made up.", "paragraphs": [1], "camps": ["kwalliso-18"], "status": "asserted", "period": period}
        for name, period in (("c1", "1985"), ("c2", "XXXX"), ("c3", "1999"))
    ]
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", claims=claims), "Made up."))
    answer = json.loads(run("compare", "--camp", "18", "--period", "1985", "--format", "json").out)
    assert [row["claim"]["id"] if isinstance(row["claim"], dict) else row["claim"] for row in answer["rows"]] == ["c1"]


def two(relation: dict[str, Any]) -> dict[str, Testimony]:
    """Read two made-up records, the first of which has a relation to the second."""
    made = {}
    for code, relations in (("NKT-9001", [{**relation, "code": "NKT-9002"}]), ("NKT-9002", [])):
        content = made_up.record(made_up.header(code, relations=relations), "One.", "Two.").encode()
        made[code] = read.read(content, f"testimonies/{code}-made-up.md", read.read_authorities(Path("/nowhere")))
    return made


@pytest.mark.parametrize("kind", ["revises", "revised-by", "same-person", "same-event", "relies-on"])
def test_two_records_of_one_person_are_one_voice_by_any_relation_that_says_so(kind: str) -> None:
    """Entered on one side alone, and without a root; that one tells of the same or rests on the other makes them no one voice."""
    records = two({"type": kind})
    voices = independent_sources(records.values(), records.get)
    assert (voices["NKT-9001"] == voices["NKT-9002"]) is (kind in {"revises", "revised-by", "same-person"})


def test_a_paragraph_relies_on_what_it_names_and_no_other_does() -> None:
    """A relation of the first paragraph is none of the second."""
    records = two({"type": "relies-on", "paragraphs": [1]})
    found = [[str(each) for each in references_relied_on(records["NKT-9001"], number, records.get)] for number in (1, 2)]
    assert found == [["NKT-9002"], []]


def test_a_passage_on_a_side_has_its_caveats_as_of_the_day_and_a_correction_names_its_sides(root: Path, run: Run) -> None:
    """What came later stands there as come later; a note that takes back what a passage says is a contradiction of the two."""
    camps = [{"camp": "kwalliso-18", "period": "1985", "as": "prisoner"}]
    taken = made_up.note("n1", "recanted", about={"paragraphs": [1]}, known="2010", **{"with": ["NKT-9002#p1"]})
    later = made_up.note("n2", "caution", known="2016")
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", camps=camps, credibility={"notes": [taken]}), "Made up."),
        made_up.record(made_up.header("NKT-9002", credibility={"notes": [later]}), "Made up too."),
    )
    answer = json.loads(run("compare", "--camp", "18", "--as-of", "2014-01-01", "--format", "json").out)
    (stated,) = answer["contradictions"]
    assert [side["code"] for side in stated["sides"]] == ["NKT-9001", "NKT-9002"]
    (passage,) = stated["sides"][1]["passages"]
    told = {name: [each["id"] for each in passage[name]] for name in ("caveats", "caveats_since")}
    assert told == {"caveats": ["n1"], "caveats_since": ["n2"]}


def test_what_was_rejected_covers_no_camp() -> None:
    """Of who was there to tell, where another claim of the same record counts."""
    testimony = two({"type": "same-event"})["NKT-9001"]
    entries = tuple(
        CampEntry(FacilityId(camp), period="1985", status=status)
        for camp, status in (("kwalliso-18", "rejected"), ("kwalliso-14", "asserted"))
    )
    assert [cell.camp for cell in coverage([RecordOutline(testimony, 1, entries)])] == ["kwalliso-14"]
