"""What is entered on the house's pages stands in the problem document, field by field: a table of all of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid
from milieu.queries.facts.history import history_of
from milieu.services.editing.reading import Refused
from milieu.services.editing.saving import Stale
from milieu.services.house import settings as house_settings
from milieu.services.house.things import keeping
from milieu.services.house.things.kinds import ACTIVITIES, KINDS, SPACES, TEAM, Kind
from milieu.services.house.things.showing import thing_of
from milieu.services.house.weights import OF_A_REPAIR, TERMS, places_worth, sliders_of, weights_with
from milieu.services.teller import Teller
from milieu.solving.problem.document import REPAIR_WEIGHTS, WEEK_WEIGHTS, make_problem
from solver.documents.exchange import TERM_NAMES, ProblemDocument, Weights
from solver.documents.problem import OF_CHANGES
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, small_community

NEXT = date(2026, 12, 7)
Found = Callable[[ProblemDocument, dict[str, str]], Any]
"""What a problem says of what was entered; the ids by key."""


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


@pytest.fixture
def teller(elm: CommunityBuilder) -> Teller:
    return Teller(elm.id, None, NOW)


def problem(engines: Engines, elm: CommunityBuilder, monday: date = NEXT) -> ProblemDocument:
    with reading(engines) as db:
        return make_problem(db, elm.id, monday, NOW, repair=False).document


def one(rows: Any, row_id: str) -> Any:
    (found,) = (row for row in rows if row.id == row_id)
    return found


@dataclass(frozen=True)
class Entered:
    """A form of a thing: which columns say what, and what a field of the problem is then."""

    kind: str
    key: str
    typed: Mapping[str, str]
    field: str
    value: Any


def space(field: str, value: Any, **typed: str) -> Entered:
    return Entered("spaces", "lounge", typed, field, value)


def person(field: str, value: Any, **typed: str) -> Entered:
    return Entered("team", "finn", typed, field, value)


def activity(field: str, value: Any, **typed: str) -> Entered:
    return Entered("activities", "choir", typed, field, value)


TABLE = [
    space("zone", "west", zone="west"),
    space("capacity", 9, seats="9", comfort="9", wheelchair_places="4"),
    space("wheelchair_places", 3, wheelchair_places="3"),
    space("comfort", 7, comfort="7"),
    space("noise", 2, noise="2"),
    space("turnaround_minutes", 30, turnaround_minutes="30"),
    space("features", ("kitchen", "piano"), features="piano;kitchen"),
    space("open", (), months="Apr"),
    person("max_sessions_per_day", 3, max_sessions_a_day="3"),
    person("gap_minutes", 30, gap_minutes="30"),
    person("support", 11, support="11"),
    person("available", (), starts_on="2026-12-14"),
    activity("duration_minutes", 75, minutes="75"),
    activity("min_group", 4, group_min="4"),
    activity("max_group", 8, group_max="8"),
    activity("sessions.min", 2, sessions_min="2", sessions_max="2"),
    activity("sessions.max", 4, sessions_max="4"),
    activity("one_per_day", False, one_a_day=""),
    activity("days_apart", 3, days_apart="3"),
    activity("facilitators", 2, facilitators="2"),
    activity("noise", 3, noise="3"),
    activity("cost", 6, cost="6"),
    activity("by_wish", True, by_wish="yes"),
    activity("needs_features", ("piano",), features="piano"),
    activity("only", (), closed="yes"),
    activity("domains", ("creative", "open to all", "spiritual"), domains="spiritual;creative"),
]


@pytest.mark.parametrize("entered", TABLE, ids=lambda each: f"{each.kind} {each.field}")
def test_a_field_of_a_form_is_a_field_of_the_problem(
    engines: Engines, elm: CommunityBuilder, teller: Teller, entered: Entered
) -> None:
    kind = KINDS[entered.kind]
    row = {"spaces": elm.spaces, "team": elm.facilitators, "activities": elm.activities}[entered.kind][entered.key]
    with unit_of_work(engines) as db:
        held = thing_of(db, elm.id, kind, row.id, NOW.date())
        keeping.change_thing(db, teller, kind, row.id, held.version, {**held.texts, **entered.typed})

    found = problem(engines, elm)
    rows = {"spaces": found.spaces, "team": found.facilitators, "activities": found.activities}[entered.kind]
    if entered.field == "available":
        assert entered.key not in rows, "nobody who has not begun yet leads"
        assert row.id not in {each.id for each in rows}
        return
    value: Any = one(rows, row.id)
    for name in entered.field.split("."):
        value = getattr(value, name)
    assert value == entered.value


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_no_column_of_a_list_is_forgotten_on_its_page(kind: Kind) -> None:
    """A new column needs its name in `kinds` and its label in the pages' words."""
    for part in (kind.part, *(each.part for each in kind.pieces)):
        owner = {column.name for column in part.table.columns if column.attribute == part.owner}
        assert set(part.names) == set(part.table.names) - owner - {"key", "ended_on"}


def windows(given: Any) -> list[tuple[int | None, str, str]]:
    return sorted((each.day, each.from_, each.to) for each in given or ())


def add(db: DbSession, teller: Teller, of: Any, row_id: str, piece: str, **typed: str) -> None:
    given = {name.rstrip("_"): value for name, value in typed.items()}
    keeping.add_piece(db, teller, of, row_id, of.piece(piece), given)


def test_a_new_volunteer_with_a_roster_stands_in_the_problem(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    typed = {"name": "Rosa", "kind": "volunteer", "skills": "music", "leads_alone": "choir", "max_sessions_a_day": "2"}
    ada = elm.residents["ada"].id
    with unit_of_work(engines) as db:
        rosa = keeping.make_thing(db, teller, TEAM, typed).row_id
        add(db, teller, TEAM, rosa, "roster", days="Mon;Wed", from_="09:00", to="12:00")
        add(db, teller, TEAM, rosa, "roster", date="2026-12-11", from_="14:00", to="16:00")
        add(db, teller, TEAM, rosa, "roster", days="Tue", from_="09:00", to="12:00", valid_from="2026-12-15")
        add(db, teller, TEAM, rosa, "familiar", resident=ada)

    found = one(problem(engines, elm).facilitators, rosa)

    assert windows(found.available) == [(0, "09:00", "12:00"), (2, "09:00", "12:00"), (4, "14:00", "16:00")]
    assert found.familiar_to == (ada,)
    assert found.max_sessions_per_day == 2
    choir = elm.activities["choir"].id
    assert found.skills == (f"leave to lead {choir}", "music")


def test_a_changed_roster_holds_from_its_day_on(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    finn = elm.facilitators["finn"].id
    with unit_of_work(engines) as db:
        (daily,) = thing_of(db, elm.id, TEAM, finn, NOW.date()).pieces["roster"]
        keeping.end_piece(db, teller, TEAM, finn, TEAM.piece("roster"), daily.id)
        add(db, teller, TEAM, finn, "roster", days="Thu", from_="10:00", to="15:00", valid_from="2026-12-02")

    this = one(problem(engines, elm, MONDAY).facilitators, finn)
    following = one(problem(engines, elm).facilitators, finn)

    assert windows(this.available) == [(0, "09:00", "17:00"), (1, "09:00", "17:00"), (3, "10:00", "15:00")]
    assert windows(following.available) == [(3, "10:00", "15:00")]


def test_a_spaces_hours_and_neighbours_stand_in_the_problem(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    lounge, studio = elm.spaces["lounge"].id, elm.spaces["studio"].id
    with unit_of_work(engines) as db:
        add(db, teller, SPACES, lounge, "hours", days="Mon;Tue", from_="08:00", to="18:00")
        add(db, teller, SPACES, lounge, "hours", date="2026-12-12", from_="10:00", to="12:00")
        add(db, teller, SPACES, studio, "neighbours", other=lounge, kind="adjacent")

    spaces = problem(engines, elm).spaces

    assert windows(one(spaces, lounge).open) == [(0, "08:00", "18:00"), (1, "08:00", "18:00"), (5, "10:00", "12:00")]
    first, second = sorted((lounge, studio))
    assert one(spaces, first).adjacent == (second,)
    assert one(spaces, first).shares == ()


def test_an_activitys_times_and_members_stand_in_the_problem(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    choir, ada = elm.activities["choir"].id, elm.residents["ada"].id
    with unit_of_work(engines) as db:
        add(db, teller, ACTIVITIES, choir, "hours", days="Fri", from_="14:00", to="15:00")
        add(db, teller, ACTIVITIES, choir, "members", resident=ada)
        held = thing_of(db, elm.id, ACTIVITIES, choir, NOW.date())
        keeping.change_thing(db, teller, ACTIVITIES, choir, held.version, {**held.texts, "closed": "yes"})

    found = one(problem(engines, elm).activities, choir)

    assert windows(found.windows) == [(4, "14:00", "15:00")]
    assert found.only == (ada,)


def test_targets_stand_in_the_problem_and_end(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    garden = elm.groups["garden"].id
    typed = {"living_group": garden, "days": "Sat;Sun", "from": "14:00", "to": "17:00", "sessions": "2", "members": "2"}
    with unit_of_work(engines) as db:
        keeping.add_aim(db, teller, {**typed, "weight": "3"})

    offers = [each for each in problem(engines, elm).offers if each.group == garden]

    assert [(each.day, each.from_, each.to, each.members, each.min, each.weight) for each in offers] == [
        (5, "14:00", "17:00", 2, 2, 3),
        (6, "14:00", "17:00", 2, 2, 3),
    ]


SET = [
    ({"timezone": "Europe/Dublin"}, lambda found: found.horizon.timezone, "Europe/Dublin"),
    ({"grid_minutes": "5"}, lambda found: found.horizon.slot_minutes, 5),
    ({"sessions_a_day": "3"}, lambda found: found.offers[0].min, 3),
    ({"escorts": "4"}, lambda found: found.escorts.default, 4),
]


@pytest.mark.parametrize(("typed", "field", "value"), SET)
def test_a_setting_stands_in_the_problem_and_is_undone(
    engines: Engines, elm: CommunityBuilder, teller: Teller, typed: dict[str, str], field: Any, value: Any
) -> None:
    with unit_of_work(engines) as db:
        shown = house_settings.settings_of(db, elm.id)
        house_settings.change_settings(db, teller, shown.version, {**shown.texts, **typed})

    assert field(problem(engines, elm)) == value
    with reading(engines) as db:
        (line,) = history_of(db, elm.id, [elm.id])
        again = house_settings.settings_of(db, elm.id)
        assert {name: text for name, text in again.texts.items() if text != shown.texts[name]} == typed
        assert house_settings.may_undo(db, elm.id, line.verb, line.after)
    with unit_of_work(engines) as db:
        house_settings.undo_settings(db, teller, line.id)
    with reading(engines) as db:
        assert house_settings.settings_of(db, elm.id).texts == shown.texts
    with unit_of_work(engines) as db, pytest.raises(Conflict):
        house_settings.undo_settings(db, teller, line.id)
    with unit_of_work(engines) as db, pytest.raises(Stale):
        house_settings.change_settings(db, teller, shown.version, {**shown.texts, **typed, "name": "Elms"})


def test_windows_of_escorts_and_ways_stand_in_the_problem(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    window = {"days": "Mon", "from": "09:00", "to": "12:00", "escorts": "6"}
    with unit_of_work(engines) as db, pytest.raises(Refused):
        house_settings.add_window(db, teller, window)
    with unit_of_work(engines) as db:
        shown = house_settings.settings_of(db, elm.id)
        house_settings.change_settings(db, teller, shown.version, {**shown.texts, "escorts": "2"})
        house_settings.add_window(db, teller, window)
        house_settings.set_way(db, teller, {"from": "river", "to": "garden", "minutes": "4"})

    found = problem(engines, elm)

    assert found.escorts is not None
    assert [(each.day, each.from_, each.to, each.capacity) for each in found.escorts.windows] == [
        (0, "09:00", "12:00", 6)
    ]
    assert (found.escorts.default, found.travel) == (2, {"garden": {"river": 4}})
    with unit_of_work(engines) as db:
        held = house_settings.settings_of(db, elm.id).windows[0]
        house_settings.end_windows(db, teller, 0, [dict(held)])
        house_settings.end_way(db, teller, "river", "garden")
    with unit_of_work(engines) as db, pytest.raises(Conflict):
        house_settings.end_windows(db, teller, 0, [dict(held)])
    assert (problem(engines, elm).travel, problem(engines, elm).escorts.windows) == ({}, ())  # type: ignore[union-attr]


def test_a_grid_that_leaves_times_beside_it_is_refused(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    with reading(engines) as db:
        shown = house_settings.settings_of(db, elm.id)
    with unit_of_work(engines) as db, pytest.raises(Refused) as refused:
        house_settings.change_settings(db, teller, shown.version, {**shown.texts, "grid_minutes": "30"})
    assert list(refused.value.faults) == ["grid_minutes"]
    assert "activity" in refused.value.faults["grid_minutes"]


@pytest.mark.parametrize("term", TERMS)
def test_each_slider_is_a_weight_of_the_problem(
    engines: Engines, elm: CommunityBuilder, teller: Teller, term: str
) -> None:
    (slider,) = (each for each in sliders_of(None) if each.term == term)
    wanted = weights_with(None, {term: slider.most})
    with unit_of_work(engines) as db:
        version = house_settings.settings_of(db, elm.id).version
        house_settings.set_weights(db, teller, version, wanted)

    found, usual = problem(engines, elm).weights, Weights(**WEEK_WEIGHTS)

    for name in TERM_NAMES:
        held, given = getattr(usual, name), getattr(found, name)
        by = 4 if name == term else 1
        assert given == (tuple(each * by for each in held) if isinstance(held, tuple) else held * by)


def test_sliders_leave_alone_what_is_not_moved() -> None:
    assert set(TERMS) | set(OF_CHANGES) == set(TERM_NAMES)
    assert weights_with(None, {}) is None
    assert weights_with({"interest": 5}, {"walk": 0}) == {"interest": 5, "walk": 0}
    by_hand = {each.term: each for each in sliders_of({"interest": 5})}
    assert (by_hand["interest"].is_by_hand, by_hand["walk"].is_by_hand) == (True, False)
    usual = {each.term: each.usual for each in sliders_of(None)}
    assert weights_with({"walk": 0, "interest": 8}, usual) is None
    assert [each.most for each in sliders_of(None) if each.term == "walk"] == [3]
    with pytest.raises(Invalid):
        weights_with(None, {"walk": 4})


def test_windows_of_days_in_a_row_are_one_line_and_go_together(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    week = {"days": "Mon;Tue;Wed", "from": "09:00", "to": "12:00", "escorts": "6"}
    with unit_of_work(engines) as db:
        shown = house_settings.settings_of(db, elm.id)
        house_settings.change_settings(db, teller, shown.version, {**shown.texts, "escorts": "2"})
        house_settings.add_window(db, teller, week)
        house_settings.add_window(db, teller, {**week, "days": "Thu", "escorts": "5"})
        house_settings.add_window(db, teller, {**week, "days": ""})
        held = house_settings.settings_of(db, elm.id).windows

        runs = house_settings.in_runs(held)

        assert [[each.get("day") for each in run] for run in runs] == [[0, 1, 2], [3], [None]]
        house_settings.end_windows(db, teller, 0, runs[0])
        assert house_settings.in_runs(house_settings.settings_of(db, elm.id).windows) == runs[1:]
        with pytest.raises(Conflict):
            house_settings.end_windows(db, teller, 0, runs[0])


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u2060", "\u00a0"])
def test_letters_that_nobody_sees_make_no_second_thing_and_no_second_link(
    engines: Engines, elm: CommunityBuilder, teller: Teller, unseen: str
) -> None:
    gita, ada = elm.facilitators["gita"].id, elm.residents["ada"].id
    with unit_of_work(engines) as db:
        keeping.add_piece(db, teller, TEAM, gita, TEAM.piece("familiar"), {"resident": ada})
    for typed in (f"Lounge{unseen}", f"{unseen}lounge"):
        with unit_of_work(engines) as db, pytest.raises(Refused):
            keeping.make_thing(db, teller, SPACES, {"name": typed, "seats": "4", "noise": "0"})
    with unit_of_work(engines) as db, pytest.raises(Refused):
        keeping.add_piece(db, teller, TEAM, gita, TEAM.piece("familiar"), {"resident": f"{ada}{unseen}"})
    with unit_of_work(engines) as db:
        keeping.make_thing(db, teller, SPACES, {"name": "Caf\u00e9", "seats": "4", "noise": "0"})
    with unit_of_work(engines) as db, pytest.raises(Refused):
        keeping.make_thing(db, teller, SPACES, {"name": "Cafe\u0301", "seats": "4", "noise": "0"})


@pytest.mark.parametrize("term", OF_CHANGES)
def test_each_slider_of_a_repair_is_a_weight_of_its_problem_and_never_nothing(
    engines: Engines, elm: CommunityBuilder, teller: Teller, term: str
) -> None:
    (slider,) = (each for each in sliders_of(None, OF_A_REPAIR) if each.term == term)
    assert not slider.has_none
    for step, by in ((slider.most, 4), (0, 0.5)):
        with unit_of_work(engines) as db:
            shown = house_settings.settings_of(db, elm.id)
            wanted = weights_with(shown.repair_weights, {term: step}, OF_A_REPAIR)
            house_settings.set_weights(db, teller, shown.version, wanted, of_a_repair=True)
        with reading(engines) as db:
            found = make_problem(db, elm.id, MONDAY, NOW, repair=True).document.weights
        for name in OF_CHANGES:
            assert getattr(found, name) == int(REPAIR_WEIGHTS[name] * (by if name == term else 1) + 0.5)
        assert problem(engines, elm).weights == Weights(**WEEK_WEIGHTS), "a new plan goes by its own"


def test_what_a_change_costs_is_told_in_places_that_people_love() -> None:
    worth = {each.term: places_worth(each, None) for each in sliders_of(None, OF_A_REPAIR)}
    assert worth == {"cancel": 3, "move": 2, "relocate": 0.4, "drop": 2.25, "relead": 2}
    (drop,) = (each for each in sliders_of({"drop": 90}, OF_A_REPAIR) if each.term == "drop")
    assert (places_worth(drop, {"interest": 2}), places_worth(drop, {"interest": 0})) == (9, None)
