"""Facilitators: when they can lead, what they can, and whom they know."""

from collections.abc import Iterable

from milieu.calendar.spans import available_windows, on_duty
from milieu.models import Facilitator
from milieu.solving.problem.leading import leaves_of
from milieu.solving.problem.programme.places import round_up
from milieu.solving.problem.rows import Rows, is_offered
from solver.documents import exchange


def make_facilitators(rows: Rows) -> tuple[exchange.Facilitator, ...]:
    """Everybody who leads sessions in the week."""
    return tuple(
        _facilitator(rows, row, _available(rows, row))
        for row in rows.facilitators.values()
        if is_offered(row.starts_on, row.ended_on, rows.week)
    )


def make_former_facilitators(rows: Rows, ids: Iterable[str]) -> tuple[exchange.Facilitator, ...]:
    """People who are only there because they led something that happened: never available."""
    return tuple(_facilitator(rows, rows.facilitators[each], ()) for each in sorted(ids))


def _facilitator(rows: Rows, row: Facilitator, available: tuple[exchange.Window, ...]) -> exchange.Facilitator:
    return exchange.Facilitator(
        id=row.id,
        skills=tuple(sorted({*row.skills, *leaves_of(rows, row)})),
        available=available,
        max_sessions_per_day=row.max_sessions_per_day,
        gap_minutes=round_up(row.gap_minutes, rows.slot),
        support=row.support,
        familiar_to=tuple(sorted({face.resident_id for face in rows.faces.get(row.id, ())} & rows.residents.keys())),
    )


def _available(rows: Rows, row: Facilitator) -> tuple[exchange.Window, ...]:
    """Roster without absences, between the first and the last day; who is on no roster is never there."""
    roster, absences = rows.rosters.get(row.id, ()), rows.absences.get(row.id, ())
    week = on_duty(roster, absences, rows.week.days, starts_on=row.starts_on, ended_on=row.ended_on)
    return available_windows(week, rows.slot)
