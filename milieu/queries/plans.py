"""Whether a draft still speaks of the world as it is."""

from dataclasses import dataclass
from datetime import datetime

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Plan
from milieu.queries.names import names_of
from milieu.solving.checking import check_week
from milieu.solving.contents import read_plan
from milieu.solving.document import make_problem
from milieu.solving.sentences import Sentences


@dataclass(frozen=True)
class PlanFreshness:
    """`has_changed`: facts have changed since `facts_at`. `because`: what the draft would break now, in sentences.

    A changed draft that breaks nothing can still be published.
    """

    facts_at: datetime
    has_changed: bool
    because: tuple[str, ...]

    @property
    def can_be_published(self) -> bool:
        """Whether it keeps every rule as things are now."""
        return not self.because


def plan_freshness(db: DbSession, community_id: str, plan_id: str, now: datetime) -> PlanFreshness:
    """How a draft stands to the facts as they are now.

    Raises NotFound; Conflict where its week is over.
    """
    plan = db.get(Plan, {"community_id": community_id, "id": plan_id})
    if plan is None:
        raise NotFound("There is no such plan.")
    source = make_problem(db, community_id, plan.week_start, now, repair=False)
    checked = check_week(source, read_plan(db, plan))
    words = Sentences(names_of(db, community_id), source.document, checked.sessions) if checked.breaches else None
    because = words.of_breaches(checked.breaches) if words else ()
    return PlanFreshness(plan.facts_at, plan.facts_digest != source.facts_digest, because)
