"""Markdown as a sink: whoever renders it, words come out as words.

Readers of Markdown differ. A backslash is used only before what all of them
take it from (CommonMark, pandoc, Python-Markdown); everything else that is
markup to some reader is written as a character reference.
"""

import re
from typing import Final

from archive.formats.terminal import visible
from archive.record.work import ADDRESS

# Markup anywhere in a line. "%%" hides words in some note-taking programs; GitHub's dialect makes links
# of bare addresses, and takes what follows one for a part of it; pandoc can be told to do so with any scheme.
_BY_BACKSLASH: Final = re.compile(r"([\\`*_{}\[\]])")
_SCHEMES: Final = "(?<=mailto:)|(?<=xmpp:)|(?<=javascript:)|(?<=vbscript:)|(?<=data:)"
# The sign itself comes first, since a sign of a set is looked for ten times as quickly as what may stand before it.
_BY_REFERENCE: Final = re.compile(
    rf"[<>|~^$@&%:.](?:(?<=[<>|~^$@])|(?<=&)(?=#|\w)|(?<=%)(?=%)|(?<=:)(?=//)|{_SCHEMES}|(?<=www\.))", re.IGNORECASE
)
# Markup at the start of a line: headings, rules, quotes, lists with numbers, letters or Roman numerals,
# definitions, underlines, title blocks, boxes of admonitions.
_LIST: Final = re.compile(r"^(\(?(?:[0-9]+|[A-Za-z]|[ivxlcdmIVXLCDM]+|#))([.)])")
_START: Final = re.compile(r"^(?:([#+!-])|([=:%?]))")
_CLOSING: Final = re.compile(r"(#+)$")


def escape(text: str) -> str:
    """Escape a value, so that no Markdown reader takes any of it for markup; white space is folded."""
    plain = " ".join(visible(text).split())
    safe = _BY_REFERENCE.sub(lambda match: f"&#{ord(match[0])};", plain)
    safe = _BY_BACKSLASH.sub(r"\\\1", safe)
    safe = _CLOSING.sub(lambda match: "\\#" * len(match[1]), safe)
    safe = _LIST.sub(r"\1\\\2", safe)
    return _START.sub(lambda match: f"\\{match[1]}" if match[1] else f"&#{ord(match[2])};", safe)


_NO_LINK: Final = str.maketrans({c: f"%{ord(c):02X}" for c in '<>`\\|"^{}'})


def link(address: str) -> str:
    """Write an address of http or https that can be followed; anything else is words."""
    sent = address.translate(_NO_LINK)
    return f"<{sent}>" if ADDRESS.fullmatch(sent) else escape(address)
