"""Publications: numbered, immutable, nameless. Personal pages and walls are views made when read."""

from datetime import date, datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Id, Json, Words, within

WEEK, REPAIR, WITHDRAWN = ISSUED_AS = ("week", "repair", "withdraw")


class Publication(CommunityRow, Base):
    """A week as of a moment. Rows of this and the tables below are only ever added.

    `kind` is "week" (a person published a plan), "repair" (the clock, or a person, mended the one before), or
    "withdraw" (a person took the week back: it holds what had begun by then). `reason` is what whoever published wrote
    of it, for those who plan alone.
    `published_by` is null where the clock published. `digest` covers the sessions and invitations; the key
    (week, input_hash) makes the same inputs the same publication. `programme` is the public programme as JSON text.
    `changes` counts people told: {"cancelled", "moved", "relocated", "withdrawn", "new"}.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        UniqueConstraint("community_id", "week_start", "input_hash"),
        within("publication", "previous_id"),
    )

    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    week_start: Mapped[date]
    as_of: Mapped[datetime]
    published_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(Id)
    timezone: Mapped[str]
    previous_id: Mapped[str | None] = mapped_column(Id)
    plan_id: Mapped[str | None] = mapped_column(Id)
    run_id: Mapped[str | None] = mapped_column(Id)
    facts_digest: Mapped[str] = mapped_column(String(64))
    input_hash: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int] = mapped_column(default=0)
    objective: Mapped[int | None]
    bound: Mapped[int | None]
    terms: Mapped[Json | None]
    changes: Mapped[Json | None]
    reason: Mapped[str] = mapped_column(default="")
    programme: Mapped[str] = mapped_column(Text)


class PublishedSession(CommunityRow, Base):
    """A session as published; titles are copied, for activities may be renamed. Times are local; `starts_at` is UTC."""

    __tablename__ = "published_session"
    __table_args__ = (
        within("publication", "publication_id"),
        within("activity", "activity_id"),
        within("space", "space_id"),
        UniqueConstraint("community_id", "publication_id", "ref"),
    )

    publication_id: Mapped[str] = mapped_column(Id, index=True)
    ref: Mapped[str] = mapped_column(String(80), index=True)
    activity_id: Mapped[str] = mapped_column(Id)
    space_id: Mapped[str] = mapped_column(Id)
    title: Mapped[str]
    space_name: Mapped[str]
    domains: Mapped[Words]
    on_date: Mapped[date] = mapped_column(index=True)
    start_minute: Mapped[int]
    end_minute: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seats: Mapped[int]
    is_visit: Mapped[bool] = mapped_column(default=False)


class PublishedLeader(CommunityRow, Base):
    __tablename__ = "published_leader"
    __table_args__ = (within("published_session", "published_session_id"), within("facilitator", "facilitator_id"))

    published_session_id: Mapped[str] = mapped_column(Id, index=True)
    facilitator_id: Mapped[str] = mapped_column(Id)


class Invitation(CommunityRow, Base):
    """A resident is invited to a published session, never obliged."""

    __tablename__ = "invitation"
    __table_args__ = (
        within("published_session", "published_session_id"),
        within("resident", "resident_id"),
        UniqueConstraint("community_id", "published_session_id", "resident_id"),
    )

    published_session_id: Mapped[str] = mapped_column(Id, index=True)
    resident_id: Mapped[str] = mapped_column(Id, index=True)
    reason: Mapped[Json | None]


class PublishedChange(CommunityRow, Base):
    """What a publication changed about a session of the one before, and which facts asked for it (`milieu.causes`).

    `session_ref` is the session's, in the one before where it was in it; `kind` is cancelled, moved, relocated, led,
    invited or new. A publication that changed anything has these rows, but for those made before they were kept.
    """

    __tablename__ = "published_change"
    __table_args__ = (
        within("publication", "publication_id"),
        UniqueConstraint("community_id", "publication_id", "session_ref"),
    )

    publication_id: Mapped[str] = mapped_column(Id)
    session_ref: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    because: Mapped[Json]


class PublishedDay(Base):
    """The pointer: which publication holds on a local day. Moved in the transaction that adds the publication."""

    __tablename__ = "published_day"
    __table_args__ = (within("publication", "publication_id"),)

    community_id: Mapped[str] = mapped_column(Id, primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    publication_id: Mapped[str] = mapped_column(Id)
    fence: Mapped[int] = mapped_column(default=0)


class Wall(CommunityRow, Base):
    """An address at which a living group's own programme hangs, closed groups included, until `ended_at`.

    The address is the row's id, signed; nothing secret is kept here. A living group has one open wall at a time.
    """

    __tablename__ = "wall"
    __table_args__ = (
        within("living_group", "living_group_id"),
        Index(
            "uq_wall_open",
            "community_id",
            "living_group_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    living_group_id: Mapped[str] = mapped_column(Id)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    ended_at: Mapped[datetime | None]
