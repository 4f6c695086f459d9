"""EDTF with guards for what the library lets through."""

import calendar
import contextlib
import datetime as dt
import subprocess
import sys

import edtf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.record import dates
from archive.text import is_undated
from edtf_examples import EXAMPLES, INVALID, VALID
from examples import examples


@pytest.mark.parametrize(
    ("written", "bounds"),
    [
        ("1996", (19960101, 19960101, 19961231, 19961231)),
        ("1996-02", (19960201, 19960201, 19960229, 19960229)),
        ("1996-02-03", (19960203, 19960203, 19960203, 19960203)),
        ("199X", (19900101, 19900101, 19991231, 19991231)),
        ("1998~", (19970101, 19980101, 19981231, 19991231)),
        ("[1980,1982]", (19800101, 19800101, 19821231, 19821231)),
        ("198X/2005", (19800101, 19800101, 20051231, 20051231)),
        ("../1982", (10101, 10101, 19821231, 19821231)),
        ("2014/..", (20140101, 20140101, 99991231, 99991231)),
        ("1982/XXXX", (19820101, 19820101, 99991231, 99991231)),
        ("1998~/1999~", (19970101, 19980101, 19991231, 20001231)),
    ],
)
def test_bounds_of_a_date(written: str, bounds: tuple[int, int, int, int]) -> None:
    """The fuzzy bounds give way to "about", the strict ones do not."""
    assert dates.bounds(written) == bounds


_UNKNOWN = (
    "XXXX",
    "../..",
    "XXXX/XXXX",
    "/..",
    "XXXX-XX-XX",
    "XXXX-XX",
    "XXXX-05",
    "XXXX-XX-23",
    "XXXX-02-29",
    "XXXX~",
    "-XXXX",
    "?XXXX-05/..",
    "XXXX-12/",
)


@pytest.mark.parametrize("written", _UNKNOWN)
def test_a_year_that_is_not_known_is_undated_however_it_is_written(written: str) -> None:
    """The library would make it the years 0 to 9999, and it would match every period."""
    assert dates.bounds(written) is None
    assert is_undated(written)
    assert dates.decades(dates.bounds(written)) == ()


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no date"),
        ("foo", "no date"),
        ("1996-13", "never was"),
        ("1996-00", "never was"),
        ("1996-02-30", "never was"),
        ("1900-02-29", "never was"),
        ("1995-?02-29", "never was"),
        ("1996-?04-31", "never was"),
        ("XXXX-13", "never was"),
        ("XXXX-02-30", "never was"),
        ("1994/1995-02-29~", "never was"),
        ("[1990,1991-02-29]", "never was"),
        ("1993-02-29/..", "never was"),
        ("2000-42", "never was"),
        ("2005/1999", "before it begins"),
        ("-1000/-2000", "before it begins"),
        ("0001/0000", "before it begins"),
        ("2012-24/2012-21", "before it begins"),
        ("XX96", "century"),
        ("1XXX", "century"),
        ("1XXX~", "century"),
        ("X996-05", "century"),
        ("1990/1XXX", "century"),
        ("[1XXX,1996]", "century"),
        ("{1985,1995}", "several dates"),
        ("1996-01-01T10:00:00", "time of day"),
        (" 1996", "space"),
        ("1996 ", "space"),
        ("1996 / 1997", "space"),
        ("1996\u00a0", "space"),
        ("1863- 03-29", "space"),
        ("9" * 200, "too long"),
        ("Y1E999999999", "no date"),
        ("0000/1990/2000", "no date"),
        ("/", "no date"),
        ("[1990..,1996]", "no date"),
        ("1990/[1991,1992]", "no date"),
        ("١٩٩٦", "no date"),
        ("１９９６", "no date"),
    ],
)
def test_what_is_no_date_is_refused(written: str, reason: str) -> None:
    """A day that never was, a reversed interval, a time of day, two dates in one: each with its reason."""
    with pytest.raises(dates.InvalidDate, match=reason):
        dates.bounds(written)


def test_the_examples_of_python_edtf_have_their_bounds() -> None:
    """An unknown side has no ten years of its own, as there, and an unknown year no bounds at all."""
    ours = {
        written: found and (found.surely_from, found.surely_to)
        for written, *_ in EXAMPLES
        if (found := dates.read(written)) or True
    }
    others = [written for written, *sides in EXAMPLES if ours[written] != tuple(sides)]
    assert len(EXAMPLES) == 90
    assert others == ["/2006", "2004-06-01/", "1984-06-02?/", "XXXX-XX-23"]


@pytest.mark.parametrize("written", VALID)
def test_what_the_standard_has_is_read(written: str) -> None:
    """Levels 0, 1 and 2."""
    dates.read(written)


@pytest.mark.parametrize("written", INVALID)
def test_what_the_standard_has_not_is_refused(written: str) -> None:
    """Neither a space, nor a reversed side, nor half a time of day."""
    with pytest.raises(dates.InvalidDate):
        dates.read(written)


@pytest.mark.parametrize(
    ("written", "earliest", "latest"),
    [
        ("1996-24", 19960101, 19970228),
        ("2004-24", 20040101, 20050228),
        ("1996-21", 19960301, 19960531),
        ("2011-23~", 20100101, 20121231),
        ("199X-02-29", 19920229, 19960229),
        ("1984-1X", 19841001, 19841231),
        ("1982/", 19820101, 99991231),
        ("/1982", 10101, 19821231),
        ("2000-XX/2012", 20000101, 20121231),
        ("../-0500", -4999899, -4998769),
        ("Y17E7", 1700000000101, 1700000001231),
    ],
)
def test_how_far_a_date_may_reach(written: str, earliest: int, latest: int) -> None:
    """A winter may be the one that ends in the year or the one that begins in it."""
    found = dates.bounds(written)
    assert found is not None
    assert (found.earliest, found.latest) == (earliest, latest)


@pytest.mark.parametrize("written", ["2000-XX/2012", "1996-0X", "1996-02-3X", *INVALID])
def test_the_library_prints_nothing(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It would stand before the JSON that a program reads."""
    for read in (dates.bounds, dates.read):
        with contextlib.suppress(dates.InvalidDate):
            read(written)
    assert capsys.readouterr() == ("", "")


def test_the_library_left_alone_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The control: else the test before could not fail."""
    with contextlib.suppress(Exception):
        edtf.parse_edtf("2000-XX/2012")
    assert capsys.readouterr().out


_YEARS = st.integers(1, 9999)


@given(_YEARS, st.integers(0, 14), st.integers(0, 33), st.sampled_from(["", "~", "?", "%"]))
@example(1900, 2, 29, "~")
@example(2000, 2, 29, "~")
def test_a_day_is_read_where_it_was_and_only_there(year: int, month: int, day: int, mark: str) -> None:
    """The calendar decides, also under "about" and on either side of an interval."""
    written = f"{year:04}-{month:02}-{day:02}{mark}"
    was = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    for each in (written, f"../{written}", f"{written}/..", f"[{written},{written}]"):
        if was:
            assert dates.bounds(each)
        else:
            with pytest.raises(dates.InvalidDate, match="never was"):
                dates.bounds(each)


@given(st.dates(min_value=dt.date(100, 1, 1)), st.lists(st.integers(2, 7), unique=True))
def test_a_day_lies_in_every_date_that_hides_digits_of_it(day: dt.date, hidden: list[int]) -> None:
    """Whatever digits after the century are unknown, the day itself is among those meant."""
    digits = [*day.strftime("%Y").zfill(4), *day.strftime("%m%d")]
    shown = "".join("X" if at in hidden else digit for at, digit in enumerate(digits))
    found = dates.bounds(f"{shown[:4]}-{shown[4:6]}-{shown[6:]}")
    whole = int("".join(digits))
    assert found is not None
    assert found.earliest <= whole <= found.latest


def test_an_open_end_stops_when_the_account_was_recorded() -> None:
    """Nobody tells of a time after they told it."""
    period, recorded = dates.bounds("2014/.."), dates.bounds("2016-05")
    assert period is not None
    assert dates.close_at(period, recorded).latest == 20160531


def test_decades_of_a_period() -> None:
    """Every decade that is touched, and none for the open side."""
    assert dates.decades(dates.bounds("1982/2005")) == ("1980s", "1990s", "2000s")
    assert dates.decades(dates.bounds("../1982")) == ("1980s",)
    assert dates.decades(None) == ()


@examples(150)
@given(
    st.text(alphabet="0123456789-/~?%X.[]{},YES T", max_size=20)
    | st.lists(st.sampled_from([*VALID, *INVALID, "..", "XXXX", "/", ",", "["]), min_size=1, max_size=3).map("".join)
)
def test_any_text_has_ordered_bounds_or_is_refused(written: str) -> None:
    """No text of a date's letters gives bounds out of order or another error."""
    try:
        found = dates.bounds(written)
    except dates.InvalidDate:
        return
    if found:
        assert found.earliest <= found.surely_from <= found.surely_to <= found.latest
    elif written[0] not in "[{":
        assert is_undated(written)


_PLAIN = (
    st.from_regex(r"\A[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z")
    | st.dates().map(str)
    | st.sampled_from(["2024-02-29", "1904-02-29", "0000"])
)


@settings(deadline=None)
@given(_PLAIN)
def test_a_plain_date_is_read_as_the_library_reads_it(written: str) -> None:
    """Years, months and days are read by the calendar alone, which is faster: the same bounds, the same refusals."""
    try:
        read = edtf.parse_edtf(written)
        strict = [tuple(side)[:3] for side in (read.lower_strict(), read.upper_strict())]
    except Exception:  # noqa: BLE001 - the library raises many
        strict = []
    first, last = [year * 10000 + month * 100 + day for year, month, day in strict] or [0, 0]
    if any(month == 2 and day > calendar.monthrange(year, 2)[1] for year, month, day in strict):
        strict = []  # the library has a 29 February in every year
    try:
        found = dates.bounds(written)
    except dates.InvalidDate:
        found = None
    assert (found and found[1:3]) == ((first, last) if strict else None)


@given(st.integers(0, 9999), st.integers(0, 12), st.sampled_from("?~%"))
@example(0, 0, "~")
@example(0, 1, "%")
@example(1986, 12, "%")
@example(9999, 0, "%")
@example(9999, 12, "%")
def test_about_a_year_or_a_month_reaches_as_far_as_the_library_says(year: int, month: int, mark: str) -> None:
    """Most marks stand behind a year or a month alone, and the library, which takes long to load, is not asked for those."""
    written = f"{year:04}-{month:02}{mark}" if month else f"{year:04}{mark}"
    found, read = dates.read(written), edtf.parse_edtf(written)
    sides = (tuple(side)[:3] for side in (read.lower_fuzzy(), read.upper_fuzzy()))
    assert found is not None
    assert [found.earliest, found.latest] == [year * 10000 + month * 100 + day for year, month, day in sides]


@pytest.mark.parametrize(("written", "is_loaded"), [("1996-05~/1998~", False), ("1996-05-01~", True)])
def test_the_library_is_loaded_where_it_is_needed(written: str, is_loaded: bool) -> None:  # noqa: FBT001 - of a table
    """It takes a fifth of the start of an update, and what most dates are needs no more than the calendar."""
    told = f"import sys; from archive.record import dates; dates.bounds({written!r}); print('edtf' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert ran.stdout == f"{is_loaded}\n"
