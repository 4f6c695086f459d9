"""English words whose forms or spellings a stemmer leaves apart: men and man, fled and flee, labour and labor.

Spellings are told by the endings in which British and American English differ
(the classes of VarCon, https://wordlist.aspell.net/varcon-readme/), in words long
enough that no other word has the same form. Of irregular forms those are left out
that are words of their own too (left, found, saw, felt, lay, lead, bear), and
those that begin with another letter than their word.
"""

from typing import Final

from archive.text import regex

_SPELLINGS: Final = (
    ("our", regex(r"(?<=[a-z]{3})our(?=s?$|ed$|ers?$|ing$|able$|less$|ful$|ist$|ite$)"), "or"),
    ("is", regex(r"(?<=[a-z]{2}[^aeiouvw])is(?=e[drs]?$|ers$|ing$|ations?$|able$)"), "iz"),
    ("ys", regex(r"(?<=[a-z]{3})ys(?=e[drs]?$|ing$)"), "yz"),
    ("re", regex(r"(?<=[a-z]{3}[bt])re(?=s?$)"), "er"),
    ("ogue", regex(r"(?<=[a-z]{3})ogue(?=s?$)"), "og"),
    ("ence", regex(r"^(def|off|lic|pret)ence(?=s?$|less$)"), r"\1ense"),
    ("ll", regex(r"(?<=[aeiou])([^aeiou]{1,3}[aeiou])ll(?=ed$|ing$|ers?$)"), r"\1l"),
)
"""Letters that a word must have, where in it they stand, and what they are made."""
_ALWAYS_S: Final = (
    *(
        "promis",
        "premis",
        "compromis",
        "surmis",
        "surpris",
        "enterpris",
        "compris",
        "appris",
        "advertis",
        "chastis",
        "merchandis",
    ),
    *("expertis", "franchis", "paradis", "treatis", "exercis", "precis", "concis", "circumcis", "excis", "incis", "disguis"),
)
"""Words in -ise that are written so everywhere."""
_SHORTEST: Final = 6
"""Letters of a word of which the spelling is made one: tour, four, promise and the like stay as they are or meet nothing."""


def _split(written: str) -> list[str]:
    return written.split()


_FORMS: Final = """
    man men · woman women · child children · foot feet · tooth teeth · wife wives · life lives
    die dying · beat beaten · starve starvation · hold held · sell sold · steal stole stolen · hide hid hidden
    flee fled · shoot shot · hang hung · eat eaten · dig dug · freeze froze frozen · break broke broken · take took taken
    give gave given · drive drove driven · bury burial burials · deny denial denials · speak spoke spoken
    forbid forbade forbidden · bind bound · throw threw thrown · catch caught
"""
IRREGULAR: Final = {
    form: base for group in _FORMS.strip().replace("\n", "·").split("·") for base, *forms in [_split(group)] for form in forms
}
"""Form → the word of which it is one."""


def base_form(folded: str) -> str:
    """Return what is to be stemmed for a folded word: one spelling for two, the word itself for an irregular form."""
    if folded in IRREGULAR:
        return IRREGULAR[folded]
    if len(folded) >= _SHORTEST and not folded.startswith(_ALWAYS_S):
        for letters, place, instead in _SPELLINGS:
            if letters in folded:
                folded = place.sub(instead, folded)
    return folded
