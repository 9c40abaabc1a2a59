"""How far the clock goes by itself: above what the community lets it tell, a person is asked, and only rights hold.

Who left, said no or is kept from something is out of it all the same, in the same unit of work.
"""

from collections.abc import Iterator
from datetime import date

from milieu.causes import APART, LEFT, LIMIT, REFUSAL
from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.models import CommunitySettings
from milieu.queries.settings import settings_of
from milieu.services.facts.withdrawing import Right, weeks_not_over, withdraw_from_week
from milieu.services.journal import write_down
from milieu.services.teller import Teller
from milieu.services.weeks.editions import lock_community
from milieu.services.weeks.objections import Objection, hold
from milieu.solving.contents import SessionContent
from milieu.solving.problem.known import source_of

MOST = 999
_RIGHTS = (LEFT, REFUSAL, LIMIT, APART)


def told_at_most(db: DbSession, community_id: str) -> int | None:
    """How many people the clock may tell otherwise without asking; None: as many as it takes."""
    return settings_of(db, community_id).told_at_most


def limit_clock(db: DbSession, teller: Teller, most: int | None) -> None:
    """Let the clock tell at most so many, None: as many as it takes. Raises Invalid."""
    if most is not None and not 0 <= most <= MOST:
        raise Invalid(f"Please write a number from 0 to {MOST}, or nothing.", at="most")
    lock_community(db, teller.community_id)
    settings = db.get_one(CommunitySettings, teller.community_id)
    if settings.told_at_most == most:
        return
    before, settings.told_at_most = {"told_at_most": settings.told_at_most}, most
    db.flush()
    write_down(
        db,
        teller,
        "set",
        "settings",
        teller.community_id,
        before=before,
        after={"told_at_most": most},
    )


def withdraw_rights(db: DbSession, teller: Teller, week_start: date) -> int:
    """Take out of a published week whom a right speaks against by now; how many invitations that were."""
    source = source_of(db, teller.community_id, week_start, teller.now, repair=True)
    published = source.past.published
    if published is None:
        return 0
    held = hold(db, source, published.sessions)
    against = {place for each in held.objections for place in _against(each)}

    def is_against(resident: str, session: SessionContent) -> bool:
        return (resident, session.ref) in against

    return withdraw_from_week(db, teller, Right(is_against, None, "Rights hold at once."), week_start)


def withdraw_rights_everywhere(db: DbSession, teller: Teller) -> int:
    """The same of every published week that is not over: after lists, which tell many noes and leavings at once."""
    return sum(withdraw_rights(db, teller, week) for week in weeks_not_over(db, teller))


def _against(objection: Objection) -> Iterator[tuple[str, str]]:
    """(resident, ref) of each place that an objection by right is about; of two kept apart the second's."""
    for cause in objection.causes:
        if cause.kind in _RIGHTS:
            yield from ((cause.people[-1], ref) for ref in objection.refs)
