"""The endurance suites in full, with their counts; the tests run samples of the same suites.

    python bench/endurance.py            a few minutes
    python bench/endurance.py --full     every step, 1,000 flips, 60 s of readers, 200 histories
    python bench/endurance.py --only crash flips --full

``--strings blns.json`` takes the Big List of Naughty Strings
(github.com/minimaxir/big-list-of-naughty-strings, MIT) and ``--yaml FOLDER``
the sources of the YAML test suite (github.com/yaml/yaml-test-suite, MIT);
neither is part of this archive. Ends with exit code 1 where a promise was
broken, and goes on with the other suites.
"""

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "tests" / "support")]

import crowd  # noqa: E402 - found by the path above
import endurance  # noqa: E402 - found by the path above
import histories  # noqa: E402 - found by the path above
import hostile  # noqa: E402 - found by the path above
import made_up  # noqa: E402 - found by the path above

_LONG = 2.0  # seconds that a query may take
WAS_RUN = Path("/tmp/was-run")  # noqa: S108 - what the hostile strings would make


class Asked(argparse.Namespace):
    """What was asked for."""

    full: bool
    only: list[str]
    strings: Path | None
    yaml: Path | None


def crash(asked: Asked, folder: Path) -> Counter[str]:
    """Kill, cut the power and fail the disk at every step of a build, an update, a withdrawal and a rebuild."""
    done = Counter[str]()
    stride = 1 if asked.full else 12
    for scene in endurance.scenes(folder / "scenes"):
        wanted = endurance.expected(scene, folder)
        for suite in (endurance.killed, endurance.power_lost, endurance.failing):
            found = suite(scene, folder, wanted, stride)
            done[f"{scene.name}: {suite.__name__.replace('_', ' ')}"] += found.total()
            for what, number in found.items():
                done[f"    of these {what}"] += number
    return done


def flips(asked: Asked, folder: Path) -> Counter[str]:
    """Turn over single bits of index files and of records."""
    times = 1000 if asked.full else 50
    root = made_up.collection(folder / "kept", *(endurance.record(number, f"The coal mine, {number}.") for number in range(1, 5)))
    endurance.update(root)
    done = Counter[str]()
    for what, found in (
        ("index", endurance.flipped_index(root, folder, times)),
        ("record", endurance.flipped_records(root, folder, times)),
    ):
        for how, number in found.items():
            done[f"bit flips in {what} files, {how}"] += number
    return done


def readers(asked: Asked, folder: Path) -> Counter[str]:
    """Four readers beside a writer; two writers and one who deletes what they write; then several who write records at once."""
    seconds = 60 if asked.full else 6
    done = crowd.run(folder / "readers", seconds, "write", "read", "read", "read", "read")
    done += crowd.run(folder / "writers", seconds, "write", "update", "delete", "read")
    done += crowd.run(folder / "keepers", seconds, "note", "note", "note", "bind", "write", "read")
    broken = set(done) & {"MIXED", "SHORT", "OLDER THAN WHAT WAS SAVED"}
    if broken:
        message = str(done)
        raise endurance.Short(message)
    return done


def lived(asked: Asked, folder: Path) -> Counter[str]:
    """Live through random histories, and hold each to an index made from nothing, with fifty queries."""
    number = 200 if asked.full else 10
    done = sum((histories.history(seed, folder) for seed in range(number)), Counter[str]())
    return Counter({f"steps: {what}": times for what, times in done.items()}) + Counter({"histories": number})


def strings(asked: Asked, folder: Path) -> Counter[str]:
    """Put hostile strings everywhere, hostile headers and strange files among sound records."""
    root = made_up.collection(folder / "sound", *(endurance.record(number, f"Coal, {number}.") for number in (1, 2)))
    given = list(hostile.STRINGS if asked.full else hostile.STRINGS[::8])
    if asked.strings:
        given += json.loads(asked.strings.read_text(encoding="utf-8"))
    done = hostile.asked(root, hostile.commands(given))
    done += hostile.asked(
        root, [["search", *how, "--", each] for each in hostile.large() for how in ([], ["--plain"], ["--any"])]
    )
    headers = [*hostile.HEADERS, *(_yaml(asked.yaml) if asked.yaml else ())]
    for number, content in enumerate(headers):
        made_up.put(root, content, f"NKT-{50000 + number}-hostile.md")
    for number, each in enumerate(given):
        head = made_up.header(f"NKT-{60000 + number}", title=each or "x")
        made_up.put(root, made_up.record(head, f"A word, {each}.").encode("utf-8", "surrogatepass"), f"NKT-{60000 + number}-x.md")
    hostile.put_strange_files(root)
    done += hostile.asked(root, [["check"], ["index"], ["search", "coal"], ["search", "word", "--all"], ["stats"]])
    found = hostile.faults(done)
    if found or WAS_RUN.exists():
        raise endurance.Short("\n".join(found[:20]) or "something was run")
    codes = Counter(f"commands that ended with {each.code}" for each in done)
    slow = sum(each.seconds > _LONG for each in done if each.arguments[0] == "search" and "made the index" not in each.err)
    return codes + Counter({"hostile headers": len(headers), "strings": len(given), "searches of more than 2 s": slow})


# How the suite writes what cannot be seen.
_MARKS = {"␣": " ", "———»": "\t", "——»": "\t", "—»": "\t", "»": "\t", "↵": "", "∎": "", "←": "\r", "⇔": "\ufeff"}
_DOCUMENT = re.compile(r"^  yaml: \|[0-9]?\n((?:    .*\n|\n)+)", re.MULTILINE)


def _yaml(folder: Path) -> list[bytes]:
    """Give each document of the YAML test suite as the header of a record."""
    found = []
    for file in sorted(folder.glob("*.yaml")):
        for written in _DOCUMENT.findall(file.read_text(encoding="utf-8")):
            plain = re.sub(r"^    ", "", written, flags=re.MULTILINE)
            for mark, meant in _MARKS.items():
                plain = plain.replace(mark, meant)
            found.append(f"---\n{plain}\n---\nA body.\n".encode())
    return found


SUITES: dict[str, Callable[[Asked, Path], Counter[str]]] = {
    "crash": crash,
    "flips": flips,
    "readers": readers,
    "histories": lived,
    "hostile": strings,
}


def main(asked: Asked) -> int:
    """Run the suites that were asked for and print their counts."""
    broken = 0
    for name in asked.only or SUITES:
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, endurance.quick_authorities():
            try:
                done = SUITES[name](asked, Path(folder))
            except (AssertionError, OSError) as error:
                broken += 1
                print(f"{name}: BROKEN: {error}", flush=True)
                continue
        print(f"{name}: {time.monotonic() - start:.0f} s")
        for what, number in done.items():
            print(f"  {number:7,}  {what}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    random.seed(0)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", nargs="*", choices=tuple(SUITES), default=[])
    parser.add_argument("--strings", type=Path)
    parser.add_argument("--yaml", type=Path)
    sys.exit(main(parser.parse_args(namespace=Asked())))
