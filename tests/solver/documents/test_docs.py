"""The page about the exchange format is true: its example runs, and it names every field, rule and term."""

import json
import re
import time
from pathlib import Path

import pytest

from solver.documents import problem as documents
from solver.documents import schedule as schedules
from solver.documents.exchange import Weights
from solver.documents.fields import Document
from solver.model.rules import RULES
from solver.model.terms import TERMS
from solver.run.command.cli import main

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "exchange.md").read_text()


def block(name: str) -> str:
    """The page's block of that name, as a reader would copy it."""
    [found] = re.findall(rf"```json {name}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


@pytest.fixture
def example(tmp_path: Path) -> tuple[str, str]:
    for name in ("problem", "schedule"):
        (tmp_path / name).write_bytes(block(name).encode())
    return str(tmp_path / "problem"), str(tmp_path / "schedule")


def test_the_example_is_a_problem_and_a_schedule_that_keeps_every_rule(
    example: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *example], time.monotonic()) == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["warnings"], told["breaks"]) == ([], [])
    assert told["objective"] == json.loads(block("schedule"))["objective"]


def test_the_example_explains_itself_as_the_page_says(
    example: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *example, "--resident", "cleo", "--session", "s1"], time.monotonic()) == 0

    assert capsys.readouterr().out == block("explanation")


def test_every_field_is_named() -> None:
    models = [
        each
        for module in (documents, schedules)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Document) and each is not Weights
    ]
    fields = {str(field.validation_alias or name) for model in models for name, field in model.model_fields.items()}

    assert {name for name in fields if f'"{name}"' not in PAGE and f"`{name}`" not in PAGE} == set()


def test_every_rule_and_every_term_is_told_in_the_words_of_its_file() -> None:
    weights = Weights()
    shown = {
        each.name: ", ".join(map(str, value)) if isinstance(value := getattr(weights, each.name), tuple) else str(value)
        for each in TERMS
    }

    assert all(f"| `{rule.code}` {rule.name} | {rule.sentence} |" in PAGE for rule in RULES)
    assert all(f"| `{term.name}` | {shown[term.name]} | {term.sentence} |" in PAGE for term in TERMS)
