"""The page of a witness: the versions of what they told, what changed, what is upheld, what others say, where to cite."""

from collections.abc import Iterator, Sequence
from typing import Final

from archive.citing import citation, source
from archive.formats import _descriptions as descriptions
from archive.formats import _html_parts as parts
from archive.formats import _plain_words as plain_words
from archive.formats._html_sink import NOTHING, Markup, anchor, element, join
from archive.formats._notes_in_full import NotesInFull
from archive.formats.pages import _passage as passage_parts
from archive.formats.pages import places
from archive.formats.pages.frame import Page, PageContext
from archive.formats.pages.places import PagePlace
from archive.formats.pages.record import version_of
from archive.language.messages import mark, tr, tr_count
from archive.record.testimony import Note, notes_of
from archive.text import join_list
from archive.weighing.people import RELIED_ON, RELIES_ON, SAME_EVENT, Other, Person, StatedFact

_RELATIONS: Final = {
    SAME_EVENT: mark("tells of the same event"),
    RELIES_ON: mark("rests on this account"),
    RELIED_ON: mark("this account rests on it"),
}


def witness(code: str, people: Sequence[Person], context: PageContext) -> Page:
    """Return the page of the persons who bear the name of a record's witness, most often one.

    :param code: of the record from which they were asked for.
    """
    several = (
        element("p", tr("These records bear the name, and nobody has entered that they are of one person: each is told apart."))
        if len(people) > 1
        else NOTHING
    )
    told = NotesInFull()
    main = join(*(_person(person, context, told) for person in people), by="\n")
    name = passage_parts.speaker(people[0].testimony, context.authorities)
    return Page(PagePlace("witness", (code,)), name, main, several)


def _person(person: Person, context: PageContext, told: NotesInFull) -> Markup:
    names = dict.fromkeys(name for version in person.versions for name in version.record.testimony.witness.names)
    others = [name for name in names if name != person.testimony.witness.name]
    further = tr_count(
        "{number} further claim stands in the records, neither changed nor upheld.",
        "{number} further claims stand in the records, neither changed nor upheld.",
        person.further,
    )
    return join(
        element("p", tr("Also: {names}", names=join_list(others, "and"))) if others else NOTHING,
        element("h2", tr("Versions, the earlier first")),
        *(_demote(version_of(version, context, told)) for version in person.versions),
        _claims(tr("Taken back, changed or rejected"), person.changed, context, told),
        _claims(tr("Upheld by the speaker"), person.maintained, context, told),
        element("p", further) if person.further else NOTHING,
        element("h2", tr("What others say of the same")),
        element("ul", *(_other(other, context) for other in person.others))
        if person.others
        else element("p", tr("Nothing is entered.")),
        element("h2", tr("Where to cite")),
        element("ul", *_sources(person, context)),
    )


def _demote(article: Markup) -> Markup:
    """Return an article whose heading is one rank lower."""
    return Markup(article.replace("<h2 ", "<h3 ", 1).replace("</h2>", "</h3>", 1))


def _claims(heading: str, claims: Sequence[StatedFact], context: PageContext, told: NotesInFull) -> Markup:
    if not claims:
        return join(element("h2", heading), element("p", tr("Nothing is entered.")))
    items = [_claim(stated, context, told) for stated in claims]
    return join(element("h2", heading), element("p", tr("In the archive's words."), class_="small"), *items)


def _claim(stated: StatedFact, context: PageContext, told: NotesInFull) -> Markup:
    testimony, authorities = stated.testimony, context.authorities
    numbers = [passage.number for passage in stated.passages]
    links = [context.link(places.passage(testimony.code, number), f"{testimony.code}#p{number}") for number in numbers]
    standing = authorities.vocabulary.said("status", stated.claim.status)
    reference = f"{testimony.code}#p{numbers[0]}" if numbers else testimony.code
    cited = [citation.house(testimony, passage, authorities, in_full=False) for passage in stated.passages]
    return element(
        "div",
        element("p", parts.mark_english(f"{stated.claim.text} · {standing}"), class_="standing"),
        element("p", join(*links, by=", "), class_="small"),
        passage_parts.caveats(_gravest_first(notes_of(stated.passages), context), testimony, context, told, reference),
        *(parts.citation_line(each) for each in cited),
        class_="claim",
        id=anchor(f"claim-{testimony.code}-{stated.claim.id}"),
    )


def _gravest_first(notes: Sequence[Note], context: PageContext) -> list[Note]:
    return sorted(notes, key=lambda note: context.authorities.vocabulary.rank("flag", note.flag))


def _other(other: Other, context: PageContext) -> Markup:
    authorities = context.authorities
    relations = [tr(_RELATIONS[relation]) for relation in other.relations]
    notes = [
        f"{authorities.vocabulary.label('flag', note.flag)}: {citation.statement_of(note)} [{record}/{note.id}]"
        for record, note in other.notes
    ]
    return element(
        "li",
        context.link(places.record(other.testimony.code), parts.title_of(other.testimony)),
        ": ",
        parts.mark_english(" · ".join([passage_parts.speaker(other.testimony, authorities), *relations])),
        element("ul", *(element("li", parts.mark_english(note)) for note in notes)) if notes else NOTHING,
    )


def _sources(person: Person, context: PageContext) -> Iterator[Markup]:
    for version in person.versions:
        testimony = version.record.testimony
        cited = source.of(testimony, None, context.authorities)
        address = element("a", cited.address, href=cited.address, class_="address") if cited.address else NOTHING
        graded = plain_words.describe_grade(testimony, context.authorities)
        yield element(
            "li",
            f"{testimony.code}: ",
            element("cite", parts.mark_english(citation.source_named(testimony, (), context.authorities))),
            join(". ", address) if address else NOTHING,
            f" ({graded}; {descriptions.whose_text(testimony, context.authorities)})",
        )
