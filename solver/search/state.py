"""The state of a search: its memory, filled with the facts; planned sessions in and out as plain rows."""

from dataclasses import dataclass, field

import numpy as np

from solver.instance.placed import Placed
from solver.instance.problem import Problem
from solver.kernels.pools import Numbers, Tables
from solver.search.loading import FACT_COLUMNS, SESSION_COLUMNS, load_facts, load_sessions
from solver.search.memory.kinds import KINDS
from solver.search.memory.layout import FIRST_NOT_KEPT, NONE, Memory
from solver.search.memory.packing import Pools

COUNTED = ("tried_by_kind", "accepted_by_kind", "gained_by_kind")


@dataclass(frozen=True)
class MoveCount:
    """How often one kind of move was tried, was accepted, and made the score better."""

    kind: str
    tried: int
    accepted: int
    gained: int


@dataclass
class State:
    """`blank` copies of the memory's S and M hold the facts alone."""

    memory: Memory
    blank_s: Numbers = field(repr=False)
    blank_m: Tables = field(repr=False)

    @property
    def objective(self) -> int:
        """The score by itself, whatever is lacking."""
        at = self.memory
        return int(at.score + at.lack_price * at.lacking)

    @property
    def lacking(self) -> int:
        """How many demands (least counts, required attendances, pins) are not met."""
        return int(self.memory.lacking)

    def clear(self) -> None:
        """Back to the facts alone; the random numbers and what is counted of each kind of move go on."""
        at = self.memory
        seed, price, counted = at.random, at.lack_price, [np.array(getattr(at, name)) for name in COUNTED]
        at.s[:] = self.blank_s
        at.m[:] = self.blank_m
        at.random = seed
        for name, numbers in zip(COUNTED, counted, strict=True):
            getattr(at, name)[:] = numbers
        self.set_price(int(price))

    def set_price(self, price: int) -> None:
        """What one lacking demand costs in the running score."""
        at = self.memory
        at.score += (at.lack_price - price) * at.lacking
        at.lack_price = price

    def load(self, sessions: list[Placed]) -> int:
        """Open these sessions after `clear`, leaving out what does not fit; how many sessions and people were left
        out.
        """
        width = SESSION_COLUMNS + int(self.memory.most_team)
        rows = np.zeros((len(sessions), width), np.int64)
        people = [r for session in sessions for r in session.residents]
        for k, session in enumerate(sessions):
            fixed = session.activity, session.time, session.space, session.identity, len(session.residents)
            rows[k, : SESSION_COLUMNS + len(session.team)] = *fixed, *session.team
        return int(load_sessions(self.memory, rows.ravel(), np.array(people, np.int64), len(sessions)))

    def counts(self) -> list[MoveCount]:
        """What came of each kind of move since the state was made."""
        at = self.memory
        rows = zip(KINDS, at.tried_by_kind, at.accepted_by_kind, at.gained_by_kind, strict=False)  # type: ignore[call-overload]
        return [MoveCount(kind, int(tried), int(accepted), int(gained)) for kind, tried, accepted, gained in rows]

    def sessions(self) -> list[Placed]:
        """What is planned, in the order of time."""
        return placed_sessions(self.memory)


def no_incumbent(memory: Memory) -> Memory:
    """Room for the best that is met in that memory: its sessions and their people."""
    return Memory(memory.p, memory.b, memory.s[: memory.kept_size].copy(), np.zeros(1, np.int8))


def placed_sessions(at: Memory) -> list[Placed]:
    """The planned sessions of a memory or an incumbent, in the order of time, space and activity."""
    found = []
    for x in range(int(at.planned_count)):
        row = at.session[at.planned[x]]
        found.append(
            Placed(
                activity=int(row.activity),
                time=int(row.time),
                space=int(row.space),
                identity=int(row.identity),
                team=tuple(sorted(int(row.team[k]) for k in range(row.team_size))),
                residents=tuple(sorted(int(at.member[at.planned[x], k]) for k in range(row.people))),
            )
        )
    return sorted(found, key=lambda placed: (placed.time, placed.space, placed.activity, placed.team))


def new_state(problem: Problem, pools: Pools, seed: int, price: int) -> State:
    """A state with the facts alone."""
    at = _empty(problem, pools)
    at.random = (seed * 1_000_003 + 12_345) % (1 << 62)
    at.lack_price = price
    at.score, at.lacking = _worth_of_nothing(problem, pools)
    at.score -= price * at.lacking
    width = FACT_COLUMNS + int(at.most_team)
    rows = np.zeros((len(problem.facts), width), np.int64)
    for k, fact in enumerate(problem.facts):
        fixed = fact.activity, fact.day, fact.begin, fact.end, fact.space, len(fact.team), len(fact.residents)
        rows[k, : FACT_COLUMNS + len(fact.team)] = *fixed, *fact.team
    people = [r for fact in problem.facts for r in fact.residents]
    load_facts(at, rows.ravel(), np.array(people, np.int64), len(problem.facts))
    return State(at, at.s.copy(), at.m.copy())


def _empty(problem: Problem, pools: Pools) -> Memory:
    """Room for a state of the problem: no session is held, and all rows but those of facts are free."""
    at, facts = Memory.empty(pools.p, pools.b), len(problem.facts)
    at.kept_size = at.begin_of(FIRST_NOT_KEPT)
    for i in range(len(pools.identities)):
        at.session_of[i] = NONE
    for k in range(int(at.crowds * at.days)):
        at.crowd_short[k // at.days, k % at.days] = at.offer_from[k + 1] - at.offer_from[k]
    at.free_count = int(at.sessions) - facts
    for k in range(int(at.free_count)):
        at.free[k] = int(at.sessions) - 1 - k
    return at


def _worth_of_nothing(problem: Problem, pools: Pools) -> tuple[int, int]:
    """The score of an empty programme and how many demands it lacks, before even the facts are counted."""
    document, weights = problem.document, problem.document.weights
    score = -weights.offer * sum(
        offer.weight * offer.min * (problem.days if offer.day is None else 1) for offer in document.offers
    )
    lacking = sum(a.sessions.min for a in document.activities)
    for person in document.residents:
        score -= weights.shortfall * person.sessions.min
        score -= weights.target * sum(t.weight * t.min for t in person.targets)
        if person.sessions.min > 0 and any(like > 0 for like in person.interests.values()):
            score -= weights.left_out
        lacking += sum(person.required.values())
    score -= weights.group * sum(t.weight * t.min for g in document.groups for t in g.targets)
    score -= weights.cancel * sum(len(identity.previous_residents) for identity in pools.identities)
    lacking += sum(identity.is_pinned for identity in pools.identities) + len(problem.contradictions)
    return score, lacking
