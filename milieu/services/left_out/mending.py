"""A way is taken: the draft is changed by hand by it, so that it is checked, kept with what was before, and undone."""

from dataclasses import dataclass
from datetime import date

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.models import Plan
from milieu.queries.week.weeks import find_draft
from milieu.services.by_hand import edits
from milieu.services.by_hand.beginning import PUBLISHED, begin_draft
from milieu.services.by_hand.edits import Spot
from milieu.services.by_hand.keeping import CHANGED
from milieu.services.by_hand.trying import Asked, change, new_ref, source_of
from milieu.services.teller import Teller
from milieu.solving.contents import SessionContent

NO_DRAFT = 0
"""The version of a week that has no draft: the first way that is taken begins one from what is published."""


@dataclass(frozen=True)
class Taken:
    """What a form says of a way: whom to invite, to what; "" where it says nothing. `spot` is a new visit's."""

    resident_id: str
    ref: str = ""
    leaves: str = ""
    instead: str = ""
    activity_id: str = ""
    spot: Spot | None = None


def take(db: DbSession, teller: Teller, week_start: date, version: int, taken: Taken) -> str:
    """Change the week's draft by a way; the title of what they are invited to now.

    Raises NotFound, Invalid; Conflict where somebody else's change came first; Breaks where it would by now break
    something that it does not break already. Nothing is kept then.
    """
    plan = _draft(db, teller, week_start, version)
    if taken.spot is not None:
        ref = new_ref(source_of(db, teller.community_id, week_start, teller))
        made = edits.add(ref, taken.activity_id, taken.spot)

        def edit(sessions: edits.Sessions, house: edits.House) -> SessionContent:
            added = made(sessions, house)
            assert added is not None
            invited = edits.invite(ref, taken.resident_id)({**sessions, ref: added}, house)
            assert invited is not None
            return invited

        asked = [Asked(edits.ADDED, ref, edit)]
    else:
        kind = edits.SWAPPED if taken.instead else edits.INVITED
        asked = [Asked(kind, taken.ref, edits.invite(taken.ref, taken.resident_id, taken.instead))]
        if taken.leaves:
            asked.append(Asked(edits.TAKEN_OUT, taken.leaves, edits.take_out(taken.leaves, taken.resident_id)))
    kept = change(db, teller, week_start, plan.version, *asked, on_purpose=False)[0]
    assert kept is not None
    return kept.title


def _draft(db: DbSession, teller: Teller, week_start: date, version: int) -> Plan:
    """The draft that was seen; where none was there, one like what is published."""
    draft = find_draft(db, teller.community_id, week_start)
    if (draft is None) != (version == NO_DRAFT) or (draft is not None and draft.version != version):
        raise Conflict(CHANGED)
    plan_id = begin_draft(db, teller, week_start, PUBLISHED) if draft is None else draft.id
    return db.get_one(Plan, (teller.community_id, plan_id))
