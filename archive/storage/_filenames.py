"""What a name in the folder of records says: a record, what a program of others left there, or a copy that nobody meant.

Names alone; nothing is opened.
"""

import re
from functools import cache
from typing import Final

from archive.language.messages import mark, tr
from archive.text import nfc, regex

SEALED: Final = ".md.age"
"""How the name of a sealed record ends: ``NKT-0007.md.age``, without a slug; of a version in Korean ``NKT-0007.ko.md.age``."""
PASSED_OVER: Final = frozenset({
    *("README.md", ".gitkeep", ".gitignore", ".gitattributes", ".stfolder", ".stignore", ".dropbox", ".dropbox.attr"),
    *(".DS_Store", ".localized", ".directory", "Icon\r", "Thumbs.db", "ehthumbs.db", "desktop.ini", "Desktop.ini"),
    "4913",  # vim tries with it whether it may write
})  # fmt: skip
"""Files that may lie in a collection, are none of it, and hold no words of records."""
_CODE: Final = r"[A-Z]{2,5}-[0-9]{4,6}"
_NAME = regex(rf"({_CODE})-[\w.-]+\.md")
_IN_WORDS: Final = {
    **dict.fromkeys(("korean", "한국어", "한글", "국문"), "ko"),
    **dict.fromkeys(("north-korean", "조선어", "조선말"), "ko-KP"),
    **dict.fromkeys(("english", "영어", "영문"), "en"),
    **dict.fromkeys(("japanese", "일본어", "日本語"), "ja"),
    **dict.fromkeys(("chinese", "중국어", "中文"), "zh"),
    **dict.fromkeys(("german", "deutsch"), "de"),
    "french": "fr",
    "spanish": "es",
    "russian": "ru",
    "русский": "ru",
}
LANGUAGE: Final = (
    rf"(?:(?i:{'|'.join(_IN_WORDS)})|(?:[a-z]{{2,3}}|[A-Z]{{2,3}}|[A-Z][a-z])(?:-[A-Z][a-z]{{3}})?"
    r"(?:[-_](?:[A-Z]{2}|[a-z]{2}|[0-9]{3}))?)"
)
"""A language in the name of a version: ``ko``, ``ko-KP``, ``zh-Hant-TW``; also as some write it, ``KO``, ``Ko``, ``ko_kp``.

Also in a word, as ``korean``: such a file is a version too, and not a second
record of its code, though it is not read before it is named by its tag.
"""
_SEALED = regex(rf"({_CODE})(?:\.({LANGUAGE}))?\.md\.age")
# What programs that sync put behind the name of a file makes another file of the same version, not another record.
_VERSION = regex(
    rf"{_CODE}-[\w.-]*?[\w-]\.({LANGUAGE})(?:-[\w-]+|\.sync-conflict-[\w-]+|_(?:BACKUP|BASE|LOCAL|REMOTE)_[0-9]+)?\.md"
)
_AWAY = regex(rf"\.({_CODE})[^/]*\.icloud")
_COPY = regex(rf"(?:.*[^A-Z])?({_CODE})(?![0-9]).*\.md", re.IGNORECASE | re.DOTALL)
_MARKS_OF_FOLDERS: Final = (".", "#", "@", "$", "~")
_FOLDERS_OF_SYSTEMS: Final = frozenset({
    *("__macosx", "lost+found", "system volume information", "recycler", "recycled", "recycle bin", "network trash folder"),
    *("temporary items", "_gsdata_", "__pycache__"),
    *("trash", "papierkorb", "corbeille", "papelera", "cestino", "prullenbak", "lixeira", "корзина"),
    *("휴지통", "ごみ箱", "ゴミ箱", "回收站", "垃圾桶"),
})  # fmt: skip
"""What systems and programs that sync call them, and what people call the one into which they throw things away."""
_OF_EDITORS = regex(
    r"\..*|~.*|#.*#|.*~|.*\.(?:sw[a-z]|orig|bak|rej|tmp|temp|part|partial|filepart|crdownload|download|kate-swp|save|autosave)"
    r"|.*___jb_(?:tmp|old|bak)___|.*\.tmp\.[0-9.]+|.*\.sb-[0-9a-f]+-\w+",
    re.IGNORECASE | re.DOTALL,
)
_MADE_BY = (
    (regex(r"\.sync-conflict-[0-9]{8}-[0-9]{6}"), "Syncthing"),
    (regex(r"_(?:BACKUP|BASE|LOCAL|REMOTE)_[0-9]+\."), "git"),
    (regex(r"conflict|konflikt|conflit|충돌", re.IGNORECASE), mark("a program that syncs")),
    (regex(r"[ _](?:\([0-9]+\)|[0-9]+)\.md$|copy|kopie|copie|복사본|コピー", re.IGNORECASE), mark("a person or a program")),
)  # fmt: skip


def is_walked(folder: str) -> bool:
    """Return whether a folder of this name is looked into: not where programs keep rubbish, old versions, or their own things."""
    return not folder.startswith(_MARKS_OF_FOLDERS) and nfc(folder).casefold() not in _FOLDERS_OF_SYSTEMS


@cache
def code_of(path: str) -> str:
    """Return the code that the name of a record carries, of a plain or a sealed one; "" where it is not named like one."""
    name = path.rpartition("/")[2]
    named = (_SEALED if name.endswith(SEALED) else _NAME).fullmatch(name)
    return named[1] if named else ""


@cache
def language_of(path: str) -> str:
    """Return the language that the name of a version of a record carries, of a plain or a sealed one; "" for a record's own."""
    name = path.rpartition("/")[2]
    if is_sealed(name):
        sealed = _SEALED.fullmatch(name)
        return (sealed[2] or "").replace("_", "-") if sealed else ""
    # The names of nearly all records have one dot, and that of a version has one more.
    version = _VERSION.fullmatch(name) if name.count(".") > 1 else None
    return version[1].replace("_", "-") if version else ""


def tag_of(path: str) -> str:
    """Return the tag of the language that the name of a version carries, also where it is there in a word: ``korean`` is ko."""
    language = language_of(path)
    return _IN_WORDS.get(language.casefold(), language)


def name_of_version(record: str, language: str) -> str:
    """Return how a version of a record in a language is named, beside the record or sealed as it is.

    :param record: the path of the record.
    """
    name = record.rpartition("/")[2]
    return f"{code_of(record)}.{language}{SEALED}" if is_sealed(name) else f"{name.removesuffix('.md')}.{language}.md"


def is_sealed(name: str) -> bool:
    """Return whether a sealed record, or a sealed version of one, is named so."""
    return name.endswith(SEALED) and _SEALED.fullmatch(name) is not None


def is_away(name: str) -> bool:
    """Return whether a file stands for one that lies in a cloud and was not downloaded."""
    return name.startswith(".") and name.endswith(".icloud")


def code_away(name: str) -> str:
    """Return the code of a record that was not downloaded, or ""."""
    named = _AWAY.fullmatch(name)
    return named[1] if named else ""


def is_of_an_editor(name: str) -> bool:
    """Return whether an editor or a system left a file: no testimony, though words of one may stand in it."""
    return _OF_EDITORS.fullmatch(name) is not None and not is_away(name)


def code_of_copy(name: str) -> str:
    """Return the code of the record that a file with a name of its own seems to be a copy of, or ""."""
    named = _COPY.fullmatch(name)
    return named[1].upper() if named else ""


def maker_of_copy(path: str, others: tuple[str, ...] = ()) -> str:
    """Name who makes copies of such a name beside others, or "" where it is not known for it."""
    name = path.rpartition("/")[2]
    for pattern, maker in _MADE_BY:
        if pattern.search(name):
            return tr(maker)
    stems = (other.rpartition("/")[2].removesuffix(".md") for other in others)
    # OneDrive puts the name of the machine behind the name of the file.
    return tr("OneDrive or another program that syncs") if any(name.startswith(f"{stem}-") for stem in stems) else ""
