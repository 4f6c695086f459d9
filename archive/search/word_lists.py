"""The rules of asking as plain data, for what reads the words of a query itself: the search in a published page."""

from typing import Any

from archive.analysis import tokens
from archive.search import _general_words as general_words
from archive.search import _variants as variants
from archive.search import label_keys


def word_lists() -> dict[str, Any]:
    """Return the closed lists by which a word of a query is told from a subject, in a fixed order."""
    english, korean = general_words.lists()
    return {
        "functions": sorted(label_keys.FUNCTION_WORDS),
        "koreanFunctions": sorted(label_keys.KOREAN_FUNCTION_WORDS),
        "general": sorted(english),
        "koreanGeneral": sorted(korean),
        "asking": list(general_words.ASKING),
        "kinds": sorted(label_keys.kinds()),
        "particles": list(label_keys.particles()),
        "prefixes": list(variants.PREFIXES),
        "also": {form: tokens.stem(base) for form, base in sorted(label_keys.ALSO_FORMS.items())},
    }
