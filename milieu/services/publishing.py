"""Publishing a draft: a person's act, after seeing what it changes for whom."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.models import Plan, Publication
from milieu.queries.names import names_of, resident_names
from milieu.services.changes import Changes
from milieu.services.editions import WEEK, Edition, changes_of, issue, lock_community
from milieu.solving.checking import Checked, check_week
from milieu.solving.contents import read_plan
from milieu.solving.document import ProblemSource, make_problem, problem_of, read_facts
from milieu.solving.sentences import Sentences

PublicationId = str
MOST_SENTENCES = 12


@dataclass(frozen=True)
class Outlook:
    """What publishing a draft would come to, as facts are now.

    `has_changed`: facts are not those that the draft was made from. `because`: the rules that it would break by now, in
    sentences; while there are any it cannot be published.
    """

    changes: Changes
    has_changed: bool
    because: tuple[str, ...]


def preview(db: DbSession, community_id: str, plan_id: str, now: datetime) -> Changes:
    """What publishing a draft would change, by person, against what is published for its week.

    Raises NotFound; Conflict where the week is over.
    """
    return look_ahead(db, community_id, plan_id, now).changes


def look_ahead(db: DbSession, community_id: str, plan_id: str, now: datetime) -> Outlook:
    """What publishing a draft would change, and whether facts that have changed since stand against it.

    Raises NotFound; Conflict where the week is over.
    """
    plan = _plan(db, community_id, plan_id)
    week, contents = read_facts(db, community_id, plan.week_start, now), read_plan(db, plan)
    changes = changes_of(week, contents).named(resident_names(db, community_id))
    has_changed = plan.facts_digest != week.digest
    if not has_changed and week.past.until is None:  # then it is as valid as on the day it was made
        return Outlook(changes, False, ())
    source = problem_of(week, repair=False)
    checked = check_week(source, contents)
    because = sentences_of(db, source, checked)[:MOST_SENTENCES] if checked.breaches else ()
    return Outlook(changes, has_changed, because)


def publish(
    db: DbSession, community_id: str, plan_id: str, *, version: int, by: str | None, now: datetime,
    fence: int | None = None,
) -> PublicationId:  # fmt: skip
    """Freeze a draft as the community's next publication of its week; published twice, it is the same publication.

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
    source = make_problem(db, community_id, plan.week_start, now, repair=False)
    checked = check_week(source, read_plan(db, plan))
    if checked.breaches:
        raise Conflict(
            "Things have changed since this week was planned, and it would now break a rule. Please plan it again.",
            sentences_of(db, source, checked)[:MOST_SENTENCES],
        )
    is_fresh = plan.facts_digest == source.facts_digest
    plan.state = "published"
    db.flush()
    return issue(
        db,
        Edition(
            kind=WEEK, source=source, contents=checked.contents,
            objective=plan.objective if is_fresh else checked.objective, bound=plan.bound if is_fresh else None,
            terms=dict(plan.terms) if is_fresh else checked.terms, plan_id=plan.id, run_id=plan.run_id, by=by,
        ),
        now=now,
        fence=fence,
    )  # fmt: skip


def sentences_of(db: DbSession, source: ProblemSource, checked: Checked) -> tuple[str, ...]:
    """What a week breaks, by name."""
    names = names_of(db, source.rows.community.id)
    return Sentences(names, source.document, checked.sessions).of_breaches(checked.breaches)


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
