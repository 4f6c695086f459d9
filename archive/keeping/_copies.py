"""Where words of a record still lie after they were taken out of its file, and what to type about each.

Nothing is deleted here: copies are in other hands, and a person decides.
"""

import shlex
from collections.abc import Iterator
from pathlib import Path

from archive.language.messages import tr, tr_count
from archive.named_tuple import NamedTuple
from archive.storage import git


class Copy(NamedTuple):
    """A place where old words may lie, and the command for it, or what to do."""

    where: str
    command: str


def copies(root: Path, code: str, paths: tuple[str, ...]) -> tuple[Copy, ...]:
    """Return where the old words of a record may lie still.

    :param paths: its files, relative to the root.
    """
    return (*_in_git(root, paths), *_copies_elsewhere(code))


def _in_git(root: Path, paths: tuple[str, ...]) -> Iterator[Copy]:
    if not git.is_kept(root):
        return
    named = " ".join(map(shlex.quote, paths))
    number = max((git.commits_of(root, path) for path in paths), default=0)
    if number:
        where = tr_count("the history of git, in {number} commit", "the history of git, in {number} commits", number)
        yield Copy(where, f"git log --all --stat -- {named}")
        rewrite = " ".join(f"--path {shlex.quote(path)}" for path in paths)
        yield Copy(
            tr("to take the file out of that history (every later commit gets another name)"),
            f"git filter-repo {rewrite} --invert-paths",
        )
    for remote in git.remotes(root):
        where = tr("the repository {remote}, and every clone of it", remote=remote)
        yield Copy(where, f"git push --force --all {shlex.quote(remote)}")
    if git.stashes(root):
        yield Copy(tr("what was put aside in git"), "git stash list")


def _copies_elsewhere(code: str) -> Iterator[Copy]:
    yield Copy(tr("bags that were made before"), "testimony bag --output NEW-FOLDER")
    yield Copy(
        tr("dossiers, lists, workbooks and databases that were exported"), f"grep -rl {code} FOLDER; testimony verify FILE"
    )
    yield Copy(tr("editions that were published from it"), tr("make them anew, and ask whoever has one to do the same"))
    yield Copy(tr("backups and sealed copies"), tr("make a new one, then delete the old ones"))
    yield Copy(tr("what editors and sync programs keep"), "testimony doctor")
