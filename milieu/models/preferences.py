"""What matters to residents, what was done where it could not be, and what a living group wishes."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Id, Versioned, within


class Assessment(CommunityRow, Versioned, Base):
    """One sitting: who answered, when, and a code of `milieu.preferences.CODES` for each question ("": not asked).

    `said_by` is resident or relative, `speaker` the name of whoever else answered for them.
    """

    __tablename__ = "assessment"
    __table_args__ = (within("resident", "resident_id"),)

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    asked_on: Mapped[date]
    said_by: Mapped[str] = mapped_column(String(20), default="resident")
    speaker: Mapped[str] = mapped_column(default="")
    clothes: Mapped[str] = mapped_column(String(1), default="")
    belongings: Mapped[str] = mapped_column(String(1), default="")
    washing: Mapped[str] = mapped_column(String(1), default="")
    snacks: Mapped[str] = mapped_column(String(1), default="")
    bedtime: Mapped[str] = mapped_column(String(1), default="")
    care_talks: Mapped[str] = mapped_column(String(1), default="")
    phone: Mapped[str] = mapped_column(String(1), default="")
    locked_place: Mapped[str] = mapped_column(String(1), default="")
    reading: Mapped[str] = mapped_column(String(1), default="")
    music: Mapped[str] = mapped_column(String(1), default="")
    animals: Mapped[str] = mapped_column(String(1), default="")
    news: Mapped[str] = mapped_column(String(1), default="")
    groups: Mapped[str] = mapped_column(String(1), default="")
    favourites: Mapped[str] = mapped_column(String(1), default="")
    outdoors: Mapped[str] = mapped_column(String(1), default="")
    religion: Mapped[str] = mapped_column(String(1), default="")


class WishAnswer(CommunityRow, Versioned, Base):
    """What was done about something important that a resident could not do: `answer` is adaptation or visit.

    `question` is of `milieu.preferences.QUESTIONS`; `activity_id` is what they are visited with. It answers what was
    said until `answered_on`; said again later, it is open again.
    """

    __tablename__ = "wish_answer"
    __table_args__ = (within("resident", "resident_id"), within("activity", "activity_id"))

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    question: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(String(12))
    activity_id: Mapped[str | None] = mapped_column(Id)
    how: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date]


class CouncilWish(CommunityRow, Versioned, Base):
    """What a living group's council wishes, in its words, and the answer that it was given ("" and None: none yet)."""

    __tablename__ = "council_wish"
    __table_args__ = (within("living_group", "living_group_id"),)

    living_group_id: Mapped[str] = mapped_column(Id, index=True)
    wish: Mapped[str]
    said_on: Mapped[date]
    answer: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None]
