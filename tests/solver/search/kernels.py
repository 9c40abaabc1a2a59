"""What is asked of the kernels as plain Python, in a process of its own: see `test_moves` and `test_kernel_defects`.

Run with MILIEU_PLAIN_KERNELS in the environment. Every `tell_…` prints a line of JSON.
"""

import inspect
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import permutations
from typing import Any

from solver.instance.size import most_sessions
from solver.kernels.compiled import IS_PLAIN
from solver.search import annealing
from solver.search.memory import chance
from solver.search.memory.layout import Memory
from solver.search.moves.attendance import bringing, dropping, pairing, people, swapping, trading
from solver.search.moves.demands import counting, pinning, requiring
from solver.search.moves.programme import (
    closing,
    exchanging,
    inserting,
    places,
    regathering,
    reinstating,
    replacing,
    settling,
    shifting,
)
from solver.search.moves.timetable import placing, timetabling, valuing
from solver.search.score import attendance, joining, opening, rivals, worth
from solver.search.score.opening import roll_back
from tests.solver.builders import activity, problem, resident, window
from tests.solver.search.searches import COUNTS, Trial
from tests.solver.strategies import Chance, make_lively, make_problem

assert IS_PLAIN
MODULES = {
    each.__name__.rpartition(".")[2]: each
    for each in (
        annealing,
        attendance,
        bringing,
        closing,
        counting,
        dropping,
        exchanging,
        inserting,
        joining,
        opening,
        pairing,
        people,
        pinning,
        places,
        placing,
        regathering,
        reinstating,
        replacing,
        requiring,
        rivals,
        settling,
        shifting,
        swapping,
        timetabling,
        trading,
        valuing,
        worth,
    )
}
KERNELS = (
    "bringing.bring",
    "pairing.bring_two",
    "dropping.drop_one",
    "swapping.swap",
    "trading.trade",
    "exchanging.exchange",
    "shifting.shift",
    "inserting.insert",
    "closing.give_up",
    "replacing.replace",
    "regathering.regather",
    "reinstating.reinstate",
    "counting.meet_count",
    "requiring.meet_required",
    "pinning.meet_pin",
    "settling.open_again",
)


def put(old: Callable[..., Any], new: Callable[..., Any]) -> None:
    """The new function in the place of the old one, wherever a module of the search knows it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("solver.search."):
            for key in [key for key, value in vars(module).items() if value is old]:
                setattr(module, key, new)


@contextmanager
def planted(where: str, good: str, bad: str) -> Iterator[None]:
    """A kernel, "module.name", with some of its source changed."""
    module, name = MODULES[where.partition(".")[0]], where.partition(".")[2]
    old = getattr(module, name)
    source = inspect.getsource(old)
    assert good in source, (where, good)
    space = dict(vars(module))
    exec(source.replace("@kernel\n", "").replace(good, bad), space)
    put(old, space[name])
    try:
        yield
    finally:
        put(space[name], old)


def trial(seed: int) -> Trial:
    """A small problem; in every other much is going on."""
    made = Trial((make_lively if seed % 2 else make_problem)(Chance(seed), (0.2, 0.5)[seed // 2 % 2]), seed)
    made.annealer.begin([])
    return made


def first_disagreement(seeds: Iterable[int], steps: int = 60, may_stray: bool = False) -> list[Any] | None:
    """The first small problem in whose search the running score or rules go wrong, and how.

    With `may_stray` one is passed over in which a defect leads out of the memory, as of facts that are taken down.
    """
    for seed in seeds:
        try:
            made = trial(seed)
            for _ in range(2):
                told = made.disagreements()
                if told:
                    return [seed, told]
                made.annealer.step(steps, 40.0, 10.0, share=0.4)
        except IndexError:
            if not may_stray:
                raise
            continue
        if told := made.disagreements():
            return [seed, told]
    return None


def wrong_trade(seeds: Iterable[int]) -> list[Any] | None:
    """The first seed with which people of a home trade places, nearly whatever it costs, and what then goes wrong."""
    from tests.solver.search.test_moves import kind_of_home

    for seed in seeds:
        made = Trial(kind_of_home("usual", None, 26), seed)
        made.annealer.begin([])
        at = made.at
        for _ in range(400):
            trading.trade(at, at.planned[chance.below(at, at.planned_count)], 200.0)
        if told := made.disagreements():
            return [seed, told]
    return None


def tell_moves() -> None:
    """How often each kernel of a move did something."""
    count: Counter[str] = Counter(dict.fromkeys(KERNELS, 0))
    for where in KERNELS:
        module, name = MODULES[where.partition(".")[0]], where.partition(".")[2]
        put(getattr(module, name), _counted(count, where, getattr(module, name)))
    from tests.solver.search.test_moves import kind_of_home

    trials = [trial(seed) for seed in range(30)]
    for made in trials:
        made.annealer.step(150, 500.0, 500.0, share=0.0)
    homes = [Trial(kind_of_home(*kind, 26), 1) for kind in (("everybody tied", None), ("usual", "people"))]
    for made in homes:
        made.annealer.fill(10)
        made.annealer.step(500, 40.0, 10.0, share=0.0)
    reluctant = Trial(  # who come together or not at all
        problem(
            activities=[activity(sessions={"min": 1, "max": 1}, windows=[window("10:00", "12:00", 0)])],
            residents=[resident(name, interests={"choir": -2}) for name in ("ada", "ben")],
            ties=[{"a": "ada", "b": "ben", "strength": 1}],
        )
    )
    reluctant.annealer.begin([])
    for made in [*trials, *homes, reluctant]:
        made.annealer.step(300, 60.0, 20.0, share=0.5)
    print(json.dumps(count))


def _counted(count: Counter[str], name: str, kernel: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        done = kernel(*arguments)
        count[name] += bool(done is None or done)
        return done

    return call


def wrong_foresight(seeds: Iterable[int]) -> tuple[list[Any], Counter[str]]:
    """Where `gain_of` and `gain_without` foresee something else than joining and leaving bring; and how many looks."""
    wrong: list[Any] = []
    looks: Counter[str] = Counter()
    for seed in seeds:
        made = trial(seed)
        made.annealer.step(30, 40.0, 10.0, share=0.4)
        for kind, foreseen, brought in _looks(made):
            looks[kind] += 1
            if foreseen != brought:
                wrong.append([seed, kind, foreseen, brought])
    return wrong, looks


def _looks(made: Trial) -> Iterator[tuple[str, int, int]]:
    at, held = made.at, alive(made)
    for r in range(int(at.residents)):
        mine = [x for x in held if at.is_member[x, r]]
        for x in (x for x in held if x not in mine and at.session[x].people < at.most_members):
            yield "joining", worth.gain_of(at, r, x), _brings(made, r, x, None)
            for out in mine:
                foreseen = worth.gain_without(at, r, x, out) - worth.gain_without(at, r, out, out)
                if not _share_an_aim(made, r, x, out):
                    yield "changing", foreseen, _brings(made, r, x, out)
        for out in mine:
            yield "leaving", -worth.gain_without(at, r, out, out), _brings(made, r, None, out)


def alive(made: Trial) -> list[int]:
    """The planned sessions."""
    return [int(made.at.planned[k]) for k in range(int(made.at.planned_count))]


def _brings(made: Trial, r: int, x: int | None, out: int | None) -> int:
    """What the score gains by leaving `out` and joining x, which is taken back; all numbers have to be as before."""
    at = made.at
    before = Memory(at.p, at.b, at.s.copy(), at.m.copy())
    if out is not None:
        joining.leave(at, r, out)
    if x is not None:
        joining.join(at, r, x)
    gain = int(at.score - before.score)
    roll_back(at, before.journal_size)
    for name in ("score", "lacking", "planned_count"):
        assert getattr(at, name) == getattr(before, name)
    for name in (*COUNTS, "aim_count", "pull"):
        assert (getattr(at, name) == getattr(before, name)).all()
    assert (at.m == before.m).all()
    return gain


def _share_an_aim(made: Trial, r: int, x: int, out: int) -> bool:
    """Whether an aim of one of the resident's living groups speaks of both sessions."""
    document = made.problem.document
    words = [document.activities[made.at.session[one].activity].domains for one in (x, out)]
    return any(
        all(target.domain in ("", *each) for each in words)
        for group in document.groups
        if document.residents[r].id in group.members
        for target in group.targets
    )


def tell_gains() -> None:
    wrong, looks = wrong_foresight(range(40))
    print(json.dumps({"wrong": wrong[:20], **looks}))


def tell_picks() -> None:
    """What was picked that is not what the kernel promises, and how often each was looked at."""
    from tests.solver.search.test_moves import kind_of_home

    wrong: list[Any] = []
    looks: Counter[str] = Counter()
    for seed in range(30):
        made = trial(seed)
        made.annealer.step(30, 40.0, 10.0, share=0.4)
        for kind, picked, right in [*_wanting(made), *_keen(made)]:
            looks[kind] += 1
            if picked not in right:
                wrong.append([seed, kind, picked])
    made = Trial(kind_of_home("everybody tied", None, 26), 1)
    made.annealer.fill(10)
    for picked, right in _partners(made):
        looks["partner"] += 1
        if picked not in right:
            wrong.append(["partner", picked, right])
    print(json.dumps({"wrong": wrong[:20], **looks}))


def _wanting(made: Trial) -> Iterator[tuple[str, int, set[int]]]:
    """An activity that may have one more, or -1 where none may."""
    at = made.at
    most = [most_sessions(made.problem, a) for a in range(int(at.activities))]
    right = {a for a, limit in enumerate(most) if at.held[a] < limit}
    for _ in range(10 if most else 0):
        yield "wanting" if right else "wanting nobody", places.any_wanting(at), right or {-1}


def _keen(made: Trial) -> Iterator[tuple[str, int, set[int]]]:
    """Somebody who may come and does not yet."""
    at = made.at
    for x in alive(made):
        right = {r for r in range(int(at.residents)) if at.may_join[x, r] and not at.is_member[x, r]}
        yield "keen", people.any_keen(at, x), right | {-1}


def _partners(made: Trial) -> Iterator[tuple[int, set[int]]]:
    """Of the people of a session, who brings most by changing places with somebody of another one: from the ties."""
    at = made.at
    tie = {(a, b): strength for a, b, strength, _ in made.problem.ties}
    tie |= {(b, a): strength for (a, b), strength in tie.items()}
    members = {x: [int(at.member[x, k]) for k in range(at.session[x].people)] for x in alive(made)}
    for x, y in permutations(members, 2):
        for r in [each for each in members[y] if each not in members[x]] if members[x] else ():
            brings = {
                q: sum(tie.get((q, z), 0) for z in members[y])
                - sum(tie.get((q, z), 0) for z in members[x])
                - 2 * tie.get((r, q), 0)
                for q in members[x]
            }
            yield (
                swapping.best_partner(at, r, x, y),
                {q for q, value in brings.items() if value == max(brings.values())},
            )


def tell(**known: Any) -> None:
    """Tell what is known as a line of its own, at once."""
    print(json.dumps(known), flush=True)


def tell_defects() -> None:
    """By defect, the problem in which it was noticed, or null: a line for each."""
    from tests.solver.search.kernel_defects import DEFECTS, DENSE, SHORTSIGHTED, TRADING, seeds_for, telling_seeds
    from tests.solver.search.test_moves import kind_of_home

    tell(**{"": first_disagreement(telling_seeds(DEFECTS)), "trades": wrong_trade(telling_seeds(TRADING))})
    for name, defect in DEFECTS.items():
        with planted(*defect):
            tell(**{name: first_disagreement(seeds_for(name, 150), may_stray=True)})
    for name, defect in TRADING.items():
        with planted(*defect):
            tell(**{name: wrong_trade(seeds_for(name, 6))})
    for name, defect in SHORTSIGHTED.items():
        with planted(*defect):
            wrong = (wrong_foresight([seed])[0] for seed in seeds_for(name, 60))
            tell(**{name: next(filter(None, wrong), None)})
    for name, defect in DENSE.items():
        with planted(*defect):
            made = Trial(kind_of_home("everybody tied", None, 26), 1)
            made.annealer.fill(10)
            made.annealer.step(50, 40.0, 10.0, share=0.1)
            tell(**{name: made.disagreements() or None})
