"""Many processes at one collection: readers that must see one state or another, and never a mixture.

One record is edited again and again. Each edit has a number, which stands in
both of its passages, in its title, and in a note that reaches another record;
so an answer with two numbers is a mixture, and one with fewer hits is short.
"""

import multiprocessing
import random
import re
import shutil
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import endurance
import made_up
from archive.archive import Archive
from archive.errors import CannotWrite, IndexBusy
from archive.indexing import update as index_update
from archive.keeping import _notes as notes
from archive.keeping import _rebinding as rebinding
from archive.reader import read as reader
from archive.record.testimony import PUBLIC, reference
from archive.search.model import Query
from archive.storage import atomic

RECORDS = 6
STATEMENT = "Made up by one writer of several."
AT_LEAST = 3  # of what a role is there for, however busy the machine is
PATIENCE = 60  # more seconds for that
EDITED = "NKT-9001-made-up.md"
_NUMBER = re.compile(r"edit([0-9]+)")


def edition(number: int) -> str:
    """Write the record with the number of an edit."""
    note = made_up.note("n1", "contradicted", f"Made up: edit{number}.", **{"with": ["NKT-9002#p1"]})
    head = made_up.header("NKT-9001", title=f"Made up: edit{number}", credibility={"notes": [note]})
    return made_up.record(head, f"Coal, edit{number}.", f"More coal, edit{number}.")


def collection(root: Path) -> Path:
    """Make the collection."""
    others = (made_up.record(made_up.header(f"NKT-900{number}"), "Coal.", "Gold.") for number in range(2, RECORDS + 1))
    made_up.collection(root, edition(0), *others)
    return root


def saved(root: Path) -> int:
    """Return the number of the edit that is saved."""
    found = _NUMBER.search((root / "testimonies" / EDITED).read_text())
    return int(found[1]) if found else -1


def goes_on(until: float, done: int) -> bool:
    """Ask whether a role plays on: its time is not over, or it has hardly begun."""
    now = time.monotonic()
    return now < until or (done < AT_LEAST and now < until + PATIENCE)


def write(root: Path, until: float) -> Counter[str]:
    """Edit, and bring the index up to date, now and then from nothing."""
    done = Counter[str]()
    chance = random.Random(3)
    while goes_on(until, done["updates"] + done["rebuilds"]):
        number = saved(root) + 1
        atomic.write_beside(root / "testimonies" / EDITED, edition(number).encode(), new=False)
        wanted = index_update.UpdateOptions(rebuild=chance.random() < 0.2)
        try:
            index_update.refresh(root, PUBLIC, wanted)
            done["rebuilds" if wanted.rebuild else "updates"] += 1
        except OSError:  # the folder that it wrote in was deleted
            done["given up by a writer"] += 1
        time.sleep(chance.random() / 50)
    return done


def update(root: Path, until: float) -> Counter[str]:
    """Bring the index up to date, as a second writer that edits nothing."""
    done = Counter[str]()
    chance = random.Random(4)
    while goes_on(until, done["by a second writer"]):
        try:
            index_update.refresh(root, PUBLIC, index_update.UpdateOptions(rebuild=chance.random() < 0.5))
            done["by a second writer"] += 1
        except OSError:
            done["given up by a writer"] += 1
    return done


def delete(root: Path, until: float) -> Counter[str]:
    """Delete what lies in the state folder, lock file and all, and now and then the whole index."""
    done = Counter[str]()
    chance = random.Random(5)
    while goes_on(until, done.total() // 2):
        whole = chance.random() < 0.3
        shutil.rmtree(root / "index" if whole else root / "index/state", ignore_errors=True)
        done["index folders deleted" if whole else "states and locks deleted"] += 1
        time.sleep(0.2)
    return done


def read(root: Path, until: float) -> Counter[str]:
    """Search, and hold every answer to one edit that was saved by then."""
    done = Counter[str]()
    latest = 0
    while goes_on(until, done["whole answers"]):
        before = saved(root)
        try:
            with Archive(root) as room:
                results = room.answer(Query("coal", limit=None, facets=True))
                excerpts = [room.cut(hit, digits=64, in_full=True) for hit in results.hits]
                told = repr((results._replace(query=Query()), excerpts, room.record("NKT-9002").passages))
        except IndexBusy:
            done["told to run it again"] += 1
            continue
        numbers = {int(each) for each in _NUMBER.findall(told)}
        if len(numbers) != 1:
            done["MIXED"] += 1
        elif (results.passages, results.testimonies, *results.coverage[:2]) != (RECORDS + 1, RECORDS, RECORDS, RECORDS):
            done["SHORT"] += 1
        elif min(numbers) < max(before, latest):
            done["OLDER THAN WHAT WAS SAVED"] += 1
        else:
            done["whole answers"] += 1
        latest = max(latest, *numbers) if numbers else latest
    return done


def note(root: Path, until: float) -> Counter[str]:
    """Write notes into the other records, as a keeper does, beside other writers."""
    done = Counter[str]()
    while goes_on(until, done["notes written"]):
        code = f"NKT-900{3 + done['notes written'] % (RECORDS - 2)}"
        asked = notes.NoteRequest(reference(f"{code}#p1"), flag="caution", by="archive", date="2001-02-03", statement=STATEMENT)
        try:
            notes.add(root, asked)
            done["notes written"] += 1
        except (IndexBusy, CannotWrite):
            done["writers told to try again"] += 1
        time.sleep(0.2)
    return done


def bind(root: Path, until: float) -> Counter[str]:
    """Bind all notes and links to their words, again and again."""
    done = Counter[str]()
    while goes_on(until, done["times bound"]):
        try:
            rebinding.bind(root)
            done["times bound"] += 1
        except (IndexBusy, CannotWrite):
            done["writers told to try again"] += 1
        time.sleep(0.2)
    return done


def written_notes(root: Path) -> int:
    """Count the notes that writers of notes have left, each with an id of its own.

    :raises archive.errors.InvalidTestimony: a record has faults, as an id that is there twice is one.
    """
    authorities = reader.read_authorities(root)
    files = sorted((root / "testimonies").glob("*.md"))
    records = [reader.read(file.read_bytes(), f"testimonies/{file.name}", authorities) for file in files]
    return sum(note.statement == STATEMENT for record in records for note in record.notes)


ROLES = {"write": write, "update": update, "delete": delete, "read": read, "note": note, "bind": bind}


def run(root: Path, seconds: float, *roles: str) -> Counter[str]:
    """Run processes in these roles at once; gives what all of them counted.

    They are copies of this one, in which all that they need is loaded: to start Python for each took longer than they play.

    :raises endurance.Short: a process ended with an error.
    """
    collection(root)
    endurance.update(root)
    done = Counter[str]()
    with ProcessPoolExecutor(len(roles), multiprocessing.get_context("fork")) as processes:
        playing = [processes.submit(_play, role, root, seconds) for role in roles]
        for played in playing:
            try:
                done += played.result()
            except Exception as error:
                message = repr(error)
                raise endurance.Short(message) from error
    if "note" in roles and written_notes(root) != done["notes written"]:
        message = f"{done['notes written']} notes were said to be written, and {written_notes(root)} are there"
        raise endurance.Short(message)
    return done


def _play(role: str, root: Path, seconds: float) -> Counter[str]:
    return ROLES[role](root, time.monotonic() + seconds)
