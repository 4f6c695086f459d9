"""A new collection of any subject: its authorities with examples in comments, a first record that is made up, and what git needs.

Nothing is written into a folder that has anything in it, and nothing stays
where something could not be written or does not read as it should.
"""

import contextlib
import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from archive.authority.authorities import AUTHORITIES, FILES
from archive.authority.authorities import shipped_folder as shipped_authorities
from archive.collection import checks
from archive.errors import ArchiveError, CannotWrite, ConflictingOptions, InvalidTestimony
from archive.keeping._new_record import slug
from archive.language.messages import LANGUAGES, speaking, tr
from archive.named_tuple import NamedTuple
from archive.storage import atomic, git, outside, shipped
from archive.storage.record_files import FOLDER
from archive.text import fold, squash

PREFIX: Final = re.compile(r"[A-Z]{2,5}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_NOT_OF_A_PREFIX: Final = re.compile(r"[^A-Z]+")
_LETTERS: Final = range(2, 6)
_NO_PREFIX: Final = "REC"

GIT_ATTRIBUTES: Final = f"""# A record's hash is of its bytes: git must not touch its line ends.
{FOLDER}/*.md -text
{FOLDER}/**/*.md -text
# A sealed record is bytes.
*.age binary
"""
GIT_IGNORE: Final = """# The index is made from the records and holds their text: never in git.
/index/*
"""

_COLLECTION: Final = """{of_name}name:
  {language}: {name}
prefix: {prefix}
{of_language}language: "{language}"
{of_evidence}evidence:
{evidence}{of_background}# background: [camp, camps, prisoner, prisoners, witness]
{of_common}# common: [guard, guards, official]
"""
_CAMPS: Final = """{head}types:
  - id: camp
    label: {{{language}: {type}}}
    definition: {definition}
facilities:{entries}{of_example}{example}"""
_PLACE: Final = """  - id: {id}
    type: camp
    label: {{{language}: {name}}}
    names: [{{text: {name}, language: {language}}}]
"""
_LIST: Final = """{head}{key}: []
{of_example}{example}"""
_A_CAMP: Final = """  - id: made-up-camp
    type: camp
    number: '7'
    label: {en: Made-up Camp 7}
    names:
      - {text: the Seventh, language: en}
    place_names:
      - {text: Nowhere, language: en}
    statements:
      - {about: opened, text: "A made-up book has it opened in 1950.", date: '1950', cites: [{ref: made-up-book}]}
"""
_A_WORK: Final = """  - id: made-up-book
    csl:
      type: book
      title: A Made-up Book
      author: [{family: Nobody, given: Anna}]
      issued: {date-parts: [['2001']]}
      publisher: Nowhere Press
    seen: whole
"""
_A_PERSON: Final = """  - id: ak
    name: A. Keeper
    role: editor
"""
_A_CONFLICT: Final = """  - id: conf-001
    subject: 'Made-up Camp 7: year of opening'
    facilities: [made-up-camp]
    verdict: contested
    claims:
      - {says: A made-up book has 1950., cites: [{ref: made-up-book}]}
      - {says: A made-up letter has 1951., cites: [{ref: made-up-letter}]}
"""
_RECORD: Final = """---
schema: 1
code: {prefix}-0001
title: {title}
kind: testimony
language: {language}
text: {{rendering: summary}}
witness: {{name: {source}, name_kind: pseudonym, connection: victim}}
camps: {camps}
recorded: {{date: XXXX}}
source: {{csl: {{type: manuscript, title: {source}}}}}
consent: {{status: given}}
access: {{level: public}}
credibility:
  notes:
    - id: n1
      flag: caution
      status: open
      about: {{record: true}}
      statement: {statement}
      by: archive
      date: {today}
---
{body}
"""


class Beginning(NamedTuple):
    """What a person said of a collection that begins.

    ``places`` are names of places, or ``id=name`` each; ``git`` asks for a
    repository, and ``empty`` for no first record, as for one that is restored.
    """

    name: str = ""
    prefix: str = ""
    language: str = ""
    places: tuple[str, ...] = ()
    git: bool = False
    empty: bool = False


class Begun(NamedTuple):
    """A collection that was begun: its files, relative to its folder, and what was taken because nobody said otherwise."""

    folder: Path
    files: tuple[str, ...]
    defaults: Mapping[str, str]


def defaults(folder: Path, wanted: Beginning) -> Beginning:
    """Return the same with a value for everything that was not said, but the places."""
    name = squash(wanted.name) or tr("Testimony archive {folder}", folder=folder.absolute().name)
    return wanted._replace(
        name=name, prefix=wanted.prefix or _prefix(wanted.name or folder.absolute().name), language=wanted.language or "en"
    )


def _prefix(name: str) -> str:
    """Return letters of a name for the codes: the first of each word, else the first three."""
    words = [word for each in re.split(r"[\W_]+", fold(name)) if (word := _NOT_OF_A_PREFIX.sub("", each.upper()))]
    initials = "".join(word[0] for word in words)
    return next((letters for letters in (initials[:5], "".join(words)[:3]) if len(letters) in _LETTERS), _NO_PREFIX)


def begin(folder: Path, wanted: Beginning) -> Begun:
    """Begin a collection in a folder that is not there, or empty.

    :raises ConflictingOptions: a value cannot be taken; every reason at once.
    :raises CannotWrite: the folder has something in it, or cannot be written.
    """
    whole = defaults(folder, wanted)
    _refuse(whole)
    taken = {name: getattr(whole, name) for name in ("name", "prefix", "language") if not getattr(wanted, name)}
    files = dict(_files(whole))
    return Begun(folder, _write(folder, files, in_git=wanted.git), taken)


def copy_shipped(folder: Path, *, in_git: bool = False) -> Begun:
    """Copy the archive that comes with the program, its records and its authorities, as a collection of one's own.

    :raises NoCollection: this installation has none.
    :raises CannotWrite: as `begin`.
    """
    records = shipped.root() / FOLDER
    files = {f"{AUTHORITIES}/{name}.yaml": (shipped_authorities() / f"{name}.yaml").read_bytes() for name in FILES}
    files |= {f"{FOLDER}/{file.name}": file.read_bytes() for file in sorted(records.glob("*.md"))}
    files |= _beside(tr("A copy of the archive that comes with the program."))
    return Begun(folder, _write(folder, files, in_git=in_git), {})


def _refuse(whole: Beginning) -> None:
    """Refuse values that cannot be taken.

    :raises ConflictingOptions: with a line for each.
    """
    reasons = []
    if not PREFIX.fullmatch(whole.prefix):
        reasons.append(tr("--prefix {value!r} is not two to five capital letters from A to Z", value=whole.prefix))
    if not _LANGUAGE.fullmatch(whole.language):
        reasons.append(tr("--language {value!r} is no language in BCP 47, as en, ko or ru", value=whole.language))
    ids = [identifier for identifier, _ in _places(whole.places)]
    reasons += [tr("--places: {value!r} is no id", value=each) for each in ids if not _ID.fullmatch(each)]
    reasons += [tr("--places: {value!r} is there twice", value=each) for each in dict.fromkeys(ids) if ids.count(each) > 1]
    if reasons:
        raise ConflictingOptions("\n".join(reasons), tr("Nothing was written."))


def _places(places: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield id and name of each place; the id of a name in other letters than ours is its number, unless one was given."""
    for number, written in enumerate(places, start=1):
        identifier, given, name = written.partition("=")
        if given:
            yield identifier.strip(), squash(name)
        else:
            made = slug(written)
            yield (f"place-{number}" if made == "record" or not _ID.fullmatch(made) else made), squash(written)


def _write(folder: Path, files: Mapping[str, bytes], *, in_git: bool) -> tuple[str, ...]:
    """Write the files, have them checked, and take all away again where anything is wrong."""
    _refuse_folder(folder)
    was_there = folder.exists()
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            file = folder / path
            file.parent.mkdir(exist_ok=True)
            made.append(file)
            atomic.write_beside(file, content, new=True)
        report = checks.check(folder)
        if report.faults:
            raise InvalidTestimony(report.faults)
        if in_git:
            git.begin(folder)
    except (ArchiveError, OSError) as error:
        _take_back(folder, made, was_there=was_there)
        if isinstance(error, ArchiveError):
            raise
        message = tr("{folder} cannot be written: {reason}", folder=folder, reason=error.strerror or error)
        raise CannotWrite(message, tr("Nothing was left behind.")) from error
    return tuple(files)


def _refuse_folder(folder: Path) -> None:
    """Refuse a folder that has anything in it, or that is no folder, or lies in one of another collection.

    :raises CannotWrite: it is of that kind.
    """
    for above in dict.fromkeys((*folder.absolute().parents, *folder.resolve().parents)):
        if (above / FOLDER).is_dir():
            outside.refuse_inside(above, folder, tr("a collection"))
    try:
        entries = sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        message = tr("{folder} cannot be written: {reason}", folder=folder, reason=error.strerror or error)
        raise CannotWrite(message, tr("Name a folder that is not there yet.")) from error
    if entries:
        message = tr("{folder} is not empty: it has {first}", folder=folder, first=entries[0])
        raise CannotWrite(message, tr("Name a folder that is not there yet, or an empty one."))


def _take_back(folder: Path, made: Sequence[Path], *, was_there: bool) -> None:
    with contextlib.suppress(OSError):
        if not was_there:
            shutil.rmtree(folder, ignore_errors=True)
            return
        shutil.rmtree(folder / ".git", ignore_errors=True)
        for file in made:
            file.unlink(missing_ok=True)
        for parent in {file.parent for file in made} - {folder}:
            os.rmdir(parent)  # noqa: PTH106 - only where it is empty


def _quote(text: str) -> str:
    """Write text as a double-quoted YAML scalar, which JSON is."""
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def _files(whole: Beginning) -> Iterator[tuple[str, bytes]]:
    for name, written in (
        ("collection", _collection(whole)),
        ("camps", _camps(whole)),
        ("sources", _sources()),
        ("conflicts", _conflicts()),
        ("people", _people()),
    ):
        yield f"{AUTHORITIES}/{name}.yaml", written.encode()
    if whole.empty:
        yield f"{FOLDER}/.gitkeep", b""
    else:
        yield f"{FOLDER}/{whole.prefix}-0001-made-up-example.md", _first_record(whole).encode()
    yield from _beside(whole.name).items()


def _beside(name: str) -> dict[str, bytes]:
    return {
        "README.md": _readme(name).encode(),
        ".gitattributes": GIT_ATTRIBUTES.encode(),
        ".gitignore": GIT_IGNORE.encode(),
    }


def _collection(whole: Beginning) -> str:
    languages = ("en", *({whole.language} & set(LANGUAGES) - {"en"}))
    evidence = "".join(f"  {code}: {_quote(_evidence(code))}\n" for code in languages)
    return _COLLECTION.format(
        of_name=_comment(
            tr("The name of the collection in each of its languages, and the prefix of its codes, which never changes.")
        ),
        language=whole.language,
        name=_quote(whole.name),
        prefix=whole.prefix,
        of_language=_comment(tr("The language of new records where none is named.")),
        of_evidence=_comment(tr("What stands under every summary.")),
        evidence=evidence,
        of_background=_comment(
            tr(
                "Words that every account here has something of: beside another word of a search they are not required.\n"
                "Take the # away, and write your own."
            )
        ),
        of_common=_comment(
            tr("Words of the lists that stand in too many passages for other reasons: they widen nothing by themselves.")
        ),
    )


def _evidence(code: str) -> str:
    with speaking(code):
        return tr(
            "This is a summary by the archive, not the witness's own words; to cite in evidence, go to the source named above."
        )


def _camps(whole: Beginning) -> str:
    entries = "".join(
        _PLACE.format(id=identifier, language=whole.language, name=_quote(name)) for identifier, name in _places(whole.places)
    )
    return _CAMPS.format(
        head=_comment(
            tr("The gazetteer: each facility with all its names. `names` mean this one alone, `place_names` may be shared.")
        ),
        language=whole.language,
        type=_quote(_camp(whole.language)),
        definition=_quote(tr("A place in which people were held.")),
        entries=f"\n{entries}" if entries else " []\n",
        of_example=_comment(
            tr("A facility with everything that it may have, in short; `testimony authority add camp` writes one.")
        ),
        example=_comment(_A_CAMP),
    )


def _camp(language: str) -> str:
    with speaking(language if language in LANGUAGES else "en"):
        return tr("Camp")


def _sources() -> str:
    return _LIST.format(
        head=_comment(tr("The works that records, notes and statements cite, in the fields of CSL-JSON; all values are text.")),
        key="sources",
        of_example=_comment(
            tr("An entry; `testimony authority add work` writes one, `testimony authority import` takes them from Zotero.")
        ),
        example=_comment(_A_WORK),
    )


def _conflicts() -> str:
    return _LIST.format(
        head=_comment(tr("The contradictions that the archive keeps: what each side says, by its source, side by side.")),
        key="conflicts",
        of_example=_comment(tr("An entry; `testimony authority add conflict` writes one.")),
        example=_comment(_A_CONFLICT),
    )


def _people() -> str:
    return _LIST.format(
        head=_comment(
            tr(
                "Who keeps this collection, by the initials in `by:` of notes and histories. No reader is told of it.\n"
                "Once somebody stands here, `testimony check` names initials that do not."
            )
        ),
        key="people",
        of_example=_comment(tr("An entry; `testimony authority add person` writes one.")),
        example=_comment(_A_PERSON),
    )


def _first_record(whole: Beginning) -> str:
    language = whole.language if whole.language in LANGUAGES else "en"
    place = next(_places(whole.places), None)
    with speaking(language):
        title = tr("A made-up example")
        statement = tr("This record is made up to show the form. Delete it when your first own record is there.")
        body = tr(
            "This paragraph is made up. Each paragraph tells one thing and is found, cited and doubted by its number.\n\n"
            "A second one, made up too: a blank line begins it."
        )
        source = tr("Made up")
    return _RECORD.format(
        prefix=whole.prefix,
        title=_quote(title),
        language=language,
        source=_quote(source),
        camps=f"[{{camp: {place[0]}}}]" if place else "[]",
        statement=_quote(statement),
        today=_today(),
        body=body,
    )


def _today() -> str:
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def _readme(name: str) -> str:
    return tr(
        """# {name}
- `testimonies/`: the records, one Markdown file each. The first one is made up; delete it when you have your own.
- `authorities/`: what the archive has agreed on: its name, the places, the works that are cited, the contradictions.
  Terms, flags and topics come with the program, until files of these names lie here.
- `index/`: made by the program from the records, at any time anew. Never keep it in git, never hand it on.

```sh
testimony new "Title of an account"      # the skeleton of a record, closed until you open it
testimony check                          # every fault, with file and line
testimony search WORDS
testimony doctor                         # what is not as it should be
```
""",
        name=name,
    )
