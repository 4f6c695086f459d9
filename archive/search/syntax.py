"""The words of a query, read into a tree, or an error that names the place.

::

    coal mine              both words (--any: at least one)
    coal OR (gold pit)     either; parentheses group
    coal NOT gold          -gold says the same
    "public execution"     next to each other, in this order
    "coal mine"~5          near: any order, at most five other words between
    execut*  wom?n         a beginning; one letter, whichever
    camp:15 flag:recanted  what a passage is about; witness:"Kang"
    “public execution”     as word processors write it; also –gold, ＊, ～1, ||
    executoin~1            one letter added, lost or changed, or two neighbours swapped (~2: twice)

Bounded before anything is looked up, so that no query hangs.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NoReturn, Union, assert_never

from archive.analysis import tokens
from archive.errors import BadQuery
from archive.language.messages import tr
from archive.named_tuple import NamedTuple, equal_in_class
from archive.text import fold, regex, squash

MOST_CHARACTERS: Final = 1_000
MOST_PLAIN: Final = 100_000
MOST_TERMS: Final = 32
MOST_REQUIRED: Final = 256
MOST_ASKED: Final = 4_000
"""Different words that must all occur; no passage holds more, and Whoosh's trees of conditions end in a stack."""
MOST_DEPTH: Final = 10
MOST_EDITS: Final = 2
MOST_FUZZY: Final = 8  # each is held against every word of the index
MOST_BETWEEN: Final = 100
LETTERS_BEFORE_WILDCARD: Final = 2
_MOST_WORKS: Final = 3
"""Works that are written one by one; more by the name that stands for all of them."""


class _TypedWords(NamedTuple):
    """What was typed. Nodes of one shape share it: a named tuple takes seven times as long to make as a class below one."""

    written: str


@equal_in_class
class Word(_TypedWords):
    """A word, or several that one word of the query falls into (``kwalliso-14``)."""

    __slots__ = ()


@equal_in_class
class Phrase(NamedTuple):
    """Words next to each other, or with ``between`` near each other in any order."""

    written: str
    between: int | None = None


@equal_in_class
class Pattern(_TypedWords):
    """A word with ``*`` or ``?``, folded."""

    __slots__ = ()


@equal_in_class
class Fuzzy(NamedTuple):
    """A word with at most ``edits`` changes, folded."""

    written: str
    edits: int


@equal_in_class
class Exact(_TypedWords):
    """Words as they are typed: case, accents and signs included."""

    __slots__ = ()


@equal_in_class
class FieldQuery(NamedTuple):
    """A condition in the words: ``camp:15``; ``place`` is where it stands, for errors."""

    name: str
    value: str
    place: int


@equal_in_class
class NameQuery(NamedTuple):
    """A run of words that is a name of a facility, with the spellings to look for."""

    written: str
    spellings: tuple[str, ...]
    why: tuple[str, ...]


@equal_in_class
class Concept(NamedTuple):
    """A run of words that is a label of the thesaurus: the words, or a passage on one of the terms, each a list and an id."""

    written: str
    part: "Node"
    terms: tuple[tuple[str, str], ...]


@equal_in_class
class WorkQuery(NamedTuple):
    """Words that name works: their part of the query, or a passage of one of the works, or one that cites it.

    ``part`` is None where a field asks for the works alone.
    """

    written: str
    part: "Node | None"
    works: tuple[str, ...]


class _OnePart(NamedTuple):
    part: "Node"


@equal_in_class
class Lift(_OnePart):
    """A part that need not answer; where it does, the passage comes earlier."""

    __slots__ = ()


class _SomeParts(NamedTuple):
    parts: tuple["Node", ...]


@equal_in_class
class And(_SomeParts):
    """Every part must answer."""

    __slots__ = ()


@equal_in_class
class Or(_SomeParts):
    """At least one part must answer."""

    __slots__ = ()


@equal_in_class
class FreeText(NamedTuple):
    """A long question in plain words: any of them, each as often as it is asked."""

    words: tuple[str, ...]


@equal_in_class
class Not(_OnePart):
    """The part must not answer."""

    __slots__ = ()


Node = Union[Word, Phrase, Pattern, Fuzzy, Exact, FieldQuery, NameQuery, FreeText, Concept, WorkQuery, Lift, And, Or, Not]  # noqa: UP007 - the names are not defined yet

FIELDS: Final = (
    *("camp", "zone", "role", "basis", "status", "period", "period_within", "flag", "without_flag"),
    *("topic", "without_topic", "claim", "work", "kind", "reliability", "connection"),
    *("language", "witness", "code", "recorded"),
)
"""What may stand before a colon: the filters, by the names of their options."""

_EDITS = regex(r"(.+)~([0-9０-９]*)")
_DIGITS: Final = "0123456789０１２３４５６７８９"
_OPERATORS = {"||": "OR", "|": "OR", "&&": "AND", "&": "AND"}
OPERATORS: Final = frozenset({"AND", "OR", "NOT"})
_DOUBLED = regex(r"-{2,}[\"(\w]")
_ELSEWHERE = regex(r"NEAR|XOR|ADJ[0-9]*|(?:NEAR|ONEAR|ADJ|WITHIN|PRE|W|N|P)/[0-9]+")
"""Operators of other search programs, which would else be taken for words that must occur."""


class _Lexeme(NamedTuple):
    kind: str
    text: str
    place: int
    number: str | None = None
    written: str = ""
    """The text as it was typed, where it stands for itself."""


# What word processors and keyboards for other scripts make of the signs of the language. Each takes one place, so
# that an error still names the place in what was typed.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»‹›「」『』〝〞〟＂″‶❝❞", '"'),
        **dict(zip("（）＊～〜∼：｜＆！¬", "()*~~~:|&!!", strict=True)),
    }
)
_QUOTED = regex(r"(?<![^\s(])[‘‚]([^‘’\"]+(?:’\w[^‘’\"]*)*)[’‘](?=[\s)~]|$)")
_INNER_MARK = regex(r"？(?=\w)")  # at the end of a word it ends a question
_FIRST_DASH = regex(r"\A(\s*[\"(]*)[\u2014\u2015]+(?=[\"(\w])")  # as a pasted line begins that was somebody's speech
_DASH = regex(r"(?<![^\s(\"])(?:[\u2010-\u2013\u2043\u2212\ufe63\uff0d]+|[\u2014\u2015\ufe58])(?=[-\"(\w])")
_EXCLUDED = regex(r"(?<![^\s(])!(?=[\"(\w])")  # as many programs write it
_NARROW: Final = str.maketrans("ＡＮＤＯＲＴ", "ANDORT")
_WIDE_OPERATOR = regex(r"(?<!\S)(?:ＡＮＤ|ＯＲ|ＮＯＴ)(?!\S)")


# Of a question in several words; behind an operator it is a sign for a letter, as where a word stands alone.
_LAST_MARK = regex(r"(\S(?<!\bAND)(?<!\bOR)(?<!\bNOT)\s+[^\s()\"*?~:]*\w)\?(\s*)\Z")


def _signs(words: str) -> str:
    """Write typographic signs as the signs of the language that they stand for, each in its place."""
    if "?" in words:
        words = _LAST_MARK.sub("\\1\uff1f\\2", words)
    if "!" in words:
        words = _EXCLUDED.sub("-", words)
    if words.isascii():
        return words
    words = _WIDE_OPERATOR.sub(lambda match: match[0].translate(_NARROW), words)
    quoted = _QUOTED.sub(lambda match: f'"{match[1]}"', words.translate(_SIGNS))
    spoken = _FIRST_DASH.sub(lambda match: match[1] + " " * (len(match[0]) - len(match[1])), quoted)
    return _EXCLUDED.sub("-", _DASH.sub(lambda match: "-" * len(match[0]), _INNER_MARK.sub("?", spoken)))


def parse(words: str, *, exact: bool = False) -> Node | None:
    """Read a query; None where it has no words at all.

    :param exact: words and phrases stand for themselves as they are typed.
    :raises BadQuery: it cannot be read, or is past a bound.
    """
    if len(words) > MOST_CHARACTERS:
        message = tr("the query is longer than {most_characters:,} characters", most_characters=MOST_CHARACTERS)
        raise BadQuery(message, words, MOST_CHARACTERS, tr("Shorten it, or use --plain for a long text."))
    lexemes = list(_lexemes(words))
    if not lexemes:
        return None
    parser = _Parser(words, lexemes, exact=exact)
    tree = parser.either(0)
    if parser.at < len(lexemes):
        parser.refuse(tr("there is a closing parenthesis without an opening one"))
    if parser.terms > MOST_TERMS:
        message = tr("the query has more than {most_terms} words", most_terms=MOST_TERMS)
        raise BadQuery(message, words, len(words) - 1, tr("Leave some out, or use --plain."))
    if tree is None:
        message = tr("the query has no word to search for")
        raise BadQuery(message, words, 0)
    return tree


def plain(words: str, *, any_of: bool = False, exact: bool = False) -> Node | None:
    """Take the words as they are; nothing in them is syntax.

    A text of more words than a query may have stands for each of its words once.

    :raises BadQuery: too many different words would all have to occur.
    """
    written = words[:MOST_PLAIN]
    parts: tuple[Node, ...]
    if exact:
        parts = tuple(Exact(word) for word in dict.fromkeys(written.split()) if tokens.has_word(word))
    elif any_of:
        asked = tuple(_words(written))
        if len(different := set(asked)) > MOST_ASKED:
            message = tr("the text has {number:,} different words", number=len(different))
            raise BadQuery(
                message, words, 0, tr("At most {most_asked:,} can be asked for at once; ask in parts.", most_asked=MOST_ASKED)
            )
        return FreeText(asked) if asked else _nothing(written)
    else:
        parts = tuple(Word(word) for word in dict.fromkeys(_words(written)))
        if any(len(part.written) > MOST_CHARACTERS for part in parts if isinstance(part, Word)):
            message = tr("the text has a word of more than {most_characters:,} letters", most_characters=MOST_CHARACTERS)
            raise BadQuery(message, words, 0, tr("No passage has such a word."))
    if len(parts) > MOST_REQUIRED and not any_of:
        message = tr("the text has {number:,} different words, and no passage has them all", number=len(parts))
        raise BadQuery(
            message,
            words,
            0,
            tr(
                "Use --any for any of the words; without it at most {most_required} can be asked for.",
                most_required=MOST_REQUIRED,
            ),
        )
    whole = all_of(parts)
    return _nothing(written) if whole is None else as_any_of(whole) if any_of else whole


def is_plain(words: str) -> bool:
    """Return whether a query is plain words and fields side by side, with no sign that says how they belong together."""
    return all(
        lexeme.kind == "field" or (lexeme.kind == "word" and lexeme.text not in OPERATORS and not _is_wild(lexeme.text))
        for lexeme in _lexemes(words)
    )


def _words(text: str) -> list[str]:
    """Return the words of a text as they are written, but those that fold to nothing."""
    return [word.written for word in tokens.each_word(text) if tokens.has_word(word.written)]


def _nothing(written: str) -> Node | None:
    """Return what signs without a word ask for: nothing has them; no signs at all ask for everything."""
    return Or(()) if written.strip() else None


def as_any_of(node: Node | None) -> Node | None:
    """Ask for any of the words that would all have to occur."""
    return Or(node.parts) if isinstance(node, And) else node


def all_of(parts: Iterable[Node | None]) -> Node | None:
    """Ask for all of some parts, as few levels deep as will do."""
    kept: list[Node] = []
    for part in parts:
        kept += part.parts if isinstance(part, And) else () if part is None else (part,)
    return And(tuple(kept)) if len(kept) > 1 else kept[0] if kept else None


def describe(node: Node | None) -> str:
    """Write the tree as a query: ``coal AND (mine OR pit)``."""
    if node is None:
        return ""
    if isinstance(node, And):
        node = all_of(part for part in node.parts if not isinstance(part, Lift)) or node
    return _as_written(node, outer=True)


def _as_written(node: Node, *, outer: bool = False) -> str:  # noqa: C901, PLR0912 - one case for each kind of node
    match node:
        case Not(part):
            written = f"NOT {_as_written(part)}"
        case And(parts):
            written = _join(" AND ", map(_as_written, parts), outer=outer)
        case Or(parts):
            written = _join(" OR ", map(_as_written, parts), outer=outer)
        case FreeText(words):
            written = _join(" OR ", words, outer=outer)
        case Concept(_, part, terms):
            written = _join(" OR ", (_as_written(part), *(f"{name}:{term}" for name, term in terms)), outer=outer)
        case WorkQuery(name, part, works):
            fields = (_field("work", each) for each in (works if len(works) <= _MOST_WORKS else (name,)))
            written = _join(" OR ", (_as_written(part) if part else "", *fields), outer=outer)
        case Lift():
            written = ""  # what need not answer is no part of what was asked for
        case FieldQuery(name, value):
            written = _field(name, value)
        case Phrase(words, between):
            written = f'"{words}"' + ("" if between is None else f"~{between}")
        case Exact(words):
            written = f'"{words}"' if " " in words else words
        case Fuzzy(word, edits):
            written = f"{word}~{edits}"
        case Word(word) | Pattern(word) | NameQuery(word):
            written = word
        case _:
            assert_never(node)
    return written


def _field(name: str, value: str) -> str:
    return f'{name}:"{value}"' if " " in value else f"{name}:{value}"


def _join(between: str, parts: Iterable[str], *, outer: bool) -> str:
    """Join the parts of a query that ask for something; in parentheses where they are a part themselves."""
    kept = [part for part in parts if part]
    joined = between.join(kept)
    return joined if outer or len(kept) == 1 else f"({joined})"


def _lexemes(words: str) -> Iterator[_Lexeme]:
    """Yield the parts of a query; by a loop, since to compile an expression for them takes a hundredth of a search."""
    read, at = _signs(words), 0
    while at < len(read):
        sign, after = read[at], read[at + 1 : at + 2]
        if sign in "()":
            yield _Lexeme("open" if sign == "(" else "close", sign, at)
            at += 1
        elif sign == '"':
            begin, end = at, _closing(read, at)
            if end < 0:
                message = tr("a quotation mark is not closed")
                raise BadQuery(message, words, at, tr('Close it with a second ", or use --plain.'))
            at = end + 1
            between = None
            if read[at : at + 1] == "~":
                digits = len(read) - at - 1 - len(read[at + 1 :].lstrip(_DIGITS))
                between = read[at + 1 : at + 1 + digits]
                at += 1 + digits
            yield _Lexeme("phrase", read[begin + 1 : end], begin, between, words[begin + 1 : end])
        elif sign == "-" and (after in {'"', "(", "_"} or after.isalnum()):
            yield _Lexeme("minus", sign, at)
            at += 1
        elif sign.isspace():
            at += 1
        else:
            lexeme, at = _word_or_field(words, read, at)
            yield lexeme


def _word_or_field(words: str, read: str, begin: int) -> tuple[_Lexeme, int]:
    """Return the word, or the field with its value, that begins at a place, and where it ends."""
    end = begin
    while end < len(read) and not (read[end] in '()"' or read[end].isspace()):
        end += 1
    name, colon, value = read[begin:end].partition(":")
    if colon and name.isascii() and name[:1].isalpha() and name.replace("-", "").replace("_", "").isalpha():
        if value:
            return _Lexeme("field", name, begin, value), end
        if read[end : end + 1] == '"' and (closing := _closing(read, end)) > 0:
            return _Lexeme("field", name, begin, read[end + 1 : closing]), closing + 1
    word = read[begin:end]
    return _Lexeme("word", _OPERATORS.get(word, word), begin, written=words[begin:end]), end


def _closing(read: str, quote: int) -> int:
    """Return where the quotation mark stands that closes one; -1 where none does."""
    return read.find('"', quote + 1)


def _is_wild(written: str) -> bool:
    return "*" in written or "?" in written


class _Parser:
    """One look ahead, by recursion; its depth is bounded."""

    def __init__(self, words: str, lexemes: list[_Lexeme], *, exact: bool) -> None:
        self.words = words
        self.exact = exact
        self.lexemes = lexemes
        self.at = 0
        self.terms = 0
        self.fuzzy = 0

    def refuse(self, message: str, remedy: str = "") -> NoReturn:
        place = self.lexemes[self.at].place if self.at < len(self.lexemes) else len(self.words)
        raise BadQuery(message, self.words, place, remedy)

    def _is(self, word: str) -> bool:
        here = self.lexemes[self.at] if self.at < len(self.lexemes) else None
        return here is not None and here.kind == "word" and here.text == word

    def either(self, depth: int) -> Node | None:
        parts = [self._every(depth)]
        while self._is("OR"):
            self.at += 1
            parts.append(self._every(depth))
        kept = tuple(part for part in parts if part is not None)
        return (kept[0] if len(kept) == 1 else Or(kept)) if kept else None

    def _every(self, depth: int) -> Node | None:
        parts: list[Node] = []
        count = 0
        while self.at < len(self.lexemes) and self.lexemes[self.at].kind != "close" and not self._is("OR"):
            if self._is("AND"):
                if count == 0:
                    self.refuse(tr("there is nothing before AND"))
                self.at += 1
                if self.at >= len(self.lexemes) or self._is("OR") or self.lexemes[self.at].kind == "close":
                    self.refuse(tr("there is nothing after AND"))
                continue
            part = self._one(depth)
            count += 1
            if part is not None:
                parts.append(part)
        if count == 0:
            self.refuse(tr("something is missing here"))
        return all_of(parts)

    def _one(self, depth: int) -> Node | None:
        if depth >= MOST_DEPTH:
            self.refuse(tr("the query is nested more than {most_depth} deep", most_depth=MOST_DEPTH))
        here = self.lexemes[self.at]
        if here.kind == "minus" or self._is("NOT"):
            self.at += 1
            if self.at >= len(self.lexemes) or self._is("OR") or self._is("AND") or self.lexemes[self.at].kind == "close":
                self.refuse(tr("there is nothing after NOT"))
            part = self._one(depth + 1)
            return None if part is None else Not(part)
        if here.kind == "open":
            self.at += 1
            inner = self.either(depth + 1)
            if self.at >= len(self.lexemes):
                self.at = self.lexemes.index(here)
                self.refuse(tr("a parenthesis is not closed"))
            self.at += 1
            return inner
        kinds = {"phrase": self._phrase, "field": self._field}
        node = kinds.get(here.kind, self._word)(here)
        self.at += 1
        return node

    def _phrase(self, here: _Lexeme) -> Node | None:
        words = _words(here.text)
        self.terms += max(1, len(words))
        if _is_wild(here.text):
            self.refuse(tr("a phrase cannot hold * or ?"), tr("Search for the words one by one."))
        if not words:
            return None
        if self.exact:
            if here.number is not None:
                self.refuse(tr("--exact takes words and phrases, not words near each other"))
            return Exact(squash(here.written))
        if here.number is None:
            return Phrase(" ".join(words))
        between = int(here.number or 0)
        if between > MOST_BETWEEN:
            self.refuse(tr("near is at most {most_between} words", most_between=MOST_BETWEEN))
        return Phrase(" ".join(words), between)

    def _field(self, here: _Lexeme) -> Node:
        self.terms += 1
        name, value = here.text.lower().replace("-", "_"), (here.number or "").strip()
        if name not in FIELDS:
            self.refuse(
                tr("there is no field {text!r}", text=here.text[:30]),
                tr("There are {fields}; or use --plain to search for the words as they are.", fields=", ".join(FIELDS)),
            )
        if not value:
            self.refuse(tr("{name}: has no value", name=name))
        return FieldQuery(name, value, here.place)

    def _word(self, here: _Lexeme) -> Node | None:
        self.terms += 1
        if here.text.startswith("--") and _DOUBLED.match(here.text + self.words[here.place + len(here.text) :][:1]):
            self.refuse(
                tr("two hyphens before a word are no sign of the language"),
                tr("Write -coal to leave a word out; or use --plain."),
            )
        if len(self.lexemes) > 1 and here.text[0] in "NXAOWP" and _ELSEWHERE.fullmatch(here.text) and not self.words.isupper():
            self.refuse(
                tr("there is no operator {text}", text=here.text),
                tr(
                    'Write "torture camp"~5 for words near each other; for the word itself write {word} in small letters.',
                    word=here.text.partition("/")[0].lower(),
                ),
            )
        if here.text.endswith(":") and here.text[:-1].lower().replace("-", "_") in FIELDS:
            self.refuse(
                tr("{text} has no value", text=here.text),
                tr("Write it without a space, as {text}VALUE; or use --plain.", text=here.text),
            )
        if self.exact:
            if _is_wild(here.text) or _EDITS.fullmatch(here.text):
                self.refuse(tr("--exact takes words and phrases, not patterns"), tr("Leave out --exact, or use it with --plain."))
            return Exact(here.written) if tokens.has_word(here.written) else None
        edits = "~" in here.text and _EDITS.fullmatch(here.text)
        if edits:
            return self._fuzzy(edits[1], edits[2])
        if _is_wild(here.text):
            return self._pattern(here.text)
        # Of what stands around the word nothing is looked for, so none of it is told as understood.
        words = [word for word in tokens.each_word(here.text) if tokens.has_word(word.written)]
        return Word(here.text[words[0].start : words[-1].end]) if words else None

    def _fuzzy(self, word: str, number: str) -> Node:
        edits = int(number or 1)
        self.fuzzy += 1
        if self.fuzzy > MOST_FUZZY:
            self.refuse(tr("the query has more than {most_fuzzy} fuzzy words", most_fuzzy=MOST_FUZZY))
        if not 1 <= edits <= MOST_EDITS:
            self.refuse(tr("fuzzy is ~1 or ~{most_edits}", most_edits=MOST_EDITS))
        if not tokens.is_word(word):
            self.refuse(tr("fuzzy goes with one word"))
        return Fuzzy(tokens.form(word), edits)

    def _pattern(self, written: str) -> Node:
        literal = re.match(r"[^*?]*", written)
        if literal is None or len(fold(literal[0])) < LETTERS_BEFORE_WILDCARD:
            self.refuse(
                tr(
                    "there must be {letters_before_wildcard} letters before * or ?",
                    letters_before_wildcard=LETTERS_BEFORE_WILDCARD,
                )
            )
        if not tokens.is_word(written.replace("*", "x").replace("?", "x")):
            self.refuse(tr("* and ? go with one word"))
        return Pattern(tokens.pattern(written))
