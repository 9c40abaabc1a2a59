"""What a new week changes, session by session: people, room, leaders, and the facts behind it."""

from datetime import date, timedelta

import pytest

from milieu.services.weeks.changes import Changes, compare
from milieu.solving.contents import Place, SessionContent
from tests.milieu.builders import MONDAY


def session(
    ref: str,
    *residents: str,
    day: date = MONDAY,
    start: int = 600,
    space: str = "lounge",
    led: tuple[str, ...] = ("f",),
) -> SessionContent:
    return SessionContent(
        ref,
        "choir",
        space,
        "Choir",
        space,
        ("social",),
        day,
        start,
        start + 45,
        12,
        False,
        led,
        tuple(Place(each) for each in residents),
    )


def changes(before: list[SessionContent] | None, after: list[SessionContent]) -> Changes:
    return compare(before, after, here={"ada", "ben"}, is_open=lambda each: each.on_date >= MONDAY)


A = session("a", "ada")


@pytest.mark.parametrize(
    ("before", "after", "kind", "stay", "asked", "left"),
    [
        ([A], [], "cancelled", (), (), ("ada",)),
        ([A], [session("a", "ada", "ben", start=615)], "moved", ("ada",), ("ben",), ()),
        ([A], [session("a", "ben", day=MONDAY + timedelta(days=2))], "moved", (), ("ben",), ("ada",)),
        ([A], [session("a", "ada", space="hall", led=("g",))], "relocated", ("ada",), (), ()),
        ([A], [session("a", "ada", led=("g",))], "led", ("ada",), (), ()),
        ([A], [session("a", "ada", led=("f", "g"))], "led", ("ada",), (), ()),
        ([A], [session("a", "ada", "ben")], "invited", ("ada",), ("ben",), ()),
        ([], [A], "new", (), ("ada",), ()),
        ([session("a", "ada", "gone")], [A], "invited", ("ada",), (), ("gone",)),
    ],
    ids=["gone", "moved", "moved day", "room", "leader", "one more leader", "people", "new", "who left"],
)
def test_a_session_tells_all_that_changes_in_one(
    before: list[SessionContent],
    after: list[SessionContent],
    kind: str,
    stay: tuple[str, ...],
    asked: tuple[str, ...],
    left: tuple[str, ...],
) -> None:
    [change] = changes(before, after).sessions

    assert (change.kind, change.stay, change.asked, change.left) == (kind, stay, asked, left)


def test_what_is_the_same_and_what_has_begun_are_no_changes() -> None:
    begun = session("b", "ada", day=MONDAY - timedelta(days=1))

    assert changes([A, begun], [A]).sessions == ()


def test_a_change_of_leaders_is_one_although_nobody_is_told_otherwise() -> None:
    found = changes([A], [session("a", "ada", led=("g",))]).named({"f": "Finn", "g": "Gita", "ada": "Ada"})

    assert (found.people, len(found.sessions), found.sessions[0].has_other_leaders) == ((), 1, True)
    before, after = found.sessions[0].before, found.sessions[0].after
    assert before is not None
    assert after is not None
    assert (before.leaders, after.leaders) == (("Finn",), ("Gita",))


def test_the_facts_behind_stand_with_their_session() -> None:
    found = changes([A, session("b", "ben")], []).explained({"a": ("Lounge is closed.",)})

    assert {each.ref: each.because for each in found.sessions} == {"a": ("Lounge is closed.",), "b": ()}


def test_what_falls_away_comes_first_and_what_is_new_last() -> None:
    new, moved = session("n", start=480), session("m", start=900)

    found = changes([A, session("m", start=540)], [new, moved]).sessions

    assert [each.kind for each in found] == ["cancelled", "moved", "new"]
