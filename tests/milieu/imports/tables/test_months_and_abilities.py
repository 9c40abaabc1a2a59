"""Cells that name months of the year, or what an activity asks: what they mean, and what is wrong with others."""

import pytest

from milieu.imports.tables.cells import BadCell, abilities, months


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("Apr-Oct", [4, 5, 6, 7, 8, 9, 10]),
        ("Apr;Jun", [4, 6]),
        ("nov-feb", [1, 2, 11, 12]),
        ("January-March; May", [1, 2, 3, 5]),
        ("Sept", [9]),
        ("Apr–May", [4, 5]),
        ("Dec", [12]),
        ("Jan-Dec", []),
    ],
)
def test_months(cell: str, meant: list[int]) -> None:
    assert months(cell) == meant


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            "Spring",
            "'Spring' is not a month; the months are Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec",
        ),
        ("Marc", None),
        ("Mart", "'Mart' is not a month; the months are Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec"),
        ("Apr-May-Jun", "'Apr-May-Jun' is not a stretch of months; write Apr-Oct, or single months as Apr;Jun"),
        ("Apr-Jun;May", "'Apr-Jun;May' names a month twice"),
        ("Apr;;May", "'Apr;;May' has an empty place in its list; put one ';' between two words"),
    ],
)
def test_what_is_no_month(cell: str, said: str | None) -> None:
    if said is None:
        assert months(cell) == [3]
        return
    with pytest.raises(BadCell) as bad:
        months(cell)
    assert str(bad.value) == said


def test_abilities() -> None:
    assert abilities("Walks; sees") == ["walks", "sees"]
    with pytest.raises(BadCell) as bad:
        abilities("walks;hear")
    assert str(bad.value) == ("'hear' is none of: walks, stands, sees, hears, reads, swallows; did you mean 'hears'?")
