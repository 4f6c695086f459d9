"""Two collections that differ in closed matter alone, and everything that a public reader can ask of both.

Whatever is secret holds the marker: a Latin word that begins with ``zqx``, a
code ``ZQX-…``, or one of some syllables that no public word has. So a leak is
found by the marker, and interference by comparing two answers. All made up.
"""

import contextlib
import io
import json
import os
import random
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self
from unittest import mock

import click
import pytest
from click.shell_completion import ShellComplete

import made_up
from archive.access import redaction
from archive.archive import Archive
from archive.cli import _context as context
from archive.cli import group
from archive.collection import collection
from archive.engine.whoosh.searcher import WhooshEngine
from archive.engine.whoosh.segment.index_reader import FolderFiles
from archive.engine.whoosh.whoosh_reader import WhooshReader
from archive.errors import Defect
from archive.record import paragraphs
from archive.record.hashing import passage_hash
from archive.record.testimony import PUBLIC, Clearance, Testimony
from archive.search.model import Query, Record, Results
from archive.storage import index_state
from archive.storage.paths import index_paths
from examples import TIMES, daily

SYLLABLES = "쀏쀓쀗쮋쮏쮓꿻꿿뀃쌇쌋쌏"
MARK = re.compile(f"zqx|[{SYLLABLES}]", re.IGNORECASE)


def _any(coding: str) -> bytes:
    return b"(?:" + b"|".join(re.escape(each.encode(coding)) for each in SYLLABLES) + b")"


_BYTES = re.compile(
    b"|".join(
        [b"(?i:zqx)", b"(?i:z\0q\0x)"]
        # The bytes of one syllable are found in packed files by chance, two syllables are not.
        + [_any(coding) + _any(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")]
        + [f"(?i:\\\\u{ord(each):04x})".encode() for each in SYLLABLES]
    )
)
WORDS = (
    "coal",
    "mine",
    "guard",
    "potato",
    "winter",
    "river",
    "fence",
    "transfer",
    "family",
    "school",
    "execution",
    "hunger",
    "release",
    "soldier",
    "village",
    "수용소",
    "요덕수용소에서",
    "정치범",
    "보위원",
    "강제노동",
    "굶주림",
    "겨울",
)
CAMPS = ("kwalliso-14", "kwalliso-15", "kwalliso-18", "kwalliso-22")
SECRET_CAMP = "kwalliso-16"  # noqa: S105 - a place; no public record speaks of it


class Pair(NamedTuple):
    """The same collection with closed matter and without it, and what may be asked about."""

    with_it: Path
    without_it: Path
    words: tuple[str, ...]
    references: tuple[str, ...]
    citations: tuple[str, ...] = ()


class Answer(NamedTuple):
    """Everything that a run of the program gave out."""

    code: int
    out: str
    err: str
    files: tuple[tuple[str, bytes], ...] = ()


class _Maker:
    """Makes the files of both worlds from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.secrets: list[str] = []
        self.bodies: dict[int, list[str]] = {}

    def secret(self) -> str:
        latin = "zqx" + "".join(self.chance.choices("bcdfghjkmnpqvwxz", k=6)) + "q"
        korean = "".join(self.chance.choices(SYLLABLES, k=3))
        self.secrets += [latin, korean]
        return f"{latin} {korean}"

    def sentence(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(4, 12))) + "."

    def public(self, number: int, shut: list[str]) -> str:
        """Give a public record: links bound by hash, a replaced note, a footnote, and rings through public and closed records."""
        chance, code = self.chance, f"NKT-{9000 + number}"
        others = [f"NKT-{9000 + other}" for other in range(1, 7) if other != number]
        around = number % 4 + 1
        body = self._body(number)
        notes = [
            made_up.note("n1", chance.choice(("caution", "revised", "recanted")), self.sentence()),
            made_up.note(
                "n2",
                "contradicted",
                self.sentence(),
                about={"paragraphs": ["1"]},
                **{"with": [self._bound(around), f"{chance.choice(others)}#p1", f"{chance.choice(shut)}#p1"]},
            ),
            made_up.note(
                "n3",
                "corroborated",
                self.sentence(),
                known=str(chance.randint(1990, 2020)),
                replaces=chance.choice(("n1", "n2")),
                **{"with": [{"ref": f"{chance.choice(shut)}#p1", "sha256": [passage_hash(self.sentence())[:16]]}]},
            ),
        ]
        relations = [
            {"type": "relies-on", "code": chance.choice([*others, *shut]), "paragraphs": ["2"]},
            {"type": "same-event", "code": chance.choice(shut)},
            {
                "type": "relies-on",
                "code": f"NKT-{9000 + around}#p1",
                "paragraphs": ["1"],
                "sha256": {"own": [passage_hash(body[0])[:16]], "theirs": [passage_hash(self._body(around)[0])[:16]]},
            },
            # A ring that goes through a closed record: that one relies on the first.
            {"type": "relies-on", "code": chance.choice(shut)},
        ]
        head = made_up.header(
            code,
            title=f"Made up {self.sentence()}",
            camps=[{"camp": chance.choice(CAMPS), "period": str(chance.randint(1980, 2000)), "as": "prisoner"}],
            credibility={"notes": notes},
            relations=relations,
            topics=chance.sample(["hunger", "torture", "escape"], k=2),
        )
        return made_up.record(head, *body, f"[^1]: {self.sentence()}")

    def _body(self, number: int) -> list[str]:
        """Give the paragraphs of a public record, the same whenever they are asked for."""
        if number not in self.bodies:
            sentences = [self.sentence() for _ in range(self.chance.randint(2, 5))]
            self.bodies[number] = [f"{sentences[0][:-1]}[^1].", *sentences[1:]]
        return self.bodies[number]

    def _bound(self, number: int) -> dict[str, Any]:
        return {"ref": f"NKT-{9000 + number}#p1", "sha256": [passage_hash(self._body(number)[0])[:16]]}

    def redacted(self, number: int, *, secret: bool) -> str:
        """Give a public record whose withheld words, their hashes and the claim on them differ between the worlds."""

        def hidden(others: str) -> str:
            told = self.secret()  # asked for in both worlds, so that chance runs alike
            return told if secret else others

        first = f"Here <an>{hidden('A. Person')}</an> said <res>{hidden('nothing much')}</res> of coal."
        second = f"<res>{hidden('All of this')} is withheld.</res>"
        third = f"A river, {self.sentence()} <an>{hidden('B. Person')}</an>[^1]"
        hashes = [passage_hash(first), passage_hash(second)]
        about = {"paragraphs": ["1", "2"], "quote": {"exact": "of coal"}, "sha256": hashes}
        claims = [
            {
                "id": "c1",
                "text": "moved to another place",
                "paragraphs": ["2"],
                "camps": [SECRET_CAMP if secret else "kwalliso-14"],
                "period": "1971" if secret else "1985",
                "status": "disputed" if secret else "asserted",
                "topics": ["execution" if secret else "hunger"],
                "sha256": [passage_hash(second)],
            },
            {"id": "c2", "text": "spoke of coal", "paragraphs": ["1", "2"], "camps": ["kwalliso-14"], "status": "asserted"},
        ]
        notes = [made_up.note("n1", "caution", about=about)]
        head = made_up.header(
            f"NKT-{9000 + number}", claims=claims, credibility={"notes": notes}, camps=[{"camp": "kwalliso-14"}]
        )
        return made_up.record(
            head, f"# Of <an>{hidden('a name')}</an>", first, second, third, f"[^1]: See <res>{hidden('there')}</res>."
        )

    def shut(self, code: str, **changes: Any) -> str:
        """Give a closed record with a secret in every field that can hold one."""
        secret = self.secret
        names = {"name": secret(), "name_kind": "real", "connection": "perpetrator", "nationality": secret()}
        quote = {"exact": "coal mine", "prefix": secret(), "suffix": secret()}
        notes = [
            made_up.note("zqx-n1", "recanted", secret(), by=secret(), **{"with": ["NKT-9001#p1", "NKT-9002", self._bound(3)]}),
            made_up.note("zqx-n3", "caution", secret(), replaces="zqx-n1", **{"with": [self._bound(4)]}),
            made_up.note("zqx-n2", "caution", secret(), about={"paragraphs": ["1"], "quote": quote}),
        ]
        head = made_up.header(
            code,
            title=secret(),
            kind="survey",
            language="ko",
            text={"rendering": "verbatim", "by": secret()},
            witness={**names, "other_names": [{"text": secret(), "language": "ko"}]},
            camps=[{"camp": SECRET_CAMP, "zone": "total-control", "period": "1961", "as": "guard", "basis": "hearsay"}],
            recorded={"date": "1999", "by": secret()},
            source={
                "csl": {"type": "book", "title": secret(), "URL": "https://zqx.example", "author": [{"family": secret()}]},
                "root": "zqx-root",
            },
            credibility={"source": {"reliability": "F", "basis": secret()}, "notes": notes},
            claims=[{"id": "zqx-c1", "text": secret(), "paragraphs": ["1"], "camps": [SECRET_CAMP], "status": "rejected"}],
            topics=["execution"],
            relations=[
                {"type": "relies-on", "code": "NKT-9001"},
                {"type": "relies-on", "code": "NKT-9002#p1", "sha256": {"theirs": [passage_hash(self._body(2)[0])[:16]]}},
                {"type": "same-event", "code": "NKT-9003"},
                {"type": "same-person", "code": "NKT-9004"},
            ],
            history=[{"date": "2024-05-06", "by": secret(), "change": secret()}],
            **changes,
        )
        return made_up.record(
            head, f"# {secret()}", f"The coal mine, {secret()}", f"{self.sentence()} {secret()}", f"[^1]: {secret()}"
        )

    def shut_version(self, code: str) -> str:
        """Give a version of a closed record in another language, with a secret wherever it can hold one."""
        text = {"rendering": "translation", "by": self.secret(), "translated": {"from": "ko", "by": self.secret()}}
        words = (f"# {self.secret()}", f"The coal mine, {self.secret()}[^1]", f"Guard, {self.secret()}", f"[^1]: {self.secret()}")
        return made_up.version(code, "en", *words, text=text)

    def public_version(self, number: int, size: int, *, behind: bool) -> str:
        """Give a version of a public record; of one that is behind its words the hashes say so."""
        text: dict[str, Any] = {"rendering": "summary", "translated": {"from": "en", "by": "the archive"}}
        if behind:
            text["translated"]["sha256"] = [passage_hash(self.sentence())[:16] for _ in range(size)]
        together = [[[1, 2], [1]]] if size > 1 else []
        words = [" ".join(self.chance.choices(KOREAN, k=6)) + "." for _ in range(size - len(together))]
        return made_up.version(f"NKT-{9000 + number}", "ko", *words, text=text, pairs=together)

    def redacted_version(self, number: int, *, secret: bool) -> str:
        """Give a version of a public record that withholds as much as it does; what it withholds differs between the worlds."""

        def hidden(others: str) -> str:
            told = self.secret()
            return told if secret else others

        return made_up.version(
            f"NKT-{9000 + number}",
            "ko",
            f"여기서 <an>{hidden('가나')}</an>은 석탄을 <res>{hidden('조금')}</res> 말했다.",
            f"<res>{hidden('모두')} 숨긴다.</res>",
            f"겨울 강가 <an>{hidden('다라')}</an>.",
        )


KOREAN = tuple(word for word in WORDS if not word.isascii())
SHUT: dict[str, dict[str, Any]] = {
    "ZQX-9001": {"access": {"level": "restricted"}},
    "ZQX-9002": {"access": {"level": "registered"}},
    "ZQX-9003": {"access": {"level": "closed"}},
    "ZQX-9004": {"access": {"level": "restricted", "until": "1999"}},
    "ZQX-9005": {"access": {"level": "closed", "until": "2090"}},
    "ZQX-9006": {"access": {"level": "restricted"}, "consent": {"status": "unknown"}},
    "ZQX-9007": {"access": {"level": "closed"}, "consent": {"status": "withdrawn"}},
}
TWINS = ("ZQX-7001", "ZQX-7002", "ZQX-7003")
"""Closed, of which files lie about that nobody meant; the last was thrown away."""
LATER = ("ZQX-8001", "ZQX-8002", "ZQX-8003", "ZQX-8004", "ZQX-8005")
"""Public at first; then restricted, withdrawn, sealed, deleted, and closed and after that spoilt by a fault."""
FAULTY = ("ZQX-9008", "ZQX-9010", "ZQX-9011", "ZQX-9012")
"""Closed, never public, and with faults: a wrong word, no YAML, other bytes than UTF-8, a header that is cut off."""


def build(folder: Path, seed: int) -> Pair:
    """Build both worlds, and take the one with closed matter through a past in which some of it was public."""
    make = _Maker(seed)
    shut = [*SHUT, *LATER, *TWINS, *FAULTY, "ZQX-9009", *ORPHANS]
    pair = (folder / "with", folder / "without")
    for root in pair:
        _authorities(root)
    for number in range(1, 5):
        content = make.public(number, shut)
        for root in pair:
            made_up.put(root, content)
    for number in (5, 6):
        state = make.chance.getstate()
        for root in pair:
            make.chance.setstate(state)
            made_up.put(root, make.redacted(number, secret=root == pair[0]))
    for root in pair:
        made_up.put(root, _withdrawn(make.secret() if root == pair[0] else "Nothing."))
    for code in LATER:
        made_up.put(pair[0], make.shut(code))
        made_up.put(pair[0], make.shut_version(code))
    for root in pair:
        _git(root, "init", "--quiet")
        _save(root)
        run(root, ["search", "coal"])
    cited = _rewritten(pair, make)
    _move(pair, make)
    _translate(pair, make)
    _close(pair[0], make)
    for root in pair:
        _save(root)
        run(root, ["index"])
        # The numbers of an answer from when more was public are the reader's own; those of one of today are asked about.
        run(root, ["search", "coal"])
    # Of what closed records say too: whoever guesses the words must not be told that the guess is right.
    files = sorted((pair[0] / "testimonies").glob("ZQX-9*.md"))
    parts = [file.read_bytes().decode("utf-8", "replace").split(BREAK) for file in files]
    written = [each[1] for each in parts if len(each) > 1]
    cited += [(f"{code}#p1", words) for words in written for code in ("NKT-9001", make.chance.choice(shut))]
    citations = tuple(f"{place} sha256:{passage_hash(words)[:16]}" for place, words in cited)
    return Pair(*pair, tuple(make.secrets), (*shut, *(f"NKT-{9000 + number}" for number in range(1, 10)), "NKT-9055"), citations)


ORPHANS = ("ZQX-9020", "ZQX-9021")
"""Of which there are versions, and no record: one of one language, one of two."""
BREAK = "\n\n"


def _git(root: Path, *arguments: str) -> None:
    made = {"GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
    named = ["-c", "user.name=made up", "-c", "user.email=made@up.example", "-c", "commit.gpgsign=false", "-c", "gc.auto=0"]
    subprocess.run(["git", *named, *arguments], cwd=root, check=True, capture_output=True, env={**os.environ, **made})


def _save(root: Path) -> None:
    _git(root, "add", "-A", "testimonies")
    _git(root, "commit", "--quiet", "--allow-empty", "-m", "made up")


def _rewritten(pair: tuple[Path, Path], make: _Maker) -> list[tuple[str, str]]:
    """Give two public records a past of several versions and branches; gives the places and the words that were cited.

    The first was public all along, in both worlds. Of the second the old words
    are secret in the one: open, then between tags, then gone; and other secret
    words stand on a branch that was never merged, and in a stash.
    """
    kept, secret = make.sentence(), make.secret()
    place, cited = "NKT-9008#p1", [("NKT-9009#p1", kept)]

    def version(root: Path, code: str, words: str) -> None:
        made_up.put(root, made_up.record(made_up.header(code), words, "The coal mine."))
        _save(root)

    named = {True: f"The guard {secret} beat her at the gate.", False: "The guard NOBODY beat her at the gate."}
    for root in pair:
        told = named[root == pair[0]]
        for words in (kept, f"{kept} And snow.", f"{kept} And snow, and a river."):
            version(root, "NKT-9009", words)
        name = secret if root == pair[0] else "NOBODY"
        for words in (told, told.replace(name, f"<an>{name}</an>"), "A guard beat her at the gate."):
            version(root, "NKT-9008", words)
        _git(root, "checkout", "--quiet", "-b", "draft")
        version(root, "NKT-9008", f"On a branch: {told}")
        _git(root, "checkout", "--quiet", "-")
        made_up.put(root, made_up.record(made_up.header("NKT-9008"), f"In a stash: {told}"))
        _git(root, "stash", "--quiet")
    cited += [(place, f"{before}{told}") for before in ("", "On a branch: ", "In a stash: ") for told in named.values()]
    return cited


def _move(pair: tuple[Path, Path], make: _Maker) -> None:
    """Move, copy and change words to which notes and links are bound, in both worlds alike."""
    put_in = make.sentence()
    moved = {
        1: [put_in, *make.bodies[1]],
        2: [*make.bodies[2], make.bodies[2][0]],
        3: [f"{make.bodies[3][0]} {put_in}", *make.bodies[3][1:]],
    }
    for root in pair:
        for number, body in moved.items():
            (file,) = (root / "testimonies").glob(f"NKT-{9000 + number}-*")
            head = file.read_text(encoding="utf-8").partition("\n---\n")[0]
            file.write_text("\n".join([head, "---", BREAK.join([*body, f"[^1]: {put_in}"]), ""]), encoding="utf-8")


def _translate(pair: tuple[Path, Path], make: _Maker) -> None:
    """Put versions of public records: whole, behind, faulty, of more tags than their record, and with withheld words."""
    for number in (1, 2, 3, 4):
        (file,) = (pair[0] / "testimonies").glob(f"NKT-{9000 + number}-*")
        size = len(paragraphs.passages(file.read_text(encoding="utf-8").split("\n---\n", 1)[1]))
        content = make.public_version(number, size, behind=number == 2)
        spoilt = {3: ("schema:", "colour: red\nschema:"), 4: (KOREAN[0], f"<res>{KOREAN[0]}</res>")}
        if number in spoilt:
            content = content.replace(*spoilt[number], 1)
        for root in pair:
            made_up.put(root, content)
    for number in (5, 6):
        state = make.chance.getstate()
        for root in pair:
            make.chance.setstate(state)
            made_up.put(root, make.redacted_version(number, secret=root == pair[0]))


def _authorities(root: Path) -> None:
    """Give a world few facilities, so that it is read fast, and a contradiction that names closed records."""
    hangul = {"kwalliso-15": "요덕", "kwalliso-16": "명간"}
    facilities = [
        {
            "id": each,
            "type": "kwalliso",
            "number": each.partition("-")[2],
            "label": {"en": f"Camp {each.partition('-')[2]}"},
            "names": [{"text": hangul[each]}, {"text": "Yodok"}][: 1 + (each == "kwalliso-15")] if each in hangul else [],
        }
        for each in (*CAMPS, SECRET_CAMP)
    ]
    conflict = {
        "id": "conf-001",
        "subject": "Made up for a test",
        "facilities": ["kwalliso-15"],
        "records": ["NKT-9001", *SHUT, *LATER, "ZQX-9009"],
        "others": ["ZQX-9002"],
        "claims": [{"says": "As in ZQX-9003#p1-2, not in NKT-9001.", "cites": []}],
        "note": "ZQX-9009는 NKT-9002, ZQX\u20108004.",
    }
    (root / "authorities").mkdir(parents=True)
    for name, content in (("camps", {"facilities": facilities}), ("conflicts", {"conflicts": [conflict]})):
        (root / "authorities" / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _withdrawn(words: str) -> str:
    head = made_up.header("NKT-9007", consent={"status": "withdrawn", "was_public": "true"}, access={"level": "closed"})
    return made_up.record(head, f"Gone: {words}")


def _close(root: Path, make: _Maker) -> None:
    """Add what is closed, and close what was public."""
    folder = root / "testimonies"
    for code, changes in SHUT.items():
        made_up.put(root, make.shut(code, **changes))
        made_up.put(root, make.shut_version(code))
    for code in ORPHANS:
        made_up.put(root, make.shut_version(code))
    (folder / f"{ORPHANS[1]}-made-up.ko.md").write_text(make.shut_version(ORPHANS[1]), encoding="utf-8")
    spoilt = folder / f"{next(iter(SHUT))}-made-up.en.md"
    spoilt.write_text(spoilt.read_text(encoding="utf-8").replace("schema:", "zqx: red\nschema:"), encoding="utf-8")
    faulty = make.shut("ZQX-9008", access={"level": "closed"}).replace('"survey"', json.dumps(make.secret(), ensure_ascii=False))
    made_up.put(root, faulty)
    _spoil(root, make)
    _seal(folder / "ZQX-9009.md.age", make.shut("ZQX-9009", access={"level": "restricted"}))
    _seal(folder / "ZQX-9009.en.md.age", make.shut_version("ZQX-9009"))
    for code in FAULTY:
        made_up.put(root, make.shut_version(code))
    _leave_about(folder, make)
    restricted, withdrawn, sealed, deleted, spoilt = LATER
    made_up.put(root, make.shut(restricted, access={"level": "restricted"}))
    made_up.put(root, make.shut(withdrawn, access={"level": "closed"}, consent={"status": "withdrawn"}))
    plain = folder / f"{sealed}-made-up.md"
    _seal(folder / f"{sealed}.md.age", plain.read_text(encoding="utf-8"))
    plain.unlink()
    (folder / f"{deleted}-made-up.md").unlink()
    made_up.put(root, make.shut(spoilt, access={"level": "closed"}))
    run(root, ["index"])
    closed = folder / f"{spoilt}-made-up.md"
    closed.write_bytes(closed.read_bytes().replace(b"---\n", b"---\nzqx: [\n", 1))


def _spoil(root: Path, make: _Maker) -> None:
    """Put closed records that are no YAML, no UTF-8, and cut off, and that say all the same that they are closed."""
    _, no_yaml, other_bytes, cut_off = FAULTY
    closed = {"access": {"level": "closed"}}
    made_up.put(root, make.shut(no_yaml, **closed).replace("---\n", "---\nzqx: [\n", 1))
    made_up.put(root, make.shut(other_bytes, **closed).encode() + b"\xe4zqx", f"{other_bytes}-made-up.md")
    content = make.shut(cut_off, **closed)
    made_up.put(root, content[: content.index("credibility:")], f"{cut_off}-made-up.md")


def _leave_about(folder: Path, make: _Maker) -> None:
    """Leave what syncs, editors and rubbish folders keep of closed records: twins, copies, half files, what was thrown away."""
    twin, copied, gone = TWINS
    for name in (f"{twin}-zqx.md", f"{twin}-zqx-copy.md", f"{twin} (1).md"):
        (folder / name).write_text(make.shut(twin, access={"level": "closed"}), encoding="utf-8")
    content = make.shut(copied, access={"level": "restricted"})
    for name in (f"{copied}-zqx.md", f"{copied}-zqx.sync-conflict-20260101-120000-ABCDEFG.md", f"Copy of {copied}-zqx.md"):
        (folder / name).write_text(content, encoding="utf-8")
    for name in (
        f".{copied}-zqx.md.swp",
        f"{copied}-zqx.md~",
        f"#{copied}-zqx.md#",
        f"{copied}-zqx.md.orig",
        f"._{copied}-zqx.md",
    ):
        (folder / name).write_text(make.secret(), encoding="utf-8")
    for place in (".trash", ".stversions/zqx", "#recycle"):
        (folder / place).mkdir(parents=True)
        (folder / place / f"{gone}-zqx.md").write_text(make.shut(gone, access={"level": "public"}), encoding="utf-8")


def _seal(file: Path, content: str) -> None:
    import pyrage

    file.write_bytes(pyrage.encrypt(content.encode(), [pyrage.x25519.Identity.generate().to_public()]))


_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d[T\s]\d\d:\d\d:\d\d(?:Z|\sUTC)")
"""When an index was made: the worlds are made one after the other."""


def run(root: Path, arguments: list[str], *, outputs: Path | None = None) -> Answer:
    """Run the program in this process; the root's own name, and moments to the second, are taken out of what it says."""
    read, out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(3))
    # The server of the reading room would wait for a browser for ever.
    closes = mock.patch("archive.cli.web.SERVER", "closing_room")
    with closes, mock.patch.object(sys, "stdin", read), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = group._run(["--root", str(root), *arguments])  # noqa: SLF001 - `main` ends the process
    told = []
    for stream in (out, err):
        stream.flush()
        words = stream.buffer.getvalue().decode().replace(str(root), "ROOT")  # type: ignore[attr-defined]
        told.append(_MOMENT.sub("MOMENT", words))
        stream.close()
    files = tuple((each.name, each.read_bytes()) for each in sorted(outputs.iterdir())) if outputs else ()
    return Answer(code, told[0], told[1], files)


class _OpenRoom(Archive):
    """An archive that all commands share, one a collection: a command that ends lets go of it, and it stays open."""

    opened: ClassVar[dict[tuple[object, ...], Self]] = {}

    def __new__(cls, root: Path, clearance: Clearance, *_: Any, **named: Any) -> Self:
        """Return the one that is open already for the same, where there is one."""
        return cls.opened.setdefault((root, clearance, *sorted(named.items())), super().__new__(cls))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        if not self.__dict__:
            super().__init__(*arguments, **named)

    def close(self) -> None:
        """Stay open."""


@contextlib.contextmanager
def open_rooms() -> Iterator[None]:
    """Let all commands share one archive a collection, since opening an index anew is most of the work of a small answer.

    What an archive says on opening is asked for by whoever asks without this, and by the first answer within it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "Archive", _OpenRoom)
        yield
    for room in _OpenRoom.opened.values():
        Archive.close(room)
    _OpenRoom.opened.clear()


def readers() -> tuple[str, ...]:
    """Give every command that is not a keeper's, also those that are still to be written."""
    return tuple(name for name in group.COMMANDS if name not in group.KEEPERS)


def drafts(pair: Pair, chance: random.Random) -> Iterator[list[str]]:
    """Give one call of each readers' command with chance arguments, in each of its formats."""
    query = _query(pair, chance)
    for name in readers():
        command = group.group.get_command(click.Context(group.group), name)
        assert command is not None
        rest: list[str] = []
        formats: list[str] = []
        for param in command.params:
            if param.name == "form" and isinstance(param.type, click.Choice):
                formats = list(map(str, param.type.choices))
            elif isinstance(param, click.Argument):
                rest += _argument(param, query, pair, chance)
            elif isinstance(param, click.Option) and (param.required or chance.random() < _OFTEN.get(_long(param), 0.1)):
                rest += [] if _is_for_keepers(param) else _option(param, pair, chance)
        for form in formats:
            if chance.random() >= _SELDOM.get(form, 1.0):
                continue
            yield [name, *rest, "--format", form]
        if not formats:
            yield [name, *rest]


_OFTEN = {"facets": 0.5, "conflicts": 0.3, "all": 0.4, "style": 0.01, "language": 0.3, "parallel": 0.3}
_SELDOM = {"docx": 0.02, "odt": 0.1, "pdf": 0.1, "png": 0.1}
"""Set by pandoc or for print, which takes long; `test_what_is_set_for_print_is_the_same` asks for each once. Points are drawn of
what stands in a drawing."""


def _query(pair: Pair, chance: random.Random) -> list[str]:
    secret = chance.choice(pair.words)
    asked = [
        *chance.choices(WORDS, k=2),
        secret,
        f"{secret[:4]}*",
        f"{secret[:-1]}~1",
        f'"coal {secret}"',
        f"code:{chance.choice(pair.references)}",
        f"witness:{secret}",
        "camp:16",
        "withheld",
        # What words mean is counted and offered too: topics, slips, what is narrower, what is under NOT.
        *chance.choices(
            ("forced labour", "public execution", "executons", "lice", "NOT hunger", "굶주림을", f"hunger {secret}"), k=2
        ),
    ]
    return chance.sample(asked, k=chance.choice((0, 1, 1, 1, 2, 2, 3)))


def _reference(pair: Pair, chance: random.Random) -> str:
    return chance.choice(pair.references) + chance.choice(("", "", "#p1", "#p2", "#p1-2", "#p9"))


_SELDOM_NONE = 0.3
_CODES = 0.75
_NUMBERS = ("1", "2", "1-2", "9")
"""What stood beside passages in the last answer."""


def _argument(param: click.Argument, query: list[str], pair: Pair, chance: random.Random) -> list[str]:
    metavar = (param.metavar or param.name or "").upper()
    if isinstance(param.type, click.Choice):
        return [str(chance.choice(param.type.choices))]
    if "CITATION" in metavar and pair.citations and chance.random() < 0.7:
        return chance.sample(pair.citations, k=2)
    if "CODE" in metavar or "CITATION" in metavar:
        many = chance.randint(1, 2) if param.nargs == -1 else 1
        digits = f" sha256:{chance.randrange(16**16):016x}" if "CITATION" in metavar and chance.random() < _WITH_HASH else ""
        codes = (_reference(pair, chance) if chance.random() < _CODES else chance.choice(_NUMBERS) for _ in range(many))
        return [f"{each}{digits}" for each in codes]
    if "NAME" in metavar:
        return chance.choice(([], ["16"], ["15"], ["Yodok"], [chance.choice(pair.words)]))
    return query if param.nargs == -1 else query[:1] or ["coal"]


_WITH_HASH = 0.7
_VALUES = {
    "camp": ("14", "16", "Yodok", SECRET_CAMP),
    "period": ("1961", "1985", "1950/1970"),
    "period_within": ("1961", "1980/2001"),
    "recorded": ("1999", "2001"),
    "flag": ("caution", "recanted"),
    "without_flag": ("caution", "recanted"),
    "topic": ("execution", "hunger"),
    "without_topic": ("execution", "hunger"),
    "connection": ("victim", "state"),
    "kind": ("survey", "testimony"),
    "role": ("guard", "prisoner"),
    "zone": ("total-control",),
    "basis": ("hearsay",),
    "status": ("rejected", "asserted"),
    "reliability": ("F",),
    "language": ("ko", "en", "ja"),
    "date": ("2026-01-01",),
    "as_of": ("2026-01-01", "2024-05-06"),
    "since": ("2026-01-01", "2024-05-06"),
}


def _long(param: click.Option) -> str:
    return param.opts[-1].lstrip("-").replace("-", "_")


def _is_for_keepers(param: click.Option) -> bool:
    """Whether an option of a readers' command says of itself that it looks at the files whatever their access."""
    return (param.help or "").startswith("For keepers: ")


def _option(param: click.Option, pair: Pair, chance: random.Random) -> list[str]:
    name, long = param.opts[-1], _long(param)
    if param.is_flag:
        return [name]
    values: tuple[str, ...] = pair.words
    if isinstance(param.type, click.Choice):
        values = tuple(map(str, param.type.choices))
    elif isinstance(param.type, click.types.IntRange | click.types.IntParamType):
        values = ("1", "2", "5")
    elif long == "code":
        values = pair.references
    elif (param.metavar or "").upper() == "FILE" or isinstance(param.type, click.Path | click.File):
        values = ("OUT/out.md", "OUT/out.html")
    return [name, chance.choice(_VALUES.get(long, values))]


def differences(pair: Pair, arguments: list[str], scratch: Path) -> list[str]:
    """Ask both worlds the same, and say what an onlooker could tell from the answers."""
    answers = []
    for root in (pair.with_it, pair.without_it):
        outputs = scratch / "out"
        outputs.mkdir(exist_ok=True)
        for old in outputs.iterdir():
            old.unlink()
        answers.append(run(root, [each.replace("OUT/", f"{outputs}/") for each in arguments], outputs=outputs))
    asked = " ".join(arguments).casefold()
    told = "\n".join([answers[0].out, answers[0].err, *(_words_in(content) for _, content in answers[0].files)])
    # What was typed may be repeated to who typed it; nothing else that is marked may come back.
    for word in sorted(re.findall(r"[^\W_]+", asked), key=len, reverse=True):
        told = re.sub(re.escape(word), "", told, flags=re.IGNORECASE) if MARK.search(word) else told
    found = [f"{arguments}: a secret is told: {_around(told, each.start())}" for each in MARK.finditer(told)]
    # Two worlds in which the program itself is broken answer alike, and prove nothing.
    found += [f"{arguments}: the program failed: {answer.err.strip()}" for answer in answers if answer.code == Defect.exit_code]
    if answers[0] != answers[1]:
        first, second = (repr(tuple(answer)) for answer in answers)
        at = next((at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other), 0)
        found.append(f"{arguments}: the answers differ: {_around(first, at)} and not {_around(second, at)}")
    return found


def _words_in(content: bytes) -> str:
    """Return the words of a file: of a package those of its members; none of a picture or a PDF, whose bytes are compressed.

    Compressed bytes have a syllable of the mark by chance: of 2,030 answers in ODT one had, in a drawing.
    """
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "\n".join(f"{each}\n{_words_in(package.read(each))}" for each in package.namelist())
    return "" if content.startswith((b"\x89PNG", b"%PDF")) else content.decode("utf-8", "replace")


def _around(text: str, at: int) -> str:
    return repr(text[max(0, at - 80) : at + 80])


def completions(root: Path) -> list[tuple[str, str, str]]:
    """Give everything that a shell is offered, for every command and option.

    Every day two beginnings of a word of five are asked for behind an option, the next ones behind the next; in a long run all.
    """
    shell = ShellComplete(group.group, {}, "testimony", "_TESTIMONY_COMPLETE")
    found = []
    for name in readers():
        command = group.group.get_command(click.Context(group.group), name)
        options = [param.opts[-1] for param in command.params if isinstance(param, click.Option)] if command else []
        for number, before in enumerate(([], *([option] for option in options))):
            begins = ("", "N", "Z", "zqx", "-")
            for begun in daily(begins, number, 3) if before else begins:
                offered = shell.get_completions(["--root", str(root), name, *before], begun)
                found += [(" ".join([name, *before, begun]), each.value, each.help or "") for each in offered]
    return found


def is_marked(content: bytes) -> bool:
    """Ask whether some bytes hold the mark."""
    return _BYTES.search(content) is not None


def marked_bytes(root: Path) -> Iterator[str]:
    """Search every byte of what readers may have of an index, also unpacked in every way that we know, for the mark."""
    public = index_paths(root, PUBLIC).passages.parent
    for file in sorted(public.rglob("*")):
        yield from marked_file(file) if file.is_file() else ()
    for name, value in _unpacked(public / "passages"):
        yield from (f"unpacked by the library, {name}: {each}" for each in marked_value(value))


def marked_file(file: Path) -> Iterator[str]:
    """Search the name and the bytes of a file, as they lie and as a packed piece that begins anywhere in them."""
    content = file.read_bytes()
    if _BYTES.search(file.name.encode()):
        yield f"the name of {file.name}"
    yield from (f"{file.name}: {each!r}" for each in _BYTES.findall(content))
    yield from (f"{file.name}, inflated from byte {at}: {each!r}" for at, each in _inflated(content))


def marked_value(value: Any) -> list[str]:
    """Search a value that a library gave, whatever it holds, packed or not."""
    if isinstance(value, bytes | bytearray | memoryview):
        content = bytes(value)
        return [repr(each) for each in _BYTES.findall(content)] + [f"inflated: {each!r}" for _, each in _inflated(content)]
    if isinstance(value, dict):
        return [each for pair in value.items() for part in pair for each in marked_value(part)]
    if isinstance(value, list | tuple | set | frozenset):
        return [each for part in value for each in marked_value(part)]
    return [repr(text[:80]) for text in (str(value),) if MARK.search(text)]


@lru_cache(maxsize=64)
def _inflated(content: bytes) -> tuple[tuple[int, bytes], ...]:
    """Unpack from every byte on, as deflate without a head, and give what is surely a secret.

    The heads of zlib and gzip are passed over by trying what follows them, so a
    piece is found whatever its head, its length and what lies around it. What
    is unpacked up to a fault counts too. The last answers are kept: the file of
    authorities, by far the largest, is the same in many indexes.
    """
    return tuple(
        (at, each)
        for at in _starts(content)
        if content[at] & _NO_BLOCK != _NO_BLOCK
        for each in _SURE.findall(_deflated(content, at, _PIECE))
    )


def _starts(content: bytes) -> Iterator[int]:
    """Yield where a packed piece may begin: in a long run everywhere, every day not where text goes on for a while.

    Of what was packed a byte is a letter or sign of ASCII by a chance of one in three, and so many in a row are not.
    """
    begin = 0
    for plain in _TEXT.finditer(content) if TIMES == 1 else ():
        yield from range(begin, plain.start())
        begin = plain.end() - _IN_A_ROW + 1
    yield from range(begin, len(content))


_IN_A_ROW = 16
_TEXT = re.compile(rb"[ -~\n]{%d,}" % _IN_A_ROW)


def _deflated(content: bytes, at: int, piece: int) -> bytes:
    """Unpack from a byte on, up to an end or a fault."""
    opened, told, upto = zlib.decompressobj(-zlib.MAX_WBITS), b"", at
    try:
        while not opened.eof and upto < len(content) and len(told) < _MOST:
            told += opened.decompress(opened.unconsumed_tail + content[upto : upto + piece], _MOST)
            upto += piece
    except zlib.error:
        # What a call had unpacked before the fault is lost with it, so a piece is a byte the second time.
        return told if piece == 1 else _deflated(content, at, 1)
    return told


_PIECE, _MOST = 256, 1_000_000
_NO_BLOCK = 6  # the two bits that no block of deflate begins with
# What is unpacked by mistake is noise, in which three letters come up by chance; a whole secret does not.
_SURE = re.compile(
    b"|".join(
        [b"(?i:zqx[b-z]{4})", rb"(?i:zqx-(?:\d{4}|root|[nc]\d))"]
        + [_any(coding) + _any(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    )
)


def _unpacked(folder: Path) -> Iterator[tuple[str, Any]]:
    """Give all terms, stored values and columns as Whoosh reads them, and all records as we do."""
    with WhooshReader(FolderFiles(folder)) as reader:
        for name, term in reader.all_terms():
            yield f"a term of {name}", term
        for number in range(reader.doc_count_all()):
            yield f"stored for {number}", reader.stored_fields(number)
        for name in filter(reader.has_column, reader.schema.names()):
            yield f"the column {name}", reader.column_reader(name)
    room = Archive(folder.parents[2], PUBLIC)
    with room:
        yield from ((f"record {each.testimony.code}", each) for each in room.records())


def counted(root: Path) -> tuple[int, int, int]:
    """Give how many records the state counts as read and as not readable, and how many versions as not readable."""
    state = index_state.load(index_paths(root, PUBLIC).state)
    return state.readable, state.unreadable, len(state.unreadable_versions)


def at_query_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a filter at query time in the place of the decision before indexing, as careful as one can be there."""

    def everything(testimony: Testimony, clearance: Clearance) -> Testimony:
        return testimony._replace(clearance=clearance)

    monkeypatch.setattr(collection.redaction, "render", everything)
    search, record, codes = WhooshEngine.search, WhooshEngine.record, WhooshEngine.codes

    def is_open(testimony: Testimony) -> bool:
        return redaction.level_of(testimony.access, testimony.until, testimony.consent) == redaction.OPEN

    def searched(self: WhooshEngine, query: Query) -> Results:
        every = search(self, query._replace(limit=None, offset=0))
        hits = [hit for hit in every.hits if is_open(hit.testimony)]
        end = None if query.limit is None else query.offset + query.limit
        return every._replace(
            query=query,
            hits=tuple(hits[query.offset : end]),
            passages=len(hits),
            testimonies=len({hit.testimony.code for hit in hits}),
        )

    def recorded(self: WhooshEngine, code: str) -> Record | None:
        found = record(self, code)
        return found if found and is_open(found.testimony) else None

    monkeypatch.setattr(WhooshEngine, "search", searched)
    monkeypatch.setattr(WhooshEngine, "record", recorded)
    monkeypatch.setattr(WhooshEngine, "codes", lambda self: (code for code in codes(self) if recorded(self, code)))
