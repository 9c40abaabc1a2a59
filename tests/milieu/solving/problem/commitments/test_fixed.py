"""What people fixed is kept as far as it can be had: no fact that is told later leaves the week without any plan."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Outbreak, Pin
from milieu.models.weeks.plans import MEANT_FOR
from milieu.solving.problem.commitments import demands
from milieu.solving.problem.document import ProblemSource, make_problem
from solver.documents.exchange import AttendPin, SessionPin
from solver.infeasibility.conflict import find_conflict
from solver.instance.compilation import compile_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.patience import PROVING

FRIDAY = MONDAY + timedelta(days=4)
FACTS: dict[str, tuple[Callable[[CommunityBuilder], object], list[str]]] = {
    "in hospital": (lambda elm: elm.busy(elm.residents["ada"], "00:00", "24:00", kind="hospital"), ["pin_away"]),
    "a no to the activity": (
        lambda elm: elm.refusal(elm.residents["ada"], activity=elm.activities["choir"]),
        ["pin_refused"],
    ),
    "a no to the place": (
        lambda elm: elm.refusal(elm.residents["ada"], space=elm.spaces["lounge"]),
        ["pin_refused"],
    ),
    "a no to who leads": (
        lambda elm: elm.refusal(elm.residents["ada"], facilitator=elm.facilitators["finn"]),
        ["pin_refused"],
    ),
    "kept apart": (lambda elm: elm.tie(elm.residents["ada"], elm.residents["ben"], None), ["pin_away"]),
    "fewer seats": (lambda elm: setattr(elm.spaces["lounge"], "capacity", 2), ["pin_away"]),
    "an outbreak": (
        lambda elm: elm.add(Outbreak(community_id=elm.id, living_group_id=elm.groups["river"].id, valid_from=FRIDAY)),
        ["pin_away"],
    ),
    "too few can": (
        lambda elm: [elm.busy(elm.residents[key], "15:00", "15:30") for key in ("ada", "ben")],
        ["pin_away", "pin_away", "pin_few"],
    ),
}


def fix(elm: CommunityBuilder, ref: str, start: str, *people: str, activity: str = "choir") -> None:
    """Fix a session on Friday that is meant for some."""
    meant = {"groups": [], "residents": [elm.residents[key].id for key in people]}
    fixed = {
        "activity": elm.activities[activity].id,
        "day": 4,
        "start": start,
        "space": elm.spaces["lounge"].id,
        "facilitators": [elm.facilitators["finn"].id],
        **({MEANT_FOR: meant} if people else {}),
    }
    elm.add(Pin(community_id=elm.id, week_start=MONDAY, session_ref=ref, kind="session", fixed=fixed, made_at=NOW))


def week(engines: Engines, elm: CommunityBuilder) -> ProblemSource:
    with reading(engines) as db:
        return make_problem(db, elm.id, MONDAY, NOW, repair=True)


def is_held(source: ProblemSource) -> bool:
    """Whether no clash is proved; where there is a week, one is found."""
    return find_conflict(compile_problem(source.document, source.digest), time.monotonic() + PROVING) is None


@pytest.mark.parametrize("fact", FACTS)
def test_who_cannot_be_there_by_now_is_fixed_no_more_and_the_week_can_be_held(engines: Engines, fact: str) -> None:
    happens, told = FACTS[fact]
    with unit_of_work(engines) as db:
        elm = small_community(db)
        fix(elm, "concert", "15:00", "ada", "ben", "esi")
        happens(elm)

    source = week(engines, elm)

    assert sorted(note.code for note in source.notes) == told
    pins = source.document.pins
    left = 0 if demands.PIN_FEW in told else 3 - len(told)
    assert sum(isinstance(pin, AttendPin) for pin in pins) == left
    assert any(isinstance(pin, SessionPin) for pin in pins) == (left > 0)
    assert is_held(source)


def test_nobody_is_fixed_in_two_things_at_once(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        fix(elm, "concert", "15:00", "ada", "ben", "esi")
        fix(elm, "walk", "15:30", "ada", "cleo", "fay", activity="walk")

    codes = [note.code for note in week(engines, elm).notes]

    assert codes == [demands.PIN_AWAY]


@pytest.mark.parametrize(
    ("most", "refs", "allowed"),
    [
        (1, ("concert",), 2),  # besides what is published
        (1, ("concert", "matinee"), 3),
        (5, ("concert",), 5),
        (0, ("concert",), 1),
    ],
)
def test_what_is_fixed_comes_besides_what_is_published(
    engines: Engines, most: int, refs: tuple[str, ...], allowed: int
) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.activities["choir"].sessions_max, elm.activities["choir"].one_per_day = most, True
        elm.publication([Held("choir", "lounge", 4, "10:00", ["finn"], ["ada", "ben"], ref="usual")])
        for ref, start in zip(refs, ("15:00", "13:00"), strict=False):
            fix(elm, ref, start)

    source = week(engines, elm)

    [choir] = [row for row in source.document.activities if row.id == elm.activities["choir"].id]
    assert (choir.sessions.max, choir.one_per_day) == (allowed, False)
    assert is_held(source)


def test_what_was_fixed_and_is_over_still_leaves_room_for_the_rest(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.activities["choir"].sessions_max = 1
        fix(elm, "concert", "15:00")
        elm.publication(
            [
                Held("choir", "lounge", 4, "15:00", ["finn"], ["ada", "ben"], ref="concert"),
                Held("choir", "lounge", 5, "10:00", ["finn"], ["ada", "ben"], ref="usual"),
            ]
        )
    with reading(engines) as db:
        source = make_problem(db, elm.id, MONDAY, NOW + timedelta(days=3), repair=True)

    [choir] = [row for row in source.document.activities if row.id == elm.activities["choir"].id]
    assert [note.code for note in source.notes] == [demands.PIN_PAST]
    assert choir.sessions.max == 2
