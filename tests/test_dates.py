"""EDTF with guards for what the library lets through."""

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import dates


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


@pytest.mark.parametrize("written", ["XXXX", "../..", "XXXX/XXXX"])
def test_wholly_unknown_is_undated(written: str) -> None:
    """The library would make it the years 0 to 9999."""
    assert dates.bounds(written) is None


@pytest.mark.parametrize(
    "written",
    ["", "foo", "1996-13", "1996-02-30", "2005/1999", "1982/", "/1982", "1996-01-01T10:00:00", "9" * 200, "0000/1990/2000"],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    """A reversed interval, an empty side, a time of day: each with its reason."""
    with pytest.raises(dates.InvalidDate):
        dates.bounds(written)


def test_an_open_end_stops_when_the_account_was_recorded() -> None:
    """Nobody tells of a time after they told it."""
    period, recorded = dates.bounds("2014/.."), dates.bounds("2016-05")
    assert period is not None
    assert dates.closed_at(period, recorded).latest == 20160531


def test_decades_of_a_period() -> None:
    """Every decade that is touched, and none for the open side."""
    assert dates.decades(dates.bounds("1982/2005")) == ("1980s", "1990s", "2000s")
    assert dates.decades(dates.bounds("../1982")) == ("1980s",)
    assert dates.decades(None) == ()


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789-/~?%X.[]{},YE", max_size=20))
def test_any_text_has_ordered_bounds_or_is_refused(written: str) -> None:
    """No text of a date's letters gives bounds out of order or another error."""
    try:
        found = dates.bounds(written)
    except dates.InvalidDate:
        return
    if found:
        assert found.earliest <= found.latest
        assert found.surely_from <= found.surely_to


_SIDES = (
    st.from_regex(r"\A[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z")
    | st.dates().map(str)
    | st.sampled_from(["..", "2024-02-29", "1900-02-29"])
)


@settings(deadline=None)
@given(_SIDES, _SIDES)
def test_a_plain_date_is_read_as_the_library_reads_it(first: str, last: str) -> None:
    """Years, months and days are read by the calendar alone, which is faster: the same bounds, the same refusals."""
    for written in (first, f"{first}/{last}"):
        try:
            read = edtf.parse_edtf(written)
            sides = [read.lower_fuzzy(), read.lower_strict(), read.upper_strict(), read.upper_fuzzy()]
            expected: object = tuple(dates._as_integer(side) for side in sides)  # noqa: SLF001 - the one way to compare
        except Exception:  # noqa: BLE001 - the library raises many
            expected = None
        try:
            found = dates.bounds(written)
        except dates.InvalidDate:
            found = None
        if found is not None or written not in {"..", "../.."}:
            ordered = isinstance(expected, tuple) and expected[0] <= expected[3] and expected[1] <= expected[2]
            assert found == (expected if ordered else None)
