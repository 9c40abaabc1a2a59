"""Days and hours of a horizon in words: "Tuesday", "Tuesday 8 December", "Tuesday 14:00–16:00"."""

from collections.abc import Sequence
from datetime import date, timedelta

from solver.documents.problem import Horizon

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MOST = 3  # stretches that are told one by one


class Calendar:
    def __init__(self, horizon: Horizon) -> None:
        self.first = date.fromisoformat(str(horizon.start))
        self.days = horizon.days

    def day(self, number: int) -> str:
        """The weekday; with its date where the horizon has it twice."""
        name = WEEKDAYS[(self.first.weekday() + number) % 7]
        if self.days <= 7 or (date.max - self.first).days < number:  # a calendar has a last day
            return name
        day = self.first + timedelta(days=number)
        return f"{name} {day.day} {MONTHS[day.month - 1]}"

    def hours(self, stretches: Sequence[str]) -> str:
        """Stretches of "DAY FROM TO" as words; those alike on several days together."""
        by_hours: dict[str, list[int]] = {}
        for row in stretches:
            day, start, end = row.split()
            by_hours.setdefault(f"{start}–{end}", []).append(int(day))
        rows = [f"{self._days(days)} {hours}" for hours, days in by_hours.items()]
        if not rows:
            return "never"
        return joined(rows) if len(rows) <= MOST else f"{', '.join(rows[:MOST])} and at other hours"

    def _days(self, days: list[int]) -> str:
        if len(days) == self.days > 1:
            return "every day"
        if len(days) > MOST:
            return f"on {len(days)} days"
        return joined([self.day(day) for day in days])


def joined(words: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join(row for row in (", ".join(words[:-1]), *words[-1:]) if row)
