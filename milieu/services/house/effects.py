"""What an edit does to the weeks that people were told: what stands against them once it holds, and did not before.

Asked inside the unit of work that changes something, `standing` tells what is so once it holds; asked outside, what is
so without it. Nothing is solved: each published week is read against the rules once for each state of things, in a
fraction of a second, and what the week's own page has read before is known.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.causes import APART, BUSY, HANDS, LIMIT, OUTBREAK, REFUSAL, RULE, SPACE, STAFF, WEATHER
from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.models import Community
from milieu.queries.open_weeks import open_weeks
from milieu.services.weeks.objections import Objection
from milieu.services.weeks.publishing import stands_against

PLACE, LEADER, PEOPLE, TIME, OFFER, OTHER = "place", "leader", "people", "time", "offer", "other"
"""What a session needs: another space, somebody else to lead, other people, another time, to be offered at all; or
something else."""

_BY_CAUSE = {
    SPACE: PLACE,
    WEATHER: PLACE,
    STAFF: LEADER,
    BUSY: PEOPLE,
    HANDS: PEOPLE,
    REFUSAL: PEOPLE,
    LIMIT: PEOPLE,
    APART: PEOPLE,
    OUTBREAK: PEOPLE,
}
BY_RULE = {
    "features": PLACE,
    "seats": PLACE,
    "wheelchairs": PLACE,
    "shared_space": PLACE,
    "space_taken": PLACE,
    "bleed": PLACE,
    "zone": PLACE,
    "team_size": LEADER,
    "skills": LEADER,
    "facilitator_taken": LEADER,
    "facilitator_day": LEADER,
    "support": LEADER,
    "familiar": LEADER,
    "group_small": PEOPLE,
    "group_large": PEOPLE,
    "only": PEOPLE,
    "no_wish": PEOPLE,
    "too_soon": PEOPLE,
    "loud": PEOPLE,
    "loud_then": PEOPLE,
    "escorts": PEOPLE,
    "outside_windows": TIME,
    "resident_taken": TIME,
    "off_grid": TIME,
    "not_open": TIME,
    "outside_horizon": TIME,
    "not_available": LEADER,
    **dict.fromkeys(("activity_twice", "resident_day", "resident_all", "busy", "apart", "cohorts"), PEOPLE),
    **dict.fromkeys(("refuses_activity", "refuses_space", "refuses_facilitator"), PEOPLE),
    **dict.fromkeys(("avoids_activity", "avoids_space", "avoids_facilitator"), PEOPLE),
    **dict.fromkeys(("past_lost", "past_new", "too_few", "too_many", "twice_a_day", "required"), OTHER),
    **dict.fromkeys(("pin_absent", "pin_attend", "pin_changed", "pin_missing"), OTHER),
}
_BY_CODE = {**BY_RULE, "unknown": OFFER}  # of a document's form, not of a rule


@dataclass(frozen=True)
class Standing:
    """One thing that stands against a published week. `needs` is of the words above, `said` the whole sentence.

    `refs` are the sessions, `on_date` the day of the first of them, None where it is about the week. Where it names
    no session, `excess` of them are too many.
    """

    week_start: date
    needs: str
    on_date: date | None
    refs: frozenset[str]
    said: str
    people: frozenset[str]
    excess: int = 1


@dataclass(frozen=True)
class Needs:
    """So many sessions of one day need the same."""

    needs: str
    on_date: date | None
    sessions: int


class Touched(Conflict):
    """Something would come to stand against published weeks; `standing` is all that does once the edit holds, `new`
    what did not before.
    """

    def __init__(self, standing: Sequence[Standing], new: Sequence[Standing]) -> None:
        super().__init__("This changes what people were told.", [each.said for each in new])
        self.standing, self.new = tuple(standing), tuple(new)

    @property
    def seal(self) -> str:
        """By what a form says that this was read."""
        return seal_of(self.standing)


def standing(db: DbSession, community_id: str, now: datetime) -> tuple[Standing, ...]:
    """What stands against the published weeks that are not over. Raises NotFound."""
    timezone = db.scalar(select(Community.timezone).where(Community.id == community_id))
    if timezone is None:
        raise NotFound("There is no such community.")
    weeks = open_weeks(db, community_id, timezone, now)
    return tuple(each for week in weeks for each in _of_week(db, community_id, week, now))


def check(
    db: DbSession, community_id: str, now: datetime, *, before: Callable[[], Iterable[Standing]], read: str = ""
) -> None:
    """Raises Touched where something stands against published weeks now that did not `before`, unless `read` is the
    seal of just what does now.
    """
    found = standing(db, community_id, now)
    if not found or seal_of(found) == read:
        return
    if new := news(found, before()):
        raise Touched(found, new)


def news(after: Iterable[Standing], before: Iterable[Standing]) -> tuple[Standing, ...]:
    """What stands against the weeks that did not before."""
    known = {(each.week_start, each.refs, each.said) for each in before}
    return tuple(each for each in after if (each.week_start, each.refs, each.said) not in known)


def counted(found: Iterable[Standing]) -> tuple[Needs, ...]:
    """How many sessions of each day need what, in the order of days."""
    sessions: dict[tuple[date | None, str], dict[str, int]] = {}
    for each in found:
        counts = dict.fromkeys(each.refs, 1) if each.refs else {each.said: each.excess}
        sessions.setdefault((each.on_date, each.needs), {}).update(counts)
    days = sorted(sessions, key=lambda key: (key[0] or date.max, key[1]))
    return tuple(Needs(needs, day, sum(sessions[day, needs].values())) for day, needs in days)


def seal_of(found: Iterable[Standing]) -> str:
    """The same for the same."""
    text = "\n".join(sorted(f"{each.week_start} {' '.join(sorted(each.refs))} {each.said}" for each in found))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _of_week(db: DbSession, community_id: str, week_start: date, now: datetime) -> Iterable[Standing]:
    against = stands_against(db, community_id, week_start, now)
    if against is None:
        return
    for each in against.objections:
        on = min((against.days[ref] for ref in each.refs if ref in against.days), default=each.on_date)
        people = frozenset(who for cause in each.causes for who in cause.people)
        yield Standing(week_start, _needs(each), on, each.refs, each.said, people, each.excess)


def _needs(objection: Objection) -> str:
    found = (
        _BY_CODE.get(cause.detail, OTHER) if cause.kind == RULE else _BY_CAUSE.get(cause.kind, OTHER)
        for cause in objection.causes
    )
    return next((each for each in found if each != OTHER), OTHER)
