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
from archive.search.model import Filters, Query, Span  # noqa: E402 - as above

WORDS = ("coal", "mine", "gold", "execution", "guards", "수용소에서", "요덕", "hunger", "1977", "potato")
FLAGS = ("revised", "contradicted", "caution", "recanted", "corroborated")
CAMPS = ("kwalliso-14", "kwalliso-15", "kwalliso-18")
CODES = tuple(f"NKT-90{number:02d}" for number in range(1, 9))
STEPS = ("add", "edit", "rename", "delete", "restrict", "note", "source", "touch")
SOURCE = "made-up-source"


def queries() -> list[Query]:
    """Give fifty queries: words, phrases, patterns, filters, orders, pages, facets."""
    whole: dict[str, Any] = {"limit": None, "facets": True}
    found = [Query(word, **whole) for word in WORDS]
    found += [Query(f"{one} {other}", **whole) for one, other in pairwise(WORDS)]
    found += [Query(f"{one} OR {other}", limit=3) for one, other in zip(WORDS, WORDS[3:], strict=False)]
    found += [Query(words, **whole) for words in ('"coal mine"', "exec*", "gold NOT coal", "potatoe~1", "수용", "made")]
    found += [Query(filters=Filters(flag=(flag,)), **whole) for flag in FLAGS]
    found += [Query(filters=Filters(without_flag=(flag,)), **whole) for flag in FLAGS[:2]]
    found += [Query(filters=Filters(camp=(FacilityId(camp),)), **whole) for camp in CAMPS]
    found += [Query(filters=Filters(period=(Span(19800101, 19891231),)), **whole)]
    found += [Query("coal", sort="code", limit=2, offset=1), Query("coal OR gold", group=True, limit=None)]
    found += [Query("coal gold", together=True, limit=None), Query("made", sort="period", limit=None), Query(**whole)]
    found += [Query("nowhereword"), Query("execution", filters=Filters(camp=(FacilityId(CAMPS[0]),)), **whole)]
    return found[:50]


def answers(root: Path) -> list[object]:
    """Give hits, order, scores, totals, facets, caveats, excerpts and citations, and every record."""
    with Archive(root) as room:
        told: list[object] = []
        for query in queries():
            results = room.answer(query)
            told.append(results._replace(query=Query()))
            told += [room.cut(hit, digits=64, in_full=True) for hit in results.hits]
        return [*told, *room.records()]


def _record(code: str, chance: random.Random, *, note: bool = False, access: str = "public") -> str:
    other = chance.choice([each for each in CODES if each != code])
    reaching = made_up.note("n1", chance.choice(FLAGS), f"Made up: {chance.random()}.", **{"with": [f"{other}#p1"]})
    head = made_up.header(
        code,
        title=f"Made up: {chance.choice(WORDS)}",
        camps=[{"camp": chance.choice(CAMPS), "period": f"19{chance.randrange(60, 99)}"}] if chance.random() < 0.7 else [],
        relations=[{"type": "relies-on", "code": other, "paragraphs": [1]}] if chance.random() < 0.3 else [],
        access={"level": access},
        source={"ref": SOURCE},
        credibility={"notes": [reaching] if note else []},
    )
    paragraphs = (" ".join(chance.choices(WORDS, k=chance.randrange(2, 9))) for _ in range(chance.randrange(1, 4)))
    return made_up.record(head, *paragraphs)


def _cite(root: Path, title: str) -> None:
    """Put a source of the tests into the collection's own list, or correct its title."""
    shipped = authorities.shipped() / "sources.yaml"
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
        made_up.put(root, _record(code, chance, note=what == "note", access=access), name)
    return what


def history(seed: int, folder: Path, steps: int = 6) -> Counter[str]:
    """Live through a history, and hold what came of it to an index made from nothing.

    :raises endurance.Short: they answer differently.
    """
    chance = random.Random(seed)
    root = folder / f"history-{seed}"
    (root / "testimonies").mkdir(parents=True)
    _cite(root, "Made up")
    made_up.put(root, made_up.record(made_up.header("NKT-9099", source={"ref": SOURCE}), "coal mine"))
    for code in CODES[:4]:
        made_up.put(root, _record(code, chance, note=chance.random() < 0.5))
    endurance.update(root)
    done = Counter[str]()
    for number in range(steps):
        for _ in range(chance.randrange(1, 3)):
            done[step(root, chance, number)] += 1
        with Archive(root) as room:
            room.codes()  # brings the index up to date
    brought = answers(root)
    shutil.rmtree(root / "index")
    if brought != answers(root):
        message = f"history {seed} answers differently from an index made anew"
        raise endurance.Short(message)
    shutil.rmtree(root)
    return done


if __name__ == "__main__":
    print(repr(answers(Path(sys.argv[1]))))  # noqa: T201 - compared by its caller, over hash seeds
