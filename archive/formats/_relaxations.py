"""What may be asked in place of a query that found nothing, in words."""

from collections.abc import Iterator

from archive.authority.authorities import Authorities
from archive.formats import fields
from archive.formats.terminal import visible
from archive.language.messages import tr
from archive.record.testimony import codes_meant
from archive.search import relaxing
from archive.search.as_command import command
from archive.search.model import Results
from archive.search.relaxing import Relaxation
from archive.text import count_of


def describe(results: Results, authorities: Authorities) -> Iterator[str]:
    """Describe what may be asked where nothing was found, each with what it finds and as a command."""
    for relaxation in (each for each in results.relaxed if not speaks_of_a_code(each, authorities)):
        counts = tr(
            "{passages} in {testimonies}",
            passages=count_of(relaxation.passages, "passage", "passages"),
            testimonies=count_of(relaxation.testimonies, "testimony", "testimonies"),
        )
        label = fields.label(relaxation.term[0], relaxation.term[1], authorities) if relaxation.term else ""
        wider = counts if relaxation.passages else tr("nothing either")
        said = {
            relaxing.NOTHING: tr("{label}: nothing in this collection speaks of it.", label=label or relaxation.left_out),
            relaxing.WIDER: tr(
                "Nothing here speaks of {left_out}; on the wider subject {label}: {wider}.",
                left_out=relaxation.left_out,
                label=label,
                wider=wider,
            ),
            relaxing.AT_FACILITY: tr(
                "At {label}, whether or not the words say {left_out}: {found}.",
                label=label,
                left_out=relaxation.left_out,
                found=counts,
            ),
            relaxing.FACILITY_ALONE: tr(
                "At {label}, whatever else was asked beside {left_out}: {found}.",
                label=label,
                left_out=relaxation.left_out,
                found=counts,
            ),
            relaxing.WITHOUT_WORD: tr("Without {left_out}: {found}.", left_out=relaxation.left_out, found=counts),
            relaxing.TOGETHER: tr("In different passages of one testimony: {found}.", found=counts),
            relaxing.WITHOUT_FILTER: tr("Without {left_out}: {found}.", left_out=relaxation.left_out, found=counts),
            relaxing.ANY: tr("With any of the words: {found}.", found=counts),
        }
        yield visible(said[relaxation.kind])
        if relaxation.passages:
            yield visible(f"  {command(relaxation.query)}")


def without_a_word(results: Results) -> Relaxation | None:
    """Return the query that goes without a word and is nearest to what was asked, None where nothing is found so."""
    return next((relaxation for relaxation in results.relaxed if relaxation.kind == relaxing.WITHOUT_WORD), None)


def speaks_of_a_code(relaxation: Relaxation, authorities: Authorities) -> bool:
    """Return whether all that is said in place of an answer is that nothing speaks of a code."""
    return not relaxation.passages and bool(codes_meant(relaxation.left_out, authorities.prefix))
