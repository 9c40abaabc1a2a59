"""Which demands cannot hold together: proved, confirmed once without presolve, and as few as can be.

Only least counts (R6), required attendances (R14) and pins (R18) demand anything; without them the empty programme is a
schedule. What no demand asks for never helps a demand to be met, so a proof looks at the demanded activities alone.
Those that a director can lift most easily are blamed first: pins, least counts, required attendances.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from solver.documents import PinnedSession, SessionPin
from solver.model import build_model, possible_slots, solve_model
from solver.problem import Problem
from solver.search.packing import Pools, most_sessions
from solver.variables import Conflict, Demand, Slot

MOST_LITERALS = 400_000


def all_demands(problem: Problem) -> list[Demand]:
    """Every demand, those first that are to be kept most: required attendances, least counts, pins."""
    document = problem.document
    rows = [
        Demand("R14", (r, problem.activity_number[name]))
        for r, person in enumerate(document.residents)
        for name, least in person.required.items()
        if least > 0
    ]
    rows += [Demand("R6", (a,)) for a, activity in enumerate(document.activities) if activity.sessions.min > 0]
    rows += [Demand("R18", (k,)) for k in range(len(document.pins))]
    return rows


def find_conflict(problem: Problem, pools: Pools, deadline: float, suspects: Sequence[Demand] = ()) -> Conflict | None:
    """A proved conflict, or None where none is proved by the deadline (`time.monotonic()`).

    `suspects` are demands that a search could not meet: they are looked at first.
    """
    reader = _Prover(problem, pools, deadline)
    for demand in suspects or all_demands(problem):
        if time.monotonic() > deadline:
            return None
        if reader.is_hopeless(demand) and reader.clash([demand]):
            return Conflict((demand,), True)
    for demands in _growing(problem, suspects):
        if time.monotonic() > deadline:
            return None
        if reader.clash(demands):
            return reader.shrink(demands)
    return None


def _growing(problem: Problem, suspects: Sequence[Demand]) -> list[list[Demand]]:
    """Ever larger sets of demands around the suspects, the last with all."""
    everything = all_demands(problem)
    near = list(dict.fromkeys(suspects))[:12]
    activities = {a for demand in near for a in activities_of(problem, demand)}
    days = {day for demand in near for day in _days_of(problem, demand)}
    sessions = {_session_of(problem, demand) for demand in near if demand.rule == "R18"}
    same = [d for d in everything if d.rule == "R18" and _session_of(problem, d) in sessions]
    wider = [d for d in everything if d in near or activities & set(activities_of(problem, d))]
    pins = [d for d in everything if d in near or (d.rule == "R18" and days & set(_days_of(problem, d)))]
    rows = [same, *([demand] for demand in near), near, wider, pins, everything]
    return [[demand for demand in everything if demand in row] for row in rows if row]


def activities_of(problem: Problem, demand: Demand) -> list[int]:
    """The activities whose sessions a demand speaks of."""
    if demand.rule == "R6":
        return [demand.names[0]]
    if demand.rule == "R14":
        return [demand.names[1]]
    pin = problem.document.pins[demand.names[0]]
    if isinstance(pin, SessionPin):
        return [problem.activity_number[pin.session.activity]]
    identity = problem.identity_number.get(pin.session)
    found = problem.identities[identity].activity if identity is not None else -1
    return [found] if found >= 0 else []


def _session_of(problem: Problem, demand: Demand) -> str:
    """The session that a pin speaks of."""
    pin = problem.document.pins[demand.names[0]]
    return pin.session.id if isinstance(pin, SessionPin) else pin.session


def _days_of(problem: Problem, demand: Demand) -> list[int]:
    if demand.rule != "R18":
        return []
    pin = problem.document.pins[demand.names[0]]
    return [pin.session.day] if isinstance(pin.session, PinnedSession) else []


@dataclass
class _Prover:
    problem: Problem
    pools: Pools
    deadline: float
    known: dict[frozenset[Demand], bool] = field(default_factory=dict)

    def is_hopeless(self, demand: Demand) -> bool:
        """A cheap look at whether one demand alone may be impossible: nothing is proved by it."""
        problem = self.problem
        if demand.rule == "R18" and demand.names[0] in problem.contradictions:
            return True
        return any(most_sessions(problem, a) <= 8 for a in activities_of(problem, demand)) or demand.rule == "R14"

    def clash(self, demands: Collection[Demand]) -> bool:
        """Whether these demands are proved, and confirmed, to clash. What the time cut short counts as no."""
        asked = frozenset(demands)
        if asked not in self.known:
            self.known[asked] = self._prove(demands)
        return self.known[asked]

    def _prove(self, demands: Collection[Demand]) -> bool:
        if any(d.rule == "R18" and d.names[0] in self.problem.contradictions for d in demands):
            return True
        slots = self._slots(demands)
        if sum(len(slot.options) + len(slot.people) * max(1, len(slot.options) // 8) for slot in slots) > MOST_LITERALS:
            return False
        for has_presolve in (True, False):
            seconds = self.deadline - time.monotonic()
            if seconds <= 0:
                return False
            fresh = [
                replace(slot, options=dict(slot.options), team=dict(slot.team), people=dict(slot.people))
                for slot in slots
            ]
            model = build_model(self.problem, fresh, [], demands, has_score=False)
            if solve_model(model, self.pools, seconds, 0, has_presolve=has_presolve).status != "infeasible":
                return False
        return True

    def _slots(self, demands: Collection[Demand]) -> list[Slot]:
        """Only what the demands ask for may be held: with nothing else planned they are at their easiest."""
        activities = sorted({a for demand in demands for a in activities_of(self.problem, demand)})
        slots = possible_slots(self.problem, activities, lambda a: self._most(a, demands))
        ids = {_session_of(self.problem, demand) for demand in demands if demand.rule == "R18"}
        wanted = {a for d in demands if d.rule != "R18" for a in activities_of(self.problem, d)}
        return [
            slot for slot in slots if slot.activity in wanted or (slot.identity is not None and slot.identity.id in ids)
        ]

    def _most(self, a: int, demands: Collection[Demand]) -> int:
        """New sessions of an activity that could matter: as many as may be held, unless only pins speak of it."""
        rules = {d.rule for d in demands if a in activities_of(self.problem, d)}
        if rules <= {"R18"}:
            return 0
        most = most_sessions(self.problem, a)
        return min(most, self.problem.document.activities[a].sessions.min) if "R14" not in rules else most

    def shrink(self, demands: Sequence[Demand]) -> Conflict:
        """Leave out one demand after the other, the last first, as long as the rest still clashes."""
        kept, is_minimal = list(demands), True
        size = max(1, len(kept) // 2)
        while size >= 1:
            k = len(kept) - size
            while k >= -size + 1 and len(kept) > 1:
                low = max(0, k)
                rest = kept[:low] + kept[low + size :]
                if time.monotonic() > self.deadline:
                    is_minimal = False
                elif rest and self.clash(rest):
                    kept = rest
                k -= size
            size //= 2
        return Conflict(tuple(kept), is_minimal)
