"""A library of activities to take from: data of the product, labelled by shelves, in the columns of the lists.

Sizes, minutes and noise are those that are usual in care communities. What is taken is a community's own from then on.
"""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Activity, Facilitator, Space
from milieu.models.validity import is_there
from milieu.queries.settings import settings_of
from milieu.services.editing.saving import add_row
from milieu.services.house.things.kinds import ACTIVITIES
from milieu.services.house.things.naming import free_key
from milieu.services.teller import Teller
from solver.documents.exchange import minutes

FILE = Path(__file__).with_name("library.csv")


@dataclass(frozen=True)
class LibraryActivity:
    """One of the library. `texts` are what its form would hold; `times` its usual ones, as (days, from, to)."""

    key: str
    shelf: str
    texts: Mapping[str, str]
    times: tuple[tuple[str, str, str], ...]

    @property
    def name(self) -> str:
        return self.texts["name"]

    def needs(self, what: str) -> set[str]:
        """What whoever leads it can ("skills"), or what its space has ("features")."""
        return {each.strip().casefold() for each in self.texts[what].split(";") if each.strip()}


@dataclass(frozen=True)
class Offered:
    """One of the library as a community sees it: `is_there` where something of its name is offered already."""

    activity: LibraryActivity
    is_there: bool


@cache
def library() -> tuple[LibraryActivity, ...]:
    """All of it, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_read(row) for row in csv.DictReader(file))


def offered(db: DbSession, community_id: str) -> tuple[Offered, ...]:
    """The library beside what a community has."""
    names = _names(db, community_id)
    return tuple(Offered(each, each.name.casefold() in names) for each in library())


def fitting_keys(db: DbSession, community_id: str, today: date) -> tuple[str, ...]:
    """Those of the library that a community has not, and that a space of it can hold and somebody of its team lead."""
    there = select(Space.features).where(Space.community_id == community_id, is_there(Space, today))
    spaces = [set(features) for features in db.scalars(there)]
    team = select(Facilitator.skills).where(Facilitator.community_id == community_id, is_there(Facilitator, today))
    skills = {skill for each in db.scalars(team) for skill in each}
    return tuple(
        each.activity.key
        for each in offered(db, community_id)
        if not each.is_there
        and each.activity.needs("skills") <= skills
        and any(each.activity.needs("features") <= has for has in spaces)
    )


def take(db: DbSession, teller: Teller, keys: Collection[str]) -> int:
    """Make the chosen activities the community's own, with their usual times; how many, without those that it has."""
    names, slot = _names(db, teller.community_id), settings_of(db, teller.community_id).slot_minutes
    chosen = [each for each in library() if each.key in keys and each.name.casefold() not in names]
    made = {each.key: free_key(db, teller.community_id, Activity, each.name) for each in chosen}
    for each in chosen:
        texts = {**each.texts, "minutes": str(-(-int(each.texts["minutes"]) // slot) * slot)}
        texts["wet_twin"] = made.get(texts["wet_twin"], "")
        (saved,) = add_row(db, teller, ACTIVITIES.part, "", texts, key=made[each.key])
        for days, start, end in each.times:
            if minutes(start) % slot == 0 and minutes(end) % slot == 0:
                times = {"days": days, "from": start, "to": end}
                add_row(db, teller, ACTIVITIES.piece("hours").part, saved.row_id, times)
    return len(chosen)


def _read(row: dict[str, str]) -> LibraryActivity:
    texts = {name: row.get(name, "") for name in ACTIVITIES.part.names}
    texts |= {"one_a_day": "yes", "sessions_min": "0", "noise": row["noise"] or "0", "cost": row["cost"] or "0"}
    times = tuple(_time(each.strip()) for each in row["when"].split("/"))
    return LibraryActivity(row["key"], row["shelf"], texts, times)


def _time(text: str) -> tuple[str, str, str]:
    """ "Mon-Fri 09:30-11:30" as its days, its start and its end."""
    days, _blank, hours = text.partition(" ")
    start, _dash, end = hours.partition("-")
    return days, start, end


def _names(db: DbSession, community_id: str) -> set[str]:
    return {name.casefold() for name in db.scalars(select(Activity.name).where(Activity.community_id == community_id))}
