"""What the keeper's desk answers: for each page the form, and what is done with it when it is sent."""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from archive.archive import Archive
from archive.errors import ArchiveError, BadNote, BadReference, CannotWrite, InvalidTestimony, UsageFault
from archive.formats.pages import keeping
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.keeping import DO, SAVE, Field, Wrong
from archive.formats.terminal import visible
from archive.formats.text import imported
from archive.language.messages import tr
from archive.record.testimony import Reference, Testimony, reference
from archive.web._forms import Forms
from archive.web._views import Asking

if TYPE_CHECKING:
    from archive.archive import Revised

_REFUSED: Final = (BadNote, BadReference, InvalidTestimony, CannotWrite)
"""What a person can mend in the form that they sent."""


class Visit(NamedTuple):
    """One request at the desk.

    :param values: of a form that was sent; None where a page was asked for.
    :param files: sent with it, by the names that they have there.
    """

    forms: Forms
    asking: Asking
    values: Mapping[str, str] | None = None
    files: tuple[tuple[str, bytes], ...] = ()

    @property
    def archive(self) -> Archive:
        """Return the collection."""
        return self.asking.archive

    @property
    def context(self) -> PageContext:
        """Return what pages need besides."""
        return self.asking.context

    @property
    def is_saved(self) -> bool:
        """Return whether a form asks that something be written."""
        return (self.values or {}).get(DO) == SAVE

    def given(self, name: str) -> str:
        """Return what a field holds, without blanks around it."""
        return (self.values or {}).get(name, "").strip()

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a field that hold anything."""
        return tuple(line.strip() for line in self.given(name).splitlines() if line.strip())

    def done(self, revised: "Revised") -> Page:
        """Return the page of what was written."""
        self.archive.refresh_quietly()
        return self.told(revised.code, [*revised.paths, *revised.said, *map(str, revised.faults)])

    def told(self, code: str, said: list[str]) -> Page:
        """Return the page of what was written, in lines."""
        try:
            stale = len(self.archive.stale(code, keeper=True))
        except ArchiveError:
            stale = 0  # a record with faults, which its own page tells
        return keeping.done(code, said, stale, self.context)


def _wrong(error: ArchiveError, fields: Mapping[str, str] | None = None) -> tuple[Wrong, ...]:
    """Return what an error says, each part beside the field of a form that it is about.

    :param fields: the field of the form for the beginning of the name of a field of the header.
    """
    known = fields or {}
    if isinstance(error, InvalidTestimony):
        return tuple(Wrong(_of(each.field, known), f"{each.line}: {each.field}: {each.message}") for each in error.faults)
    lines = [*error.message.splitlines(), *([error.remedy] if error.remedy else [])]
    return tuple(Wrong(_of(line.partition(":")[0], known), line) for line in lines)


def _of(field: str, fields: Mapping[str, str]) -> str:
    known = [name for name in fields if field == name or field.startswith((f"{name}.", f"{name}["))]
    return fields[max(known, key=len)] if known else ""


def _desk(visit: Visit) -> Page:
    opened = [each.testimony for each in visit.archive.list().rows]
    return keeping.desk(visit.archive.drafts(), opened, visit.context)


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
        return keeping.new(forms.form(_FIRST), visit.context)
    if not visit.given("title"):
        return keeping.new(forms.form(values, [Wrong("title", tr("the record has no title"))]), visit.context)
    said: dict[str, Any] = {name: visit.given(name) for name in _SAID if visit.given(name)}
    try:
        with forms.once(values):
            camps = tuple(filter(None, [visit.given("camp")]))
            path = visit.archive.new(visit.given("title"), camps=camps, by=forms.signed(values), **said)
    except _REFUSED as error:
        return keeping.new(forms.form(values, _wrong(error, _SET)), visit.context)
    code = visit.archive.code_of(path)
    if not visit.given("words"):
        return visit.told(code, [path])
    return _edited(visit._replace(values={**values, "change": tr("Account written"), DO: SAVE, "base": ""}), code)


# The words of a record


def _edit(visit: Visit) -> Page:
    code = visit.asking.code
    if visit.values is not None:
        return _edited(visit, code)
    whole = _is_whole(visit)
    with visit.archive.drafted(code, words_alone=not whole) as draft:
        text, base = _text(draft.file, code), draft.sha256
    return keeping.edit(code, visit.forms.form({"words": text.strip("\n")}, base=base), visit.context, None, whole=whole)


def _is_whole(visit: Visit) -> bool:
    return ("part", "file") in visit.asking.asked


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


def _edited(visit: Visit, code: str) -> Page:
    """Look at a text that was sent, and save it where that was asked and nothing is wrong with it."""
    forms, whole, base = visit.forms, _is_whole(visit), visit.given("base")
    values = visit.values or {}
    wrong: tuple[Wrong, ...] = ()
    with visit.archive.drafted(code, words_alone=not whole) as draft:
        before = _text(draft.file, code)
        after = _between(before, values.get("words", ""))
        draft.file.write_bytes(after.encode("utf-8", "surrogatepass"))
        if base not in {"", draft.sha256}:
            wrong = (Wrong("", tr("{code} has changed since you opened it; nothing was written", code=code)),)
        else:
            looked = draft.look()
            wrong = tuple(Wrong("words", f"{each.line}: {each.field}: {each.message}") for each in looked.faults)
            if visit.is_saved and looked.is_changed and not wrong:
                with forms.once(values) if base else contextlib.nullcontext():
                    return visit.done(draft.save(visit.given("change") or tr("Edited"), forms.signed(values)))
        sent = forms.form(values, wrong, base=base or draft.sha256)
    return keeping.edit(code, sent, visit.context, (before.strip("\n"), after.strip("\n")), whole=whole)


def _between(before: str, words: str) -> str:
    """Return words with the empty lines around them that the text had before: a form shows none."""
    words = words.strip("\n")
    above, below = len(before) - len(before.lstrip("\n")), len(before) - len(before.rstrip("\n"))
    return f"{before[:above]}{words}{before[len(before) - below :] or chr(10)}"


# Its header


def _header(visit: Visit) -> Page:
    code, forms, values = visit.asking.code, visit.forms, visit.values
    fields, now = _header_fields(visit.archive.as_kept(Reference(code)).record.testimony, visit.context)
    if values is None:
        return keeping.header(code, forms.form(now), fields, visit.context)
    changed = [f"{name}={visit.given(name)}" for name in now if name in values and visit.given(name) != now[name]]
    if not changed:
        return keeping.header(code, forms.form(values, [Wrong("", tr("nothing was changed"))]), fields, visit.context)
    try:
        with forms.once(values):
            return visit.done(visit.archive.set_fields(code, changed, by=forms.signed(values)))
    except _REFUSED as error:
        wrong = _wrong(error, {name: name for name in now})
        return keeping.header(code, forms.form({**now, **values}, wrong), fields, visit.context)


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
    archive, code, forms, values = visit.archive, visit.asking.code, visit.forms, visit.values
    kept = archive.as_kept(Reference(code))
    if values is None:
        return keeping.note(code, forms.form({"flag": "caution", "status": "open"}), None, kept, visit.context)
    names = ("quote", "statement", "seen", "known", "status", "replaces")
    said: dict[str, Any] = {name: visit.given(name) for name in names if visit.given(name)}
    try:
        about = _place(code, visit.given("paragraphs"))
        with forms.once(values) if visit.is_saved else contextlib.nullcontext():
            added = archive.note(
                about,
                visit.given("flag"),
                dry=not visit.is_saved,
                by=forms.signed(values),
                cites=visit.lines("cites"),
                against=visit.lines("against"),
                **said,
            )
    except _REFUSED as error:
        return keeping.note(code, forms.form(values, _wrong(error)), None, kept, visit.context)
    if visit.is_saved:
        archive.refresh_quietly()
        return visit.told(code, [f"{added.path}: {added.note}", *added.said])
    return keeping.note(code, forms.form(values), added, kept, visit.context)


def _place(code: str, paragraphs: str) -> Reference:
    """Return the paragraphs that a person names as ``2``, ``p2`` or ``2-4``; the whole record where none is.

    :raises BadReference: they are none.
    """
    return reference(f"{code}#p{paragraphs.removeprefix('p')}" if paragraphs else code)


def _rebind(visit: Visit) -> Page:
    archive, code, forms, values = visit.archive, visit.asking.code, visit.forms, visit.values or {}
    asked = visit.given("record"), visit.given("name")
    wrong: tuple[Wrong, ...] = ()
    to: tuple[int, ...] = ()
    try:
        to = _place(code, visit.given("to")).paragraphs
        if visit.is_saved:
            with forms.once(values):
                return visit.done(archive.rebind(*asked, visit.given("read"), to=to, by=forms.signed(values)))
    except _REFUSED as error:
        wrong = _wrong(error)
    every = archive.stale(code, keeper=True)
    shown = {}
    for each in every:
        is_asked = (each.code, each.name) == asked
        there = to if is_asked else ()
        hidden = {"record": each.code, "name": each.name, "read": each.read(there)}
        shown[each.code, each.name] = (
            forms.form({"to": visit.given("to")} if is_asked else {}, wrong if is_asked else (), **hidden),
            there,
        )
    return keeping.rebind(code, every, shown, visit.context)


# Who may read it


def _access(visit: Visit) -> Page:
    archive, code, forms, values = visit.archive, visit.asking.code, visit.forms, visit.values
    what = visit.given(DO)
    wrong: tuple[Wrong, ...] = ()
    if values is not None:
        if what not in keeping.ACCESS:
            raise UsageFault(tr("There is no such page here."))
        try:
            with forms.once(values):
                revised = _access_changed(visit, code, what)
        except _REFUSED as error:
            wrong = _wrong(error)
        else:
            page_said = [*revised.paths, *revised.said]
            if what != keeping.OPEN:
                page_said += [
                    tr("the old words may lie still here: {where}", where=each.where) for each in archive.copies(revised)
                ]
            return visit.told(code, page_said)
    sent = [forms.form(values or {}, wrong) if each == what else forms.form({}) for each in keeping.ACCESS]
    return keeping.access(archive.as_kept(Reference(code)), sent, visit.context)


def _access_changed(visit: Visit, code: str, what: str) -> "Revised":
    archive, by, reason = visit.archive, visit.forms.signed(visit.values or {}), visit.given("reason")
    if what == keeping.OPEN:
        return archive.open_record(code, visit.given("consent"), by, level=visit.given("level"))
    if what == keeping.CLOSE:
        return archive.close_record(code, reason, by=by)
    if not reason or not visit.given("sure"):
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
    called = visit.given("batch") if visit.is_saved else forms.lay_out(archive, visit.files, visit.given("language"))
    batch = forms.batch(called)
    with forms.once(values) if visit.is_saved else contextlib.nullcontext():
        every = archive.import_files(batch.paths, write=visit.is_saved, by=forms.signed(values), language=batch.language)
        found = [one._replace(file=batch.names.get(one.file, one.file)) for one in every]
    if visit.is_saved:
        forms.take_away(called)
        archive.refresh_quietly()
    told = [list(imported.told_of(one)) for one in found]
    return keeping.bring_in(forms.form({}, batch=called), found, told, visit.context, written=visit.is_saved)


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
