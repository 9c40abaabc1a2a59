"""Whose hands are missed least in a time: who of those on duty leads what fewest people are invited to."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from milieu.calendar.spans import minus, on_duty
from milieu.calendar.weeks import DAY_MINUTES
from milieu.database import DbSession
from milieu.models import Absence, Facilitator, Roster
from milieu.queries.facts.guests import guests_to_come
from milieu.queries.published.days import Slot, invited_to, leaders_of, sessions_between
from milieu.queries.published.marks import called_off

VOLUNTEER = "volunteer"
LOOKED_AT = timedelta(days=27)
"""So far into a longer time rosters and what is published are looked at."""


@dataclass(frozen=True)
class Spared:
    """Somebody who would lead nothing meanwhile: what is published that they lead then, and how many are invited to it.

    Of two who lead a session together the first alone counts it.
    """

    id: str
    name: str
    sessions: int
    invited: int


@dataclass(frozen=True)
class Shortage:
    """Days, both included, from a minute of the first to a minute of the last."""

    first: date
    last: date
    start_minute: int
    end_minute: int

    @property
    def days(self) -> tuple[date, ...]:
        until = min(self.last, self.first + LOOKED_AT)
        return tuple(self.first + timedelta(days=each) for each in range((until - self.first).days + 1))

    def besides(self, day: date) -> tuple[tuple[int, int], tuple[int, int]]:
        """What of one of its days lies before it and after it."""
        begin = self.start_minute if day == self.first else 0
        until = self.end_minute if day == self.last else DAY_MINUTES
        return (0, begin), (until, DAY_MINUTES)

    def holds(self, day: date, start: int, end: int) -> bool:
        """Whether it takes any of a stretch of a day."""
        (_, begin), (until, _) = self.besides(day)
        return self.first <= day <= self.last and start < until and begin < end


def least_missed(
    db: DbSession, community_id: str, time: Shortage, count: int, *, beside: Collection[str], today: date, now: datetime
) -> tuple[Spared, ...]:
    """So many of those on duty then without whom fewest have to be told otherwise, `beside` being spared already.

    Fewer come out where fewer are on duty. Hands that are needed on the floor are the staff's: volunteers come after
    all of them. Of those who lead as little, who can lead least else and who is there shortest comes first. Guests, who
    come for one thing, are none of them.
    """
    guests = {each.facilitator_id for each in guests_to_come(db, community_id, today)}
    rows = db.scalars(select(Facilitator).where(Facilitator.community_id == community_id)).all()
    duty = _minutes_on_duty(db, community_id, rows, time)
    team = {row.id: row for row in rows if duty[row.id] and row.id not in guests}
    led = _led(db, community_id, time, now)
    gone = {slot_id for each in beside for slot_id in led.get(each, ())}
    chosen: list[Spared] = []
    left = team.keys() - set(beside)
    while left and len(chosen) < count:
        found = [_spared(team[each], led.get(each, {}), gone) for each in sorted(left)]
        best = min(
            found,
            key=lambda each: (
                team[each.id].kind == VOLUNTEER,
                each.invited,
                each.sessions,
                len(team[each.id].skills),
                duty[each.id],
                each.name,
                each.id,
            ),
        )
        chosen.append(best)
        left.remove(best.id)
        gone |= led.get(best.id, {}).keys()
    return tuple(chosen)


def _spared(row: Facilitator, led: Mapping[str, int], gone: Collection[str]) -> Spared:
    more = [invited for slot_id, invited in led.items() if slot_id not in gone]
    return Spared(row.id, row.name, len(more), sum(more))


def _led(db: DbSession, community_id: str, time: Shortage, now: datetime) -> dict[str, dict[str, int]]:
    """Of each who leads: the published sessions to come in that time, with how many are invited."""
    slots = [slot for slot in _slots(db, community_id, time) if slot.starts_at > now]
    off = called_off(db, community_id, [slot.ref for slot in slots]) if slots else frozenset()
    ids = [slot.id for slot in slots if slot.ref not in off]
    invited, leaders = invited_to(db, community_id, ids), leaders_of(db, community_id, ids)
    found: dict[str, dict[str, int]] = {}
    for slot_id in ids:
        for leader in leaders.get(slot_id, ()):
            found.setdefault(leader.id, {})[slot_id] = len(invited.get(slot_id, ()))
    return found


def _slots(db: DbSession, community_id: str, time: Shortage) -> Iterator[Slot]:
    for slot in sessions_between(db, community_id, time.first, time.days[-1]):
        if time.holds(slot.on_date, slot.start_minute, slot.end_minute):
            yield slot


def _minutes_on_duty(
    db: DbSession, community_id: str, facilitators: Iterable[Facilitator], time: Shortage
) -> dict[str, int]:
    """By facilitator, as their roster says and without what they are away already."""
    days = time.days
    rosters, absences = _by_leader(db, community_id, Roster), _by_leader(db, community_id, Absence)
    minutes = {}
    for row in facilitators:
        roster, away = rosters.get(row.id, ()), absences.get(row.id, ())
        week = on_duty(roster, away, days, starts_on=row.starts_on, ended_on=row.ended_on)
        minutes[row.id] = sum(
            end - start for day, spans in zip(days, week, strict=True) for start, end in minus(spans, time.besides(day))
        )
    return minutes


def _by_leader(db: DbSession, community_id: str, table: type[Roster] | type[Absence]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    rows: Iterable[Any] = db.scalars(select(table).where(table.community_id == community_id))
    for row in rows:
        found.setdefault(row.facilitator_id, []).append(row)
    return found
