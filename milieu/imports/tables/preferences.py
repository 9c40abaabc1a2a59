"""The tables of a folder about what matters to residents, as an assessment asks for it."""

from collections.abc import Iterator, Mapping
from typing import Any

from milieu.imports.tables import cells
from milieu.imports.tables.cells import Fault
from milieu.imports.tables.description import LONGEST_NAME, LONGEST_WORDS, Column, Table, Trouble, in_order, reference
from milieu.models import Assessment, CouncilWish, WishAnswer
from milieu.preferences import CODES, QUESTIONS, SECTION_F

NAME = cells.text(LONGEST_NAME)
WORDS = cells.text(LONGEST_WORDS)
CODE = cells.choice(*CODES)


def _something_said(values: Mapping[str, Any]) -> Iterator[Trouble]:
    if not any(values[question] for question in QUESTIONS):
        yield QUESTIONS[0], Fault("at least one question has an answer")


def _both_or_neither(values: Mapping[str, Any]) -> Iterator[Trouble]:
    if bool(values["answer"]) != (values["answered_on"] is not None):
        yield "answered_on", Fault("an answer has its day, and a day its answer")


def _done_how(values: Mapping[str, Any]) -> Iterator[Trouble]:
    if values["answer"] == "visit" and values["activity_id"] is None:
        yield "activity", Fault("a visit needs the activity that it is made with")
    if values["answer"] == "adaptation" and not values["how"]:
        yield "how", Fault("an adaptation needs words on what was made possible")


ASSESSMENTS = Table(
    "assessments.csv",
    Assessment,
    "assessment",
    "what residents said matters to them, a sitting a row",
    (
        reference("resident", "residents.csv", "a resident's key"),
        Column("asked_on", cells.day, "when they were asked", is_needed=True),
        Column(
            "said_by",
            cells.choice("resident", "relative"),
            "resident or relative: who answered; empty: resident",
            default="resident",
        ),
        Column("speaker", NAME, "the name of whoever answered for them; empty: they did themselves", default=""),
        *(
            Column(
                question,
                CODE,
                f"{item}: 1 very important to 4 not important, 5 important but cannot, 9 no answer; empty: not asked",
                default="",
            )
            for question, item in SECTION_F.items()
        ),
    ),
    same=("resident_id", "asked_on", "said_by"),
    checks=(_something_said,),
)

WISH_ANSWERS = Table(
    "wish_answers.csv",
    WishAnswer,
    "answer to a wish",
    "what was done about something important that a resident could not do",
    (
        reference("resident", "residents.csv", "a resident's key"),
        Column("question", cells.choice(*QUESTIONS), ", ".join(QUESTIONS), is_needed=True),
        Column("answer", cells.choice("adaptation", "visit"), "adaptation or visit", is_needed=True),
        reference("activity", "activities.csv", "of a visit: what they are visited with", is_needed=False),
        Column("how", WORDS, "of an adaptation: what was made possible, and how", default=""),
        Column("answered_on", cells.day, "when it was done", is_needed=True),
    ),
    same=("resident_id", "question", "answered_on"),
    checks=(_done_how,),
)

COUNCIL_WISHES = Table(
    "council_wishes.csv",
    CouncilWish,
    "wish of a council",
    "what a living group's council wishes, and the answer it was given",
    (
        reference("living_group", "living_groups.csv", "a living group's key"),
        Column("wish", WORDS, "what it wishes, in its words", is_needed=True),
        Column("said_on", cells.day, "when it was said", is_needed=True),
        Column("answer", WORDS, "the answer; empty: none yet", default=""),
        Column("answered_on", cells.day, "when it was answered; empty: not yet"),
    ),
    same=("living_group_id", "said_on", "wish"),
    checks=(
        _both_or_neither,
        in_order("said_on", "answered_on", "said_on", "answered_on", "{other}| lies before {low}|, {one}"),
    ),
)

TABLES = (ASSESSMENTS, WISH_ANSWERS, COUNCIL_WISHES)
