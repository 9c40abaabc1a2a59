"""Ties between residents: private working knowledge, dated, sourced, and gone when it expires."""

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Id, Versioned, within


class Tie(CommunityRow, Versioned, Base):
    """A pair of residents, `resident_id` < `other_id`: either `is_apart`, or of `strength` -5..100 (not 0) with `cap`.

    `visibility` is "team" or "director"; `source` says how it is known (observed, told by resident, family, file).
    """

    __tablename__ = "tie"
    __table_args__ = (
        within("resident", "resident_id"),
        within("resident", "other_id"),
        CheckConstraint("resident_id < other_id", name="ordered"),
    )

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    other_id: Mapped[str] = mapped_column(Id, index=True)
    is_apart: Mapped[bool] = mapped_column(default=False)
    strength: Mapped[int | None]
    cap: Mapped[int] = mapped_column(default=2)
    author: Mapped[str]
    source: Mapped[str]
    noted_on: Mapped[date]
    expires_on: Mapped[date | None]
    visibility: Mapped[str] = mapped_column(String(10), default="team")


class FamiliarFace(CommunityRow, Base):
    """A facilitator whom a resident knows and trusts."""

    __tablename__ = "familiar_face"
    __table_args__ = (within("facilitator", "facilitator_id"), within("resident", "resident_id"))

    facilitator_id: Mapped[str] = mapped_column(Id, index=True)
    resident_id: Mapped[str] = mapped_column(Id, index=True)
