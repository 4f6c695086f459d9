"""Publishing to a real cluster: beside, whole, in one step; what is closed is in no answer, and in the end in no file."""

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

import clusters
import made_up
from archive.archive import Archive
from archive.engine.opensearch import documents
from archive.engine.opensearch.client import Cluster, path_name
from archive.errors import ForeignIndex, IndexBusy, NoCluster
from archive.indexing import _generations as generations
from archive.indexing import _publishing as publishing
from archive.reader import read
from archive.record.testimony import PUBLIC
from archive.search.model import Results
from cluster_parts import close, publish, remote, rows
from running import ask_program

SECRET = "zyxqvoleum"  # noqa: S105 - no password
"""A word that stands in one record alone."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A collection of records that speak of each other; one will be closed."""
    against = made_up.note("n1", "contradicted", **{"with": ["NKT-9002#p1"]})
    return made_up.collection(
        tmp_path / "c",
        rows("NKT-9001", "The first made-up word of a well.", "A second one.", credibility={"notes": [against]}),
        rows("NKT-9002", f"The well was called {SECRET} by all.", "Nothing else."),
        rows("NKT-9003", "A well, a third time; a fence.", relations=[{"type": "relies-on", "code": "NKT-9002"}]),
        *(rows(f"NKT-91{number:02}", f"A fence and number {number}.", "A well of others.") for number in range(12)),
    )


def answer(root: Path, words: str = "well OR fence") -> Results:
    """Ask the cluster."""
    with remote(root) as archive:
        return archive.search(words, limit=None, facets=True).results


def indexes(cluster: Cluster, alias: str) -> set[str]:
    """Return the generations that there are."""
    return {name for name in cluster.find("GET", f"{alias}-*/_mapping") or () if not name.endswith("-state")}


def current(cluster: Cluster, alias: str) -> str:
    """Return the generation that counts."""
    [index] = cluster.request("GET", f"_alias/{path_name(alias)}")
    return str(index)


def test_what_is_published_answers_as_the_index_here(root: Path, alias: str) -> None:
    """The same bytes of every readers' command; before anything is published one line says so, and nothing is printed."""
    ran = ask_program(root, "--engine", "opensearch", "search", "well")
    assert (ran.code, ran.out) == (22, "")
    assert "nothing of this collection has been published" in ran.err
    ran = ask_program(root, "--engine", "opensearch", "index")
    assert (ran.code, ran.out) == (0, ""), ran.err
    for command in (
        ["search", "well", "--facets", "--format", "json"],
        ["show", "NKT-9001", "--format", "json"],
        ["list"],
        ["stats"],
        ["cite", "NKT-9002#p1"],
        ["search", "nowhere"],
        ["show", "NKT-9999"],
    ):
        here, there = ask_program(root, *command), ask_program(root, *command, TESTIMONY_ENGINE="opensearch")
        assert (there.code, there.out) == (here.code, here.out), command
    assert alias


def test_nothing_is_sent_where_nothing_has_changed(root: Path, alias: str, cluster: Cluster) -> None:
    """The generation stays the one that it was, and a record that is touched is none that has changed."""
    assert publish(root).rebuilt
    first = current(cluster, alias)
    next((root / "testimonies").iterdir()).touch()
    report = publish(root)
    assert (report.changed, report.rebuilt, current(cluster, alias)) == (0, False, first)


def test_a_change_gives_what_building_anew_gives(
    root: Path, alias: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same hits, counts, notes and scores to the last digit; only what has changed is sent."""
    monkeypatch.setattr(publishing, "SMALL", 0)
    monkeypatch.setattr(publishing, "SHARE", 1)
    publish(root)
    made_up.put(root, rows("NKT-9105", "A fence, a fence and a well, and number 5 again.", "One more.", "And a third."))
    made_up.put(root, rows("NKT-9201", "A new well."))
    report = publish(root)
    assert (report.rebuilt, report.changed) == (False, 2)
    changed = answer(root)
    assert current(cluster, alias).startswith(f"{alias}-000002-")
    assert publish(root, rebuild=True).rebuilt
    anew = answer(root)
    assert changed == anew
    assert [hit.score for hit in changed.hits] == [hit.score for hit in anew.hits]


def test_a_folder_that_has_moved_on_is_told_of(root: Path, alias: str) -> None:
    """The answer is that of the generation, and says as of when it is and how many records have changed."""
    publish(root)
    before = answer(root)
    made_up.put(root, rows("NKT-9105", "Quite another word."))
    made_up.put(root, rows("NKT-9201", "A new well."))
    said: list[str] = []
    with remote(root, said) as archive:
        assert archive.search("well OR fence", limit=None, facets=True).results == before
    [told] = said
    assert "answers are as of 20" in told
    assert "2 records have changed here since" in told
    assert alias


EVERYTHING = (
    ["search", "well OR fence", "--all", "--facets"],
    ["search", SECRET],
    ["search", SECRET[:-1] + "n~"],
    ["search", f"{SECRET[:5]}*"],
    ["search", "well", "--format", "json"],
    ["list", "--format", "json"],
    ["show", "NKT-9001"],
    ["show", "NKT-9003", "--format", "json"],
    ["show", "NKT-9002"],
    ["cite", "NKT-9002#p1"],
    ["stats"],
    ["facets"],
    ["witness", "made-up witness"],
)


def test_what_is_closed_here_is_in_no_answer(root: Path, alias: str) -> None:
    """From the moment of its closing, before anything is published: neither its words, nor its code, nor a note of it."""
    publish(root)
    assert SECRET in ask_program(root, "--engine", "opensearch", "search", SECRET).out
    assert "NKT-9002" in ask_program(root, "--engine", "opensearch", "show", "NKT-9003", "--format", "json").out
    close(root, "NKT-9002")
    for command in EVERYTHING:
        ran = ask_program(root, "--engine", "opensearch", *command)
        asked = " ".join(command)
        for word in (SECRET, "NKT-9002"):
            assert word not in ran.out or word in asked, command
        assert "called" not in ran.out, command
        assert ran.code == 0 or "NKT-9002" in asked, (command, ran.err)
    ran = ask_program(root, "--engine", "opensearch", "show", "NKT-9002")
    assert (ran.code, ran.out) == (2, "")
    assert alias


def test_words_that_are_withheld_here_are_in_no_answer(root: Path, alias: str) -> None:
    """A record that masks a word since then is not shown as it was."""
    publish(root)
    [file] = (root / "testimonies").glob("NKT-9002*")
    file.write_text(file.read_text().replace(SECRET, f"<res>{SECRET}</res>"))
    ran = ask_program(root, "--engine", "opensearch", "search", "called OR well", "--all", "--format", "json")
    codes = {hit["code"] for hit in json.loads(ran.out)["hits"]}
    assert "NKT-9001" in codes
    assert "NKT-9002" not in codes  # which is public all the same, and may be named by others
    assert SECRET not in ran.out
    assert "1 record is left out" in ran.err
    publish(root)
    ran = ask_program(root, "--engine", "opensearch", "search", "called OR well", "--all")
    assert "NKT-9002" in ran.out
    assert SECRET not in ran.out
    assert alias


def files_with(word: str) -> list[Path]:
    """Return the files of the nodes that hold a word."""
    folder = Path(os.environ.get("TESTIMONY_CLUSTER_DATA") or pytest.skip("TESTIMONY_CLUSTER_DATA names no folder of the nodes"))
    found = []
    for path in folder.glob("n*/data/**/*"):
        try:
            if path.is_file() and word.encode() in path.read_bytes():
                found.append(path)
        except FileNotFoundError:
            continue
    return found


def test_after_a_closing_no_file_of_any_node_holds_the_word(root: Path, alias: str, cluster: Cluster) -> None:
    """The index is made from nothing, and every older one is deleted at once; until then its words lie in files of the nodes."""
    publish(root)
    made_up.put(root, rows("NKT-9105", "Something else."))
    publish(root)
    cluster.request("POST", f"{path_name(current(cluster, alias))}/_flush", force="true")
    assert files_with(SECRET)
    close(root, "NKT-9002")
    assert publish(root).rebuilt
    cluster.request("POST", f"{path_name(current(cluster, alias))}/_flush", force="true")
    assert indexes(cluster, alias) == {current(cluster, alias)}
    assert files_with(SECRET) == []


def test_what_is_not_public_is_never_sent(root: Path, alias: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """No byte of a request has a word of it, its code, or a word that is withheld; of what is public every word is there."""
    closed = {"access": {"level": "closed"}}
    hidden = {"NKT-9301": closed, "NKT-9302": {"access": {"level": "restricted"}}}
    for code, access in hidden.items():
        made_up.put(root, rows(code, f"A hushhush{code[-1]} word.", title="Made up for a test: hushtitle", **access))
    made_up.put(root, rows("NKT-9303", "A public word, <res>hushmasked</res> and on."))
    (root / "testimonies" / "NKT-9304.md.age").write_bytes(b"age-encryption.org/v1 hushsealed")
    recording = clusters.Recording(transport=cluster._transport)  # noqa: SLF001
    monkeypatch.setattr(publishing, "connect", lambda *_: Cluster(recording))
    publish(root)
    sent = json.dumps(recording.sent, ensure_ascii=False, default=str)
    assert "hush" not in sent
    assert not any(code in sent for code in (*hidden, "NKT-9304"))
    assert SECRET in sent
    assert alias


def test_restricted_records_are_sent_nowhere_unless_the_settings_say_so(root: Path, alias: str, cluster: Cluster) -> None:
    """The cluster that is set for public records gets none of them."""
    made_up.put(root, rows("NKT-9302", "A hushhush word.", access={"level": "restricted"}))
    ran = ask_program(root, "--engine", "opensearch", "--clearance", "restricted", "index")
    assert (ran.code, ran.out) == (22, "")
    assert not cluster.find("GET", f"{alias.removesuffix('-public')}-restricted*/_mapping")
    hosts = {"TESTIMONY_OPENSEARCH_RESTRICTED_HOSTS": ",".join(clusters.hosts())}
    hosts["TESTIMONY_OPENSEARCH_RESTRICTED_ALIAS"] = alias.removesuffix("-public")
    ran = ask_program(root, "--engine", "opensearch", "--clearance", "restricted", "index", **hosts)
    assert ran.code == 0, ran.err
    assert (
        "hushhush" in ask_program(root, "--engine", "opensearch", "--clearance", "restricted", "search", "hushhush", **hosts).out
    )
    publish(root)
    assert "hushhush" not in ask_program(root, "--engine", "opensearch", "search", "word", "--all").out


def test_a_crash_before_the_swap_leaves_the_old_answer(root: Path, alias: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the last moment; the next publishing goes on with what lies there and sends no record a second time."""
    publish(root)
    before = answer(root)
    made_up.put(root, rows("NKT-9201", "A new well."))
    with monkeypatch.context() as patch:
        patch.setattr(generations, "swap", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(root)
    assert answer(root) == before
    assert publish(root).changed == 1
    assert answer(root).passages == before.passages + 1
    assert alias


def test_a_build_that_was_cut_off_goes_on_where_it_was(
    root: Path, alias: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the cluster has taken is not sent again; the answer is that of a build in one go."""
    monkeypatch.setattr(publishing, "_CODES_A_NOTE", 4)
    real, sent = documents.write, list[list[str]]()

    def write(cluster: Cluster, index: str, collection: Any, codes: Any) -> int:
        """Write, and be cut off at the third time."""
        sent.append(list(codes))
        if len(sent) == 3:
            raise KeyboardInterrupt
        return real(cluster, index, collection, sent[-1])

    monkeypatch.setattr(documents, "write", write)
    with pytest.raises(KeyboardInterrupt):
        publish(root)
    with pytest.raises(NoCluster, match="nothing of this collection has been published"):
        answer(root)
    publish(root)
    assert [code for codes in (*sent[:2], *sent[3:]) for code in codes] == sorted(
        code for codes in sent[:2] + sent[3:] for code in codes
    )
    assert sent[3] == sent[2]
    went_on = answer(root)
    monkeypatch.setattr(documents, "write", real)
    publish(root, rebuild=True)
    assert answer(root) == went_on
    assert current(cluster, alias)


def test_who_begins_from_an_older_generation_changes_nothing(
    root: Path, alias: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alias is the lock: the second publisher is told, and what it built is gone."""
    publish(root)
    made_up.put(root, rows("NKT-9201", "A new well."))
    real = generations.swap

    def late(cluster: Cluster, alias: str, old: Any, new: str) -> None:
        """Let another publisher be quicker."""
        monkeypatch.setattr(generations, "swap", real)
        monkeypatch.setattr(publishing, "_alone", lambda _: contextlib.nullcontext())
        monkeypatch.setattr(publishing._Publication, "_resumable", lambda *_: None)  # noqa: SLF001 - another machine's
        publish(root)
        real(cluster, alias, old, new)

    monkeypatch.setattr(generations, "swap", late)
    with pytest.raises(IndexBusy, match="another publisher was quicker"):
        publish(root)
    assert len(indexes(cluster, alias)) == 3  # the one that counts, the one before it, and the seed of the first
    assert answer(root, '"new well"').passages == 1


def test_two_that_publish_first_do_not_both_count(root: Path, alias: str, cluster: Cluster) -> None:
    """The second is told."""
    owner = generations.Owner.of(read.read_authorities(root), PUBLIC)
    generations.seed(cluster, alias, owner)
    with pytest.raises(IndexBusy):
        generations.seed(cluster, alias, owner)
    publish(root)
    assert answer(root).passages


def test_an_alias_of_another_collection_is_refused(root: Path, alias: str, cluster: Cluster) -> None:
    """It is neither read nor put in another's place; nor is an index that is none of ours."""
    publish(root)
    index = current(cluster, alias)
    meta = cluster.request("GET", f"{path_name(index)}/_mapping")[index]["mappings"]["_meta"]
    for change, told in (({"name": "Another Archive"}, "Another Archive"), ({"clearance": "restricted"}, "restricted")):
        generations.put_meta(cluster, index, {**meta, **change})
        for ask in (publish, answer):
            with pytest.raises(ForeignIndex, match=told):
                ask(root)
    generations.put_meta(cluster, index, {"other": "program"})
    for ask in (publish, answer):
        with pytest.raises(ForeignIndex, match="no testimony program made"):
            ask(root)
    assert current(cluster, alias) == index


def test_an_index_of_another_version_is_not_read(root: Path, alias: str, cluster: Cluster) -> None:
    """What it stores may mean something else; publishing makes it anew."""
    publish(root)
    index = current(cluster, alias)
    meta = cluster.request("GET", f"{path_name(index)}/_mapping")[index]["mappings"]["_meta"]
    generations.put_meta(cluster, index, {**meta, "made_by": "1/0.0.1"})
    with pytest.raises(ForeignIndex, match=r"made by version 1/0\.0\.1"):
        answer(root)
    assert publish(root).rebuilt
    assert answer(root).passages


def test_readers_see_the_old_answer_or_the_new_one(root: Path, alias: str) -> None:
    """While generations take each other's place, no reader is given anything in between, nor an error."""
    publish(root)
    totals = {answer(root).passages}
    seen: list[int] = []
    ended = threading.Event()

    def ask() -> None:
        """Ask until all has been published."""
        while not ended.is_set():
            results = answer(root)
            seen.append(results.passages if len(results.hits) == results.passages else -1)

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        for number in range(3):
            made_up.put(root, rows(f"NKT-940{number}", "A well.", "A fence."))
            publish(root)
            totals.add(max(totals) + 2)
    finally:
        ended.set()
        reader.join()
    assert seen
    assert set(seen) <= totals
    assert alias


def test_a_session_goes_on_with_what_it_began_to_read(root: Path, alias: str) -> None:
    """A generation is kept for those who read it after another took its place."""
    publish(root)
    with remote(root) as archive:
        first = archive.search("well", limit=None).results
        made_up.put(root, rows("NKT-9201", "A new well."))
        publish(root)
        assert archive.search("well", limit=None).results == first
    assert answer(root, "well").passages == first.passages + 1
    assert alias


def test_what_no_reader_needs_any_more_is_deleted(
    root: Path, alias: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour after another took its place; a build that nobody finished after a day."""
    publish(root)
    made_up.put(root, rows("NKT-9201", "A new well."))
    publish(root)
    assert len(indexes(cluster, alias)) > 1
    later = generations.now() + generations.KEPT * 2
    monkeypatch.setattr(generations, "now", lambda: later)
    publish(root)
    assert indexes(cluster, alias) == {current(cluster, alias)}


def test_a_missing_document_is_no_index(root: Path, alias: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent is counted before it counts: a document that was lost on the way is found, and the old answer stays."""
    publish(root)
    before = answer(root)
    made_up.put(root, rows("NKT-9201", "A new well."))
    real = documents.write
    monkeypatch.setattr(documents, "write", lambda *arguments: real(*arguments) + 1)
    with pytest.raises(NoCluster, match="the cluster holds"):
        publish(root)
    assert answer(root) == before
    assert current(cluster, alias)


def test_a_room_that_stays_open_finds_out_what_has_changed(root: Path, alias: str) -> None:
    """Another generation, or another folder; as long as neither has changed what is open is current, and has one name."""
    publish(root)
    with remote(root) as archive, Archive(root) as here:
        archive.search("well")
        here.search("well")
        assert archive.is_current()
        assert archive.state == here.state
        made_up.put(root, rows("NKT-9201", "A new well."))
        assert not archive.is_current()
    with remote(root) as archive:
        archive.search("well")
        assert archive.is_current()
        older = archive.state
        publish(root)
        assert not archive.is_current()
    with remote(root) as archive:
        archive.search("well")
        assert archive.state != older
    assert alias


def test_a_record_that_cannot_be_read_leaves_its_caveats_in_force(root: Path, alias: str) -> None:
    """As it was last read, by the generation that holds it; the same as from the index here."""
    against = made_up.note("n1", "contradicted", about={"record": "true"}, **{"with": ["NKT-9002"]})
    made_up.put(root, rows("NKT-9001", "The first made-up word of a well.", credibility={"notes": [against]}))
    publish(root)
    ask_program(root, "index")
    [file] = (root / "testimonies").glob("NKT-9001*")
    file.write_text(file.read_text().replace('kind: "testimony"', 'kind: "nonsense"'))
    publish(root)
    for command in (
        ["show", "NKT-9002", "--format", "json"],
        ["search", "well", "--all", "--format", "json"],
        ["show", "NKT-9001"],
    ):
        here, there = ask_program(root, *command), ask_program(root, *command, TESTIMONY_ENGINE="opensearch")
        assert (there.code, there.out) == (here.code, here.out), command
    assert "statement of n1" in ask_program(root, "--engine", "opensearch", "show", "NKT-9002").out
    assert alias
