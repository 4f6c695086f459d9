"""A record is all files of its code: whatever is done with its own is done with its versions in other languages."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import interference
import made_up
from archive.archive import Archive
from archive.cli import group
from archive.storage import record_files
from running import Ran, ask_program

pyrage = pytest.importorskip("pyrage")
pytest.importorskip("bagit")

CODE, OTHER, SHUT = "ZZT-0001", "ZZT-0002", "ZZT-0003"
OWN = ("Coal was dug here.", "He saw a guard.")
# The syllables are those that `interference` looks for in every byte of an index.
TEXTS = {"ko": ("여기서 석탄을 캤다 쀏쮋꿻.", "그는 경비대원을 보았다."), "ja": ("石炭を掘った 쌇쌋쌏。", "監視員を見た。")}
SECRET = ("숨긴 낱말이다 쀓쀗쮏.", "또 숨긴 낱말이다.")
FOLDER = Path("testimonies")
WITHDRAWN = {"consent": {"status": "withdrawn", "was_public": "true"}, "access": {"level": "closed"}}
NAMED = {language: FOLDER / f"{CODE}-made-up{language and '.'}{language}.md" for language in ("", "ko", "ja")}


def head(code: str = CODE, **changes: object) -> dict[str, object]:
    """Return a header with a claim that has no hash, so that there is something to bind."""
    claim = {"id": "c1", "text": "Made up", "paragraphs": ["1"], "status": "asserted", "topics": ["hunger"]}
    return made_up.header(code, title="Made up", claims=[claim], **changes)


@pytest.fixture
def laid(root: Path) -> Path:
    """A record with two versions, one without, and a closed one with a version."""
    made_up.collection(root, made_up.record(head(), *OWN), made_up.record(head(OTHER), "Snow fell."))
    for language, words in TEXTS.items():
        made_up.put(root, made_up.version(CODE, language, *words))
    made_up.put(root, made_up.record(head(SHUT, access={"level": "closed"}), *OWN))
    made_up.put(root, made_up.version(SHUT, "ko", *SECRET))
    return root


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, str]:
    """A recipient, and the path of the identity."""
    identity = pyrage.x25519.Identity.generate()
    file = tmp_path / "identity.txt"
    file.write_text(f"{identity}\n", encoding="utf-8")
    return str(identity.to_public()), str(file)


def files(root: Path, code: str = CODE) -> dict[str, bytes]:
    """Return the files of a code by their names."""
    return {file.name: file.read_bytes() for file in sorted((root / FOLDER).iterdir()) if file.name.startswith(code)}


def done(root: Path, *arguments: str, code: int = 0) -> Ran:
    """Run a command that ends so."""
    ran = ask_program(root, *arguments)
    assert ran.code == code, ran.out + ran.err
    return ran


def found(root: Path, word: str) -> list[tuple[str, int, str]]:
    """Return what a search finds: code, paragraph and language."""
    with Archive(root) as room:
        return [(hit.passage.code, hit.passage.number, hit.testimony.language) for hit in room.search(word).results.hits]


EVERYTHING = [(CODE, 1, "ko"), (CODE, 1, "ja")]


def says_all(root: Path) -> None:
    """See that words are found in each language of the record, and those of what is closed in none."""
    assert [found(root, word) for word in ("석탄", "石炭", "coal")] == [
        [(CODE, 1, "ko")],
        [(CODE, 1, "ja")],
        [(CODE, 1, "en")],
    ]
    assert found(root, "숨긴") == []


def test_seal_and_unseal_take_all(laid: Path, keys: tuple[str, str]) -> None:
    """All are sealed and none lies open; unsealed they are the same to the byte, each in its language."""
    made_up.few_authorities(laid)  # every byte of which is unpacked
    before, others = files(laid), files(laid, OTHER)
    says_all(laid)
    done(laid, "seal", CODE, "--recipient", keys[0])
    assert list(files(laid)) == [f"{CODE}.ja.md.age", f"{CODE}.ko.md.age", f"{CODE}.md.age"]
    assert found(laid, "석탄") == found(laid, "石炭") == []
    assert not list(interference.marked_bytes(laid))
    done(laid, "unseal", CODE, "--identity", keys[1])
    after = files(laid)
    assert {record_files.language_of(name): content for name, content in after.items()} == {
        record_files.language_of(name): content for name, content in before.items()
    }
    assert files(laid, OTHER) == others
    says_all(laid)


def test_a_bag_and_a_manifest_have_all_and_give_all_back(laid: Path, tmp_path: Path) -> None:
    """What may be carried away holds each language; put down elsewhere it is the same record, citation for citation."""
    bag = tmp_path / "bag"
    done(laid, "bag", "--output", str(bag), "--date", "2026-01-01")
    carried = {file.name: file.read_bytes() for file in (bag / "data" / FOLDER).iterdir()}
    named = {f"{CODE}-public{end}.md": language for end, language in (("", ""), (".ko", "ko"), (".ja", "ja"))}
    assert set(carried) == {*named, f"{OTHER}-public.md"}
    for name, language in named.items():
        assert carried[name] == (laid / NAMED[language]).read_bytes()
    lines = dict(reversed(line.split("  ")) for line in done(laid, "manifest").out.splitlines())
    assert {Path(path).name: sha256 for path, sha256 in lines.items() if path.startswith(str(FOLDER))} == {
        name: hashlib.sha256(content).hexdigest() for name, content in carried.items()
    }
    there = tmp_path / "there"
    shutil.copytree(bag / "data", there)
    says_all(there)
    for language in ("", "ko", "ja"):
        options = ("--language", language) if language else ()
        cited = [done(root, "cite", f"{CODE}#p2", *options).out for root in (laid, there)]
        assert cited[0] == cited[1]
        assert "1 unchanged" in done(there, "verify", cited[0].strip()).out


@pytest.mark.parametrize("language", ["", "ko", "ja"])
def test_a_manifest_tells_of_each_file(laid: Path, tmp_path: Path, language: str) -> None:
    """A word that changed in a version is told, and a version that is missing or new."""
    file = tmp_path / "manifest.txt"
    done(laid, "manifest", "--output", str(file))
    version = laid / NAMED[language]
    was = version.read_bytes()
    path = f"{FOLDER}/{CODE}-public{language and '.'}{language}.md"
    version.write_bytes(was.replace(b"made up" if not language else TEXTS[language][1].encode(), b"Other words."))
    version.write_bytes(version.read_bytes() + b"\n" if version.read_bytes() == was else version.read_bytes())
    assert json.loads(done(laid, "manifest", "--check", str(file), "--format", "json", code=1).out)["changed"] == [path]
    if language:
        version.unlink()
        assert json.loads(done(laid, "manifest", "--check", str(file), "--format", "json", code=1).out)["missing"] == [path]
        done(laid, "manifest", "--output", str(file), "--force")
        version.write_bytes(was)
        assert json.loads(done(laid, "manifest", "--check", str(file), "--format", "json", code=1).out)["new"] == [path]


CLOSING = {
    "closed": ({"access": {"level": "closed"}}, "There is no testimony"),
    "restricted": ({"access": {"level": "restricted"}}, "There is no testimony"),
    "withdrawn": (WITHDRAWN, "withdrawn"),
}


@pytest.mark.parametrize("way", CLOSING)
def test_what_is_closed_or_withdrawn_is_so_in_every_language(laid: Path, way: str) -> None:
    """One line in the record's header, and no word, hash or citation of any version is told any more."""
    made_up.few_authorities(laid)  # every byte of which is unpacked
    says_all(laid)
    assert list(interference.marked_bytes(laid)), "the control: what is open is found there"
    citations = {each: done(laid, "cite", f"{CODE}#p1", "--language", each).out.strip() for each in TEXTS}
    changes, said = CLOSING[way]
    made_up.put(laid, made_up.record(head(**changes), *OWN), NAMED[""].name)
    assert found(laid, "석탄") == found(laid, "石炭") == found(laid, "coal") == []
    assert not list(interference.marked_bytes(laid))
    for language, citation in citations.items():
        ran = done(laid, "verify", citation, "--format", "json", code=1)
        (verdict,) = json.loads(ran.out)["citations"]
        assert verdict["outcome"] in {"unknown", "withdrawn"}
        assert not [word for word in TEXTS[language][0].split() if word in ran.out.replace(citation, "")]
        for arguments in (("show", CODE, "--language", language), ("excerpt", f"{CODE}#p1", "--language", language)):
            ran = ask_program(laid, *arguments)
            assert ran.code, arguments
            assert said.casefold() in (ran.out + ran.err).casefold()
            assert not [word for word in TEXTS[language][0].split() if word in ran.out + ran.err]


def test_verify_knows_the_versions_of_each_day(laid: Path) -> None:
    """A mark with a language holds as long as those words stand, and afterwards the history tells what they were."""
    git(laid, "init", "--quiet")
    git(laid, "add", "-A")
    git(laid, "commit", "--quiet", "-m", "made up")
    cited = done(laid, "cite", f"{CODE}#p1", "--language", "ko").out.strip()
    own = done(laid, "cite", f"{CODE}#p1").out.strip()
    assert outcome(laid, cited) == outcome(laid, own) == "unchanged"
    made_up.put(laid, made_up.version(CODE, "ko", "다른 낱말이다.", TEXTS["ko"][1]))
    assert (outcome(laid, cited), outcome(laid, own)) == ("changed", "unchanged")
    wrong = cited.replace(" · ko · ", " · ja · ")
    assert outcome(laid, wrong, code=1) not in {"unchanged", "moved"}
    (laid / NAMED["ko"]).unlink()
    assert outcome(laid, cited) not in {"unchanged", "moved"}
    assert outcome(laid, own) == "unchanged"


def outcome(root: Path, citation: str, code: int | None = None) -> str:
    """Return what `verify` says of a citation."""
    ran = ask_program(root, "verify", citation, "--format", "json")
    assert code is None or ran.code == code
    (verdict,) = json.loads(ran.out)["citations"]
    return str(verdict["outcome"])


def git(root: Path, *arguments: str) -> None:
    """Run git."""
    named = ("-c", "user.name=made up", "-c", "user.email=made@up.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *named, *arguments], cwd=root, check=True, capture_output=True)


def test_counts_are_of_records(laid: Path) -> None:
    """However many languages a record has, it is one testimony with its paragraphs in every count."""
    for word in ("", "made-up"):
        total = json.loads(done(laid, "search", word, "--format", "json").out)["total"]
        assert (total["testimonies"], total["passages"]) == (2, 3)
    assert "2 of 2 testimonies" in done(laid, "search", "석탄").out
    assert json.loads(done(laid, "list", "--format", "json").out)["total"]["testimonies"] == 2
    assert "3 records read" in done(laid, "check").err
    assert json.loads(done(laid, "stats", "--format", "json").out)["testimonies"] == 2


WRITES: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "new": (("new", "Another"), set()),
    "note": (("note", f"{CODE}#p1", "--flag", "caution", "--statement", "Made up."), {""}),
    "check": (("check", "--bind"), {"", "ko", "ja"}),
    "seal": (("seal", CODE, "--recipient", "RECIPIENT"), {"", "ko", "ja"}),
    "unseal": (("unseal", CODE, "--identity", "IDENTITY"), {"", "ko", "ja"}),
    "set": (("set", CODE, "title=Made up otherwise"), {""}),
    "edit": (("edit", CODE, "--change", "Made up"), {""}),
    "claim": (("claim", "add", f"{CODE}#p2", "made up"), {""}),
    "relate": (("relate", CODE, "same-event", OTHER), {""}),
    "redact": (("redact", f"{CODE}#p2", "guard", "--in", "ko", "경비대원", "--in", "ja", "監視員"), {"", "ko", "ja"}),
    "close": (("close", CODE, "--reason", "Made up"), {""}),
    "open": (("open", CODE, "--consent", "given", "--by", "made up"), {""}),
    "withdraw": (("withdraw", CODE, "--reason", "Made up"), {""}),
}
"""Every command that writes records, and which files of the code it writes, moves or takes away."""
LEAVES: dict[str, tuple[str, ...]] = {
    "init": ("init", "OUT/new"),
    "reseal": ("reseal", "--all", "--recipient", "age1none"),
    "search": ("search", "석탄"),
    "list": ("list",),
    "show": ("show", CODE, "--parallel", "--language", "ko"),
    "witness": ("witness", "made-up witness"),
    "excerpt": ("excerpt", f"{CODE}#p1", "--language", "ja"),
    "cite": ("cite", CODE, "--language", "ko"),
    "verify": ("verify", CODE),
    "camps": ("camps",),
    "compare": ("compare", "--topic", "hunger"),
    "dossier": ("dossier", "석탄", "--output", "OUT/a.md"),
    "template": ("template", "coi", "--output", "OUT/t.md"),
    "facets": ("facets", "석탄"),
    "stats": ("stats",),
    "index": ("index", "--rebuild"),
    "doctor": ("doctor",),
    "manifest": ("manifest", "--output", "OUT/m.txt"),
    "bag": ("bag", "--output", "OUT/bag"),
    "publish": ("publish", "OUT/edition"),
    "schema": ("schema",),
    "topics": ("topics",),
    "basket": ("basket", "add", f"{CODE}#p1", "--language", "ko"),
    "watch": ("watch", "add", "one", "석탄"),
    "forget": ("forget",),
    "web": ("web",),
    "assist": ("assist",),
    "picture": ("picture", "collection", "--output", "OUT/p.svg"),
    "export": ("export", "--output", "OUT/e.jsonl"),
    "backup": ("backup", "OUT/backup"),
    "log": ("log",),
    "align": ("align", CODE, "--language", "ko"),
    "authority": ("authority", "import", "OUT/none.ttl"),
    "rebind": ("rebind", CODE),  # whose words are as they were bound
    "import": ("import", "OUT"),
}
"""All others: no file of a record is another one afterwards."""


def test_every_command_is_walked() -> None:
    """A new command stands in one of the two tables."""
    assert set(WRITES) | set(LEAVES) == set(group.COMMANDS)
    assert not set(WRITES) & set(LEAVES)


@pytest.mark.parametrize("name", WRITES)
def test_what_writes_a_record_leaves_it_whole(
    laid: Path, keys: tuple[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files that it touches are those named above, all of the code are read together afterwards, and no other is touched."""
    arguments, touched = WRITES[name]
    before_it = {"unseal": ("seal", CODE, "--recipient", keys[0]), "open": ("close", CODE, "--reason", "Made up")}
    if name in before_it:
        done(laid, *before_it[name])
    monkeypatch.setenv("EDITOR", "sed -i -e s/guard/warden/")
    monkeypatch.delenv("VISUAL", raising=False)
    before, others = files(laid), {**files(laid, OTHER), **files(laid, SHUT)}
    done(laid, *(each.replace("RECIPIENT", keys[0]).replace("IDENTITY", keys[1]) for each in arguments))
    after = files(laid)
    changed = {record_files.language_of(each) for each in {*before, *after} if before.get(each) != after.get(each)}
    assert changed == touched
    if name != "check":
        assert {**files(laid, OTHER), **files(laid, SHUT)} == others
    survey = record_files.survey(laid)
    assert set(map(record_files.language_of, survey.files_of(CODE))) == {"", "ko", "ja"}
    assert not survey.faults
    if name in {"seal", "close", "withdraw"}:
        assert found(laid, "석탄") == found(laid, "石炭") == []
    else:
        says_all(laid)


@pytest.mark.parametrize("name", LEAVES)
def test_no_other_command_touches_a_file_of_a_record(laid: Path, tmp_path: Path, name: str) -> None:
    """Whatever it reads, finds or gives out."""
    if name == "publish":
        made_up.few_authorities(laid)  # each of which has pages
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in (laid / FOLDER).iterdir()}
    ask_program(laid, *(each.replace("OUT", str(tmp_path)) for each in LEAVES[name]))
    assert {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in (laid / FOLDER).iterdir()} == before


SPOILT: dict[str, Callable[[Path], object]] = {
    "a version sealed beside an open record": lambda root: (root / NAMED["ko"]).rename(root / FOLDER / f"{CODE}.ko.md.age"),
    "two of one language": lambda root: shutil.copy(root / NAMED["ko"], root / FOLDER / f"{CODE}-other.ko.md"),
    "a copy with a name of its own": lambda root: shutil.copy(root / NAMED["ko"], root / FOLDER / f"{CODE}-made-up.ko (1).md"),
}


@pytest.mark.parametrize("way", SPOILT)
def test_what_cannot_be_moved_whole_is_not_moved(laid: Path, keys: tuple[str, str], way: str) -> None:
    """`seal` refuses where a file of the code would be left behind in the open, and writes nothing."""
    SPOILT[way](laid)
    before = files(laid)
    ran = ask_program(laid, "seal", CODE, "--recipient", keys[0])
    assert ran.code, ran.out
    assert files(laid) == before
    assert re.search(CODE, ran.err)


def told(root: Path, *arguments: str) -> dict[str, object]:
    """Return what a search says of how many testimonies it looked in."""
    return json.loads(done(root, "search", "--format", "json", *arguments).out)["coverage"]


@pytest.mark.parametrize("word", ["korean", "Korean", "KOREAN", "한국어", "north-korean"])
def test_a_version_named_in_a_word_takes_no_record_away(laid: Path, word: str) -> None:
    """`check` names that file and how to name it; the record is served in its other languages, and nothing is miscounted."""
    before = told(laid, "coal")
    (laid / NAMED["ko"]).rename(laid / FOLDER / f"{CODE}-made-up.{word}.md")
    checked = done(laid, "check", code=1)
    fault = f"{FOLDER}/{CODE}-made-up.{word}.md:1: file: has its language in a word in its name; name it {CODE}-made-up."
    assert fault in checked.out
    assert len([line for line in checked.out.splitlines() if "warning" not in line]) == 1 + (word == "north-korean")
    assert [found(laid, each) for each in ("石炭", "coal", "석탄")] == [[(CODE, 1, "ja")], [(CODE, 1, "en")], []]
    assert told(laid, "coal") == {**before, "unread_versions": 1}
    assert record_files.survey(laid).files_of(CODE)[0] == f"{FOLDER}/{CODE}-made-up.md"


def test_a_version_named_in_a_word_is_read_once_it_has_the_name_that_was_told(laid: Path) -> None:
    """And is sealed with its record before that."""
    odd = laid / FOLDER / f"{CODE}-made-up.korean.md"
    (laid / NAMED["ko"]).rename(odd)
    expected = re.search(r"name it (\S+)", done(laid, "check", code=1).out)
    assert expected
    odd.rename(odd.with_name(expected[1]))
    done(laid, "check")
    says_all(laid)


def test_a_version_named_in_a_word_is_sealed_with_its_record(laid: Path, keys: tuple[str, str]) -> None:
    """Nothing of the code is left in the open, and all come back."""
    odd = laid / FOLDER / f"{CODE}-made-up.korean.md"
    (laid / NAMED["ko"]).rename(odd)
    before = sorted(files(laid).values())
    done(laid, "seal", CODE, "--recipient", keys[0])
    assert all(name.endswith(record_files.SEALED) for name in files(laid))
    done(laid, "unseal", CODE, "--identity", keys[1])
    assert sorted(files(laid).values()) == before


@pytest.mark.parametrize("name", ["Ko", "KO", "kO"])
def test_a_tag_in_capitals_is_the_language_that_it_names(laid: Path, name: str) -> None:
    """But for one that nobody writes, which is no language, and two files of a code."""
    (laid / NAMED["ko"]).rename(laid / FOLDER / f"{CODE}-made-up.{name}.md")
    if name == "kO":
        done(laid, "check", code=1)
    else:
        says_all(laid)


def test_a_record_named_like_a_version_is_counted_as_a_record(root: Path) -> None:
    """Where no other file of its code lies beside it, as in an older archive."""
    made_up.put(root, made_up.record(head(), *OWN), f"{CODE}-story.ko.md")
    made_up.put(root, made_up.record(head(OTHER), "Snow fell."), f"{OTHER}-story.korean.md")
    assert told(root, "coal") == {"searched": 2, "of": 2, "unread_versions": 0}


@pytest.fixture(params=["a fault", "a word for a name"])
def spoilt(laid: Path, request: pytest.FixtureRequest) -> Path:
    """Every version in Korean cannot be read: that of a public record, and that of a closed one."""
    for code in (CODE, SHUT):
        file = laid / FOLDER / f"{code}-made-up.ko.md"
        if request.param == "a fault":
            file.write_text(file.read_text(encoding="utf-8").replace("schema: 1", "schema: 1\nkind: testimony"), encoding="utf-8")
        else:
            file.rename(file.with_name(f"{code}-made-up.korean.md"))
    return laid


@pytest.mark.parametrize("command", [("show",), ("cite",), ("excerpt",)])
def test_a_version_with_faults_is_not_told_as_none(spoilt: Path, command: tuple[str, ...]) -> None:
    """It cannot be read at present, and what to do is said; a language that there is none in is told as that."""
    ran = done(spoilt, *command, f"{CODE}#p1", "--language", "ko", code=2)
    assert f"the version of {CODE} in ko cannot be read at present" in ran.err
    assert "Leave --language out" in ran.err
    assert "testimony check" in ran.err
    assert not ran.out
    assert "has no version in 'fr'" in done(spoilt, *command, f"{CODE}#p1", "--language", "fr", code=2).err
    done(spoilt, *command, f"{CODE}#p1", "--language", "ja")


def test_verify_tells_a_version_with_faults_as_one(laid: Path) -> None:
    """It hands out no other citation for it."""
    cited = done(laid, "cite", f"{CODE}#p1", "--language", "ko").out
    assert f"{CODE}#p1 · ko" in cited
    file = laid / NAMED["ko"]
    file.rename(file.with_name(f"{CODE}-made-up.korean.md"))
    (laid / "cited.txt").write_text(cited, encoding="utf-8")
    ran = done(laid, "verify", str(laid / "cited.txt"), code=1)
    assert f"The version of {CODE} in ko cannot be read at present." in ran.out
    assert "no version in" not in ran.out
    assert "Cite now" not in ran.out


def test_the_public_learns_nothing_of_a_version_of_what_is_closed(spoilt: Path) -> None:
    """Every answer is the one that is given where its record does not exist."""
    asked = (
        *(
            ("show", SHUT, "--language", "ko"),
            ("cite", f"{SHUT}#p1", "--language", "ko"),
            ("verify", f"{SHUT}#p1 · ko · sha256:0"),
        ),
        *(("search", "coal", "--format", "json"), ("search", "숨긴"), ("stats",), ("export", "--format", "csv")),
    )
    ask_program(spoilt, "index")
    answers = [ask_program(spoilt, *each)[:3] for each in asked]
    for file in (spoilt / FOLDER).glob(f"{SHUT}-*"):
        file.unlink()
    assert [ask_program(spoilt, *each)[:3] for each in asked] == answers
