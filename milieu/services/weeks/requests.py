"""Forms that arrive twice: a second arrival of the same key answers as the first did, and does nothing."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.models import HandledRequest

LONGEST_KEY = 64
KEEP = timedelta(days=14)


@dataclass(frozen=True)
class Answer:
    """What a form led to: the page to go to (an own path), and the sentence to say there ("" = none)."""

    path: str
    said: str = ""


def find_answer(db: DbSession, community_id: str, account_id: str, key: str, endpoint: str) -> Answer | None:
    """The answer that this account's form of this key was given, None where it is the first arrival.

    Raises Invalid for a missing or overlong key, and for one that was used with another form.
    """
    if not 16 <= len(key) <= LONGEST_KEY:
        raise Invalid("This form is incomplete. Please go back, reload the page and try again.")
    row = db.execute(
        select(HandledRequest.answer, HandledRequest.endpoint).where(
            HandledRequest.community_id == community_id,
            HandledRequest.account_id == account_id,
            HandledRequest.key == key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.endpoint != endpoint:
        raise Invalid("This form was used for something else. Please go back, reload the page and try again.")
    return Answer(**json.loads(row.answer))


def keep_answer(
    db: DbSession, community_id: str, account_id: str, key: str, endpoint: str, answer: Answer, *, now: datetime
) -> None:
    """Remember what a form led to, in the unit of work that did it. The key is unique: of two at once one fails."""
    db.execute(
        delete(HandledRequest).where(HandledRequest.community_id == community_id, HandledRequest.at < now - KEEP)
    )
    db.add(
        HandledRequest(
            community_id=community_id,
            account_id=account_id,
            key=key,
            endpoint=endpoint,
            answer=json.dumps({"path": answer.path, "said": answer.said}),
            at=now,
        )
    )
    db.flush()
