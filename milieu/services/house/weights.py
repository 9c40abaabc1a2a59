"""What counts how much in a week, as steps of named sliders: from not at all over as usual to much more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from milieu.errors import Invalid
from milieu.models.base import Json
from solver.documents.exchange import Weights

TERMS = (
    "interest",
    "engagement",
    "shortfall",
    "left_out",
    "target",
    "group",
    "tie",
    "companion",
    "turn",
    "offer",
    "usual",
    "time",
    "crowd",
    "walk",
    "session",
)
"""Those that a director sets: what a change of a published week costs stands apart (`repair_weights`)."""

FACTORS = (0, 0.5, 1, 2, 4)


@dataclass(frozen=True)
class Slider:
    """`step` is from 0 (not at all) to `most`; `usual` is the step of the contract's own weight.

    `is_by_hand`: the weight lies on no step, and stays as it is unless the slider is moved.
    """

    term: str
    step: int
    usual: int
    most: int
    is_by_hand: bool


def sliders_of(weights: Json | None) -> tuple[Slider, ...]:
    """One for each term."""
    return tuple(_slider(term, (weights or {}).get(term)) for term in TERMS)


def weights_with(weights: Json | None, steps: Mapping[str, int]) -> Json | None:
    """The weights once sliders were moved to `steps`; what was not moved stays. None where all are as usual.

    Raises Invalid for a step that a slider does not have.
    """
    given = dict(weights or {})
    for slider in sliders_of(weights):
        step = steps.get(slider.term, slider.step)
        if not 0 <= step <= slider.most:
            raise Invalid("Please move the slider again.", at=slider.term)
        if step == slider.step:
            continue
        if step == slider.usual:
            given.pop(slider.term, None)
        else:
            given[slider.term] = _values(slider.term)[step]
    Weights.model_validate(given)
    return given or None


def _slider(term: str, held: Any) -> Slider:
    values = _values(term)
    usual = values.index(_plain(_default(term)))
    if held is None:
        return Slider(term, usual, usual, len(values) - 1, is_by_hand=False)
    if _plain(held) in values:
        return Slider(term, values.index(_plain(held)), usual, len(values) - 1, is_by_hand=False)
    sizes = [_size(value) for value in values]
    nearest = min(range(len(values)), key=lambda step: abs(sizes[step] - _size(held)))
    return Slider(term, nearest, usual, len(values) - 1, is_by_hand=True)


def _values(term: str) -> list[Any]:
    """The weight of each step, ascending; where a half is no whole number that step is left out."""
    found: list[Any] = []
    for factor in FACTORS:
        value = _times(_default(term), factor)
        if value not in found:
            found.append(value)
    return found


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, list | tuple):
        return [_times(each, factor) for each in value]
    return int(value * factor + 0.5)


def _default(term: str) -> Any:
    return Weights.model_fields[term].default


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


def _size(value: Any) -> int:
    return sum(value) if isinstance(value, list | tuple) else int(value)
