"""What each kind of move of the search is good for: how often it is tried, accepted, and makes the score better."""

import time
from collections.abc import Iterator

from bench.asked.questions import Question
from solver.documents.exchange import read_problem
from solver.instance.compilation import compile_problem
from solver.instance.starting import starting_sessions
from solver.search.annealer import new_annealer
from solver.search.memory.packing import pack
from solver.search.searching import search
from solver.search.state import MoveCount


def counted(question: Question, seconds: float, seed: int) -> list[MoveCount]:
    """The counts of one searcher that looks for so long, alone."""
    problem = compile_problem(read_problem(question.raw), question.digest)
    pools = pack(problem)
    annealer = new_annealer(problem, pools, seed)
    start = starting_sessions(problem, pools.identities, None)
    for _ in search(annealer, start, time.monotonic() + seconds, time.monotonic, lambda: iter(())):
        pass
    return annealer.state.counts()


def lines(question: Question, counts: list[MoveCount]) -> Iterator[str]:
    """A table of them, as Markdown."""
    tries = max(1, sum(each.tried for each in counts))
    yield f"| {question.key} | tried | of all | accepted | score rose |"
    yield "| --- | --: | --: | --: | --: |"
    for each in counts:
        if each.tried:
            accepted, gained = each.accepted / each.tried, each.gained / each.tried
            yield f"| {each.kind} | {each.tried:,} | {each.tried / tries:.2%} | {accepted:.2%} | {gained:.3%} |"
