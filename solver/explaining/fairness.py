"""How evenly a schedule treats people: how many sessions and liked sessions they have, and who is left out, and why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from solver.documents.problem import ProblemDocument, Resident, Session
from solver.explaining.ledger import Ledger
from solver.explaining.obstacles import Obstacles
from solver.model.reading import Held, Reading
from solver.model.reasons import Reason

FLOOR, ALMOST = 3, 4  # nobody under the one; then as few as possible under the other
_CAUSES: dict[str, tuple[str, ...]] = {  # why a resident is in no session of an activity <- what stands in the way
    "out_past": ("past_new", "past_lost"),
    "out_closed": ("only", "refuses_activity", "avoids_activity"),
    "out_pinned": ("pin_absent",),
    "out_place": ("refuses_space", "avoids_space", "refuses_facilitator", "avoids_facilitator", "zone"),
    "out_loud": ("loud", "loud_then"),
    "out_busy": ("busy",),
    "out_clash": ("resident_taken", "activity_twice", "resident_day", "resident_all"),
    "out_company": ("apart", "cohorts", "familiar"),
    "out_help": ("support", "escorts"),
    "out_full": ("seats", "wheelchairs", "group_large"),
}
_CAUSE_OF = {code: cause for cause, codes in _CAUSES.items() for code in codes}
_ORDER = list(_CAUSES)  # the later, the nearer the resident came


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
    obstacles = Obstacles(ledger) if everybody.without_liked else None
    return Fairness(
        everybody,
        {group.id: _spread(ledger, [by_id[name] for name in dict.fromkeys(group.members)]) for group in problem.groups},
        {zone: _spread(ledger, people) for zone, people in sorted(zones.items())},
        tuple(_left_out(ledger, obstacles, by_id[name]) for name in everybody.without_liked if obstacles),
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


def _left_out(ledger: Ledger, obstacles: Obstacles, person: Resident) -> LeftOut:
    liked = [name for name, like in person.interests.items() if like > 0]
    counts = person.sessions.min > 0 and bool(liked)
    if person.sessions.max == 0:
        reasons = [Reason("out_wishes_none", (("resident", person.id),))]
    elif not liked:
        reasons = [Reason("out_likes_nothing", (("resident", person.id),))]
    else:
        found = [_cause(ledger, obstacles, person, name) for name in liked]
        reasons = [reason for _, reason in sorted(found, key=lambda row: -row[0])]
    return LeftOut(person.id, len(ledger.week[person.id]), counts, tuple(reasons))


def _cause(ledger: Ledger, obstacles: Obstacles, person: Resident, activity: str) -> tuple[int, Reason]:
    """Why they are in no session of the activity: of all its sessions the one that came nearest, and how near."""
    best: tuple[int, Reason] | None = None
    for one in ledger.reading.by_activity.get(activity, ()):
        causes = list(_in_the_way(obstacles, person, one))
        near = min((_ORDER.index(cause) for cause in causes), default=len(_ORDER))
        code = _ORDER[near] if causes else "out_could"
        facts = (("resident", person.id), ("activity", activity), ("session", one.id))
        if best is None or near > best[0]:
            best = near, Reason(code, facts)
    return best or (-1, Reason("out_not_held", (("resident", person.id), ("activity", activity))))


def _in_the_way(obstacles: Obstacles, person: Resident, one: Held) -> Iterator[str]:
    for each in obstacles.of(person.id, one):
        if each.reason.code in _CAUSE_OF:
            yield _CAUSE_OF[each.reason.code]
