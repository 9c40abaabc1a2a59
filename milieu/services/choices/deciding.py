"""One of the choices is published, as a repair of what was published before; the others are history."""

from datetime import datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.models import Choice, Plan, Publication
from milieu.services.choices import BEST, CHOICE, FEWEST, LEAVE
from milieu.services.weeks.editions import REPAIR, Edition, issue, lock_community
from milieu.services.weeks.objections import Held, hold
from milieu.solving.contents import read_plan
from milieu.solving.problem.known import source_of
from solver.model import check

OVERTAKEN = "This week was published anew since the choices were found. Nothing was published; please look again."
OLDER = "Something else has changed since the choices were found, and this one cannot be held any more."
LABELS = {
    LEAVE: "What cannot be held falls away; the rest stays as it was.",
    FEWEST: "Mended so that the fewest people are told otherwise.",
    BEST: "Mended for the best week as things are.",
}
MOST_SENTENCES = 12


def publish_choice(db: DbSession, community_id: str, choice_id: str, *, by: str | None, now: datetime) -> str:
    """Publish a choice; the id of the publication. Published twice, it is the same publication.

    Raises NotFound; Conflict where the week is over, where it was published anew since, or where by the facts of now
    the choice breaks a rule (`because` says which).
    """
    lock_community(db, community_id)
    choice = db.get(Choice, {"community_id": community_id, "id": choice_id})
    if choice is None:
        raise NotFound("There is no such choice.")
    plan = db.get_one(Plan, {"community_id": community_id, "id": choice.plan_id})
    if plan.state != CHOICE and (done := _published_as(db, plan)) is not None:
        return done
    source = source_of(db, community_id, plan.week_start, now, repair=True)
    published = source.past.published
    if published is None or published.publication.id != choice.publication_id:
        raise Conflict(OVERTAKEN)
    held = hold(db, source, read_plan(db, plan))
    if not can_be_held(held, choice.kind):
        raise Conflict(OLDER, held.sentences[:MOST_SENTENCES])
    plan.state = "published"
    db.flush()
    edition = Edition(
        kind=REPAIR,
        source=source,
        contents=held.checked.contents,
        objective=held.checked.objective,
        bound=None,
        terms=held.checked.terms,
        plan_id=plan.id,
        run_id=plan.run_id,
        by=by,
        label=LABELS[choice.kind],
    )
    return issue(db, edition, now=now)


def can_be_held(held: Held, kind: str) -> bool:
    """Whether a choice can be published by the facts that it was held against.

    Where what cannot be held falls away, demands and least counts may go unmet, as in every such repair; safety and
    rights never.
    """
    breaches = held.checked.breaches
    if len(held.objections) > len(breaches):  # it names somebody who does not live here then
        return False
    return all(kind == LEAVE and check.relaxation(each) is not None for each in breaches)


def _published_as(db: DbSession, plan: Plan) -> str | None:
    return db.scalar(
        select(Publication.id).where(Publication.community_id == plan.community_id, Publication.plan_id == plan.id)
    )
