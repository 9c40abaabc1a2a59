"""What a row of residents.csv says of somebody's stays: the last one, mended, or a new one beside those before it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from milieu.errors import Invalid
from milieu.ids import new_id
from milieu.imports.tables.cells import quoted
from milieu.imports.tables.description import Beginning, Ending, Values
from milieu.models import Base, Resident, Stay

ABOUT_THE_STAY = ("arrived_on", "left_on", "left_reason")


class Leaving(Ending):
    """Whoever is gone from the file has left every stay that still runs or is to come."""

    def close(self, row: Any, today: date) -> date:
        for stay in row.stays:
            if self.is_live(stay.left_on, today):
                stay.left_on = self.on(today)
        return self.on(today)


LEFT = Leaving("left_on", 0, ("left_reason",))


def divide(values: Values) -> Iterator[tuple[type[Base], Values]]:
    """A new resident's row, and the row of the stay that it begins with."""
    ids = {"community_id": values["community_id"], "resident_id": values["id"]}
    yield Resident, {name: value for name, value in values.items() if name not in ABOUT_THE_STAY}
    yield Stay, {"id": new_id(), **ids, **{name: values[name] for name in ABOUT_THE_STAY}}


def begin_again(row: Resident, values: Values, was_closed: bool) -> Beginning | None:
    """The new stay of somebody who had left, or None where the row speaks of their last one.

    `was_closed`: the last stay ended because the row was gone from its file. Who then stands there with a later arrival
    had left before that day, whenever the files were next read. Raises Invalid where the days cut into an earlier stay.
    """
    last, arrived = row.last_stay, values["arrived_on"]
    if last.left_on is None or arrived <= last.arrived_on or not (was_closed or last.left_on <= arrived):
        _see_that_they_follow(row, last, arrived)
        return None

    def start() -> None:
        last.left_on = min(arrived, last.left_on or arrived)
        row.stays.append(Stay(community_id=row.community_id, arrived_on=arrived))

    return Beginning(start, ABOUT_THE_STAY)


def look_at(row: Resident, values: Values) -> Iterator[str]:
    """What about a changed resident may be somebody else's row, or a stay that is lost."""
    name, born = f"{row.given_name} {row.family_name}", row.born_on
    new_name = f"{values.get('given_name', row.given_name)} {values.get('family_name', row.family_name)}"
    new_born = values.get("born_on", born)
    if born and new_born and born != new_born and name != new_name:
        yield (
            f"{quoted(row.key)} was {name}, born {born}, and is now {new_name}, born {new_born}; if that is somebody "
            "else, give them a key of their own"
        )
    arrived, left = values["arrived_on"], values.get("left_on", row.left_on)
    if row.left_on is None and arrived > row.arrived_on:
        yield (
            f"{quoted(row.key)} lived here from {row.arrived_on}, now from {arrived}, taken as a slip that is mended; "
            "if they left and came back, write their earlier stay into stays.csv"
        )
    if row.left_on is not None and left is None and arrived == row.arrived_on:
        yield (
            f"{quoted(row.key)} had left on {row.left_on} and now never left; if they came back, write the day on "
            "which they did under arrived_on"
        )


def _see_that_they_follow(row: Resident, last: Stay, arrived: date) -> None:
    for stay in row.stays:
        if stay is not last and arrived < (stay.left_on or date.max):
            raise Invalid(
                f"Nothing was imported: residents.csv says that {quoted(row.key)} moved in on {arrived}, which lies in "
                f"or before an earlier stay, from {stay.arrived_on} to {stay.left_on}; their last stay began on "
                f"{last.arrived_on}. Give the day on which the last stay began."
            )
