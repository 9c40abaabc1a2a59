"""How far a director has been shown around: once, from the first sign-in, and again whenever she asks for it."""

from sqlalchemy import update

from milieu.database import DbSession
from milieu.models import Account

FIRST_STEP = "board"
"""Where everybody is shown around from."""


def go_to_step(db: DbSession, account_id: str, step: str | None) -> None:
    """Go on at a step from the next page on; None ends it.

    The account's version stays: nobody who is changing the account has seen anything else of it.
    """
    db.execute(update(Account).where(Account.id == account_id).values(tour_at=step))
