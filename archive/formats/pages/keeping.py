"""Pages of the keeper's desk: records are begun, edited, noted, bound anew, opened and taken back in forms.

No page of readers leads here, and these pages are in no edition. Each form is
sent with POST and carries the token of the desk; what it says goes to the
functions that the commands of a keeper use, and what they find wrong stands
beside the field that it is about.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from archive.errors import Fault
from archive.formats._html_sink import NOTHING, Markup, element, join, words
from archive.formats.pages.forms import LOOK, SAVE, Field, Sent, form
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.places import PagePlace
from archive.language.messages import tr, tr_count, translate
from archive.text import paragraphs_named

if TYPE_CHECKING:
    from archive.collection.checks import CheckReport
    from archive.keeping.drafts import DraftRow, KeptRecord
    from archive.keeping.importing.plan import ImportedFile
    from archive.keeping.keeper import Added
    from archive.keeping.record_editor import StaleBinding

OPEN: Final = "open"
CLOSE: Final = "close"
ACCESS: Final = (OPEN, CLOSE, "withdraw")

CONSENTS: Final = ("given", "published-by-witness", "published-by-others")
"""The consents with which a record can be opened, and below who can be let read it."""
LEVELS: Final = ("public", "restricted")


def _by() -> Field:
    return Field("by", tr("Who makes the change"), tr("Stands in the history of the record."))


def _button(value: str, label: str) -> tuple[str, str]:
    return value, label


# The desk


def desk(every: "Sequence[DraftRow]", context: PageContext) -> Page:
    """Return the first page: what is being worked on, what is open already, and what nobody reads for its faults."""
    drafts = [each for each in every if each.level == "closed"]
    faulty = [each for each in every if each.faults and each.level != "closed"]
    open_records = [each for each in every if not each.faults and each.level != "closed"]
    lead = join(
        element(
            "p",
            tr(
                "Here records are changed. What you save is written at once, as the commands write it, and told in the "
                "history of the record. Sealed records are not opened here."
            ),
        ),
        element(
            "ul",
            *(
                element("li", context.link(PagePlace(kind), label))
                for kind, label in (
                    ("new", tr("Begin a record")),
                    ("import", tr("Bring in files")),
                    ("check", tr("Check the collection")),
                )
            ),
            class_="row",
        ),
        by="\n",
    )
    main = join(
        element("h2", tr("Closed records")),
        _table((tr("Code"), tr("Consent"), tr("Still needed")), [_draft(each, context) for each in drafts])
        if drafts
        else element("p", tr("No record is closed.")),
        element("h2", tr("Open records")),
        _table(
            (tr("Code"), tr("Title"), tr("Who may read it")),
            [
                (_code(each.code, context), words(each.title), words(_term_label("access", each.level, context)))
                for each in open_records
            ],
        )
        if open_records
        else element("p", tr("No record is open.")),
        *_not_read(faulty, context),
        by="\n",
    )
    return Page(PagePlace("home"), tr("Keeper's desk"), main, lead, forms=())


def _not_read(faulty: "Sequence[DraftRow]", context: PageContext) -> Iterator[Markup]:
    if faulty:
        yield element("h2", tr("Records that nobody can read for their faults"))
        yield _table(
            (tr("Code"), tr("Faults")),
            [
                (context.link(_file_of(each.code), each.code), words(tr_count("{number} fault", "{number} faults", each.faults)))
                for each in faulty
            ],
        )


def _file_of(code: str) -> PagePlace:
    return PagePlace("edit", (code,), parameters=(("part", "file"),))


def _draft(row: "DraftRow", context: PageContext) -> tuple[Markup, ...]:
    needed = ", ".join(row.to_fill_in)
    faults = tr_count("{number} fault", "{number} faults", row.faults) if row.faults else ""
    left = "; ".join(filter(None, (faults, needed))) or "–"
    return _code(row.code, context), words(_term_label("consent", row.consent, context)), words(left)


def _term_label(kind: str, term: str, context: PageContext) -> str:
    return context.authorities.vocabulary.term(kind, term).named()


def _code(code: str, context: PageContext) -> Markup:
    return context.link(PagePlace("edit", (code,)), code)


def _table(head: Sequence[str], rows: Sequence[Sequence[Markup]]) -> Markup:
    return element(
        "table",
        element("thead", element("tr", *(element("th", each, scope="col") for each in head))),
        element("tbody", *(element("tr", *(element("td", each) for each in row)) for row in rows)),
    )


def _ways(code: str, here: str, context: PageContext) -> Markup:
    """Write the links between the pages of one record."""
    ways = (
        ("edit", tr("Words")),
        ("header", tr("Header")),
        ("note", tr("Add a caveat")),
        ("rebind", tr("Changed words")),
        ("access", tr("Who may read it")),
    )
    links = (
        element("li", element("span", label, aria_current="true"))
        if kind == here
        else element("li", context.link(PagePlace(kind, (code,)), label))
        for kind, label in ways
    )
    return element("nav", element("ul", *links, class_="row"), aria_label=code)


def faults(report: "CheckReport") -> Page:
    """Return the page of everything that `check` finds."""
    found = [
        element("h2", heading) if every else NOTHING
        for heading, every in ((tr("Faults"), report.faults), (tr("Warnings"), report.warnings))
    ]
    lists = [_faults(every) if every else NOTHING for every in (report.faults, report.warnings)]
    lead = element(
        "p",
        tr_count("{number} record was read.", "{number} records were read.", report.read),
        " ",
        tr_count("{number} fault", "{number} faults", len(report.faults)),
        ", ",
        tr_count("{number} warning", "{number} warnings", len(report.warnings)),
        ".",
    )
    main = join(*(piece for pair in zip(found, lists, strict=True) for piece in pair), by="\n")
    return Page(PagePlace("check"), tr("Check the collection"), main, lead, forms=())


def _faults(every: Sequence[Fault]) -> Markup:
    return element("ul", *(element("li", str(fault)) for fault in every))


# One record


def new(sent: Sent, context: PageContext) -> Page:
    """Return the page on which a record is begun."""
    vocabulary = context.authorities.vocabulary

    def terms(kind: str) -> list[tuple[str, str]]:
        return [(term.id, term.named()) for term in vocabulary.terms(kind)]

    camps = [("", tr("none, or not known")), *((each.id, each.named()) for each in context.authorities.gazetteer)]
    fields = (
        Field("title", tr("Title"), tr("What the record is called, in your words: “A survivor of Camp 15”.")),
        Field("language", tr("Language of the text"), tr("As en or ko.")),
        Field("rendering", tr("What the text is"), choices=terms("rendering")),
        Field("witness", tr("Name of the witness, as it may be published")),
        Field("name_kind", tr("What kind of name that is"), choices=terms("name_kind")),
        Field("connection", tr("What the witness was"), choices=terms("connection")),
        Field("camp", tr("Camp"), choices=camps),
        Field("recorded", tr("When the account was given"), tr("As 2003, 2003-05 or 2003-05-17; XXXX if nobody knows.")),
        Field("contested", tr("What is contested, if you know it already"), rows=3),
        Field("words", tr("The account"), tr("An empty line begins a new paragraph."), rows=16),
        _by(),
    )
    lead = element("p", tr("It begins closed, with consent unknown: nobody reads it before you open it."))
    main = form(PagePlace("new"), context, sent, fields, (_button(SAVE, tr("Begin the record")),))
    return Page(PagePlace("new"), tr("Begin a record"), main, lead, forms=())


def edit(code: str, sent: Sent, context: PageContext, changed: tuple[str, str] | None, *, whole: bool) -> Page:
    """Return the page on which the words of a record are edited.

    :param changed: the text before and after, where it was looked at; None where nothing was sent yet.
    :param whole: of the file with its header.
    """
    place = _file_of(code) if whole else PagePlace("edit", (code,))
    fields = (
        Field("words", tr("The file with its header") if whole else tr("The words of the record"), rows=24),
        Field("change", tr("What was changed"), tr("Stands in the history of the record.")),
        _by(),
    )
    buttons = (_button(LOOK, tr("Look at the change")), _button(SAVE, tr("Save")))
    other = PagePlace("edit", (code,)) if whole else _file_of(code)
    main = join(
        difference(*changed) if changed else NOTHING,
        form(place, context, sent, fields, buttons),
        element("p", context.link(other, tr("The words alone") if whole else tr("The file with its header")), class_="small"),
        by="\n",
    )
    title = tr("{code}: words", code=code)
    return Page(place, title, main, _ways(code, "edit", context), forms=())


def difference(before: str, after: str) -> Markup:
    """Write which lines of a text are others now, each said and not only coloured."""
    old, new_lines = before.splitlines(), after.splitlines()
    lines = list(difflib.unified_diff(old, new_lines, n=1, lineterm=""))[2:]
    if not lines:
        return element("p", tr("Nothing is changed yet."), role="status")
    return element("section", element("h2", tr("The change")), element("div", *_diff(lines), class_="diff"), role="status")


def _diff(lines: Sequence[str]) -> Iterator[Markup]:
    for line in lines:
        sign, text = line[:1], line[1:]
        if sign == "@":
            yield element("p", "…", class_="small")
        elif sign == "-":
            yield element("p", element("strong", tr("Out:")), " ", text, class_="out")
        elif sign == "+":
            yield element("p", element("strong", tr("In:")), " ", text, class_="in")
        else:
            yield element("p", text)


def header(code: str, sent: Sent, fields: Sequence[Field], context: PageContext) -> Page:
    """Return the page on which single fields of the header are set."""
    place = PagePlace("header", (code,))
    told = element(
        "p",
        tr("What you leave as it is stays as it is. Lists are written with commas. An empty field takes an optional one out."),
    )
    buttons = (_button(SAVE, tr("Save")),)
    main = join(told, form(place, context, sent, (*fields, _by()), buttons), by="\n")
    return Page(place, tr("{code}: header", code=code), main, _ways(code, "header", context), forms=())


def note(code: str, sent: Sent, looked: "Added | None", kept: "KeptRecord", context: PageContext) -> Page:
    """Return the page on which a caveat is added, with the paragraphs of the record and the caveats that they have.

    :param looked: what would be written, where it was looked at.
    """
    place = PagePlace("note", (code,))
    flags = [(term.id, term.named()) for term in context.authorities.vocabulary.terms("flag")]
    states = [(term.id, term.named()) for term in context.authorities.vocabulary.terms("note_status")]
    fields = (
        Field("paragraphs", tr("Paragraphs"), tr("As 2, or 2-4; empty for the whole record.")),
        Field("quote", tr("The words that it is about"), tr("Copied from the paragraph; empty for all of it."), rows=2),
        Field("flag", tr("What kind of caveat"), choices=flags),
        Field("statement", tr("What has to be known"), tr("In your own words, for whoever wants to quote it."), rows=4),
        Field("cites", tr("Works that say so"), tr("One to a line, as they are called in the list of works."), rows=2),
        Field("seen", tr("When the page was seen"), tr("A day, as 2026-11-29.")),
        Field("against", tr("Other records that tell it otherwise"), tr("One to a line, as NKT-0004#p2."), rows=2),
        Field("known", tr("Since when it is known"), tr("As 2015.")),
        Field("status", tr("How it stands"), choices=states),
        Field("replaces", tr("A caveat that it takes the place of"), tr("As n2.")),
        _by(),
    )
    main = join(
        _would_be(looked) if looked else NOTHING,
        form(place, context, sent, fields, (_button(LOOK, tr("Look at it")), _button(SAVE, tr("Save")))),
        element("h2", tr("The record, with its caveats")),
        *_paragraphs(kept),
        by="\n",
    )
    return Page(place, tr("{code}: add a caveat", code=code), main, _ways(code, "note", context), forms=())


def _would_be(looked: "Added") -> Markup:
    return element(
        "section",
        element("h2", tr("This would be written")),
        element("ul", *(element("li", line) for line in looked.lines), class_="diff"),
        *(element("p", line, class_="notice") for line in looked.said),
        role="status",
    )


def _paragraphs(kept: "KeptRecord") -> Iterator[Markup]:
    for passage in kept.record.passages:
        caveats = [
            element("li", element("strong", kept.authorities.vocabulary.term("flag", each.flag).named()), ": ", each.statement)
            for each in passage.notes
        ]
        number = element("strong", tr("Paragraph {number}", number=passage.number))
        yield element(
            "section", element("p", number), element("p", passage.text), element("ul", *caveats) if caveats else NOTHING
        )


def rebind(
    code: str,
    every: "Sequence[StaleBinding]",
    shown: Mapping[tuple[str, str], tuple[Sent, tuple[int, ...]]],
    context: PageContext,
) -> Page:
    """Return the page of what has lost its words: what they were beside what stands there now, and what may be true of it.

    :param shown: of each by its record and name the form, and the paragraphs to which it shall go, where they were looked at.
    """
    lead = _ways(code, "rebind", context)
    if not every:
        told = element("p", tr("Everything there stands where its words are."))
        return Page(PagePlace("rebind", (code,)), tr("{code}: changed words", code=code), told, lead, forms=())
    main = join(
        element("p", tr("Until you decide, each goes on being told as one whose words have changed. Read both, then decide.")),
        *(_binding(code, each, *shown[each.code, each.name], context) for each in every),
        by="\n",
    )
    return Page(PagePlace("rebind", (code,)), tr("{code}: changed words", code=code), main, lead, forms=())


def _binding(code: str, each: "StaleBinding", sent: Sent, to: tuple[int, ...], context: PageContext) -> Markup:
    old = [
        element("p", element("strong", tr("Paragraph {number}", number=then.paragraph)), ": ", then.words or tr("not to be had"))
        for then in each.old
    ]
    now = [
        element("p", element("strong", tr("Paragraph {number}", number=there.paragraph)), ": ", there.words)
        for there in each.at(to or each.named)
    ] or [element("p", tr("There is no such paragraph any more."))]
    moved = (
        [element("p", tr("The same words stand now in {paragraphs}.", paragraphs=paragraphs_named(each.moved_to)))]
        if each.moved_to and not to
        else []
    )
    fields = () if each.language else (Field("to", tr("Its words went to another paragraph"), tr("As 6.")),)
    buttons = [
        *([_button(SAVE, tr("Bind it to the words shown as those of now"))] if each.read(to) else []),
        *([] if each.language else [_button(LOOK, tr("Show that paragraph"))]),
    ]
    return element(
        "section",
        element("h2", f"{each.code} {each.name}"),
        element("p", each.what),
        element(
            "div",
            element("div", element("h3", tr("The words then")), *old),
            element("div", element("h3", tr("The words now")), *now),
            class_="then-now",
        ),
        *moved,
        form(PagePlace("rebind", (code,)), context, sent, fields, buttons),
    )


def access(kept: "KeptRecord", sent: Sequence[Sent], context: PageContext) -> Page:
    """Return the page on which a record is opened, closed or taken back for good.

    :param sent: the form of each, in the order of `ACCESS`.
    """
    opening, closing, taking = sent
    testimony = kept.record.testimony
    place = PagePlace("access", (testimony.code,))
    consents = [(each, _term_label("consent", each, context)) for each in CONSENTS]
    levels = [(each, _term_label("access", each, context)) for each in LEVELS]
    reason = Field("reason", tr("Why"), tr("For the history; no reader sees it."), rows=2)
    signed = Field("by", tr("Who has obtained or seen the consent"))
    main = join(
        element("h2", tr("Let it be read")),
        form(
            place,
            context,
            opening,
            (
                Field("consent", tr("Which consent there is"), choices=consents),
                Field("level", tr("By whom"), choices=levels),
                signed,
            ),
            (_button(OPEN, tr("Open it")),),
        ),
        element("h2", tr("Close it to all readers")),
        form(place, context, closing, (reason, _by()), (_button(CLOSE, tr("Close it")),)),
        element("h2", tr("Take it back for good")),
        element("p", tr("Its code is never used again. Where it was public, whoever verifies a citation of it is told that.")),
        form(
            place,
            context,
            taking,
            (reason, _by(), Field("sure", tr("Yes, take it back for good"), kind="box")),
            (_button(ACCESS[2], tr("Take it back")),),
        ),
        by="\n",
    )
    now = tr(
        "Who may read it now: {level}. Consent: {consent}.",
        level=_term_label("access", testimony.access, context),
        consent=_term_label("consent", testimony.consent, context),
    )
    lead = join(_ways(testimony.code, "access", context), element("p", now), by="\n")
    return Page(place, tr("{code}: who may read it", code=testimony.code), main, lead, forms=())


def done(code: str, said: Sequence[str], stale: int, context: PageContext) -> Page:
    """Return what is shown after something was written: what was done, and what to look at now."""
    hanging = (
        element(
            "p",
            context.link(
                PagePlace("rebind", (code,)),
                tr_count(
                    "{number} note, claim or link hangs on words that have changed",
                    "{number} notes, claims or links hang on words that have changed",
                    stale,
                ),
            ),
            class_="notice",
        )
        if stale
        else NOTHING
    )
    main = join(
        element("ul", *(element("li", line) for line in said), role="status"),
        hanging,
        element("p", context.link(PagePlace("home"), tr("Back to the desk"))),
        by="\n",
    )
    return Page(PagePlace("edit", (code,)), tr("{code}: saved", code=code), main, _ways(code, "", context), forms=())


# Files


def bring_in(
    sent: Sent, found: "Sequence[ImportedFile]", told: Sequence[Sequence[str]], context: PageContext, *, written: bool
) -> Page:
    """Return the page on which files are brought in.

    :param found: what is, or would be, done with each text; none where no file was sent yet.
    :param told: what is to be known of each, in lines.
    """
    place = PagePlace("import")
    lead = element(
        "p",
        tr(
            "Word files, PDF, captions, tables and others: what would be written is shown first. Each text becomes a record "
            "of its own, closed and with consent unknown. Only words come in."
        ),
    )
    if not found:
        fields = (
            Field("files", tr("Files"), kind="file"),
            Field("language", tr("Language of the text"), tr("As en or ko; else as its script tells it.")),
            _by(),
        )
        asked = form(place, context, sent, fields, (_button(LOOK, tr("Look at them")),), uploads=True)
        return Page(place, tr("Bring in files"), asked, lead, forms=())
    report = [
        element(
            "section",
            element("h2", context.link(PagePlace("edit", (one.code,)), one.file) if written and one.code else words(one.file)),
            element("ul", element("li", translate(one.status)), *(element("li", line) for line in lines)),
        )
        for one, lines in zip(found, told, strict=True)
    ]
    if written:
        more = element("p", context.link(PagePlace("home"), tr("Back to the desk")))
    elif all(one.is_refused for one in found):
        more = element("p", context.link(place, tr("Choose other files")))
    else:
        more = form(place, context, sent, (), (_button(SAVE, tr("Write the records")),))
    return Page(place, tr("Bring in files"), join(*report, more, by="\n"), lead, forms=())
