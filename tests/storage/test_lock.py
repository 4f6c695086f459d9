"""The files in `requirements/`: what a person installs does not move by itself.

Each names one version of everything, with the hashes of its files for every system, and no address to fetch it
from. `python tools/lock.py` makes them anew.
"""

import re
import tomllib
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from running import TOP

LOCKS = TOP / "requirements"
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
COVERED = {
    "core.txt": (),
    "extras.txt": ("assistant", "cite", "import", "opensearch", "package", "skos", "vault", "web"),
    "dev.txt": ("assistant", "cite", "dev", "import", "opensearch", "package", "skos", "vault", "web"),
}


class Pin(NamedTuple):
    """One version of one thing; ``marker`` says where it is wanted."""

    version: str
    marker: str
    hashes: tuple[str, ...]


def pins(name: str) -> dict[str, list[Pin]]:
    """Read a file; several pins of one thing are for different systems or Pythons. Any other kind of line is an error."""
    found: dict[str, list[Pin]] = {}
    text = (LOCKS / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        wanted, *hashes = re.split(r"\s+--hash=", line.strip())
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), line
        requirement = Requirement(wanted)
        (only,) = requirement.specifier
        assert only.operator == "==", line
        assert requirement.url is None, line
        pin = Pin(only.version, str(requirement.marker or ""), tuple(hashes))
        found.setdefault(canonicalize_name(requirement.name), []).append(pin)
    return found


def wanted(name: str) -> list[Requirement]:
    """Return what `pyproject.toml` asks for in a file: the dependencies, what builds the program, and the extras."""
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    asked += [each for extra in COVERED[name] for each in EXTRAS[extra]]
    return [Requirement(each) for each in asked]


@pytest.mark.parametrize("name", sorted(file.name for file in LOCKS.iterdir()))
def test_everything_is_pinned_by_hash_and_nothing_names_an_address(name: str) -> None:
    """`pip install --require-hashes` takes a file whole or not at all; a mirror is the business of who installs."""
    assert pins(name)
    for each, versions in pins(name).items():
        assert all(pin.hashes for pin in versions), each
        assert len(versions) == 1 or all(pin.marker for pin in versions), each
    assert not re.search(r"https?:|://|--(?:extra-)?index|--find-links|--trusted", (LOCKS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", COVERED)
def test_the_lock_and_the_project_agree(name: str) -> None:
    """What `pyproject.toml` asks for is in the file, in a version that it allows."""
    held = pins(name)
    for each in wanted(name):
        versions = held.get(canonicalize_name(each.name))
        assert versions, f"{each} is in pyproject.toml and not in requirements/{name}: python tools/lock.py"
        for pin in versions:
            assert each.specifier.contains(pin.version), f"{each} and requirements/{name} disagree: python tools/lock.py"


def test_every_extra_but_the_benchmark_s_is_in_a_lock() -> None:
    """A new extra is locked, or is said here not to be."""
    assert {extra for covered in COVERED.values() for extra in covered} | {"bench", "all"} == set(EXTRAS)


def test_the_extra_all_is_all_that_users_can_choose() -> None:
    """What `[all]` brings is what the others bring together, but for those of developers."""
    others = {requirement for extra, wanted in EXTRAS.items() if extra not in {"all", "bench", "dev"} for requirement in wanted}
    assert set(EXTRAS["all"]) == others
    assert len(EXTRAS["all"]) == len(others)


def test_the_smaller_locks_are_parts_of_the_larger() -> None:
    """The tests run on the versions that a person has who only searches."""
    core, extras, dev = pins("core.txt"), pins("extras.txt"), pins("dev.txt")
    assert core.items() <= extras.items() <= dev.items()


def test_what_builds_sources_is_pinned_too() -> None:
    """A thing such as bagit comes as source alone; pip would fetch the newest setuptools to build it."""
    assert {"setuptools", "setuptools-scm"} <= set(pins("build.txt"))


def test_the_fork_of_whoosh_is_the_one_of_the_decision() -> None:
    """docs/adr/0001 tells why; another is another decision."""
    (fork,) = [Requirement(each) for each in PROJECT["project"]["dependencies"] if "whoosh" in each.lower()]
    page = (TOP / "docs" / "adr" / "0001-whoosh-and-which-one.md").read_text(encoding="utf-8")
    assert f"**`{fork.name}`" in page
    (pin,) = pins("core.txt")[canonicalize_name(fork.name)]
    assert pin in pins(f"fork-{fork.name}.txt")[fork.name]


def test_the_readme_installs_from_the_lock() -> None:
    """Every `pip install` of the first two commands takes pinned files, or the program itself without anything else."""
    text = (TOP / "README.md").read_text(encoding="utf-8")
    commands = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert commands is not None
    installs = re.findall(r"pip install ([^&]*)", commands[1])
    assert installs
    for options in installs:
        assert "--require-hashes" in options or ("--no-deps" in options and "--no-build-isolation" in options), options
    assert [name for name in re.findall(r"requirements/([\w.-]+)", commands[1]) if not (LOCKS / name).exists()] == []
