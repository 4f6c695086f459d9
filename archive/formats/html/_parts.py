"""What every page of ours has of a record and its passages: facts, words, caveats and citation."""

from collections.abc import Iterable
from typing import Final

from archive.authority.authorities import Authorities
from archive.citing import citation, source
from archive.citing.excerpt import RenderedHit
from archive.formats._described import Fact, caveats, named_again
from archive.formats._html_sink import Markup, anchor, element, joined, words
from archive.formats._told import Told
from archive.formats.html._page import NOTHING
from archive.language.messages import tr
from archive.record.testimony import Note, Testimony
from archive.text import listed

STYLE: Final = """\
.warning { border: 3px double var(--warn); padding: .5rem .75rem; }
dl.facts { display: grid; gap: .15rem .9rem; grid-template-columns: minmax(7rem, max-content) 1fr; }
dl.facts dt { font-weight: bold; }
dl.facts dd { margin: 0; }
.caveat dl { margin: 0; }
.caveat dt { font-weight: bold; margin-top: .35rem; }
.caveat dd { margin: 0 0 .35rem 0; }
.words { font-size: 1.08em; }
.citation cite { font-style: normal; }
@media (max-width: 34rem) { dl.facts { display: block; } dl.facts dd { margin: 0 0 .4rem; } }
@media print {
  dl.facts { display: block; }
  dl.facts dt { float: inline-start; margin-inline-end: .4rem; }
  dl.facts dt::after { content: ":"; }
  .caveat, blockquote, .warning { background: none; }
}
"""


def warning(warned: Iterable[str]) -> Markup:
    """Write a content warning, where there is one to give."""
    named = listed(list(warned), "and")
    return element("p", element("strong", "Content warning: "), named, class_="warning", role="note") if named else NOTHING


def facts_list(facts: Iterable[Fact]) -> Markup:
    """Write terms, and what is said of each."""
    return element("dl", *(joined(element("dt", term), element("dd", said)) for term, said in facts), class_="facts")


def passage_words(shown: RenderedHit) -> Markup:
    """Write the words of a passage, with the footnotes that they call."""
    excerpt = shown.excerpt
    return joined(
        element("p", words(excerpt.words, excerpt.matches), class_="words"),
        *(element("p", footnote, class_="small") for footnote in excerpt.footnotes),
    )


def caveats_list(notes: Iterable[Note], testimony: Testimony, authorities: Authorities, entries: Told, reference: str) -> Markup:
    """Write every caveat in force at a passage, each whole where it was not before, else by its name, with a link."""
    here, elsewhere = entries.parted(notes, testimony, reference)
    whole = [
        joined(
            element("dt", f"Caveat: {note.label}"),
            element("dd", note.statement, " ", element("span", f"[{note.ends}]", class_="small")),
        )
        for note in caveats(here, authorities)
    ]
    again = [
        element(
            "p", element("a", named_again(tr("above, at {reference}", reference=at), named, authorities), href=f"#{anchor(at)}")
        )
        for at, named in elsewhere
    ]
    if not (whole or again):
        return element("p", "No caveat is in force here.", class_="small")
    inside = [*([element("dl", *whole)] if whole else ()), *again]
    return element("aside", *inside, class_="caveat", aria_label=f"Caveats in force at {reference}")


def citation_line(cited: str, label: str = "Cite: ") -> Markup:
    """Write a citation."""
    return element("p", element("strong", label), element("cite", cited), class_="citation")


def address_line(shown: RenderedHit, authorities: Authorities) -> Markup:
    """Write where the source of a passage is to be found, and when it was seen there."""
    cited = source.of(shown.hit.testimony, shown.hit.passage, authorities)
    if not cited.address:
        return NOTHING
    seen = f", {citation.seen(cited.accessed)}" if cited.accessed else ""
    link = element("a", cited.address, href=cited.address, class_="address")
    return element("p", element("strong", "Address: "), link, seen, class_="citation")
