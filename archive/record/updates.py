"""What has become of a passage in the archive, and when: by the history of its record and the days of its caveats.

These are the days on which keepers wrote. What the public could know, and when,
is another matter (`Note.known`), and so is when an account was given.
"""

from collections.abc import Iterable

from archive.record.testimony import SPEAKING_FOR, Change, Note, Passage, Testimony

NEW, CHANGED, CONTESTED, NOTED = UPDATES = ("new", "changed", "contested", "noted")
"""Its record has come in; it was changed; a caveat that warns has come; one that speaks for it has."""


def day_number(written: str) -> int:
    """Return a day in ISO 8601 as ``yyyymmdd``; a year or a month counts as its first day, 0 where there is none."""
    year, _, rest = written.partition("-")
    month, _, day = rest.partition("-")
    return int(f"{year}{month or '01'}{day or '01'}") if year.isdecimal() else 0


def last_update(history: Iterable[Change], notes: Iterable[Note]) -> int:
    """Return the day of the last thing that has become of a passage as ``yyyymmdd``, 0 where nobody can say.

    :param history: of its record.
    :param notes: in force at it.
    """
    return max(map(day_number, [*(change.date for change in history), *(note.date for note in notes)]), default=0)


def updates_since(testimony: Testimony, passage: Passage, day: int) -> tuple[str, ...]:
    """Return what has become of a passage on a day, or later: some of `UPDATES`, in their order."""
    days = [day_number(change.date) for change in testimony.history]
    noted = [note.flag in SPEAKING_FOR for note in passage.notes if day_number(note.date) >= day]
    found = {
        NEW: bool(days) and min(days) >= day,
        CHANGED: bool(days) and min(days) < day <= max(days),
        CONTESTED: False in noted,
        NOTED: True in noted,
    }
    return tuple(update for update in UPDATES if found[update])
