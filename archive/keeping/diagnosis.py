"""The state of an archive: what is not as it should be, and what to do about it.

Looks and changes nothing. Files are named by path; no word of a record and no
value of a header is in what it says.
"""

import contextlib
import datetime as dt
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from archive import system
from archive.access import exposure
from archive.authority.authorities import Authorities
from archive.collection import bindings, last_read
from archive.collection.last_read import Indexed
from archive.errors import InvalidAuthorities, InvalidTestimony
from archive.language.messages import tr, tr_count
from archive.named_tuple import NamedTuple
from archive.reader import read, versions
from archive.record import passages
from archive.record.testimony import Clearance, Testimony
from archive.storage import atomic, backups, editor, freshness, git, index_state, installation, lock, manifest, record_files
from archive.storage import audit as audit_log
from archive.storage.paths import INDEX, IndexPaths, index_base, index_paths
from archive.storage.record_files import Survey

_BUILT_BESIDE: Final = re.compile(r"passages\.[0-9]+-[0-9a-f]{8}\.(new|old)")
_SEALED: Final = ".md.age"
_KEPT_IN_GIT: Final = frozenset({f"{INDEX}/README.md"})


class Finding(NamedTuple):
    """One thing that is not as it should be; ``kind`` is a word for programs."""

    kind: str
    path: str
    what: str
    remedy: str


class LastBackup(NamedTuple):
    """Something in which the collection, or a part of it, lies elsewhere: as far as is known here.

    ``kind`` is "git", "bag" or "sealed-copy"; ``of``: the remotes of git, or the clearance of a bag; ``day`` is "" where git
    names remotes and none of them has anything; ``is_current``: whether all files are in it as they are now, or were then.
    """

    kind: str
    of: str
    day: str
    is_current: bool


class Examined(NamedTuple):
    """Everything that was found, and how much was looked at.

    ``backups`` are all that are known of, the last first; ``audit`` is the log of commands, where one was named.
    """

    findings: tuple[Finding, ...]
    records: int
    indexes: tuple[str, ...]
    in_git: bool
    backups: tuple[LastBackup, ...] = ()
    audit: audit_log.AuditChain | None = None


def examine(  # noqa: PLR0913 - most by keyword alone
    root: Path,
    today: dt.date | None = None,
    *,
    identity: Path | None = None,
    deep: bool = False,
    indexed: Indexed = lambda _: None,
    audit: Path | None = None,
) -> Examined:
    """Look at records, indexes, leftovers and git.

    :param today: the day by which an embargo has lapsed or not, else that of UTC.
    :param identity: the file that opens sealed records, where the keeper has one at hand.
    :param deep: hash every file of every index.
    :param indexed: gives a record that cannot be read as an index still holds it.
    :param audit: a log of commands whose lines are held against each other.
    """
    chained = audit_log.chain(audit) if audit else None
    today = today or dt.datetime.now(tz=dt.UTC).date()
    survey = record_files.survey(root)
    made = tuple(sorted(state_file.stem for state_file in (index_base(root) / "state").glob("*.json")))
    findings = [
        *_records(root, survey, today),
        *_link_findings(root, survey, indexed),
        *_seal_findings(survey, identity),
        *_indexes(root, survey, made, deep=deep),
        *_leftovers(root, survey),
        *_lying_about(root, survey),
        *_git(root, survey),
        *(Finding("installation", *muddle) for muddle in installation.muddles()),
        *_audit(audit, chained),
    ]
    last_first = tuple(sorted(_backups(root), key=lambda backup: backup.day, reverse=True))
    return Examined(
        findings=tuple(findings),
        records=len(survey.files),
        indexes=made,
        in_git=git.is_kept(root),
        backups=last_first,
        audit=chained,
    )


def _audit(file: Path | None, chained: audit_log.AuditChain | None) -> Iterator[Finding]:
    """Yield where a line of the log of commands does not follow from the one before it."""
    if file and chained and chained.broken:
        what = tr("line {number} does not follow from the line before it", number=chained.broken)
        remedy = tr("It, or what stood before it, was altered or taken out: hold the file against a copy.")
        yield Finding("audit", str(file), what, remedy)


def _backups(root: Path) -> Iterator[LastBackup]:
    """Yield where the collection lies besides: what was written here, and what git knows of other repositories."""
    try:
        files = backups.fingerprint(root)
    except OSError:
        files = ""
    for backup in backups.known_backups(root):
        yield LastBackup(backup.kind, backup.clearance, backup.day, backup.files == files)
    pushed = git.push_state(root) if git.is_kept(root) else None
    if pushed and pushed.remotes:
        is_whole = pushed.commits == 0 and not git.not_committed(root, backups.files_of(root)[0])
        yield LastBackup("git", ", ".join(pushed.remotes), pushed.day, is_whole)


def _records(root: Path, survey: Survey, today: dt.date) -> Iterator[Finding]:
    try:
        authorities = read.read_authorities(root)
    except InvalidAuthorities as error:
        for path in dict.fromkeys(fault.path for fault in error.faults):
            yield Finding("authorities", path, tr("has faults, so that nothing can be read"), tr("`testimony check` names each."))
        return
    faults: Counter[str] = Counter(fault.path for fault in survey.faults if not fault.path.endswith(_SEALED))
    lapsed = []
    for path in survey.files:
        try:
            if _has_lapsed(root, path, authorities, today):
                lapsed.append(path)
        except OSError:
            faults[path] += 1
        except InvalidTestimony as error:
            faults[path] += len(error.faults)
        for faulty_path, number in _count_faults(root, survey, path, authorities).items():
            faults[faulty_path] += number
    for path, number in sorted(faults.items()):
        what = tr_count(
            "has {number} fault, so that nobody can read it", "has {number} faults, so that nobody can read it", number
        )
        yield Finding("unreadable", path, what, tr("`testimony check` names each by its line."))
    for path in lapsed:
        remedy = tr("No clock opens a record: take `until` out and set the level, if it may be read now; else set a later day.")
        yield Finding("lapsed-embargo", path, tr("is held back until a day that has passed"), remedy)


def _count_faults(root: Path, survey: Survey, path: str, authorities: Authorities) -> Counter[str]:
    """Count the faults of a record's versions in other languages."""
    beside = survey.versions_of(record_files.code_of(path))
    with contextlib.suppress(OSError, InvalidTestimony):
        contents = {version_path: record_files.read_bytes(root, version_path) for version_path in beside}
        read_versions = versions.read_all(record_files.read_bytes(root, path), path, authorities, contents)
        return Counter(fault.path for fault in read_versions.faults)
    return Counter()


def _link_findings(root: Path, survey: Survey, indexed: Indexed) -> Iterator[Finding]:
    """Name records whose notes, claims and links have lost their words, and those that hang on what cannot be read."""
    records: dict[str, Testimony] = {}
    with contextlib.suppress(InvalidAuthorities):
        authorities = read.read_authorities(root)
        for path in survey.files:
            with contextlib.suppress(OSError, InvalidTestimony):
                read_record = read.read(record_files.read_bytes(root, path), path, authorities)
                records[read_record.code] = read_record
    sealed = {record_files.code_of(path) for path in survey.sealed}
    known = (*survey.files, *survey.doubtful, *(fault.path for fault in survey.faults))
    unread = sorted({record_files.code_of(path) for path in known} - {"", *records, *sealed})
    if unread and records:
        last = last_read.for_keepers(root, authorities, unread, indexed)
        for code, what in last_read.hanging(records, last):
            remedy = tr("`testimony check` names the faults of the file that cannot be read; mend them.")
            yield Finding("hangs-on-unreadable", records[code].path, what, remedy)
    for testimony in records.values():
        if number := len(list(bindings.faults(testimony, records.get))):
            what = tr_count(
                "has {number} binding whose words have moved or changed",
                "has {number} bindings whose words have moved or changed",
                number,
            )
            remedy = tr("`testimony rebind CODE` shows the old words and the new ones of each note, claim and link.")
            yield Finding("words-moved", testimony.path, what, remedy)
        for code in sorted(sealed.intersection(passages.points_at(testimony))):
            remedy = tr("`testimony --identity FILE check` says which caveats, voices and versions its readers miss.")
            yield Finding("hangs-on-sealed", testimony.path, tr("hangs on {code}, which lies sealed", code=code), remedy)


def _has_lapsed(root: Path, path: str, authorities: Authorities, today: dt.date) -> bool:
    testimony = read.read(record_files.read_bytes(root, path), path, authorities)
    return exposure.is_lapsed(testimony, int(today.strftime("%Y%m%d")))


def _seal_findings(survey: Survey, identity: Path | None) -> Iterator[Finding]:
    known = (*survey.files, *(fault.path for fault in survey.faults), *getattr(survey, "sealed", ()))
    sealed = sorted({path for path in known if path.endswith(_SEALED)})
    if identity is None or not os.access(identity, os.R_OK):
        for path in sealed:
            remedy = tr(
                "Name the file with --identity or TESTIMONY_IDENTITY, and see that a second copy of it is kept elsewhere."
            )
            yield Finding("sealed", path, tr("is sealed, and there is no identity at hand that could open it"), remedy)
    elif sealed and system.is_open_to_others(identity.stat()):
        yield Finding("identity", str(identity), tr("can be read by others on this machine"), f"chmod 600 {identity}")


def _indexes(root: Path, survey: Survey, made: Iterable[str], *, deep: bool) -> Iterator[Finding]:
    base = index_base(root)
    if (base / "state").exists() or base.is_symlink():
        for folder in (base, *sorted(path for path in base.rglob("*") if path.is_dir() or path.is_symlink())):
            yield from _mode(root, folder)
    for name in made:
        yield from _index(root, survey, index_paths(root, Clearance(name)), name, deep=deep)
    yield from _busy(root, base / "state" / "lock")


def _busy(root: Path, file: Path) -> Iterator[Finding]:
    """Ask whether a writer holds the lock, on the folder of the records or, where folders cannot be locked, on a file."""
    writers: lock.IndexLock = lock.FolderLock(root / record_files.FOLDER)
    try:
        free = writers.acquire()
    except OSError:
        if not file.exists():
            return
        writers = lock.LockFile(file)
        try:
            free = writers.acquire()
        except OSError:  # this disk locks nothing; a sign tells of a writer
            return
    if free:
        writers.release()
    else:
        yield Finding(
            "busy", record_files.FOLDER, tr("is locked: another process is writing an index"), tr("Wait until it is done.")
        )


def _mode(root: Path, path_looked_at: Path) -> Iterator[Finding]:
    looked, path = path_looked_at.lstat(), _relative(root, path_looked_at)
    if stat.S_ISLNK(looked.st_mode):
        yield Finding("index-link", path, tr("is a link"), tr("Remove it; `testimony index` makes the folder."))
    elif system.is_others(looked):
        remedy = tr("Never open it: an index is made from records, on the spot. Remove it and run `testimony index`.")
        yield Finding("index-owner", path, tr("belongs to somebody else"), remedy)
    elif system.is_open_to_others(looked):
        yield Finding("index-mode", path, tr("can be entered by others on this machine"), f"chmod 700 {path}")


def _index(root: Path, survey: Survey, places: IndexPaths, name: str, *, deep: bool) -> Iterator[Finding]:
    path = _relative(root, places.base)
    state = index_state.load(places.state)
    if state == index_state.NOTHING:
        yield Finding("index-state", path, tr("has no state that this version can read"), "`testimony index --rebuild`")
        return
    if state.made_by != index_state.maker():
        yield Finding(
            "index-version", path, tr("was made by another version of this program"), tr("`testimony index` makes it anew.")
        )
    elif not freshness.is_fresh(state, survey, root):
        remedy = tr(
            "`testimony --clearance {name} index`; until then it holds what has been changed, closed or deleted since.", name=name
        )
        yield Finding("stale-index", path, tr("is older than the records or the authorities"), remedy)
    for damage in manifest.damage(places.base, state.files, deep=deep):
        yield Finding("index-damage", path, damage, "`testimony index --rebuild`")
    if places.writing.exists():
        yield Finding(
            "index-cut-off", _relative(root, places.writing), tr("tells of an update that did not end"), "`testimony index`"
        )


def _leftovers(root: Path, survey: Survey) -> Iterator[Finding]:
    base = index_base(root)
    in_index = (entry for entry in base.rglob("*") if atomic.is_leftover(entry.name) or _BUILT_BESIDE.fullmatch(entry.name))
    for path in (*survey.leftovers, *(_relative(root, entry) for entry in sorted(in_index))):
        remedy = tr("Look whether you miss what it holds, then delete it; `testimony index` sweeps away what is an hour old.")
        yield Finding("leftover", path, tr("was left behind by a write that was cut off"), remedy)
    for file in editor.unsaved_texts(root):
        remedy = tr("Take over with `testimony edit` what is missing in the record, then delete it.")
        yield Finding("unsaved", _relative(root, file), tr("is a text that could not be saved in its record"), remedy)
    for folder in editor.leftover_folders(root):
        remedy = tr("Delete it; the next `testimony edit` does so too.")
        yield Finding("leftover", _relative(root, folder), tr("was left behind by an editor that was cut off"), remedy)


def _lying_about(root: Path, survey: Survey) -> Iterator[Finding]:
    """Name files that are no records, though words of one may stand in them, in no export and under no clearance."""
    for path, first in survey.copies.items():
        yield Finding(
            "copy",
            path,
            tr("holds the same bytes as {first}", first=first),
            tr("Take it away: when the two differ, neither is read."),
        )
    for path in survey.strays:
        remedy = tr("Look whether you miss what it holds, then delete it. Have your editor keep such files elsewhere.")
        yield Finding("stray", path, tr("was left by an editor or a system, and may hold words of a record"), remedy)
    for path in record_files.not_walked(root):
        remedy = tr("Move it back if it was thrown away by mistake; else delete it, also from the rubbish of the disk.")
        yield Finding(
            "not-walked", path, tr("is a record in a folder of rubbish, old versions or a program, and is not read"), remedy
        )
    signs = (lock.sign(root), (index_base(root) / "state" / "lock").with_suffix(".writer"))
    for file in filter(os.path.lexists, signs):
        remedy = tr("Wait until it is done. Only if you know that nobody writes any more, delete {file}.", file=file)
        yield Finding("writing", record_files.FOLDER, tr("is signed as being written"), remedy)


def _git(root: Path, survey: Survey) -> Iterator[Finding]:
    if not git.is_kept(root):
        return
    for path in sorted(set(git.tracked_files(root, INDEX)) - _KEPT_IN_GIT):
        remedy = tr("git rm --cached {path}; what was pushed already is out, also when it is deleted later.", path=path)
        yield Finding("index-in-git", path, tr("is kept by git, with the words of records in it"), remedy)
    if not git.ignores(root, f"{INDEX}/public/passages"):
        yield Finding(
            "index-not-ignored",
            ".gitignore",
            tr("does not keep the index out of git"),
            tr("Add the line `/{index}/*`.", index=INDEX),
        )
    first = next(iter(survey.files), None)
    if first and not git.leaves_bytes_alone(root, first):
        remedy = tr("Add the line `{folder}/**/*.md -text` and `{folder}/*.md -text`.", folder=record_files.FOLDER)
        what = tr("lets git change the line ends of records, and with them their hashes")
        yield Finding("line-ends", ".gitattributes", what, remedy)


def _relative(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
