"""What stands in the way of demands that clash, as data: what is demanded, and what of the rules cannot give it.

Where several clash, each shared room, leader and resident is freed of its rule for once; whose freedom lets all be had
is what they want together. Then the same with whole rules. Loads OR-Tools.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from solver.documents.fields import clock
from solver.documents.problem import AbsentPin, AttendPin, Session
from solver.infeasibility.obstacles import Obstacles, reason, stretches
from solver.infeasibility.proof import Depth, fresh, proof_model, proof_slots
from solver.infeasibility.proving import Prover
from solver.infeasibility.tallies import tallies
from solver.instance.demands import Demand, activities_of, amount_of, session_of
from solver.instance.narrowing import narrowed
from solver.instance.placements import Placements
from solver.instance.problem import Identity, Problem, is_any_use
from solver.instance.rendering import rendered
from solver.model.building import Answer, any_answer
from solver.model.check import broken
from solver.model.reasons import Fact, Reason
from solver.model.rules import RULES

SINGLE_RULES = [rule.code for look in ("alone", "alone last") for rule in RULES if rule.looked_for == look]
MOST_SENTENCES = 4
MOST_SLOTS = 120
TRYING = 1.0  # seconds at most for what one rule that is lifted allows


def demand_reason(problem: Problem, demand: Demand) -> Reason:
    """What is demanded."""
    document = problem.document
    if demand.rule == "R6":
        activity = document.activities[demand.names[0]]
        return reason("demand_count", activity=activity.id, often=activity.sessions.min)
    if demand.rule == "R14":
        resident, a = demand.names
        often = amount_of(document, demand)
        return reason(
            "demand_required", resident=document.residents[resident].id, activity=document.activities[a].id, often=often
        )
    pin = document.pins[demand.names[0]]
    if isinstance(pin, AttendPin):
        return reason("demand_attend", resident=pin.attend, pinned=pin.session)
    if isinstance(pin, AbsentPin):
        return reason("demand_absent", resident=pin.absent, pinned=pin.session)
    want = pin.session
    facts: dict[str, Fact] = {"activity": want.activity, "weekday": want.day, "minute": want.begin}
    if want.space is not None:
        return reason("demand_pin_space", **facts, space=want.space)
    return reason("demand_pin", **facts)


def diagnosed(prover: Prover, demands: tuple[Demand, ...]) -> tuple[Reason, ...]:
    """What clashes and, as far as the time goes, what stands in its way; never nothing."""
    problem = prover.problem
    said = [demand_reason(problem, demand) for demand in demands]
    why = list(dict.fromkeys(_obstacles(prover, demands)))[:MOST_SENTENCES]
    last = reason("cannot" if len(said) == 1 else "cannot_together")
    return (*said, *(why or [last]))


def _obstacles(prover: Prover, demands: tuple[Demand, ...]) -> Iterator[Reason]:
    problem = prover.problem
    small = narrowed(problem, prover.part(demands))
    found: list[Reason] = []
    if small.contradictions:
        found = list(_contradictions(problem, demands))
    elif len(demands) == 1:
        found = Obstacles(problem, prover.placements).of(demands[0])
    else:
        found = list(_in_and_out(small)) or list(_counted(prover, demands))
    found = found or _pinned_breaches(prover.placements, small) or list(_shared(prover, small, demands))
    if all(each.code == "group_small" for each in found):  # what a session lacks if nobody need be in one that is held
        found = list(_apart(prover, demands)) or found
    yield from found


def _contradictions(problem: Problem, demands: tuple[Demand, ...]) -> Iterator[Reason]:
    """Pins against the past, the published session's activity, or each other."""
    document = problem.document
    if len(demands) > 1:
        yield reason("pins_contradict", pinned=session_of(problem, demands[0]))
        return
    pin = document.pins[demands[0].names[0]].session
    name = pin if isinstance(pin, str) else pin.id
    before = {row.id: row for row in document.previous}
    if name in before and not isinstance(pin, str) and before[name].activity != pin.activity:
        yield reason("pin_activity", session=name)
    else:
        yield reason("pin_past")


def _in_and_out(small: Problem) -> Iterator[Reason]:
    for identity in small.identities:
        for r in set(identity.attend) & set(identity.absent):
            yield reason("in_and_out", resident=small.document.residents[r].id, pinned=identity.id)


def _counted(prover: Prover, demands: tuple[Demand, ...]) -> Iterator[Reason]:
    """What the sessions of one activity cannot give to all of whom it is required, by counting alone."""
    for tally in tallies(prover.problem, prover.placements, demands):
        yield from tally.hindrances()


def _apart(prover: Prover, demands: tuple[Demand, ...]) -> Iterator[Reason]:
    """Where nothing better is found: when each could come, and when each could be held."""
    for tally in tallies(prover.problem, prover.placements, demands):
        yield from tally.apart()


def _pinned_breaches(placements: Placements, small: Problem) -> list[Reason]:
    """What the pinned sessions break by themselves, each where it breaks least; leaders left open aside."""
    found: list[Reason] = []
    for identity in small.identities:
        if not identity.is_pinned or not small.document.spaces:
            continue
        spaces = [identity.space] if identity.space >= 0 else range(len(small.document.spaces))
        found += sorted((_breaches_at(placements, small, identity, space) for space in spaces), key=_count)[0]
    return found


def _count(reasons: list[Reason]) -> int:
    return len(reasons)


def _breaches_at(placements: Placements, small: Problem, identity: Identity, space: int) -> list[Reason]:
    document = small.document
    alone = document.model_copy(update={"pins": (), "previous": (), "frozen_until": None})
    activity = document.activities[identity.activity]
    a, end = identity.activity, identity.begin + activity.duration_minutes
    named = identity.team is not None
    session = Session(
        id=identity.id,
        activity=activity.id,
        day=identity.day,
        start=clock(identity.begin),
        space=document.spaces[space].id,
        facilitators=tuple(document.facilitators[f].id for f in identity.team or ()),
        residents=tuple(document.residents[r].id for r in identity.attend),
    )
    ignored = {"group_small", "too_few", "required"} | (set() if named else {"team_size", "support", "familiar"})
    wrong = [each.reason for each in broken(alone, [session]) if each.reason.code not in ignored]
    found = [_named_by_time(each, [session]) for each in wrong]
    then = small.times.number.get((identity.day, identity.begin, end), -1)
    if not found and not named and then >= 0:
        lacking = Obstacles(small, placements).of_leading(a, np.array([then], np.int64))
        found = [] if lacking is None else [lacking]
    return found or _too_few_then(placements, small, identity, space)


def _too_few_then(placements: Placements, small: Problem, identity: Identity, space: int) -> list[Reason]:
    """Whether too few could come to a pinned session."""
    a, least = identity.activity, small.document.activities[identity.activity].min_group
    end = identity.begin + small.document.activities[a].duration_minutes
    then = small.times.number.get((identity.day, identity.begin, end), -1)
    rows = np.flatnonzero(small.times.of_activity[a] == then)
    most = int(placements.largest_groups(a, space)[rows].max()) if len(rows) else least
    return [reason("group_then", pinned=identity.id, least=least, most=most)] if most < least else []


def _shared(prover: Prover, small: Problem, demands: tuple[Demand, ...]) -> Iterator[Reason]:
    """What the demands want together."""
    trial = _Trial(prover, small, prover.depth_of(demands))
    activities = sorted({a for demand in demands for a in activities_of(prover.problem, demand)})
    found = False
    for rule, names in (
        ("R3", _spaces(prover, activities)),
        ("R4", _leaders(prover, small, activities)),
        ("R7", _people(small, demands)),
    ):
        if trial.is_had_without(rule):
            found = True
            owners = [name for name in names if trial.is_had_without(rule, name)]
            yield _wanted_together(trial, rule, activities, owners, names)
    for rule in SINGLE_RULES if not found else ():
        answer = trial.without(rule)
        if answer.status == "feasible":
            yield from _example(small, answer, rule)


@dataclass
class _Trial:
    """The demands once more, with a rule lifted: over fewer hours where there are many, since any that help will do."""

    prover: Prover
    small: Problem
    depth: Depth

    def __post_init__(self) -> None:
        self.slots = proof_slots(self.prover.placements, self.small, self.depth)
        step = -(-len(self.slots) // MOST_SLOTS)
        self.few = [slot for k, slot in enumerate(self.slots) if k % step == 0 or slot.identity is not None]

    def without(self, rule: str, name: int = -1) -> Answer:
        seconds = self.prover.deadline - time.monotonic()
        if self.prover.is_over or seconds <= 0:
            return Answer("unknown", None, None, ())
        model = proof_model(self.small, fresh(self.few), self.depth, frozenset({(rule, name)}))
        return any_answer(model, self.small.identities, min(TRYING, seconds))

    def is_had_without(self, rule: str, name: int = -1) -> bool:
        return self.without(rule, name).status == "feasible"

    def times(self, rule: str, owner: int) -> list[int]:
        """When a room, a leader or a resident could serve the demands."""
        found = []
        for slot in self.slots:
            wanted = {"R3": [place.space for place in slot.options], "R4": slot.team, "R7": slot.people}[rule]
            if owner in wanted:
                found += [place.time for place in slot.options if rule != "R3" or place.space == owner]
        return found


def _spaces(prover: Prover, activities: list[int]) -> list[int]:
    """The spaces that at least two sessions of these could want, those of the fewest first."""
    fitting = [set(np.flatnonzero(prover.placements.places(a).any(axis=0)).tolist()) for a in activities]
    return sorted(set.union(*fitting))[:6] if fitting else []


def _leaders(prover: Prover, small: Problem, activities: list[int]) -> list[int]:
    """Who could lead these activities, the pinned first."""
    problem = prover.problem
    pinned = {f for identity in small.identities for f in identity.team or ()}
    if pinned:
        return sorted(pinned)[:6]
    found: set[int] = set()
    for a in activities:
        times = problem.times.of_activity[a]
        if problem.document.activities[a].facilitators:
            there = np.flatnonzero(problem.available_at[times].any(axis=0)).tolist()
            found |= {f for f in there if is_any_use(problem, a, f)}
    return sorted(found)[:6]


def _people(small: Problem, demands: tuple[Demand, ...]) -> list[int]:
    found = {demand.names[0] for demand in demands if demand.rule == "R14"}
    for identity in small.identities:
        found |= set(identity.attend)
    return sorted(found)[:6]


def _wanted_together(trial: _Trial, rule: str, activities: list[int], owners: list[int], names: list[int]) -> Reason:
    document = trial.small.document
    shown = tuple(document.activities[a].id for a in activities)
    many = "" if len(shown) > 1 else "_itself"
    ids = {
        "R3": [row.id for row in document.spaces],
        "R4": [row.id for row in document.facilitators],
        "R7": [row.id for row in document.residents],
    }[rule]
    kind = {"R3": "space", "R4": "facilitator", "R7": "resident"}[rule]
    if len(owners) == 1:
        times = stretches(trial.small, trial.times(rule, owners[0]))
        return reason(f"one_{kind}{many}", activities=shown, **{kind: ids[owners[0]]}, times=times)
    listed = tuple(ids[name] for name in owners or names)
    return reason(f"few_{kind}{many}", activities=shown, **{f"{kind}s": listed})


def _example(small: Problem, answer: Answer, rule: str) -> Iterator[Reason]:
    """What the one rule says against a schedule that keeps all others."""
    rows = rendered(small, small.identities, answer.sessions)
    for breach in broken(small.document, rows):
        if breach.rule == rule:
            yield _named_by_time(breach.reason, rows)
            return


def _named_by_time(found: Reason, rows: Sequence[Session]) -> Reason:
    """The reason with sessions told by activity, day and time: new ones have no id that means anything."""
    planned = {row.id: row for row in rows}
    facts: list[tuple[str, Fact]] = []
    for name, value in found.facts:
        if name in ("session", "other") and value in planned:
            row = planned[str(value)]
            value = (row.activity, str(row.day), row.start)
        facts.append((name, value))
    return Reason(found.code, tuple(facts))
