"""What the Hangul word processor wrote until 2021, and still writes (.hwp 5), read as a .hwpx is."""

from archive.documents import hangul as hangul_document
from archive.documents.reading import refusal
from archive.errors import UnreadableDocument
from archive.keeping.importing import _hangul as hangul
from archive.keeping.importing._model import SourceText
from archive.keeping.importing._registry import Options
from archive.language.messages import tr


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the one text of a document. See `archive.keeping.importing._registry.Reader`.

    What the plain count does not confirm is refused: the same document as .hwpx says by itself what its words are.
    """
    del options
    remedy = tr("Open it in the Hangul word processor, save it as .hwpx, and import that.")
    try:
        document = hangul_document.parse(content, name)
    except UnreadableDocument as error:
        raise UnreadableDocument(error.message, remedy) from error
    text = hangul.text_of(document.sections, document.shapes, document.struck, document.letters)
    if text.unaccounted:
        why = refusal(name, tr("two counts of its letters do not agree ({number} apart)", number=abs(text.unaccounted)))
        raise UnreadableDocument(why.message, remedy)
    return [text]
