"""Somebody arrives: entered with what is known on the day. What is not known yet is asked for later, never guessed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.ids import new_id
from milieu.models import LivingGroup
from milieu.queries.facts.kinds import ARRIVAL
from milieu.services.editing.reading import Refused, Typed
from milieu.services.editing.saving import add_row
from milieu.services.facts.noting import find, note, short
from milieu.services.facts.stretch import LATEST
from milieu.services.facts.telling import tell_refusal
from milieu.services.residents.parts import NEWCOMER, WISHES
from milieu.services.teller import Teller

LONGEST_STAY = timedelta(days=100 * 365)
LOVES = 5
"""How strong a wish is that was ticked as something somebody loves."""


@dataclass(frozen=True)
class FirstWords:
    """What a newcomer loves, and what they said no to: ids of activities. `said_by` as in a wish."""

    loves: Collection[str] = ()
    no_to: str = ""
    said_by: str = "resident"


def add_resident(db: DbSession, teller: Teller, typed: Typed, first: FirstWords | None = None) -> str:
    """Enter somebody who moves in and was not known here before; their id.

    `typed`: the columns of `NEWCOMER`. Raises Refused, at each field that is wrong; Invalid where what they love or
    said no to is no activity of the community.
    """
    (made,) = add_row(db, teller, NEWCOMER, "", typed, key=f"r-{new_id()}")
    first = first or FirstWords()
    for activity_id in dict.fromkeys(first.loves):
        said = {"activity": activity_id, "strength": str(LOVES), "said_by": first.said_by}
        add_row(db, teller, WISHES, made.row_id, {**said, "said_on": teller.today(db).isoformat()})
    if first.no_to:
        tell_refusal(db, teller, made.row_id, "activity", first.no_to, until=None)
    return made.row_id


@dataclass(frozen=True)
class Arrival:
    """What is known of somebody on the day they come; the rest is asked for later.

    `day` lies long ago where a community enters who has lived in it for years.
    """

    given_name: str
    family_name: str
    living_group_id: str
    room: str
    day: date


def tell_arrival(db: DbSession, teller: Teller, arrival: Arrival) -> str:
    """Somebody moves in who was not known here; the resident's id. Raises Invalid at the field that is wrong."""
    group: LivingGroup = find(
        db, teller, LivingGroup, arrival.living_group_id, "Please choose the living group.", at="group"
    )
    today = teller.today(db)
    if not today - LONGEST_STAY <= arrival.day <= today + LATEST:
        raise Invalid("Please look at the day again: it lies a century back, or more than a year ahead.", at="first")
    typed = {
        "given_name": arrival.given_name,
        "family_name": arrival.family_name,
        "living_group": group.id,
        "room": arrival.room,
        "arrived_on": arrival.day.isoformat(),
    }
    try:
        resident_id = add_resident(db, teller, typed)
    except Refused as refused:
        field, fault = next(iter(refused.faults.items()))
        raise Invalid(fault, at=field) from None
    about = {"resident_id": resident_id, "living_group_id": group.id, "room": short(arrival.room, at="room")}
    return note(db, teller, ARRIVAL, resident_id, {**about, "first": arrival.day.isoformat()})
