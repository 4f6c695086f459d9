"""Taking out what Markdown, HTML, TeX, reStructuredText, AsciiDoc and Org put around words.

Every line stays on its line, so that a place in a document can still be named.
`BORDER` stands where HTML begins or ends a block; a quotation set apart as a
block has ``>`` before each of its lines, whatever the format.
"""

import html
import re
import unicodedata
from typing import Final
from urllib.parse import unquote

BORDER: Final = "\u2029"

_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,12});")
# Whole documents are looked through for each of these. One that begins with a letter, or a set of a few, is found ten times
# sooner than one that begins with a look at what stands before, which comes behind the letter here.
_TEX_SIGN = re.compile(
    r"[{$\\](?:(?:(?<=\{)\\|(?<=\\))text(?:periodcentered|endash)(?:\{\})?\}?|(?<=\$)\\cdot\$|(?<=\\)cdot(?![a-z]))"
)
_TEX_NAMES: Final = {
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textasciigrave": "`",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "quotedblbase": "„",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "glqq": "„",
    "grqq": "“",
    "glq": "‚",
    "grq": "‘",
    "flqq": "«",
    "frqq": "»",
    "flq": "‹",
    "frq": "›",
    "og": "«",
    "fg": "»",
    "guillemotleft": "«",
    "guillemotright": "»",
    "guillemetleft": "«",
    "guillemetright": "»",
    "textquotedbl": '"',
    "ldots": "…",
    "dots": "…",
    "textellipsis": "…",
    "textendash": "–",
    "textemdash": "—",
}
_TEX_NAMED = re.compile(rf"\\({'|'.join(sorted(_TEX_NAMES, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|[ ]?)")
_TEX_ENQUOTED = re.compile(
    r"\\(?:enquote|say|textquote|textcquote|(?:block|foreign|hyphen)(?:block|text)?c?quote|quotation)\*?((?:\[[^\[\]]{0,2000}\]){0,2})"
    r"(?:\{[^{}\n]{0,80}\}(?=\{))?\{([^{}]{0,8000})\}"
)
_TEX_SPACE = re.compile(
    r"[~\\](?:(?<=[^\s~\\]~)(?=[^\s~])|(?<=\\)(?:[,;:!]|(?:thinspace|nobreakspace|enspace|quad)(?![A-Za-z])(?:\{\})?))"
)
_TEX_HYPHEN = re.compile(r"\\-(?<=\w\\-)(?=\w)")
_STYLED_INSIDE = re.compile(r"\\(?:text(?:tt|bf|it|sf|sc|sl|rm|up)|emph|mbox)\{([^{}]{0,2000})\}")
# Struck out: of soul and ulem; in BBCode; with a role in AsciiDoc.
_STRUCK_OUT: Final = (
    re.compile(r"\\(?:sout|xout|st|strike|cancel)\{([^{}]{0,2000})\}"),
    re.compile(r"\[(?:s|strike|del)\]([^\[\]]{0,2000})\[/(?:s|strike|del)\]", re.IGNORECASE),
    re.compile(r"\[\.?line-through\]#([^#\n]{0,2000})#"),
)
_STRUCK_BEGINS, _STRUCK_ENDS = "\ue000", "\ue001"
_STRUCK_BY_TAG: Final = re.compile(rf"{_STRUCK_BEGINS}(\s*)([^{_STRUCK_BEGINS}{_STRUCK_ENDS}]*?)(\s*){_STRUCK_ENDS}")
_STRUCK: Final = re.compile(r"~~(?<!~~~)(?=[^\s~])((?:[^~]|~(?!~)){1,4000}?)(?<=[^\s~])~~(?!~)")
_STRIKE: Final = "⌫"
_TEX_STYLED = re.compile(r"\\(?:text(?:tt|bf|it|sf|sc|sl|rm|up)|emph|mbox|code|url|path|verb)(?=\{)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_FENCES: Final = (
    (re.compile(r"\\begin\{([a-z]{0,20}quot[a-z]{1,20}|verse)\*?\}"), r"\\end\{{{}\*?\}}"),
    (re.compile(r"\\start([a-z]{0,20}quot[a-z]{1,20})(?![a-z])"), r"\\stop{}(?![a-z])"),
    (re.compile(r"\A[ \t]{0,8}#\+begin_(quote|verse|center)\b", re.IGNORECASE), r"(?i:\A[ \t]{{0,8}}#\+end_{}\b)"),
    (re.compile(r"\A(_{4,40})[ \t]*\Z"), r"\A{}[ \t]*\Z"),
    (re.compile(r'\A("{3,3})[ \t]*\Z'), r"\A{}[ \t]*\Z"),
)
_MAY_BE_FENCED = re.compile(r'\\begin\{|\\start|____|"""|\+begin_', re.IGNORECASE)
_OPTIONS = re.compile(r"(?:\[[^\[\]]{0,2000}\]|\{[^{}]{0,80}\})+")
_OF_ADDRESSES = re.compile(r"%(?:20|23|2[cC]|3[aA]|C2%B7|c2%b7)")
# Hyphens of typesetters and signs of full width are plain ones, and what has no width is nothing.
_AS_TYPED: Final = {
    **{0xFEE0 + plain: plain for plain in range(0x21, 0x7F)},
    **{styled: unicodedata.normalize("NFKC", chr(styled)) for styled in range(0x1D400, 0x1D800)},
    **dict.fromkeys(map(ord, "\u2010\u2011\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\u00ad\ufeff")),
}
_TYPED_OTHERWISE = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff\u2010\u2011\u2212\u200b-\u200d\u2060\u00ad\ufeff]")
"""Any of them: most texts have none, which is seen ten times sooner than each letter is looked up."""
_INLINE: Final = (
    "a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|label|mark|q|rb|ref|ruby|s|samp|small|span|strike|strong|sub|sup|time|tt"
    "|u|var|wbr"
)
_BLOCK: Final = (
    "address|article|aside|attrib|attribution|blockquote|body|br|caption|dd|details|disp-quote|div|dl|dt|epigraph|figcaption|figure"
    "|footer|h[1-6]|head|header|hr|html|l|lg|li|main|nav|ol|p|para|poem|pre|script|section|simpara|style|summary|table|tbody|td|th|thead"
    "|title|tr|ul"
)
_STRIKING: Final = re.compile(r"<(/?)(del|s|strike|span)((?:\s[^<>]{0,2000})?)>", re.IGNORECASE)
_SET_APART: Final = frozenset({"blockquote", "disp-quote", "epigraph", "poem"})
_TAG = re.compile(rf"<(/?)({_INLINE}|{_BLOCK})((?:\s[^<>]{{0,2000}})?)/?>", re.IGNORECASE)
_CALLS = re.compile(r"""href\s?=\s?["']?#((?:fn|footnote|note|en)[\w:.-]{0,60})""", re.IGNORECASE)
_NAMED = re.compile(r"""\bid\s?=\s?["']?((?:fn|footnote|note|en)(?!ref)[\w:.-]{0,60})""", re.IGNORECASE)
_CITING = re.compile(r"""=\s?["']([^"'<>]{0,2000}256[^"'<>]{0,2000})["']""")
_UNSEEN = re.compile(r"<(script|style|rt|rp)\b[^<>]{0,500}>.*?</\1\s?>|<!--.*?-->", re.IGNORECASE | re.DOTALL)


def plain(text: str, *, prose: bool = True) -> str:
    """Return the words of a document as a reader sees them.

    :param prose: also what sets quotations apart; machine formats have none.
    """
    if _TYPED_OTHERWISE.search(text):
        text = text.translate(_AS_TYPED)
    if prose:
        text = _fence(text)
    if "<" in text:
        text = _without_tags(text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]).replace("\n", " "), text)
    if "%" in text:
        text = _OF_ADDRESSES.sub(lambda match: unquote(match[0]), text)
    if "\\" in text:
        text = _TEX_SIGN.sub(lambda match: "-" if "endash" in match[0] else "·", text)
        text = _STRUCK_OUT[0].sub(r"~~\1~~", text) if prose else text
        text = _TEX_HYPHEN.sub("", _TEX_SPACE.sub(" ", text) if prose else text)
        text = _TEX_ENQUOTED.sub(r"“\2” \1", _TEX_STYLED.sub("", _STYLED_INSIDE.sub(r"\1", text)))
        text = _TEX_NAMED.sub(lambda match: _TEX_NAMES[match[1]], text)
        text = _ESCAPED.sub(r"\1", text)
    if prose and "[" in text:
        for struck in _STRUCK_OUT[1:]:
            text = struck.sub(r"~~\1~~", text)
    return text.replace("``", "“").replace("''", "”") if prose else text


def with_strikes(text: str) -> str:
    """Return a text with a sign of its own at each end of what is struck out: between two tildes, as `plain` has it."""
    return _STRUCK.sub(rf" {_STRIKE} \1 {_STRIKE} ", text) if "~~" in text else text


def without_struck(text: str) -> str:
    """Return a text without the words that are struck out; where all are, those words as if nothing were."""
    if "~~" not in text:
        return text
    left = _STRUCK.sub("", text)
    return left if any(map(str.isalnum, left)) else _STRUCK.sub(r"\1", text)


def _fence(text: str) -> str:
    """Set ``>`` before each line of a quotation that stands between two lines of a fence."""
    if not _MAY_BE_FENCED.search(text):
        return text
    lines: list[str] = []
    end: re.Pattern[str] | None = None
    for line in text.split("\n"):
        shown, end = _fence_line(line, end)
        lines.append(shown)
    return "\n".join(lines)


def _fence_line(line: str, end: re.Pattern[str] | None) -> tuple[str, re.Pattern[str] | None]:
    """Return a line with what is quoted in it set apart, and what ends the quotation where it goes on; nothing else is lost."""
    parts: list[str] = []
    rest = line
    while rest.strip() or not parts:
        if end is None:
            opened = _opening(rest)
            if opened is None:
                parts.append(rest)
                break
            match, end = opened
            parts.append(rest[: match.start()])
            rest = rest[match.end() :]
            if options := _OPTIONS.match(rest):  # a citation may stand there
                parts.append(options[0])
                rest = rest[options.end() :]
        else:
            closed = end.search(rest)
            quoted = rest[: closed.start()] if closed else rest
            parts.append(f"> {quoted.strip()}" if quoted.strip() or not closed else "")
            rest, end = (rest[closed.end() :], None) if closed else ("", end)
    return (BORDER.join(part for part in parts if part.strip()) if len(parts) > 1 else parts[0]), end


def _opening(line: str) -> tuple[re.Match[str], re.Pattern[str]] | None:
    """Return where in a line a quotation begins that is set apart, and what ends it."""
    for opening, closing in _FENCES:
        if match := opening.search(line):
            return match, re.compile(closing.format(re.escape(match[1])))
    return None


def _without_tags(text: str) -> str:
    """Take out the tags of HTML; what a block quotation says begins with ``>``, and words of ``<q>`` stand in quotation marks."""
    depth = 0

    def instead(match: re.Match[str]) -> str:
        nonlocal depth
        closing, name, rest = bool(match[1]), match[2].casefold(), match[3]
        ends = "\n" * match[0].count("\n")
        if "256" in rest:
            # A citation may stand in an attribute, as in the title of a link.
            ends = f" {' '.join(_CITING.findall(rest))} {ends}"
        if name == "q":
            return ("”" if closing else "“") + ends
        if name in {"i", "em"}:
            return f"*{ends}"  # as Markdown writes it: it may be how words are quoted
        if name == "ref":
            return f" {ends}"
        if name in _SET_APART:
            depth = max(0, depth + (-1 if closing else 1))
        named = "" if closing else "".join(f"[^{attribute[1]}]: " for attribute in [_NAMED.search(rest)] if attribute)
        if re.fullmatch(_INLINE, name):
            called = "" if closing else "".join(f"[^{attribute[1]}] " for attribute in [_CALLS.search(rest)] if attribute)
            return called + ends
        if name in {"br", "dd"} or (closing and name == "dt"):
            return f" {ends}"
        return f"{ends}{BORDER}{'> ' if depth else ''}{named}"

    text = _UNSEEN.sub(lambda match: "\n" * match[0].count("\n"), text)
    return _TAG.sub(instead, _struck_by_tags(text))


def _struck_by_tags(text: str) -> str:
    """Set two tildes at each end of what tags strike out, in place of these."""
    spans: list[bool] = []

    def instead(match: re.Match[str]) -> str:
        closing, is_span = bool(match[1]), match[2].casefold() == "span"
        if is_span and not closing:
            spans.append("line-through" in match[3])
        if is_span and not (spans and (spans.pop() if closing else spans[-1])):
            return match[0]
        return (_STRUCK_ENDS if closing else _STRUCK_BEGINS) + "\n" * match[0].count("\n")

    if not _STRIKING.search(text):
        return text
    # Such signs of the text itself would be taken for tags, and what is between them for struck out.
    text = _STRIKING.sub(instead, text.replace(_STRUCK_BEGINS, "").replace(_STRUCK_ENDS, ""))
    # One that goes on in the next tag is one; the space around the words is no part of them.
    text = _STRUCK_BY_TAG.sub(r"\1~~\2~~\3", text.replace(_STRUCK_ENDS + _STRUCK_BEGINS, ""))
    return text.replace(_STRUCK_BEGINS, "").replace(_STRUCK_ENDS, "")
