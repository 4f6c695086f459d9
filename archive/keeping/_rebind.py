"""Rebinding by hand what has lost its words: a note, a claim, a link, or a version in another language.

One at a time, by a person who has read the old words and the new ones. What is
shown has a hash of its own, and an answer names it: nothing is bound to words
that nobody has read, also where somebody saved the file in between.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from archive import text
from archive.access import redaction
from archive.collection.bindings import Binding, bindings
from archive.collection.history import History
from archive.errors import BadNote, ConflictingOptions, InvalidTestimony
from archive.keeping._header_edit import Change, Put, Remove
from archive.keeping._kept_records import KeptRecords
from archive.keeping._revising import Kept, Plan, Revised, Signed, revise
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import alignment, languages, paragraphs
from archive.record.hashing import SHORT_HASH, passage_hash
from archive.record.reach import own_words
from archive.record.standing import Words
from archive.record.testimony import PUBLIC, Clearance, Reference, Testimony, TextVersion, reference
from archive.storage.git import FileHistory
from archive.text import join_list, paragraphs_named, program, without_locators

_LONGEST_QUOTE: Final = 300  # code points up to which a whole paragraph is quoted in place of words that are not there
FROM_GIT: Final = mark("from the history that git keeps")
FROM_QUOTE: Final = mark("from the quotation in it")


class OldWords(NamedTuple):
    """Words to which something was bound; "" where they are not to be had, and then no ``source``."""

    paragraph: int
    words: str
    source: str = ""


class NewWords(NamedTuple):
    """A paragraph as it stands now, and the hash of its words."""

    paragraph: int
    words: str
    sha256: str


class StaleBinding(NamedTuple):
    """Something whose words have changed or moved.

    ``code`` and ``path`` are of the record in which it stands, ``name`` is what it is called
    there, ``what`` says what it is. ``words_of`` is the code of the record whose words they are,
    ``words`` are all its paragraphs as they stand now. ``language`` is that of the version where a
    translation is meant, "" else, and ``beside`` the words that were held against its own.
    ``moved_to`` are the paragraphs in which the same words stand now, ``unchanged`` those named that are as they were.
    """

    code: str
    path: str
    name: str
    what: str
    words_of: str
    named: tuple[int, ...]
    old: tuple[OldWords, ...]
    words: tuple[NewWords, ...]
    moved_to: tuple[int, ...] = ()
    language: str = ""
    beside: tuple[NewWords, ...] = ()
    unchanged: tuple[int, ...] = ()

    def at(self, numbers: Sequence[int]) -> tuple[NewWords, ...]:
        """Return some paragraphs as they stand now, of those that there are."""
        return tuple(each for number in numbers for each in self.words if each.paragraph == number)

    def read(self, numbers: Sequence[int] = ()) -> str:
        """Return the hash that says that some paragraphs were read, else those named; "" where one of them is not there."""
        there = self.at(numbers or self.named)
        return "+".join(each.sha256 for each in there) if len(there) == len(numbers or self.named) else ""

    def command(self, to: Sequence[int] = ()) -> str:
        """Return what to type to bind it to the paragraphs that it names as they stand now, or to others."""
        where = f"--to {','.join(f'p{number}' for number in to)}" if to else "--same"
        return f"{program()} rebind {self.code} --note {self.name} {where} --read {self.read(to)}"


class Answer(NamedTuple):
    """What a person decided: which binding, to which paragraphs (none: those that it names), and the hash of what they read."""

    name: str
    to: tuple[int, ...]
    read: str


def stale(root: Path, wanted: Reference, clearance: Clearance, *, keeper: bool) -> tuple[StaleBinding, ...]:
    """Return what has lost its words: in a record, and in others that are bound to words of it.

    :param wanted: a record, or paragraphs of it.
    :param keeper: show words also of records that the clearance may not read, and withheld ones.
    :raises UnknownCode: there is no such record.
    :raises InvalidTestimony: it has faults.
    :raises ConflictingOptions: the clearance may not read words that would have to be shown.
    """
    records = KeptRecords(root, read.read_authorities(root))
    _, versions = records.whole(wanted.code)
    shown = _Shown(root, records, clearance, keeper=keeper)
    found = list(shown.of_record(versions.testimony))
    for other in records.every():
        if other.code != wanted.code and wanted.code in {each.code for each in _links(other)}:
            found += [each for each in shown.of_record(other) if each.words_of == wanted.code]
    numbers = set(wanted.paragraphs)
    return tuple(
        each
        for each in found
        if not numbers or (each.words_of == wanted.code and not numbers.isdisjoint((*each.named, *each.moved_to)))
    )


def rebind(root: Path, code: str, answer: Answer, signed: Signed) -> Revised:
    """Bind something to the words that a person has read.

    :raises BadNote: there is nothing of that name whose words have changed, or other words stand there now.
    """
    return revise(root, reference(code).code, lambda kept: _plan(kept, answer), signed)


def _links(testimony: Testimony) -> Iterator[Reference]:
    for note in testimony.notes:
        yield from (link for link, _ in note.links)
    yield from (Reference(relation.code) for relation in testimony.relations)


def name_of(testimony: Testimony, binding: Binding) -> str:
    """Return what a binding is called on the command line."""
    where = binding.where
    if where[0] == "credibility":
        note = testimony.notes[int(where[2])].id
        return note if where[-1] == "about" else f"{note}.with.{int(where[-1]) + 1}"
    if where[0] == "claims":
        return testimony.claims[int(where[1])].id
    return read.dotted_name(where)


def _describe(testimony: Testimony, binding: Binding, records: KeptRecords) -> str:
    where = binding.where
    if where[0] == "credibility":
        note = testimony.notes[int(where[2])]
        flag = records.authorities.vocabulary.said("flag", note.flag)
        return tr("note {id} ({flag}): {statement}", id=note.id, flag=flag, statement=note.statement)
    if where[0] == "claims":
        claim = testimony.claims[int(where[1])]
        return tr("claim {id}: {text}", id=claim.id, text=claim.text)
    relation = testimony.relations[int(where[1])]
    kind = records.authorities.vocabulary.said("relation", relation.type)
    return tr("relation: {kind} {code}", kind=kind, code=relation.code)


class _Shown:
    """Words as this person may have them on the screen."""

    def __init__(self, root: Path, records: KeptRecords, clearance: Clearance, *, keeper: bool) -> None:
        self._root, self._records, self._clearance, self._keeper = root, records, clearance, keeper
        self._git = FileHistory(root)

    @cached_property
    def _history(self) -> History:
        return History(self._root, self._clearance)

    def of_record(self, testimony: Testimony) -> Iterator[StaleBinding]:
        """Yield what has lost its words in a record and its versions."""
        for binding in bindings(testimony, self._records.find):
            if not binding.standing.is_sound:
                yield self._binding(testimony, binding)
        for version in testimony.versions:
            yield from self._version(testimony, version)

    def _binding(self, testimony: Testimony, binding: Binding) -> StaleBinding:
        whose = (self._records.find(binding.whose) if binding.whose else None) or testimony
        view = self._view(testimony, whose)
        hashes = binding.hashes or ("",) * len(binding.named)
        pairs = list(zip(binding.named, hashes, strict=True))
        fitting = [(named, written) for named, written in pairs if written and named in binding.words.having(written)]
        moved = {number for named, written in pairs if written for number in binding.words.having(written) if number != named}
        moved |= set(binding.words.quoting(binding.exact)) - {*binding.named} if binding.exact else set()
        moved_to = tuple(sorted(moved - {*binding.standing.fits}))
        gone = len(fitting) < len(pairs) or binding.standing.lost
        return StaleBinding(
            code=testimony.code,
            path=testimony.path,
            name=name_of(testimony, binding),
            what=_describe(testimony, binding, self._records),
            words_of=whose.code,
            named=binding.named,
            old=tuple(self._old(whose, [pair for pair in pairs if pair not in fitting], binding.exact)),
            words=tuple(_now(whose.body, binding.words, view)),
            moved_to=moved_to,
            unchanged=tuple(named for named, _ in fitting) if gone else (),
        )

    def _old(self, whose: Testimony, pairs: Sequence[tuple[int, str]], exact: str) -> Iterator[OldWords]:
        for number, written in pairs:
            words = self._once(whose, written) if written else ""
            yield OldWords(number, words, FROM_GIT if words else "")
        if exact:
            view = self._view(whose)
            yield OldWords(0, view(exact), FROM_QUOTE)

    def _version(self, testimony: Testimony, version: TextVersion) -> Iterator[StaleBinding]:
        own = Words(testimony.body)
        hashes = {number: own.hash(number) for number in own}
        held = alignment.held_words(version)
        name = version.language
        for pair in version.pairs:
            changed = [number for number in pair.own if not alignment.is_current(version, number, hashes)]
            for number in changed:
                what = tr("the version in {language}, made of other words of paragraph {number}", language=name, number=number)
                written = version.hashes[number - 1]
                yield self._of_version(testimony, version, f"{name}.{number}", what, [(number, written)], pair.theirs)
            for number in pair.theirs:
                if not held[number].is_as_bound and version.own_hashes and number <= len(version.own_hashes):
                    what = tr("paragraph {number} of the version in {language}, changed since", language=name, number=number)
                    pairs = [(number, version.own_hashes[number - 1])]
                    yield self._of_version(testimony, version, f"{name}.own.{number}", what, pairs, pair.own)

    def _of_version(  # noqa: PLR0913, PLR0917 - what a side of a version is
        self,
        testimony: Testimony,
        version: TextVersion,
        name: str,
        what: str,
        pairs: list[tuple[int, str]],
        across: tuple[int, ...],
    ) -> StaleBinding:
        view = self._view(testimony)
        number, written = pairs[0]
        is_own = ".own." in name
        bodies = (version.body, testimony.body) if is_own else (testimony.body, version.body)
        here, there = (tuple(_now(body, Words(body), view)) for body in bodies)
        once = "" if is_own else self._once(testimony, written)
        return StaleBinding(
            code=testimony.code,
            path=version.path,
            name=name,
            what=what,
            words_of=testimony.code,
            named=(number,),
            old=(OldWords(number, once, FROM_GIT if once else ""),),
            words=here,
            language=version.language,
            beside=tuple(each for each in there if each.paragraph in across),
        )

    def _view(self, *testimonies: Testimony) -> Callable[[str], str]:
        """Return what makes the words of a record as they may be shown.

        :raises ConflictingOptions: they may not.
        """
        if self._keeper:
            return without_locators
        shut = [each.code for each in testimonies if not redaction.may_read(each, self._clearance)]
        if shut:
            message = tr("{codes} may not be shown with this clearance", codes=join_list(dict.fromkeys(shut), "and"))
            raise ConflictingOptions(message, tr("If the words may stand on this screen, say so with --keeper."))
        is_public = self._clearance == PUBLIC
        return lambda words: without_locators(paragraphs.withheld(words) if is_public else text.unmark(words))

    def _once(self, testimony: Testimony, written: str) -> str:
        """Return the words that had a hash once, as far as git has them and this person may see them."""
        if not self._keeper:
            return self._history.text_at(testimony.code, written) or ""
        for change, content in self._git.contents(self._git.changes(testimony.code)):
            body = _body(content, change.path) if content is not None else ""
            for run in paragraphs.passages(body):
                if any(passage_hash(way).startswith(written) for way in (run.text, paragraphs.withheld(run.text))):
                    return without_locators(run.text)
        return ""


def _body(content: bytes, path: str) -> str:
    try:
        return text.nfc(read.split(content, path).body)
    except InvalidTestimony:
        return ""


def _now(body: str, words: Words, view: Callable[[str], str]) -> Iterator[NewWords]:
    """Yield the paragraphs of a body as they may be shown, with the hashes by which they are bound."""
    for run in paragraphs.passages(body):
        yield NewWords(run.number, view(run.text), words.hash(run.number)[:SHORT_HASH])


def _plan(kept: Kept, answer: Answer) -> Plan:
    testimony = kept.testimony
    every = {name_of(testimony, each): each for each in bindings(testimony, kept.records.find) if not each.standing.is_sound}
    if answer.name in every:
        binding = every[answer.name]
        to = answer.to or binding.named
        _refuse_unread(binding.words, to, answer.read, binding.whose or testimony.code)
        what = tr("{name} was bound anew to {paragraphs}", name=answer.name, paragraphs=paragraphs_named(to))
        return Plan(tuple(_changes(testimony, binding, to)), history=what)
    language, _, rest = answer.name.partition(".")
    version = languages.version_of(testimony, language)
    number = rest.removeprefix("own.")
    if version is None or not number.isdigit() or answer.to:
        raise _nothing(answer.name, [*every])
    is_own = rest != number
    words = Words(version.body) if is_own else own_words(testimony)
    _refuse_unread(words, (int(number),), answer.read, testimony.code)
    where = ("text", "sha256") if is_own else ("text", "translated", "sha256")
    known = version.own_hashes if is_own else version.hashes
    if int(number) > len(known):
        raise _nothing(answer.name, [*every])
    put = Put((*where, int(number) - 1), words.hash(int(number))[:SHORT_HASH])
    what = tr("paragraph {number} was held against the version in {language} anew", number=number, language=version.language)
    return Plan(beside={version.path: (put,)}, history=what)


def _nothing(name: str, names: list[str]) -> BadNote:
    message = tr("there is nothing called {name!r} here whose words have changed", name=text.squash(name)[:60])
    has = tr("There is {names}.", names=join_list(names, "and")) if names else tr("Everything here stands where its words are.")
    return BadNote(message, has)


def _refuse_unread(words: Words, to: Sequence[int], said: str, code: str) -> None:
    """Refuse to bind to words that are not those which were read.

    :raises BadNote: a paragraph is not there, or other words stand in it.
    """
    missing = [number for number in to if number not in words]
    if missing:
        message = tr("{code} has no paragraph {missing}; it has {number}", code=code, missing=missing[0], number=len(words))
        raise BadNote(message, tr("Nothing was written."))
    if "+".join(words.hash(number)[:SHORT_HASH] for number in to) != said:
        message = tr("other words stand in {paragraphs} than those that were read", paragraphs=paragraphs_named(to))
        raise BadNote(message, tr("Nothing was written. Look again: testimony rebind {code}", code=code))


def _changes(testimony: Testimony, binding: Binding, to: Sequence[int]) -> Iterator[Change]:
    """Yield how a header says that something is bound to some paragraphs as they are now."""
    where, hashes = binding.where, [binding.words.hash(number)[:SHORT_HASH] for number in to]
    if where[-1] == "paragraphs" and where[0] == "relations":
        relation, place = testimony.relations[int(where[1])], where[:2]
        yield from _numbers(where, binding.named, to)
        yield _hashes(place, own=hashes, theirs=relation.their_hashes)
    elif where[0] == "relations":
        relation, place = testimony.relations[int(where[1])], where[:2]
        if tuple(to) != binding.named:
            yield Put((*place, "code"), _link(relation.code, to))
        yield _hashes(place, own=relation.own_hashes, theirs=hashes)
    elif where[-2:-1] == ("with",):
        code = binding.whose or testimony.code
        yield Put(where, {"ref": _link(code, to), "sha256": hashes})
    else:
        yield from _numbers((*where, "paragraphs"), binding.named, to)
        yield Put((*where, "sha256"), hashes)
        if binding.exact and not set(binding.words.quoting(binding.exact)) & {*to}:
            yield _quote(testimony, where, to)


def _numbers(where: tuple[str | int, ...], named: Sequence[int], to: Sequence[int]) -> Iterator[Change]:
    if tuple(to) != tuple(named):
        yield Put(where, list(to))


def _hashes(place: tuple[str | int, ...], *, own: Sequence[str], theirs: Sequence[str]) -> Change:
    sides: Mapping[str, Any] = {"theirs": list(theirs), "own": list(own)}
    return Put((*place, "sha256"), {side: written for side, written in sides.items() if written})


def _link(code: str, to: Sequence[int]) -> str:
    if list(to) != list(range(to[0], to[-1] + 1)):
        message = tr("a link names paragraphs in a row, and {paragraphs} are not", paragraphs=join_list(map(str, to), "and"))
        raise BadNote(message, tr("Nothing was written."))
    return str(Reference(code, tuple(to)))


def _quote(testimony: Testimony, where: tuple[str | int, ...], to: Sequence[int]) -> Change:
    """Return what becomes of words quoted that stand there no more: those of a short paragraph, or none beside the hash."""
    texts = {run.number: run.text for run in paragraphs.passages(testimony.body)}
    words = without_locators(texts[to[0]])
    if len(to) == 1 and len(words) <= _LONGEST_QUOTE and not paragraphs.has_redaction(texts[to[0]]):
        return Put((*where, "quote"), {"exact": words})
    return Remove((*where, "quote"))
