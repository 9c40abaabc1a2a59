"""What the tests of the search share: a searcher on a tree, its state as sessions, and how far it is from the rules."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solver.documents.problem import Session
from solver.instance.compilation import compile_problem
from solver.instance.problem import Problem
from solver.instance.rendering import rendered
from solver.model.check import broken, relaxation, score
from solver.model.reasons import Breach
from solver.search.annealer import Annealer, new_annealer
from solver.search.memory import layout as at
from solver.search.memory.packing import Pools, pack
from tests.solver.builders import Tree, read


@dataclass
class Trial:
    tree: Tree
    seed: int = 0

    @cached_property
    def problem(self) -> Problem:
        return compile_problem(read(self.tree), "0" * 64)

    @cached_property
    def pools(self) -> Pools:
        return pack(self.problem)

    @cached_property
    def annealer(self) -> Annealer:
        return new_annealer(self.problem, self.pools, self.seed)

    def sessions(self) -> tuple[Session, ...]:
        """What the search's state says now."""
        return rendered(self.problem, self.pools.identities, self.annealer.state.sessions())

    def breaches(self) -> list[Breach]:
        return broken(self.problem.document, self.sessions())

    def wrong(self) -> list[Breach]:
        """What is broken that may not even be relaxed."""
        return [each for each in self.breaches() if relaxation(each) is None]

    def score(self) -> int:
        return sum(score(self.problem.document, self.sessions()).values())

    def disagreements(self) -> list[str]:
        """What the running score and rules say otherwise than the full ones."""
        state, breaches = self.annealer.state, self.breaches()
        told = [each.rule for each in breaches if relaxation(each) is None]
        if state.objective != self.score():
            told.append(f"score {state.objective}, not {self.score()}")
        if (state.lacking == 0) != (breaches == []):
            told.append(f"{state.lacking} demands lacking beside {len(breaches)} breaches")
        return told + self.drifted()

    def drifted(self) -> list[str]:
        """Which counts differ from those of a fresh state into which the same sessions are loaded."""
        other = new_annealer(self.problem, self.pools, 0).state
        other.clear()
        left = other.load(self.annealer.state.sessions())
        told = [f"{left} not loaded"] if left else []
        for name, size in sizes_of_counts(self.pools).items():
            mine, theirs = (s[s[name] : s[name] + size] for s in (self.annealer.state.s, other.s))
            if (mine != theirs).any():
                told.append(f"count {name}")
        if self.pools.p[at.IS_DENSE] and (self._sums_of_ties(is_kept=True) != self._sums_of_ties(is_kept=False)).any():
            told.append("sums of ties")
        return told

    def _sums_of_ties(self, is_kept: bool) -> np.ndarray:
        """By open session and resident, the worth of the ties to its people: as the search keeps it, or summed up."""
        p, s, m = self.pools.p, self.annealer.state.s, self.annealer.state.m
        n, size = int(p[at.N_RES]), int(p[at.N_SESSION] * p[at.N_RES])
        alive = s[s[at.ALIVE] : s[at.ALIVE] + s[at.N_ALIVE]]
        if is_kept:
            return s[s[at.PULL] : s[at.PULL] + size].reshape(-1, n)[alive]
        worth = np.zeros((n, n), np.int64)
        for a, b, strength, _ in self.problem.ties:
            worth[a, b] = worth[b, a] = self.problem.document.weights.tie * strength
        return m[:size].reshape(-1, n)[alive].astype(np.int64) @ worth


def sizes_of_counts(pools: Pools) -> dict[int, int]:
    """By its place in the layout, how long each table is that counts something whatever the order of sessions."""
    p = pools.p
    people, days, acts = int(p[at.N_RES]), int(p[at.N_DAY]), int(p[at.N_ACT])
    return {
        at.RES_DAY_N: people * days,
        at.RES_N: people,
        at.RES_ACT: people * acts,
        at.WELCOME: people,
        at.LIKED: people,
        at.TARGET_HAVE: int(p[at.N_TARGET]),
        at.GROUP_HAVE: int(p[at.N_GROUP]),
        at.TOGETHER: int(p[at.N_PAIR]),
        at.WARM: people,
        at.SPACE_DAY_N: int(p[at.N_SPACE]) * days,
        at.STAFF_DAY_N: int(p[at.N_STAFF]) * days,
        at.ACT_N: acts,
        at.ACT_DAY: acts * days,
        at.DAY_N: days,
        at.MOVING: days * (int(p[at.N_SLOT]) + 1),
    }
