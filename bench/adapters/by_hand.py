"""The director by hand as a peer: one pass, whatever the time; what the pass leaves undone makes the week wrong."""

from bench.adapters.telling import asked, tell
from bench.asked.greedy import plan
from solver.documents.exchange import read_problem

if __name__ == "__main__":
    tell(plan(read_problem(asked("bench.adapters.by_hand").problem.read_bytes())))
