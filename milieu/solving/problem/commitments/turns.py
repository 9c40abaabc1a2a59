"""Fair turns: how long somebody has wanted in vain what more people want than it has seats for."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import fmean

from milieu.calendar.weeks import DAYS, monday_of
from milieu.queries.programme.asked import Asked
from milieu.reasons import LIKED, LOVED
from milieu.solving.problem.commitments.rest import fits, is_kept_from, may_attend
from milieu.solving.problem.rows import Rows
from solver.documents.exchange import Activity, ProblemDocument, Resident, Space

WEEKS_BACK, MONTH_BACK = 8, 3
"""How many weeks before this one are looked at, and how many of them make a month with it."""

EVEN, A_TIME, LEAST, MOST = 5, 6, 1, 10
"""How the waiting of who loves something scarce is counted: that of who was asked as often as others, what each time
more or less in a month takes off or adds, and where it ends: ten is the most that the format knows.

That it is never nothing keeps a second seat in one week behind somebody else's first.
"""

Waiting = Mapping[str, Mapping[str, int]]
"""Resident -> activity -> 1 to 10."""


@dataclass(frozen=True)
class Behind:
    """How many times less than their share somebody was asked in a month and in eight weeks; below 0: more."""

    month: float
    longer: float

    @property
    def waiting(self) -> int:
        """Of two who are alike in the month, who is behind in the weeks before waits longer."""
        return max(LEAST, min(MOST, round(EVEN + A_TIME * self.month + max(-1, min(1, self.longer)))))


@dataclass(frozen=True)
class Scarce:
    """An activity that more people like than can come to it in a week: `seats` are those of the groups that it is meant
    for, as it was held of late; `asked` is how many may be asked in a week, more where not all come.

    `behind` are those who love it, where even they are more than its seats. `waited`: of the others who like it, the
    weeks since each was asked, as far back as is looked.
    """

    activity: Activity
    seats: float
    asked: float
    behind: Mapping[str, Behind]
    waited: Mapping[str, int]

    @property
    def round_weeks(self) -> int:
        """In how many weeks everybody who likes it could be asked once."""
        return ceil((len(self.behind) + len(self.waited)) / self.asked) if self.asked else WEEKS_BACK

    @property
    def waiting(self) -> dict[str, int]:
        """How long each has waited, as the solver counts it: who only likes it waits from the end of a round on."""
        lovers = {who: each.waiting for who, each in self.behind.items()}
        over = {who: weeks - min(self.round_weeks, WEEKS_BACK) + 1 for who, weeks in self.waited.items()}
        return lovers | {who: min(MOST, weeks) for who, weeks in over.items() if weeks > 0}


def waiting_of(rows: Rows, facts: ProblemDocument) -> Waiting:
    """How long each has waited for what is scarce; for what is not nobody waits."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for each in scarce_of(rows, facts):
        for resident, amount in each.waiting.items():
            found[resident][each.activity.id] = amount
    return {resident: dict(sorted(each.items())) for resident, each in found.items()}


def scarce_of(rows: Rows, facts: ProblemDocument) -> tuple[Scarce, ...]:
    """The group activities that are scarce."""
    last = rows.week.start - timedelta(days=1)
    past = [each for each in rows.asked if rows.week.start - timedelta(weeks=WEEKS_BACK) <= each.on_date <= last]
    mondays = sorted({monday_of(each.on_date) for each in past})
    found = []
    for activity in facts.activities:
        held = [each for each in past if each.activity_id == activity.id]
        spaces = [space for space in facts.spaces if fits(activity, space)]
        could = [each for each in facts.residents if _could(each, activity, spaces)]
        lovers = [each for each in could if each.interests[activity.id] >= LOVED]
        room = max((each.capacity for each in spaces), default=0)
        times = len(held) / len(mondays) if held else activity.sessions.max
        seats = times * min(rows.activities[activity.id].max_group, room)
        if activity.max_group == 1 or activity.sessions.max == 0 or len(could) <= seats:
            continue
        count = _Count(rows, held, mondays)
        behind = count.behind(lovers) if len(lovers) > seats else {}
        waited = {each.id: count.waited(each.id) for each in could if each.id not in behind}
        found.append(Scarce(activity, seats, times * min(activity.max_group, room), behind, waited))
    return tuple(found)


def _could(resident: Resident, activity: Activity, spaces: Sequence[Space]) -> bool:
    """Whether they like it, and nothing that lasts keeps them from all of its spaces."""
    if resident.interests.get(activity.id, 0) < LIKED or not may_attend(resident, activity):
        return False
    return any(
        max(activity.noise, space.noise) <= resident.noise_max
        and not (resident.zone_locked and resident.zone != space.zone)
        and not is_kept_from(resident, space=space)
        for space in spaces
    )


class _Count:
    """Who was asked how often to one activity, week by week. Who came of late has waited for nothing before that."""

    def __init__(self, rows: Rows, held: Sequence[Asked], mondays: Sequence[date]) -> None:
        self._rows, self._mondays = rows, mondays
        self.times: dict[str, Counter[date]] = defaultdict(Counter)
        for session in held:
            for resident in session.residents:
                self.times[resident][monday_of(session.on_date)] += 1

    def behind(self, residents: Sequence[Resident]) -> dict[str, Behind]:
        """How far each is behind their share: what each had who lived here, week by week."""
        since = self._rows.week.start - timedelta(weeks=MONTH_BACK)
        month = self._less([each.id for each in residents], [week for week in self._mondays if week >= since])
        longer = self._less([each.id for each in residents], self._mondays)
        return {who: Behind(month[who], longer[who]) for who in month}

    def _less(self, residents: Sequence[str], mondays: Sequence[date]) -> dict[str, float]:
        here = {each: self._lived_here(each, mondays) for each in residents}
        less = dict.fromkeys(residents, 0.0)
        for week in mondays:
            those = [each for each in residents if week in here[each]]
            share = fmean(self.times[each][week] for each in those) if those else 0.0
            for each in those:
                less[each] += share - self.times[each][week]
        return less

    def waited(self, resident: str) -> int:
        """In how many weeks up to the last they lived here and were not asked."""
        weeks = self._lived_here(resident, self._mondays)
        asked = [week for week in weeks if self.times[resident][week]]
        return len([week for week in weeks if not asked or week > asked[-1]])

    def _lived_here(self, resident: str, mondays: Sequence[date]) -> tuple[date, ...]:
        stays = self._rows.stays[resident]
        return tuple(
            week for week in mondays if all(stays.stays_over(week + timedelta(days=day)) for day in (0, DAYS - 1))
        )
