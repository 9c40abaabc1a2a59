"""How somebody is found by what was typed: the same on the floor and on the director's pages."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.words.spelling import find_people, letters


@dataclass(frozen=True)
class Wing:
    name: str = "Garden wing"


@dataclass(frozen=True)
class Somebody:
    name: str
    room: str
    unit: Wing = Wing()


PEOPLE = (
    Somebody("Edith Winter", "W 1"),
    Somebody("Hal O’Hara", "E 15"),
    Somebody("Ida Núñez", "E 10"),
    Somebody("Jon Łaski-Møller", "E 1"),
    Somebody("Ken Stone", "12a", Wing("River wing")),
)


@pytest.mark.parametrize(
    ("sought", "rooms"),
    [
        ("E 1", ["E 1", "E 15", "E 10", "W 1"]),  # the very room, rooms that begin so, Edith of W 1
        ("e1", ["E 1", "E 15", "E 10"]),
        ("E15", ["E 15"]),
        ("E-15", ["E 15"]),
        ("12A", ["12a"]),
        ("nunez", ["E 10"]),
        ("NÚÑ ida", ["E 10"]),
        ("laski moller", ["E 1"]),
        ("moller", ["E 1"]),
        ("hara", ["E 15"]),
        ("o'hara", ["E 15"]),
        ("ohara", ["E 15"]),
        ("river", ["12a"]),
        ("tone", []),  # words match at their beginning
        ("5", []),
        ("  ", []),
        ("-", []),
        ("ida stone", []),
    ],
)
def test_words_match_at_their_beginning_and_the_very_room_comes_first(sought: str, rooms: list[str]) -> None:
    assert [each.room for each in find_people(sought, PEOPLE)] == rooms


@given(name=st.text(min_size=1, max_size=20), room=st.text(max_size=6))
def test_everybody_is_found_by_the_whole_name(name: str, room: str) -> None:
    somebody = Somebody(name, room)

    assert find_people(name, [somebody]) == ([somebody] if letters(name) else [])
