"""How many of those asked to an activity come, and how many to ask so that no more come than it is meant for.

Nothing here is about a person: what is counted are the answers to an activity's invitations, whoever they went to.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, lgamma, sqrt

from sqlalchemy import Select, Subquery, case, exists, func, select
from sqlalchemy.orm import aliased

from milieu.database import DbSession
from milieu.models import Activity, Attendance, CommunitySettings, PublishedSession, SessionHeld, Space
from milieu.models.validity import is_there

RISK = 0.05
"""One time in twenty more may come than the group is meant for; the room holds them even then."""
OWN_WEIGHT, MOST_WEIGHT = 20, 200
"""So many invitations of its own weigh as much for an activity as what is known of all of them: the fewest, where it is
not known yet how alike activities are, and the most, where they are as alike as chance lets them be (`weight_of_all`).
"""
FIRST_WEIGHT = 40
"""So many invitations weigh as much for a community as what it expected before it knew."""
LOOKED_BACK, SETTLED = timedelta(weeks=8), timedelta(weeks=1)
"""Which days count for a week: from the first to the second before its Monday.

What was marked then is settled by the time people plan, and stays the same while the week is planned, published and
repaired, so that no mark of the day changes how large a group may be.
"""
_NOT_ANSWERS = ("not invited", "not held")


@dataclass(frozen=True)
class Turnout:
    """Of `asked` invitations to an activity `came` were taken up; `mean` is the community's share, above 0 to 1.

    `weight`: the mean counts for as much as so many invitations of the activity's own.
    """

    asked: int
    came: int
    mean: float
    weight: float = OWN_WEIGHT

    @property
    def share(self) -> float:
        """The share of those asked who are expected to come: its own, shrunk towards the community's."""
        return (self.came + self.weight * self.mean) / (self.asked + self.weight)

    def most_to_ask(self, size: int, limit: int) -> int:
        """The most, up to `limit`, with which in 19 of 20 times no more than `size` come; never below either.

        How many come of n is beta-binomial. Asking one more adds the chance that exactly `size` of the others come,
        times the chance that the new one does too, given that.
        """
        weight = self.asked + self.weight
        yes, no = self.share * weight, (1 - self.share) * weight
        asked, risk = size, 0.0
        while asked < limit and no > 0:
            risk += _chance(size, asked, yes, no) * (yes + size) / (weight + asked)
            if risk > RISK:
                break
            asked += 1
        return asked


@dataclass(frozen=True)
class Asking:
    """How many may be asked to a session of an activity at most, which is meant for `size`.

    `is_exact`: for as many as it is meant for, because somebody said so of it (`is_booked`) or of the whole community,
    or because it is a visit. `seats` is what the largest space that it can be held in holds.
    """

    activity_id: str
    size: int
    seats: int
    turnout: Turnout
    is_booked: bool
    is_exact: bool

    @property
    def most(self) -> int:
        """The largest group to ask, whatever the space."""
        return self.size if self.is_exact else self.turnout.most_to_ask(self.size, self.seats)

    @property
    def share(self) -> float:
        """The share of those asked who are expected to come; all of them where nobody more is asked."""
        return 1.0 if self.is_exact else self.turnout.share


def asking_of(db: DbSession, community_id: str, week_start: date, *, today: date) -> dict[str, Asking]:
    """How many may be asked to each activity in a week, by its id. Three queries."""
    activities = db.execute(
        select(
            Activity.id,
            Activity.max_group,
            Activity.needs_features,
            Activity.is_booked,
            CommunitySettings.asks_more,
            CommunitySettings.expected_turnout,
        )
        .outerjoin(CommunitySettings, CommunitySettings.community_id == Activity.community_id)
        .where(Activity.community_id == community_id)
    ).all()
    if not activities:
        return {}
    asks_more = activities[0].asks_more is not False
    expected = (activities[0].expected_turnout or 100) / 100
    asked, came = _answers(db, community_id, week_start - LOOKED_BACK, min(week_start - SETTLED, today))
    mean = (sum(came.values()) + FIRST_WEIGHT * expected) / (sum(asked.values()) + FIRST_WEIGHT)
    weight = weight_of_all(asked, came)
    spaces = db.execute(
        select(Space.capacity, Space.features).where(Space.community_id == community_id, is_there(Space, week_start))
    ).all()
    return {
        row.id: Asking(
            row.id,
            row.max_group,
            _most_seats(row.needs_features, [(space.features, space.capacity) for space in spaces]),
            Turnout(asked[row.id], came[row.id], mean, weight),
            row.is_booked,
            is_exact=row.is_booked or row.max_group == 1 or not asks_more,
        )
        for row in activities
    }


def weight_of_all(asked: Mapping[str, int], came: Mapping[str, int]) -> float:
    """For as many invitations of an activity's own counts what is known of all, from how alike their shares are.

    What shares differ by beyond chance, by the method of moments for the beta-binomial; as if it were two standard
    deviations more, so that few invitations never make activities look alike.
    """
    counts = [(each, came[key]) for key, each in sorted(asked.items()) if each]  # in one order: sums of floats differ
    total = sum(each for each, _ in counts)
    mean = sum(came.values()) / total if total else 0.0
    free = len(counts) - 1
    room = total - sum(each * each for each, _ in counts) / total - free if total else 0.0
    if free < 1 or room <= 0 or not 0 < mean < 1:
        return OWN_WEIGHT
    differs = sum(each * (yes / each - mean) ** 2 for each, yes in counts) / (mean * (1 - mean))
    beyond = (max(differs - free, 0) + 2 * sqrt(2 * free)) / room
    return max(OWN_WEIGHT, min(MOST_WEIGHT, 1 / beyond - 1))


def _most_seats(needed: Collection[str], spaces: Collection[tuple[Collection[str], int]]) -> int:
    """The seats of the largest space that has what is needed; 0 where none has."""
    return max((seats for features, seats in spaces if set(needed) <= set(features)), default=0)


def _answers(db: DbSession, community_id: str, first: date, until: date) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """By activity, how many were asked to the sessions held from `first` to before `until`, and how many came."""
    newest = func.row_number().over(
        partition_by=(Attendance.session_ref, Attendance.resident_id),
        order_by=(Attendance.tapped_at.desc(), Attendance.number.desc()),
    )
    back = select(Attendance.session_ref, Attendance.resident_id, Attendance.takes_back).where(
        Attendance.community_id == community_id, Attendance.takes_back.is_not(None)
    )
    gone = back.subquery()
    taps = (
        select(Attendance.session_ref, Attendance.outcome, Attendance.was_invited, newest.label("place"))
        .outerjoin(
            gone,
            (gone.c.session_ref == Attendance.session_ref)
            & (gone.c.resident_id == Attendance.resident_id)
            & (gone.c.takes_back == Attendance.number),
        )
        .where(
            Attendance.community_id == community_id,
            Attendance.on_date >= first,
            Attendance.on_date < until,
            Attendance.takes_back.is_(None),
            gone.c.takes_back.is_(None),
        )
        .subquery()
    )
    by_session = (
        select(
            taps.c.session_ref,
            func.count().label("asked"),
            func.sum(case((taps.c.outcome == "attended", 1), else_=0)).label("came"),
        )
        .where(
            taps.c.place == 1,
            taps.c.was_invited,
            taps.c.outcome.not_in(_NOT_ANSWERS),
            taps.c.session_ref.not_in(_not_held(community_id)),
        )
        .group_by(taps.c.session_ref)
        .subquery()
    )
    activity = _activities(community_id, first, until)
    rows = db.execute(
        select(activity.c.activity_id, by_session.c.asked, by_session.c.came).join(
            by_session, by_session.c.session_ref == activity.c.ref
        )
    )
    asked, came = Counter[str](), Counter[str]()
    for row in rows:
        asked[row.activity_id] += row.asked
        came[row.activity_id] += row.came
    return asked, came


def _activities(community_id: str, first: date, until: date) -> Subquery:
    """The activity of each session that was published for these days.

    It is joined to the sums of sessions, not to all answers: SQLite goes through what it joins once for each row.
    """
    return (
        select(PublishedSession.ref, PublishedSession.activity_id)
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.on_date >= first,
            PublishedSession.on_date < until,
        )
        .distinct()
        .subquery()
    )


def _not_held(community_id: str) -> Select[str]:
    """The sessions of which was said last that they were not held."""
    later = aliased(SessionHeld)
    is_last = ~exists().where(
        later.community_id == SessionHeld.community_id,
        later.session_ref == SessionHeld.session_ref,
        later.number > SessionHeld.number,
    )
    return select(SessionHeld.session_ref).where(
        SessionHeld.community_id == community_id, SessionHeld.was_held.is_(False), is_last
    )


def _chance(came: int, asked: int, yes: float, no: float) -> float:
    """The chance that exactly so many of those asked come, beta-binomial with parameters `yes` and `no`."""
    ways = lgamma(asked + 1) - lgamma(came + 1) - lgamma(asked - came + 1)
    held = lgamma(came + yes) + lgamma(asked - came + no) - lgamma(asked + yes + no)
    return exp(ways + held - lgamma(yes) - lgamma(no) + lgamma(yes + no))
