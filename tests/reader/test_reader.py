"""Reading strictly: a header that is not whole and plain is refused, with every fault named."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.authority.authorities import Authorities
from archive.errors import InvalidTestimony
from archive.reader import read as reader
from archive.reader import yaml_nodes
from archive.record import paragraphs
from archive.record.testimony import Testimony
from examples import examples

PATH = "testimonies/NKT-9001-made-up.md"


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    """The shipped authorities."""
    return reader.read_authorities(tmp_path_factory.mktemp("none"))


def faults_of(content: str | bytes, authorities: Authorities) -> list[str]:
    """Give the faults of a record, as they are printed."""
    written = content.encode() if isinstance(content, str) else content
    with pytest.raises(InvalidTestimony) as refused:
        reader.read(written, PATH, authorities)
    return [str(fault) for fault in refused.value.faults]


def read(content: str, authorities: Authorities) -> Testimony:
    """Read a record that has no fault."""
    return reader.read(content.encode(), PATH, authorities)


def plain(**changes: object) -> str:
    """Write a minimal record with changes."""
    return made_up.record(made_up.header("NKT-9001", **changes))


def test_a_minimal_record_is_read(authorities: Authorities) -> None:
    """What a file must have is little."""
    testimony = read(plain(), authorities)
    assert testimony.code == "NKT-9001"
    assert testimony.access == "public"
    assert testimony.body == "A paragraph made up for a test.\n"


@pytest.mark.parametrize(
    "key",
    [
        "schema",
        "code",
        "title",
        "kind",
        "language",
        "text",
        "witness",
        "camps",
        "recorded",
        "source",
        "consent",
        "access",
        "credibility",
    ],
)
def test_a_required_key_has_no_default(key: str, authorities: Authorities) -> None:
    """A header that was cut off fails closed."""
    assert faults_of(plain(**{key: None}), authorities) == [f"{PATH}:2: {key}: is missing"]


def test_every_fault_is_named_at_once_with_its_line(authorities: Authorities) -> None:
    """A keeper mends a file in one go."""
    head = made_up.header("NKT-9001", kind="testimoney", topics=["hungr"], camps=[{"camp": "kwaliso-14"}], colour="red")
    found = faults_of(made_up.record(head, "One <!-- hidden --> word."), authorities)
    assert [fault.split(": ")[0] for fault in found] == [f"{PATH}:{line}" for line in (5, 9, 15, 16, 18)]
    assert "Did you mean testimony?" in found[0]
    assert "Did you mean kwalliso-14" in found[1]
    assert "Did you mean hunger" in found[2]
    assert "header: has a key that no record has" in found[3]
    assert "HTML comment" in found[4]


def test_a_term_is_suggested_by_the_words_for_it_as_a_search_does(authorities: Authorities) -> None:
    """Without the word itself: what a keeper's command prints may be watched."""
    (said,) = faults_of(plain(topics=["sleepless"]), authorities)
    assert "Did you mean sleep-deprivation" in said
    assert authorities.vocabulary.meant("topic", "sleepless") in said
    assert "sleepless" not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", 'does not open with a line "---"'),
        ("code: NKT-9001\n", 'does not open with a line "---"'),
        ("\n---\ncode: NKT-9001\n---\n", 'does not open with a line "---"'),
        ("---\naccess: {level: restricted}\n\nbody\n", 'is never closed with a line "---"'),
        ("---\naccess: {level: restricted}\n...\nbody\n", "ends with '...'"),
        ("---\naccess: {level: restricted}\n--- \nbody\n", "ends with '--- '"),
        ("\ufeff---\na: b\n---\n", "byte-order mark"),
        ("---\na: b\r---\n", "carriage return"),
        ("---\na: \0\n---\n", "NUL"),
        ("---\n- a\n---\nb\n", "is not a mapping"),
        ("---\njust text\n---\nb\n", "is not a mapping"),
        ("---\na: 1\na: 2\n---\nb\n", "stands twice here (first in line 2)"),
        ("---\na: &x 1\n---\nb\n", "has an anchor"),
        ("---\na: *x\n---\nb\n", "has an alias"),
        ("---\n<<: {a: 1}\n---\nb\n", "has a merge key"),
        ("---\na: !!python/object/apply:os.system [id]\n---\nb\n", "has a tag"),
        ("---\n? [1]\n: 2\n---\nb\n", "has a key that is not text"),
        ("---\na: " + "[" * 100_000 + "\n---\nb\n", "is larger than 64 KB"),
        ("---\na: " + "[" * 1000 + "\n---\nb\n", "is nested more than 12 deep"),
        ("---\na: " + "[" * 60_000 + "\n---\nb\n", "is nested more than 12 deep"),
        ("---\na: " + "{b: " * 5000 + "\n---\nb\n", "is nested more than 12 deep"),
        ("---\n" + "".join(f"{' ' * at}a:\n" for at in range(200)) + "---\nb\n", "is nested more than 12 deep"),
        ("---\na: " + "x" * 70_000 + "\n---\nb\n", "is larger than 64 KB"),
        ("---\na: {b: c\n---\nb\n", "is not YAML"),
        ("---\na: \x07\n---\nb\n", "control characters are not allowed"),
    ],
)
def test_what_other_readers_take_for_something_is_refused(content: str, said: str, authorities: Authorities) -> None:
    """Never guessed at: a header that ends nowhere is not body text."""
    assert any(said in fault for fault in faults_of(content, authorities))


@pytest.mark.parametrize("text", ["a: [" * 3000, 'a: "\\UFFFFFFFF"', 'a: "\\U00110000"', "a: {b: c", "a: &x 1\nb: ["])
def test_both_parsers_of_yaml_end_in_a_fault(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build of PyYAML without the C parser has the one in Python, which raises other errors for the same text."""
    for loader in (yaml.CBaseLoader, yaml.BaseLoader):
        monkeypatch.setattr("archive.reader.yaml_nodes._LOADER", loader)
        root, faults = yaml_nodes.load(text, PATH)
        assert root is None
        assert faults


def test_bad_utf8_is_named_with_its_line(authorities: Authorities) -> None:
    """The place is told, so that an editor finds it."""
    assert faults_of(b"---\ntitle: \xff\n---\n", authorities) == [f"{PATH}:2: file: is not UTF-8; save it as UTF-8"]


def test_scalars_stay_text(authorities: Authorities) -> None:
    """A bare 022, no, 12:30 or a date is what was typed, not 18, False, 750 and a datetime."""
    content = plain().replace("Made up for a test: NKT-9001", "x").replace('title: "x"', "title: 022")
    assert read(content, authorities).title == "022"
    assert read(content.replace("title: 022", "title: no"), authorities).title == "no"
    assert read(content.replace("title: 022", "title: 12:30"), authorities).title == "12:30"


def test_a_duplicate_key_hides_no_other_fault(authorities: Authorities) -> None:
    """The second value never wins silently."""
    content = plain().replace('access: {"level": "public"}', "access: {level: closed}\naccess: {level: public}")
    assert any("access: stands twice" in fault for fault in faults_of(content, authorities))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"consent": {"status": "withdrawn"}}, "access.level: must be closed"),
        ({"consent": {"status": "unknown"}}, "access.level: must be restricted or closed"),
        ({"access": {"level": "public", "until": "2030"}}, "access.until: holds the record back"),
        (
            {
                "witness": {
                    "name": "x",
                    "name_kind": "anonymous",
                    "connection": "victim",
                    "other_names": [{"text": "y", "language": "ko"}],
                }
            },
            "would unmask",
        ),
        ({"source": {}}, "needs either ref"),
        ({"source": {"csl": {"type": "book", "title": "x"}, "seen": "not-seen"}}, "source.through: is missing"),
        ({"period": "1990", "camps": [{"camp": "kwalliso-15", "period": "1991"}]}, "period: stands here and under camps"),
        ({"camps": [{"camp": "kwalliso-15", "period": "2005"}]}, "begins after the day"),
        ({"recorded": {"date": "yesterday"}}, "recorded.date: is no date"),
        ({"recorded": {"date": "1999/1990"}}, "ends before it begins"),
        ({"code": "NKT-9002"}, "but the file is called"),
        ({"relations": [{"type": "revises", "code": "NKT-9001"}]}, "points at the record itself"),
        (
            {"credibility": {"notes": [made_up.note("n1", "caution", about={"paragraphs": [1], "sha256": ["0" * 16] * 2})]}},
            "has 2 hashes for 1 paragraphs",
        ),
        (
            {"relations": [{"type": "relies-on", "code": "NKT-9002#p1-2", "sha256": {"theirs": ["0" * 16]}}]},
            "relations.1.sha256.theirs: has 1 hashes for 2 paragraphs",
        ),
        (
            {
                "credibility": {
                    "notes": [
                        made_up.note("n1", "caution", **{"with": [{"ref": "NKT-9002", "sha256": ["0" * 16]}]}),
                    ]
                }
            },
            "with.1.sha256: has 1 hashes for 0 paragraphs",
        ),
        ({"credibility": {"notes": [made_up.note("n1", "caution"), made_up.note("n1", "caution")]}}, "is taken by another note"),
        ({"credibility": {"notes": [made_up.note("n1", "caution", replaces="n7")]}}, "is no earlier note"),
        ({"credibility": {"notes": [made_up.note("n1", "caution", about={})]}}, "needs either paragraphs or record"),
        (
            {"credibility": {"notes": [made_up.note("n1", "caution", cites=[{"ref": "no-such-work"}])]}},
            "is in neither sources.yaml nor conflicts.yaml",
        ),
    ],
)
def test_rules_across_fields(changes: dict[str, object], said: str, authorities: Authorities) -> None:
    """Withdrawn is closed, unknown consent is at most restricted, a note fits its words."""
    assert any(said in fault for fault in faults_of(plain(**changes), authorities))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("# Head\nand more", "begins as a heading and goes on"),
        ("One.\n \nTwo.", "has only white space"),
        ("A <res>secret.", "opens <res> and does not close it"),
        ("A <res>b<an>c</an></res>", "opens <an> inside <res>"),
        ("A <res>b.\n\nC</res> d.", "opens <res> and does not close it"),
        ("A </an>", "closes <an> that is not open"),
        ("# Only a heading", "has no paragraph"),
    ],
)
def test_what_must_not_stand_in_a_body(body: str, said: str, authorities: Authorities) -> None:
    """What would be counted, published or redacted differently elsewhere is a fault."""
    assert any(said in fault for fault in faults_of(made_up.record(made_up.header("NKT-9001"), body), authorities))


def test_other_angle_brackets_are_plain_words(authorities: Authorities) -> None:
    """`<name redacted>` is not HTML here and does not vanish."""
    content = made_up.record(made_up.header("NKT-9001"), "He was called <name redacted> by <all>.")
    assert "<name redacted>" in read(content, authorities).body


def test_crlf_files_read_the_same(authorities: Authorities) -> None:
    """A file that went through an editor on Windows keeps its paragraphs."""
    content = made_up.record(made_up.header("NKT-9001"), "One.", "Two.")
    assert read(content.replace("\n", "\r\n"), authorities).body == read(content, authorities).body


@examples(75)
@given(st.text(max_size=300))
def test_no_text_is_read_as_anything_but_a_record_or_its_faults(authorities: Authorities, content: str) -> None:
    """Whatever lies in a file, reading ends in faults and never in another error."""
    try:
        reader.read(content.encode("utf-8", "surrogatepass"), PATH, authorities)
    except InvalidTestimony as refused:
        assert refused.faults  # noqa: PT017 - no fault at all is as good


@examples(50)
@given(cut=st.integers(0, 2000))
def test_a_record_that_was_cut_off_is_never_read(authorities: Authorities, cut: int) -> None:
    """Wherever a header breaks off, the record stays out."""
    content = plain(access={"level": "restricted"})
    end = content.index("\n---\n") + 4
    cut %= end
    with pytest.raises(InvalidTestimony):
        reader.read(content[:cut].encode(), PATH, authorities)


def test_the_json_schema_names_the_terms(tmp_path: Path) -> None:
    """An editor can offer the flags from the schema."""
    schema = reader.json_schema(reader.read_authorities(tmp_path))
    note = schema["$defs"]["NotePart"]["properties"]
    assert "recanted" in note["flag"]["enum"]
    assert "kwalliso-14" in schema["$defs"]["CampPart"]["properties"]["camp"]["enum"]
    assert schema["additionalProperties"] is False
    assert "with" in note


def test_a_record_has_no_more_paragraphs_than_a_segment_of_an_index_takes(authorities: Authorities) -> None:
    """All of a record lies in one segment."""
    most = paragraphs.MOST_PASSAGES
    written = made_up.record(made_up.header("NKT-9001"), *(["A."] * most))
    assert len(paragraphs.passages(reader.read(written.encode(), PATH, authorities).body)) == most
    with pytest.raises(InvalidTestimony, match=f"more than {most} paragraphs") as raised:
        reader.read(f"{written}\nOne more.\n".encode(), PATH, authorities)
    assert raised.value.faults[0].line == written.count("\n") + 2
