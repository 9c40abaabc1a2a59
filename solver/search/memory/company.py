"""Who belongs together in the pools: ties, and the aims of residents and of living groups."""

from solver.instance.problem import Problem
from solver.search.memory import layout as at
from solver.search.memory.writer import Writer, offsets


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
    w.put(at.TIE_FROM, offsets(ties))
    w.put(at.TIE_OTHER, [q for row in ties for q, _ in row])
    w.put(at.TIE_PAIR, [pair for row in ties for _, pair in row])
    w.put(at.PAIR_STRENGTH, [strength for _, _, strength, _ in problem.ties])
    w.put(at.PAIR_CAP, [cap for _, _, _, cap in problem.ties])
    w.put(at.APART_FROM, offsets(apart))
    w.put(at.APART_OTHER, [q for row in apart for q in row])


def domains(problem: Problem) -> dict[str, int]:
    """The domains that some aim speaks of."""
    words = {t.domain for r in problem.document.residents for t in r.targets}
    return {word: k for k, word in enumerate(sorted(words))}


def put_aims(w: Writer, problem: Problem) -> None:
    document, number = problem.document, domains(problem)
    w.header[at.N_DOMAIN] = len(number)
    targets = [person.targets for person in document.residents]
    w.put(at.TARGET_FROM, offsets(targets))
    w.put(at.TARGET_DOMAIN, [number[t.domain] for row in targets for t in row])
    w.put(at.TARGET_MIN, [t.min for row in targets for t in row])
    w.put(at.TARGET_WEIGHT, [t.weight for row in targets for t in row])
    aims = [(group, target) for group in document.groups for target in group.targets]
    of: list[list[int]] = [[] for _ in document.residents]
    for k, (group, _) in enumerate(aims):
        for name in dict.fromkeys(group.members):
            of[problem.resident_number[name]].append(k)
    w.put(at.GROUP_FROM, offsets(of))
    w.put(at.GROUP_OF, [k for row in of for k in row])
    w.put(at.GROUP_MEMBERS, [t.members for _, t in aims])
    w.put(at.GROUP_MIN, [t.min for _, t in aims])
    w.put(at.GROUP_WEIGHT, [t.weight for _, t in aims])
