"""Hostile input: strings that break programs, headers that run or explode, files that are none.

`asked` runs the real program, many commands in one child that may have no
more than half a gigabyte and that is watched for hanging; the shipped
authorities, in which nothing is hostile, are read once in it. Whatever is asked,
the answer is an exit code that the documentation lists, and one clear line.
"""

import atexit
import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

TOP = Path(__file__).parent.parent.parent
MOST_MEMORY = 500_000_000
MOST_SECONDS = 20  # of work: a hang, on any machine; the full run counts what takes longer than two
MOST_WAITING = 180  # seconds that pass: something waits for ever, also beside much other work
DEFECT = 70
DAMAGED = 13  # no input harms an index; who ends so took an error of its own for damage

# The kinds of the Big List of Naughty Strings, written anew; the list itself is
# read by the full run where it is at hand.
STRINGS: tuple[str, ...] = (
    "",
    " ",
    "undefined",
    "NULL",
    "None",
    "True",
    "-",
    "--",
    "--help",
    "-1",
    "0",
    "1/0",
    "1e309",
    "-9223372036854775808",
    "NaN",
    "Infinity",
    "0x7fffffff",
    "٠١٢٣",
    "1,000.00",
    "camp:",
    "camp:99999999999999999999",
    "code:NKT-9001 OR code:../../etc/passwd",
    "period:0000/9999",
    "^nan",
    "AND",
    "OR OR NOT",
    "NOT NOT NOT",
    "-prison",
    "((((((((((",
    "))))",
    '"""""',
    '"unclosed',
    '"a b"~99999999999999999999',
    "word~9",
    "word~99999999999999999999",
    "*",
    "**",
    "?",
    "*a*",
    "a" + "*a" * 50,
    "[a TO z]",
    "{a TO}",
    "a\\",
    "\\",
    "%s%n%x",
    "{0.__class__.__mro__}",
    "{{7*7}}${7*7}#{7*7}<%= 7*7 %>",
    "$(touch /tmp/was-run)",
    "`id`",
    "; DROP TABLE testimonies; --",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "/dev/zero",
    "C:\\CON\\NUL",
    "CON",
    "AUX.md",
    ".",
    "..",
    "file:///etc/passwd",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- hidden -->",
    "]]>",
    "&amp;&#0;&#x110000;",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "__import__('os').system('id')",
    "!!python/object/apply:os.system [id]",
    "&a *a",
    "<<: *a",
    "\0",
    "a\0b",
    "\ufeff",
    "\ufeffNKT-9001",
    "\r",
    "\r\nBcc: x",
    "line\nfeed",
    "tab\tvertical\vform\f",
    "\x1b[31mred\x1b]8;;http://x\x07y\x1b]52;c;eA==\x07",
    "\x85\u2028\u2029",
    "\u202e\u202dreversed\u2066\u2069",
    "\u200b\u200d\u2060\u00ad",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "́́́́",
    "( ͡° ͜ʖ ͡°)",
    "👩‍👩‍👧‍👦🇰🇵🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "\U000e0001\U000e0020",
    "\U0010ffff",
    "\ufffe\uffff",
    "\ud800",
    "a\udcffb",
    "\udcf0\udc9f\udc98\udc80",
    "ﷺ",
    "ΑΒΓάέή",
    "ǅǈǋ",
    "ßẞıİ",
    "Å",
    unicodedata.normalize("NFD", "요덕수용소에서"),
    "요덕" * 200,
    "ᄀ" * 300,
    "ㄱㄴㄷㅏㅑ",
    "田中さんにあげて下さい",
    "بِسْمِ ٱللَّٰهِ",
    "הָיְתָה",
    "ពាក្យ",
    "a" * 5000,
    "x " * 3000,
    "é" * 3000,
    "a-b-c-d-e " * 200,
    "🎉" * 500,
)


def large() -> list[str]:
    """Give queries that eat time or memory elsewhere."""
    return [
        "a" * 100_000,
        "a " * 50_000,
        "*" * 100_000,
        "?" * 100_000,
        "(" * 1000 + "a" + ")" * 1000,
        "(a OR " * 1000 + "b" + ")" * 1000,
        "NOT " * 1000 + "a",
        '"' + "a " * 50_000 + '"',
        " OR ".join(f"w{number}" for number in range(10_000)),
        " ".join(f"a{number}*" for number in range(2_000)),
        " ".join(f"word{number}~2" for number in range(2_000)),
        "수용소" * 30_000,
        unicodedata.normalize("NFD", "한글") * 20_000,
        "̂" * 100_000,
        "camp:14 " * 10_000,
        "((a* b*) OR (c* d*)) " * 500,
    ]


class Asked(NamedTuple):
    """What one command gave."""

    arguments: list[str]
    code: int
    out: str
    err: str
    seconds: float


_children: list[subprocess.Popen[str]] = []
"""The child that runs what is asked; the next one takes the place of one that has died."""


def _child() -> subprocess.Popen[str]:
    if not _children:
        made = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=TOP,
            env={**os.environ, "PYTHONPATH": str(TOP), "PYTHONIOENCODING": "utf-8:surrogatepass"},
        )
        atexit.register(made.communicate)  # nothing more to ask ends it
        _children.append(made)
    return _children[0]


def asked(root: Path, commands: Iterable[Sequence[str]]) -> list[Asked]:
    """Run commands in a child with little memory; a command that hangs ends it.

    :raises AssertionError: the child died.
    """
    lines = [list(arguments) for arguments in commands]
    child = _child()
    assert child.stdin
    assert child.stdout
    done = []
    with contextlib.suppress(BrokenPipeError):  # of a child that died, which is told below
        child.stdin.write(json.dumps([str(root), lines]) + "\n")
        child.stdin.flush()
    for arguments in lines:
        told = child.stdout.readline()
        if not told:
            _children.clear()
            atexit.unregister(child.communicate)
            message = f"the program died at {arguments!r:.200}: exit code {child.wait()}, as it says on standard error"
            raise AssertionError(message)
        done.append(Asked(*json.loads(told)))
    return done


def faults(done: Iterable[Asked]) -> list[str]:
    """Name whatever is no clean ending."""
    found = []
    for each in done:
        shown = f"{each.arguments!r:.120} ended with {each.code}: {each.err[-300:]!r}"
        if each.code in {DEFECT, DAMAGED} or "Traceback" in each.err or not (each.code in {0, 1, 2} or each.code >= 10):
            found.append(shown)
        elif each.code and not (each.err.strip() or each.out.strip()):
            found.append(f"{shown} without a word")
        elif any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in each.out + each.err):
            found.append(f"{shown} printed control characters")
    return found


def commands(strings: Iterable[str], code: str = "NKT-9001") -> list[list[str]]:
    """Put each string where a person can put one."""
    found = []
    for each in strings:
        found += [
            ["search", "--", each],
            ["search", "--plain", "--", each],
            ["search", "--any", "--facets", "--", each],
            ["search", "--format", "json", "--", each, "coal"],
            ["search", f"--camp={each}"],
            ["search", f"--witness={each}"],
            ["search", f"--code={each}"],
            ["search", f"--flag={each}"],
            ["search", f"--period={each}"],
            ["search", f"--language={each}"],
            ["show", "--", each],
            ["excerpt", "--", f"{code}#{each}"],
            ["cite", "--", each],
            ["camps", "--", each],
            ["new", f"--code={each}", "--", "A title"],
            ["new", f"--witness={each}", "--", each],
        ]
    return found


HEADERS: tuple[bytes, ...] = (
    b"---\na: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n---\nx\n",
    b"---\n" + b"".join(b"k%d: &k%d [%s]\n" % (n, n, b", ".join([b"*k%d" % (n - 1)] * 9)) for n in range(1, 60)) + b"---\nx\n",
    b"---\na: !!python/object/apply:os.system ['touch /tmp/was-run']\n---\nx\n",
    b"---\n!!python/object/new:type {args: [z, [], {}]}\n---\nx\n",
    b"---\na: !!binary gIGC\nb: !!timestamp 2001-01-01\nc: !!set {x}\n---\nx\n",
    b"---\na: !<tag:yaml.org,2002:js/function> function(){}\n---\nx\n",
    b"---js\nmodule.exports = require('child_process')\n---\nx\n",
    b"---json\n{}\n---\nx\n",
    b"+++\ntitle = 'x'\n+++\nx\n",
    b";;;\n{}\n;;;\nx\n",
    b"---\na: " + b"[" * 100_000 + b"\n---\nx\n",
    b"---\na: " + b"[" * 10_000 + b"\n---\nx\n",
    b"---\n" + b"{a: " * 10_000 + b"\n---\nx\n",
    b"---\n" + b"- " * 20_000 + b"\n---\nx\n",
    b"---\n" + b"? " * 20_000 + b"\n---\nx\n",
    b"---\n" + b"".join(b" " * n + b"a:\n" for n in range(300)) + b"---\nx\n",
    b"---\n" + b"".join(b"k%d: v\n" % n for n in range(7000)) + b"---\nx\n",
    b"---\n%YAML 1.1\n%TAG ! tag:x,2000:\n---\nx\n",
    b"---\n%YAML 9.9\n---\na: b\n---\n",
    b"---\na: |\n  ---\n---\n",
    b"---\na: 'x\n---\n'\n---\n",
    b'---\na: "\\x00\\u0000\\ud800\\U0010FFFF\\U00110000"\n---\nx\n',
    b'---\n"\\ud800": x\n---\nx\n',
    b"---\n? [complex, key]\n: value\n---\nx\n",
    b"---\n~: null\n---\nx\n",
    b"---\ncontent: x\nhandler: y\nself: z\nmetadata: w\n---\nx\n",
    b"---\n__class__: x\n__proto__: {a: b}\n---\nx\n",
    b"\xff\xfe" + "---\na: b\n---\n".encode("utf-16-le"),
    "---\na: b\n---\n".encode("utf-32"),
    b"\xef\xbb\xbf---\na: b\n---\n",
    b"---\r\na: b\r\n---\r\nx\r\n",
    b"---\ra: b\r---\rx\r",
    b"---\na: \x00\n---\nx\n",
    b"\x00" * 100_000,
    b"\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80",
    b"---\na: \xed\xa0\x80\n---\nx\n",
    b"---\n" * 50_000,
    b"---",
    b"---\n---",
    b"---\n---\n",
    b"",
    b"\n" * 100_000,
    b"\x1f\x8b\x08" + b"\x00" * 50,
    b"PK\x03\x04" + b"\x00" * 50,
    b"#!/bin/sh\ntouch /tmp/was-run\n",
)


def put_strange_files(root: Path) -> int:
    """Put links, FIFOs, folders and names that lead elsewhere beside the records; gives how many are at fault."""
    folder = root / "testimonies"
    outside = root.parent / f"{root.name}-outside.md"
    outside.write_bytes(b"---\nsecretword: x\n---\nsecretword\n")
    (folder / "NKT-9101-a-link.md").symlink_to(outside)
    (folder / "NKT-9102-a-broken-link.md").symlink_to(root / "nowhere")
    (folder / "NKT-9103-a-loop.md").symlink_to("NKT-9103-a-loop.md")
    (folder / "NKT-9104-a-device.md").symlink_to("/dev/zero")
    (folder / "a-folder-elsewhere").symlink_to("/etc")
    (folder / "itself").symlink_to(".")
    os.mkfifo(folder / "NKT-9105-a-fifo.md")
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(folder)  # the name of a socket must be short
        made.bind("NKT-9106-a-socket.md")
        os.chdir(here)
    (folder / "NKT-9107-a-folder.md").mkdir()  # no fault: a folder may be called anything
    with (folder / "NKT-9108-large.md").open("wb") as file:
        file.truncate(100_000_000)
    for name in ("NKT-9109-Caf\u00e9.md", "NKT-9109-Cafe\u0301.md", "NKT-9110-twin.md", "NKT-9110-TWIN.md"):
        (folder / name).write_bytes(f"---\na: b\n---\n{name}\n".encode())
    deep = folder
    for _ in range(60):
        deep = deep / "deeper"
        deep.mkdir()
    (deep / "NKT-9111-deep.md").write_bytes(b"x")
    return 14


def _limited(_: int, __: Any) -> None:
    message = "hangs"
    raise TimeoutError(message)


def main() -> None:
    """Run what comes on standard input, one command after the other, each with its own streams."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(kind, _limited)
    for told in sys.stdin:
        root, lines = json.loads(told)
        os.environ["TESTIMONY_ROOT"] = root
        for arguments in lines:
            print(json.dumps(_ended(root, arguments)), flush=True)  # noqa: T201 - read by `asked`


def _ended(root: str, arguments: list[str]) -> Asked:
    from archive.cli.group import _run

    really = sys.stdout
    out, err = StringIO(), StringIO()
    start = time.monotonic()
    signal.alarm(MOST_WAITING)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        sys.stdout, sys.stderr = out, err
        code = _run(["--root", root, *arguments])
    except TimeoutError:
        code, _ = -1, err.write("hangs")
    except BaseException as error:  # noqa: BLE001 - told to the suite
        code, _ = -2, err.write(f"Traceback {error!r}")
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout, sys.stderr = really, sys.__stderr__
    return Asked(arguments, code, out.getvalue(), err.getvalue(), time.monotonic() - start)


if __name__ == "__main__":
    from authorities_once import quick_authorities

    with quick_authorities():
        main()
