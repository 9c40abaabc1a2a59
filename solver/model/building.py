"""CP-SAT models of whole problems and of parts of them. Loads OR-Tools: import it only where one is solved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from solver.instance.demands import Demand
from solver.instance.placed import Placed
from solver.instance.problem import Identity, Ints, Problem, has_leaders, is_any_use
from solver.instance.size import most_sessions
from solver.model.rules import RULES
from solver.model.terms import TERMS
from solver.model.variables import FREE, Model, Place, Slot

if TYPE_CHECKING:
    from solver.model.variables import Literal


@dataclass(frozen=True)
class Answer:
    """`status` "optimal", "feasible", "infeasible" or "unknown"; `bound` an upper bound on the score, where proved."""

    status: str
    objective: int | None
    bound: int | None
    sessions: tuple[Placed, ...]


def build_model(
    problem: Problem,
    free: Sequence[Slot],
    fixed: Sequence[Slot],
    demands: Collection[Demand] | None = None,
    has_score: bool = True,
    lifted: frozenset[tuple[str, int]] = frozenset(),
) -> Model:
    """Posts every rule that is not lifted and, with a score, every term over the facts, the fixed slots and the free
    ones.
    """
    cp = cp_model.CpModel()
    slots = [*fact_slots(problem), *fixed, *(slot for slot in free)]
    model = Model(problem, cp, list(slots), None if demands is None else frozenset(demands), lifted)
    _name_literals(model)
    for rule in RULES:
        if model.keeps(rule.code):
            rule.post(model)
    if has_score:
        for term in TERMS:
            term.post(model)
        cp.maximize(sum(worth * literal for worth, literal in model.rewards) + model.constant)
    return model


def _name_literals(model: Model) -> None:
    """Every literal that is FREE so far becomes a variable of the model."""

    def named(literal: Literal) -> Literal:
        return model.boolean() if isinstance(literal, int) and literal == FREE else literal

    for slot in model.slots:
        slot.present = named(slot.present)
        slot.options = {place: named(literal) for place, literal in slot.options.items()}
        slot.team = {f: named(literal) for f, literal in slot.team.items()}
        slot.people = {r: named(literal) for r, literal in slot.people.items()}
        if len(slot.options) == 1 and not slot.is_fact:
            slot.options = dict.fromkeys(slot.options, slot.present)
        if slot.most_others > 0:
            slot.others = model.number(slot.most_others)


def fact_slots(problem: Problem) -> list[Slot]:
    return [
        Slot(
            activity=fact.activity,
            present=1,
            options={Place(-1, fact.day, fact.begin, fact.end, fact.space): 1},
            team=dict.fromkeys(fact.team, 1),
            people=dict.fromkeys(fact.residents, 1),
            is_fact=True,
        )
        for fact in problem.facts
    ]


def place_at(problem: Problem, time: int, space: int) -> Place:
    times = problem.times
    return Place(time, int(times.day[time]), int(times.begin[time]), int(times.end[time]), space)


def fixed_slot(
    problem: Problem,
    identities: tuple[Identity, ...],
    placed: Placed,
    free_people: Collection[int],
) -> Slot:
    """A planned session that stays where it is; of its people those in `free_people`, and whoever of them may come,
    are free.
    """
    level = problem.level[placed.activity, placed.space]
    identity = identities[placed.identity] if placed.identity >= 0 else None
    people: dict[int, Literal] = {r: 1 for r in placed.residents if r not in free_people}
    for r in free_people:
        may = (
            problem.ear[placed.time, r] >= level
            and problem.may_activity[placed.activity, r]
            and problem.may_space[placed.space, r]
        )
        if may and problem.may_facilitator[list(placed.team), r].all():
            people[r] = FREE
    return Slot(
        activity=placed.activity,
        present=1,
        options={place_at(problem, placed.time, placed.space): 1},
        team=dict.fromkeys(placed.team, 1),
        people=people,
        identity=identity,
    )


def possible_slots(problem: Problem, activities: Collection[int], most_new: Callable[[int], int]) -> list[Slot]:
    """Everything that may be planned of these activities: a slot for each identity, and so many new ones."""
    slots: list[Slot] = []
    for a in activities:
        for identity in problem.identities:
            if identity.activity == a:
                slots.append(possible_slot(problem, a, problem.times.of_activity[a], identity))
        for _ in range(most_new(a)):
            slots.append(possible_slot(problem, a, problem.times.of_activity[a], None))
    return [slot for slot in slots if slot.options or slot.identity is not None]


def possible_slot(problem: Problem, a: int, times: Ints, identity: Identity | None) -> Slot:
    """All that a session of an activity may be at some of its times."""
    options: dict[Place, Literal] = {}
    for time in times.tolist():
        for space in range(problem.open_at.shape[1]):
            if problem.fits_space[a, space] and problem.open_at[time, space] and has_leaders(problem, a, time):
                place = place_at(problem, time, space)
                claimed = problem.alike.get((a, place.day, place.begin, space))
                mine = problem.identity_number[identity.id] if identity is not None else None
                if claimed is None or mine in claimed:
                    options[place] = FREE
    activity = problem.document.activities[a]
    leaders = range(len(problem.skills[a]) if activity.facilitators > 0 else 0)
    team: dict[int, Literal] = {f: FREE for f in leaders if is_any_use(problem, a, f)}
    people: dict[int, Literal] = {
        r: FREE
        for r in range(len(problem.document.residents))
        if problem.may_activity[a, r] and any(problem.ear[place.time, r] >= 0 for place in options)
    }
    return Slot(a, FREE if options else 0, options, team, people, identity)


def whole_model(problem: Problem, demands: Collection[Demand] | None = None, has_score: bool = True) -> Model:
    """Everything free. For small problems, and for proofs."""
    count = {a: sum(i.activity == a for i in problem.identities) for a in range(len(problem.document.activities))}
    slots = possible_slots(problem, list(count), lambda a: most_sessions(problem, a))
    model = build_model(problem, slots, [], demands, has_score)
    _order_new(model)
    return model


def _order_new(model: Model) -> None:
    """New sessions of one activity are alike: they stand in the order of time, those not held last."""
    by_activity: dict[int, Slot] = {}
    for slot in model.planned:
        if slot.identity is not None:
            continue
        before = by_activity.get(slot.activity)
        if before is not None and not isinstance(slot.present, int) and not isinstance(before.present, int):
            model.cp.add_implication(slot.present, before.present)
            starts = [
                sum((place.day * 1440 + place.begin) * literal for place, literal in each.options.items())
                for each in (before, slot)
            ]
            model.cp.add(starts[0] <= starts[1]).only_enforce_if(slot.present)
        by_activity[slot.activity] = slot


def ask_for(model: Model, least: int | None) -> None:
    """Only solutions with at least that score, where one is named."""
    if least is not None:
        model.cp.add(sum(worth * literal for worth, literal in model.rewards) + model.constant >= least)


def solve_model(
    model: Model, identities: tuple[Identity, ...], seconds: float, seed: int, least: int | None = None
) -> Answer:
    """One worker, so that equal calls give equal answers where the time does not cut them short."""
    ask_for(model, least)
    solver = new_solver(seconds, seed)
    status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE:
        return Answer("infeasible", None, None, ())
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer("unknown", None, None, ())  # its bound is 0 where nothing was proved
    name = "optimal" if status == cp_model.OPTIMAL else "feasible"
    return Answer(
        name,
        round(solver.objective_value),
        bound_of(solver),
        tuple(read_placed(model, held_by(solver), identities)),
    )


def any_answer(model: Model, identities: Sequence[Identity], seconds: float, has_presolve: bool = True) -> Answer:
    """Whether there is a solution at all, whatever its score: "feasible" with its sessions, "infeasible", "unknown"."""
    solver = new_solver(seconds, 0)
    solver.parameters.cp_model_presolve = has_presolve
    status = solver.solve(model.cp)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer("feasible", None, None, tuple(read_placed(model, held_by(solver), identities)))
    return Answer("infeasible" if status == cp_model.INFEASIBLE else "unknown", None, None, ())


def new_solver(seconds: float, seed: int = 0) -> cp_model.CpSolver:
    """One worker, so that it is repeatable where the time does not cut it short."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    return solver


def bound_of(solver: cp_model.CpSolver) -> int | None:
    """The bound of a solver that has a solution: above any score that is possible."""
    bound = solver.best_objective_bound
    return None if abs(bound) > 1e15 else int(bound + 1e-6) if bound >= 0 else -int(-bound + 1e-6)


def held_by(solver: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Callable[[Literal], bool]:
    """Whether a literal holds in the solution of a solver, or in the one that it has just found."""
    return lambda literal: bool(literal) if isinstance(literal, int) else solver.boolean_value(literal)


def read_placed(model: Model, holds: Callable[[Literal], bool], identities: Sequence[Identity]) -> list[Placed]:
    """The planned sessions of a solution, which says of each literal whether it holds."""
    number = {identity.id: k for k, identity in enumerate(identities)}
    found = []
    for slot in model.planned:
        if holds(slot.present):
            place = next(place for place, literal in slot.options.items() if holds(literal))
            found.append(
                Placed(
                    activity=slot.activity,
                    time=place.time,
                    space=place.space,
                    identity=number[slot.identity.id] if slot.identity is not None else -1,
                    team=tuple(sorted(f for f, literal in slot.team.items() if holds(literal))),
                    residents=tuple(sorted(r for r, literal in slot.people.items() if holds(literal))),
                )
            )
    return found
