"""Fair turns: how long somebody has wanted in vain what more people want than it has seats for."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from milieu.calendar.weeks import DAYS, monday_of
from milieu.queries.programme.asked import Asked
from milieu.reasons import LIKED, LOVED
from milieu.solving.problem.commitments.rest import fits, is_kept_from, may_attend
from milieu.solving.problem.rows import Rows
from solver.documents.exchange import Activity, ProblemDocument, Resident, Space

WEEKS_BACK, MONTH_BACK = 8, 3
"""How many weeks before this one are looked at, and how many of them make a month with it."""

EVEN, A_TIME, BEHIND, LEAST, MOST = 3, 2, 1, 1, 10
"""How the waiting of who loves something scarce is counted: that of who may be asked or not, so that all are asked
equally often, what each time below or above that adds or takes off, what being behind in the weeks before adds, and
where it ends: ten is the most that the format knows.

So three times below even is told from two, and two from one: those whom one small group is all that they can go to are
far below the others, and among them it is whose turn it is that counts. That it is never nothing keeps a second seat in
one week behind somebody else's first.
"""

LONG = EVEN + A_TIME + BEHIND
"""From here on somebody has waited long: the habit of a time gives way that keeps them from it."""

BEFORE = Fraction(3, 4)
"""Who is behind by so much of a turn in the eight weeks comes before who is alike in the month."""

NEARLY = 0.75
"""Where those who love something are more than this share of its seats, it is their turns that count: a session or two
called off in a month, and it is scarce among them. Else some came twice a week meanwhile, while others were not asked.
"""

Waiting = Mapping[str, Mapping[str, int]]
"""Resident -> activity -> 1 to 10."""


@dataclass(frozen=True)
class Behind:
    """How many times less than their share somebody was asked in a month and in eight weeks; below 0: more.

    `below_even`: how many times below what is even in the month with the week to come. At 0 is who will have been asked
    as often as others, or once less, whether they are asked this week or not; so who is below has to be asked, and who
    is above must not be, for all to be asked equally often.
    """

    month: Fraction
    longer: Fraction
    below_even: int

    @property
    def waiting(self) -> int:
        """Of two who are alike in the month, who is behind in the weeks before waits longer."""
        before = BEHIND if self.longer >= BEFORE else 0
        return max(LEAST, min(MOST, EVEN + A_TIME * self.below_even + before))


@dataclass(frozen=True)
class Scarce:
    """An activity that more people like than can come to it in a week: `seats` are those of the groups that it is meant
    for, as it was held of late; `asked` is how many may be asked in a week, more where not all come.

    `behind` are those who love it, where even they are more than its seats, or nearly. `waited`: of the others who like
    it, the weeks since each was asked, as far back as is looked.
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
        """How long each has waited, as the solver counts it: who only likes it waits from the end of a round on, two
        weeks for a time of who loves it.
        """
        lovers = {who: each.waiting for who, each in self.behind.items()}
        over = {who: weeks - min(self.round_weeks, WEEKS_BACK) + 1 for who, weeks in self.waited.items()}
        return lovers | {who: min(MOST, ceil(weeks / A_TIME)) for who, weeks in over.items() if weeks > 0}


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
    lived = _Lived(rows)
    for activity in facts.activities:
        if activity.max_group == 1 or activity.sessions.max == 0:
            continue
        held = [each for each in past if each.activity_id == activity.id]
        spaces = [space for space in facts.spaces if fits(activity, space)]
        could = [each for each in facts.residents if _could(each, activity, spaces)]
        lovers = [each for each in could if each.interests[activity.id] >= LOVED]
        room = max((each.capacity for each in spaces), default=0)
        times = len(held) / len(mondays) if held else activity.sessions.max
        seats = times * min(rows.activities[activity.id].max_group, room)
        if len(could) <= seats:
            continue
        count = _Count(lived, held, mondays)
        behind = count.behind(lovers) if len(lovers) > NEARLY * seats else {}
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


def _below_even(asked: int, share: Fraction, weeks: int) -> int:
    """How many times somebody was asked below what is even, whose share of so many weeks goes on for one more."""
    if not share:
        return 0
    return ceil(share + share / weeks) - 1 - asked


class _Count:
    """Who was asked how often to one activity, week by week. Who came of late has waited for nothing before that."""

    def __init__(self, lived: "_Lived", held: Sequence[Asked], mondays: Sequence[date]) -> None:
        self._lived, self._mondays = lived, mondays
        self.times: dict[str, Counter[date]] = defaultdict(Counter)
        for session in held:
            for resident in session.residents:
                self.times[resident][monday_of(session.on_date)] += 1

    def behind(self, residents: Sequence[Resident]) -> dict[str, Behind]:
        """How far each is behind, by what each had who lived here, week by week."""
        since = self._lived.rows.week.start - timedelta(weeks=MONTH_BACK)
        names = [each.id for each in residents]
        lately, ever = (
            {who: self._lived_here(who, mondays) for who in names}
            for mondays in ([week for week in self._mondays if week >= since], self._mondays)
        )
        shares, longer = self._shares(lately), self._shares(ever)
        found = {}
        for who in names:
            asked, share = self._asked(who, lately), shares[who]
            below = _below_even(asked, share, len(lately[who]))
            found[who] = Behind(share - asked, longer[who] - self._asked(who, ever), below)
        return found

    def _asked(self, resident: str, weeks: Mapping[str, Sequence[date]]) -> int:
        return sum(self.times[resident][week] for week in weeks[resident])

    def _shares(self, weeks: Mapping[str, Sequence[date]]) -> dict[str, Fraction]:
        """How often each would have been asked in their weeks, had all who lived here then been asked equally often."""
        means: dict[date, Fraction] = {}
        for week in {each for mine in weeks.values() for each in mine}:
            those = [who for who, mine in weeks.items() if week in mine]
            means[week] = Fraction(sum(self.times[who][week] for who in those), len(those))
        return {who: sum((means[week] for week in mine), Fraction()) for who, mine in weeks.items()}

    def waited(self, resident: str) -> int:
        """In how many weeks up to the last they lived here and were not asked."""
        weeks = self._lived_here(resident, self._mondays)
        asked = [week for week in weeks if self.times[resident][week]]
        return len([week for week in weeks if not asked or week > asked[-1]])

    def _lived_here(self, resident: str, mondays: Sequence[date]) -> tuple[date, ...]:
        return tuple(week for week in mondays if self._lived.all_week(resident, week))


class _Lived:
    """Who lived here in which weeks, asked of the stays once."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._known: dict[tuple[str, date], bool] = {}

    def all_week(self, resident: str, monday: date) -> bool:
        """Whether they lived here from the Monday of a week to its Sunday."""
        if (resident, monday) not in self._known:
            stays = self.rows.stays[resident]
            self._known[resident, monday] = stays.stays_over(monday) and stays.stays_over(
                monday + timedelta(days=DAYS - 1)
            )
        return self._known[resident, monday]
