"""How many helpers can bring residents at each moment: what the settings say, and fewer while the team is short."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Protocol

from milieu.calendar.spans import AwayRow, Span, away_of
from solver.documents.exchange import Escorts, EscortWindow, clock

NO_LIMIT = 1_000_000


class ShortRow(AwayRow, Protocol):
    """A time with no more than `helpers`, None where that is as many as usual."""

    helpers: int | None


def escorts_with(usual: Escorts | None, short: Iterable[ShortRow], days: Sequence[date]) -> Escorts | None:
    """The escorts of the days from a Monday on; None: as many as are needed, at every moment."""
    rows = [row for row in short if row.helpers is not None]
    base = usual if usual is not None else Escorts(default=NO_LIMIT)
    windows = [
        EscortWindow(day=day, from_=clock(start), to=clock(end), capacity=least)
        for day, on in enumerate(days)
        for (start, end), most in _stretches(rows, on, base, day)
        if (least := min(most, base.available(day, start))) < base.available(day, start)
    ]
    return base.model_copy(update={"windows": (*windows, *base.windows)}) if windows else usual


def _stretches(rows: Sequence[ShortRow], on: date, base: Escorts, day: int) -> Iterable[tuple[Span, int]]:
    """The parts of a day in which somebody is missing, each with one number, and with one of the usual numbers."""
    spans = [(span, row.helpers) for row in rows for span in away_of([row], [on])[0]]
    held = [window for window in base.windows if window.is_on(day)]
    edges = {edge for span, _ in spans for edge in span} | {edge for each in held for edge in (each.begin, each.end)}
    for start, end in pairwise(sorted(edges)):
        least = [most for (begin, until), most in spans if begin <= start and end <= until and most is not None]
        if least:
            yield (start, end), min(least)
