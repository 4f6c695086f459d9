"""The questions of `testimony new --ask`, in plain words; each answer is checked at once, and nothing is written meanwhile."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import click

from archive.archive import Archive
from archive.cli._context import say, write
from archive.errors import ArchiveError, BadDate
from archive.formats.terminal import columns, visible, wrap
from archive.language.messages import tr
from archive.search.filters import parse_period
from archive.text import squash

_ISSUED: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_NOT_KNOWN: Final = "unknown"
_CONSENTS: Final = ("given", "published-by-witness", "published-by-others")
_ANONYMOUS: Final = "anonymous witness"


class _Agreed:
    """The places, terms and works of a collection, looked up once."""

    def __init__(self, archive: Archive) -> None:
        agreed = archive.agreed
        self.gazetteer, self.vocabulary, self.sources = agreed.gazetteer, agreed.vocabulary, agreed.sources
        self.language = str(agreed.collection.get("language") or "en")


def interview(archive: Archive, title: str) -> tuple[str, dict[str, Any]]:
    """Ask about a new record; returns its title and its fields, as `archive.keeping.keeper.Keeper.new` takes them.

    :raises click.Abort: the person stops.
    """
    agreed = _Agreed(archive)
    _tell(tr("Enter takes what stands in brackets, or leaves an answer open. Ctrl-C stops, and nothing is written."))
    title = title or _require(tr("What shall the record be called"))
    fields: dict[str, Any] = {"kind": _term(agreed, "kind", tr("What is it"), "testimony")}
    fields |= _who(agreed)
    fields["rendering"] = _term(agreed, "rendering", tr("Whose words will the text be"), "verbatim")
    fields["language"] = _require(tr("In which language will the text be written (en, ko …)"), agreed.language)
    fields["places"] = tuple(_places(agreed))
    fields["recorded"] = _date(tr("When was the account given"), empty=tr("not known")) or "XXXX"
    fields["recorded_by"] = _open(tr("Who recorded it"))
    fields |= _source(agreed, is_real=fields["name_kind"] == "real")
    fields |= _public(agreed)
    fields["contested"] = _open(tr("What of it is contested, or must a reader know"))
    return title, fields


def _tell(text: str) -> None:
    write(wrap(text, columns()), "text")


def _ask(question: str, default: str) -> str:
    answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
    return squash(answer)


def _open(question: str) -> str:
    return _ask(question, "")


def _require(question: str, default: str = "") -> str:
    while not (answer := _ask(question, default)):
        say(tr("this has to be answered"))
    return answer


def _who(agreed: "_Agreed") -> dict[str, str]:
    name = _require(tr("Who speaks? The name as it may be published"), _ANONYMOUS)
    usual = "anonymous" if name == _ANONYMOUS else "pseudonym"
    kind = _term(agreed, "name_kind", tr("What kind of name is that"), usual)
    return {"witness": name, "name_kind": kind, "connection": _term(agreed, "connection", tr("Who is that person"), "victim")}


def _places(agreed: "_Agreed") -> Iterable[dict[str, str]]:
    """Ask where it was, when, as what, and how the witness knows; again and again until nothing is answered."""
    while name := _open(tr("Where was it? A camp by name or number; Enter for no more")):
        try:
            camp = agreed.gazetteer.resolve(name)
        except ArchiveError as error:
            say(f"{error.message}. {error.remedy}")
            continue
        _tell(visible(agreed.gazetteer[camp].named()))
        yield {
            "camp": camp,
            "period": _date(tr("When was that? As 1998, 1998/2004, 1998~ or 1990s"), empty=tr("not known")),
            "as": _term(agreed, "role", tr("As what was the witness there"), _NOT_KNOWN),
            "basis": _term(agreed, "basis", tr("How does the witness know"), _NOT_KNOWN),
        }


def _source(agreed: "_Agreed", *, is_real: bool) -> dict[str, Any]:
    if is_real:
        _tell(tr("A real name needs a published source until the record is public: say where it was published, and when."))
    answer = _open(tr("Where does the account come from? An entry of sources.yaml, or its title"))
    if answer in agreed.sources:
        return {"ref": answer}
    issued = _ask_issued(is_needed=is_real) if answer or is_real else ()
    return {"source": answer, "issued": issued}


def _ask_issued(*, is_needed: bool) -> tuple[str, ...]:
    while written := (_require if is_needed else _open)(
        tr("When was that published? As 2009 or 2009-05-31; Enter if it was not")
    ):
        if match := _ISSUED.fullmatch(written):
            return tuple(part for part in match.groups() if part)
        say(tr("{written!r} is no day, as in 2026-11-21", written=written[:60]))
    return ()


def _public(agreed: "_Agreed") -> dict[str, str]:
    """Ask whether it may be public. Whatever is answered, the record begins closed: it is opened when it is written."""
    label = agreed.vocabulary.said
    choices = [_NOT_KNOWN, *_CONSENTS, "later"]
    answers = [tr("that is not known yet"), *(tr("yes: {consent}", consent=label("consent", each)) for each in _CONSENTS)]
    answer = _choice(tr("May it be public"), choices, [*answers, tr("not before a certain day")], _NOT_KNOWN)
    if answer == "later":
        return {"consent": "given", "until": _date(tr("Not before which day, as 2040-01-01"), is_needed=True)}
    return {"consent": answer}


def _date(question: str, *, empty: str = "", is_needed: bool = False) -> str:
    """Ask for a date; returns it in EDTF, "" where it is not known."""
    hint = f" ({empty})" if empty else ""
    while written := (_require if is_needed else _open)(f"{question}{hint}"):
        try:
            return parse_period(written).taken or written
        except BadDate as error:
            say(f"{error.message}. {error.remedy}")
    return ""


def _term(agreed: "_Agreed", name: str, question: str, usual: str) -> str:
    """Ask for a term of a list, by its number, id or label; "" where it may stay unknown and does."""
    terms = list(agreed.vocabulary.terms(name))
    ids = [term.id for term in terms]
    labels = [agreed.vocabulary.label(name, term.id) for term in terms]
    if usual not in ids:
        ids, labels = [*ids, usual], [*labels, tr("not known")]
    answer = _choice(question, ids, labels, usual, lambda word: agreed.vocabulary.term(name, word).id)
    return "" if answer == _NOT_KNOWN and name == "role" else answer


def _choice(
    question: str, ids: Sequence[str], labels: Sequence[str], usual: str, find: Callable[[str], str] = lambda word: word
) -> str:
    write((f"  {number}. {visible(label)}" for number, label in enumerate(labels, start=1)), "text")
    while True:
        answer = _ask(question, str(ids.index(usual) + 1))
        if answer.isdigit() and 1 <= int(answer) <= len(ids):
            return ids[int(answer) - 1]
        try:
            option = find(answer)
        except ArchiveError as error:
            say(f"{error.message}. {error.remedy}")
            continue
        if option in ids:
            return option
        say(tr("answer with one of the numbers"))
