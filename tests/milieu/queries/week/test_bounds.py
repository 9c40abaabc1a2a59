"""How far a week is from the best is told where score and bound speak of the same thing, else not at all."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from milieu.database import Engines, make_engines, reading, unit_of_work
from milieu.models import Plan, Run
from milieu.queries.week.bounds import below_best
from milieu.queries.week.runs import RunShown, find_run
from milieu.queries.week.weeks import find_draft, find_published
from tests.milieu.builders import MONDAY, NOW
from tests.milieu.weeks import Flow, small_flow

NEXT = MONDAY + timedelta(days=7)
POINTS = {"points": [{"seconds": 1.0, "objective": 690, "bound": 1_000}]}


@pytest.fixture
def flow(sqlite_url: str) -> Iterator[Flow]:
    engines: Engines = make_engines(sqlite_url)
    yield small_flow(engines)
    engines.dispose()


def run(flow: Flow, **fields: Any) -> RunShown:
    given = {"kind": "plan", "state": "done", "requested_at": NOW, "objective": 690, "bound": 1_000, **fields}
    with unit_of_work(flow.engines) as db:
        row = Run(community_id=flow.id, week_start=MONDAY, seconds_limit=9, seed=1, progress=POINTS, **given)
        db.add(row)
        db.flush()
        return find_run(db, flow.id, row.id)


def publication(flow: Flow, **fields: Any) -> None:
    with unit_of_work(flow.engines) as db:
        flow.elm.db = db
        flow.elm.publication([], **fields)


@pytest.mark.parametrize(("objective", "bound", "gap"), [(690, 1_000, 31.0), (1_000, 1_000, 0.0), (1_001, 1_000, 0.0)])
def test_the_distance_is_a_share_of_the_bound(objective: int, bound: int, gap: float) -> None:
    assert below_best(objective, bound) == gap


@pytest.mark.parametrize(("objective", "bound"), [(None, 9), (9, None), (-3, 0), (-3, -1)])
def test_without_a_bound_above_nothing_there_is_no_distance(objective: int | None, bound: int | None) -> None:
    assert below_best(objective, bound) is None


@pytest.mark.parametrize(
    ("terms", "gap"),
    [({"interest": 700, "cancel": 0}, 31.0), ({"interest": 700, "drop": -45}, None), ({"relead": -40}, None)],
)
def test_a_draft_that_pays_for_changes_has_none(terms: dict[str, int], gap: float | None, flow: Flow) -> None:
    with unit_of_work(flow.engines) as db:
        db.add(
            Plan(
                community_id=flow.id,
                week_start=NEXT,
                created_at=NOW,
                facts_digest="",
                facts_at=NOW,
                objective=690,
                bound=1_000,
                terms=terms,
            )
        )
    with reading(flow.engines) as db:
        draft = find_draft(db, flow.id, NEXT)

    assert draft is not None
    assert draft.gap == gap


@pytest.mark.parametrize(
    ("kind", "terms", "gap"),
    [("week", {}, 31.0), ("week", {"move": -10}, None), ("repair", {}, None), ("repair", {"move": -10}, None)],
)
def test_a_repair_has_none(kind: str, terms: dict[str, int], gap: float | None, flow: Flow) -> None:
    publication(flow, kind=kind, terms=terms, objective=690, bound=1_000)
    with reading(flow.engines) as db:
        made = find_published(db, flow.id, MONDAY)

    assert made is not None
    assert made.gap == gap


def test_a_run_for_a_week_that_was_published_has_none_at_any_point(flow: Flow) -> None:
    assert run(flow).gap == 31.0
    publication(flow, published_at=NOW)

    shown = run(flow, requested_at=NOW + timedelta(minutes=1))
    going = run(flow, requested_at=NOW + timedelta(minutes=1), state="running", objective=None, bound=None)
    before = run(flow, requested_at=NOW - timedelta(minutes=1))

    assert (shown.gap, shown.bound, [each.bound for each in shown.improvements]) == (None, None, [None])
    assert (going.gap, before.gap) == (None, 31.0)
