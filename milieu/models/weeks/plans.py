"""Plans (draft weeks), the runs that made them, and what people fixed."""

from datetime import date, datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Id, Json, Versioned, within


class Run(CommunityRow, Base):
    """One solve, or those for one question. `kind` is "plan", "repair", "choices", "what if" or "lifting"; `state`
    queued, running, done, impossible, failed or stopped.

    `asked` is what was asked besides the week itself, None where nothing was: what to suppose, and beside what; of
    which impossible run the ways out are tried. `problem` and `schedule` are the solver's two documents as sent and
    received; `because` the sentences of an impossible week, or what each way out of it comes to. `open_week` is the
    week's ISO date while the run is queued or running, else null: unique, so a second click finds the run that is under
    way. `stop_requested_at` asks the runner to stop; `worker` and `heartbeat_at` tell who runs it and that it lives;
    `adoptions` counts how often it was begun again because its worker had died. `fence` is the lease's under which the
    clock began a repair, null where a person asked for it.
    Seconds are wall-clock.
    """

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("community_id", "open_week"),)

    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12), index=True)
    week_start: Mapped[date]
    open_week: Mapped[str | None] = mapped_column(String(10))
    requested_at: Mapped[datetime]
    requested_by: Mapped[str | None] = mapped_column(Id)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    worker: Mapped[str | None]
    adoptions: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int | None]
    stop_requested_at: Mapped[datetime | None]
    seconds_limit: Mapped[int]
    seed: Mapped[int]
    workers: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[float | None]
    asked: Mapped[Json | None]
    objective: Mapped[int | None]
    bound: Mapped[int | None]
    progress: Mapped[Json | None]
    facts_digest: Mapped[str | None] = mapped_column(String(64))
    because: Mapped[Json | None]
    message: Mapped[str] = mapped_column(default="")
    problem: Mapped[str | None] = mapped_column(Text)
    schedule: Mapped[str | None] = mapped_column(Text)
    plan_id: Mapped[str | None] = mapped_column(Id)


class Plan(CommunityRow, Versioned, Base):
    """A draft week. `state` is draft, published, set aside, choice (one of several, see `Choice`), or scenario (of a
    run that supposed something).

    `week_start` is a Monday (ISO 8601). `facts_digest` is the digest of the problem's facts it was made from,
    `facts_at` their moment. `terms` are the score's parts by name. `edited_at` is when somebody last changed it by
    hand, None where nobody did.
    """

    __tablename__ = "plan"
    __table_args__ = (
        within("run", "run_id"),
        Index(
            "uq_plan_draft",
            "community_id",
            "week_start",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    week_start: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(Id)
    run_id: Mapped[str | None] = mapped_column(Id)
    facts_digest: Mapped[str] = mapped_column(String(64))
    facts_at: Mapped[datetime]
    objective: Mapped[int]
    bound: Mapped[int | None]
    terms: Mapped[Json]
    edited_at: Mapped[datetime | None]


class PlanEdit(CommunityRow, Base):
    """One change of a draft by hand: the session `ref` as it was and as it became, null where it was not there.

    `number` counts a plan's edits. One that `is_undone` can be done again until another is made; then it is gone. One
    that `is_joined` is undone and done again together with the one before it. `pins` are those that went or came with
    it: under "gone" and "new" lists of their kinds and residents, null where none did.
    """

    __tablename__ = "plan_edit"
    __table_args__ = (within("plan", "plan_id"), UniqueConstraint("community_id", "plan_id", "number"))

    plan_id: Mapped[str] = mapped_column(Id)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    before: Mapped[Json | None]
    after: Mapped[Json | None]
    pins: Mapped[Json | None]
    is_joined: Mapped[bool] = mapped_column(default=False)
    is_undone: Mapped[bool] = mapped_column(default=False)


class Choice(CommunityRow, Base):
    """One way to answer what stands against a published week, found by a run that looked for several.

    `kind` is of `milieu.services.choices`: leave, fewest or best. `publication_id` is the publication that it would
    take the place of: where another came meanwhile, it is a choice no more. `seconds` is how long after the run's
    beginning it was there.
    """

    __tablename__ = "choice"
    __table_args__ = (
        within("run", "run_id"),
        within("plan", "plan_id"),
        within("publication", "publication_id"),
        UniqueConstraint("community_id", "run_id", "kind"),
    )

    run_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(8))
    plan_id: Mapped[str] = mapped_column(Id)
    publication_id: Mapped[str] = mapped_column(Id)
    seconds: Mapped[float]


class PlanSession(CommunityRow, Base):
    """`ref` is the session's id in the solver's documents; it stays the same from plan to publication to repair."""

    __tablename__ = "plan_session"
    __table_args__ = (
        within("plan", "plan_id"),
        within("activity", "activity_id"),
        within("space", "space_id"),
        UniqueConstraint("community_id", "plan_id", "ref"),
    )

    plan_id: Mapped[str] = mapped_column(Id, index=True)
    ref: Mapped[str] = mapped_column(String(80))
    activity_id: Mapped[str] = mapped_column(Id)
    space_id: Mapped[str] = mapped_column(Id)
    on_date: Mapped[date]
    start_minute: Mapped[int]
    end_minute: Mapped[int]


class PlanLeader(CommunityRow, Base):
    __tablename__ = "plan_leader"
    __table_args__ = (within("plan_session", "plan_session_id"), within("facilitator", "facilitator_id"))

    plan_session_id: Mapped[str] = mapped_column(Id, index=True)
    facilitator_id: Mapped[str] = mapped_column(Id)


class PlanPlace(CommunityRow, Base):
    """A resident's place in a plan's session. `reason` is data (milieu.reasons); words are made where it is read."""

    __tablename__ = "plan_place"
    __table_args__ = (
        within("plan_session", "plan_session_id"),
        within("resident", "resident_id"),
        UniqueConstraint("community_id", "plan_session_id", "resident_id"),
    )

    plan_session_id: Mapped[str] = mapped_column(Id, index=True)
    resident_id: Mapped[str] = mapped_column(Id, index=True)
    reason: Mapped[Json | None]


MEANT_FOR = "for"
"""Under this a session's pin keeps whom it is meant for: {"groups": living groups, "residents": those named}."""


class Pin(CommunityRow, Versioned, Base):
    """What a person fixed in a week. `kind` is session, attend or absent; `fixed` holds a session pin's fields."""

    __tablename__ = "pin"
    __table_args__ = (within("resident", "resident_id"),)

    week_start: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(8))
    session_ref: Mapped[str] = mapped_column(String(80))
    resident_id: Mapped[str | None] = mapped_column(Id)
    fixed: Mapped[Json | None]
    made_by: Mapped[str | None] = mapped_column(Id)
    made_at: Mapped[datetime]
