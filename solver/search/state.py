"""The state of a search: the pools s and m, filled with the facts; planned sessions in and out as plain rows."""

from dataclasses import dataclass, field

import numpy as np

from solver.instance.placed import Placed
from solver.instance.problem import Problem
from solver.kernels.pools import Numbers, Tables
from solver.search.loading import load_facts, load_sessions
from solver.search.memory import layout as at
from solver.search.memory.packing import Pools


@dataclass
class State:
    """`blank` copies hold the facts alone."""

    pools: Pools
    s: Numbers
    m: Tables
    blank_s: Numbers = field(repr=False)
    blank_m: Tables = field(repr=False)

    @property
    def objective(self) -> int:
        """The score by itself, whatever is lacking."""
        return int(self.s[at.SCORE] + self.s[at.LACK_PRICE] * self.s[at.LACKING])

    @property
    def lacking(self) -> int:
        """How many demands (least counts, required attendances, pins) are not met."""
        return int(self.s[at.LACKING])

    def clear(self) -> None:
        """Back to the facts alone; the random numbers go on."""
        seed, price, lacking = self.s[at.RANDOM], self.s[at.LACK_PRICE], self.blank_s[at.LACKING]
        self.s[:] = self.blank_s
        self.m[:] = self.blank_m
        self.s[at.RANDOM] = seed
        self.set_price(int(price))
        assert self.s[at.LACKING] == lacking

    def set_price(self, price: int) -> None:
        """What one lacking demand costs in the running score."""
        self.s[at.SCORE] += (self.s[at.LACK_PRICE] - price) * self.s[at.LACKING]
        self.s[at.LACK_PRICE] = price

    def load(self, sessions: list[Placed]) -> int:
        """Open these sessions after `clear`, leaving out what does not fit; how many sessions and people were left
        out.
        """
        width = 5 + int(self.pools.p[at.MOST_TEAM])
        rows = np.zeros((len(sessions), width), np.int64)
        people = [r for session in sessions for r in session.residents]
        for k, session in enumerate(sessions):
            rows[k, :5] = session.activity, session.time, session.space, session.identity, len(session.residents)
            rows[k, 5 : 5 + len(session.team)] = session.team
        pools, who = self.pools, np.array(people, np.int64)
        return int(load_sessions(pools.p, pools.b, self.s, self.m, rows.ravel(), who, len(sessions)))

    def sessions(self) -> list[Placed]:
        """What is planned, in the order of time."""
        return placed_sessions(self.pools, self.s)


def compact_size(s: Numbers) -> int:
    """How much of s, from its beginning, says what is planned: sessions and their people."""
    return int(s[at.FREE])


def placed_sessions(pools: Pools, s: Numbers) -> list[Placed]:
    """The planned sessions that a pool s holds, in the order of time, space and activity."""
    width, most = at.SES_FIXED + int(pools.p[at.MOST_TEAM]), int(pools.p[at.MOST_MEMBERS])
    found = []
    for x in s[s[at.ALIVE] : s[at.ALIVE] + s[at.N_ALIVE]]:
        row = s[s[at.SES] + x * width : s[at.SES] + (x + 1) * width]
        members = s[s[at.MEMBERS] + x * most : s[at.MEMBERS] + x * most + row[at.X_N]]
        found.append(
            Placed(
                activity=int(row[at.X_ACT]),
                time=int(row[at.X_TIME]),
                space=int(row[at.X_SPACE]),
                identity=int(row[at.X_IDENTITY]),
                team=tuple(sorted(row[at.X_TEAM : at.X_TEAM + row[at.X_TEAM_N]].tolist())),
                residents=tuple(sorted(members.tolist())),
            )
        )
    return sorted(found, key=lambda placed: (placed.time, placed.space, placed.activity, placed.team))


def new_state(problem: Problem, pools: Pools, seed: int, price: int) -> State:
    """A state with the facts alone."""
    s = _empty(problem, pools)
    s[at.RANDOM] = (seed * 1_000_003 + 12_345) % (1 << 62)
    s[at.LACK_PRICE] = price
    s[at.SCORE], s[at.LACKING] = _worth_of_nothing(problem, pools)
    s[at.SCORE] -= price * s[at.LACKING]
    m = np.zeros(2 * int(pools.p[at.N_SESSION] * pools.p[at.N_RES]) + 1, np.int8)
    width = 7 + int(pools.p[at.MOST_TEAM])
    rows = np.zeros((len(problem.facts), width), np.int64)
    for k, fact in enumerate(problem.facts):
        rows[k, :7] = fact.activity, fact.day, fact.begin, fact.end, fact.space, len(fact.team), len(fact.residents)
        rows[k, 7 : 7 + len(fact.team)] = fact.team
    people = [r for fact in problem.facts for r in fact.residents]
    load_facts(pools.p, pools.b, s, m, rows.ravel(), np.array(people, np.int64), len(problem.facts))
    return State(pools, s, m, s.copy(), m.copy())


def _empty(problem: Problem, pools: Pools) -> Numbers:
    p = pools.p
    people, days, sessions = int(p[at.N_RES]), int(p[at.N_DAY]), int(p[at.N_SESSION])
    sizes = {
        # first what a kept best needs (`compact_size`)
        at.SES: sessions * (at.SES_FIXED + int(p[at.MOST_TEAM])),
        at.ALIVE: sessions,
        at.MEMBERS: sessions * int(p[at.MOST_MEMBERS]),
        at.FREE: sessions,
        at.RES_DAY: people * days * int(p[at.MOST_A_DAY]),
        at.RES_DAY_N: people * days,
        at.RES_N: people,
        at.RES_ACT: people * int(p[at.N_ACT]),
        at.WELCOME: people,
        at.LIKED: people,
        at.TARGET_HAVE: int(p[at.N_TARGET]),
        at.GROUP_HAVE: int(p[at.N_GROUP]),
        at.GROUP_COUNT: sessions * int(p[at.N_GROUP]),
        at.TOGETHER: int(p[at.N_PAIR]),
        at.WARM: people,
        at.PULL: sessions * people if p[at.IS_DENSE] else 0,
        at.SPACE_DAY: int(p[at.N_SPACE] * p[at.MOST_IN_SPACE]) * days,
        at.SPACE_DAY_N: int(p[at.N_SPACE]) * days,
        at.STAFF_DAY: int(p[at.N_STAFF] * p[at.MOST_OF_STAFF]) * days,
        at.STAFF_DAY_N: int(p[at.N_STAFF]) * days,
        at.ACT_N: int(p[at.N_ACT]),
        at.ACT_DAY: int(p[at.N_ACT]) * days,
        at.DAY_N: days,
        at.MOVING: days * (int(p[at.N_SLOT]) + 1),
        at.USED_BY: int(p[at.N_IDENTITY]),
        at.JOURNAL: max(at.JOURNAL_ROOM, 60 * people),
        at.SCRATCH: 256,
        at.KEYS: people + 1,
        at.FALLEN: 4 * people + 64,
        at.FALLEN_N: 8,
        at.EVICTED: 16 * (8 + int(p[at.MOST_TEAM])),
        at.TEAM: 2 * int(p[at.MOST_TEAM]) + 1,  # the team in question, and the best of several
    }
    s = np.zeros(at.S_FIRST + sum(size + 1 for size in sizes.values()), np.int64)
    place = at.S_FIRST
    for name, size in sizes.items():
        s[name] = place
        place += size + 1
    s[s[at.USED_BY] : s[at.USED_BY] + sizes[at.USED_BY]] = -1
    facts = len(problem.facts)
    free = np.arange(sessions - 1, facts - 1, -1)
    s[s[at.FREE] : s[at.FREE] + len(free)] = free
    s[at.N_FREE] = len(free)
    return s


def _worth_of_nothing(problem: Problem, pools: Pools) -> tuple[int, int]:
    """The score of an empty programme and how many demands it lacks, before even the facts are counted."""
    document, weights = problem.document, problem.document.weights
    score = -weights.thin_day * document.programme.min_sessions_per_day * problem.days
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
