"""The community itself: its living groups, spaces, facilitators and settings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from milieu.ids import new_id
from milieu.models.base import Base, CommunityRow, Dated, Hours, Id, Json, Keyed, Versioned, Words, within


class Community(Versioned, Base):
    __tablename__ = "community"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str]
    timezone: Mapped[str]
    is_made_up: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class CommunitySettings(Versioned, Base):
    """One row a community. Null weights mean the contract's own.

    `asks_more`: groups are asked by how many come (`milieu.queries.programme.turnout`). `expected_turnout` is how many
    of 100 asked are expected to come while nobody knows (null: all). `told_at_most`: a morning's check that would tell
    more people otherwise asks a person instead (null: it never asks). `plan_seconds` is how long a week is searched for
    (null: as long as a community of its size needs).
    """

    __tablename__ = "community_settings"

    community_id: Mapped[str] = mapped_column(Id, ForeignKey("community.id"), primary_key=True)
    publish_minute: Mapped[int] = mapped_column(default=330)
    slot_minutes: Mapped[int] = mapped_column(default=15)
    plan_seconds: Mapped[int | None]
    repair_seconds: Mapped[int] = mapped_column(default=10)
    programme_min_sessions_per_day: Mapped[int] = mapped_column(default=0)
    separate_cohorts: Mapped[bool] = mapped_column(default=False)
    asks_more: Mapped[bool] = mapped_column(default=True)
    expected_turnout: Mapped[int | None]
    told_at_most: Mapped[int | None]
    weights: Mapped[Json | None]
    repair_weights: Mapped[Json | None]
    escorts: Mapped[Json | None]
    travel: Mapped[Json | None]


class LivingGroup(CommunityRow, Keyed, Versioned, Base):
    """A unit or neighbourhood of the community; `zone` is its place for walking distances and escorts."""

    __tablename__ = "living_group"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    name: Mapped[str]
    zone: Mapped[str]
    sort: Mapped[int] = mapped_column(default=0)
    cohort: Mapped[str] = mapped_column(default="")
    ended_on: Mapped[date | None]


class Space(CommunityRow, Keyed, Versioned, Base):
    """`months` (1 to 12, none: all) are those in which it is used: a garden's season."""

    __tablename__ = "space"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    name: Mapped[str]
    zone: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int]
    wheelchair_places: Mapped[int | None]
    comfort: Mapped[int | None]
    features: Mapped[Words] = mapped_column(default=list)
    noise: Mapped[int] = mapped_column(default=0)
    turnaround_minutes: Mapped[int] = mapped_column(default=0)
    months: Mapped[list[int]] = mapped_column(JSON, default=list)
    ended_on: Mapped[date | None]


class SpaceHours(CommunityRow, Hours, Base):
    """When a space is open; a space without any row is always open."""

    __tablename__ = "space_hours"
    __table_args__ = (within("space", "space_id"),)

    space_id: Mapped[str] = mapped_column(Id, index=True)


class SpaceClosure(CommunityRow, Versioned, Base):
    """A space that cannot be used between two moments of local time (both days included where no minute is given).

    `kind` is weather, repairs, booked, outbreak or other (`milieu.causes`); `reason` says it in somebody's own words.
    """

    __tablename__ = "space_closure"
    __table_args__ = (within("space", "space_id"),)

    space_id: Mapped[str] = mapped_column(Id, index=True)
    first_date: Mapped[date]
    last_date: Mapped[date]
    start_minute: Mapped[int] = mapped_column(default=0)
    end_minute: Mapped[int] = mapped_column(default=1440)
    kind: Mapped[str] = mapped_column(String(12), default="other")
    reason: Mapped[str] = mapped_column(default="")


class SpaceRelation(CommunityRow, Base):
    """Two spaces that are `adjacent` (sound carries) or `shares` (partly the same room). Symmetric; stored once."""

    __tablename__ = "space_relation"
    __table_args__ = (
        within("space", "space_id"),
        within("space", "other_id"),
        UniqueConstraint("community_id", "kind", "space_id", "other_id"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    space_id: Mapped[str] = mapped_column(Id)
    other_id: Mapped[str] = mapped_column(Id)


class Facilitator(CommunityRow, Keyed, Versioned, Base):
    """Staff or volunteer who leads sessions. `kind` is "staff" or "volunteer".

    `leads_alone` are the keys of the activities that a volunteer may lead without somebody of the staff.
    """

    __tablename__ = "facilitator"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(10), default="staff")
    skills: Mapped[Words] = mapped_column(default=list)
    max_sessions_per_day: Mapped[int] = mapped_column(default=99)
    gap_minutes: Mapped[int] = mapped_column(default=0)
    support: Mapped[int] = mapped_column(default=8)
    leads_alone: Mapped[Words] = mapped_column(default=list)
    starts_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class Roster(CommunityRow, Hours, Base):
    """When a facilitator is on duty for activities."""

    __tablename__ = "roster"
    __table_args__ = (within("facilitator", "facilitator_id"),)

    facilitator_id: Mapped[str] = mapped_column(Id, index=True)


class Absence(CommunityRow, Versioned, Base):
    """A facilitator is away, whatever the roster says (both days included)."""

    __tablename__ = "absence"
    __table_args__ = (within("facilitator", "facilitator_id"),)

    facilitator_id: Mapped[str] = mapped_column(Id, index=True)
    first_date: Mapped[date]
    last_date: Mapped[date]
    start_minute: Mapped[int] = mapped_column(default=0)
    end_minute: Mapped[int] = mapped_column(default=1440)
    reason: Mapped[str] = mapped_column(default="")


class ShortHanded(CommunityRow, Versioned, Base):
    """Fewer helpers than usual bring residents between two moments of local time (both days included).

    `helpers` is how many there are at most, whatever the settings say; null: as many as usual. Who of the team leads
    nothing meanwhile is away (`Absence`).
    """

    __tablename__ = "short_handed"

    first_date: Mapped[date]
    last_date: Mapped[date]
    start_minute: Mapped[int] = mapped_column(default=0)
    end_minute: Mapped[int] = mapped_column(default=1440)
    helpers: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")


class Outbreak(CommunityRow, Dated, Versioned, Base):
    """While it holds, residents of the living group meet nobody from outside it."""

    __tablename__ = "outbreak"
    __table_args__ = (within("living_group", "living_group_id"),)

    living_group_id: Mapped[str] = mapped_column(Id, index=True)
    note: Mapped[str] = mapped_column(default="")


class GroupAim(CommunityRow, Dated, Versioned, Base):
    """A living group's own aim: `min_sessions` a week of a domain ("" = any) with at least `members` of its members."""

    __tablename__ = "group_aim"
    __table_args__ = (within("living_group", "living_group_id"),)

    living_group_id: Mapped[str] = mapped_column(Id, index=True)
    domain: Mapped[str] = mapped_column(String(40), default="")
    members: Mapped[int]
    min_sessions: Mapped[int]
    weight: Mapped[int] = mapped_column(default=1)


class Note(Base):
    """Small values that belong to the installation, not to a community (such as the demo's community)."""

    __tablename__ = "installation_note"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
