"""When things can be, for warnings: stretches of days from lists of windows."""

from collections.abc import Iterable
from typing import TypeAlias

from solver.documents.fields import DAY_MINUTES
from solver.documents.problem import Window

Spans: TypeAlias = tuple[tuple[int, int, int], ...]  # (day, begin, end)


def spans(windows: tuple[Window, ...] | None, days: int) -> Spans:
    """Every stretch by itself: who is in one window and in the next is in neither for the whole of a longer time."""
    if windows is None:
        return tuple((day, 0, DAY_MINUTES) for day in range(days))
    return tuple(
        (day, window.begin, window.end) for window in windows for day in range(days) if window.day in (None, day)
    )


def shared(one: Spans, other: Spans, least: int) -> Spans:
    """What both have in common, where it is at least so many minutes long."""
    by_day: dict[int, list[tuple[int, int]]] = {}
    for day, begin, end in other:
        by_day.setdefault(day, []).append((begin, end))
    return tuple(
        (day, max(begin, first), min(end, last))
        for day, begin, end in one
        for first, last in by_day.get(day, ())
        if min(end, last) - max(begin, first) >= least
    )


def minutes_of(stretches: Iterable[tuple[int, int, int]]) -> int:
    """How long they are together, what overlaps counted once."""
    total, until = 0, (-1, 0)
    for day, begin, end in sorted(stretches):
        start = max(begin, until[1]) if until[0] == day else begin
        if end > start:
            total += end - start
            until = (day, end)
    return total


def longest_gap(stretches: Spans, days: int) -> int:
    """The longest time of one day that none of these touches."""
    longest = 0
    for day in range(days):
        until = 0
        for _, begin, end in sorted(each for each in stretches if each[0] == day):
            longest = max(longest, begin - until)
            until = max(until, end)
        longest = max(longest, DAY_MINUTES - until)
    return longest
