"""What rows hold on which days, as conditions of a query: `milieu.calendar.spans` says the same of a row in hand.

A `valid_from` or `valid_until` that is empty has no such edge, and both days belong to the stretch. A thing's
`ended_on` is the first day on which it is no more.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

Day = date | ColumnElement[date]


def is_valid_within(table: Any, first: Day, last: Day) -> ColumnElement[bool]:
    """Valid on some day from `first` to `last`; on one day where both are the same."""
    begun = or_(table.valid_from.is_(None), table.valid_from <= last)
    return and_(begun, is_not_over(table, first))


def is_not_over(table: Any, day: Day) -> ColumnElement[bool]:
    """Valid on that day or later."""
    return or_(table.valid_until.is_(None), table.valid_until >= day)


def is_there(table: Any, day: Day) -> ColumnElement[bool]:
    """Not ended by that day."""
    return or_(table.ended_on.is_(None), table.ended_on > day)
