"""What was answered to suggestions: which are not made again for a while, or ever."""

from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import SuggestionAnswer

TIE, MEET, WISH, GROUP = SUGGESTIONS = ("tie", "meet", "wish", "group")
YES, NOT_NOW, NEVER = ANSWERS = ("yes", "not now", "never")
PAUSE = timedelta(weeks=4)
"""After a "not now" for so long nothing is asked."""
About: TypeAlias = tuple[str, str | None, str | None]


def put_off(db: DbSession, community_id: str, kind: str, *, today: date) -> frozenset[About]:
    """About what (resident, other, activity) no such suggestion is to be made on a day, by the newest answer."""
    rows = db.execute(
        select(
            SuggestionAnswer.resident_id,
            SuggestionAnswer.other_id,
            SuggestionAnswer.activity_id,
            SuggestionAnswer.answer,
            SuggestionAnswer.answered_on,
        )
        .where(SuggestionAnswer.community_id == community_id, SuggestionAnswer.kind == kind)
        .order_by(SuggestionAnswer.answered_on, SuggestionAnswer.id)
    )
    newest = {(row.resident_id, row.other_id, row.activity_id): (row.answer, row.answered_on) for row in rows}
    return frozenset(
        about
        for about, (answer, day) in newest.items()
        if answer == NEVER or (answer == NOT_NOW and today < day + PAUSE)
    )
