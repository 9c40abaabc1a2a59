"""A defect in the check's or the model's reading of any rule and any term is noticed where the two are compared.

The comparisons are those of `test_agreement`, on random schedules, and of `test_model`, on both sides of edges. Whoever
adds a rule or a term that neither of them can tell from no rule at all sees it fail here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest

from solver.documents.problem import ProblemDocument, Session
from solver.instance.placed import Placed
from solver.instance.rendering import rendered
from solver.instance.size import size_of
from solver.model import building as model
from solver.model import check
from solver.model.building import whole_model
from solver.model.check import broken, score
from solver.model.rules import RULES, Rule
from solver.model.term import Term
from solver.model.terms import TERMS
from tests.solver.builders import Tree, activity, facilitator, held, problem, read, resident, session, space, window
from tests.solver.model import test_model
from tests.solver.model.test_agreement import changed, fix, slots_of, solved
from tests.solver.model.test_model import HORIZON, SHORT, is_possible, small
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance, make_lively, make_problem

pytestmark = pytest.mark.slow(0.15)  # the comparisons, which all of them share
LITTLE = 2_600  # as `size_of` counts: no defect is seen in larger problems alone, where a model takes long
SEEDS = (
    *range(60),
    95,
)  # the last is a published week of which something has gone to another space, and no rule breaks


@dataclass(frozen=True)
class Comparison:
    """A schedule and what the two readings say of it while nothing is wrong with them."""

    trial: Trial
    rows: tuple[Placed, ...]
    sessions: tuple[Session, ...]
    rules: frozenset[str]
    terms: dict[str, int]
    modelled: int | None

    @property
    def document(self) -> ProblemDocument:
        return self.trial.problem.document


def by_model(trial: Trial, rows: tuple[Placed, ...]) -> int | None:
    """What the model of the whole problem scores these sessions; None where it does not allow them."""
    whole = whole_model(trial.problem)
    where = slots_of(trial, whole, list(rows))
    assert where is not None
    for k, slot in enumerate(whole.slots):
        if not slot.is_fact:
            fix(whole, slot, where.get(k))
    return solved(whole)


def compared(seed: int) -> Comparison | None:
    """A schedule of the search with a change; None where the model has no such option."""
    chance = Chance(seed)
    tree = (make_lively if seed % 3 else make_problem)(chance, 0.4)
    trial = Trial(published(tree, seed) if seed % 3 == 2 else tree, seed)
    if size_of(trial.problem) > LITTLE:
        return None
    trial.annealer.begin([])
    trial.annealer.step(300, 20.0, 5.0, share=0.2)
    rows = tuple(changed(chance, trial, trial.annealer.state.sessions()))
    if slots_of(trial, whole_model(trial.problem, has_score=False), list(rows)) is None:
        return None
    sessions = rendered(trial.problem, trial.pools.identities, rows)
    document = trial.problem.document
    rules = frozenset(each.rule for each in broken(document, sessions))
    return Comparison(trial, rows, sessions, rules, score(document, sessions), by_model(trial, rows))


def published(tree: Tree, seed: int) -> Tree:
    """The problem once a week that the search made for it has been told to everybody."""
    bare = {key: value for key, value in tree.items() if key not in ("previous", "pins", "frozen_until")}
    trial = Trial(bare, seed + 1)
    trial.annealer.begin([])
    return bare | {"previous": [json.loads(row.model_dump_json()) for row in trial.sessions()]}


@cache
def comparisons() -> list[Comparison]:
    return [row for row in map(compared, SEEDS) if row is not None]


# ---- edges that random schedules seldom meet, beside those of `test_model`

EDGES: dict[str, tuple[Tree, list[Tree], list[Tree]]] = {
    "R2": (small(spaces=[space("lounge", capacity=1)]), [session()], [session(residents=["ada", "ben"])]),
    "R5": (
        problem(horizon=HORIZON, activities=[activity(**SHORT, min_group=2)]),
        [session(residents=["ada", "ben"])],
        [session()],
    ),
    "R6": (
        problem(horizon=HORIZON, activities=[activity(**(SHORT | {"one_per_day": True, "sessions": {"min": 1}}))]),
        [session()],
        [],
    ),
    "R8": (
        small(residents=[resident("ada"), resident("ben", refuses={"facilitators": ["finn"]})]),
        [session()],
        [session(residents=["ben"])],
    ),
    "R11": (
        small(residents=[resident("ada", support=3), resident("ben")], facilitators=[facilitator(support=2)]),
        [session(residents=["ben"])],
        [session()],
    ),
    "R13": (
        small(residents=[resident("ada", cohort="red"), resident("ben")], separate_cohorts=True),
        [session()],
        [session(residents=["ada", "ben"])],
    ),
    "R14": (
        small(residents=[resident("ada", required={"choir": 1}), resident("ben")]),
        [session()],
        [session(residents=["ben"])],
    ),
    "R18": (
        small(pins=[{"session": {"id": "x0", "activity": "choir", "day": 0, "start": "10:00", "residents": ["ben"]}}]),
        [session("x0", residents=["ben"])],
        [session("x0")],
    ),
}


def edges() -> dict[str, tuple[Tree, list[Tree], list[Tree]]]:
    return EDGES | {rule: rest for rule, *rest in test_model.CASES.values()}


def breaks(tree: Tree, rows: list[Tree]) -> set[str]:
    return {each.rule for each in broken(read(tree), held(rows))}


# ---- what is noticed


def in_the_check() -> Iterator[str]:
    """Where the check now disagrees with the model."""
    for row in comparisons():
        if broken(row.document, row.sessions):
            if row.modelled is not None:
                yield "breaks"
        elif row.modelled != sum(score(row.document, row.sessions).values()):
            yield "score"
    for rule, (tree, good, bad) in edges().items():
        if breaks(tree, good) or breaks(tree, bad) != {rule}:
            yield rule
    for fields, starts in places():
        trial = test_model.choir(**fields)
        for start in range(0, 24 * 60, 60):
            rows = [session(start=f"{start // 60:02}:00")]
            if ("R1" in breaks(trial.tree, rows)) == (start in starts):
                yield "R1"
    frozen = test_model.choir(frozen_until={"day": 0, "time": "10:30"}).tree
    if "R17" not in breaks(frozen, [session()]) or "R17" in breaks(frozen, [session(start="11:00")]):
        yield "R17"


def places() -> list[tuple[Tree, list[int]]]:
    return [
        ({"activities": [activity(windows=[window("10:00", "12:00")])]}, [600, 660]),
        ({"spaces": [space(open=[window("09:00", "11:00")])]}, [540, 600]),
    ]


def in_the_model(code: str) -> Iterator[str]:
    """Where the model now disagrees with the check: of schedules that break this rule alone, or have this term."""
    seen = 0
    for row in comparisons():
        if row.rules == {code} or (not row.rules and row.terms.get(code)):
            seen += 1
            modelled = by_model(row.trial, row.rows)
            if modelled != row.modelled:
                yield code
        if seen > 12:
            break
    if code in edges():
        tree, _, bad = edges()[code]
        if is_possible(tree, bad):
            yield code
    for places_taken in (0, 2):
        if code == "R1" and stands(places_taken):
            yield code
    if code == "R17" and starts_in_the_past():
        yield code


def stands(places_taken: int) -> bool:
    """Whether a model allows a session that is held to stand in so many places."""
    trial = test_model.choir(activities=[activity(windows=[window("10:00", "12:00")])])
    built, slot = test_model.build(trial, test_model.new_slot(trial))
    built.cp.add(slot.present == 1)
    for k, literal in enumerate(slot.options.values()):
        built.cp.add(literal == int(k < places_taken))
    return solved(built) is not None


def starts_in_the_past() -> bool:
    """Whether a model allows a new session before the moment that is frozen."""
    trial = test_model.choir(frozen_until={"day": 0, "time": "10:30"})
    slot = test_model.new_slot(trial)
    slot.options = {test_model.Place(time=0, day=0, begin=600, end=660, space=0): test_model.FREE}
    built, slot = test_model.build(trial, slot)
    built.cp.add(slot.present == 1)
    return solved(built) is not None


@pytest.mark.parametrize("code", sorted(EDGES))
def test_both_sides_of_a_further_edge(code: str) -> None:
    tree, good, bad = EDGES[code]

    assert (breaks(tree, good), is_possible(tree, good)) == (set(), True)
    assert (breaks(tree, bad), is_possible(tree, bad)) == ({code}, False)


def test_without_a_defect_nothing_is_noticed() -> None:
    assert list(in_the_check()) == []


def instead(rows: tuple[Rule, ...] | tuple[Term, ...], one: Rule | Term, other: Rule | Term) -> tuple[Rule | Term, ...]:
    return tuple(other if each is one else each for each in rows)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_that_the_check_forgets_is_noticed(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    comparisons()
    deaf = replace(rule, broken=lambda reading: iter(()))
    monkeypatch.setattr(check, "RULES", instead(RULES, rule, deaf))

    assert next(in_the_check(), None)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_that_the_model_forgets_is_noticed(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    comparisons()
    monkeypatch.setattr(model, "RULES", instead(RULES, rule, replace(rule, post=lambda made: None)))

    assert next(in_the_model(rule.code), None)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_that_the_check_reads_twice_is_noticed(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    comparisons()
    twice = replace(term, amounts=lambda reading: [*term.amounts(reading), *term.amounts(reading)])
    monkeypatch.setattr(check, "TERMS", instead(TERMS, term, twice))

    assert next(in_the_check(), None)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_that_the_model_forgets_is_noticed(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    comparisons()
    monkeypatch.setattr(model, "TERMS", instead(TERMS, term, replace(term, post=lambda made: None)))

    assert next(in_the_model(term.name), None)
