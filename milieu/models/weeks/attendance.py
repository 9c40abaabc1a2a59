"""What became of invitations: rows are only ever added; of a person in a session, what was tapped last holds."""

from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Id, Json, within

OUTCOMES = (
    "attended",
    "declined",
    "asleep",
    "unwell",
    "in care",
    "away",
    "not found",
    "not invited",
    "not held",
)
LEVELS = ("active", "quiet", "slept", "distressed", "left early")


class Attendance(CommunityRow, Base):
    """One mark. Bound to the session's `session_ref`, which a move does not change, and to the day it was marked for.

    `tapped_at` is when it was tapped, `marked_at` when it arrived: of several the newest by `tapped_at`, then `number`,
    holds. `takes_back` is the number of the mark that this one takes back (its `outcome` is null): neither of the two
    counts then. `was_invited` is false for someone who came uninvited. `key` is the tap's own id: a second arrival of
    the same tap is the same row. `number` counts the marks of a resident in a session from 1, as they arrived.
    `marked_by` is who tapped, `sent_by` who sent it where that was somebody else.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        within("resident", "resident_id"),
        UniqueConstraint("community_id", "key"),
        UniqueConstraint("community_id", "session_ref", "resident_id", "number"),
    )

    session_ref: Mapped[str] = mapped_column(String(80), index=True)
    on_date: Mapped[date] = mapped_column(index=True)
    publication_id: Mapped[str | None] = mapped_column(Id)
    resident_id: Mapped[str] = mapped_column(Id, index=True)
    was_invited: Mapped[bool] = mapped_column(default=True)
    outcome: Mapped[str | None] = mapped_column(String(12))
    level: Mapped[str | None] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    takes_back: Mapped[int | None]
    tapped_at: Mapped[datetime]
    marked_at: Mapped[datetime]
    marked_by: Mapped[str | None] = mapped_column(Id)
    sent_by: Mapped[str | None] = mapped_column(Id)


class SessionHeld(CommunityRow, Base):
    """Whether a session took place; the newest row of a session holds, none means that nothing was said.

    `because` are the facts that stood against it when it was said to be off (`milieu.causes`); null: none were kept.
    """

    __tablename__ = "session_held"
    __table_args__ = (UniqueConstraint("community_id", "session_ref", "number"),)

    session_ref: Mapped[str] = mapped_column(String(80), index=True)
    on_date: Mapped[date]
    was_held: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(default="")
    because: Mapped[Json | None]
    number: Mapped[int]
    marked_at: Mapped[datetime]
    marked_by: Mapped[str | None] = mapped_column(Id)


class WishedAgain(CommunityRow, Base):
    """Somebody wishes to be asked again to an activity that rests after their noes, as told on a local day."""

    __tablename__ = "wished_again"
    __table_args__ = (
        within("resident", "resident_id"),
        within("activity", "activity_id"),
        UniqueConstraint("community_id", "resident_id", "activity_id", "on_date"),
    )

    resident_id: Mapped[str] = mapped_column(Id)
    activity_id: Mapped[str] = mapped_column(Id)
    on_date: Mapped[date]
    noted_at: Mapped[datetime]
    noted_by: Mapped[str | None] = mapped_column(Id)
