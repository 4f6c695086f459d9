"""What a person may mean by a word of another program: which of our commands, options and formats.

Suggestions by letters alone led astray: ``--from`` is near to ``--bom``, and means a period.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import click

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


def values_meant(word: str, known: Iterable[str]) -> list[str]:
    """Return the values that a word of another program means, itself where it is one."""
    meant = {word.casefold(), *_meant(word, WORDS_OF_VALUES)}
    return [value for value in known if value in meant]


def _meant(word: str, table: Mapping[str, str]) -> Iterator[str]:
    said = word.casefold()
    yield from (ours for ours, words in table.items() if said in words.split())
