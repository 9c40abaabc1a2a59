"""Stretches of time as lists of half-open (start, end) minutes, one list for each day of a week.

Rounding to the grid is always on the safe side: what is available shrinks, what is taken grows.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeAlias

from milieu.calendar.weeks import DAY_MINUTES, DAYS
from solver.documents.exchange import Window, clock

Span: TypeAlias = tuple[int, int]
WeekSpans: TypeAlias = tuple[tuple[Span, ...], ...]

WHOLE_DAY: Span = (0, DAY_MINUTES)
ALWAYS: WeekSpans = ((WHOLE_DAY,),) * DAYS
NEVER: WeekSpans = ((),) * DAYS
_WINDOWS_KEPT = 20_000


class HoursRow(Protocol):
    """A row that mixes in `models.base.Hours`."""

    on_date: date | None
    weekday: int | None
    start_minute: int
    end_minute: int
    valid_from: date | None
    valid_until: date | None


class AwayRow(Protocol):
    """An absence or a closure: one stretch from a moment of the first day to a moment of the last."""

    first_date: date
    last_date: date
    start_minute: int
    end_minute: int


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few stretches as can be; touching ones become one, empty ones vanish."""
    result: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def minus(spans: Iterable[Span], cuts: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of the spans without the cuts."""
    left = list(spans)
    for first, last in cuts:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, first)), (max(start, last), end))
            if part[0] < part[1]
        ]
    return tuple(left)


def shrunk(span: Span, slot: int) -> Span:
    """The part of a stretch that lies on whole slots; may come out empty."""
    return -(-span[0] // slot) * slot, span[1] // slot * slot


def grown(span: Span, slot: int) -> Span:
    """The whole slots that a stretch touches."""
    return span[0] // slot * slot, min(DAY_MINUTES, -(-span[1] // slot) * slot)


def hours_of(rows: Iterable[HoursRow], days: Sequence[date]) -> WeekSpans:
    """The stretches of rows on each day, as written: neither merged nor rounded."""
    week: list[set[Span]] = [set() for _ in days]
    for row in rows:
        span = (row.start_minute, row.end_minute)
        if span[0] < span[1]:
            for spans, day in zip(week, days, strict=True):
                if _is_on(row, day):
                    spans.add(span)
    return tuple(tuple(sorted(spans)) for spans in week)


def _is_on(row: HoursRow, day: date) -> bool:
    if row.on_date is not None:
        if row.on_date != day:
            return False
    elif row.weekday is not None and row.weekday != day.weekday():
        return False
    return is_valid(row.valid_from, row.valid_until, day, day)


def is_valid(valid_from: date | None, valid_until: date | None, first: date, last: date) -> bool:
    """Whether a dated fact holds on any day from `first` to `last`, both included."""
    return (valid_from is None or valid_from <= last) and (valid_until is None or valid_until >= first)


def away_of(rows: Iterable[AwayRow], days: Sequence[date]) -> WeekSpans:
    """What absences or closures take of each day."""
    rows = list(rows)
    return tuple(
        merged(
            (
                row.start_minute if day == row.first_date else 0,
                row.end_minute if day == row.last_date else DAY_MINUTES,
            )
            for row in rows
            if row.first_date <= day <= row.last_date
        )
        for day in days
    )


def presence(first: date | None, gone: date | None, days: Sequence[date]) -> WeekSpans:
    """Whole days from `first` (null = always was there) up to, and without, the day `gone`."""
    return tuple(
        (WHOLE_DAY,) if (first is None or first <= day) and (gone is None or day < gone) else () for day in days
    )


def on_duty(
    roster: Iterable[HoursRow],
    absences: Iterable[AwayRow],
    days: Sequence[date],
    *,
    starts_on: date | None,
    ended_on: date | None,
) -> WeekSpans:
    """When somebody can lead: their roster without absences, from their first day to before their last; none, never."""
    week = within(tuple(merged(spans) for spans in hours_of(roster, days)), presence(starts_on, ended_on, days))
    return without(week, away_of(absences, days))


def absence(present: WeekSpans) -> WeekSpans:
    """The complement of spans within each day."""
    return tuple(minus((WHOLE_DAY,), spans) for spans in present)


def within(week: WeekSpans, present: WeekSpans) -> WeekSpans:
    """The parts of stretches that lie in the time of `present`; distinct stretches stay distinct."""
    return tuple(minus(spans, minus((WHOLE_DAY,), here)) for spans, here in zip(week, present, strict=True))


def without(week: WeekSpans, cuts: WeekSpans) -> WeekSpans:
    return tuple(minus(spans, cut) for spans, cut in zip(week, cuts, strict=True))


def available_windows(week: WeekSpans, slot: int) -> tuple[Window, ...]:
    """Windows in which something can be: rounded inward."""
    return _windows(tuple(tuple(shrunk(span, slot) for span in spans) for spans in week))


def taken_windows(week: WeekSpans, slot: int) -> tuple[Window, ...]:
    """Windows in which something is taken: rounded outward, merged."""
    return _windows(tuple(merged(grown(span, slot) for span in spans) for spans in week))


def _windows(week: WeekSpans) -> tuple[Window, ...]:
    """Day-less windows for what holds on every day, then those of single days, in order of time."""
    by_day = [{span for span in spans if span[0] < span[1]} for spans in week]
    daily = set.intersection(*by_day)
    windows = [_window(None, *span) for span in sorted(daily)]
    for day, spans in enumerate(by_day):
        windows += [_window(day, *span) for span in sorted(spans - daily)]
    return tuple(windows)


@lru_cache(_WINDOWS_KEPT)
def _window(day: int | None, start: int, end: int) -> Window:
    """One object for each stretch: a week of three hundred people has thousands of few kinds."""
    hours = {"from_": clock(start), "to": clock(end)}
    return Window(**hours) if day is None else Window(day=day, **hours)
