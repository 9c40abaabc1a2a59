"""Where else somebody could go: planted cases, and every option of random schedules looked at by the full reading."""

import pytest

from bench.asked.homes import make_home
from solver.explaining.elsewhere import Option, where_else
from solver.model.check import broken, score
from tests.solver.builders import activity, facilitator, held, problem, read, resident, session, space
from tests.solver.explaining.cases import document, legal_case, toggled

TWO_ROOMS = problem(
    spaces=[space("lounge"), space("hall", capacity=1, comfort=9)],
    facilitators=[facilitator("finn"), facilitator("gia")],
    activities=[activity("choir"), activity("chess")],
    residents=[resident("ada", interests={"choir": 1, "chess": 3}), resident("ben"), resident("cem")],
)


def chess(**fields: object) -> dict[str, object]:
    return session("s2", "chess", **{"space": "hall", "facilitators": ["gia"], "residents": [], **fields})  # type: ignore[arg-type]


def shown(options: tuple[Option, ...]) -> list[tuple[str, str, str, int]]:
    return [(each.session, each.leaves, each.instead, each.gain) for each in options]


def test_a_free_place_is_an_option() -> None:
    schedule = document(TWO_ROOMS, [session(), chess(start="14:00")])

    assert shown(where_else(read(TWO_ROOMS), schedule, "ada")) == [("s2", "", "", 12 + 9)]  # 4 x 3, second session


def test_a_session_of_their_own_is_left_where_it_is_in_the_way() -> None:
    schedule = document(TWO_ROOMS, [session(), chess(start="10:30")])

    assert shown(where_else(read(TWO_ROOMS), schedule, "ada")) == [("s2", "s1", "", 12 - 4)]


def test_somebody_else_makes_room_only_where_that_is_asked_for() -> None:
    schedule = document(TWO_ROOMS, [session(), chess(start="14:00", residents=["ben"])])

    assert shown(where_else(read(TWO_ROOMS), schedule, "ada")) == []
    assert shown(where_else(read(TWO_ROOMS), schedule, "ada", may_displace=True)) == [("s2", "", "ben", 12 + 9 - 12)]


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    rows = [session(residents=[]), chess()]

    options = where_else(read(TWO_ROOMS), document(TWO_ROOMS, rows), "ada")

    assert shown(options) == [("s2", "", "", 24), ("s1", "", "", 16)]
    assert where_else(read(TWO_ROOMS), document(TWO_ROOMS, rows), "ada", most=1) == options[:1]


@pytest.mark.slow(0.9)
def test_every_option_keeps_every_rule_and_gains_what_it_says() -> None:
    seen = {"": 0, "leaves": 0, "instead": 0}
    home = make_home(30, 1)
    week = [row.model_dump(mode="json") for row in home.witness]
    roomy = {**home.tree, "activities": [{**row, "max_group": row["max_group"] + 3} for row in home.tree["activities"]]}
    for tree, rows in [(home.tree, week), (roomy, week), *filter(None, map(legal_case, range(220)))]:
        asked, schedule = read(tree), document(tree, rows)
        assert schedule.objective is not None
        for who in [each["id"] for each in tree["residents"]][:10]:
            for option in where_else(asked, schedule, who, most=30, may_displace=True):
                after = toggled(rows, option.session, who)
                after = toggled(after, option.leaves, who) if option.leaves else after
                after = toggled(after, option.session, option.instead) if option.instead else after
                seen["leaves" if option.leaves else "instead" if option.instead else ""] += 1

                assert broken(asked, held(after)) == []
                gain = sum(score(asked, held(after)).values()) - schedule.objective
                assert gain == option.gain == sum(option.terms.values())
    assert min(seen.values()) >= 5, seen
