"""What could be lifted of an impossible week is tried: what is said of it is true of the week that the press plans."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, retrying, unit_of_work
from milieu.errors import Invalid
from milieu.models import Activity, PlanSession
from milieu.services.lifting.trying import FOUND, IMPOSSIBLE, Trial, trial_of, try_ways
from milieu.services.lifting.ways import lift
from milieu.services.teller import Teller
from milieu.services.weeks.plans.planning import execute_next_run
from milieu.services.weeks.plans.requested import LIFTING
from milieu.solving.contents import SessionContent, read_plan
from milieu.solving.problem.document import make_problem
from milieu.solving.process.child import SolverChild
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import FRIDAY, SETTINGS, Flow, answering, quick, small_flow

STUBBORN = f"""
import json, pathlib, sys
sys.path.insert(0, {str(Path.cwd())!r})
from solver.documents.exchange import digest
raw = pathlib.Path(sys.argv[1]).read_bytes()
problem = json.loads(raw)
counts = [row["id"] for row in problem["activities"] if row.get("sessions", {{}}).get("min")]
asked = [(row["id"], name) for row in problem["residents"] for name in row.get("required", {{}})]
demands = [{{"rule": "R6", "activity": each}} for each in counts]
demands += [{{"rule": "R14", "resident": who, "activity": what}} for who, what in asked]
answer = {{"format": "milieu-schedule/2", "problem": digest(raw), "status": "infeasible", "objective": None}}
answer |= {{"bound": None, "sessions": [], "terms": {{}}, "conflict": demands}}
answer |= {{"because": [f"{{demands[0]['rule']}} is left."]}}
pathlib.Path(sys.argv[sys.argv.index("-o") + 1]).write_text(json.dumps(answer))
sys.exit(3)
"""
"""A solver to whom whatever is asked for cannot be had."""

pytestmark = pytest.mark.slow(1.5)


@pytest.fixture
def flow(engines: Engines) -> Flow:
    """A published week of a small community, in which the choir is asked for twice and Ada's plan asks for it."""
    made = small_flow(engines)
    choir = made.elm.activities["choir"]
    with unit_of_work(engines) as db:
        made.elm.db = db
        made.elm.requirement(made.elm.residents["ada"], choir)
        db.get_one(Activity, (made.id, choir.id)).sessions_min = 2
    made.publish_week()
    return made


def answer(flow: Flow) -> bytes:
    """What a solver says to whom the count and the care plan clash."""
    choir, ada = flow.elm.activities["choir"].id, flow.elm.residents["ada"].id
    with reading(flow.engines) as db:
        problem = make_problem(db, flow.id, MONDAY, FRIDAY, repair=False).digest
    demands = [{"rule": "R6", "activity": choir}, {"rule": "R14", "resident": ada, "activity": choir}]
    document = {"format": "milieu-schedule/2", "problem": problem, "status": "infeasible", "objective": None}
    return json.dumps(
        {**document, "bound": None, "sessions": [], "terms": {}, "conflict": demands, "because": ["They clash."]}
    ).encode()


def stumble(flow: Flow, tmp_path: Path) -> str:
    run_id = flow.request()
    assert flow.execute(answering(tmp_path, answer(flow), status=3))
    assert flow.run(run_id).state == "impossible"
    return run_id


def execute(flow: Flow, child: SolverChild) -> bool:
    return execute_next_run(flow.engines, SETTINGS, flow.clock, child=child, others={LIFTING: try_ways})


def trial(flow: Flow, run_id: str) -> Trial:
    with reading(flow.engines) as db:
        return trial_of(db, flow.id, run_id)


def press(flow: Flow, run_id: str, key: str, least: int = 0) -> tuple[SessionContent, ...]:
    """The week that lifting a demand leads to."""
    retrying(flow.engines, lambda db: lift(db, Teller(flow.id, None, FRIDAY), run_id, key, least))
    plan = flow.plan()
    with reading(flow.engines) as db:
        return read_plan(db, plan)


def test_each_way_out_is_tried_and_what_is_said_is_true_of_the_week_that_the_press_plans(
    flow: Flow, tmp_path: Path
) -> None:
    run_id = stumble(flow, tmp_path)
    assert trial(flow, run_id) == Trial(is_open=True)

    assert execute(flow, quick())
    known = trial(flow, run_id)
    choir, ada = flow.elm.activities["choir"].id, flow.elm.residents["ada"].id
    count, demand = f"R6|{choir}", f"R14|{ada}|{choir}"

    assert (known.is_open, set(known.tried)) == (False, {count, demand})
    assert known.stands is not None
    assert (known.stands.fewer, known.stands.told) == ((), ())
    assert {each.state for each in known.tried.values()} == {FOUND}
    then = known.tried[count]
    week = press(flow, run_id, count)
    invited = Counter(who for each in week for who in each.residents)
    stood = Counter(who for each in flow.published().sessions for who in each.residents)
    held = [each for each in week if each.activity_id == choir]
    assert then.times == tuple((each.on_date, each.start_minute) for each in held)
    assert then.places == sum(len(each.residents) for each in held)
    assert (then.invitations, known.stands.invitations) == (invited.total(), stood.total())
    assert set(then.nothing) == {row.id for row in flow.elm.residents.values()} - set(invited)
    assert then.is_published
    with reading(flow.engines) as db:  # nothing of what was only tried is kept
        kept = db.scalars(select(PlanSession.plan_id).distinct()).all()
        assert len(kept) == 2


def test_a_week_that_is_impossible_without_it_too_says_what_is_left_in_the_way(flow: Flow, tmp_path: Path) -> None:
    run_id = stumble(flow, tmp_path)
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    stubborn = SolverChild((sys.executable, str(tmp_path / "stubborn.py")), beat_seconds=0.05)

    assert execute(flow, stubborn)

    choir, ada = flow.elm.activities["choir"].id, flow.elm.residents["ada"].id
    tried = {key: (each.state, each.because) for key, each in trial(flow, run_id).tried.items()}
    assert tried == {
        f"R6|{choir}": (IMPOSSIBLE, ("R14 is left.",)),
        f"R14|{ada}|{choir}": (IMPOSSIBLE, ("R6 is left.",)),
    }


def test_a_count_is_lifted_as_far_as_was_tried_and_to_no_larger_one(flow: Flow, tmp_path: Path) -> None:
    run_id = stumble(flow, tmp_path)
    key = f"R6|{flow.elm.activities['choir'].id}"

    for too_many in (2, -1):
        with pytest.raises(Invalid):
            press(flow, run_id, key, too_many)
    press(flow, run_id, key, 1)

    with reading(flow.engines) as db:
        assert db.get_one(Activity, (flow.id, flow.elm.activities["choir"].id)).sessions_min == 1


def test_a_plan_that_is_asked_for_next_waits_for_no_trial(flow: Flow, tmp_path: Path) -> None:
    stumbled = stumble(flow, tmp_path)
    with reading(flow.engines) as db:
        assert trial_of(db, flow.id, stumbled).is_open

    asked = flow.request()

    with reading(flow.engines) as db:
        assert not trial_of(db, flow.id, stumbled).is_open
    assert flow.execute(quick())
    assert flow.run(asked).state == "done"
