"""Sentences agree with their numbers: of one thing no sentence speaks as of several."""

import re
from string import Formatter

import pytest

from milieu.solving.answer import sentences as milieu_sentences
from solver.model.wording.counting import Counted, counted
from solver.model.wording.words import _LISTS, _SENTENCES

PATTERNS = {**_SENTENCES, **{f"milieu {code}": text for code, text in milieu_sentences._BREACHES.items()}}
OF_ONE = re.compile(
    r"\b1 (?!is\b|has\b|does\b|was\b|uses\b|needs\b|bears\b)(?:are|have|were|need|give|use|bear|[a-z]+s)\b"
)
OF_MANY = re.compile(
    r"\b3 (?:is|has|was|needs|uses|person)\b|\b3 (?:[a-z]+ )?(?:seat|session|time|resident|minute|unit|day)\b"
)


NUMBERS = {
    *("attended", "days", "escorts", "given", "least", "level", "limit", "members", "minutes", "most", "needed"),
    *("places", "residents", "scored", "seats", "sessions", "slot", "wheelchairs"),
}


def fields(pattern: str) -> dict[str, str]:
    return {name: spec or "" for _, name, spec, _ in Formatter().parse(pattern) if name}


def told(pattern: str, number: int) -> str:
    names = fields(pattern)
    shown = {name: Counted("Ada", 1) for name in names if name not in NUMBERS}
    return pattern.format(**{name: shown.get(name, counted(number)) for name in names})


@pytest.mark.parametrize("code", sorted(PATTERNS))
def test_what_agrees_with_a_number_is_one_or_a_list(code: str) -> None:
    assert {name for name, spec in fields(PATTERNS[code]).items() if spec} <= NUMBERS | set(_LISTS)


@pytest.mark.parametrize("code", sorted(PATTERNS))
def test_one_is_one_and_three_are_three(code: str) -> None:
    assert OF_ONE.search(told(PATTERNS[code], 1)) is None
    assert OF_MANY.search(told(PATTERNS[code], 3)) is None


@pytest.mark.parametrize(
    ("template", "number", "sentence"),
    [
        ("{seats:seat}", 1, "1 seat"),
        ("{seats:seat}", 0, "0 seats"),
        ("{seats:seat}", 2, "2 seats"),
        ("{people:person is|people are} here", 1, "1 person is here"),
        ("{people:person is|people are} here", 2, "2 people are here"),
        ("the limit is {limit}", 1, "the limit is 1"),
    ],
)
def test_words_follow_their_number(template: str, number: int, sentence: str) -> None:
    name = template[1:].split(":")[0] if template.startswith("{") else "limit"

    assert template.format(**{name: counted(number)}) == sentence


def test_words_follow_a_list_of_names() -> None:
    assert "{spaces:has|have} no place".format(spaces=Counted("Hall", 1)) == "Hall has no place"
    assert "{spaces:has|have} no place".format(spaces=Counted("Hall and Barn", 2)) == "Hall and Barn have no place"
