"""The team is short of hands for a while: some of it lead nothing, or fewer helpers bring those who need somebody."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.models import Absence, Facilitator, ShortHanded
from milieu.queries.facts.kinds import HANDS
from milieu.services.facts.noting import add_fact, away, find, said, short
from milieu.services.facts.stretch import Stretch
from milieu.services.teller import Teller

MOST_HELPERS = 1000


def tell_short_handed(
    db: DbSession,
    teller: Teller,
    stretch: Stretch,
    facilitator_ids: Collection[str],
    helpers: int | None,
    reason: str = "",
) -> str:
    """Who of the team leads nothing in a time, and how many can bring residents then (None: as many as usual).

    The id of the fact. Raises Invalid at the field that is wrong.
    """
    if not facilitator_ids and helpers is None:
        raise Invalid("Please say who leads nothing meanwhile, or how many can bring people.", at="leaders")
    if helpers is not None and not 0 <= helpers <= MOST_HELPERS:
        raise Invalid(f"Please write a whole number up to {MOST_HELPERS}, or nothing.", at="helpers")
    words = short(reason)
    for each in facilitator_ids:
        find(db, teller, Facilitator, each, "Please choose among the team.", at="leaders")
    absences = _absences(db, teller, stretch, sorted(set(facilitator_ids)), words)
    row = ShortHanded(community_id=teller.community_id, helpers=helpers, reason=words, **away(stretch))
    about = {
        "facilitator_ids": [each.facilitator_id for each in absences],
        "absences": [each.id for each in absences],
        "helpers": helpers,
        **said(stretch),
    }
    return add_fact(db, teller, HANDS, row, about)


def _absences(
    db: DbSession, teller: Teller, stretch: Stretch, facilitator_ids: Sequence[str], words: str
) -> list[Absence]:
    """One absence for each; of a fact that is corrected those that it had, as far as they are still meant."""
    said_before = teller.correction.said.get("absences", ()) if teller.correction is not None else ()
    mine = Absence.community_id == teller.community_id, Absence.id.in_(said_before)
    held = {row.facilitator_id: row for row in db.scalars(select(Absence).where(*mine))}
    for gone in held.keys() - set(facilitator_ids):
        db.delete(held[gone])
    found = []
    for each in facilitator_ids:
        row = held.get(each) or Absence(community_id=teller.community_id, facilitator_id=each)
        for name, value in (("reason", words), *away(stretch).items()):
            setattr(row, name, value)
        db.add(row)
        found.append(row)
    db.flush()
    return found
