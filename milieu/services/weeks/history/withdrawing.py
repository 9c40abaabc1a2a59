"""A published week withdrawn, and published again: both are publications, numbered and kept like every other.

What had begun by then stays as it was. For all that was to come nothing is published any more: pages say so, calendars
cancel it, and the clock leaves the week alone until a person publishes it again.
"""

from dataclasses import dataclass
from datetime import date, datetime

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.models import Publication
from milieu.models.weeks.publications import WITHDRAWN
from milieu.queries.published.weeks import find_withdrawal
from milieu.services.teller import Teller
from milieu.services.weeks.changes import Changes
from milieu.services.weeks.editions import WEEK, Edition, changes_of, issue, lock_community
from milieu.services.weeks.objections import hold
from milieu.services.weeks.publishing import MOST_REASON
from milieu.solving.answer.checking import is_open
from milieu.solving.contents import SessionContent, read_publication
from milieu.solving.problem.document import ProblemSource
from milieu.solving.problem.known import source_of

NOTHING_OUT = "Nothing is published for this week that could be withdrawn."
NOTHING_TO_COME = "All of this week has begun; there is nothing left to withdraw."
NOT_WITHDRAWN = "This week is not withdrawn; there is nothing to publish again."
NO_LONGER_FITS = "Things have changed since it was withdrawn: as it was, it would break a rule by now."


@dataclass(frozen=True)
class Withdrawn:
    """What withdrawing a week comes to: what falls away and for whom, and how many sessions stay, having begun."""

    changes: Changes
    sessions: int
    stay: int


def look_at_withdrawing(db: DbSession, community_id: str, week_start: date, now: datetime) -> Withdrawn:
    """What would fall away. Raises NotFound; Conflict where the week is over, or nothing of it is still to come."""
    source = source_of(db, community_id, week_start, now, repair=True)
    kept = _begun(source)
    changes = changes_of(source.facts, kept)
    return Withdrawn(changes, sum(each.kind == "cancelled" for each in changes.sessions), len(kept))


def withdraw(db: DbSession, teller: Teller, week_start: date, reason: str) -> str:
    """Take a published week back from now on, and say why; the id of the publication that does.

    Raises NotFound; Invalid where no reason is given; Conflict where the week is over, or nothing of it is to come.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > MOST_REASON:
        raise Invalid("Please say in a sentence why the week is withdrawn.", at="reason")
    lock_community(db, teller.community_id)
    source = source_of(db, teller.community_id, week_start, teller.now, repair=True)
    kept = _begun(source)
    edition = Edition(WITHDRAWN, source, kept, None, None, {}, by=teller.by, reason=reason)
    return issue(db, edition, now=teller.now)


def publish_again(db: DbSession, teller: Teller, week_start: date) -> str:
    """Publish a withdrawn week as it was before; the id of the publication.

    Raises NotFound; Conflict where it is not withdrawn, is over, or would break a rule by now (`because` says which).
    """
    lock_community(db, teller.community_id)
    if find_withdrawal(db, teller.community_id, week_start) is None:
        raise Conflict(NOT_WITHDRAWN)
    source = source_of(db, teller.community_id, week_start, teller.now, repair=True)
    contents = contents_before(db, source)
    held = hold(db, source, contents)
    if held.objections:
        raise Conflict(NO_LONGER_FITS, held.sentences)
    checked = held.checked
    edition = Edition(WEEK, source, checked.contents, checked.objective, None, checked.terms, by=teller.by)
    return issue(db, edition, now=teller.now)


def contents_before(db: DbSession, source: ProblemSource) -> tuple[SessionContent, ...]:
    """A withdrawn week as it was before, without what has begun since: that was not held under it.

    Raises Conflict where the week is not withdrawn.
    """
    community_id = source.rows.community.id
    found = find_withdrawal(db, community_id, source.week.start)
    if found is None or source.past.published is None:
        raise Conflict(NOT_WITHDRAWN)
    before = db.get_one(Publication, {"community_id": community_id, "id": found.previous_id})
    begun = source.past.published.sessions
    known = {each.ref for each in begun}
    to_come = [each for each in read_publication(db, before).sessions if is_open(source.facts, each)]
    return (*begun, *(each for each in to_come if each.ref not in known))


def _begun(source: ProblemSource) -> tuple[SessionContent, ...]:
    """Of the published week what has begun. Raises Conflict where it is over, or nothing of it is to come."""
    published = source.past.published
    if published is None or published.publication.kind == WITHDRAWN:
        raise Conflict(NOTHING_OUT)
    kept = tuple(each for each in published.sessions if not is_open(source.facts, each))
    if len(kept) == len(published.sessions):
        raise Conflict(NOTHING_TO_COME)
    return kept
