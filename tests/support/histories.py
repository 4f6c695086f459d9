"""Random histories of a collection: what was brought up to date step by step must answer as what was made anew."""

import json
import random
import shutil
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent.parent
sys.path[:0] = [str(TOP), str(TOP / "tests" / "support")]

import endurance  # noqa: E402 - found by the path above
import made_up  # noqa: E402 - as above
from archive.archive import Archive  # noqa: E402 - as above
from archive.authority import authorities  # noqa: E402 - as above
from archive.authority.gazetteer import FacilityId  # noqa: E402 - as above
from archive.record.hashing import passage_hash  # noqa: E402 - as above
from archive.search.model import Filters, Query, Span  # noqa: E402 - as above

WORDS = ("coal", "mine", "gold", "execution", "guards", "수용소에서", "요덕", "hunger", "1977", "potato")
FLAGS = ("revised", "contradicted", "caution", "recanted", "corroborated")
CAMPS = ("kwalliso-14", "kwalliso-15", "kwalliso-18")
CODES = tuple(f"NKT-90{number:02d}" for number in range(1, 9))
STEPS = ("add", "edit", "rename", "delete", "restrict", "note", "source", "touch", "move", "copy", "twin")
RELATIONS = ("relies-on", "relies-on", "relies-on", "revises", "revised-by", "same-person")
SOURCE = "made-up-source"


def queries() -> list[Query]:
    """Return fifty queries: words, phrases, patterns, filters, orders, pages, facets."""
    whole: dict[str, Any] = {"limit": None, "facets": True}
    found = [Query(word, **whole) for word in WORDS]
    found += [Query(f"{one} {other}", **whole) for one, other in pairwise(WORDS)]
    found += [Query(f"{one} OR {other}", limit=3) for one, other in zip(WORDS, WORDS[5:], strict=False)]
    found += [Query(words, **whole) for words in ('"coal mine"', "exec*", "gold NOT coal", "potatoe~1", "수용", "made")]
    found += [Query(filters=Filters(flag=(flag,)), **whole) for flag in FLAGS]
    found += [Query(filters=Filters(without_flag=(flag,)), **whole) for flag in FLAGS[:2]]
    found += [Query(filters=Filters(camp=(FacilityId(camp),)), **whole) for camp in CAMPS]
    found += [Query(filters=Filters(period=(Span(19800101, 19891231),)), **whole)]
    found += [Query("coal", sort="code", limit=2, offset=1), Query("coal OR gold", group=True, limit=None)]
    found += [Query("coal gold", together=True, limit=None), Query("made", sort="period", limit=None), Query(**whole)]
    found += [Query("opening OR footnote", **whole), Query("coal", filters=Filters(as_of=20150101), limit=None)]
    found += [Query("nowhereword"), Query("execution", filters=Filters(camp=(FacilityId(CAMPS[0]),)), **whole)]
    return found[:50]


def answers(root: Path) -> list[object]:
    """Return hits, order, scores, totals, facets, caveats, excerpts and citations, and every record."""
    with Archive(root) as room:
        told: list[object] = []
        for query in queries():
            results = room.answer(query)
            told.append(results._replace(query=Query()))
            told += [room.cut(hit, digits=64, in_full=True) for hit in results.hits]
        return [*told, *room.records()]


def _record(root: Path, code: str, chance: random.Random, *, note: bool = False, access: str = "public") -> str:
    """Write a record: its links are bound by hash to what stands there now, or once stood; later notes replace earlier ones."""
    paragraphs = [" ".join(chance.choices(WORDS, k=chance.randrange(2, 9))) for _ in range(chance.randrange(1, 4))]
    notes = []
    if note:
        notes += [
            made_up.note("n1", chance.choice(FLAGS), f"Made up: {chance.random()}.", **{"with": [_link(root, code, chance)]})
        ]
        about = {"paragraphs": [1], "sha256": [passage_hash(paragraphs[0])[:16]]}
        if chance.random() < 0.5:
            later = {"replaces": "n1", "known": f"20{chance.randrange(10, 25)}", "with": [_link(root, code, chance)]}
            notes += [made_up.note("n2", chance.choice(FLAGS), f"Made up: {chance.random()}.", about=about, **later)]
    relations = []
    # Of eight records, so that rings and chains of several versions, with branches, come about.
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        link = _link(root, code, chance)
        bound = {"theirs": link["sha256"]} if "sha256" in link else {}
        own = {"paragraphs": [1], "sha256": {**bound, "own": [passage_hash(paragraphs[0])[:16]]}}
        kind = chance.choice(RELATIONS)
        relations += [
            {"type": kind, "code": link["ref"], **own} if kind == "relies-on" else {"type": kind, "code": link["ref"][:8]}
        ]
    if chance.random() < 0.3:
        paragraphs[-1] += "[^1]"
        paragraphs.append(f"[^1]: {chance.choice(WORDS)} footnote.")
    head = made_up.header(
        code,
        title=f"Made up: {chance.choice(WORDS)}",
        camps=[{"camp": chance.choice(CAMPS), "period": f"19{chance.randrange(60, 99)}"}] if chance.random() < 0.7 else [],
        relations=relations,
        access={"level": access},
        source={"ref": SOURCE},
        credibility={"notes": notes},
    )
    return made_up.record(head, *paragraphs)


def _link(root: Path, code: str, chance: random.Random) -> dict[str, Any]:
    """Name the first paragraph of another record, mostly with the hash of what stands there."""
    other = chance.choice([each for each in CODES if each != code])
    there = sorted((root / "testimonies").glob(f"{other}-*.md"))
    link: dict[str, Any] = {"ref": f"{other}#p1"}
    if there and chance.random() < 0.8:
        link["sha256"] = [passage_hash(_paragraphs(there[0])[1][0])[:16]]
    return link


def _paragraphs(file: Path) -> tuple[str, list[str]]:
    head, _, body = file.read_text(encoding="utf-8").partition("\n---\n")
    return head, body.strip().split("\n\n")


def _move(file: Path, chance: random.Random, what: str) -> None:
    """Put a paragraph before the others, or a copy of one behind them: what is bound to their words has to follow."""
    head, paragraphs = _paragraphs(file)
    moved = [f"{chance.choice(WORDS)} opening.", *paragraphs] if what == "move" else [*paragraphs, paragraphs[0]]
    file.write_text("\n".join([head, "---", "\n\n".join(moved), ""]), encoding="utf-8")


def _cite(root: Path, title: str) -> None:
    """Put a source of the tests into the collection's own list, or correct its title."""
    shipped = authorities.shipped_folder() / "sources.yaml"
    (root / "authorities").mkdir(exist_ok=True)
    entry = json.dumps({"id": SOURCE, "csl": {"type": "report", "title": title}})
    written = shipped.read_text(encoding="utf-8").replace("sources:\n", f"sources:\n  - {entry}\n", 1)
    (root / "authorities/sources.yaml").write_text(written, encoding="utf-8")


def step(root: Path, chance: random.Random, number: int) -> str:
    """Change the collection."""
    what = chance.choice(STEPS)
    folder = root / "testimonies"
    there = sorted(folder.glob("*.md"))
    code = chance.choice(CODES)
    mine = [file for file in there if file.name.startswith(code)]
    if what == "source":
        _cite(root, f"Made up, as corrected the {number}th time")
    elif what in {"move", "copy"} and there:
        _move(chance.choice(there), chance, what)
    elif what == "twin" and there:
        file = chance.choice(there)
        content = file.read_bytes() if chance.random() < 0.5 else _record(root, file.name[:8], chance, access="closed").encode()
        file.with_name(f"{file.stem}.sync-conflict-20260101-12000{number}-ABCDEFG.md").write_bytes(content)
    elif what in {"rename", "touch", "delete"} and len(there) > 1:
        file = chance.choice(there)
        if what == "rename":
            file.rename(file.with_name(f"{file.name[:8]}-renamed-{number}.md"))
        elif what == "touch":
            file.touch()
        else:
            file.unlink()
    else:
        name = mine[0].name if mine else f"{code}-made-up.md"
        access = "restricted" if what == "restrict" else "public"
        made_up.put(root, _record(root, code, chance, note=what == "note", access=access), name)
    return what


def history(seed: int, folder: Path, steps: int = 6) -> Counter[str]:
    """Live through a history, and hold what came of it to an index made anew, then to one made from nothing.

    An index remembers how a record was last read that cannot be read at present, and hands its notes on; one made
    anew by `--rebuild` takes that along. One made from nothing has no memory, so that the twins that keep records
    from being read go before it is made.

    :raises endurance.Short: they answer differently.
    """
    chance = random.Random(seed)
    root = folder / f"history-{seed}"
    (root / "testimonies").mkdir(parents=True)
    _cite(root, "Made up")
    made_up.put(root, made_up.record(made_up.header("NKT-9099", source={"ref": SOURCE}), "coal mine"))
    for code in CODES[:4]:
        made_up.put(root, _record(root, code, chance, note=chance.random() < 0.5))
    endurance.update(root)
    done = Counter[str]()
    for number in range(steps):
        for _ in range(chance.randrange(1, 3)):
            done[step(root, chance, number)] += 1
        with Archive(root) as room:
            room.codes()  # brings the index up to date
    brought = answers(root)
    endurance.rebuild(root)
    if brought != answers(root):
        message = f"history {seed} answers differently from an index made anew"
        raise endurance.Short(message)
    for twin in (root / "testimonies").glob("*.sync-conflict-*"):
        twin.unlink()
    brought = answers(root)
    shutil.rmtree(root / "index")
    if brought != answers(root):
        message = f"history {seed} answers differently from an index made from nothing"
        raise endurance.Short(message)
    shutil.rmtree(root)
    return done


if __name__ == "__main__":
    print(repr(answers(Path(sys.argv[1]))))  # noqa: T201 - compared by its caller, over hash seeds
