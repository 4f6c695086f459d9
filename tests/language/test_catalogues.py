"""The catalogues of messages: each language has everything that the program says, and says the same."""

import ast
import gettext
import io
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from archive.language._catalogue import Catalogue
from archive.language.messages import ENGLISH, LANGUAGES
from running import TOP

sys.path.insert(0, str(TOP / "tools"))
import catalogue

OTHERS = sorted(set(LANGUAGES) - {ENGLISH})
DOMAINS = (catalogue.OURS, catalogue.CLICKS)
every_catalogue = pytest.mark.parametrize(("language", "domain"), [(each, domain) for each in OTHERS for domain in DOMAINS])


def path_of(language: str, domain: str) -> Path:
    """Return where a catalogue lies."""
    return catalogue.LOCALES / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str) -> Catalog:
    """Return a catalogue as it stands in its file."""
    with path_of(language, domain).open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def ids(catalog: Catalog) -> set[catalogue.Ids]:
    """Return the messages of a catalogue."""
    return {message.id for message in catalog if message.id}


def places(template: str) -> set[str]:
    """Return what is filled into a template: names in braces, and what `%` fills in messages of Click."""
    named = {str(name) for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    return named | {word for word in ("%(prog)s", "%(version)s") if word in template}


def forms(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the English forms of a message, and those of its translation."""
    one = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    other = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return one, other


def test_a_language_has_a_folder_and_a_folder_a_language() -> None:
    """A catalogue that nobody can ask for is none, and a language without one is English."""
    assert {each.name for each in catalogue.LOCALES.iterdir()} == set(OTHERS)


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_the_program_says_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    """Bring it up to date by `python tools/catalogue.py`; this walks the source and the help of every command."""
    held, said = ids(read(language, catalogue.OURS)), ids(catalogue.template(catalogue.OURS))
    assert said - held == set(), "not in the catalogue"
    assert held - said == set(), "said by nothing any more"
    assert not read(language, catalogue.OURS).obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_click_says_is_in_its_catalogue(language: str) -> None:
    """Of the version that is installed; another one may say what this one does not."""
    assert ids(catalogue.template(catalogue.CLICKS)) <= ids(read(language, catalogue.CLICKS))


@every_catalogue
def test_every_message_is_translated_and_fills_the_same_places(language: str, domain: str) -> None:
    """Nothing empty, nothing fuzzy, no place that would not be filled, and none that is lost; line breaks as in English."""
    for message in read(language, domain):
        if not message.id:
            continue
        english, translated = forms(message)
        assert not message.fuzzy, message.id
        assert all(translated), f"not translated: {message.id!r}"
        taken = set().union(*map(places, english))
        for said in translated:
            assert places(said) <= taken, f"{message.id!r}: {places(said) - taken} is never filled"
            lost = places(english[0]) & places(english[-1]) - places(said)
            assert lost <= MAY_BE_LOST.get(message.id, set()), f"{message.id!r}: {lost} is lost"
            assert said.count("\n") == english[-1].count("\n"), message.id
            assert said == said.strip() or english[-1] != english[-1].strip(), message.id


MAY_BE_LOST: dict[catalogue.Ids, set[str]] = {}
"""Places that a translation leaves out, with good reason."""


@every_catalogue
def test_the_compiled_catalogue_is_that_of_the_source(language: str, domain: str) -> None:
    """The program reads the .mo; whoever mends the .po runs `python tools/catalogue.py`."""
    path = path_of(language, domain)
    assert path.with_suffix(".mo").read_bytes() == catalogue.compiled(path)
    assert path.read_bytes() == catalogue.written(catalogue.current(path, domain))


@every_catalogue
def test_a_message_is_looked_up_as_gettext_reads_it(language: str, domain: str) -> None:
    """Each of them, in each form of a number, and what is not there too."""
    content = path_of(language, domain).with_suffix(".mo").read_bytes()
    theirs, ours = gettext.GNUTranslations(io.BytesIO(content)), Catalogue(io.BytesIO(content))
    every = [message.id for message in read(language, domain) if message.id]
    assert len(every) > 50
    for each in (*every, "nobody says this", "\udc80", ("nobody", "says this")):
        one, *several = each if isinstance(each, tuple) else (each,)
        assert ours.gettext(one) == theirs.gettext(one)
        for many in several:
            said = [ours.ngettext(one, many, number) for number in range(30)]
            assert said == [theirs.ngettext(one, many, number) for number in range(30)]


FORMS = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;\\n"

msgid "{number} page"
msgid_plural "{number} pages"
msgstr[0] "{number} страница"
msgstr[1] "{number} страницы"
msgstr[2] "{number} страниц"
"""
"""Made up: a catalogue of a language that has three forms of a number."""


def test_a_language_may_have_several_forms_of_a_number() -> None:
    """Korean has one."""
    written = io.BytesIO()
    write_mo(written, read_po(io.StringIO(FORMS), locale="ru"))
    ours, theirs = Catalogue(io.BytesIO(written.getvalue())), gettext.GNUTranslations(io.BytesIO(written.getvalue()))
    said = [ours.ngettext("{number} page", "{number} pages", number) for number in range(120)]
    assert said == [theirs.ngettext("{number} page", "{number} pages", number) for number in range(120)]
    assert len(set(said)) == 3


@given(st.data())
def test_a_damaged_catalogue_is_refused_or_says_something_else_or_english(data: st.DataObject) -> None:
    """And ends nothing in an error: a person is told in English rather than nothing."""
    content = bytearray(path_of("ko", catalogue.CLICKS).with_suffix(".mo").read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=40)):
        content[at] ^= data.draw(st.integers(1, 255))
    length = data.draw(st.integers(0, len(content)))
    for damaged in (bytes(content), bytes(content[:length])):
        try:
            found = Catalogue(io.BytesIO(damaged))
        except ValueError:
            continue
        for one, many in (each if isinstance(each, tuple) else (each, each) for each in ids(read("ko", catalogue.CLICKS))):
            assert isinstance(found.gettext(one), str)
            assert isinstance(found.ngettext(one, many, 3), str)


def test_a_message_that_is_not_translated_is_noticed() -> None:
    """The control: the tests above can fail."""
    catalog = read("ko", catalogue.OURS)
    catalog.add("nobody says this")
    assert ids(catalog) - ids(catalogue.template(catalogue.OURS)) == {"nobody says this"}
    assert "nobody says this" in catalogue.untranslated(catalog)
    assert places("{one} {two!r} {three:>8}") == {"one", "two", "three"}


def marked() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call that looks a message up, with where it stands."""
    for path in sorted(catalogue.HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"tr", "tr_count"}:
                yield f"{path.relative_to(TOP)}:{node.lineno}", node


def test_every_place_of_a_message_is_filled_where_it_is_said() -> None:
    """A name that is misspelt would end in an error, and only on the day on which the message is needed."""
    for where, call in marked():
        templates = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        given = {each.arg for each in call.keywords} | ({"number"} if call.func.id == "tr_count" else set())
        if None in given:  # filled from a mapping
            continue
        wanted = set().union(*map(places, templates)) if templates else set()
        assert wanted <= given or not templates, f"{where}: {wanted - given}"
        assert not given - wanted - {"number"} or not templates, f"{where}: {given - wanted} stands nowhere"
