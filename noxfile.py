"""One entry for every check: `python -m nox` runs what a change must pass, `python -m nox -l` lists the rest.

Each session uses the environment that nox is started in (the README's second command made it), so that a check takes
no longer than the check itself.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "records", "docs", "quick"]

SITE = "build/site"


@nox.session
def lint(session: nox.Session) -> None:
    """Hold the code against every rule of ruff, and its layout."""
    session.run(sys.executable, "-m", "ruff", "check", ".")
    session.run(sys.executable, "-m", "ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Hold the types."""
    session.run(sys.executable, "-m", "mypy")


@nox.session
def records(session: nox.Session) -> None:
    """Hold the shipped records against the rules of the record format."""
    session.run(sys.executable, "-m", "archive", "check")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation site; a warning is an error."""
    session.run(sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "-n", "-q", "-b", "html", "docs", SITE)


@nox.session
def quick(session: nox.Session) -> None:
    """Run the tests that are not marked as slow: some two minutes on two cores."""
    session.run(sys.executable, "-m", "pytest", "-m", "not slow", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests."""
    session.run(sys.executable, "-m", "pytest", *session.posargs)


@nox.session
def package(session: nox.Session) -> None:
    """Build wheel and source distribution twice, and hold the bytes against each other."""
    sums = []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
            for what in ("wheel", "sdist"):
                build = f"import sys; sys.path.insert(0, 'tools'); import build_backend as b; b.build_{what}(sys.argv[1])"
                session.run(sys.executable, "-c", build, folder, env=environment)
            files = sorted(Path(folder).iterdir())
            sums.append([(file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files])
    if sums[0] != sums[1]:
        session.error(f"built twice, other bytes: {sums}")
    for name, digest in sums[0]:
        session.log("%s  %s", digest, name)
