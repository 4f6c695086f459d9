"""The fields of a dossier's template, what each holds, and their values in a dossier.

Values are facts in plain text. The words of a passage are in none of them:
they come with their caveats and their citation in one block, which a template
places and cannot read (`archive.documents.template`). Whatever tells what was
found, or what is not there, is a block too, so that none of it can be cut.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation, source
from archive.citing.excerpt import RenderedHit
from archive.documents.template import FILTERS, TemplateBlock
from archive.formats import fields
from archive.formats._descriptions import whose_text
from archive.formats.dossier_content import Document, subject_of
from archive.language.messages import current_language, mark
from archive.named_tuple import NamedTuple
from archive.record.testimony import Testimony, notes_of

__all__ = [
    "DOCUMENT",
    "FILTERS",
    "GROUPS",
    "PASSAGE",
    "SHIPPED",
    "SOURCE",
    "TESTIMONY",
    "Template",
    "Templated",
    "shipped_file",
    "values",
]


class Template(NamedTuple):
    """A template: its name in messages, its text, and what the person gave for it, by names."""

    name: str
    text: str
    given: Mapping[str, str]


class Templated(NamedTuple):
    """A document as Markdown, and the passages that stand in it, each as it does."""

    text: str
    passages: tuple[str, ...]


DOCUMENT: Final[Mapping[str, str]] = {
    "title": mark("the title of the document: --title, else what was asked"),
    "subject": mark("what was asked, in a few words"),
    "day": mark("its day, as 2026-11-21"),
    "archive": mark("the name of the archive"),
    "words": mark("the words that were searched for; empty where filters alone chose"),
    "given": mark("what you gave with --set NAME=TEXT, by its name: given.NAME"),
    "passages": mark("the passages, by testimony, each in the order of its record"),
    "testimonies": mark("the testimonies, each with its passages"),
    "sources": mark("the works that the testimonies are of, each with its testimonies"),
    "asked": mark("BLOCK: what was asked, and how it was understood"),
    "found": mark("BLOCK: what was found, in what, and by what the collection is known again"),
    "left_out": mark("BLOCK: what is not here, and why; stands at the end where you do not place it"),
    "coverage": mark("BLOCK: who was there to tell, by camp, vantage point and decade"),
    "contradictions": mark("BLOCK: the contradictions that the archive keeps and that are cited here"),
    "works": mark("BLOCK: the works cited, in the style that was chosen"),
    "warning": mark("BLOCK: the content warning; stands at the end where you do not place it"),
    "nature": mark("BLOCK: what kind of document this is; stands at the end where you do not place it"),
    "check": mark("BLOCK: how to check the document; stands at the end where you do not place it"),
}
PASSAGE: Final[Mapping[str, str]] = {
    "excerpt": mark("BLOCK: the words with all their caveats and their citation, under a heading of its own"),
    "reference": mark("code and paragraph, as NKT-0001#p3"),
    "code": mark("the code of the testimony"),
    "paragraph": mark("the number of the paragraph"),
    "camps": mark("the camps that it is entered under, a list"),
    "topics": mark("its topics, a list"),
    "flags": mark("the flags of its caveats, a list; what the caveats say stands in the excerpt"),
    "is_summary": mark("whether the words are the archive's own"),
}
TESTIMONY: Final[Mapping[str, str]] = {
    "about": mark("BLOCK: who speaks, what kind of text it is, whence, how graded, which caveats are in force; with heading"),
    "code": mark("the code, as NKT-0001"),
    "title": mark("the title of the record"),
    "witness": mark("the name of the witness, or what stands for it"),
    "whose_text": mark("whose words the text has"),
    "kind": mark("the kind of the record"),
    "source": mark("the work that it is of, with the place in it"),
    "grade": mark("the reliability of its source, A to F; empty where nobody graded it"),
    "grade_means": mark("what the grade means"),
    "grade_basis": mark("why it is graded so"),
    "flags": mark("the flags of all its caveats here, a list"),
    "passages": mark("its passages here"),
}
SOURCE: Final[Mapping[str, str]] = {
    "name": mark("author, title, publisher and year"),
    "address": mark("where it is to be found; empty where no address is known"),
    "seen": mark("the day on which it was seen; empty where nobody says"),
    "not_seen": mark("that the original was not seen, or not whole; empty where it was"),
    "testimonies": mark("the testimonies that are of it"),
}
GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "": DOCUMENT,
    mark("passage"): PASSAGE,
    mark("testimony"): TESTIMONY,
    mark("source"): SOURCE,
}
"""Every field by what has it: the document itself, a passage, a testimony, a source."""

SHIPPED: Final[Mapping[str, str]] = {
    "annex": mark("an annex to an expert report: materials, excerpts, contradictions, limits"),
    "coi": mark("a country-of-origin information response: question, sources, findings by source, what could not be found"),
}
"""The templates that come with the program, by their names."""


def shipped_file(name: str) -> Path:
    """Return the file of a template that comes with the program: in the language that is spoken, else in English."""
    own = Path(__file__).parent / "templates" / f"{name}.{current_language()}.md"
    return own if own.is_file() else own.with_name(f"{name}.md")


Placed = Callable[[str | Testimony | RenderedHit], "TemplateBlock | str"]
"""Gives the block of a name of `DOCUMENT`, of a record or of a passage; "" where there is nothing to be placed."""


def values(document: Document, given: Mapping[str, str], placed: Placed) -> dict[str, Any]:
    """Return what a template may use.

    :param given: by the person, by names.
    """
    dossier = document.dossier
    authorities = dossier.authorities
    testimonies = [_testimony(testimony, shown, authorities, placed) for testimony, shown in document.groups]
    blocks = {name: placed(name) for name, told in DOCUMENT.items() if told.startswith("BLOCK")}
    return {
        "title": dossier.title,
        "subject": subject_of(dossier.results, authorities),
        "day": dossier.day,
        "archive": authorities.name(),
        "words": dossier.results.query.words,
        "given": dict(given),
        "passages": [passage for testimony in testimonies for passage in testimony["passages"]],
        "testimonies": testimonies,
        "sources": _sources(document, testimonies),
        **blocks,
    }


def _testimony(testimony: Testimony, shown: Sequence[RenderedHit], authorities: Authorities, placed: Placed) -> dict[str, Any]:
    said = authorities.vocabulary.said
    return {
        "about": placed(testimony),
        "code": testimony.code,
        "title": testimony.title,
        "witness": testimony.witness.name,
        "whose_text": whose_text(testimony, authorities),
        "kind": said("kind", testimony.kind),
        "source": citation.origin(testimony, (), authorities).partition(" ")[2],
        "grade": testimony.reliability,
        "grade_means": said("reliability", testimony.reliability) if testimony.reliability else "",
        "grade_basis": testimony.reliability_basis if testimony.reliability else "",
        "flags": flags(shown, authorities),
        "passages": [_passage(each, authorities, placed) for each in shown],
    }


def flags(shown: Iterable[RenderedHit], authorities: Authorities) -> list[str]:
    """Return the flags of all caveats in force at passages, each once."""
    notes = notes_of([each.hit.passage for each in shown])
    return list(dict.fromkeys(citation.flag(note, authorities) for note in notes))


def _passage(shown: RenderedHit, authorities: Authorities, placed: Placed) -> dict[str, Any]:
    known = fields.hit(shown, authorities)
    return {
        "excerpt": placed(shown),
        "reference": shown.reference,
        "code": shown.hit.testimony.code,
        "paragraph": shown.hit.passage.number,
        "camps": [fields.label("camp", each, authorities) for each in known["camps"]],
        "topics": [fields.label("topic", each, authorities) for each in known["topics"]],
        "flags": flags([shown], authorities),
        "is_summary": shown.hit.testimony.is_summary,
    }


def _sources(document: Document, testimonies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the works in the order in which their testimonies stand, each once."""
    authorities = document.dossier.authorities
    found: dict[str, dict[str, Any]] = {}
    for (testimony, _), told in zip(document.groups, testimonies, strict=True):
        cited = source.of(testimony, None, authorities)
        name = citation.work(cited.csl) if cited.csl else cited.title
        entry = {
            "name": name,
            "address": cited.address,
            "seen": cited.accessed,
            "not_seen": source.unseen(cited),
            "testimonies": [],
        }
        found.setdefault(cited.ref or name, entry)["testimonies"].append(told)
    return list(found.values())
