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
from solver.search.memory.layout import Memory
from solver.search.memory.packing import Pools, pack
from tests.solver.builders import Tree, read

# The tables that count something whatever the order of sessions.
COUNTS = (
    "attended_count",
    "attended_all",
    "often",
    "welcome",
    "liked",
    "target_have",
    "aim_have",
    "together",
    "companions",
    "in_space_count",
    "led_count",
    "held",
    "held_on",
    "offer_have",
    "crowd_short",
    "usual_then",
    "usual_there",
    "usual_led",
    "moving",
)


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

    @property
    def at(self) -> Memory:
        """What the search's kernels read and write."""
        return self.annealer.state.memory

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
        for name in COUNTS:
            mine, theirs = (getattr(at, name) for at in (self.at, other.memory))
            if (mine != theirs).any():
                told.append(f"count {name}")
        if self.at.is_dense and (self._sums_of_ties(is_kept=True) != self._sums_of_ties(is_kept=False)).any():
            told.append("sums of ties")
        return told

    def _sums_of_ties(self, is_kept: bool) -> np.ndarray:
        """By open session and resident, the worth of the ties to its people: as the search keeps it, or summed up."""
        pull, is_member = np.asarray(self.at.pull), np.asarray(self.at.is_member)
        held, n = np.asarray(self.at.planned)[: self.at.planned_count], int(self.at.residents)
        if is_kept:
            return pull[held]
        worth = np.zeros((n, n), np.int64)
        for a, b, strength, _ in self.problem.ties:
            worth[a, b] = worth[b, a] = self.problem.document.weights.tie * strength
        return is_member[held].astype(np.int64) @ worth
