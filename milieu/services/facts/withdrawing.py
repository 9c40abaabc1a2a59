"""An invitation that a right speaks against, gone at once from what is published, and so from every page.

Nobody is moved up, and nothing else changes: what the freed places are for, a person or the morning decides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from milieu.database import DbSession
from milieu.queries.open_weeks import open_weeks
from milieu.services.teller import Teller
from milieu.services.weeks.editions import REPAIR, Edition, issue, lock_community
from milieu.solving.answer.checking import check_week, is_open
from milieu.solving.contents import SessionContent
from milieu.solving.problem.document import make_problem


@dataclass(frozen=True)
class Right:
    """What speaks against an invitation: `is_against(resident_id, session)`, up to and including the day `until`.

    `label` says in words why a week is published anew.
    """

    is_against: Callable[[str, SessionContent], bool]
    until: date | None
    label: str


def withdraw(db: DbSession, teller: Teller, right: Right) -> int:
    """Take out of the published weeks whom a right names; how many invitations that were.

    What has begun stays as it was. A session of which nobody is left, as a visit, is gone too. Each week that changes
    is published anew, and whoever is told of changes is told of these.
    """
    weeks = weeks_not_over(db, teller)
    return sum(
        withdraw_from_week(db, teller, right, week) for week in weeks if right.until is None or week <= right.until
    )


def weeks_not_over(db: DbSession, teller: Teller) -> Sequence[date]:
    """The Mondays of the published weeks that are not over, while nobody else publishes: the community is locked."""
    return open_weeks(db, teller.community_id, lock_community(db, teller.community_id), teller.now)


def withdraw_from_week(db: DbSession, teller: Teller, right: Right, week_start: date) -> int:
    """The same of one week."""
    source = make_problem(db, teller.community_id, week_start, teller.now, repair=True)
    published = source.past.published
    if published is None:
        return 0

    def left(session: SessionContent) -> SessionContent:
        if not is_open(source.facts, session) or (right.until is not None and session.on_date > right.until):
            return session
        staying = tuple(place for place in session.places if not right.is_against(place.resident_id, session))
        return replace(session, places=staying)

    pairs = [(each, left(each)) for each in published.sessions]
    count = sum(len(before.places) - len(after.places) for before, after in pairs)
    if count:
        kept = [after for before, after in pairs if after.places or not before.places]
        checked = check_week(source, kept)
        edition = Edition(
            kind=REPAIR,
            source=source,
            contents=checked.contents,
            objective=checked.objective,
            bound=None,
            terms=checked.terms,
            by=teller.by,
            label=right.label,
        )
        issue(db, edition, now=teller.now)
    return count
