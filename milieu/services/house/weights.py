"""What counts how much in a week, as steps of named sliders: from not at all over as usual to much more.

A week is weighed by one set of them; what it costs to tell people something else than was published is another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from milieu.errors import Invalid
from milieu.models.base import Json
from milieu.solving.problem.document import REPAIR_WEIGHTS, WEEK_WEIGHTS
from solver.documents.exchange import OF_CHANGES, Weights

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
"""What a week is weighed by."""


@dataclass(frozen=True)
class Scale:
    """Weights that are set together: what each is where nobody set it, and the multiples of that to choose from."""

    usual: Mapping[str, Any]
    factors: tuple[float, ...]


OF_A_WEEK = Scale(
    {term: WEEK_WEIGHTS.get(term, Weights.model_fields[term].default) for term in TERMS}, (0, 0.5, 1, 2, 4)
)
OF_A_REPAIR = Scale({term: REPAIR_WEIGHTS[term] for term in OF_CHANGES}, (0.5, 1, 2, 4))
"""Never nothing: where it cost nothing to tell people something else, a repair would do so for any gain."""

LOVED = 5
"""How much somebody likes what they love most."""


@dataclass(frozen=True)
class Slider:
    """`step` is from 0 to `most`; `usual` is the step of the usual weight, `weight` what it is now.

    `has_none`: its first step is not at all. `is_by_hand`: the weight lies on no step, and stays as it is unless the
    slider is moved.
    """

    term: str
    step: int
    usual: int
    most: int
    is_by_hand: bool
    weight: Any
    has_none: bool


def sliders_of(weights: Json | None, scale: Scale = OF_A_WEEK) -> tuple[Slider, ...]:
    """One for each term of a scale."""
    return tuple(_slider(scale, term, (weights or {}).get(term)) for term in scale.usual)


def places_worth(slider: Slider, weights: Json | None) -> float | None:
    """As how many places at what somebody loves most one person told otherwise counts; None where places count nothing.

    `weights` are those of a week.
    """
    interest = (weights or {}).get("interest", OF_A_WEEK.usual["interest"])
    return slider.weight / (interest * LOVED) if interest else None


def weights_with(weights: Json | None, steps: Mapping[str, int], scale: Scale = OF_A_WEEK) -> Json | None:
    """The weights once sliders were moved to `steps`; what was not moved stays. None where all are as usual.

    Raises Invalid for a step that a slider does not have.
    """
    given = dict(weights or {})
    for slider in sliders_of(weights, scale):
        step = steps.get(slider.term, slider.step)
        if not 0 <= step <= slider.most:
            raise Invalid("Please move the slider again.", at=slider.term)
        if step == slider.step:
            continue
        if step == slider.usual:
            given.pop(slider.term, None)
        else:
            given[slider.term] = _values(scale, slider.term)[step]
    Weights.model_validate(given)
    return given or None


def _slider(scale: Scale, term: str, held: Any) -> Slider:
    values = _values(scale, term)
    usual = values.index(_plain(scale.usual[term]))
    weight = values[usual] if held is None else _plain(held)
    is_by_hand = weight not in values
    sizes = [_size(value) for value in values]
    step = min(range(len(values)), key=lambda each: abs(sizes[each] - _size(weight)))
    return Slider(term, step, usual, len(values) - 1, is_by_hand, weight, has_none=not sizes[0])


def _values(scale: Scale, term: str) -> list[Any]:
    """The weight of each step, ascending; where a half is no whole number that step is left out."""
    found: list[Any] = []
    for factor in scale.factors:
        value = _times(scale.usual[term], factor)
        if value not in found:
            found.append(value)
    return found


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, list | tuple):
        return [_times(each, factor) for each in value]
    return int(value * factor + 0.5)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


def _size(value: Any) -> int:
    return sum(value) if isinstance(value, list | tuple) else int(value)
