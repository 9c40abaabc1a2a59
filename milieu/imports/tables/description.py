"""How a table of a folder is described: its columns, what makes two rows the same fact, and how a row ends.

The descriptions are in `places`, `programme`, `people` and `company`; `registry` lists them. Reading, checking, merging
and the page on the columns all work from them, so that a new column is one line and a new table one description.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from milieu.imports.tables import cells
from milieu.models import Base

LONGEST_NAME = 120
LONGEST_WORDS = 400


@dataclass(frozen=True)
class Column:
    """`field` is the attribute of the model; `default` is what an empty or absent cell means.

    `is_needed`: the column must be there and filled in each row. `refers_to`: the file whose keys it names.
    `is_gridded`: minutes that must lie on the community's grid. `meaning` is its line on the page on the columns.
    """

    name: str
    read: cells.Reader
    meaning: str
    field: str = ""
    is_needed: bool = False
    default: Any = None
    refers_to: str = ""
    is_gridded: bool = False

    @property
    def attribute(self) -> str:
        return self.field or self.name


Values = dict[str, Any]  # by the column's attribute
Trouble = tuple[str, cells.Fault]  # a column's name, and what is wrong there
Check = Callable[[Mapping[str, Any]], Iterator[Trouble]]


@dataclass(frozen=True)
class Record:
    """One row of a file, read: `row` as a spreadsheet counts (the header is 1); `values` complete with defaults.

    `absent`: the attributes whose columns the file does not have. Nothing is said about them: a row that is there
    already keeps what it has.
    """

    file: str
    row: int
    values: Values
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ending:
    """How a row of the database ends: `field` is set so that from `today` on it holds no longer.

    `days_before`: 1 where the date is the last on which the row holds, 0 where it is the first without it. `beside`:
    other attributes that belong to the end.
    """

    field: str
    days_before: int
    beside: tuple[str, ...] = ()

    def on(self, today: date) -> date:
        return today - timedelta(days=self.days_before)

    def is_live(self, end: date | None, today: date) -> bool:
        return end is None or end > self.on(today)

    def close(self, row: Any, today: date) -> date:
        """Let a row hold no longer; the date that says so."""
        setattr(row, self.field, self.on(today))
        return self.on(today)


UNTIL = Ending("valid_until", 1)
EXPIRY = Ending("expires_on", 1)
LAST_DATE = Ending("last_date", 1)
ENDED = Ending("ended_on", 0)


@dataclass(frozen=True)
class Beginning:
    """A row that has ended begins anew: `start` does it, and `attributes` belong to what has begun."""

    start: Callable[[], None]
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One file and the table it fills.

    `same`: the attributes that make two rows the same fact ("key" for what has a key of its own). `unordered`: two of
    them that mean the same either way round. `spread`: one row of the file to the values of several rows.
    `derived`: attributes that `spread` makes of others. `ending` None: a mere link, taken out when it is gone.
    `protects`: whether a row keeps somebody from something. `likeness`: the attributes by which people know one row
    from another, whatever its key. `remark`: what about a changed row wants a look.
    `parts`: a new row as the rows of several tables. `renew`: what makes a row begin again instead of being mended.
    """

    file: str
    model: type[Base]
    noun: str
    about: str
    columns: tuple[Column, ...]
    same: tuple[str, ...] = ("key",)
    unordered: tuple[str, str] | None = None
    ending: Ending | None = None
    is_needed: bool = False
    most_rows: int = 20_000
    checks: tuple[Check, ...] = ()
    spread: Callable[[Values], list[Values]] = field(default=lambda values: [dict(values)])
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Callable[[Values], Iterator[tuple[type[Base], Values]]] | None = None
    renew: Callable[[Any, Values, bool], Beginning | None] | None = None
    protects: Callable[[Any], bool] | None = None
    likeness: tuple[str, ...] = ()
    likeness_words: str = "name"
    remark: Callable[[Any, Values], Iterator[str]] | None = None

    @property
    def has_key(self) -> bool:
        return self.same == ("key",)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def column_of(table: Table, name: str) -> Column:
    """The column of that name; KeyError where there is none."""
    return {column.name: column for column in table.columns}[name]


def key_column(noun: str) -> Column:
    return Column("key", cells.key, f"your own short name for the {noun}; never changes", is_needed=True)


def reference(name: str, file: str, meaning: str, *, is_needed: bool = True) -> Column:
    """A column that names a row of another file by its key; the merge turns it into the row's id."""
    return Column(name, cells.key, meaning, field=f"{name}_id", is_needed=is_needed, refers_to=file)


def validity() -> tuple[Column, ...]:
    return (
        Column("valid_from", cells.day, "first day on which it holds; empty: it always did"),
        Column("valid_until", cells.day, "last day on which it holds; empty: until further notice"),
    )


def hours(*, are_needed: bool = True) -> tuple[Column, ...]:
    """A stretch of time on days of the week or on one date."""
    return (
        Column("days", cells.weekdays, "days of the week: Mon, Mon;Thu or Mon-Fri; empty: every day", field="weekdays"),
        Column("date", cells.day, "one single date instead of days of the week", field="on_date"),
        *span(are_needed=are_needed),
        *validity(),
    )


def span(*, are_needed: bool = True) -> tuple[Column, ...]:
    """From and to within a day; where they need not be given they mean the whole day."""
    start = None if are_needed else 0
    end = None if are_needed else 1440
    return (
        Column("from", cells.minute, "when it begins, as 09:30", "start_minute", are_needed, start, is_gridded=True),
        Column(
            "to",
            cells.minute,
            "when it ends, as 10:15; 24:00 is midnight",
            "end_minute",
            are_needed,
            end,
            is_gridded=True,
        ),
    )


SAME_HOURS = ("on_date", "weekday", "start_minute", "end_minute", "valid_from")


def spread_hours(values: Values) -> list[Values]:
    """A row for each of its days of the week; one without a weekday where it names none or all."""
    values = dict(values)
    weekdays = values.pop("weekdays")
    if weekdays is None or len(weekdays) == len(cells.WEEKDAYS):
        weekdays = (None,)
    return [{**values, "weekday": weekday} for weekday in weekdays]


def spread_each_day(values: Values) -> list[Values]:
    """A row for each of its days of the week, for all seven where it names none."""
    values = dict(values)
    weekdays = values.pop("weekdays")
    return [{**values, "weekday": weekday} for weekday in weekdays or range(len(cells.WEEKDAYS))]


def in_order(first: str, second: str, low: str, high: str, sentence: str, *, may_be_equal: bool = True) -> Check:
    """The value of attribute `first` is not above that of `second`; `low` and `high` are their columns' names.

    `sentence` in three parts, a bar between them: the value, what is wrong with it, and how it is for this row alone.
    """

    def check(values: Mapping[str, Any]) -> Iterator[Trouble]:
        one, other = values[first], values[second]
        if one is None or other is None or one < other or (may_be_equal and one == other):
            return
        said = sentence.format(low=low, one=shown(first, one), other=shown(second, other))
        cell, after, hint = said.split("|")
        yield high, cells.Fault(after, cell, hint=hint)

    return check


def shown(attribute: str, value: Any) -> str:
    """A value as the file would write it."""
    return f"{value // 60:02}:{value % 60:02}" if attribute.endswith("_minute") else str(value)


def only_one(*names: str) -> Check:
    """Exactly one of these references is filled."""

    def check(values: Mapping[str, Any]) -> Iterator[Trouble]:
        filled = [name for name in names if values[f"{name}_id"] is not None]
        if len(filled) != 1:
            what = "none of them is filled" if not filled else f"{' and '.join(filled)} are filled"
            yield filled[-1] if filled else names[0], cells.Fault(f"fill exactly one of {', '.join(names)}; {what}")

    return check


def always(_row: object) -> bool:
    """What each row of some tables does."""
    return True


def _days_or_date(values: Mapping[str, Any]) -> Iterator[Trouble]:
    if values["weekdays"] is not None and values["on_date"] is not None:
        yield "date", cells.Fault("give days of the week or one date, not both")


PERIOD = in_order("valid_from", "valid_until", "valid_from", "valid_until", "{other}| lies before {low}|, {one}")
SPAN = in_order("start_minute", "end_minute", "from", "to", "{other}| is not after {low}|, {one}", may_be_equal=False)
HOURS = (_days_or_date, SPAN, PERIOD)
