"""A week as the director's board shows it: what is drafted, what is published, each session with its seats."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Executable, Select, and_, false, or_, select

from milieu.database import DbSession
from milieu.machine.memory import Memory
from milieu.models import (
    Account,
    Activity,
    Facilitator,
    FactRevision,
    Invitation,
    Plan,
    PlanLeader,
    PlanPlace,
    PlanSession,
    Publication,
    PublishedDay,
    PublishedLeader,
    PublishedSession,
    Space,
)
from milieu.models.weeks.publications import WITHDRAWN
from milieu.queries.week.bounds import below_best, comparable
from milieu.reasons import Reason, read_reasons
from solver.documents.exchange import part_of_day

DAYS = 7
_Query: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Draft:
    """A plan that waits to be published. `created_by` is a name, "" where the clock made it.

    `bound` is None where it is not known or not comparable. `edited_at` is when it was last changed by hand, if it was.
    """

    id: str
    version: int
    created_at: datetime
    created_by: str
    run_id: str | None
    facts_digest: str
    facts_at: datetime
    objective: int
    bound: int | None
    edited_at: datetime | None = None

    @property
    def is_by_hand(self) -> bool:
        """Whether a person began it and no search made it."""
        return self.run_id is None and self.edited_at is not None

    @property
    def gap(self) -> float | None:
        """How many per cent at most it is below the best that could be."""
        return below_best(self.objective, self.bound)


@dataclass(frozen=True)
class Published:
    """The newest publication of a week. `first_at` is when a person first published it, `is_changed`: it is another.

    `bound` is None where it is not known or not comparable, as it never is after a repair. `is_withdrawn`: it took the
    week back, and what had begun by then is all there is.
    """

    id: str
    number: int
    is_repair: bool
    published_at: datetime
    published_by: str
    first_at: datetime
    objective: int | None
    bound: int | None
    is_changed: bool
    is_withdrawn: bool = False

    @property
    def gap(self) -> float | None:
        """How many per cent at most it is below the best that could be."""
        return below_best(self.objective, self.bound)


@dataclass(frozen=True)
class Place:
    """A resident's place in a session, and why."""

    resident_id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Card:
    """A session on the board, drafted or published. Minutes are local, from midnight."""

    id: str
    ref: str
    activity_id: str
    title: str
    domains: tuple[str, ...]
    space_id: str
    space: str
    on_date: date
    start_minute: int
    end_minute: int
    seats: int
    is_visit: bool
    leaders: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def taken(self) -> int:
        """How many are invited."""
        return len(self.places)

    @property
    def part(self) -> str:
        """The part of the day it starts in: morning before 12:00, afternoon before 17:00, else evening."""
        return part_of_day(self.start_minute)


_CARDS: Memory[tuple[Card, ...]] = Memory(16)


def drafted_leaders(db: DbSession, community_id: str, plan_id: str) -> dict[str, tuple[str, ...]]:
    """Who leads each session of a draft, by its ref: their ids."""
    rows = db.execute(
        select(PlanSession.ref, PlanLeader.facilitator_id)
        .join(
            PlanLeader,
            (PlanLeader.community_id == PlanSession.community_id) & (PlanLeader.plan_session_id == PlanSession.id),
        )
        .where(PlanSession.community_id == community_id, PlanSession.plan_id == plan_id)
        .order_by(PlanLeader.facilitator_id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row.ref] = (*found.get(row.ref, ()), row.facilitator_id)
    return found


def find_draft(db: DbSession, community_id: str, week_start: date) -> Draft | None:
    """The draft of a week, None where there is none."""
    row = db.execute(
        select(
            Plan.id,
            Plan.version,
            Plan.created_at,
            Account.name,
            Plan.run_id,
            Plan.facts_digest,
            Plan.facts_at,
            Plan.objective,
            Plan.bound,
            Plan.terms,
            Plan.edited_at,
        )
        .outerjoin(Account, Account.id == Plan.created_by)
        .where(Plan.community_id == community_id, Plan.week_start == week_start, Plan.state == "draft")
    ).one_or_none()
    if row is None:
        return None
    return Draft(
        row.id,
        row.version,
        row.created_at,
        row.name or "",
        row.run_id,
        row.facts_digest,
        row.facts_at,
        row.objective,
        comparable(row.bound, row.terms),
        row.edited_at,
    )


def find_published(db: DbSession, community_id: str, week_start: date) -> Published | None:
    """The newest publication of a week, None where it has none, or was withdrawn before anything of it had begun."""
    rows = db.execute(
        select(
            Publication.id,
            Publication.number,
            Publication.kind,
            Publication.published_at,
            Account.name,
            Publication.objective,
            Publication.bound,
            Publication.terms,
        )
        .outerjoin(Account, Account.id == Publication.published_by)
        .where(Publication.community_id == community_id, Publication.week_start == week_start)
        .order_by(Publication.number)
    ).all()
    if not rows:
        return None
    row = rows[-1]
    is_withdrawn = row.kind == WITHDRAWN
    if (
        is_withdrawn
        and db.scalar(select(PublishedDay.on_date).where(*_live_days(community_id, week_start)).limit(1)) is None
    ):
        return None
    first_at = next((each.published_at for each in rows if each.kind == "week"), rows[0].published_at)
    is_repair = row.kind == "repair"
    return Published(
        row.id,
        row.number,
        is_repair,
        row.published_at,
        row.name or "",
        first_at,
        row.objective,
        None if is_repair else comparable(row.bound, row.terms),
        is_changed=len(rows) > 1,
        is_withdrawn=is_withdrawn,
    )


def draft_cards(db: DbSession, community_id: str, plan_id: str) -> tuple[Card, ...]:
    """The sessions of a plan by time, each with its leaders and places. Three queries, however many there are."""
    rows = db.execute(
        select(
            PlanSession.id,
            PlanSession.ref,
            PlanSession.activity_id,
            Activity.name.label("title"),
            Activity.domains,
            PlanSession.space_id,
            Space.name.label("space"),
            PlanSession.on_date,
            PlanSession.start_minute,
            PlanSession.end_minute,
            Space.capacity,
            Activity.max_group,
        )
        .join(Activity, and_(Activity.community_id == PlanSession.community_id, Activity.id == PlanSession.activity_id))
        .join(Space, and_(Space.community_id == PlanSession.community_id, Space.id == PlanSession.space_id))
        .where(PlanSession.community_id == community_id, PlanSession.plan_id == plan_id)
    ).all()
    leaders = _grouped(
        db.execute(
            select(PlanLeader.plan_session_id, Facilitator.name)
            .join(PlanSession, _same_row(PlanSession, PlanLeader.community_id, PlanLeader.plan_session_id))
            .join(Facilitator, _same_row(Facilitator, PlanLeader.community_id, PlanLeader.facilitator_id))
            .where(PlanLeader.community_id == community_id, PlanSession.plan_id == plan_id)
            .order_by(Facilitator.name)
        )
    )
    places = _places(
        db,
        select(PlanPlace.plan_session_id, PlanPlace.resident_id, PlanPlace.reason)
        .join(PlanSession, _same_row(PlanSession, PlanPlace.community_id, PlanPlace.plan_session_id))
        .where(PlanPlace.community_id == community_id, PlanSession.plan_id == plan_id),
    )
    return _sorted(
        Card(
            row.id,
            row.ref,
            row.activity_id,
            row.title,
            tuple(row.domains),
            row.space_id,
            row.space,
            row.on_date,
            row.start_minute,
            row.end_minute,
            min(row.capacity, row.max_group),
            row.max_group == 1,
            tuple(leaders[row.id]),
            tuple(places[row.id]),
        )
        for row in rows
    )


def published_cards(db: DbSession, community_id: str, week_start: date) -> tuple[Card, ...]:
    """The sessions that hold on the days of a week by time, each day from the publication that its pointer names.

    What is published never changes, and the names of those who lead are facts: the same pointers at the same revision
    of the facts are the same cards, which are kept.
    """
    live = _live_days(community_id, week_start)
    revision = select(FactRevision.token).where(FactRevision.community_id == community_id).scalar_subquery()
    pointers = db.execute(
        select(PublishedDay.on_date, PublishedDay.publication_id, revision).where(*live).order_by(PublishedDay.on_date)
    )
    key = (community_id, week_start, *(tuple(row) for row in pointers))
    return _CARDS.recall(key, lambda: _published(db, lambda query: query.join(PublishedDay, _holds()).where(*live)))


def cards_issued(db: DbSession, community_id: str, holding: Mapping[date, str]) -> tuple[Card, ...]:
    """The sessions that publications had on days, by time; `holding` names the publication of each day by its id."""
    days: defaultdict[str, list[date]] = defaultdict(list)
    for day, publication_id in holding.items():
        days[publication_id].append(day)
    asked = [
        and_(PublishedSession.publication_id == publication_id, PublishedSession.on_date.in_(those))
        for publication_id, those in days.items()
    ]
    return _published(
        db, lambda query: query.where(PublishedSession.community_id == community_id, or_(false(), *asked))
    )


def _published(db: DbSession, narrow: Callable[[_Query], _Query]) -> tuple[Card, ...]:
    """Published sessions by time, each with its leaders and places; `narrow` says which. Three queries."""
    rows = db.execute(narrow(select(PublishedSession))).scalars().all()
    leaders = _grouped(
        db.execute(
            narrow(
                select(PublishedLeader.published_session_id, Facilitator.name)
                .join(PublishedSession, _leads())
                .join(Facilitator, _same_row(Facilitator, PublishedLeader.community_id, PublishedLeader.facilitator_id))
            ).order_by(Facilitator.name)
        )
    )
    invited = _same_row(PublishedSession, Invitation.community_id, Invitation.published_session_id)
    places = _places(
        db,
        narrow(
            select(Invitation.published_session_id, Invitation.resident_id, Invitation.reason).join(
                PublishedSession, invited
            )
        ),
    )
    return _sorted(
        Card(
            row.id,
            row.ref,
            row.activity_id,
            row.title,
            tuple(row.domains),
            row.space_id,
            row.space_name,
            row.on_date,
            row.start_minute,
            row.end_minute,
            row.seats,
            row.is_visit,
            tuple(leaders[row.id]),
            tuple(places[row.id]),
        )
        for row in rows
    )


def _live_days(community_id: str, week_start: date) -> tuple[Any, ...]:
    return (
        PublishedDay.community_id == community_id,
        PublishedDay.on_date >= week_start,
        PublishedDay.on_date < week_start + timedelta(days=DAYS),
    )


def _holds() -> Any:
    return and_(
        PublishedDay.community_id == PublishedSession.community_id,
        PublishedDay.publication_id == PublishedSession.publication_id,
        PublishedDay.on_date == PublishedSession.on_date,
    )


def _leads() -> Any:
    return _same_row(PublishedSession, PublishedLeader.community_id, PublishedLeader.published_session_id)


def _same_row(table: Any, community_id: Any, row_id: Any) -> Any:
    return and_(table.community_id == community_id, table.id == row_id)


def _grouped(rows: Iterable[Any]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found


def _places(db: DbSession, query: Executable) -> defaultdict[str, list[Place]]:
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for session_id, resident_id, reason in db.execute(query):
        found[session_id].append(Place(resident_id, read_reasons(reason)))
    return found


def _sorted(cards: Iterable[Card]) -> tuple[Card, ...]:
    return tuple(sorted(cards, key=_when))


def _when(card: Card) -> tuple[date, int, int, str, str]:
    return card.on_date, card.start_minute, card.end_minute, card.title, card.ref
