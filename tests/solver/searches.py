"""What the tests of the search share: a searcher on a tree, its state as sessions, and how far it is from the rules."""

from dataclasses import dataclass
from functools import cached_property

from solver.check import broken, relaxation, score
from solver.compilation import compile_problem
from solver.documents import Session
from solver.problem import Problem
from solver.reasons import Breach
from solver.rendering import rendered
from solver.search.annealer import Annealer, new_annealer
from solver.search.packing import Pools, pack
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
        return told
