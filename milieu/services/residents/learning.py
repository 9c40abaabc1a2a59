"""What is answered to a suggestion that attendance makes: a yes changes that one wish, and nothing else ever does."""

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.queries.learnt.suggested import Suggested, suggested_wishes
from milieu.queries.ties.answers import ANSWERS, WISH, YES
from milieu.services.editing.saving import add_row, change_row
from milieu.services.residents.parts import WISHES
from milieu.services.suggestions import answer
from milieu.services.teller import Teller

OVER = "What attendance suggests has changed since. Please look at it as it is now."


def answer_suggestion(
    db: DbSession, teller: Teller, resident_id: str, activity_id: str, said: str, *, strength: int
) -> Suggested:
    """Answer the suggestion to change a wish to `strength`; what it was.

    A yes changes the wish that counts, or notes one that the team has seen. It can be undone on the person's page.
    Raises NotFound where the answer is none; Conflict where this is suggested no longer.
    """
    if said not in ANSWERS:
        raise NotFound("There is no such answer.")
    today = teller.today(db)
    found = suggested_wishes(db, teller.community_id, today=today, of=[resident_id])
    suggestion = next((each for each in found if each.activity_id == activity_id), None)
    if suggestion is None or suggestion.strength != strength:
        raise Conflict(OVER)
    if said == YES:
        _change(db, teller, suggestion, today.isoformat())
    answer(db, teller, WISH, said, resident_id, activity_id=activity_id)
    return suggestion


def _change(db: DbSession, teller: Teller, suggestion: Suggested, day: str) -> None:
    held = suggestion.held
    typed = {
        "activity": suggestion.activity_id,
        "strength": str(suggestion.strength),
        "said_by": held.said_by or "observed",
        "said_on": day,
    }
    who = suggestion.person.id
    if held.id is None:
        add_row(db, teller, WISHES, who, typed)
    else:
        change_row(db, teller, WISHES, held.id, held.version, typed, owner_id=who)
