"""What is answered to what is proposed for somebody who has just moved in: only a yes becomes a fact."""

from datetime import timedelta

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.models import Wish
from milieu.queries.ties.answers import ANSWERS, GROUP, MEET, YES
from milieu.queries.ties.newcomers import Welcome, welcomes
from milieu.services.editing.saving import ADDED
from milieu.services.journal import write_down
from milieu.services.suggestions import answer, hope_to_meet
from milieu.services.teller import Teller

NEIGHBOUR = "neighbour"
PROPOSALS = (NEIGHBOUR, GROUP)
TRIED_FOR = timedelta(weeks=8)
"""For so long a group is wished for that nobody knows yet whether they like."""
TRIED = 3
"""How strong such a wish is: enough to be asked, and weaker than what somebody loves."""


def answer_proposal(db: DbSession, teller: Teller, resident_id: str, kind: str, thing_id: str, said: str) -> None:
    """Answer what is proposed now: a neighbour by their id, or a group by its activity's.

    Yes to a neighbour asks the next plans to bring the two together (`hope_to_meet`); yes to a group is a wish of the
    team for eight weeks. Raises Invalid; Conflict where it is proposed no longer.
    """
    if kind not in PROPOSALS or said not in ANSWERS:
        raise Invalid("This answer is none that was asked for.")
    found = welcomes(db, teller.community_id, teller.today(db), of=[resident_id])
    if not found or not _is_proposed(found[0], kind, thing_id):
        raise Conflict("What is proposed has changed since. Please look at it as it is now.")
    if kind == NEIGHBOUR:
        if said == YES:
            hope_to_meet(db, teller, resident_id, [thing_id])
        answer(db, teller, MEET, said, resident_id, other_id=thing_id)
        return
    if said == YES:
        _try_out(db, teller, resident_id, thing_id)
    answer(db, teller, GROUP, said, resident_id, activity_id=thing_id)


def _is_proposed(welcome: Welcome, kind: str, thing_id: str) -> bool:
    if kind == NEIGHBOUR:
        neighbour = welcome.neighbour
        return neighbour is not None and not neighbour.is_hoped and neighbour.person.id == thing_id
    return any(group.activity_id == thing_id and not group.is_liked for group in welcome.groups)


def _try_out(db: DbSession, teller: Teller, resident_id: str, activity_id: str) -> None:
    today = teller.today(db)
    said = {"resident_id": resident_id, "activity_id": activity_id, "strength": TRIED, "said_by": "staff"}
    until = today + TRIED_FOR
    row = Wish(community_id=teller.community_id, **said, said_on=today, valid_until=until)
    db.add(row)
    db.flush()
    after = {**said, "said_on": today.isoformat(), "valid_until": until.isoformat()}
    write_down(db, teller, ADDED, Wish.__tablename__, row.id, after=after)
