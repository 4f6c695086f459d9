"""Annotations that others made on words of records: which of them are taken, each with the words that it quotes."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from archive.documents.model import count_letters
from archive.documents.reading import refusal
from archive.keeping._notes import LONGEST_STATEMENT
from archive.keeping.importing._annotation_files import WebAnnotation, is_json, of_json, of_table, rows_of_json
from archive.keeping.importing._model import LeftOut, SourceRemark, SourceText
from archive.keeping.importing._plain import decode
from archive.keeping.importing._registry import Options
from archive.keeping.importing._tables import rows_of_text
from archive.language.messages import mark, tr

MOST_ANNOTATIONS: Final = 10_000
"""Of one file: each is looked for in every record."""
REPLIES: Final = mark("replies to annotations")
PRIVATE: Final = mark("annotations that were not made for everybody")
ON_PAGES: Final = mark("annotations on a whole page")
SILENT: Final = mark("marked words of which nothing is said")
_UNSAID: Final = mark(
    "a table does not say which annotations were made for their maker alone: look for that before you enter one"
)
_NOT_FOR_ALL: Final = mark("not made for everybody: {numbers}; a note in an open record is read by everybody")
TOO_LONG: Final = mark("annotations that are too long for a note")


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return what is said of words, each with its quote. See `archive.keeping.importing._registry.Reader`."""
    text, warnings = decode(content, name)
    if is_json(text):
        every = list(of_json(rows_of_json(text)))
    else:
        every, warnings = list(of_table(rows_of_text(text, name))), (*warnings, (_UNSAID, {}))
    if len(every) > MOST_ANNOTATIONS:
        raise refusal(name, tr("it has more than {most} annotations", most=MOST_ANNOTATIONS))
    source = _source(every, take_private=options.private)
    return [source._replace(warnings=(*warnings, *source.warnings))]


def _source(every: Iterable[WebAnnotation], *, take_private: bool) -> SourceText:
    letters, numbers, remarks, private = Counter[str](), Counter[str](), list[SourceRemark](), list[str]()
    total = 0
    for number, each in enumerate(every, start=1):
        count = count_letters(each.text)
        total += count
        what = _why_not(each, take_private=take_private)
        if what:
            letters[what] += count
            numbers[what] += 1
        else:
            remarks.append(SourceRemark(each.text, number, each.quote))
            private += [str(number)] * each.is_private
    left_out = tuple(LeftOut(what, number, letters[what]) for what, number in numbers.items())
    warnings = ((_NOT_FOR_ALL, {"numbers": ", ".join(private)}),) if private else ()
    return SourceText((), total, left_out=left_out, remarks=tuple(remarks), warnings=warnings)


def _why_not(annotation: WebAnnotation, *, take_private: bool) -> str:
    """Return what an annotation is left out as, "" of one that is taken."""
    if annotation.is_private and not take_private:
        return PRIVATE
    if annotation.is_reply:
        return REPLIES
    if annotation.quote is None:
        return ON_PAGES
    if not annotation.text:
        return SILENT
    return TOO_LONG if len(annotation.text) > LONGEST_STATEMENT else ""
