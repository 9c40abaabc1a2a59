"""Private addresses at which a calendar program reads somebody's sessions."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Id, Json, within


class Feed(CommunityRow, Base):
    """A private calendar address, until `ended_at`; of its token only the SHA-256 is kept.

    Either a relative's, of a resident (`relative_id`, `resident_id`), or that of somebody who leads (`facilitator_id`).
    `account_id` is whose it is, where they sign in: it ends with that account. `used_at` is when it was read last (to
    the hour), `networks` from how many networks on which day: {"day", "seen": keyed hashes}.
    """

    __tablename__ = "feed"
    __table_args__ = (
        within("relative", "relative_id"),
        within("resident", "resident_id"),
        within("facilitator", "facilitator_id"),
        within("account", "account_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    relative_id: Mapped[str | None] = mapped_column(Id)
    resident_id: Mapped[str | None] = mapped_column(Id)
    facilitator_id: Mapped[str | None] = mapped_column(Id)
    account_id: Mapped[str | None] = mapped_column(Id)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    ended_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    networks: Mapped[Json | None]
