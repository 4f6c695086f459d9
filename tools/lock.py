"""Make the files in `requirements/` anew from `pyproject.toml`: every version by its hash, for every system in one file.

    python tools/lock.py              pins what is new in `pyproject.toml`, leaves the other versions as they are
    python tools/lock.py --upgrade    pins the newest versions that `pyproject.toml` allows
    python tools/lock.py --try        asks for each Python and system whether all of a file can be had as wheels

Needs the network and installs `uv` from the package registry into a folder of
its own, which is deleted at the end. `tests/storage/test_lock.py` says where the files
and `pyproject.toml` no longer agree.
"""

import argparse
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).parent.parent
LOCKS: Final = TOP / "requirements"

FILES: Final = {
    "dev.txt": ("assistant", "cite", "dev", "import", "opensearch", "package", "skos", "vault", "web"),
    "extras.txt": ("assistant", "cite", "import", "opensearch", "package", "skos", "vault", "web"),
    "core.txt": (),
}
"""The extras that each file covers beside what a search needs; the largest first, so that the others take its versions."""

SOURCE_ONLY: Final = ("bagit", "pylatexenc")
"""What is published without a wheel, and is built on the machine."""

BUILDERS: Final = "setuptools>=77\nsetuptools-scm>=8"
"""What builds them: installed first, by `requirements/build.txt`, so that pip fetches no other versions for it."""

FORKS: Final = {
    "fork-whoosh.txt": "Whoosh==2.7.4",
    "fork-whoosh-reloaded.txt": "whoosh-reloaded==2.7.5",
    "fork-whoosh3.txt": "whoosh3>=3.54,<4",
}
"""The forks of Whoosh with which `tests/engine/test_forks.py` works, each for a folder of its own."""

PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS: Final = (
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
"""On Windows for ARM the Python for x86-64 runs: for its own there is no wheel of pypandoc-binary, nor of PyYAML for 3.11."""


def compile_file(uv: Path, name: str, wanted: str, *options: str) -> None:
    """Write one file of `requirements/`.

    :param wanted: what to pin beside the options, one requirement a line.
    """
    print(f"requirements/{name}", flush=True)
    command = [str(uv), "pip", "compile", "--quiet", "--universal", "--python-version", PYTHONS[0], "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-header", "--output-file", f"requirements/{name}", *options, "-"]
    subprocess.run(command, check=True, cwd=TOP, input=wanted, text=True)
    file = LOCKS / name
    file.write_text("# Made by tools/lock.py; do not edit.\n" + file.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")


def lock(uv: Path, *, upgrade: bool) -> None:
    """Write all files."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    builder = "\n".join(project["build-system"]["requires"])
    options = ["--upgrade"] if upgrade else []
    LOCKS.mkdir(exist_ok=True)
    larger: list[str] = []
    for name, extras in FILES.items():
        given = [option for extra in extras for option in ("--extra", extra)]
        compile_file(uv, name, builder, *options, *larger, *given, "pyproject.toml")
        larger = ["--constraint", f"requirements/{name}"]
    for name, wanted in {"build.txt": BUILDERS, **FORKS}.items():
        compile_file(uv, name, wanted, *options)


def attempt(uv: Path, name: str) -> bool:
    """Ask whether all of a file can be had as wheels for each Python and system, and print what cannot."""
    whole = True
    for python in PYTHONS:
        for system in SYSTEMS:
            with tempfile.TemporaryDirectory() as folder:
                command = [
                    str(uv),
                    "pip",
                    "install",
                    "--dry-run",
                    "--target",
                    folder,
                    "--require-hashes",
                    "--only-binary",
                    ":all:",
                ]
                command += [option for built in SOURCE_ONLY for option in ("--no-binary", built)]
                command += ["--python-version", python, "--python-platform", system, "-r", f"requirements/{name}"]
                done = subprocess.run(command, check=False, cwd=TOP, capture_output=True, text=True, encoding="utf-8")
            whole &= not done.returncode
            said = "all wheels" if not done.returncode else " ".join(done.stderr.split())
            print(f"requirements/{name}  Python {python}  {system}: {said}", flush=True)
    return whole


def main() -> int:
    """Lock, or try what is locked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that are allowed")
    parser.add_argument("--try", dest="tries", action="store_true", help="ask for wheels for each Python and system")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin")
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        uv = programs / "uv"
        if given.tries:
            whole = [attempt(uv, name) for name in ("build.txt", *FILES)]
            return 0 if all(whole) else 1
        lock(uv, upgrade=given.upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main())
