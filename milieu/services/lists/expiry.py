"""How long lists are kept, and how many wait: what has expired goes with the next upload, and each morning."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from milieu.database import DbSession
from milieu.models import ListChange, ListUpload

MOST_WAITING = 5  # of a community; the oldest goes
WAITING, DONE, UNDONE = "waiting", "done", "undone"


def forget_old(db: DbSession, community_id: str, *, now: datetime) -> None:
    """Take away a community's lists that have expired, and what is kept of imports that can be taken back no more."""
    over = select(ListUpload.id).where(ListUpload.community_id == community_id, ListUpload.expires_at <= now)
    _forget(db, community_id, db.scalars(over).all())


def make_room(db: DbSession, community_id: str, *, now: datetime) -> None:
    """Take away the oldest of too many lists that wait, so that one more may."""
    waiting = (
        select(ListUpload.id)
        .where(ListUpload.community_id == community_id, ListUpload.state == WAITING, ListUpload.expires_at > now)
        .order_by(ListUpload.at.desc(), ListUpload.id.desc())
        .offset(MOST_WAITING - 1)
    )
    _forget(db, community_id, db.scalars(waiting).all())


def _forget(db: DbSession, community_id: str, gone: Sequence[str]) -> None:
    if gone:
        for model, column in ((ListChange, ListChange.upload_id), (ListUpload, ListUpload.id)):
            db.execute(delete(model).where(model.community_id == community_id, column.in_(gone)))
