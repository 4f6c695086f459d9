"""What a record said before, from the history that git keeps of its file: for words that were cited and changed since.

Git is asked without a shell, a pager, a hook, a remote or a helper of its
configuration, for a bounded time and a bounded number of versions, and only
about what led to the commit that is checked out: a stash and a branch that was
never merged were never published.

Told is only what was public all along. An old version goes through the same
door as a record of today; where one cannot be read by this reader, withholds
words, or took the record away, no version that does not come after it is told.
Nor are words that any record masks today, or that stand in what this reader may
not read whole (`archive.collection._withheld_now`).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from archive.access import redaction
from archive.authority.authorities import Authorities
from archive.collection._withheld_now import WithheldNow
from archive.errors import InvalidTestimony
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import hashing, paragraphs, passages
from archive.record.hashing import fixity
from archive.record.testimony import Clearance, Passage, Testimony
from archive.storage import index_state, record_files
from archive.storage.git import FileChange, FileHistory
from archive.storage.paths import index_paths
from archive.text import nfc, without_locators

_MOST_GAPS: Final = 20


class PastVersion(NamedTuple):
    """A record as a reader of a clearance could have seen it: the hash of its file, its passages, and all but its body."""

    commit: str
    fixity: str
    passages: tuple[Passage, ...]
    testimony: Testimony


class PastWords(NamedTuple):
    """Words of a paragraph that were public and stand in their record no more: their hash, where they stood, until which day.

    ``language`` is that of a version, "" for the record's own; ``until`` is "" where the change is in no commit yet.
    """

    sha256: str
    number: int
    until: str
    language: str = ""


class RecordChange(NamedTuple):
    """What was changed in a record: by a line of its history, by what git keeps of its file, or by both.

    ``by`` and ``change`` are of the history, "" where it has no such line; ``paragraphs`` are those that got other words,
    ``notes`` and ``claims`` those that came, went or were changed, and ``fields`` what else differs in the header, all of
    them of git, and nothing where it does not tell. No hash of an old file is among them: words that are withheld by now
    could be guessed by it.
    """

    date: str
    by: str = ""
    change: str = ""
    paragraphs: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


class History:
    """The history of a collection as a reader of a clearance may know it; each record's is read once."""

    def __init__(self, root: Path, clearance: Clearance) -> None:
        """Remember where; nothing is read before it is asked for."""
        self._root = root
        self._clearance = clearance
        self._git = FileHistory(root)
        self._read: dict[str, tuple[PastVersion, ...]] = {}
        self._has_gaps: dict[str, bool] = {}

    def text_at(self, code: str, sha256: str, language: str = "") -> str | None:
        """Return the words that had a hash once, in any paragraph of a record; None where they are not to be had.

        :param language: of a version; "" for its own words.
        """
        if language:
            texts = self._texts_in(code, language)
        else:
            texts = (passage.text for version in self._versions(code) for passage in version.passages)
        passage_text = next((text for text in texts if hashing.passage_hash(text).startswith(sha256)), None)
        return None if passage_text is None or self._withheld.has(passage_text) else without_locators(passage_text)

    def _texts_in(self, code: str, language: str) -> Iterator[str]:
        """Yield the paragraphs that a version in another language had.

        Only where the record itself could be read by this reader all along, and nothing of either was ever withheld.
        """
        if not self._versions(code) or self._has_gaps[code]:
            return
        for _, body in self._bodies_in(code, language):
            runs = [run.text for run in paragraphs.passages(body)]
            yield from runs
            # What was cited of several paragraphs that stood for one of the record.
            yield from ("\n".join(runs[first:last]) for first in range(len(runs)) for last in range(first + 2, len(runs) + 1))

    def _bodies_in(self, code: str, language: str) -> list[tuple[str, str]]:
        """Return the commits and bodies of a version, the last first; none where anything of one was ever withheld."""
        bodies = []
        for change, content in self._git.contents(self._git.changes(code, language)):
            try:
                body = nfc(read.split(content, change.path).body) if content is not None else ""
            except InvalidTestimony:
                continue
            if paragraphs.has_redaction(body):
                return []
            bodies.append((change.commit, body))
        return bodies

    def past_words(self, code: str, now: Sequence[Passage]) -> tuple[PastWords, ...]:
        """Return the hashes of words that stood in a record, or in a version of it, and stand there no more.

        Of what `text_at` would tell, and of nothing else.

        :param now: the passages of the record as this reader sees them today.
        """
        own = [(version.commit, [passage.text for passage in version.passages]) for version in self._versions(code)]
        found = list(self._gone(own, {passage.sha256 for passage in now}, ""))
        languages = dict.fromkeys(text.language for passage in now for text in passage.versions)
        for language in languages if own and not self._has_gaps[code] else ():
            bodies = [
                (commit, [run.text for run in paragraphs.passages(body)]) for commit, body in self._bodies_in(code, language)
            ]
            today = [text.text for passage in now for text in passage.versions if text.language == language]
            # A paragraph that stands for two of the record is one by itself too.
            today += bodies[0][1] if bodies else []
            found += self._gone(bodies, set(map(hashing.passage_hash, today)), language)
        return tuple(found)

    def _gone(self, last_first: Sequence[tuple[str, list[str]]], today: set[str], language: str) -> Iterator[PastWords]:
        """Yield what stood in old texts and stands there no more, each once, with the day on which it was taken out last."""
        after, seen = "", set(today)
        for commit, texts in last_first:
            for number, text in enumerate(texts, start=1):
                sha256 = hashing.passage_hash(text)
                if sha256 not in seen and not self._withheld.has(text):
                    yield PastWords(sha256, number, self._git.day(after) if after else "", language)
                seen.add(sha256)
            after = commit

    def hashes(self, code: str, sha256: str) -> tuple[str, ...] | None:
        """Return the hashes of a record's paragraphs when its file had a hash; None where that is not to be had."""
        past_versions = (version for version in self._versions(code) if version.fixity.startswith(sha256))
        return next((tuple(passage.sha256 for passage in version.passages) for version in past_versions), None)

    def changes(self, testimony: Testimony) -> tuple[RecordChange, ...]:
        """Return what was changed in a record, the last first: by its history, and what git tells of each change.

        Of git the days and what differs are told, never who made a commit nor what they wrote of it: that was for keepers.

        :param testimony: the record as this reader sees it today; no line is told that its history has not.
        """
        waiting = list(testimony.history)
        found: list[RecordChange] = []
        before: PastVersion | None = None
        for version in reversed(self._versions(testimony.code)):
            if before is not None and before.fixity == version.fixity:
                continue
            here = [line for line in waiting if line in version.testimony.history]
            waiting = [line for line in waiting if line not in here]
            different = _difference(before, version) if before is not None else RecordChange("")
            found += [RecordChange(*line) for line in here[:-1]]
            if here:
                found.append(different._replace(date=here[-1].date, by=here[-1].by, change=here[-1].change))
            elif before is not None:
                found.append(different._replace(date=self._git.day(version.commit)))
            before = version
        last_first = [RecordChange(*line) for line in reversed(waiting)] + found[::-1]
        return tuple(sorted(last_first, key=lambda each: each.date, reverse=True))

    @cached_property
    def _withheld(self) -> WithheldNow:
        return WithheldNow(self._root, index_state.load(index_paths(self._root, self._clearance).state).file_states)

    @cached_property
    def _authorities(self) -> Authorities:
        return read.read_authorities(self._root)

    @cached_property
    def _paths(self) -> dict[str, str]:
        return {record_files.code_of(path): path for path in record_files.survey(self._root).files}

    def _versions(self, code: str) -> tuple[PastVersion, ...]:
        if code not in self._read:
            self._read[code] = tuple(self._look_up(code))
        return self._read[code]

    def _look_up(self, code: str) -> list[PastVersion]:
        path = self._paths.get(code)
        now = self._read_version(record_files.read_bytes(self._root, path), path) if path else None
        self._has_gaps[code] = True
        if now is None:
            return []
        past_versions: dict[FileChange, PastVersion] = {}
        gaps: set[str] = set()
        for change, content in self._git.contents(self._git.changes(code)):
            old = self._read_version(content, change.path) if content is not None else None
            if content is None or old is None:
                gaps.add(change.commit)
            else:
                built = tuple(passages.build(old))
                past_versions[change] = PastVersion(change.commit, fixity(content), built, old._replace(body=""))
        self._has_gaps[code] = bool(gaps)
        if len(gaps) > _MOST_GAPS:
            return []
        since = [self._git.after(commit) for commit in gaps]
        return [version for change, version in past_versions.items() if all(change.commit in after for after in since)]

    def _read_version(self, content: bytes, path: str) -> Testimony | None:
        """Return a version that this reader may read whole.

        Where anything is withheld in a version, it is passed over; where it is
        withheld today, so is all the past: it may stand in the open there.
        """
        try:
            testimony = read.read(content, path, self._authorities)
        except InvalidTestimony:
            return None
        whole = redaction.may_read(testimony, self._clearance) and not paragraphs.has_redaction(testimony.body)
        return testimony if whole else None


_FIELDS: Final = {
    **dict.fromkeys(("title", "kind", "language", "period", "consent", "access", "topics", "sensitive", "relations", "source")),
    "entries": "camps",
    "witness": "witness",
    "rendering": "text",
    "rendered_by": "text",
    "rendered_of": "text",
    "original_language": "original_language",
    "recorded": "recorded",
    "recorded_by": "recorded",
    "reliability": "credibility",
    "reliability_basis": "credibility",
}
"""The fields of a record that are compared, each with its name in a header where that is another one."""


def _difference(old: PastVersion, new: PastVersion) -> RecordChange:
    """Return how two versions of a record differ, by the names of what differs alone."""
    had = {passage.sha256 for passage in old.passages}
    words = tuple(passage.number for passage in new.passages if passage.sha256 not in had)
    before, after = old.testimony, new.testimony
    named = [name or field for field, name in _FIELDS.items() if getattr(before, field) != getattr(after, field)]
    if not words and [each.sha256 for each in old.passages] != [each.sha256 for each in new.passages]:
        named.append("body")
    return RecordChange(
        "",
        paragraphs=words,
        notes=_different({note.id: note for note in before.notes}, {note.id: note for note in after.notes}),
        claims=_different({claim.id: claim for claim in before.claims}, {claim.id: claim for claim in after.claims}),
        fields=tuple(dict.fromkeys(named)),
    )


def _different(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name))
