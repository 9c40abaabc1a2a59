"""Activities: what can be offered, when, by whom and for whom."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Hours, Id, Keyed, Versioned, Words, within


class Activity(CommunityRow, Keyed, Versioned, Base):
    """`sessions_min`..`sessions_max` a week; `is_closed` = only for those of `activity_member`.

    `celebrates_birthdays`: whoever has their birthday in a session's week is asked to it.
    """

    __tablename__ = "activity"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    name: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    domains: Mapped[Words] = mapped_column(default=list)
    duration_minutes: Mapped[int]
    sessions_min: Mapped[int] = mapped_column(default=0)
    sessions_max: Mapped[int] = mapped_column(default=1)
    one_per_day: Mapped[bool] = mapped_column(default=True)
    min_group: Mapped[int] = mapped_column(default=1)
    max_group: Mapped[int]
    facilitators: Mapped[int] = mapped_column(default=1)
    needs_skills: Mapped[Words] = mapped_column(default=list)
    needs_features: Mapped[Words] = mapped_column(default=list)
    noise: Mapped[int] = mapped_column(default=0)
    cost: Mapped[int] = mapped_column(default=0)
    is_closed: Mapped[bool] = mapped_column(default=False)
    celebrates_birthdays: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class ActivityHours(CommunityRow, Hours, Base):
    """When an activity may be held; an activity without any row may be held at any time."""

    __tablename__ = "activity_hours"
    __table_args__ = (within("activity", "activity_id"),)

    activity_id: Mapped[str] = mapped_column(Id, index=True)


class ActivityMember(CommunityRow, Base):
    """A resident whom a closed activity is for."""

    __tablename__ = "activity_member"
    __table_args__ = (
        within("activity", "activity_id"),
        within("resident", "resident_id"),
        UniqueConstraint("community_id", "activity_id", "resident_id"),
    )

    activity_id: Mapped[str] = mapped_column(Id, index=True)
    resident_id: Mapped[str] = mapped_column(Id, index=True)
