"""Why somebody is invited, in one sentence: for the team, and for a family that must learn of nobody else."""

from collections.abc import Iterator

import pytest
from flask import Flask

from milieu.reasons import CODES, Reason
from web.words.reasons import FAMILY, sentence


@pytest.fixture(autouse=True)
def words(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("reasons", "pronoun", "said"),
    [
        ([Reason("wish", 4, said_by="resident")], "she", "She loves it."),
        ([Reason("wish", 3, said_by="resident")], "he", "He likes it."),
        ([Reason("wish", 4, said_by="relative")], "she", "Her family says she loves it."),
        ([Reason("wish", 2, said_by="relative")], "he", "His family says he likes it."),
        ([Reason("wish", 5, said_by="observed")], "she", "She seems to enjoy it."),
        ([Reason("wish", 2, said_by="staff")], "they", "They seem to enjoy it."),
        ([Reason("wish", 5)], "she", "She seems to enjoy it."),
        ([Reason("wish", 1, said_by="resident"), Reason("time", 1)], "she", ""),
        ([Reason("time", 2)], "he", "It is his favourite time of the day."),
        (
            [Reason("wish", 2, said_by="resident"), Reason("company", 1)],
            "they",
            "They like it, and someone they like is there.",
        ),
        (
            [Reason("care_plan", 2), Reason("wish", 5, said_by="resident"), Reason("time", 2)],
            "she",
            "Her care plan asks for it, and she loves it.",
        ),
        ([Reason("birthday", 1)], "she", "It is for her birthday."),
        ([Reason("new", 1)], "he", "He is new here, and it is a small group."),
        ([Reason("aim", 2, "physical")], "he", "It serves an aim of his (Body)."),
        ([Reason("fair", 0)], "she", "She is invited to nothing else this week."),
        ([Reason("fair", 1)], "she", "She is invited to little else this week."),
        ([Reason("needed", 1)], "she", "The group needs 1 person to take place."),
        ([Reason("needed", 4)], "she", "The group needs 4 people to take place."),
        ([Reason("open")], "they", "There is a free place and nothing speaks against it."),
        ([], "she", ""),
    ],
)
def test_the_team_reads_the_weightiest_two(reasons: list[Reason], pronoun: str, said: str) -> None:
    assert sentence(reasons, pronoun) == said


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("pronoun", ["she", "he", "they"])
def test_every_code_has_words(code: str, pronoun: str) -> None:
    assert sentence([Reason(code, 2, "social")], pronoun).endswith(".")


@pytest.mark.parametrize(
    "code", [code for code in CODES if code not in ("birthday", "new", "wish", "familiar", "time")]
)
def test_a_family_reads_nothing_of_others_or_of_health(code: str) -> None:
    assert sentence([Reason(code, 2, "social")], "she", FAMILY) == ""


def test_a_family_reads_what_is_liked() -> None:
    wish = Reason("wish", 5, said_by="resident")
    reasons = [Reason("company", 1), Reason("care_plan", 1), wish, Reason("familiar", 1)]

    assert sentence(reasons, "she", FAMILY) == "She loves it, and she knows who leads it."


def test_nobody_leads_a_visit() -> None:
    assert sentence([Reason("familiar", 1)], "she", FAMILY, is_visit=True) == "She knows who comes."
