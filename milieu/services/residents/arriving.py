"""Somebody arrives: entered with what is known on the day. What is not known yet is asked for later, never guessed."""

from collections.abc import Collection
from dataclasses import dataclass

from milieu.database import DbSession
from milieu.ids import new_id
from milieu.services.editing.reading import Typed
from milieu.services.editing.saving import add_row
from milieu.services.facts.telling import tell_refusal
from milieu.services.residents.parts import NEWCOMER, WISHES
from milieu.services.teller import Teller

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
