"""Taking out what Markdown, HTML, TeX, reStructuredText, AsciiDoc and Org put around words.

Every line stays on its line, so that a place in a document can still be named.
`BORDER` stands where HTML begins or ends a block; a quotation set apart as a
block has ``>`` before each of its lines, whatever the format.
"""

import html
import re
import unicodedata
from typing import Final

BORDER: Final = "\u2029"

_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,12});")
_TEX_SIGN = re.compile(r"\{?\\textperiodcentered(?:\{\})?\}?|\{?\\textendash(?:\{\})?\}?|\$\\cdot\$|\\cdot(?![a-z])")
_TEX_NAMES: Final = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textasciigrave": "`"}
_TEX_NAMED = re.compile(r"\\(textbackslash|textasciitilde|textasciicircum|textasciigrave)(?:\{\})?")
_TEX_ENQUOTED = re.compile(r"\\(?:enquote|textquote|textcquote)\*?(?:\[[^\[\]\n]{0,80}\])?\{([^{}]{0,8000})\}")
_TEX_STYLED = re.compile(r"\\(?:text(?:tt|bf|it|sf|sc|sl|rm|up)|emph|mbox|code|url|path|verb)(?=\{)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_FENCES: Final = (
    (re.compile(r"[ \t]{0,8}\\begin\{(quote|quotation|displayquote|displaycquote)\}"), r"[ \t]{{0,8}}\\end\{{{}\}}"),
    (re.compile(r"[ \t]{0,8}#\+begin_(quote|verse)\b", re.IGNORECASE), r"(?i:[ \t]{{0,8}}#\+end_{}\b)"),
    (re.compile(r"(_{4,40})[ \t]*\Z"), r"{}[ \t]*\Z"),
    (re.compile(r'("{3,3})[ \t]*\Z'), r"{}[ \t]*\Z"),
)
# Hyphens of typesetters and signs of full width are plain ones, and what has no width is nothing.
_AS_TYPED: Final = {
    **{0xFEE0 + plain: plain for plain in range(0x21, 0x7F)},
    **{styled: unicodedata.normalize("NFKC", chr(styled)) for styled in range(0x1D400, 0x1D800)},
    **dict.fromkeys(map(ord, "\u2010\u2011\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\u00ad\ufeff")),
}
_INLINE: Final = (
    "a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strong|sub|sup|time|tt|u|var|wbr"
)
_BLOCK: Final = (
    "address|article|aside|blockquote|body|br|caption|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|head|header|hr|html|li|main|nav|ol|p"
    "|pre|script|section|style|table|tbody|td|th|thead|title|tr|ul"
)
_TAG = re.compile(rf"<(/?)({_INLINE}|{_BLOCK})((?:\s[^<>]{{0,2000}})?)/?>", re.IGNORECASE)
_CALLS = re.compile(r"""href\s?=\s?["']?#((?:fn|footnote|note|en)[\w:.-]{0,60})""", re.IGNORECASE)
_NAMED = re.compile(r"""\bid\s?=\s?["']?((?:fn|footnote|note|en)(?!ref)[\w:.-]{0,60})""", re.IGNORECASE)
_CITING = re.compile(r"""=\s?["']([^"'<>]{0,2000}256[^"'<>]{0,2000})["']""")
_UNSEEN = re.compile(r"<(script|style)\b[^<>]{0,500}>.*?</\1\s?>|<!--.*?-->", re.IGNORECASE | re.DOTALL)


def plain(text: str, *, prose: bool = True) -> str:
    """Return the words of a document as a reader sees them.

    :param prose: also what sets quotations apart; machine formats have none.
    """
    text = text.translate(_AS_TYPED)
    if prose:
        text = _fenced(text)
    if "<" in text:
        text = _without_tags(text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]).replace("\n", " "), text)
    if "\\" in text:
        text = _TEX_SIGN.sub(lambda match: "-" if "endash" in match[0] else "·", text)
        text = _TEX_ENQUOTED.sub(r"“\1”", _TEX_STYLED.sub("", text))
        text = _TEX_NAMED.sub(lambda match: _TEX_NAMES[match[1]], text)
        text = _ESCAPED.sub(r"\1", text)
    return text.replace("``", "“").replace("''", "”") if prose else text


def _fenced(text: str) -> str:
    """Set ``>`` before each line of a quotation that stands between two lines of a fence."""
    if not any(sign in text for sign in ("\\begin{", "____", '"""', "+begin_", "+BEGIN_", "+Begin_")):
        return text
    lines, end = text.split("\n"), None
    for number, line in enumerate(lines):
        if end is not None:
            closed = end.match(line)
            lines[number], end = ("", None) if closed else (f"> {line.strip()}", end)
            continue
        for opening, closing in _FENCES:
            match = opening.match(line)
            if match:
                end, lines[number] = re.compile(closing.format(re.escape(match[1]))), ""
                break
    return "\n".join(lines)


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
        if name == "blockquote":
            depth = max(0, depth + (-1 if closing else 1))
        named = "" if closing else "".join(f"[^{attribute[1]}]: " for attribute in [_NAMED.search(rest)] if attribute)
        if re.fullmatch(_INLINE, name):
            called = "" if closing else "".join(f"[^{attribute[1]}] " for attribute in [_CALLS.search(rest)] if attribute)
            return called + ends
        if name in {"br", "dd"} or (closing and name == "dt"):
            return f" {ends}"
        return f"{ends}{BORDER}{'> ' if depth else ''}{named}"

    text = _UNSEEN.sub(lambda match: "\n" * match[0].count("\n"), text)
    return _TAG.sub(instead, text)
