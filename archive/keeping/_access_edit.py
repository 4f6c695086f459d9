"""Who may read a record: opened with a consent that somebody has obtained, closed, or taken back for good."""

from pathlib import Path
from typing import Final

from archive.access import redaction
from archive.authority.authorities import Authorities
from archive.errors import BadNote, InvalidTestimony
from archive.keeping._header_edit import Change, Put, Remove
from archive.keeping._revising import Kept, Plan, Revised, Signed, check_text, revise, today
from archive.language.messages import tr
from archive.reader import read
from archive.record import dates, placeholders
from archive.record.testimony import PUBLIC, Testimony, reference
from archive.storage import index_state
from archive.storage.git import FileHistory
from archive.storage.paths import index_paths
from archive.text import join_list

LEVELS: Final = ("public", "restricted")
CONSENTS: Final = ("given", "published-by-witness", "published-by-others")


def open_record(root: Path, code: str, consent: str, signed: Signed, *, level: str = "public") -> Revised:
    """Let a record be read.

    :param consent: one of `CONSENTS`.
    :param signed: by whoever has obtained or seen it.
    :param level: one of `LEVELS`.
    :raises BadNote: with everything that stands against it.
    """

    def plan(kept: Kept) -> Plan:
        testimony = kept.testimony
        wrong = list(_against_opening(testimony, signed))
        if consent not in CONSENTS:
            wrong.append(tr("consent must be one of {consents}", consents=join_list(CONSENTS)))
        if level not in LEVELS:
            wrong.append(tr("the level must be one of {levels}", levels=join_list(LEVELS)))
        if wrong:
            raise BadNote("\n".join(wrong), tr("Nothing was written."))
        changes: list[Change] = [Put(("access", "level"), level), Put(("consent", "status"), consent)]
        if testimony.until:
            changes.append(Remove(("access", "until")))
        what = tr("Opened ({level}); consent: {consent}", level=level, consent=consent)
        return Plan(tuple(changes), history=what)

    return revise(root, reference(code).code, plan, signed)


def _against_opening(testimony: Testimony, signed: Signed) -> list[str]:
    wrong = []
    if testimony.consent == "withdrawn":
        wrong.append(tr("{code} was withdrawn; what a witness took back is not opened by a command", code=testimony.code))
    until = dates.bounds(testimony.until) if testimony.until else None
    if until and until.latest >= int((signed.day or today()).replace("-", "")):
        wrong.append(
            tr(
                "access.until: {code} is held back until {until}, which has not passed",
                code=testimony.code,
                until=testimony.until,
            )
        )
    wrong += [
        tr("{field}: has still to be filled in; testimony edit {code}", field=read.dotted_name(place), code=testimony.code)
        for place in placeholders.placeholders_in(testimony)
    ]
    return wrong


def close_record(root: Path, code: str, reason: str, signed: Signed) -> Revised:
    """Close a record to all readers.

    :param reason: why, for the history; "" for none.
    """

    def plan(kept: Kept) -> Plan:
        if kept.testimony.access == "closed":
            raise BadNote(tr("{code} is closed already", code=kept.testimony.code), tr("Nothing was written."))
        said: tuple[str, ...] = ()
        if not (kept.testimony.was_public or kept.testimony.consent == "withdrawn") and was_public(root, kept.testimony, kept):
            said = (
                tr("it was public: `testimony verify` will call its citations unknown; `withdraw` tells that it was taken back"),
            )
        what = tr("Closed: {reason}", reason=check_text(reason, "reason")) if reason else tr("Closed")
        return Plan((Put(("access", "level"), "closed"),), history=what, said=said)

    return revise(root, reference(code).code, plan, signed)


def withdraw(root: Path, code: str, reason: str, signed: Signed) -> Revised:
    """Take a record back for good: its code stays taken, and its citations are told as withdrawn where it was public.

    :param reason: why, for the history.
    """

    def plan(kept: Kept) -> Plan:
        testimony = kept.testimony
        if testimony.consent == "withdrawn":
            raise BadNote(tr("{code} is withdrawn already", code=testimony.code), tr("Nothing was written."))
        was = was_public(root, testimony, kept)
        changes: list[Change] = [Put(("access", "level"), "closed"), Put(("consent", "status"), "withdrawn")]
        if was:
            changes.append(Put(("consent", "was_public"), "true"))
        told = (
            tr("it was public: readers of its citations are told that it was withdrawn, and nothing else")
            if was
            else tr("it was never public, as far as can be told: to readers its code is unknown, as before")
        )
        what = tr("Withdrawn: {reason}", reason=check_text(reason, "reason"))
        return Plan(tuple(changes), history=what, said=(told,))

    return revise(root, reference(code).code, plan, signed)


def was_public(root: Path, testimony: Testimony, kept: Kept) -> bool:
    """Return whether a record is public, or was: as it says, as the public index held it, or as git knows it."""
    if testimony.was_public or redaction.level(testimony) == redaction.OPEN:
        return True
    file_state = index_state.load(index_paths(root, PUBLIC).state).file_states.get(testimony.path)
    return bool(file_state and file_state.readable) or _was_in_git(root, testimony.code, kept.records.authorities)


def _was_in_git(root: Path, code: str, authorities: Authorities) -> bool:
    history = FileHistory(root)
    for change, content in history.contents(history.changes(code)):
        try:
            if content is not None and redaction.may_read(read.read(content, change.path, authorities), PUBLIC):
                return True
        except InvalidTestimony:
            continue
    return False
