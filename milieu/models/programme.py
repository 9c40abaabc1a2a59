"""Activities: what can be offered, when, by whom and for whom."""

from datetime import date, datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Dated, Hours, Id, Keyed, Versioned, Words, within


class Activity(CommunityRow, Keyed, Versioned, Base):
    """`sessions_min`..`sessions_max` a week; `is_closed` = only for those of `activity_member`.

    `celebrates_birthdays`: whoever has their birthday in a session's week is asked to it. `is_booked`: no more are
    asked than it is meant for (an outing, a meal). `facilitators` lead it at least; `people_per_leader` are as many who
    come as one of them can see to (null: 15, and two for more). `asks` is what whoever takes part can
    (`milieu.abilities`); `months` (1 to 12, none: all) are those in which it is held, and `wet_twin` is the key of what
    takes its place out of them and in wet weather, "" where nothing does. `by_wish`: only who likes it is asked.
    `public_name` is what everybody may read of a closed group, "" where nothing is told of it.
    `answers`: the questions of an assessment (`milieu.preferences.BY_ACTIVITY`) that it is an answer to.
    `days_apart`: how many days at least lie from one of somebody's sessions to the next; None: the usual.
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
    people_per_leader: Mapped[int | None]
    needs_skills: Mapped[Words] = mapped_column(default=list)
    needs_features: Mapped[Words] = mapped_column(default=list)
    noise: Mapped[int] = mapped_column(default=0)
    cost: Mapped[int] = mapped_column(default=0)
    asks: Mapped[Words] = mapped_column(default=list)
    months: Mapped[list[int]] = mapped_column(JSON, default=list)
    wet_twin: Mapped[str] = mapped_column(String(80), default="")
    is_closed: Mapped[bool] = mapped_column(default=False)
    public_name: Mapped[str] = mapped_column(default="")
    celebrates_birthdays: Mapped[bool] = mapped_column(default=False)
    is_booked: Mapped[bool] = mapped_column(default=False)
    by_wish: Mapped[bool] = mapped_column(default=False)
    days_apart: Mapped[int | None]
    answers: Mapped[Words] = mapped_column(default=list)
    starts_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class BaseWeek(CommunityRow, Keyed, Versioned, Base):
    """A base week with a name, such as that of the summer: planning starts from it on the days it is chosen for."""

    __tablename__ = "base_week"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    name: Mapped[str]
    ended_on: Mapped[date | None]


class BaseWeekChoice(CommunityRow, Dated, Base):
    """On which days planning starts from which base week; of several for a day the one that was chosen last."""

    __tablename__ = "base_week_choice"
    __table_args__ = (within("base_week", "base_week_id"),)

    base_week_id: Mapped[str] = mapped_column(Id)
    chosen_at: Mapped[datetime]
    chosen_by: Mapped[str | None] = mapped_column(Id)


class BaseSession(CommunityRow, Dated, Base):
    """A session of a base week: where the programme stands each week unless something speaks against it.

    `base_week_id` is None in the base week without a name, which holds where none is chosen. `space_id` and
    `facilitator_id` only where they matter too.
    """

    __tablename__ = "base_session"
    __table_args__ = (
        within("base_week", "base_week_id"),
        within("activity", "activity_id"),
        within("space", "space_id"),
        within("facilitator", "facilitator_id"),
    )

    base_week_id: Mapped[str | None] = mapped_column(Id)
    activity_id: Mapped[str] = mapped_column(Id, index=True)
    weekday: Mapped[int]
    start_minute: Mapped[int]
    space_id: Mapped[str | None] = mapped_column(Id)
    facilitator_id: Mapped[str | None] = mapped_column(Id)


class ProgrammeAim(CommunityRow, Hours, Base):
    """What should be on: at least `min_sessions` groups that start in these hours, on each day that they speak of.

    With a living group only those count that at least `members` of it are invited to.
    """

    __tablename__ = "programme_aim"
    __table_args__ = (within("living_group", "living_group_id"),)

    living_group_id: Mapped[str | None] = mapped_column(Id, index=True)
    members: Mapped[int] = mapped_column(default=1)
    min_sessions: Mapped[int]
    weight: Mapped[int] = mapped_column(default=1)


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
