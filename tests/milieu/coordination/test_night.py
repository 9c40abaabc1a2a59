"""What time there is is shared out: ready in time where that can be, less for all rather than none for some."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.coordination import night
from milieu.coordination.night import LEAST_SECONDS, READY_SECONDS, Expected, share_out

ONE = Expected(READY_SECONDS, 10, 2.0)


def ends(expected: list[Expected], seconds: list[int], places: int) -> list[float]:
    """When each ends where each in turn takes the place that is free first: said again, without a heap."""
    free, found = [0.0] * places, []
    for each, given_seconds in zip(expected, seconds, strict=True):
        first = free.index(min(free))
        free[first] += each.takes(given_seconds)
        found.append(free[first])
    return found


def test_where_all_fit_each_gets_what_its_community_wants() -> None:
    assert share_out([ONE] * 100, places=1, now=0.0) == [10] * 100
    assert share_out([], places=1, now=0.0) == []


def test_where_more_is_due_than_fits_all_get_less_and_are_ready() -> None:
    expected = [ONE] * 300

    shares = share_out(expected, places=1, now=0.0)

    assert set(shares) == {5}  # 300 times 2 + 5 seconds are 35 minutes
    assert max(ends(expected, shares, 1)) <= READY_SECONDS


def test_where_nothing_fits_none_gets_less_than_a_valid_repair_takes() -> None:
    assert set(share_out([ONE] * 5_000, places=1, now=0.0)) == {LEAST_SECONDS}


def test_who_is_late_already_is_done_soon_and_takes_little_from_the_others() -> None:
    late = replace(ONE, deadline=-1.0)

    assert share_out([late, ONE, ONE], places=1, now=0.0) == [LEAST_SECONDS, 10, 10]


def test_what_ends_early_by_itself_leaves_its_time_to_others() -> None:
    quick = replace(ONE, usual=1.0)

    assert set(share_out([quick] * 600, places=1, now=0.0)) == {10}


def test_each_counts_by_its_own_deadline() -> None:
    """The first ten are due sooner than they all fit; the others have time."""
    soon, later = replace(ONE, deadline=70.0), replace(ONE, deadline=700.0)

    shares = share_out([soon] * 10 + [later] * 10, places=1, now=0.0)

    assert max(ends([soon] * 10, shares[:10], 1)) <= 70.0


CASES = st.lists(
    st.builds(
        Expected,
        deadline=st.floats(1, 3000),
        wanted=st.integers(1, 30),
        beside=st.floats(0.1, 10),
        usual=st.none() | st.floats(0.1, 30),
    ),
    max_size=30,
).map(lambda found: sorted(found, key=lambda each: each.deadline))


@given(CASES, st.integers(1, 8))
def test_whatever_is_due_nobody_is_left_out_and_none_is_late_for_anothers_sake(
    expected: list[Expected], places: int
) -> None:
    shares = share_out(expected, places=places, now=0.0)

    assert all(each.least() <= seconds <= each.wanted for each, seconds in zip(expected, shares, strict=True))
    least = [each.least() for each in expected]
    lost = [each.takes(seconds) > each.deadline for each, seconds in zip(expected, least, strict=True)]

    def is_ready(seconds: list[int]) -> bool:
        made = ends(expected, seconds, places)
        return all(end <= each.deadline or gone for each, end, gone in zip(expected, made, lost, strict=True))

    all_wanted = [low if gone else each.wanted for each, low, gone in zip(expected, least, lost, strict=True)]
    if is_ready(all_wanted):
        assert shares == all_wanted
    elif is_ready(least):
        assert is_ready(shares)
    else:
        assert shares == least or is_ready(shares)


def test_a_night_that_forgets_the_deadlines_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night, "_fits", lambda *_: True)

    with pytest.raises(AssertionError):
        test_where_more_is_due_than_fits_all_get_less_and_are_ready()
