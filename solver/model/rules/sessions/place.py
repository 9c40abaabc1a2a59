"""R1 place: a session lies within one day, in a window of its activity and of its space, which has what it needs."""

from collections.abc import Iterator

from solver.documents.fields import DAY_MINUTES
from solver.documents.problem import Window
from solver.model.reading import Held, Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model


def broken(reading: Reading) -> Iterator[Breach]:
    horizon = reading.problem.horizon
    for one in reading.planned:
        if one.day >= horizon.days or one.end > DAY_MINUTES:
            yield breach("R1", "outside_horizon", session=one.id)
        if one.begin % horizon.slot_minutes:
            yield breach("R1", "off_grid", session=one.id, slot=horizon.slot_minutes)
        if not _lies_in(one.activity.windows, one):
            yield breach("R1", "outside_windows", session=one.id, activity=one.activity.id)
        if not _lies_in(one.space.open, one):
            yield breach("R1", "not_open", session=one.id, space=one.space.id)
        missing = {feature for feature in one.activity.needs_features if feature not in one.space.features}
        if missing:
            yield breach("R1", "features", session=one.id, space=one.space.id, features=tuple(sorted(missing)))


def _lies_in(windows: tuple[Window, ...] | None, one: Held) -> bool:
    return windows is None or any(window.holds(one.day, one.begin, one.end) for window in windows)


def post(model: Model) -> None:
    """A session is at exactly one of its options, all of which lie inside the windows and have the features."""
    for slot in model.planned:
        free = [literal for literal in slot.options.values() if not isinstance(literal, int)]
        if free:
            present = slot.present
            model.cp.add(sum(free) == present)


RULE: Rule = rule(
    "R1",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="never",
    breaches={
        "outside_horizon": Yields("drop"),
        "off_grid": Yields("drop"),
        "outside_windows": Yields("drop"),
        "not_open": Yields("drop"),
        "features": Yields("drop"),
    },
)
