"""Residents: who they are, what they wish and refuse, what their care plan aims at, and who their relatives are."""

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
from sqlalchemy.schema import SchemaItem

from milieu.models.base import Base, CommunityRow, Dated, Hours, Id, Json, Keyed, Versioned, Words, within

IN_BED, IN_HOSPITAL = "bed", "hospital"
BUSY_KINDS = (
    "meal",
    "bath",
    "care",
    "therapy",
    "hair",
    "visit",
    "nap",
    "outing",
    "appointment",
    IN_HOSPITAL,
    IN_BED,  # in no group; whoever comes to the bedside may come
)
"""What takes a resident up."""


class Resident(CommunityRow, Keyed, Versioned, Base):
    """`times` maps "morning", "afternoon", "evening" to -2..2; null limits mean none.

    `origins`, `languages` and `trades` (work, callings) are words of their own past, known to the team alone.
    `pronoun` is "she", "he" or "they"; `cannot` is what of `milieu.abilities` they cannot. `arrived_on`, `left_on` and
    `left_reason` are those of the last stay, which is what a list of residents speaks of; whether somebody lives here
    on a day is asked of `milieu.queries.residents.stays`.
    """

    __tablename__ = "resident"
    __table_args__ = (UniqueConstraint("community_id", "key"), within("living_group", "living_group_id"))

    given_name: Mapped[str]
    family_name: Mapped[str]
    called: Mapped[str] = mapped_column(default="")
    pronoun: Mapped[str] = mapped_column(String(8), default="they")
    born_on: Mapped[date | None]
    living_group_id: Mapped[str] = mapped_column(Id, index=True)
    room: Mapped[str]
    is_short_stay: Mapped[bool] = mapped_column(default=False)
    wheelchair: Mapped[bool] = mapped_column(default=False)
    escort: Mapped[bool] = mapped_column(default=False)
    support: Mapped[int] = mapped_column(default=0)
    noise_max: Mapped[int] = mapped_column(default=3)
    needs_familiar: Mapped[bool] = mapped_column(default=False)
    zone_locked: Mapped[bool] = mapped_column(default=False)
    rest_minutes: Mapped[int] = mapped_column(default=0)
    max_per_day: Mapped[int | None]
    sessions_min: Mapped[int] = mapped_column(default=0)
    sessions_max: Mapped[int | None]
    times: Mapped[Json | None]
    invite_how: Mapped[str] = mapped_column(default="")
    cannot: Mapped[Words] = mapped_column(default=list)
    origins: Mapped[Words] = mapped_column(default=list)
    languages: Mapped[Words] = mapped_column(default=list)
    trades: Mapped[Words] = mapped_column(default=list)
    stays: Mapped[list["Stay"]] = relationship(
        order_by="Stay.arrived_on", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def last_stay(self) -> "Stay":
        """The stay that began last; one without dates where there is none yet."""
        if not self.stays:
            self.stays.append(Stay())
        return max(self.stays, key=lambda stay: stay.arrived_on or date.min)

    @property
    def arrived_on(self) -> date:
        return self.last_stay.arrived_on

    @arrived_on.setter
    def arrived_on(self, day: date) -> None:
        self.last_stay.arrived_on = day

    @property
    def left_on(self) -> date | None:
        return self.last_stay.left_on

    @left_on.setter
    def left_on(self, day: date | None) -> None:
        self.last_stay.left_on = day

    @property
    def left_reason(self) -> str | None:
        return self.last_stay.left_reason

    @left_reason.setter
    def left_reason(self, reason: str | None) -> None:
        self.last_stay.left_reason = reason


class Stay(CommunityRow, Versioned, Base):
    """From the day on which a resident moved in to the day on which they left (null: still here).

    `left_reason` is "moved", "died" or "stay ended". Stays of one resident do not overlap.
    """

    __tablename__ = "stay"
    __table_args__ = (
        within("resident", "resident_id"),
        UniqueConstraint("community_id", "resident_id", "arrived_on"),
    )

    resident_id: Mapped[str] = mapped_column(Id)
    arrived_on: Mapped[date]
    left_on: Mapped[date | None]
    left_reason: Mapped[str | None] = mapped_column(String(20))


class Move(CommunityRow, Versioned, Base):
    """Where a resident is to live from a day on; gone when the day has come and they live there."""

    __tablename__ = "move"
    __table_args__ = (
        within("resident", "resident_id"),
        within("living_group", "living_group_id"),
        UniqueConstraint("community_id", "resident_id"),
    )

    resident_id: Mapped[str] = mapped_column(Id)
    living_group_id: Mapped[str] = mapped_column(Id, index=True)
    room: Mapped[str]
    on_date: Mapped[date]


class ResidentBusy(CommunityRow, Hours, Versioned, Base):
    """When a resident is taken up; `kind` is one of BUSY_KINDS."""

    __tablename__ = "resident_busy"
    __table_args__ = (within("resident", "resident_id"),)

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    kind: Mapped[str] = mapped_column(String(20))


class CalmTime(CommunityRow, Hours, Versioned, Base):
    """When a resident bears less noise than at other times."""

    __tablename__ = "calm_time"
    __table_args__ = (within("resident", "resident_id"),)

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    noise_max: Mapped[int]


class Wish(CommunityRow, Dated, Versioned, Base):
    """How much a resident likes an activity, -2..5. `said_by` is resident, relative, observed or staff.

    `source` is "assessment" where it is what was answered there, "" where it was said otherwise.
    """

    __tablename__ = "wish"
    __table_args__ = (within("resident", "resident_id"), within("activity", "activity_id"))

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    activity_id: Mapped[str] = mapped_column(Id)
    strength: Mapped[int]
    said_by: Mapped[str] = mapped_column(String(20), default="resident")
    said_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(12), default="")


class _No:
    """A no to exactly one activity, space or facilitator."""

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    activity_id: Mapped[str | None] = mapped_column(Id)
    space_id: Mapped[str | None] = mapped_column(Id)
    facilitator_id: Mapped[str | None] = mapped_column(Id)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            within("resident", "resident_id"),
            within("activity", "activity_id"),
            within("space", "space_id"),
            within("facilitator", "facilitator_id"),
            CheckConstraint(
                "(CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END)"
                " + (CASE WHEN space_id IS NULL THEN 0 ELSE 1 END)"
                " + (CASE WHEN facilitator_id IS NULL THEN 0 ELSE 1 END) = 1",
                name="one_thing",
            ),
        )


class Refusal(CommunityRow, _No, Dated, Versioned, Base):
    """A resident's own no. It needs no reason and outranks everything."""

    __tablename__ = "refusal"

    said_on: Mapped[date | None]


class Limit(CommunityRow, _No, Dated, Versioned, Base):
    """A charted restriction: kept from it for another reason than the resident's own no."""

    __tablename__ = "charted_limit"

    reason: Mapped[str] = mapped_column(default="")
    charted_by: Mapped[str] = mapped_column(default="")


class Target(CommunityRow, Dated, Versioned, Base):
    """A care-plan aim: at least `min_sessions` a week of a domain. `owner` looks at it again on `review_on`."""

    __tablename__ = "target"
    __table_args__ = (within("resident", "resident_id"),)

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    domain: Mapped[str] = mapped_column(String(40))
    min_sessions: Mapped[int]
    weight: Mapped[int] = mapped_column(default=1)
    owner: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None]


class Requirement(CommunityRow, Dated, Versioned, Base):
    """A demand of the care plan: the resident is offered the activity at least `times_a_week`."""

    __tablename__ = "requirement"
    __table_args__ = (within("resident", "resident_id"), within("activity", "activity_id"))

    resident_id: Mapped[str] = mapped_column(Id, index=True)
    activity_id: Mapped[str] = mapped_column(Id)
    times_a_week: Mapped[int]


class Relative(CommunityRow, Keyed, Versioned, Base):
    """Somebody's daughter, son, friend; signs in through an account of her own."""

    __tablename__ = "relative"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")


class Kinship(CommunityRow, Base):
    """What a resident is to a relative, in her own word: "mother", "uncle", "friend"."""

    __tablename__ = "kinship"
    __table_args__ = (
        within("resident", "resident_id"),
        within("relative", "relative_id"),
        UniqueConstraint("community_id", "relative_id", "resident_id"),
    )

    relative_id: Mapped[str] = mapped_column(Id, index=True)
    resident_id: Mapped[str] = mapped_column(Id)
    resident_is: Mapped[str]


class Consent(CommunityRow, Versioned, Base):
    """What a resident shares with a relative, from a day to a day (both included).

    `kind` is calendar, attended, photo or notes.
    """

    __tablename__ = "consent"
    __table_args__ = (within("resident", "resident_id"), within("relative", "relative_id"))

    relative_id: Mapped[str] = mapped_column(Id, index=True)
    resident_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(12))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
