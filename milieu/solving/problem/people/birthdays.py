"""Whose birthday is in the week, and to what they are asked for it."""

from calendar import isleap
from datetime import date

from milieu.solving.problem.rows import Rows
from solver.documents import exchange


def birthday_invitations(
    rows: Rows, residents: tuple[exchange.Resident, ...], activities: tuple[exchange.Activity, ...]
) -> frozenset[tuple[str, str]]:
    """(resident, activity): who is to be asked to what because they have their birthday this week while they live here.

    Nobody is asked to what they want not, are kept from, or what is closed to them; nor for their birthday to what
    their care plan asks for anyway.
    """
    celebrating = [each for each in activities if rows.activities[each.id].celebrates_birthdays]
    return frozenset(
        (who.id, what.id)
        for who in residents
        if _has_birthday(rows, who.id)
        for what in celebrating
        if what.id not in (*who.refuses.activities, *who.avoids.activities, *who.required)
        and (what.only is None or who.id in what.only)
    )


def _has_birthday(rows: Rows, resident_id: str) -> bool:
    born = rows.residents[resident_id].born_on
    return born is not None and any(
        birthday_in(born, day.year) == day and rows.stays[resident_id].stays_over(day) for day in rows.week.days
    )


def birthday_in(born: date, year: int) -> date:
    """The day on which a birthday falls in a year; that of a leap day on the last of February where there is none."""
    is_leap_day = (born.month, born.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day and not isleap(year) else born.replace(year=year)
