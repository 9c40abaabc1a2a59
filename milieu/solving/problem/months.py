"""In which months of the year something is there."""

from collections.abc import Sequence
from datetime import date

from milieu.calendar.spans import WHOLE_DAY, WeekSpans
from milieu.models import Activity, Space


def is_in_months(row: Activity | Space, day: date) -> bool:
    """Whether a day lies in its months; none named are all."""
    return not row.months or day.month in row.months


def months_of(row: Activity | Space, days: Sequence[date]) -> WeekSpans:
    """Whole days that lie in its months."""
    return tuple((WHOLE_DAY,) if is_in_months(row, day) else () for day in days)
