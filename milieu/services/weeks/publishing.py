"""Publishing a draft: a person's act, after seeing what it changes for whom."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from milieu.calendar.weeks import DAYS, Moment
from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.machine.memory import Memory
from milieu.models import Plan, Publication
from milieu.queries.basis import Basis, basis_of
from milieu.queries.names import names_of
from milieu.services.weeks.changes import Changes
from milieu.services.weeks.editions import WEEK, Edition, changes_made, issue, lock_community
from milieu.services.weeks.objections import Objection, hold, sentences_of
from milieu.solving.contents import read_plan
from milieu.solving.problem.document import WEEK_OVER
from milieu.solving.problem.known import remembered, source_of

PublicationId = str
MOST_SENTENCES = 12
MOST_REASON = 300
"""Letters that may be written of why a week is published, or withdrawn."""
_MOST_REMEMBERED = 64


@dataclass(frozen=True)
class Outlook:
    """What publishing a draft would come to, as facts are now.

    `has_changed`: facts are not those that the draft was made from. `because`: the rules that it would break by now, in
    sentences; while there are any it cannot be published. `broken` are the refs of the sessions that they speak of.
    """

    changes: Changes
    has_changed: bool
    because: tuple[str, ...]
    broken: frozenset[str] = frozenset()

    @property
    def is_same(self) -> bool:
        """Whether it is the week that is published already, so that there is nothing to publish."""
        return not self.changes.is_first and not self.changes.sessions


@dataclass(frozen=True)
class Standing:
    """How a published week stands by the facts of now.

    `has_changed`: facts are not those that it was published under. `because`: what stands against it, in sentences.
    """

    has_changed: bool
    because: tuple[str, ...]


@dataclass(frozen=True)
class Against:
    """All that stands against a published week by the facts of now; `days` are the days of its sessions, by ref."""

    has_changed: bool
    objections: tuple[Objection, ...]
    days: Mapping[str, date]

    @property
    def standing(self) -> Standing:
        return Standing(self.has_changed, sentences_of(self.objections))


_OUTLOOKS: Memory[Outlook] = Memory(_MOST_REMEMBERED)
_AGAINST: Memory[Against | None] = Memory(_MOST_REMEMBERED)
_EDITIONS: Memory[Edition] = Memory(2)  # each holds a whole problem, from the page before to the click


def preview(db: DbSession, community_id: str, plan_id: str, now: datetime) -> Changes:
    """What publishing a draft would change, by person, against what is published for its week.

    Raises NotFound; Conflict where the week is over.
    """
    return look_ahead(db, community_id, plan_id, now).changes


def look_ahead(db: DbSession, community_id: str, plan_id: str, now: datetime) -> Outlook:
    """What publishing a draft would change, and whether facts that have changed since stand against it.

    With each session that changes stand the facts that are behind it: what stands by now against what is published.
    Raises NotFound; Conflict where the week is over.
    """
    plan = _plan(db, community_id, plan_id)
    basis = _basis(db, community_id, plan.week_start, now)
    return _OUTLOOKS.recall((basis, plan.id, plan.version), lambda: _outlook(db, plan, now))


def _outlook(db: DbSession, plan: Plan, now: datetime) -> Outlook:
    community_id = plan.community_id
    source, contents = source_of(db, community_id, plan.week_start, now, repair=False), read_plan(db, plan)
    week = source.facts
    changes = changes_made(db, source, contents).named(names_of(db, community_id))
    has_changed = plan.facts_digest != week.digest
    if not has_changed and week.past.until is None and plan.edited_at is None:
        return Outlook(changes, False, ())  # as valid as on the day it was made
    held = hold(db, source, contents)
    return Outlook(changes, has_changed, held.sentences, frozenset().union(*(each.refs for each in held.objections)))


def look_at_published(db: DbSession, community_id: str, week_start: date, now: datetime) -> Standing | None:
    """The published week held against the facts of now, as a draft is; None where nothing is published.

    Raises NotFound; Conflict where the week is over.
    """
    found = stands_against(db, community_id, week_start, now)
    return None if found is None else found.standing


def stands_against(db: DbSession, community_id: str, week_start: date, now: datetime) -> Against | None:
    """The same with whom and what each objection is about; worked out once for each state of things, that of a unit of
    work which has yet to be committed too: whatever it has changed so far has made it another.
    """
    basis = _basis(db, community_id, week_start, now)
    return _AGAINST.recall(basis, lambda: _against(db, community_id, week_start, now))


def _against(db: DbSession, community_id: str, week_start: date, now: datetime) -> Against | None:
    source = source_of(db, community_id, week_start, now, repair=True)
    if (published := source.past.published) is None:
        return None
    held = hold(db, source, published.sessions, is_published=True)
    days = {each.ref: each.on_date for each in published.sessions}
    return Against(published.publication.facts_digest != source.facts_digest, held.objections, days)


def _basis(db: DbSession, community_id: str, week_start: date, now: datetime) -> Basis:
    """What an answer rests on. Raises Conflict where the week is over."""
    basis = basis_of(db, community_id, week_start, now)
    if basis.until == Moment(DAYS, 0):
        raise Conflict(WEEK_OVER)
    return basis


def publish(
    db: DbSession,
    community_id: str,
    plan_id: str,
    *,
    version: int,
    by: str | None,
    now: datetime,
    fence: int | None = None,
    reason: str = "",
) -> PublicationId:
    """Freeze a draft as the community's next publication of its week; published twice, it is the same publication.

    `reason` is what they write of it, for the history. Who has called `make_ready` before keeps others from writing for
    no longer than the writing takes.

    Raises NotFound; Conflict where somebody changed or replaced the draft since `version` was seen, where the week is
    over, or where facts have changed so that it breaks a rule (`because` says which); FenceLost.
    """
    lock_community(db, community_id)
    plan = _plan(db, community_id, plan_id)
    if (done := _published_as(db, plan)) is not None:
        return done
    if plan.state != "draft":
        raise Conflict("This draft has been replaced by a newer one. Please look at that one.")
    if plan.version != version:
        raise Conflict("Somebody has changed this draft since you opened it. Please look at it again.")
    edition = replace(_edition(db, plan, now), by=by, reason=" ".join(reason.split())[:MOST_REASON])
    plan.state = "published"
    db.flush()
    return issue(db, edition, now=now, fence=fence)


def make_ready(db: DbSession, community_id: str, plan_id: str, now: datetime) -> None:
    """Reckon what `publish` will write, in a session that only reads; why it cannot be published is for that to say."""
    with suppress(NotFound, Conflict):
        edition_of(db, community_id, plan_id, now)


def edition_of(db: DbSession, community_id: str, plan_id: str, now: datetime) -> Edition:
    """What publishing a draft would issue. Raises NotFound; Conflict where it cannot be published."""
    return _edition(db, _plan(db, community_id, plan_id), now)


def _edition(db: DbSession, plan: Plan, now: datetime) -> Edition:
    basis = _basis(db, plan.community_id, plan.week_start, now)
    return remembered(db, _EDITIONS, (basis, plan.id, plan.version), lambda: _make_edition(db, plan, now))


def _make_edition(db: DbSession, plan: Plan, now: datetime) -> Edition:
    source = source_of(db, plan.community_id, plan.week_start, now, repair=False)
    held = hold(db, source, read_plan(db, plan))
    if held.objections:
        raise Conflict(
            "Things have changed since this week was planned, and it would now break a rule. Please plan it again.",
            held.sentences[:MOST_SENTENCES],
        )
    checked = held.checked
    is_fresh = plan.facts_digest == source.facts_digest
    return Edition(
        kind=WEEK,
        source=source,
        contents=checked.contents,
        objective=plan.objective if is_fresh else checked.objective,
        bound=plan.bound if is_fresh else None,
        terms=dict(plan.terms) if is_fresh else checked.terms,
        plan_id=plan.id,
        run_id=plan.run_id,
        changes=changes_made(db, source, checked.contents),
    )


def _plan(db: DbSession, community_id: str, plan_id: str) -> Plan:
    plan = db.get(Plan, {"community_id": community_id, "id": plan_id})
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan


def _published_as(db: DbSession, plan: Plan) -> PublicationId | None:
    """The publication that a published plan has become."""
    if plan.state != "published":
        return None
    return db.scalar(
        select(Publication.id)
        .where(Publication.community_id == plan.community_id, Publication.week_start == plan.week_start)
        .order_by((Publication.plan_id == plan.id).desc(), Publication.number.desc())
        .limit(1)
    )
