"""English words whose forms or spellings a stemmer leaves apart: men and man, fled and flee, labour and labor.

Spellings are told by the endings in which British and American English differ
(the classes of VarCon, https://wordlist.aspell.net/varcon-readme/), in words long
enough that no other word has the same form. Of irregular forms those are left out
that are words of their own too (left, found, saw, felt, lay, lead, bear), and
those that begin with another letter than their word.
"""

import re
from typing import Final

_SPELLINGS: Final = (
    (re.compile(r"(?<=[a-z]{3})our(?=s?$|ed$|ers?$|ing$|able$|less$|ful$|ist$|ite$)"), "or"),
    (re.compile(r"(?<=[a-z]{2}[^aeiouvw])is(?=e[drs]?$|ers$|ing$|ations?$|able$)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})ys(?=e[drs]?$|ing$)"), "yz"),
    (re.compile(r"(?<=[a-z]{3}[bt])re(?=s?$)"), "er"),
    (re.compile(r"(?<=[a-z]{3})ogue(?=s?$)"), "og"),
    (re.compile(r"^(def|off|lic|pret)ence(?=s?$|less$)"), r"\1ense"),
    (re.compile(r"(?<=[aeiou])([^aeiou]{1,3}[aeiou])ll(?=ed$|ing$|ers?$)"), r"\1l"),
)
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


def _listed(written: str) -> list[str]:
    return written.split()


_FORMS: Final = """
    man men · woman women · child children · foot feet · tooth teeth · wife wives · life lives
    die dying · beat beaten · starve starvation · hold held · sell sold · steal stole stolen · hide hid hidden
    flee fled · shoot shot · hang hung · eat eaten · dig dug · freeze froze frozen · break broke broken · take took taken
    give gave given · drive drove driven · bury burial burials · deny denial denials · speak spoke spoken
    forbid forbade forbidden · bind bound · throw threw thrown · catch caught
"""
IRREGULAR: Final = {
    form: base for group in re.split("[·\n]", _FORMS.strip()) for base, *forms in [_listed(group)] for form in forms
}
"""Form → the word of which it is one."""


def base_form(folded: str) -> str:
    """Return what is to be stemmed for a folded word: one spelling for two, the word itself for an irregular form."""
    if folded in IRREGULAR:
        return IRREGULAR[folded]
    if len(folded) >= _SHORTEST and not folded.startswith(_ALWAYS_S):
        for pattern, instead in _SPELLINGS:
            folded = pattern.sub(instead, folded)
    return folded
