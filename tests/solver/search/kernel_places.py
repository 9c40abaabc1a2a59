"""Where sessions come to stand, asked of the kernels as plain Python in small problems made by hand: see `kernels`."""

import json
from typing import Any

from solver.instance.placed import Placed
from solver.instance.starting import starting_sessions
from solver.search.moves.programme import inserting, reinstating, settling, shifting
from solver.search.score import rivals
from tests.solver.builders import activity, facilitator, problem, resident, session, space, window
from tests.solver.search.kernels import alive
from tests.solver.search.searches import Trial


def tell_places() -> None:
    """What is in the way of a leader whose day is full, where a session comes back that made way for another, whom one
    disturbs that comes back itself, and whom one keeps that goes to another day.
    """
    told = {
        "full days": [_full_day(fact) for fact in (False, True)],
        "comes back": _comes_back(),
        "disturbs": _disturbs(),
        "keeps": [_keeps(previous) for previous in ([session()], [])],
    }
    print(json.dumps(told))


def _full_day(is_fact: bool) -> list[Any]:
    """What a leader of one session a day would have to give up that day: with no rival, with some, with that one known;
    and whether the session itself may go to another hour, the leader with it.
    """
    made = Trial(
        problem(
            facilitators=[facilitator("finn", max_sessions_per_day=1)],
            activities=[activity(windows=[window("10:00", "17:00", 0)])],
            frozen_until={"day": 0, "time": "12:00" if is_fact else "00:00"},
            previous=[session()],
        )
    )
    made.annealer.state.load(starting_sessions(made.problem, made.pools.identities, None))
    at, t = made.at, made.problem.times.number[0, 15 * 60, 16 * 60]
    told = [rivals.staff_rivals(at, 0, t, 0, at.rivals, 0, most) for most in (0, 3)]
    if is_fact:
        return told
    x = alive(made)[0]
    assert at.rivals[0] == x
    settling.remember_team(at, x)
    may_move = shifting.may_move(at, x, -1, 0, t, 0, settling.GIVEN_TEAM, 0)
    return [*told, rivals.staff_rivals(at, 0, t, 0, at.rivals, 1, 1), may_move]


def _comes_back() -> list[Any]:
    """The choir after the band has taken its leader, and not its room: one of thousands of places."""
    made = Trial(
        problem(
            spaces=[space("lounge"), space("hall"), *(space(f"room {k}") for k in range(20))],
            facilitators=[facilitator("finn", skills=["brass"]), facilitator("gia")],
            activities=[
                activity("choir", sessions={"max": 1}, windows=[window("10:00", "17:00")]),
                activity("band", sessions={"max": 1}, windows=[window("10:00", "11:00", 0)], needs_skills=["brass"]),
            ],
            residents=[
                resident("ada", interests={"choir": 2}),
                resident("ben", interests={"band": 2}),
            ],
            previous=[session()],
        )
    )
    made.annealer.state.load(starting_sessions(made.problem, made.pools.identities, None))
    t = made.problem.times.number[0, 10 * 60, 11 * 60]
    done = inserting.insert(made.at, 1, t, 1, -1, settling.ANY_STAFF, 3, 0.0)
    return [done, *sorted((row.activity, row.day, row.start, row.space, row.facilitators) for row in made.sessions())]


def _disturbs() -> list[Any]:
    """Whom the choir would disturb where the band of two is now, where the quiz of one is, between them, in another
    room and at no time; and in how many of 30 tries it comes back without disturbing the band.
    """
    made = Trial(
        problem(
            spaces=[space("lounge", features=["piano"]), space("shed")],
            facilitators=[facilitator("finn"), facilitator("gia"), facilitator("hal")],
            activities=[
                activity("quiz"),
                activity("choir", windows=[window("10:00", "12:00", 0)], needs_features=["piano"]),
                activity("band", windows=[window("10:00", "12:00", 0)]),
            ],
            residents=[resident(name, interests={"choir": 2, "band": 1, "quiz": 1}) for name in "adbc"],
            previous=[session()],
        )
    )
    at, state = made.at, made.annealer.state
    first, middle, last = (made.problem.times.number[0, begin, begin + 60] for begin in (600, 630, 660))
    band, quiz = (2, first, (1, 2)), (0, last, (3,))
    told, undisturbed = [], 0
    for tried in range(30):
        state.clear()
        state.load(
            [
                Placed(activity=a, time=t, space=0, identity=-1, team=(a,), residents=people)
                for a, t, people in (band, quiz)
            ]
        )
        if not tried:
            places = ((first, 0), (last, 0), (middle, 0), (last, 1), (-1, 0))
            told = [int(reinstating.disturbed(at, 0, 1, t, where)) for t, where in places]
        done = reinstating.reinstate(at, 0, 1e6)
        undisturbed += done and any(row.activity == "band" and row.start == "10:00" for row in made.sessions())
    return [told, undisturbed]


def _keeps(previous: list[Any]) -> list[Any]:
    """Where Ada, who comes to one thing a day, is once the choir is on the day of the quiz, which she likes less."""
    made = Trial(
        problem(
            facilitators=[],
            previous=previous,
            activities=[activity("choir", facilitators=0), activity("quiz", facilitators=0)],
            residents=[resident("ada", interests={"choir": 2, "quiz": 1}, max_per_day=1)],
        )
    )
    at = made.at
    first, second, third = (
        made.problem.times.number[day, h * 60, h * 60 + 60] for day, h in ((0, 10), (1, 10), (1, 14))
    )
    choir = Placed(activity=0, time=first, space=0, identity=len(previous) - 1, team=(), residents=(0,))
    quiz = Placed(activity=1, time=second, space=0, identity=-1, team=(), residents=(0,))
    made.annealer.state.load([choir, quiz])
    x = next(x for x in alive(made) if at.session[x].activity == 0)
    assert shifting.move_to(at, x, third, 0, settling.ANY_STAFF, 0, 1e6)
    return [row.activity for row in made.sessions() if row.residents]
