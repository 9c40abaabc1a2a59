"""How early to begin: as long as it takes to ask the people of a session and to bring those who need somebody.

Practice begins 15 to 20 minutes before a group. The figures below are ours: they come to that for a group of twelve
near by, to less for two who walk alone, and to more where many are far away and few can help.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.calendar.escorts import escorts_with
from milieu.calendar.weeks import DAYS
from milieu.database import DbSession
from milieu.models import CommunitySettings, PublishedSession, ShortHanded, Space
from milieu.queries.residents.people import Person
from solver.documents.exchange import Escorts

ASK = 8  # minutes: from the first door to the last seat, for anybody at all
EACH_ASKED = 0.5  # a minute for two people: those of a living group are asked by its own staff, one after the other
READY = 3  # until somebody with a wheelchair or a helper is on the way
STEP, SHORTEST, LONGEST = 5, 10, 60


@dataclass(frozen=True)
class Ways:
    """`minutes` from zone to zone, `zones` of sessions' spaces by their row id, `escorts` None: as many as needed."""

    minutes: dict[str, dict[str, int]]
    zones: dict[str, str]
    escorts: Escorts | None

    def lead(self, people: Collection[Person], slot_id: str, day: date, start_minute: int) -> timedelta:
        """How long before the start of a session to begin inviting these people."""
        zone = self.zones.get(slot_id, "")
        far = {person.id: self._way(person.unit.zone, zone) for person in people}
        helped = sorted((far[person.id] for person in people if person.wheelchair or person.escort), reverse=True)
        helpers = len(helped) if self.escorts is None else self.escorts.available(day.weekday(), start_minute)
        units = [sum(person.unit.id == unit for person in people) for unit in {person.unit.id for person in people}]
        asking = ASK + EACH_ASKED * max(units, default=0)
        bringing = _rounds(helped, max(1, helpers)) if helped else 0
        minutes = asking + max(bringing, max(far.values(), default=0))
        return timedelta(minutes=min(max(math.ceil(minutes / STEP) * STEP, SHORTEST), LONGEST))

    def _way(self, one: str, other: str) -> int:
        if not one or not other or one == other:
            return 0
        return self.minutes.get(one, {}).get(other, self.minutes.get(other, {}).get(one, 0))


def ways_of(db: DbSession, community_id: str, slot_ids: Collection[str], day: date) -> Ways:
    """What the community knows of its ways and of who walks along, for a day's sessions by their row ids."""
    known = db.execute(
        select(CommunitySettings.travel, CommunitySettings.escorts).where(
            CommunitySettings.community_id == community_id
        )
    ).one_or_none()
    zones = db.execute(
        select(PublishedSession.id, Space.zone)
        .join(Space, (Space.community_id == PublishedSession.community_id) & (Space.id == PublishedSession.space_id))
        .where(PublishedSession.community_id == community_id, PublishedSession.id.in_(slot_ids))
    )
    usual = Escorts.model_validate(known.escorts) if known is not None and known.escorts is not None else None
    monday = day - timedelta(days=day.weekday())
    return Ways(
        minutes={one: dict(row) for one, row in ((known.travel if known is not None else None) or {}).items()},
        zones={slot_id: zone for slot_id, zone in zones},  # noqa: C416 - a row is no pair to dict()
        escorts=escorts_with(usual, _short(db, community_id, day), [monday + timedelta(days=at) for at in range(DAYS)]),
    )


def _short(db: DbSession, community_id: str, day: date) -> Sequence[ShortHanded]:
    """When fewer helpers than usual are there, of the times that a day is part of."""
    return db.scalars(
        select(ShortHanded).where(
            ShortHanded.community_id == community_id, ShortHanded.first_date <= day, ShortHanded.last_date >= day
        )
    ).all()


def _rounds(ways: list[int], helpers: int) -> int:
    """Minutes until the last has arrived: each round a helper gets one person ready, walks, and goes back for more."""
    firsts = ways[::helpers]  # the longest way of each round
    return sum(READY + way for way in firsts) + sum(firsts[:-1])
