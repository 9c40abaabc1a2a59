"""Who belongs together in the pools: ties, and the aims of residents and of living groups."""

from collections.abc import Sequence
from itertools import accumulate

from solver.instance.problem import Problem
from solver.kernels.records import Writer


def offsets(rows: Sequence[Sequence[object]]) -> list[int]:
    """Where each row begins once all lie one behind the other, and where the last one ends."""
    return [0, *accumulate(len(row) for row in rows)]


def put_ties(w: Writer, problem: Problem) -> None:
    people = range(len(problem.document.residents))
    ties: list[list[tuple[int, int]]] = [[] for _ in people]
    for pair, (a, b, _, _) in enumerate(problem.ties):
        ties[a].append((b, pair))
        ties[b].append((a, pair))
    apart: list[list[int]] = [[] for _ in people]
    for a, b in problem.apart:
        apart[a].append(b)
        apart[b].append(a)
    for row in ties:
        row.sort()
    w.put("tie_from", offsets(ties))
    w.put("tie_other", [q for row in ties for q, _ in row])
    w.put("tie_pair", [pair for row in ties for _, pair in row])
    w.put("pair_strength", [strength for _, _, strength, _ in problem.ties])
    w.put("pair_cap", [cap for _, _, _, cap in problem.ties])
    w.put("apart_from", offsets(apart))
    w.put("apart_other", [q for row in apart for q in row])


def domains(problem: Problem) -> dict[str, int]:
    """The domains that some aim speaks of."""
    words = {t.domain for r in problem.document.residents for t in r.targets}
    return {word: k for k, word in enumerate(sorted(words))}


def put_aims(w: Writer, problem: Problem) -> None:
    document, number = problem.document, domains(problem)
    w.set("domains", len(number))
    targets = [person.targets for person in document.residents]
    w.put("target_from", offsets(targets))
    w.put("target_domain", [number[t.domain] for row in targets for t in row])
    w.put("target_min", [t.min for row in targets for t in row])
    w.put("target_share", [t.weight for row in targets for t in row])
    aims = [(group, target) for group in document.groups for target in group.targets]
    of: list[list[int]] = [[] for _ in document.residents]
    for k, (group, _) in enumerate(aims):
        for name in dict.fromkeys(group.members):
            of[problem.resident_number[name]].append(k)
    w.put("aim_from", offsets(of))
    w.put("aim_of", [k for row in of for k in row])
    w.put("aim_members", [t.members for _, t in aims])
    w.put("aim_min", [t.min for _, t in aims])
    w.put("aim_share", [t.weight for _, t in aims])
