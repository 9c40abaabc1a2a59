"""The clock's ledger and lease, the outbox, and the records of changes, reads and repeated requests."""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Id, Json, within


class LedgerEntry(CommunityRow, Base):
    """One duty of the clock on one local day: at most one row for (community, day, kind).

    `kind` is "repair", or "again" for what a repair with little time left to be done when there is room. `state` is
    due, running, published, unchanged, waiting (nothing published yet to repair), kept (no schedule could be had: the
    last good one stands), asked (a person decides), parked or missed. `fence` is the lease's number that
    last wrote the row.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("community_id", "local_day", "kind"),
        within("publication", "publication_id"),
    )

    local_day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    publication_id: Mapped[str | None] = mapped_column(Id)
    message: Mapped[str] = mapped_column(default="")


class Lease(Base):
    """Who is the one scheduler, and until when; written anew at every beat."""

    __tablename__ = "lease"

    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str]
    expires_at: Mapped[datetime]
    beat_at: Mapped[datetime]


class Fence(Base):
    """The lease's number, which rises at each take-over; every write of the clock names the fence it holds.

    A row of its own, for who publishes holds it until all is written: a beat must neither wait for that nor spoil it.
    """

    __tablename__ = "fence"

    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    fence: Mapped[int]


class Upkeep(Base):
    """One duty of the clock for the whole installation on one day (UTC): at most one row for (kind, day).

    `kind` is "backup" or "ping". `state` is due, running, parked; of a backup also made (`message` says why it is not
    proven) or proven, of a ping sent. `fence` is the lease's number that last wrote the row.
    """

    __tablename__ = "upkeep"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")


class OutboxMessage(CommunityRow, Base):
    """A notice to send, once for each recipient of a publication and kind."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("community_id", "publication_id", "account_id", "kind"),
        within("publication", "publication_id"),
        within("account", "account_id"),
    )

    publication_id: Mapped[str] = mapped_column(Id)
    account_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Change(CommunityRow, Base):
    """The journal of changes: who changed which row when, from what to what. Events that others await are rows."""

    __tablename__ = "change"

    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[str | None] = mapped_column(Id)
    verb: Mapped[str] = mapped_column(String(20))
    noun: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(80))
    before: Mapped[Json | None]
    after: Mapped[Json | None]


class ResidentRead(CommunityRow, Base):
    """Who looked at which resident, on which page; what is news to a relative follows from when she last did."""

    __tablename__ = "resident_read"
    __table_args__ = (
        within("resident", "resident_id"),
        Index("ix_resident_read_look", "community_id", "account_id", "resident_id", "at"),
    )

    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[str] = mapped_column(Id)
    resident_id: Mapped[str] = mapped_column(Id, index=True)
    page: Mapped[str] = mapped_column(String(60))


class HandledRequest(CommunityRow, Base):
    """A form that was already taken: a second arrival of the same key answers as the first did."""

    __tablename__ = "handled_request"
    __table_args__ = (UniqueConstraint("community_id", "account_id", "key"),)

    account_id: Mapped[str] = mapped_column(Id)
    key: Mapped[str] = mapped_column(String(64))
    endpoint: Mapped[str] = mapped_column(String(80))
    answer: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime]
