"""Who stays in bed: in no group, and not shut off from whoever comes to the bedside.

The format knows only that somebody is taken up, which would shut out a visit as well. So they are taken up but for
openings, each as long as a visit and too short for any group. What is published at the bedside keeps its own time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from milieu.calendar.spans import WHOLE_DAY, Span, WeekSpans, absence, grown, hours_of, merged, minus, taken_windows
from milieu.models.people import IN_BED
from milieu.solving.problem.rows import Rows
from solver.documents import exchange

_Visits = Mapping[tuple[str, int], Sequence[Span]]
"""The stretches in which somebody comes to a bedside, by resident and day."""
_Left = Callable[[str, int, Span], Sequence[Span]]
"""What of a stretch in bed is open, by resident and day."""


def taken_up(rows: Rows, resident_id: str, *, in_bed: bool = True) -> WeekSpans:
    """What takes somebody up, with the days on which they do not live here; `in_bed` counts their time in bed too."""
    days = rows.week.days
    held = [row for row in rows.busy.get(resident_id, ()) if in_bed or row.kind != IN_BED]
    away = absence(tuple((WHOLE_DAY,) if rows.stays[resident_id].stays_over(day) else () for day in days))
    return tuple((*some, *more) for some, more in zip(hours_of(held, days), away, strict=True))


def open_to_visits(rows: Rows, document: exchange.ProblemDocument) -> exchange.ProblemDocument:
    """The document with openings for visits in every stretch that somebody spends in bed, one after the other.

    What is published or fixed at their bedside has an opening at its own time.
    """
    ways = _Ways.of(document)
    visits = _visits(document, (*document.previous, *_fixed(document)))

    def left(resident_id: str, day: int, bed: Span) -> list[Span]:
        longest, shortest = ways.longest_visit(resident_id), ways.shortest_group(resident_id)
        kept = [span for span in visits.get((resident_id, day), ()) if span[1] - span[0] < shortest]
        return list(_openings(bed, kept, longest, rows.slot))

    return _with_beds(rows, document, left)


def open_at(
    rows: Rows, document: exchange.ProblemDocument, sessions: Iterable[exchange.Session]
) -> exchange.ProblemDocument:
    """The document as sessions are read by it: who is in bed is free for those at the bedside, and for no others."""
    visits = _visits(document, sessions)
    return _with_beds(rows, document, lambda resident_id, day, bed: list(visits.get((resident_id, day), ())))


def _with_beds(rows: Rows, document: exchange.ProblemDocument, left: _Left) -> exchange.ProblemDocument:
    beds = {
        who: _beds(rows, who) for who in rows.residents if any(row.kind == IN_BED for row in rows.busy.get(who, ()))
    }
    if not beds:
        return document
    return document.model_copy(
        update={
            "residents": tuple(
                row.model_copy(update={"busy": _busy(rows, row.id, beds[row.id], left)}) if row.id in beds else row
                for row in document.residents
            )
        }
    )


def _beds(rows: Rows, resident_id: str) -> WeekSpans:
    """On the grid, and without what takes them up besides: then nobody comes to the bedside either."""
    held = [row for row in rows.busy.get(resident_id, ()) if row.kind == IN_BED]
    return tuple(merged(grown(span, rows.slot) for span in spans) for spans in hours_of(held, rows.week.days))


def _busy(rows: Rows, resident_id: str, beds: WeekSpans, left: _Left) -> tuple[exchange.Window, ...]:
    others = taken_up(rows, resident_id, in_bed=False)
    spans = tuple(
        (*some, *(part for bed in spans for part in minus((bed,), left(resident_id, day, bed))))
        for day, (some, spans) in enumerate(zip(others, beds, strict=True))
    )
    return taken_windows(spans, rows.slot)


def _openings(bed: Span, visits: Iterable[Span], longest: int, slot: int) -> Iterable[Span]:
    """The times of `visits`, and others of `longest` minutes between them; a slot is closed between any two."""
    begin, until = bed
    for start, end in (*sorted(visits), (until, until)):
        at = begin + slot
        while longest and at + longest + slot <= start:
            yield at, at + longest
            at += longest + slot
        if begin + slot <= start < end:
            yield start, end
        begin = max(begin, end)


@dataclass(frozen=True)
class _Ways:
    """Who may come to which of a week's activities: minutes of those at the bedside and of all others.

    Each is a list of (minutes, the residents that it is for, None for all).
    """

    visits: Sequence[tuple[int, frozenset[str] | None]]
    groups: Sequence[tuple[int, frozenset[str] | None]]

    @classmethod
    def of(cls, document: exchange.ProblemDocument) -> "_Ways":
        kinds: dict[bool, list[tuple[int, frozenset[str] | None]]] = {True: [], False: []}
        for each in document.activities:
            spaces = [space for space in document.spaces if set(each.needs_features) <= set(space.features)]
            if spaces:
                only = None if each.only is None else frozenset(each.only)
                kinds[all(space.bedside for space in spaces)].append((each.duration_minutes, only))
        return cls(kinds[True], kinds[False])

    def longest_visit(self, resident_id: str) -> int:
        """The minutes of the longest visit to somebody that is shorter than any group, 0 where there is none."""
        shortest = self.shortest_group(resident_id)
        return max((each for each in _for(self.visits, resident_id) if each < shortest), default=0)

    def shortest_group(self, resident_id: str) -> int:
        """The minutes of the shortest thing that somebody would get up for."""
        return min(_for(self.groups, resident_id), default=exchange.DAY_MINUTES)


def _for(those: Iterable[tuple[int, frozenset[str] | None]], resident_id: str) -> list[int]:
    return [minutes for minutes, only in those if only is None or resident_id in only]


def _visits(document: exchange.ProblemDocument, sessions: Iterable[exchange.Session]) -> _Visits:
    bedside = {space.id for space in document.spaces if space.bedside}
    minutes = {each.id: each.duration_minutes for each in document.activities}
    found: dict[tuple[str, int], list[Span]] = defaultdict(list)
    for each in sessions:
        if each.space in bedside and each.activity in minutes:
            for who in each.residents:
                found[who, each.day].append((each.begin, each.begin + minutes[each.activity]))
    return found


def _fixed(document: exchange.ProblemDocument) -> Iterable[exchange.Session]:
    """What somebody has fixed for one person, at its time, where its space is told."""
    only = {each.id: each.only for each in document.activities}
    for pin in document.pins:
        if isinstance(pin, exchange.SessionPin) and pin.session.space is not None:
            who = pin.session.residents or (only.get(pin.session.activity) or ())[:1]
            yield exchange.Session(
                id=pin.session.id,
                activity=pin.session.activity,
                day=pin.session.day,
                start=pin.session.start,
                space=pin.session.space,
                facilitators=(),
                residents=who,
            )
