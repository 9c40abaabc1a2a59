"""Special days to come: sessions that were told for one date, a singer or a feast, laid over whatever is usual."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.calendar.weeks import monday_of
from milieu.database import DbSession
from milieu.models import Activity, Change, Pin
from milieu.queries.facts.kinds import GUEST, TOLD
from milieu.queries.names import names_of
from solver.documents import exchange


@dataclass(frozen=True)
class SpecialDay:
    """A session on its date; `told` is the line of the journal with which it was told, `pin_id` what holds it there.
    Minutes count from midnight.
    """

    told: str
    pin_id: str
    on_date: date
    start_minute: int
    end_minute: int
    activity_id: str
    title: str
    space_id: str
    space: str
    leaders: tuple[str, ...]

    def meets(self, space_id: str | None, start_minute: int, end_minute: int) -> bool:
        """Whether something in a space at a time of that day would stand in its way."""
        return space_id == self.space_id and start_minute < self.end_minute and self.start_minute < end_minute


def special_days(db: DbSession, community_id: str, first: date, last: date | None = None) -> tuple[SpecialDay, ...]:
    """Those from one day to another in the order of time; what was taken back is among them no more. Three queries."""
    until = () if last is None else (Pin.week_start <= last,)
    rows = db.execute(
        select(Pin, Change.id)
        .join(Change, (Change.community_id == Pin.community_id) & (Change.row_id == Pin.id))
        .where(
            Pin.community_id == community_id,
            Pin.kind == "session",
            Pin.week_start >= monday_of(first),
            *until,
            Change.noun == GUEST,
            Change.verb == TOLD,
        )
        .order_by(Change.at.desc())
    ).all()
    if not rows:
        return ()
    lengths = db.execute(select(Activity.id, Activity.duration_minutes).where(Activity.community_id == community_id))
    minutes = {row.id: row.duration_minutes for row in lengths}
    newest: dict[str, tuple[Pin, str]] = {}
    for pin, told in rows:
        newest.setdefault(pin.id, (pin, told))
    found = _shown(newest.values(), names_of(db, community_id), minutes)
    return tuple(
        sorted(
            (each for each in found if first <= each.on_date and (last is None or each.on_date <= last)),
            key=lambda each: (each.on_date, each.start_minute, each.title),
        )
    )


def _shown(rows: Iterable[tuple[Pin, str]], names: dict[str, str], minutes: dict[str, int]) -> Iterable[SpecialDay]:
    for pin, told in rows:
        fixed = pin.fixed or {}
        start = exchange.minutes(fixed["start"])
        yield SpecialDay(
            told,
            pin.id,
            pin.week_start + timedelta(days=fixed["day"]),
            start,
            start + minutes.get(fixed["activity"], 0),
            fixed["activity"],
            names.get(fixed["activity"], ""),
            fixed["space"],
            names.get(fixed["space"], ""),
            tuple(sorted(names.get(each, "") for each in fixed["facilitators"])),
        )
