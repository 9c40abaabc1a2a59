"""What is behind a change that no fact asks for by itself: whose place it makes way for, or whom it spares."""

from datetime import date, timedelta

import pytest

from milieu.causes import LEFT_OUT, MADE_WAY, STAFF, Cause
from milieu.services.weeks.behind import by_person, with_what_followed
from milieu.services.weeks.changes import Changes, PersonChange, SessionChange, Told

MONDAY = date(2026, 11, 30)
AWAY = (Cause(STAFF, "finn", said="Finn is away."),)


def told(ref: str, day: int, hour: int, *, space: str = "Lounge", leaders: tuple[str, ...] = ("finn",)) -> Told:
    return Told(ref, ref.title(), MONDAY + timedelta(days=day), hour * 60, hour * 60 + 45, space, leaders)


def change(ref: str, before: Told | None, after: Told | None, *people: str, **more: object) -> SessionChange:
    fields = {"kind": "moved", "is_visit": False, "residents": frozenset(people), **more}
    return SessionChange(ref=ref, before=before, after=after, **fields)


CHOIR = change("choir", told("choir", 0, 10), told("choir", 1, 10), "ada", because=AWAY)


def behind(other: SessionChange, *people: PersonChange, before: tuple[str, ...] = ("ada", "ben")) -> tuple[Cause, ...]:
    """What is behind a change beside the choir's, which a fact has moved to Tuesday at ten."""
    changes = with_what_followed(Changes(False, people, (CHOIR, other)), frozenset(before))
    assert changes.sessions[0] == CHOIR
    return changes.sessions[1].because


@pytest.mark.parametrize(
    ("was", "people", "makes_way"),
    [
        (told("chess", 1, 10, leaders=("gita",)), "ben", True),  # its room
        (told("chess", 1, 10, space="Studio"), "ben", True),  # its leader
        (told("chess", 1, 10, space="Studio", leaders=("gita",)), "ada", True),  # somebody who is in both
        (told("chess", 1, 10, space="Studio", leaders=("gita",)), "ben", False),
        (told("chess", 1, 11), "ben", True),  # a quarter of an hour after the choir: no time to put the room in order
        (told("chess", 1, 12), "ben", False),
        (told("chess", 2, 10), "ben", False),
    ],
)
def test_it_makes_way_for_what_a_fact_has_moved(was: Told, people: str, makes_way: bool) -> None:
    because = behind(change("chess", was, told("chess", 4, 15), people))

    expected = (Cause(MADE_WAY, detail="choir", said="It makes way for Choir on Tuesday at 10:00."),)
    assert because == (expected if makes_way else ())


def test_it_makes_way_for_what_somebody_has_on_a_day_on_which_they_may_have_no_more() -> None:
    chess = told("chess", 1, 15, space="Studio", leaders=("gita",))
    without_ada = change("chess", chess, chess, "ada", "ben", left=("ada",))
    without_ben = change("chess", chess, chess, "ada", "ben", left=("ben",))

    assert [each.kind for each in behind(without_ada)] == [MADE_WAY]
    assert behind(without_ben) == ()


def test_it_makes_way_for_what_somebody_is_asked_to_instead_on_another_day() -> None:
    """The tea in its smaller room needs Ben, as three must be there; his week is full, he leaves Thursday's chess."""
    tea = change("tea", told("tea", 0, 10), told("tea", 0, 10, space="Studio"), "ben", asked=("ben",), because=AWAY)
    chess = told("chess", 3, 15, space="Garden", leaders=("gita",))
    without = {
        who: change("chess", chess, chess, "ben", "cleo", left=(who,), kind="invited") for who in ("ben", "cleo")
    }
    found = {
        who: with_what_followed(Changes(False, (), (tea, each)), frozenset({"ben", "cleo"})).sessions[1].because
        for who, each in without.items()
    }

    assert [(each.kind, each.detail) for each in found["ben"]] == [(MADE_WAY, "tea")]
    assert found["cleo"] == ()


def test_it_makes_way_for_what_its_leader_leads_instead_that_day() -> None:
    """Finn comes to lead the choir on Tuesday and leads the chess no longer; where he still does, nothing made way."""
    chess = told("chess", 1, 15, space="Studio")
    by_gita = change("chess", chess, told("chess", 1, 15, space="Studio", leaders=("gita",)), "ben")
    still = change("chess", chess, chess, "ben", asked=("cleo",))

    assert [each.kind for each in behind(by_gita)] == [MADE_WAY]
    assert behind(still, before=("ada", "ben", "cleo")) == ()


def test_it_spares_who_was_told_of_nothing_or_has_lost_something() -> None:
    walk = change("walk", told("walk", 3, 10), told("walk", 3, 15), "fay", "ben", asked=("fay",))
    [cause] = behind(walk)
    assert (cause.kind, cause.people) == (LEFT_OUT, ("fay",))

    assert behind(walk, before=("ada", "ben", "fay")) == ()
    moved = PersonChange("fay", "moved", told("choir", 0, 10), told("choir", 1, 10))
    assert behind(walk, moved, before=("ada", "ben", "fay")) == ()
    lost = PersonChange("fay", "cancelled", told("choir", 0, 10), None)
    assert [each.kind for each in behind(walk, lost, before=("ada", "ben", "fay"))] == [LEFT_OUT]


def test_it_makes_way_for_what_has_made_way_itself() -> None:
    """Chess leaves the choir's room for the studio, the walk the studio for the garden, in which the tea loses Dov."""
    chess = change("chess", told("chess", 1, 10, leaders=("gita",)), told("chess", 1, 10, space="Studio"), "ben")
    studio, garden = (told("walk", 1, 10, space=space, leaders=("hal",)) for space in ("Studio", "Garden"))
    walk = change("walk", studio, garden, "cleo")
    tea = told("tea", 1, 10, space="Garden", leaders=("ida",))
    guests = change("tea", tea, tea, "dov", left=("dov",), kind="invited")
    for order in ((CHOIR, chess, walk, guests), (guests, walk, chess, CHOIR)):
        found = with_what_followed(Changes(False, (), order), frozenset({"ada", "ben", "cleo", "dov"}))
        details = {each.ref: [cause.detail for cause in each.because] for each in found.sessions}

        assert details == {"choir": [""], "chess": ["choir"], "walk": ["chess"], "tea": ["walk"]}


def test_it_makes_no_way_for_what_has_other_guests_alone() -> None:
    """The walk has Fay too, who would be left out; the chess at the same time loses Ben for nothing."""
    walk = told("walk", 1, 14)
    with_fay = change("walk", walk, walk, "fay", "ben", asked=("fay",), kind="invited")
    chess = told("chess", 1, 14, space="Studio", leaders=("gita",))
    without_ben = change("chess", chess, chess, "ben", left=("ben",), kind="invited")
    found = with_what_followed(Changes(False, (), (CHOIR, with_fay, without_ben)), frozenset({"ada", "ben"}))

    assert [[each.kind for each in change.because] for change in found.sessions] == [[STAFF], [LEFT_OUT], []]


def test_what_facts_asked_for_is_told_by_them_alone() -> None:
    changes = with_what_followed(Changes(False, (), (CHOIR, CHOIR)), frozenset())

    assert [each.because for each in changes.sessions] == [AWAY, AWAY]


def test_each_thing_that_is_no_longer_as_told_is_kept_with_what_is_behind_it() -> None:
    people = (
        PersonChange("ada", "moved", CHOIR.before, CHOIR.after),
        PersonChange("ben", "new", None, told("chess", 3, 10)),
        PersonChange("cleo", "cancelled", told("walk", 3, 10), None),
    )

    assert by_person(Changes(False, people, (CHOIR,))) == [
        {"kind": "moved", "session": "choir", "resident": "ada", "because": [STAFF]}
    ]
