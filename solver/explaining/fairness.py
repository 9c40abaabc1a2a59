"""How evenly a schedule treats people: how many sessions and liked sessions they have, who is left out, and why; and
whether successive weeks favour the same people.

Among equal schedules the solver's seed decides. Whoever makes a schedule every week gives each a seed of its own and
records it; `favoured` shows whether that has spread the luck.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from solver.documents.problem import ProblemDocument, Resident, Session
from solver.explaining.breaches import Breaches
from solver.explaining.ledger import Ledger
from solver.model.reading import Held, Reading
from solver.model.reasons import Reason
from solver.model.rules import RULES

FLOOR, ALMOST = 3, 4  # nobody under the one; then as few as possible under the other
_ORDER = (  # what keeps a resident out of all sessions of an activity; the later, the nearer they came
    "out_past",
    "out_closed",
    "out_pinned",
    "out_place",
    "out_loud",
    "out_busy",
    "out_clash",
    "out_company",
    "out_help",
    "out_full",
)
CAUSE_OF = {code: each.leaves_out for rule in RULES for code, each in rule.breaches.items() if each.leaves_out}


@dataclass(frozen=True)
class Spread:
    """Of some residents: `sessions[n]` is how many have n sessions, `liked[n]` how many n that they like.

    `under_floor` and `under_almost` are those with fewer than FLOOR and ALMOST sessions, `without_liked` those with
    none that they like, in the problem's order.
    """

    residents: int
    sessions: tuple[int, ...]
    liked: tuple[int, ...]
    under_floor: tuple[str, ...]
    under_almost: tuple[str, ...]
    without_liked: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(n * count for n, count in enumerate(self.sessions))

    @property
    def total_liked(self) -> int:
        return sum(n * count for n, count in enumerate(self.liked))


@dataclass(frozen=True)
class LeftOut:
    """A resident who is in no session that they like. `reasons`: their own wish ("out_wishes_none",
    "out_likes_nothing"), else one for each activity that they like, what came nearest first. `counts` is whether the
    term `left_out` takes off for them."""

    resident: str
    sessions: int
    counts: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Fairness:
    """`groups` by living group's id, `zones` by zone."""

    everybody: Spread
    groups: dict[str, Spread]
    zones: dict[str, Spread]
    left_out: tuple[LeftOut, ...]


def fairness(problem: ProblemDocument, sessions: Iterable[Session]) -> Fairness:
    """The figures of one schedule. Who wishes for no sessions at all counts too."""
    ledger = Ledger(Reading(problem, sessions))
    by_id = {row.id: row for row in problem.residents}
    zones: dict[str, list[Resident]] = {}
    for person in problem.residents:
        zones.setdefault(person.zone, []).append(person)
    everybody = _spread(ledger, problem.residents)
    breaches = Breaches(ledger) if everybody.without_liked else None
    return Fairness(
        everybody,
        {group.id: _spread(ledger, [by_id[name] for name in dict.fromkeys(group.members)]) for group in problem.groups},
        {zone: _spread(ledger, people) for zone, people in sorted(zones.items())},
        tuple(_left_out(ledger, breaches, by_id[name]) for name in everybody.without_liked if breaches),
    )


def liked_counts(problem: ProblemDocument, sessions: Iterable[Session]) -> dict[str, tuple[int, int]]:
    """By resident, how many sessions that they like, and how many sessions, they are in."""
    ledger = Ledger(Reading(problem, sessions))
    return {row.id: (_liked(ledger, row), len(ledger.week[row.id])) for row in problem.residents}


def _liked(ledger: Ledger, person: Resident) -> int:
    return sum(person.interests.get(one.activity.id, 0) > 0 for one in ledger.week[person.id])


def _spread(ledger: Ledger, people: Sequence[Resident]) -> Spread:
    sessions = {person.id: len(ledger.week[person.id]) for person in people}
    liked = {person.id: _liked(ledger, person) for person in people}
    return Spread(
        len(people),
        _histogram(sessions.values()),
        _histogram(liked.values()),
        tuple(name for name, count in sessions.items() if count < FLOOR),
        tuple(name for name, count in sessions.items() if count < ALMOST),
        tuple(name for name, count in liked.items() if count == 0),
    )


def _histogram(counts: Iterable[int]) -> tuple[int, ...]:
    found = Counter(counts)
    return tuple(found[n] for n in range(max(found, default=-1) + 1))


# ---- who is left out, and why


def _left_out(ledger: Ledger, breaches: Breaches, person: Resident) -> LeftOut:
    liked = [name for name, like in person.interests.items() if like > 0]
    counts = person.sessions.min > 0 and bool(liked)
    if person.sessions.max == 0:
        reasons = [Reason("out_wishes_none", (("resident", person.id),))]
    elif not liked:
        reasons = [Reason("out_likes_nothing", (("resident", person.id),))]
    else:
        reasons = list(kept_out(ledger, breaches, person, liked))
    return LeftOut(person.id, len(ledger.week[person.id]), counts, tuple(reasons))


def kept_out(ledger: Ledger, breaches: Breaches, person: Resident, activities: Iterable[str]) -> tuple[Reason, ...]:
    """Why they are in no session of each activity ("out_…"), what came nearest first; "out_could" where nothing forbids
    one."""
    found = [_cause(ledger, breaches, person, name) for name in activities]
    return tuple(reason for _, reason in sorted(found, key=lambda row: -row[0]))


def _cause(ledger: Ledger, breaches: Breaches, person: Resident, activity: str) -> tuple[int, Reason]:
    """Why they are in no session of the activity: of all its sessions the one that came nearest, and how near."""
    best: tuple[int, Reason] | None = None
    for one in ledger.reading.by_activity.get(activity, ()):
        causes = list(_in_the_way(breaches, person, one))
        near = min((_ORDER.index(cause) for cause in causes), default=len(_ORDER))
        code = _ORDER[near] if causes else "out_could"
        facts = (("resident", person.id), ("activity", activity), ("session", one.id))
        if best is None or near > best[0]:
            best = near, Reason(code, facts)
    return best or (-1, Reason("out_not_held", (("resident", person.id), ("activity", activity))))


def _in_the_way(breaches: Breaches, person: Resident, one: Held) -> Iterator[str]:
    for each in breaches.of(person.id, one):
        if each.reason.code in CAUSE_OF:
            yield CAUSE_OF[each.reason.code]


# ---- whether successive weeks favour the same people


@dataclass(frozen=True)
class Favoured:
    """Of residents who are in every week. `worst` are each week's worst off: those with the least, where that is fewer
    than all. `times` is in how many weeks each resident was among them, who never was left out.

    `overlap` is the mean share that two weeks' worst off have in common (of the smaller set), `by_chance` what it would
    be where luck is drawn afresh, `agreement` the mean rank correlation of two weeks (1 the same order, 0 none, -1
    reversed); None where no two weeks tell people apart.
    """

    residents: int
    worst: tuple[frozenset[str], ...]
    times: dict[str, int]
    overlap: float | None
    by_chance: float | None
    agreement: float | None

    @property
    def always_worst(self) -> frozenset[str]:
        """Those who were among the worst off in every week that has any."""
        weeks = [row for row in self.worst if row]
        return frozenset.intersection(*weeks) if weeks else frozenset()


def favoured(weeks: Sequence[Mapping[str, tuple[int, ...] | int]]) -> Favoured:
    """`weeks` say for each resident how well off they were: a number, or several of which the first counts most
    (`liked_counts`)."""
    names = [name for name in weeks[0] if all(name in week for week in weeks)] if weeks else []
    worst = [_worst(week, names) for week in weeks]
    pairs = [(a, b) for a, b in combinations(worst, 2) if a and b]
    many = len(names)
    overlaps = [len(a & b) / min(len(a), len(b)) for a, b in pairs]
    expected = [max(len(a), len(b)) / many for a, b in pairs]
    ranked = [_ranks(week, names) for week in weeks]
    agreements = [found for a, b in combinations(ranked, 2) if (found := _correlation(a, b)) is not None]
    times = Counter(name for week in worst for name in week)
    return Favoured(
        many, tuple(worst), dict(sorted(times.items())), _mean(overlaps), _mean(expected), _mean(agreements)
    )


def _worst(week: Mapping[str, tuple[int, ...] | int], names: Sequence[str]) -> frozenset[str]:
    values = {name: _value(week[name]) for name in names}
    least = min(values.values(), default=())
    found = frozenset(name for name, value in values.items() if value == least)
    return found if len(found) < len(names) else frozenset()


def _value(standing: tuple[int, ...] | int) -> tuple[int, ...]:
    return (standing,) if isinstance(standing, int) else standing


def _ranks(week: Mapping[str, tuple[int, ...] | int], names: Sequence[str]) -> list[float]:
    """Of each resident, the mean place among all of who stands equally well."""
    ordered = sorted(_value(week[name]) for name in names)
    first = {value: ordered.index(value) for value in set(ordered)}
    count = Counter(ordered)
    return [first[value] + (count[value] - 1) / 2 for value in (_value(week[name]) for name in names)]


def _correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Pearson's of the ranks, which is Spearman's; None where one of them is flat."""
    if not a:
        return None
    mean = (len(a) - 1) / 2
    above = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    below = sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)
    return above / below**0.5 if below else None


def _mean(values: Sequence[float]) -> float | None:
    return round(fmean(values), 4) if values else None
