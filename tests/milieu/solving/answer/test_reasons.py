"""Why somebody is invited: true, weightiest first, and never a word about what is private."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from milieu.database import make_engines, unit_of_work
from milieu.models import CommunitySettings, FamiliarFace, GroupAim
from milieu.reasons import CODES, MADE_OF, OWN, Reason, as_json, audience_of, read_reasons
from milieu.solving.answer.answers import contents_of
from milieu.solving.answer.reasons import TOLD
from milieu.solving.problem.commitments.past import as_session
from milieu.solving.problem.document import make_problem
from solver.documents.exchange import Session, clock
from solver.model.wording.words import OF_INVITATIONS
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, community

EVE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    """The choir for three or more and chess, a lounge and Finn; Ada and five others, nobody likes anything yet."""
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge")
        built.facilitator("finn")
        built.activity("choir", sessions_max=7, min_group=3, domains=["creative", "social"])
        built.activity("chess", sessions_max=7, min_group=1, domains=["cognitive"])
        for name in ("ada", "ben", "cleo", "dov", "esi", "fay"):
            built.resident(name)
        yield built
    engines.dispose()


def session(elm: CommunityBuilder, *names: str, day: int = 1, minute: int = 600, activity: str = "choir") -> Session:
    return Session(
        id=f"{activity} {day} {minute}",
        activity=elm.activities[activity].id,
        day=day,
        start=clock(minute),
        space=elm.spaces["lounge"].id,
        facilitators=(elm.facilitators["finn"].id,),
        residents=tuple(elm.residents[name].id for name in names),
    )


def reasons(elm: CommunityBuilder, *sessions: Session, of: int = 0, who: str = "ada") -> tuple[Reason, ...]:
    """Of a resident's place in the session at that place of the list."""
    elm.db.flush()
    source = make_problem(elm.db, elm.id, MONDAY, EVE, repair=False)
    contents = contents_of(source, sessions, "run")
    at = {(each.on_date, each.start_minute): each for each in contents}
    wanted = sessions[of]
    found = at[source.week.days[wanted.day], wanted.begin]
    [place] = [place for place in found.places if place.resident_id == elm.residents[who].id]
    return place.reasons


def codes(elm: CommunityBuilder, *sessions: Session, **more: Any) -> list[str]:
    return [each.code for each in reasons(elm, *sessions, **more)]


def busy_week(elm: CommunityBuilder) -> list[Session]:
    """Three other sessions of Ada's, so that she is not invited because she has little."""
    return [session(elm, "ada", day=day, activity="chess") for day in (2, 3, 4)]


ALL = ("ada", "ben", "cleo", "dov")


def test_reasons_are_kept_and_read_again() -> None:
    given = (Reason("wish", 4, said_by="relative"), Reason("aim", 2, "creative"))

    assert read_reasons(as_json(given)) == given
    assert read_reasons(None) == ()
    assert read_reasons({"reasons": [{"code": "something of later days", "amount": 1}]}) == ()


def test_every_code_has_its_one_audience() -> None:
    assert {code: audience_of(code) for code in CODES if audience_of(code) != "team"} == {
        "birthday": "anybody",
        "new": "anybody",
        "wish": "anybody",
        "familiar": "anybody",
        "time": "anybody",
        "care_plan": "care",
        "aim": "care",
    }


def test_every_code_is_made_of_what_the_solver_says() -> None:
    """Each of the solver's reasons for an invitation is told on a page by one code, or is known to be told by none."""
    untold = {"why_happened", "why_pinned", "why_face", "why_walk", "why_crowd"}
    untold |= {"why_dislikes", "why_other_time", "why_tension"}
    told = [source for sources in MADE_OF.values() for source in sources]
    said = {code for code in OF_INVITATIONS if code.startswith("why_")}

    assert sorted([*told, *untold]) == sorted(said)
    assert {*TOLD, *OWN, "kept", "needed", "open"} == set(CODES)


def test_a_wish_is_told_with_its_strength(elm: CommunityBuilder) -> None:
    elm.wish(elm.residents["ada"], elm.activities["choir"], 4)

    assert reasons(elm, session(elm, *ALL), *busy_week(elm)) == (Reason("wish", 4, said_by="resident"),)


def test_a_wish_is_told_with_whose_word_counts(elm: CommunityBuilder) -> None:
    ada, choir = elm.residents["ada"], elm.activities["choir"]
    elm.wish(ada, choir, 5, said_by="observed", said_on=date(2026, 11, 2))
    elm.wish(ada, choir, 4, said_by="relative", said_on=date(2026, 1, 2))
    by_family = reasons(elm, session(elm, *ALL), *busy_week(elm))
    elm.wish(ada, choir, 2, said_by="resident", said_on=date(2025, 1, 2))

    assert by_family == (Reason("wish", 4, said_by="relative"),)
    assert reasons(elm, session(elm, *ALL), *busy_week(elm)) == (Reason("wish", 2, said_by="resident"),)


@pytest.mark.parametrize(("strength", "told"), [(2, ["wish"]), (1, ["open"]), (0, ["open"]), (-1, [])])
def test_only_what_is_liked_is_called_a_wish(elm: CommunityBuilder, strength: int, told: list[str]) -> None:
    """Of what is disliked it is never said that nothing speaks against it."""
    elm.wish(elm.residents["ada"], elm.activities["choir"], strength)

    assert codes(elm, session(elm, *ALL), *busy_week(elm)) == told


def test_who_dislikes_what_needs_them_is_told_that_alone(elm: CommunityBuilder) -> None:
    elm.wish(elm.residents["ada"], elm.activities["choir"], -1)

    assert reasons(elm, session(elm, "ada", "ben", "cleo"), *busy_week(elm)) == (Reason("needed", 3),)


def test_a_wish_is_told_of_a_third_time_too_which_earns_nothing(elm: CommunityBuilder) -> None:
    elm.wish(elm.residents["ada"], elm.activities["choir"], 4)
    week = [session(elm, *ALL, day=day) for day in (0, 1, 5)]

    assert {reasons(elm, *week, *busy_week(elm), of=k) for k in range(3)} == {(Reason("wish", 4, said_by="resident"),)}


def test_the_only_thing_that_they_like_weighs_more_than_a_wish(elm: CommunityBuilder) -> None:
    """4 × 2 for the wish, 30 more where without it they would be left out; 10 × 2 for their part of the day."""
    ada = elm.residents["ada"]
    elm.wish(ada, elm.activities["choir"], 2)
    ada.times = {"morning": 2}
    elm.db.get_one(CommunitySettings, elm.id).weights = {"time": 10}
    one, other = session(elm, *ALL), session(elm, *ALL, day=5)
    often = codes(elm, one, other, *busy_week(elm))
    ada.sessions_min = 1

    assert often == ["time", "wish"]
    assert codes(elm, one, *busy_week(elm)) == ["wish", "time"]


def test_a_demand_of_the_care_plan_comes_first(elm: CommunityBuilder) -> None:
    elm.wish(elm.residents["ada"], elm.activities["choir"], 5)
    elm.requirement(elm.residents["ada"], elm.activities["choir"], 2)

    assert reasons(elm, session(elm, *ALL), *busy_week(elm)) == (
        Reason("care_plan", 2),
        Reason("wish", 5, said_by="resident"),
    )


def test_an_aim_is_a_reason_as_often_as_it_asks(elm: CommunityBuilder) -> None:
    elm.target(elm.residents["ada"], "creative", 1)
    first, second = session(elm, *ALL, day=0), session(elm, *ALL, day=5)

    assert reasons(elm, first, second, *busy_week(elm)) == (Reason("aim", 1, "creative"),)
    assert codes(elm, first, second, *busy_week(elm), of=1) == ["open"]


def test_somebody_dear_is_company_for_both_and_nobody_else(elm: CommunityBuilder) -> None:
    elm.tie(elm.residents["ada"], elm.residents["ben"], 3)
    elm.tie(elm.residents["ada"], elm.residents["cleo"], -3)
    both = session(elm, *ALL)

    assert Reason("company", 1) in reasons(elm, both)
    assert Reason("company", 1) in reasons(elm, both, who="ben")
    assert "company" not in codes(elm, both, who="cleo")
    assert "company" not in codes(elm, session(elm, "ada", "cleo", "dov", "esi"))


def test_a_tie_that_only_the_director_knows_is_never_told(elm: CommunityBuilder) -> None:
    elm.tie(elm.residents["ada"], elm.residents["ben"], 5, visibility="director")

    assert codes(elm, session(elm, *ALL), *busy_week(elm)) == ["open"]


def test_a_familiar_face_is_told(elm: CommunityBuilder) -> None:
    ids = {"facilitator_id": elm.facilitators["finn"].id, "resident_id": elm.residents["ada"].id}
    elm.add(FamiliarFace(community_id=elm.id, **ids))

    assert codes(elm, session(elm, *ALL), *busy_week(elm)) == ["familiar"]
    assert "familiar" not in codes(elm, session(elm, *ALL), who="ben")


@pytest.mark.parametrize(
    ("minute", "part"),
    [(705, "morning"), (720, "afternoon"), (1005, "afternoon"), (1020, "evening")],
)
def test_the_part_of_the_day_that_they_like_is_told(elm: CommunityBuilder, minute: int, part: str) -> None:
    elm.residents["ada"].times = {part: 2}
    at = session(elm, *ALL, minute=minute)
    liked = reasons(elm, at, *busy_week(elm))
    elm.residents["ada"].times = {other: 2 for other in ("morning", "afternoon", "evening") if other != part}

    assert liked == (Reason("time", 2),)
    assert codes(elm, at, *busy_week(elm)) == ["open"]


@pytest.mark.parametrize(
    ("times", "is_told"),
    [
        ({"morning": 2, "afternoon": 1}, True),
        ({"morning": 1}, False),
        ({"morning": 2, "evening": 2}, False),
    ],
)
def test_only_one_part_of_the_day_is_the_favourite(elm: CommunityBuilder, times: dict[str, int], is_told: bool) -> None:
    elm.residents["ada"].times = times

    assert codes(elm, session(elm, *ALL), *busy_week(elm)) == (["time"] if is_told else ["open"])


def test_the_living_groups_aim_is_told_to_the_members_who_are_needed(elm: CommunityBuilder) -> None:
    elm.add(
        GroupAim(
            community_id=elm.id, living_group_id=elm.groups["garden"].id, domain="creative", members=3, min_sessions=1
        )
    )
    elm.residents["ben"].living_group_id = elm.group("river").id
    served, too_few = session(elm, *ALL), session(elm, "ada", "ben", "cleo", day=5)

    assert reasons(elm, served, too_few, *busy_week(elm)) == (Reason("group_aim", 1, "creative"),)
    assert "group_aim" not in codes(elm, served, who="ben")
    assert "group_aim" not in codes(elm, too_few, *busy_week(elm))


@pytest.mark.parametrize(("others", "is_told"), [(0, True), (2, True), (3, False)])
def test_who_has_little_else_is_told_so_truly(elm: CommunityBuilder, others: int, is_told: bool) -> None:
    found = reasons(elm, session(elm, *ALL), *busy_week(elm)[:others])

    assert found == ((Reason("fair", others),) if is_told else (Reason("open"),))


def test_what_they_do_not_like_counts_among_what_else_they_are_invited_to(elm: CommunityBuilder) -> None:
    elm.wish(elm.residents["ada"], elm.activities["chess"], -1)

    assert reasons(elm, session(elm, *ALL), busy_week(elm)[0]) == (Reason("fair", 1),)
    assert reasons(elm, session(elm, *ALL), *busy_week(elm)) == (Reason("open"),)


def test_a_group_of_the_least_size_needs_everybody(elm: CommunityBuilder) -> None:
    assert reasons(elm, session(elm, "ada", "ben", "cleo"), *busy_week(elm)) == (Reason("needed", 3),)


def test_who_was_invited_before_is_at_least_told_that(elm: CommunityBuilder) -> None:
    elm.publication([Held("choir", "lounge", 1, "10:00", ["finn"], ALL, ref="told")])
    kept = session(elm, *ALL).model_copy(update={"id": "told"})

    assert codes(elm, kept, *busy_week(elm)) == ["kept"]
    elm.wish(elm.residents["ada"], elm.activities["choir"], 2)
    assert codes(elm, kept, *busy_week(elm)) == ["wish"]


def test_reasons_go_by_what_they_weigh(elm: CommunityBuilder) -> None:
    elm.wish(elm.residents["ada"], elm.activities["choir"], 2)
    elm.residents["ada"].times = {"morning": 2}
    elm.tie(elm.residents["ada"], elm.residents["ben"], 5)
    usual = codes(elm, session(elm, *ALL), *busy_week(elm))
    elm.db.get_one(CommunitySettings, elm.id).weights = {"time": 500}

    assert usual == ["company", "wish", "time"]
    assert codes(elm, session(elm, *ALL), *busy_week(elm)) == ["time", "company", "wish"]


def test_what_happened_keeps_the_reasons_it_was_published_with(elm: CommunityBuilder) -> None:
    elm.publication([Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben", "cleo"], ref="told")])
    elm.db.flush()
    source = make_problem(elm.db, elm.id, MONDAY, datetime(2026, 12, 2, 9, 0, tzinfo=UTC), repair=False)
    [told] = source.past.published.sessions if source.past.published else ()

    assert contents_of(source, [as_session(source.facts.seating, told, MONDAY, told.residents)], "run") == (told,)
    assert told.places[0].reasons == (Reason("wish", 3, said_by="resident"),)
