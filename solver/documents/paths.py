"""Where in a document something stands, as its readers are told: `residents[3].interests["chess"]`."""

import json
import re
from typing import Any

from solver.documents.jsontext import Mark

Path = tuple[str | int, ...]
_MAPS = {"interests", "required", "times", "waiting"}  # their keys are the document's own words, not the format's
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def place(path: Path) -> str:
    """The path in words; the whole document is its first character, `1:1`."""
    text = ""
    for depth, step in enumerate(path):
        if isinstance(step, int):
            text += f"[{step}]"
        elif _is_own_word(path, depth) or not _WORD.fullmatch(step):
            text += f"[{quoted(step)}]"
        else:
            text += f".{step}" if text else step
    return text or "1:1"


def _is_own_word(path: Path, depth: int) -> bool:
    if path[0] == "travel":
        return depth > 0
    return path[0] == "residents" and depth == 3 and path[2] in _MAPS


def quoted(text: str) -> str:
    """The text in double quotes on one line, as JSON has it."""
    shown = json.dumps(text, ensure_ascii=False)
    if not shown.isprintable():
        shown = json.dumps(text)
    return shown


def order(path: Path) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts paths: list items by their number, everything else by name."""
    return tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in path)


def shown(value: Any) -> str:
    """A value of a document in a few words on one line."""
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, Mark):
        return value.text
    text = quoted(value) if isinstance(value, str) else json.dumps(value, default=repr)
    return text if len(text) <= 60 else f"{text[:56]} …"
