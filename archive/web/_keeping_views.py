"""What the keeper's desk answers: for each page the form, and what is done with it when it is sent."""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from archive.errors import ArchiveError, BadNote, CannotWrite, Fault, InvalidTestimony, UsageFault
from archive.formats.pages import keeping
from archive.formats.pages.forms import DO, SAVE, Field, Wrong
from archive.formats.pages.frame import Page, PageContext
from archive.formats.terminal import visible
from archive.formats.text import imported
from archive.language.messages import current_language, tr
from archive.record.testimony import Reference, Testimony, reference
from archive.text import squash
from archive.web._keeping_visit import Visit, faults_of_fields

if TYPE_CHECKING:
    from archive.archive import Revised


def _desk(visit: Visit) -> Page:
    return keeping.desk(visit.archive.drafts(every=True), visit.context)


def _check(visit: Visit) -> Page:
    return keeping.faults(visit.archive.check())


# A new record

_FIRST: Final = {
    "rendering": "verbatim",
    "witness": "anonymous witness",
    "name_kind": "anonymous",
    "recorded": "XXXX",
    "connection": "victim",
}
_SAID: Final = ("language", "rendering", "witness", "name_kind", "connection", "recorded", "contested")
_SET: Final[Mapping[str, str]] = {
    "title": "title",
    "language": "language",
    "text": "rendering",
    "witness.name": "witness",
    "witness.name_kind": "name_kind",
    "witness.connection": "connection",
    "camps": "camp",
    "recorded": "recorded",
}
"""The field of the form of a new record in which a field of its header was given."""


def _new(visit: Visit) -> Page:
    forms, values = visit.forms, visit.values
    if values is None:
        return keeping.new(forms.form({**_FIRST, "language": current_language()}), visit.context)
    if not visit.field("title"):
        return keeping.new(forms.form(values, [Wrong("title", tr("the record has no title"))]), visit.context)
    said: dict[str, Any] = {name: visit.field(name) for name in _SAID if visit.field(name)}
    try:
        with forms.once(values):
            camps = tuple(filter(None, [visit.field("camp")]))
            path = visit.archive.new(visit.field("title"), camps=camps, by=forms.signer(values), **said)
    except ArchiveError as error:
        return keeping.new(forms.form(values, faults_of_fields(error, _SET)), visit.context)
    code = visit.archive.code_of(path)
    if not visit.field("words"):
        return visit.result_page(code, [path])
    account = {**values, "change": tr("Account written"), DO: SAVE, "base": ""}
    try:
        return _edit_text(visit._replace(values=account), code, is_begun=True)
    except ArchiveError as error:
        begun = tr("{code} was begun; its words are not written yet", code=code)
        message = f"{begun}: {error.message}"
        raise CannotWrite(message, error.remedy) from error


# The words of a record


def _edit(visit: Visit) -> Page:
    code = visit.page_request.code
    if visit.values is not None:
        return _edit_text(visit, code)
    whole = _is_whole(visit)
    with visit.archive.drafted(code, words_alone=not whole) as draft:
        text, base = _text(draft.file, code), draft.sha256
        above = draft.first_line + _empty_above(text)
    sent = visit.forms.form({"words": text.strip("\n")}, _faults_of(visit, code, above), base=base)
    return keeping.edit(code, sent, visit.context, None, whole=whole)


def _faults_of(visit: Visit, code: str, above: int) -> tuple[Wrong, ...]:
    """Return the faults that a record has as it is, beside its words."""
    try:
        visit.archive.as_kept(Reference(code))
    except InvalidTestimony as error:
        return tuple(Wrong("words", _at(each, above)) for each in error.faults)
    return ()


def _at(fault: Fault, above: int) -> str:
    """Return a fault with the line where it stands in the text that is shown; one of the header above it, with its file."""
    return f"{fault.line - above}: {fault.field}: {fault.message}" if fault.line > above else str(fault)


def faulty(visit: Visit) -> Page:
    """Return the page of the file of a record that has faults: its other pages are there when they are mended."""
    return _edit(visit._replace(page_request=visit.page_request._replace(parameters=(("part", "file"),))))


def _is_whole(visit: Visit) -> bool:
    return ("part", "file") in visit.page_request.parameters


def _text(file: Path, code: str) -> str:
    """Return a text as a form may hold it.

    :raises CannotWrite: it holds signs that a form would change.
    """
    with contextlib.suppress(UnicodeDecodeError):
        text = file.read_bytes().decode("utf-8")
        if visible(text) == text:
            return text
    message = tr("the text holds signs that a form would not give back as they are")
    raise CannotWrite(message, tr("Edit it with `testimony edit {code}`.", code=code))


def _edit_text(visit: Visit, code: str, *, is_begun: bool = False) -> Page:
    """Look at a text that was sent, and save it where that was asked and nothing is wrong with it.

    :param is_begun: the record was begun with it just now.
    """
    forms, whole, base = visit.forms, _is_whole(visit), visit.field("base")
    values = visit.values or {}
    wrong: tuple[Wrong, ...] = ()
    with visit.archive.drafted(code, words_alone=not whole) as draft:
        before = _text(draft.file, code)
        after = _between(before, values.get("words", ""))
        draft.file.write_bytes(after.encode("utf-8", "surrogatepass"))
        if base not in {"", draft.sha256}:
            wrong = (_changed_error(code),)
        else:
            looked = draft.look()
            wrong = tuple(Wrong("words", _at(each, draft.first_line + _empty_above(before))) for each in looked.faults)
            if visit.is_saved and looked.is_changed and not wrong:
                try:
                    with forms.once(values) if base else contextlib.nullcontext():
                        revised = draft.save(visit.field("change") or tr("Edited"), forms.signer(values))
                except ArchiveError as error:
                    wrong = faults_of_fields(error)
                else:
                    return visit.done(revised)
        if is_begun:
            wrong = (Wrong("", tr("{code} was begun; its words are not written yet", code=code)), *wrong)
        sent = forms.form(values, wrong, base=base or draft.sha256)
    return keeping.edit(code, sent, visit.context, (before.strip("\n"), after.strip("\n")), whole=whole)


def _changed_error(code: str) -> Wrong:
    return Wrong("", tr("{code} has changed since you opened it; nothing was written", code=code))


def _empty_above(text: str) -> int:
    return len(text) - len(text.lstrip("\n"))


def _between(before: str, words: str) -> str:
    """Return words with the empty lines around them that the text had before: a form shows none."""
    words = words.strip("\n")
    above, below = _empty_above(before), len(before) - len(before.rstrip("\n"))
    return f"{before[:above]}{words}{before[len(before) - below :] or chr(10)}"


# Its header


def _header(visit: Visit) -> Page:
    code, forms, values = visit.page_request.code, visit.forms, visit.values
    record = visit.archive.as_kept(Reference(code))
    fields, now = _header_fields(record.record.testimony, visit.context)
    unseen = [field for field in fields if visible(now[field.name]) != now[field.name]]
    left = [Wrong("", tr("{field} holds signs that a form would not give back as they are", field=each.label)) for each in unseen]
    fields = [field for field in fields if field not in unseen]
    if values is None:
        return keeping.header(code, forms.form(now, left, base=record.sha256), fields, visit.context)
    given = {field.name: visit.field(field.name) for field in fields if field.name in values}
    changed = [f"{name}={value}" for name, value in given.items() if squash(value) != squash(now[name])]
    wrong: tuple[Wrong, ...] = (Wrong("", tr("nothing was changed")),)
    if visit.is_overtaken(record.sha256):
        wrong = (_changed_error(code),)
    elif changed:
        try:
            with forms.once(values):
                revised = visit.archive.set_fields(code, changed, by=forms.signer(values))
        except ArchiveError as error:
            wrong = faults_of_fields(error, {name: name for name in now})
        else:
            return visit.done(revised)
    sent = forms.form({**now, **values}, [*left, *wrong], base=visit.field("base"))
    return keeping.header(code, sent, fields, visit.context)


def _header_fields(testimony: Testimony, context: PageContext) -> tuple[list[Field], dict[str, str]]:
    """Return the fields of a header that a form sets, and what they hold now."""

    def terms(kind: str) -> tuple[tuple[str, str], ...]:
        return tuple((term.id, term.named()) for term in context.authorities.vocabulary.terms(kind))

    witness, as_period = testimony.witness, tr("As 1987/1993.")
    every: list[tuple[Field, str]] = [
        (Field("title", tr("Title")), testimony.title),
        (Field("language", tr("Language of the text")), testimony.language),
        (Field("text.rendering", tr("What the text is"), choices=terms("rendering")), testimony.rendering),
        (Field("witness.name", tr("Name of the witness, as it may be published")), witness.name),
        (Field("witness.name_kind", tr("What kind of name that is"), choices=terms("name_kind")), witness.name_kind),
        (Field("witness.connection", tr("What the witness was"), choices=terms("connection")), witness.connection),
        (Field("recorded.date", tr("When the account was given")), testimony.recorded),
        (Field("recorded.by", tr("Who recorded it")), testimony.recorded_by),
        (Field("period", tr("Time that it speaks of"), as_period), testimony.period),
        (Field("topics", tr("Topics")), ", ".join(testimony.topics)),
        (Field("sensitive", tr("Content warnings")), ", ".join(testimony.sensitive)),
    ]
    camps = tuple((each.id, each.named()) for each in context.authorities.gazetteer)
    for number, entry in enumerate(testimony.entries, 1):
        at = tr("Stay {number}", number=number)
        every += [
            (Field(f"camps.{number}.camp", f"{at}: {tr('Camp')}", choices=camps), entry.camp or ""),
            (Field(f"camps.{number}.period", f"{at}: {tr('Time')}", as_period), entry.period),
            (Field(f"camps.{number}.as", f"{at}: {tr('As what')}", choices=(("", "–"), *terms("role"))), entry.role),
            (Field(f"camps.{number}.basis", f"{at}: {tr('How it is known')}", choices=(("", "–"), *terms("basis"))), entry.basis),
        ]
    return [field for field, _ in every], {field.name: value for field, value in every}


# Its caveats


def _note(visit: Visit) -> Page:
    archive, code, forms, values = visit.archive, visit.page_request.code, visit.forms, visit.values
    record = archive.as_kept(Reference(code))
    if values is None:
        first = forms.form({"flag": "caution", "status": "open"}, base=record.sha256)
        return keeping.note(code, first, None, record, visit.context)
    base = visit.field("base")
    if visit.is_overtaken(record.sha256):
        return keeping.note(code, forms.form(values, [_changed_error(code)], base=record.sha256), None, record, visit.context)
    names = ("quote", "statement", "seen", "known", "status", "replaces")
    said: dict[str, Any] = {name: visit.field(name) for name in names if visit.field(name)}
    try:
        about = _place(code, visit.field("paragraphs"))
        with forms.once(values) if visit.is_saved else contextlib.nullcontext():
            added = archive.note(
                about,
                visit.field("flag"),
                dry=not visit.is_saved,
                by=forms.signer(values),
                cites=visit.lines("cites"),
                against=visit.lines("against"),
                **said,
            )
    except ArchiveError as error:
        return keeping.note(code, forms.form(values, faults_of_fields(error), base=base), None, record, visit.context)
    if visit.is_saved:
        archive.refresh_quietly()
        return visit.result_page(code, [f"{added.path}: {added.note}", *added.said])
    return keeping.note(code, forms.form(values, base=base), added, record, visit.context)


def _place(code: str, paragraphs: str) -> Reference:
    """Return the paragraphs that a person names as ``2``, ``p2`` or ``2-4``; the whole record where none is.

    :raises BadReference: they are none.
    """
    return reference(f"{code}#p{paragraphs.removeprefix('p')}" if paragraphs else code)


def _rebind(visit: Visit) -> Page:
    archive, code, forms, values = visit.archive, visit.page_request.code, visit.forms, visit.values or {}
    wanted = visit.field("record"), visit.field("name")
    wrong: tuple[Wrong, ...] = ()
    to: tuple[int, ...] = ()
    try:
        to = _place(code, visit.field("to")).paragraphs
        if visit.is_saved:
            with forms.once(values):
                return visit.done(archive.rebind(*wanted, visit.field("read"), to=to, by=forms.signer(values)))
    except ArchiveError as error:
        wrong = faults_of_fields(error)
    every = archive.stale(code, keeper=True)
    shown = {}
    for each in every:
        is_wanted = (each.code, each.name) == wanted
        there = to if is_wanted else ()
        hidden = {"record": each.code, "name": each.name, "read": each.read(there)}
        shown[each.code, each.name] = (
            forms.form({"to": visit.field("to")} if is_wanted else {}, wrong if is_wanted else (), **hidden),
            there,
        )
    return keeping.rebind(code, every, shown, visit.context)


# Who may read it


def _access(visit: Visit) -> Page:
    archive, code, forms, values = visit.archive, visit.page_request.code, visit.forms, visit.values
    what = visit.field(DO)
    record = archive.as_kept(Reference(code))
    wrong: tuple[Wrong, ...] = ()
    if values is not None:
        if what not in keeping.ACCESS:
            raise UsageFault(tr("There is no such page here."))
        try:
            if visit.is_overtaken(record.sha256):
                raise BadNote(_changed_error(code).message)
            with forms.once(values):
                revised = _access_changed(visit, code, what)
        except ArchiveError as error:
            wrong = faults_of_fields(error)
        else:
            page_said = [*revised.paths, *revised.said]
            if what != keeping.OPEN:
                page_said += [
                    tr("the old words may lie still here: {where}", where=each.where) for each in archive.copies(revised)
                ]
            return visit.result_page(code, page_said)
    # Who vouches for a consent is never proposed.
    sent = [
        forms.form(values or {}, wrong, base=record.sha256)
        if each == what
        else forms.form({"by": ""} if each == keeping.OPEN else {}, base=record.sha256)
        for each in keeping.ACCESS
    ]
    return keeping.access(record, sent, visit.context)


def _access_changed(visit: Visit, code: str, what: str) -> "Revised":
    archive, by, reason = visit.archive, visit.forms.signer(visit.values or {}), visit.field("reason")
    if what == keeping.OPEN:
        if not visit.field("by"):
            raise BadNote(tr("say who has obtained or seen the consent"), tr("Nothing was written."))
        return archive.open_record(code, visit.field("consent"), by, level=visit.field("level"))
    if what == keeping.CLOSE:
        return archive.close_record(code, reason, by=by)
    if not reason or not visit.field("sure"):
        raise BadNote(tr("say why, and that you mean it"), tr("A record that was taken back is never given out again."))
    return archive.withdraw(code, reason, by=by)


# Files


def _import(visit: Visit) -> Page:
    archive, forms, values = visit.archive, visit.forms, visit.values
    if values is None:
        return keeping.bring_in(forms.form({}), (), (), visit.context, written=False)
    if not visit.is_saved and not visit.files:
        wrong = [Wrong("files", tr("no file was chosen"))]
        return keeping.bring_in(forms.form(values, wrong), (), (), visit.context, written=False)
    called = visit.field("batch")
    if not visit.is_saved:
        called = forms.lay_out(archive, visit.files, visit.field("language"), forms.signer(values))
    batch = forms.batch(called)
    with forms.once(values) if visit.is_saved else contextlib.nullcontext():
        every = archive.import_files(batch.paths, write=visit.is_saved, by=batch.by, language=batch.language)
        found = [one._replace(file=batch.names.get(one.file, one.file)) for one in every]
    if visit.is_saved:
        forms.take_away(called)
        archive.refresh_quietly()
    reports = [list(imported.describe(one)) for one in found]
    return keeping.bring_in(forms.form({}, batch=called), found, reports, visit.context, written=visit.is_saved)


VIEWS: Final[Mapping[str, Callable[[Visit], Page]]] = {
    "home": _desk,
    "check": _check,
    "new": _new,
    "edit": _edit,
    "header": _header,
    "note": _note,
    "rebind": _rebind,
    "access": _access,
    "import": _import,
}
"""The pages of the desk, by the kinds of their addresses."""
LOOKED_AT: Final = frozenset({"edit", "note", "rebind", "import"})
"""The pages whose form may be looked at as often as one likes before anything is written; any other writes when it is sent."""
