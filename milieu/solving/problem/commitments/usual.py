"""The programme that people are used to: the base week for each day, else the week that was published last."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from milieu.calendar.spans import is_valid
from milieu.queries.programme.base_week import Habit, habit_of
from milieu.solving.problem.commitments.turns import LONG
from milieu.solving.problem.rows import Rows
from solver.documents import exchange


def make_usual(
    rows: Rows, residents: Iterable[exchange.Resident], activities: Iterable[exchange.Activity]
) -> tuple[exchange.Usual, ...]:
    """The base week as the solver is told it; nothing where there is none yet.

    What only stood so last gives way where its time keeps somebody away who has waited long; what a person has drawn up
    stands.
    """
    told = _told(_one_visitor_each(rows, _stood_last(rows)))
    minutes = {each.id: each.duration_minutes for each in activities}
    longest = [each for each in residents if max(each.waiting.values(), default=0) >= LONG]
    last = tuple(each for each in told if not any(_keeps_away(each, who, minutes) for who in longest))
    return (*_told(_drawn_up(rows)), *last)


def _one_visitor_each(rows: Rows, habits: Iterable[Habit]) -> tuple[Habit, ...]:
    """Visits with the one visitor who came most often; of two, whom the person knows and trusts."""
    habits = tuple(habits)
    familiar = {(face.resident_id, leader) for leader, faces in rows.faces.items() for face in faces}
    times: dict[str, Counter[str]] = defaultdict(Counter)
    for each in habits:
        if rows.activities[each.activity_id].max_group == 1:
            times[each.activity_id].update(each.facilitators)
    visitors: dict[str, str] = {}
    for activity, counts in times.items():
        visited = {member.resident_id for member in rows.members.get(activity, ())}
        known = {leader for who, leader in familiar if who in visited}
        if counts:
            visitors[activity] = min(counts, key=lambda leader: (-counts[leader], leader not in known, leader))
    return tuple(
        replace(each, facilitators=(visitors[each.activity_id],)) if each.activity_id in visitors else each
        for each in habits
    )


def _keeps_away(usual: exchange.Usual, resident: exchange.Resident, minutes: Mapping[str, int]) -> bool:
    """Whether somebody who has waited long for it is taken up at the time at which it stands."""
    if resident.waiting.get(usual.activity, 0) < LONG or usual.activity not in minutes:
        return False
    begin = exchange.minutes(usual.start)
    return any(each.touches(usual.day, begin, begin + minutes[usual.activity]) for each in resident.busy)


def base_week(rows: Rows) -> tuple[Habit, ...]:
    """What the base week of each day holds, as soon as there is one for it; else what stood there last."""
    return (*_drawn_up(rows), *_stood_last(rows))


def _drawn_up(rows: Rows) -> tuple[Habit, ...]:
    """Of the base week that is chosen for each day, else of the one without a name."""
    chosen = [rows.base_weeks.on(day) for day in rows.week.days]
    days = rows.week.days
    return tuple(
        habit_of(row)
        for row in rows.base_sessions
        if row.base_week_id == chosen[row.weekday]
        and is_valid(row.valid_from, row.valid_until, days[row.weekday], days[row.weekday])
    )


def _stood_last(rows: Rows) -> tuple[Habit, ...]:
    """On the days for which no base week was drawn up."""
    if rows.last_week is None or any(row.base_week_id is None for row in rows.base_sessions):
        return ()
    free = {number for number, day in enumerate(rows.week.days) if rows.base_weeks.on(day) is None}
    return tuple(each for each in rows.last_week.habits if each.weekday in free)


def _told(habits: Iterable[Habit]) -> tuple[exchange.Usual, ...]:
    """Each activity once for a day and a time: of several at one moment the first, by their spaces."""
    by_place = sorted(habits, key=lambda each: (each.weekday, each.start_minute, each.activity_id, each.space_id or ""))
    found: dict[tuple[str, int, int], exchange.Usual] = {}
    for each in by_place:
        found.setdefault(
            (each.activity_id, each.weekday, each.start_minute),
            exchange.Usual(
                activity=each.activity_id,
                day=each.weekday,
                start=exchange.clock(each.start_minute),
                space=each.space_id,
                facilitators=each.facilitators,
            ),
        )
    return tuple(found.values())
