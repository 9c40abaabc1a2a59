"""Ties between residents: private working knowledge, dated, sourced, and gone when it expires."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Id, Versioned, within

TIE_KINDS = ("friend", "couple", "relative", "neighbour", "shares", "helps", "meet", "uneasy", "apart")
"""What a tie may be. `shares`: a language or a past. `meet`: two who know nothing of each other yet, and might."""
STRAINED = ("uneasy", "apart")
HOPED = ("meet",)
CLOSE = tuple(kind for kind in TIE_KINDS if kind not in (*STRAINED, *HOPED))
COUPLE = 20
"""From this strength on a tie of which no kind was said is a couple's."""


class Tie(CommunityRow, Versioned, Base):
    """A pair of residents, `resident_id` < `other_id`: either `is_apart`, or of `strength` -5..100 (not 0) with `cap`.

    `kind` is of TIE_KINDS, "" where nobody said: then the strength says it (`kind_of`). `named_by` is "both" or "one"
    where it is known how many of the two say so. From `asks_on` on somebody is asked whether it still holds; until then
    and until that is answered it does. `visibility` is "team" or "director"; `source` says how it is known (observed,
    told by resident, family, file, told, suggested).
    """

    __tablename__ = "tie"
    __table_args__ = (
        within("resident", "resident_id"),
        within("resident", "other_id"),
        CheckConstraint("resident_id < other_id", name="ordered"),
    )

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    other_id: Mapped[str] = mapped_column(Id, index=True)
    kind: Mapped[str] = mapped_column(String(12), default="")
    named_by: Mapped[str] = mapped_column(String(8), default="")
    is_apart: Mapped[bool] = mapped_column(default=False)
    strength: Mapped[int | None]
    cap: Mapped[int] = mapped_column(default=2)
    author: Mapped[str]
    source: Mapped[str]
    noted_on: Mapped[date]
    expires_on: Mapped[date | None]
    asks_on: Mapped[date | None]
    visibility: Mapped[str] = mapped_column(String(10), default="team")


def kind_of(kind: str, is_apart: bool, strength: int | None) -> str:
    """The kind of a tie as it was said, else as its strength says it."""
    if is_apart:
        return "apart"
    if kind:
        return kind
    if strength is not None and strength < 0:
        return "uneasy"
    return "couple" if strength is not None and strength >= COUPLE else "friend"


class SuggestionAnswer(CommunityRow, Base):
    """What somebody answered to a suggestion; of several the newest holds.

    `kind` is "tie" (these two seem close), "meet" (somebody alone might meet others, no `other_id`; or a newcomer that
    neighbour), "group" (a newcomer might try `activity_id`) or "wish" (a wish for `activity_id` might be changed).
    `answer` is "yes", "not now" or "never".
    """

    __tablename__ = "suggestion_answer"
    __table_args__ = (
        within("resident", "resident_id"),
        within("resident", "other_id"),
        within("activity", "activity_id"),
        Index("ix_suggestion_answer_kind", "community_id", "kind", "answered_on"),
    )

    kind: Mapped[str] = mapped_column(String(8))
    resident_id: Mapped[str] = mapped_column(Id)
    other_id: Mapped[str | None] = mapped_column(Id)
    activity_id: Mapped[str | None] = mapped_column(Id)
    answer: Mapped[str] = mapped_column(String(8))
    answered_on: Mapped[date]
    answered_by: Mapped[str | None] = mapped_column(Id)


class FamiliarFace(CommunityRow, Base):
    """A facilitator whom a resident knows and trusts."""

    __tablename__ = "familiar_face"
    __table_args__ = (within("facilitator", "facilitator_id"), within("resident", "resident_id"))

    facilitator_id: Mapped[str] = mapped_column(Id, index=True)
    resident_id: Mapped[str] = mapped_column(Id, index=True)
