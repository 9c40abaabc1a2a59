"""What stands in the way of a week, told by name, day and time."""

import re
from pathlib import Path
from string import Formatter

import pytest

import solver.model.rules
from milieu.solving.answer.sentences import _BREACHES, _NOTES, Sentences
from milieu.solving.problem.commitments import demands
from milieu.solving.problem.commitments.demands import Note
from solver.documents.exchange import (
    Horizon,
    PinDemand,
    PinnedSession,
    ProblemDocument,
    RequiredDemand,
    Resident,
    Session,
    SessionPin,
)
from solver.model.reasons import breach
from solver.model.wording.counting import counted
from solver.model.wording.words import OF_RULES

NAMES = {"ada00000000": "Ada Brown", "choir000000": "Choir", "hall0000000": "Hall", "finn0000000": "Finn Gray"}
TUESDAY = Session(
    id="2026-W49-1", activity="choir000000", day=1, start="10:00", space="hall0000000", facilitators=(), residents=()
)
HORIZON = Horizon(start="2026-11-30", days=7, slot_minutes=15, timezone="Europe/London")
NAMED = {"resident", "other_resident", "session", "other", "activity", "space", "facilitator", "names", "skills"}
NAMED |= {"day", "minute", "times"}
PINNED = PinnedSession(id="2026-W49-2", activity="choir000000", day=2, start="14:30")


@pytest.fixture
def words() -> Sentences:
    problem = ProblemDocument.model_validate(
        {
            "format": "milieu-problem/2",
            "name": "elm",
            "spaces": [],
            "facilitators": [],
            "activities": [],
            "horizon": {"start": "2026-11-30", "days": 7, "slot_minutes": 15, "timezone": "Europe/London"},
            "residents": [],
            "pins": [SessionPin(session=PINNED)],
        }
    )
    return Sentences(NAMES, problem, [TUESDAY])


def test_a_broken_rule_is_told_by_name_day_and_time(words: Sentences) -> None:
    found = breach("R4", "not_available", session="2026-W49-1", facilitator="finn0000000")

    assert words.of_breach(found) == "Finn Gray is not there for Choir on Tuesday at 10:00."


def test_days_and_minutes_are_words(words: Sentences) -> None:
    found = breach("R12", "escorts", day=4, minute=605, needed=3, escorts=2)

    assert words.of_breach(found) == "3 people need somebody to walk with them on Friday at 10:05; 2 can."


@pytest.mark.parametrize(
    ("liking", "told"),
    [
        (-1, "Ada Brown does not like Choir and is invited to Choir on Tuesday at 10:00."),
        (3, "Ada Brown has said no to Choir and is invited to Choir on Tuesday at 10:00."),
    ],
)
def test_a_dislike_is_told_as_one(liking: int, told: str) -> None:
    ada = Resident(id="ada00000000", interests={"choir000000": liking})
    problem = ProblemDocument(name="elm", horizon=HORIZON, spaces=(), facilitators=(), activities=(), residents=(ada,))
    found = breach("R8", "refuses_activity", session="2026-W49-1", resident="ada00000000", activity="choir000000")

    assert Sentences(NAMES, problem, [TUESDAY]).of_breach(found) == told


def test_lists_of_ids_are_lists_of_names(words: Sentences) -> None:
    found = breach("FORM", "unknown", session="2026-W49-1", names=("ada00000000", "finn0000000"))

    assert words.of_breach(found) == ("Choir on Tuesday at 10:00 names what is no longer there: Ada Brown, Finn Gray.")


def test_what_has_no_sentence_of_ours_has_the_solvers_with_names(words: Sentences) -> None:
    found = breach("FORM", "id_twice", session="2026-W49-1", sessions=2)

    assert words.of_breach(found) == "The session id Choir on Tuesday at 10:00 stands 2 times."


def test_every_rule_has_a_sentence() -> None:
    assert OF_RULES.keys() <= _BREACHES.keys()


def test_one_of_anything_is_told_as_one() -> None:
    """With 1 in all gaps for numbers: behind it stands no word that stands behind a 2 as well and is a plural."""
    for code, pattern in _BREACHES.items():
        gaps = {gap for _text, gap, _words, _conversion in Formatter().parse(pattern) if gap}
        one, two = (
            pattern.format(**{gap: "Choir" if gap in NAMED else counted(number) for gap in gaps}) for number in (1, 2)
        )
        behind = {*re.findall(r"\b1 (\w+)", one)} & {*re.findall(r"\b2 (\w+)", two)}
        assert not [word for word in behind if word.endswith("s") or word in ("people", "are", "were", "have")], code


def test_each_sentence_is_told_once(words: Sentences) -> None:
    found = breach("R4", "not_available", session="2026-W49-1", facilitator="finn0000000")

    assert len(words.of_breaches([found, found])) == 1


def test_demands_are_told_by_name(words: Sentences) -> None:
    required = RequiredDemand(resident="ada00000000", activity="choir000000")

    assert words.of_demand(required) == "Ada Brown's care plan asks for Choir."
    assert words.of_breach(breach("R6", "too_few", activity="choir000000", sessions=2, least=4, by=2)) == (
        "Choir is held twice; at least 4 are asked for."
    )
    assert words.of_demand(PinDemand(pin=0)) == "Choir on Wednesday at 14:30 is fixed."


def test_notes_are_told_by_name_with_what_was_and_is(words: Sentences) -> None:
    note = Note(demands.LOWERED, activity="choir000000", resident="ada00000000", was=3, now=1)

    never = Note(demands.COUNT_LOWERED, activity="choir000000", was=1)
    said_no = Note(demands.VISIT_REFUSED, activity="choir000000", resident="ada00000000", was=1)

    assert words.of_note(note) == "Ada Brown can come to Choir once this week; 3 times is asked for."
    assert words.of_note(never) == "Choir cannot be held this week; once is asked for."
    assert words.of_note(said_no) == "Ada Brown has said no to Choir, so that it is not held this week."
    assert words.of_note(Note(demands.PIN_GONE, session="nothing")).startswith("Something fixed for a session")


def test_every_note_has_a_sentence(words: Sentences) -> None:
    codes = {value for name, value in vars(demands).items() if name.isupper() and isinstance(value, str)}

    assert codes == set(_NOTES)
    assert all(words.of_note(Note(code)) for code in codes)


def test_sentences_use_only_facts_that_their_breaches_have() -> None:
    """Every `breach("R…", "code", fact=…)` of the rules has a sentence that asks for no other facts."""
    folder = Path(solver.model.rules.__file__).parent
    told = {}
    for file in folder.rglob("*.py"):
        text = " ".join(file.read_text().split())
        for call in re.findall(r'breach\(\s*"R\d+", f?"([\w{}]+)", (.*?)\)(?= |$)', text):
            told.setdefault(call[0], set()).update(re.findall(r"(\w+)=", call[1]))
    told = {code: {*facts, "times"} if "sessions" in facts else facts for code, facts in told.items()}
    asked = {code: {name for _, name, _, _ in Formatter().parse(text) if name} for code, text in _BREACHES.items()}
    checked = [code for code in told if code in asked]

    assert len(checked) > 25
    for code in checked:
        assert asked[code] <= told[code], code
