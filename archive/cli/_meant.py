"""What a person may mean by a word of another program: which of our commands, options and formats.

Suggestions by letters alone led astray: ``--from`` is near to ``--bom``, and means a period.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import click

from archive.archive import Archive
from archive.cli._context import GIVEN, Context
from archive.errors import ArchiveError
from archive.language.messages import tr
from archive.record.testimony import reference_meant
from archive.search.filters import parse_filter
from archive.text import join_list, program, squash

WORDS_OF_OPTIONS: Final[Mapping[str, str]] = {
    "--period": "from to until till after before between year years date dates time when decade era range start end begin "
    "기간 시기 연도",
    "--recorded": "published publication interviewed interview 기록일",
    "--since": "new newer changed updated modified recent added",
    "--as-of": "known known-on",
    "--camp": "place prison location where facility site region kwalliso kyohwaso gulag 수용소 장소 관리소 교화소",
    "--witness": "author name speaker person people who survivor victim defector informant teller 증언자 이름",
    "--topic": "subject tag tags theme keyword keywords category about label 주제",
    "--kind": "type genre doctype 종류",
    "--flag": "caveat caveats warning note notes credibility 유의사항",
    "--without-flag": "exclude not without hide",
    "--reliability": "grade rating trust score quality",
    "--basis": "evidence known-by",
    "--code": "id record ref reference identifier number",
    "--limit": "max maximum n num number top first rows size head results hits count page-size per-page",
    "--offset": "skip page start next",
    "--all": "everything unlimited no-limit",
    "--sort": "order order-by rank 정렬",
    "--group": "collapse by-record",
    "--facets": "stats facet aggregate breakdown",
    "--any": "or some",
    "--exact": "case case-sensitive match-case literal strict",
    "--plain": "raw verbatim",
    "--full": "long details verbose",
    "--list": "short brief compact quiet",
    "--format": "as export-as 형식",
    "--output": "out o file save write dest destination target to path",
    "--force": "overwrite yes y clobber",
    "--language": "translation version-in tongue locale 언어",
    "--lang": "locale ui interface",
    "--context": "around c lines surrounding",
    "--no-pager": "pager less more page no-less",
    "--style": "citation-style csl",
    "--versions": "history revisions version",
    "--parallel": "side-by-side bilingual both",
}
"""Words that other programs, and people, use for an option of ours."""
WORDS_OF_COMMANDS: Final[Mapping[str, str]] = {
    "search": "find query grep lookup ask seek 검색 찾기",
    "show": "read view display get cat print record 보기",
    "witness": "person people author speaker who 증언자",
    "list": "ls dir records all 목록",
    "cite": "quote reference citation bibliography 인용",
    "camps": "places prisons facilities gazetteer 수용소",
    "topics": "subjects tags keywords thesaurus 주제",
    "dossier": "report document word docx pdf",
    "picture": "map graph chart plot timeline draw",
    "facets": "flags caveats counts breakdown decades periods kinds roles 유의사항",
    "stats": "summary statistics info status",
    "log": "history changes",
    "web": "browse browser serve server gui",
    "publish": "site website html",
    "new": "add create",
    "withdraw": "delete remove rm",
    "redact": "hide anonymise anonymize",
    "check": "validate lint test",
    "index": "reindex update rebuild refresh",
    "seal": "encrypt lock",
    "unseal": "decrypt unlock",
    "backup": "restore",
    "watch": "save alert alerts subscribe",
    "init": "start setup begin",
}
WORDS_OF_VALUES: Final[Mapping[str, str]] = {
    "xlsx": "excel xls spreadsheet workbook",
    "markdown": "md",
    "bibtex": "bib biblatex tex latex",
    "ris": "endnote mendeley",
    "zotero-rdf": "zotero rdf",
    "csl-json": "csl",
    "text": "txt plain",
    "jsonl": "ndjson",
    "csv": "tsv table",
    "docx": "word doc",
}
_SHOWN: Final = 60
"""Letters of what was typed that a hint repeats."""
DOSSIER: Final = frozenset({"docx", "word", "doc", "pdf", "odt"})
"""What a dossier is written as, and no answer is printed as."""


def commands_meant(word: str, known: Iterable[str]) -> list[str]:
    """Return the commands that a word of another program may mean."""
    return [name for name in _meant(word, WORDS_OF_COMMANDS) if name in known]


def options_meant(word: str, command: click.Command) -> list[str]:
    """Return how a command says what an option means that it does not have, as "--period" and "--format json"."""
    own = {name: param for param in command.params for name in (*param.opts, *param.secondary_opts)}
    bare = word.lstrip("-").casefold()
    values = [
        f"{name} {value}"
        for name, param in own.items()
        if isinstance(param.type, click.Choice) and name.startswith("--")
        for value in values_meant(bare, map(str, param.type.choices))
    ]
    whole = [name for name in _meant(bare, WORDS_OF_OPTIONS) if name in own]
    parts = [name for part in bare.split("-") for name in (f"--{part}", *_meant(part, WORDS_OF_OPTIONS)) if name in own]
    return list(dict.fromkeys(whole or values or parts))


def group_options_meant(arguments: Sequence[str], ctx: click.Context, known: Iterable[str]) -> list[str]:
    """Return the option of the program that a word in a command's place names: ``help``, ``help search`` and ``version``."""
    option = f"--{arguments[0].casefold()}"
    if not any(option in param.opts for param in ctx.command.get_params(ctx)):
        return []
    return [f"{arguments[1]} {option}" if option == "--help" and arguments[1:2] and arguments[1] in known else option]


def words_left_over(ctx: click.Context, given: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what a command was given as its arguments, and the words after them that it does not take.

    :param given: what was typed behind the name of the command.
    """
    try:
        values, over, _ = ctx.command.make_parser(ctx).parse_args(list(given))
    except click.UsageError:
        return [], []
    arguments = [values.get(str(param.name)) for param in ctx.command.params if isinstance(param, click.Argument)]
    return [each for each in arguments if isinstance(each, str)], over


def words_meant(ctx: click.Context, given: Sequence[str], known: Iterable[str]) -> Iterator[str]:
    """Yield what words may mean that a command does not take: a paragraph of a code, an option, another command, words to find.

    :param given: what was typed behind the name of the command.
    :param known: the names of all commands.
    """
    arguments, over = words_left_over(ctx, given)
    if not over:
        return
    command = str(ctx.info_name)
    if arguments:
        code = _code(" ".join((arguments[-1], *over)), ctx)
        close = [f"{command} {code}"] if code else []
    else:
        close = _commands_of(over, known)
        if not close and (options := _as_options(over, ctx)):
            close = [f"{command} {options}"]
    if close:
        yield tr("Did you mean {names}?", names=join_list([f"{program()} {each}" for each in close]))
    elif not arguments:
        yield what_finds_words(" ".join(over)[:_SHOWN])


def _commands_of(words: Sequence[str], known: Iterable[str]) -> list[str]:
    """Return the commands that one word names or may mean; none where there are several."""
    (word, *others) = words
    if others:
        return []
    return [word] if word in known else commands_meant(word, known)


def _code(written: str, ctx: click.Context) -> str:
    """Return the code of this collection that one written otherwise means; else ""."""
    context = ctx.find_object(Context)
    return reference_meant(written, context.known[0]) if context else ""


def code_meant(ctx: click.Context, values: Sequence[str], place: int, remedy: str) -> str:
    """Return what may be meant by a value that is no code: one written otherwise, also over several words; or words to find.

    :param values: what was typed where codes are wanted.
    :param place: of the value among them.
    :param remedy: what is said where it is neither.
    """
    _, over = words_left_over(ctx, ctx.meta.get(GIVEN, ("",))[1:])
    words = squash(" ".join((*values[place:], *over)))
    for written in (words, values[place], " ".join(values[max(place - 1, 0) : place + 1])):
        if code := _code(written, ctx):
            return tr("Did you mean {names}?", names=code)
    return remedy if not words or any(map(str.isdigit, values[place])) else f"{remedy} {what_finds_words(words[:_SHOWN])}".strip()


def what_finds_words(words: str) -> str:
    """Return which commands look for words that are no code."""
    return tr(
        'A person is found by {program} witness "{words}", words by {program} search "{words}".', program=program(), words=words
    )


def _as_options(words: Sequence[str], ctx: click.Context) -> str:
    """Return how words are typed as options: ``--camp 14 --topic execution`` for ``camp 14 execution``; "" where one is none."""
    options = [param for param in ctx.command.params if isinstance(param, click.Option) and not param.is_flag]
    takes_value = {option for param in options for option in param.opts}
    typed, rest, following = list[str](), list[str](), iter(words)
    for word in following:
        named = [each for each in (f"--{word}", *options_meant(word, ctx.command)) if each in takes_value]
        value = next(following, None) if named else None
        if named and value is None:
            return ""
        if value is None:
            rest.append(word)
        else:
            typed += [named[0], shlex.quote(value)]
    if rest:
        option = next((each for each in _BARE if each in takes_value and _is_value(each, " ".join(rest), ctx)), None)
        if option is None:
            return ""
        typed += [option, shlex.quote(" ".join(rest))]
    return " ".join(typed)


_BARE: Final = ("--flag", "--topic", "--camp", "--period")
"""Of what a word may be a value that stands alone where a command takes options. Topics have words of flags too: flags first."""


def _is_value(option: str, word: str, ctx: click.Context) -> bool:
    """Return whether a word is a flag, a topic, a camp or a period that there is."""
    context = ctx.find_object(Context)
    if context is None:
        return False
    try:
        authorities = Archive(context.root, context.clearance).known_authorities()  # a hint makes no index
        if authorities is None:
            return False
        parse_filter(option[2:], (word,), lambda: authorities)
    except (ArchiveError, OSError):
        return False
    return True


def values_meant(word: str, known: Iterable[str]) -> list[str]:
    """Return the values that a word of another program means, itself where it is one."""
    meant = {word.casefold(), *_meant(word, WORDS_OF_VALUES)}
    return [value for value in known if value in meant]


def _meant(word: str, table: Mapping[str, str]) -> Iterator[str]:
    said = word.casefold()
    yield from (ours for ours, words in table.items() if said in words.split())
