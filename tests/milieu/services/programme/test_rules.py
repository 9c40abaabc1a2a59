"""What authorities ask of a month, and the shape of a week, counted from what was published; on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Attendance
from milieu.services.programme.packs import PACKS
from milieu.services.programme.rules import BROKEN, HOLDS, OPEN, RuleState, rules_in
from milieu.services.programme.shape import Shape, shape_of
from tests.milieu.builders import NOW, CommunityBuilder, Held, small_community

FEBRUARY = date(2027, 2, 1)
"""A month of four whole weeks, from Monday to Sunday."""
EVENING = Held("choir", "lounge", 5, "19:00", ["finn"], ["ada", "ben"])


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


def publish(engines: Engines, elm: CommunityBuilder, held: list[Held], weeks: int = 4) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        for number in range(weeks):
            elm.publication([_named(each, number) for each in held], week_start=FEBRUARY + timedelta(weeks=number))


def _named(held: Held, number: int) -> Held:
    return replace(held, ref=f"{held.activity}-{held.day}-{held.start}-{number}")


def states(engines: Engines, elm: CommunityBuilder) -> dict[str, RuleState]:
    with reading(engines) as db:
        found = rules_in(db, elm.id, "Europe/London", FEBRUARY)
    return {state.rule.key: state for pack in found for state in pack.rules}


def test_every_rule_has_a_key_of_its_own_a_text_and_a_source() -> None:
    rules = [rule for pack in PACKS for rule in pack.rules]

    assert len({rule.key for rule in rules}) == len(rules)
    assert all(rule.text.endswith(".") and rule.source for rule in rules)


def test_a_month_that_nobody_published_breaks_nothing_and_holds_nothing(
    engines: Engines, elm: CommunityBuilder
) -> None:
    assert {state.state for state in states(engines, elm).values()} == {OPEN}


def test_what_is_broken_is_told_with_its_days(engines: Engines, elm: CommunityBuilder) -> None:
    publish(engines, elm, [Held("choir", "lounge", day, "10:00", ["finn"], ["ada"]) for day in range(6)])

    found = states(engines, elm)

    sundays = tuple(FEBRUARY + timedelta(days=6 + 7 * week) for week in range(4))
    mondays = tuple(FEBRUARY + timedelta(weeks=week) for week in range(4))
    assert (found["minnesota-daily"].state, found["minnesota-daily"].days) == (BROKEN, sundays)
    assert (found["colorado-evening"].state, found["colorado-evening"].days) == (BROKEN, mondays)
    assert found["colorado-weekend"].state == HOLDS  # the choir on Saturday
    assert found["colorado-kinds"].domains == ("cognitive", "physical", "spiritual")
    assert found["north-carolina-hours"].state == BROKEN  # six times three quarters of an hour
    assert found["minnesota-ahead"].state == HOLDS  # all was published in the autumn before
    assert found["texas-small"].state == HOLDS


def test_an_evening_is_one_from_five_o_clock_on(engines: Engines, elm: CommunityBuilder) -> None:
    publish(engines, elm, [EVENING])

    assert states(engines, elm)["colorado-evening"].state == HOLDS


@pytest.mark.parametrize(
    ("more", "state"), [([], BROKEN), ([("chess", "studio")], HOLDS), ([("walk", "lounge")], HOLDS)]
)
def test_who_said_no_to_a_large_group_had_a_small_one_that_day(
    engines: Engines, elm: CommunityBuilder, more: list[tuple[str, str]], state: str
) -> None:
    small = [Held(what, where, 2, "14:00", ["finn"], ["ada"]) for what, where in more]
    publish(engines, elm, [Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"]), *small])
    with unit_of_work(engines) as db:
        db.add(
            Attendance(
                community_id=elm.id,
                session_ref="choir-2-10:00-0",
                resident_id=elm.residents["ada"].id,
                on_date=FEBRUARY + timedelta(days=2),
                outcome="declined",
                was_invited=True,
                marked_at=NOW,
                tapped_at=NOW,
                number=1,
                key="tap-1",
            )
        )

    found = states(engines, elm)["texas-small"]

    assert found.state == state
    assert found.people == ((elm.residents["ada"].id,) if state == BROKEN else ())


def test_the_shape_of_a_week_is_counted_session_by_session(engines: Engines, elm: CommunityBuilder) -> None:
    held = [EVENING, Held("chess", "studio", 0, "14:00", ["finn", "gita"], ["cleo", "dov"])]
    publish(engines, elm, held, weeks=1)

    def shape(*refs: str) -> Shape:
        with reading(engines) as db:
            return shape_of(db, elm.id, FEBRUARY, refs, NOW, is_draft=False)

    found = shape("choir-5-19:00-0", "chess-0-14:00-0")
    assert dict(found.domains) == {"creative": 45, "cognitive": 60}
    assert sum(slot.groups for slot in found.slots) == 2
    assert (found.weekend, found.sizes[0]) == (1, 2)
    assert {each.name: each.minutes for each in found.led if each.minutes} == {"Finn Made-Up": 105, "Gita Made-Up": 60}
    assert sum(asked for _name, asked, _people in found.units) == 4
    assert shape("chess-0-14:00-0").weekend == 0  # what is called off is no part of it
