"""Readers' commands answer the same with and without closed matter, and no word of it is anywhere in their index.

A sample of what `bench/leaks.py` runs at full size.
"""

import contextlib
import json
import random
import zlib
from collections.abc import Collection
from pathlib import Path

import pytest

import interference
import made_up
from archive.authority import authorities
from archive.authority.authorities import NOT_OPEN
from archive.cli import group
from archive.formats.text import plain
from examples import TIMES, daily
from interference import MARK, Pair, at_query_time

DRAFTS = 10 * TIMES if TIMES > 1 else 4


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Both worlds, built once."""
    return interference.build(tmp_path_factory.mktemp("worlds"), seed=7)


def told(pair: Pair, scratch: Path, seed: int, number: int, commands: Collection[str] = ()) -> list[str]:
    """Ask both worlds at random, these commands or all, and give every difference."""
    chance = random.Random(seed)
    found: list[str] = []
    for draft in range(number):
        with interference.open_rooms() if draft % 2 else contextlib.nullcontext():  # every other one opens the index anew
            for arguments in interference.drafts(pair, chance):
                if commands and arguments[0] not in commands:
                    continue
                found += interference.differences(pair, arguments, scratch)
    return found


def test_answers_are_the_same_with_and_without_closed_matter(pair: Pair, tmp_path: Path) -> None:
    """Every readers' command, format, facet, count, score, suggestion, error and exit code; no secret in any."""
    assert told(pair, tmp_path, 1, DRAFTS) == []


def test_what_git_knows_of_closed_words_is_told_in_neither_world(pair: Pair, tmp_path: Path) -> None:
    """Versions, branches and a stash: each citation of them alone; what was public all along is told, or all this were idle."""
    for citation in pair.citations:
        assert interference.differences(pair, ["verify", citation], tmp_path) == []
    assert "by the history of the file" in interference.run(pair.with_it, ["verify", pair.citations[0]]).out
    assert len(pair.citations) > 15


def test_links_that_moved_are_told_alike(pair: Pair) -> None:
    """The worlds have caveats that are stale, replaced and carried, and footnotes: else the random questions ask for none."""
    told = interference.run(pair.with_it, ["search", "--format", "json", "--all", "--as-of", "2005"]).out
    hits = json.loads(told)["hits"]
    caveats = [each for hit in hits for each in hit["caveats"]]
    assert {bool(each.get("stale")) for each in caveats} == {True, False}
    assert {bool(each.get("replaced")) for each in caveats} == {True, False}
    assert any(each["from"] for each in caveats)
    assert any(hit["footnotes"] for hit in hits)


@pytest.mark.parametrize("form", ["docx", "odt", "pdf"])
def test_what_is_set_for_print_is_the_same(pair: Pair, tmp_path: Path, form: str) -> None:
    """Asked for once, since it takes long: a document of a word processor, and pages."""
    arguments = ["dossier", "coal", "--output", f"OUT/out.{form}", "--format", form, "--date", "2001-02-03"]
    assert interference.differences(pair, arguments, tmp_path) == []
    assert interference.run(pair.with_it, [each.replace("OUT/", f"{tmp_path}/") for each in arguments]).code == 0


def test_a_public_bag_and_manifest_are_the_same(pair: Pair, tmp_path: Path) -> None:
    """A keeper's commands, of which the public gets what they make: the public rendering and no byte more."""
    bags = {}
    for root in (pair.with_it, pair.without_it):
        ran = interference.run(root, ["bag", "--output", str(tmp_path / root.name), "--date", "2026-01-01"])
        assert ran.code == 1, ran  # a closed file has faults, and so have versions in both worlds, which keepers are told
        manifest = interference.run(root, ["manifest"]).out
        found = {each.name: each.read_bytes() for each in sorted((tmp_path / root.name).rglob("*")) if each.is_file()}
        bags[root.name] = (manifest, found)
        assert not [name for name, content in found.items() if interference.is_marked(content)]
    assert {"NKT-9005-public.md", "NKT-9005-public.ko.md"} <= set(bags["with"][1])
    assert bags["with"] == bags["without"]


CODES = (*interference.SHUT, *interference.LATER, *interference.FAULTY, "ZQX-9009", *interference.ORPHANS)


@pytest.mark.parametrize("code", CODES)
def test_a_closed_code_answers_as_an_unknown_one(pair: Pair, tmp_path: Path, code: str) -> None:
    """Compared with the world in which there is none of that code.

    Every day each command is asked of each code in two forms of four, the other two of the next code; in a long run in all.
    """
    for number, name in enumerate(interference.readers(), CODES.index(code)):
        forms = ([name, code], [name, "--code", code], [name, f"{code}#p1"], [name, f"code:{code}"])
        for arguments in daily(forms, number):
            assert interference.differences(pair, arguments, tmp_path) == []
    for language in ("en", "ko"):
        for arguments in (["show", code, "--language", language], ["cite", f"{code}#p1", "--language", language]):
            assert interference.differences(pair, arguments, tmp_path) == []
    assert interference.differences(pair, ["show", code, "--parallel"], tmp_path) == []
    assert interference.run(pair.with_it, ["show", code]).code == 2
    for form in ("text", "json"):
        arguments = ["verify", f"{code}#p1 · 2001-02-03 · sha256:{'0' * 16} · notes n1, {code}/n2:01234567", "--format", form]
        assert interference.differences(pair, arguments, tmp_path) == []
    assert "There is no testimony" in interference.run(pair.with_it, ["verify", f"{code}#p1 sha256:{'0' * 16}"]).out


def test_no_byte_of_the_public_index_is_secret(pair: Pair) -> None:
    """Also what was public once, and what Whoosh or zlib has packed."""
    assert interference.run(pair.with_it, ["search", "coal"]).code == 0
    assert list(interference.marked_bytes(pair.with_it)) == []


def packed(how: int, words: bytes) -> bytes:
    """Pack some words with zlib in a way of its own: with its head, with the one of gzip, or with none."""
    pack = zlib.compressobj(wbits=how)
    return pack.compress(words) + pack.flush()


@pytest.mark.parametrize("how", [zlib.MAX_WBITS, zlib.MAX_WBITS + 16, -zlib.MAX_WBITS, 9])
def test_the_control_a_secret_that_was_packed_is_found(pair: Pair, tmp_path: Path, how: int) -> None:
    """Wherever it lies in a file of the index, also where it was cut off, and in a value that a library gives."""
    assert interference.run(pair.with_it, ["search", "coal"]).code == 0
    file = next((pair.with_it / "index" / "public").rglob("*.passages"))
    content, copy = file.read_bytes(), tmp_path / "copy"
    for secret in ("a witness zqxbcdfq spoke", "ZQX-9001", "그는 쀏쮋꿻 말했다"):
        hidden = packed(how, f"coal mine, {secret}, coal mine".encode())
        assert not interference.is_marked(hidden)
        for at, piece in ((len(content) // 3, hidden), (len(content), hidden[:-4])):
            copy.write_bytes(content[:at] + piece + content[at:])
            assert list(interference.marked_file(copy))
        assert interference.marked_value({"text": ("coal", [b"\x00" + hidden])})
    assert not interference.marked_value({"text": ("coal", [packed(how, b"coal mine")])})


def test_sentences_of_authorities_name_no_closed_code(pair: Pair, tmp_path: Path) -> None:
    """Lists lose it, sentences say that there was one; what is open stays named."""
    listing = ["camps", "--conflicts"]
    for arguments in (listing, [*listing, "--format", "json"], ["compare", "coal", "--camp", "15"]):
        assert interference.differences(pair, arguments, tmp_path) == []
    conflict = json.loads(interference.run(pair.with_it, [*listing, "--format", "json"]).out)["conflicts"][0]
    assert conflict["records"] == ["NKT-9001"]
    assert conflict["others"] == []
    assert conflict["claims"][0]["says"] == f"As in {NOT_OPEN}, not in NKT-9001."
    assert conflict["note"] == f"{NOT_OPEN}는 NKT-9002, {NOT_OPEN}."


def test_the_control_a_list_alone_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were sentences left as they are, the code of a closed record would be told, and lie in the public index."""
    monkeypatch.setattr(authorities.text, "without_codes", lambda words, *_: words)
    pair = interference.build(tmp_path, seed=7)
    found = interference.differences(pair, ["camps", "--conflicts"], tmp_path)
    assert any("a secret is told" in each and "ZQX-9009" in each for each in found)
    assert next(interference.marked_bytes(pair.with_it))


def test_completion_offers_the_same(pair: Pair) -> None:
    """And nothing secret."""
    offered = interference.completions(pair.with_it)
    assert offered == interference.completions(pair.without_it)
    assert any(value == "NKT-9001" for _, value, _ in offered)
    assert not [each for each in offered if MARK.search(" ".join(each[1:]))]


def test_the_counts_are_the_same(pair: Pair) -> None:
    """Also where a closed file has faults, or is sealed; two public versions have faults, in both worlds."""
    for root in (pair.with_it, pair.without_it):
        interference.run(root, ["stats"])
    assert interference.counted(pair.with_it) == interference.counted(pair.without_it) == (8, 0, 2)


def test_a_change_of_closed_matter_is_no_news(tmp_path: Path) -> None:
    """Nothing is said, and no file of the public index is written."""
    pair = interference.build(tmp_path, seed=11)
    told = interference.run(pair.with_it, ["search", "--count"]).err
    public = pair.with_it / "index" / "public"
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in public.rglob("*") if file.is_file()}
    for code in ("ZQX-9001", "ZQX-9003", "ZQX-9008"):
        file = pair.with_it / "testimonies" / f"{code}-made-up.md"
        file.write_text(file.read_text(encoding="utf-8") + "\nMore of it.\n", encoding="utf-8")
    (pair.with_it / "testimonies" / "ZQX-9009.md.age").unlink()
    assert interference.run(pair.with_it, ["search", "--count"]).err == told
    assert {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in public.rglob("*") if file.is_file()} == before


def test_a_collection_of_closed_matter_alone_is_an_empty_one(tmp_path: Path) -> None:
    """The same words, the same exit code."""
    for name, records in (("with", [made_up.record(made_up.header("ZQX-9001", access={"level": "closed"}))]), ("without", [])):
        made_up.collection(tmp_path / name, *records)
    pair = Pair(tmp_path / "with", tmp_path / "without", ("zqxq",), ("ZQX-9001", "NKT-9001"))
    assert told(pair, tmp_path, 3, 3) == []
    assert interference.run(pair.with_it, ["search"]).code == 11


def test_every_command_is_a_readers_or_a_keepers() -> None:
    """A new one is a reader's until it is named otherwise, and so is asked here."""
    assert set(group.COMMANDS) >= group.KEEPERS
    assert {"search", "show", "excerpt", "cite", "camps", "facets", "stats"} <= set(interference.readers())
    pair = Pair(Path(), Path(), ("zqxq",), ("NKT-9001",))
    assert {arguments[0] for arguments in interference.drafts(pair, random.Random(1))} == set(interference.readers())


KEPT = frozenset({"public"})


def test_the_control_a_filter_at_query_time_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores, facets, counts and bytes tell of what it leaves out of the hits."""
    at_query_time(monkeypatch)
    pair = interference.build(tmp_path, seed=7)
    found = told(pair, tmp_path, 1, 2, {"search", "facets"})
    assert any("the answers differ" in each and "'facets'" in each for each in found)
    assert any("the answers differ" in each and "'search'" in each for each in found)
    marked = list(interference.marked_bytes(pair.with_it))
    library = "unpacked by the library, "
    for way in (".passages, inflated from byte", ".terms: ", f"{library}stored for", f"{library}record"):
        assert any(way in each for each in marked), way


def test_the_control_a_secret_in_an_answer_is_seen(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look for marks would see one in any sink."""
    monkeypatch.setattr(plain, "summary", lambda _: "zqxtold")
    assert any("a secret is told" in each for each in interference.differences(pair, ["search", "coal", "--full"], tmp_path))


def test_redacted_words_stay_withheld_and_the_rest_is_found(pair: Pair) -> None:
    """The passage is there, with its number, its public hash and its caveats."""
    ran = interference.run(pair.with_it, ["show", "NKT-9005", "--format", "json"])
    document = json.loads(ran.out)
    assert document["record"]["sha256_of"] == "public rendering"
    words = [each["excerpt"] for each in document["passages"]]
    assert words[0].startswith("Here [name withheld] said [not published] of coal.")
    assert words[1] == "[not published]"
    assert document["footnotes"] == ["[^1]: See [not published]."]
    assert [claim["id"] for claim in document["record"]["claims"]] == ["c2"]
    assert document["passages"][1]["caveats"][0]["id"] == "n1"


def test_the_worlds_have_versions_of_every_kind(pair: Pair) -> None:
    """Words found, shown and set beside each other in another language: else the random questions meet none."""
    hits = json.loads(interference.run(pair.with_it, ["search", "--format", "json", "--all", "--language", "ko"]).out)["hits"]
    assert {hit["code"] for hit in hits} == {"NKT-9001", "NKT-9002", "NKT-9005", "NKT-9006"}
    assert any(hit["caveats"] for hit in hits)
    assert "have changed since this version was made" in interference.run(pair.with_it, ["show", "NKT-9002", "--parallel"]).out
    shown = interference.run(pair.with_it, ["show", "NKT-9005", "--language", "ko", "--format", "json"]).out
    words = [each["excerpt"] for each in json.loads(shown)["passages"]]
    assert words[0] == "여기서 [name withheld]은 석탄을 [not published] 말했다."
    assert words[1] == "[not published]"
    assert interference.run(pair.with_it, ["show", "NKT-9003", "--language", "ko"]).code == 2, "one with a fault is not read"
    assert "2 files could not be read" in interference.run(pair.with_it, ["show", "NKT-9003"]).err
    closed = [file.name for file in (pair.with_it / "testimonies").glob("ZQX-*.en.md*")]
    assert len(closed) > len(interference.SHUT)


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
@pytest.mark.parametrize("options", [(), ("--parallel",), ("--language", "ko"), ("--parallel", "--language", "en")])
def test_versions_are_shown_alike(pair: Pair, tmp_path: Path, form: str, options: tuple[str, ...]) -> None:
    """Of each public record, whole and by its paragraphs, also where the version withholds words or has faults."""
    for number in range(1, 10):
        for place in (f"NKT-{9000 + number}", f"NKT-{9000 + number}#p1-2"):
            assert interference.differences(pair, ["show", place, *options, "--format", form], tmp_path) == []
