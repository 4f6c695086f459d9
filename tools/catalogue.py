"""Bring the catalogues of messages up to date: what the code says, in `archive/language/locale/`.

    python tools/catalogue.py          takes new messages into each .po, drops what is gone, and compiles the .mo
    python tools/catalogue.py --todo   prints what has no translation yet, numbered

Messages are read from the source (`tr`, `tr_count`, `mark`, `count_of`) and from the help of the commands;
those of Click from the version that is installed. `tests/language/test_catalogues.py` holds the result.
"""

import ast
import datetime as dt
import io
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from archive.cli._language import fold_help, localise
from archive.cli.group import COMMANDS, GROUPS, SUMMARIES, group

TOP: Final = Path(__file__).parent.parent
HOUSE: Final = TOP / "archive"
LOCALES: Final = HOUSE / "language" / "locale"
OURS, CLICKS = "testimony", "click"

_DAY: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Stands in every compiled catalogue, so that the same messages are the same bytes."""

_REQUIRED: Final = "required"
"""What Click says of an option that must be given; it looks it up by a variable, which no extraction sees."""

Ids = str | tuple[str, ...]
Message = tuple[str, int, Ids]
"""Where a message stands: a file and a line, and the message, or its two forms."""

MARKED: Final = frozenset({"tr", "mark", "mark_message", "translate"})
COUNTED: Final = frozenset({"tr_count", "translate_count"})


def in_source(path: Path) -> Iterator[Message]:
    """Yield the messages that are marked in a file of the source."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            where = path.relative_to(TOP).as_posix()
            if node.func.id in MARKED and texts:
                yield where, node.lineno, texts[0]
            elif node.func.id in COUNTED and texts:
                yield where, node.lineno, (texts[0], texts[1])
            elif node.func.id == "count_of" and texts:
                yield where, node.lineno, (f"{{number}} {texts[0]}", f"{{number}} {texts[1]}")


def in_help() -> Iterator[Message]:
    """Yield what the help of the program and of each command says."""
    here = "archive/cli/group.py"
    for text in (*GROUPS, *SUMMARIES.values()):
        yield here, 0, text
    context = click.Context(group)
    for name, command in ((here, group), *((COMMANDS[each], group.get_command(context, each)) for each in COMMANDS)):
        where = name if name == here else f"{name.replace('.', '/')}.py"
        for text in of_command(localise(command)):
            yield where, 0, text


def of_command(command: click.Command) -> Iterator[str]:
    """Yield the texts of a command's help, as they stand in the catalogue."""
    if command.help:
        yield fold_help(command.help)
    for each in command.params:
        if isinstance(each, click.Option) and each.help and each.help not in of_click():
            yield fold_help(each.help)
        if each.metavar:
            yield each.metavar
        elif isinstance(each, click.Argument):
            yield str(each.name).upper()


@cache
def ours() -> list[Message]:
    """Return every message of ours."""
    return [*(each for path in sorted(HOUSE.rglob("*.py")) for each in in_source(path)), *in_help()]


@cache
def of_click() -> dict[Ids, list[str]]:
    """Return every message of the installed Click, with the files that it stands in."""
    found: dict[Ids, list[str]] = {}
    found[_REQUIRED] = ["click/core.py"]
    folder = Path(click.__file__).parent
    for file, _, message, _, _ in extract_from_dir(str(folder), method_map=[("**.py", "python")]):
        found.setdefault(message, []).append(f"click/{file}")
    return found


def template(domain: str) -> Catalog:
    """Return the messages of a domain, none of them translated."""
    catalog = Catalog(project="Testimony archive", fuzzy=False)
    if domain == CLICKS:
        for message, files in of_click().items():
            catalog.add(message, locations=[(file, 0) for file in sorted(set(files))])
        return catalog
    for file, _, message in ours():
        catalog.add(message, locations=[(file, 0)])
    return catalog


def current(path: Path, domain: str) -> Catalog:
    """Return a catalogue as it stands in its file, with what the code says now."""
    catalog = Catalog(locale=path.parent.parent.name, domain=domain, fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parent.parent.name, domain=domain)
    catalog.project, catalog.version = "Testimony archive", domain
    catalog.copyright_holder = "Testimony archive"
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
    catalog.update(template(domain), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    return catalog


def written(catalog: Catalog) -> bytes:
    """Return a catalogue as the bytes of its .po: without places or days, which change with every change of the code."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    days = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By')
    return b"\n".join(line for line in out.getvalue().split(b"\n") if not line.startswith(days))


def compiled(path: Path) -> bytes:
    """Return a .po as the bytes of its .mo."""
    with path.open("rb") as file:
        catalog = read_po(file)
    catalog.creation_date = catalog.revision_date = _DAY
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[Ids]:
    """Return the messages that have no translation, in the order of the file."""
    return [each.id for each in catalog if each.id and not (all(each.string) if isinstance(each.string, tuple) else each.string)]


def main() -> None:
    """Bring every catalogue up to date."""
    for folder in sorted(each for each in LOCALES.iterdir() if each.is_dir()):
        for domain in (OURS, CLICKS):
            path = folder / "LC_MESSAGES" / f"{domain}.po"
            catalog = current(path, domain)
            path.write_bytes(written(catalog))
            path.with_suffix(".mo").write_bytes(compiled(path))
            todo = untranslated(catalog)
            print(f"{path.relative_to(TOP)}: {len(catalog)} messages, {len(todo)} without a translation")
            for number, each in enumerate(todo if "--todo" in sys.argv else ()):
                print(number, repr(each))


if __name__ == "__main__":
    main()
