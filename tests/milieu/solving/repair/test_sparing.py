"""What a repair changed without need is undone; what facts force, or what spares somebody being left out, stays."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from milieu.database import make_engines, unit_of_work
from milieu.models import Absence
from milieu.solving.problem.document import ProblemSource, make_problem
from milieu.solving.repair.sparing import MOST_SECONDS, spare
from solver.documents.exchange import ProblemDocument, Session
from solver.model import check
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community

EVE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    """Finn's choir on Tuesday and Gita's walk on Thursday, Finn's chess on Friday; six who mildly like everything."""
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge")
        built.space("studio")
        for name in ("finn", "gita"):
            built.facilitator(name)
        for name in ("choir", "walk", "chess"):
            built.activity(name, sessions_max=3, min_group=1)
        for name in ("ada", "ben", "cleo", "dov", "esi", "fay"):
            resident = built.resident(name)
            for activity in built.activities.values():
                built.wish(resident, activity, 1)
        built.publication(
            [
                Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben", "cleo"], ref="choir"),
                Held("walk", "studio", 3, "14:00", ["gita"], ["ada", "ben", "cleo"], ref="walk"),
                Held("chess", "lounge", 4, "10:00", ["finn"], ["dov", "esi", "cleo"], ref="chess"),
            ]
        )
        yield built
    engines.dispose()


def problem(elm: CommunityBuilder, now: datetime = EVE) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, MONDAY, now, repair=True)


def told(source: ProblemSource) -> dict[str, Session]:
    return {row.id: row for row in source.document.previous}


def spared(source: ProblemSource, sessions: dict[str, Session]) -> dict[str, Session]:
    """What is left of a week that keeps every rule, by id; checked again."""
    assert check.broken(source.document, tuple(sessions.values())) == []
    found = spare(source, tuple(sessions.values()))
    assert check.broken(source.document, found) == []
    return {row.id: row for row in found}


def changed(row: Session, **fields: object) -> Session:
    return row.model_copy(update=fields)


def ids(elm: CommunityBuilder, *names: str) -> tuple[str, ...]:
    return tuple(sorted(elm.residents[name].id for name in names))


def test_a_week_as_it_was_told_stays(elm: CommunityBuilder) -> None:
    source = problem(elm)

    assert spared(source, told(source)) == told(source)


def test_who_lost_nothing_is_not_invited_to_a_little_more(elm: CommunityBuilder) -> None:
    source, before = problem(elm), told(problem(elm))
    more = changed(before["walk"], residents=tuple(sorted((*before["walk"].residents, *ids(elm, "dov")))))

    assert spared(source, {**before, "walk": more}) == before


def test_what_gains_much_stays(elm: CommunityBuilder) -> None:
    elm.wish(elm.residents["fay"], elm.activities["walk"], 5, said_on=EVE.date())
    source, before = problem(elm), told(problem(elm))
    more = changed(before["walk"], residents=tuple(sorted((*before["walk"].residents, *ids(elm, "fay")))))

    assert spared(source, {**before, "walk": more})["walk"] == more


def test_who_is_told_of_something_is_invited_to_no_more_however_they_love_it(elm: CommunityBuilder) -> None:
    elm.wish(elm.residents["dov"], elm.activities["walk"], 5, said_on=EVE.date())
    source, before = problem(elm), told(problem(elm))
    more = changed(before["walk"], residents=tuple(sorted((*before["walk"].residents, *ids(elm, "dov")))))

    assert spared(source, {**before, "walk": more}) == before


def moved_for_fay(elm: CommunityBuilder, liking: int) -> tuple[ProblemSource, dict[str, Session], dict[str, Session]]:
    """The walk at another time, so that Fay, who is told of nothing and taken up at two, can come too."""
    elm.wish(elm.residents["fay"], elm.activities["walk"], liking, said_on=EVE.date())
    elm.busy(elm.residents["fay"], "14:00", "15:00")
    source, before = problem(elm), told(problem(elm))
    people = tuple(sorted((*before["walk"].residents, *ids(elm, "fay"))))
    return source, before, {**before, "walk": changed(before["walk"], start="15:00", residents=people)}


def test_what_is_moved_for_a_better_score_alone_is_put_back(elm: CommunityBuilder) -> None:
    """Everybody would rather come in the morning, and no fact has touched the walk."""
    for each in elm.residents.values():
        each.times = {"morning": 2}
    source, before = problem(elm), told(problem(elm))
    after = {**before, "walk": changed(before["walk"], start="10:00")}
    source = dataclasses.replace(source, document=without_price(source))
    worth = [check.objective(source.document, tuple(week.values())) for week in (before, after)]

    assert worth[1] > worth[0]
    assert spared(source, after) == before


def without_price(source: ProblemSource) -> ProblemDocument:
    """The problem of a community that has set the price of moving and of leaving out to nothing."""
    weights = source.document.weights.model_copy(update={"move": 0, "drop": 0})
    return source.document.model_copy(update={"weights": weights})


@pytest.mark.parametrize(("liking", "stays"), [(5, True), (1, False)])
def test_what_is_moved_stays_where_it_gains_much_for_one_left_out(
    elm: CommunityBuilder, liking: int, stays: bool
) -> None:
    source, before, after = moved_for_fay(elm, liking)
    source = dataclasses.replace(source, document=without_price(source))

    assert spared(source, after) == (after if stays else before)


def test_who_lost_something_keeps_what_is_given_instead(elm: CommunityBuilder) -> None:
    ids_of_finn = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
    elm.add(Absence(**ids_of_finn, first_date=MONDAY, last_date=MONDAY.replace(month=12, day=3)))
    source, before = problem(elm), told(problem(elm))
    after = {name: row for name, row in before.items() if name != "choir"}
    after["chess"] = changed(
        before["chess"], residents=tuple(sorted((*before["chess"].residents, *ids(elm, "ada", "fay"))))
    )
    found = spared(source, after)

    assert "choir" not in found
    assert set(found["chess"].residents) >= set(ids(elm, "ada", "cleo", "dov", "esi"))


def test_who_is_still_in_what_was_moved_has_lost_nothing(elm: CommunityBuilder) -> None:
    """The walk has to move; whoever walks an hour later is given nothing more for it."""
    day = MONDAY + timedelta(days=3)
    ids_of_gita = {"community_id": elm.id, "facilitator_id": elm.facilitators["gita"].id}
    elm.add(Absence(**ids_of_gita, first_date=day, last_date=day, start_minute=840, end_minute=870))
    source, before = problem(elm), told(problem(elm))
    after = {**before, "walk": changed(before["walk"], start="15:00")}
    more = tuple(sorted((*before["chess"].residents, *ids(elm, "ada"))))
    after["chess"] = changed(before["chess"], residents=more)

    assert spared(source, after) == {**after, "chess": before["chess"]}


def test_who_made_room_for_somebody_new_is_asked_again(elm: CommunityBuilder) -> None:
    """The chess is full: Esi, who is given the walk instead, comes back to it, and who took her place is not asked."""
    elm.activities["chess"].max_group = 3
    source, before = problem(elm), told(problem(elm))
    after = {
        **before,
        "chess": changed(before["chess"], residents=ids(elm, "ada", "cleo", "dov")),
        "walk": changed(before["walk"], residents=ids(elm, "ada", "ben", "cleo", "esi")),
    }

    assert spared(source, after) == before


def test_a_session_left_out_without_need_is_held(elm: CommunityBuilder) -> None:
    source, before = problem(elm), told(problem(elm))

    assert spared(source, {name: row for name, row in before.items() if name != "walk"}) == before


def test_a_session_left_out_for_a_new_one_is_held_instead(elm: CommunityBuilder) -> None:
    source, before = problem(elm), told(problem(elm))
    chess = changed(before["walk"], id="new", activity=elm.activities["choir"].id)

    assert spared(source, {**{n: r for n, r in before.items() if n != "walk"}, "new": chess}) == before


def test_a_session_is_put_back_to_its_time_space_and_leaders(elm: CommunityBuilder) -> None:
    source, before = problem(elm), told(problem(elm))
    for fields in (
        {"start": "15:00"},
        {"day": 4},
        {"space": elm.spaces["lounge"].id},
        {"facilitators": (elm.facilitators["finn"].id,)},
    ):
        assert spared(source, {**before, "walk": changed(before["walk"], **fields)}) == before


def test_who_was_taken_out_is_asked_again_instead_of_what_was_given(elm: CommunityBuilder) -> None:
    elm.residents["cleo"].sessions_max = 3
    source, before = problem(elm), told(problem(elm))
    after = dict(before)
    after["choir"] = changed(before["choir"], residents=ids(elm, "ada", "ben"))
    after["new"] = changed(
        before["choir"], id="new", activity=elm.activities["walk"].id, start="15:00", residents=ids(elm, "cleo")
    )

    assert spared(source, after) == before


def test_who_is_there_for_each_other_is_asked_again_together(elm: CommunityBuilder) -> None:
    """Ada and Ben go where they know somebody, and know each other alone."""
    for name in ("ada", "ben"):
        elm.residents[name].needs_familiar = True
    elm.tie(elm.residents["ada"], elm.residents["ben"], 2)
    source, before = problem(elm), told(problem(elm))
    walk = changed(before["walk"], residents=ids(elm, "cleo"))

    assert spared(source, {**before, "walk": walk}) == before


def test_who_would_gain_much_by_an_exchange_keeps_what_they_were_told_of(elm: CommunityBuilder) -> None:
    """Dov loves the walk and the afternoon, and was told of the chess in the morning; more than one is too much."""
    elm.residents["dov"].times, elm.residents["dov"].sessions_max = {"morning": -2, "afternoon": 2}, 1
    elm.wish(elm.residents["dov"], elm.activities["walk"], 5, said_on=EVE.date())
    source, before = problem(elm), told(problem(elm))
    source = dataclasses.replace(source, document=without_price(source))
    walk = changed(before["walk"], residents=tuple(sorted((*before["walk"].residents, *ids(elm, "dov")))))
    chess = changed(before["chess"], residents=ids(elm, "esi", "cleo"))

    assert spared(source, {**before, "walk": walk, "chess": chess}) == before


def test_who_has_to_fill_a_group_up_gives_up_nothing_where_somebody_else_has_time(elm: CommunityBuilder) -> None:
    """Ada has said no to the walk, which needs three: Dov, whose week was full, was to leave the chess for it."""
    elm.activities["walk"].min_group = 3
    elm.refusal(elm.residents["ada"], activity=elm.activities["walk"])
    elm.residents["dov"].sessions_max = elm.residents["esi"].sessions_max = 1
    source, before = problem(elm), told(problem(elm))
    walk = changed(before["walk"], residents=ids(elm, "ben", "cleo", "dov"))
    chess = changed(before["chess"], residents=ids(elm, "esi", "cleo", "fay"))
    found = spared(source, {**before, "walk": walk, "chess": chess})

    assert found == {**before, "walk": changed(walk, residents=ids(elm, "ben", "cleo", "fay"))}


def test_what_facts_force_is_not_undone(elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"]
    elm.refusal(ada, activity=elm.activities["choir"])
    source, before = problem(elm), told(problem(elm))
    after = {**before, "choir": changed(before["choir"], residents=ids(elm, "ben", "cleo"))}

    assert spared(source, after) == after


def test_what_happened_is_never_touched(elm: CommunityBuilder) -> None:
    source, before = problem(elm, NOW), told(problem(elm, NOW))
    after = {name: row for name, row in before.items() if name != "chess"}
    found = spared(source, after)

    assert source.past.frozen == (before["choir"],)
    assert found["choir"] == before["choir"]
    assert found == before


def test_after_a_few_seconds_the_rest_stays_as_it_is(elm: CommunityBuilder) -> None:
    source, before = problem(elm), told(problem(elm))
    after = tuple(row for name, row in before.items() if name != "walk")
    moments = iter([0.0, *[MOST_SECONDS + 1] * 99])

    assert spare(source, after, now=lambda: next(moments)) == after


def test_with_time_for_one_look_nobody_is_needlessly_asked_to_more(elm: CommunityBuilder) -> None:
    source, before = problem(elm), told(problem(elm))
    after = {
        **before,
        "walk": changed(before["walk"], residents=ids(elm, "ada", "ben", "cleo", "dov", "esi")),
        "chess": changed(before["chess"], residents=ids(elm, "ada", "ben", "cleo", "dov", "esi")),
    }
    moments = iter([0.0, 0.0, *[MOST_SECONDS + 1] * 99])

    assert spare(source, tuple(after.values()), now=lambda: next(moments)) == tuple(before.values())


def test_residents_who_left_are_not_brought_back(elm: CommunityBuilder) -> None:
    elm.residents["ada"].left_on = MONDAY
    source = problem(elm)
    after = {
        name: changed(row, residents=tuple(each for each in row.residents if each != elm.residents["ada"].id))
        for name, row in told(source).items()
    }

    assert spared(source, after) == after
