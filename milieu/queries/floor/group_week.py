"""A living group's week on the floor: the published group sessions to which its people are invited."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.calendar.weeks import DAYS
from milieu.database import DbSession
from milieu.models import Resident
from milieu.queries.published.days import Slot, invited_to, published_days, sessions_between
from milieu.queries.published.marks import called_off
from milieu.queries.residents.stays import lives_here


@dataclass(frozen=True)
class GroupSession:
    """A session with how many of the living group are invited to it, of how many in all."""

    slot: Slot
    of_the_group: int
    invited: int
    is_off: bool


@dataclass(frozen=True)
class GroupWeek:
    """The days of a week from Monday on, each with its sessions by start; whether any of them is published."""

    days: tuple[tuple[date, tuple[GroupSession, ...]], ...]
    is_published: bool

    def together(self, domain: str, members: int) -> int:
        """How many sessions of the week bring so many of the group together for a domain, "" for whatever it is."""
        return sum(
            each.of_the_group >= members and not each.is_off and (not domain or domain in each.slot.domains)
            for _day, sessions in self.days
            for each in sessions
        )


def group_week(db: DbSession, community_id: str, living_group_id: str, today: date) -> GroupWeek:
    """The week that a day lies in; visits to one person are not of it. Five queries."""
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=place) for place in range(DAYS)]
    slots = [each for each in sessions_between(db, community_id, days[0], days[-1]) if not each.is_visit]
    invited = invited_to(db, community_id, [each.id for each in slots])
    off = called_off(db, community_id, [each.ref for each in slots])
    theirs = frozenset(
        db.scalars(
            select(Resident.id).where(
                Resident.community_id == community_id,
                Resident.living_group_id == living_group_id,
                lives_here(days[0], days[-1]),
            )
        )
    )
    found = [
        GroupSession(slot, len(asked & theirs), len(asked), slot.ref in off)
        for slot in slots
        if (asked := invited.get(slot.id, frozenset())) & theirs
    ]
    by_day = tuple((day, tuple(each for each in found if each.slot.on_date == day)) for day in days)
    return GroupWeek(by_day, bool(published_days(db, community_id, days)))
