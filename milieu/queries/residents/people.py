"""Residents as the floor needs to know them, in the order in which their rooms are passed."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import LivingGroup, Resident
from milieu.queries.residents.stays import lives_here

WalkingKey: TypeAlias = tuple[int, tuple[tuple[int, str], ...], str, str]


@dataclass(frozen=True)
class Unit:
    """A living group; `place` counts them in the order in which they are walked, `zone` is where its rooms are."""

    id: str
    name: str
    place: int
    zone: str = ""


@dataclass(frozen=True)
class Person:
    """A resident; `name` is what they are called with the family name, `invite_how` how they like to be invited."""

    id: str
    name: str
    called: str
    pronoun: str
    unit: Unit
    room: str
    wheelchair: bool
    escort: bool
    invite_how: str

    @property
    def walking_key(self) -> WalkingKey:
        """Sorts people as one passes them: by living group, then by room (2 before 10), then by name."""
        parts = re.findall(r"\d+|\D+", self.room)
        room = tuple((int(part), "") if part.isdecimal() else (-1, part.strip().casefold()) for part in parts)
        return self.unit.place, room, self.name.casefold(), self.id


def full_name(given_name: str, family_name: str, called: str) -> str:
    """What somebody is called with the family name, which "Mr Buchanan" has already."""
    first = called or given_name
    return first if family_name and first.endswith(family_name) else f"{first} {family_name}".strip()


def units_of(db: DbSession, community_id: str) -> tuple[Unit, ...]:
    """The living groups that there are now, in the order in which they are walked."""
    rows = db.execute(
        select(LivingGroup.id, LivingGroup.name, LivingGroup.zone)
        .where(LivingGroup.community_id == community_id, LivingGroup.ended_on.is_(None))
        .order_by(LivingGroup.sort, LivingGroup.name, LivingGroup.id)
    )
    return tuple(Unit(id, name, place, zone) for place, (id, name, zone) in enumerate(rows))


def people_of(db: DbSession, community_id: str, day: date, units: tuple[Unit, ...]) -> dict[str, Person]:
    """Who lives here on a day, by id: one query for all, for a day's pages ask for most of them anyway."""
    return _people(db, community_id, day, day, units)


def people_of_week(db: DbSession, community_id: str, week_start: date) -> tuple[Person, ...]:
    """Everybody who lives in the community on any day of a week, in walking order."""
    return people_between(db, community_id, week_start, week_start + timedelta(days=6))


def people_between(db: DbSession, community_id: str, first: date, last: date) -> tuple[Person, ...]:
    """Everybody who lives in the community on any day from `first` to `last`, in walking order."""
    people = _people(db, community_id, first, last, units_of(db, community_id))
    return tuple(sorted(people.values(), key=lambda person: person.walking_key))


def _people(db: DbSession, community_id: str, first: date, last: date, units: tuple[Unit, ...]) -> dict[str, Person]:
    by_id = {unit.id: unit for unit in units}
    rows = db.execute(
        select(
            Resident.id,
            Resident.given_name,
            Resident.family_name,
            Resident.called,
            Resident.pronoun,
            Resident.room,
            Resident.living_group_id,
            Resident.wheelchair,
            Resident.escort,
            Resident.invite_how,
        ).where(Resident.community_id == community_id, lives_here(first, last))
    )
    return {
        row.id: Person(
            id=row.id,
            name=full_name(row.given_name, row.family_name, row.called),
            called=row.called or row.given_name,
            pronoun=row.pronoun,
            unit=by_id.get(row.living_group_id) or Unit(row.living_group_id, "", len(units)),
            room=row.room,
            wheelchair=row.wheelchair,
            escort=row.escort,
            invite_how=row.invite_how,
        )
        for row in rows
    }


def residents_here(db: DbSession, community_id: str, day: date) -> tuple[Person, ...]:
    """Everybody who lives in the community on a day, in walking order."""
    return people_between(db, community_id, day, day)
