"""Spaces, what lies next to what, ways between them and who walks along."""

from collections import defaultdict
from collections.abc import Iterable

from milieu.calendar.escorts import escorts_with
from milieu.calendar.spans import (
    ALWAYS,
    available_windows,
    away_of,
    hours_of,
    merged,
    presence,
    within,
    without,
)
from milieu.models import Space
from milieu.solving.problem.months import months_of
from milieu.solving.problem.programme.seating import Seating
from milieu.solving.problem.rows import Rows, is_offered
from solver.documents import exchange

BEDSIDE = "bedside"
"""The feature of a space to which nobody is brought: a visitor goes there."""


def make_spaces(rows: Rows, seating: Seating) -> tuple[exchange.Space, ...]:
    """The spaces of the week; where one is closed or given up for a part of it, it is not open then."""
    there = [space for space in rows.spaces.values() if is_offered(None, space.ended_on, rows.week)]
    near = _relations(rows, {space.id for space in there})
    return seating.spaces(tuple(_space(rows, space, _open(rows, space), near[space.id]) for space in there))


def make_former_spaces(rows: Rows, ids: Iterable[str]) -> tuple[exchange.Space, ...]:
    """Spaces that are only there because something happened in them: never open."""
    return tuple(_space(rows, rows.spaces[each], (), {}) for each in sorted(ids))


def _space(
    rows: Rows, space: Space, is_open: tuple[exchange.Window, ...] | None, near: dict[str, tuple[str, ...]]
) -> exchange.Space:
    fields = {
        "wheelchair_places": space.wheelchair_places,
        "comfort": space.comfort,
    }
    return exchange.Space(
        id=space.id,
        zone=space.zone,
        capacity=space.capacity,
        features=tuple(sorted(set(space.features))),
        noise=space.noise,
        open=is_open,
        turnaround_minutes=round_up(space.turnaround_minutes, rows.slot),
        bedside=BEDSIDE in space.features,
        adjacent=near.get("adjacent", ()),
        shares=near.get("shares", ()),
        **{name: value for name, value in fields.items() if value is not None},
    )


def _open(rows: Rows, space: Space) -> tuple[exchange.Window, ...] | None:
    """None where it is always open."""
    days = rows.week.days
    hours = rows.space_hours.get(space.id, ())
    week = tuple(merged(spans) for spans in hours_of(hours, days)) if hours else ALWAYS
    week = within(within(week, presence(None, space.ended_on, days)), months_of(space, days))
    week = without(week, away_of(rows.closures.get(space.id, ()), days))
    return None if week == ALWAYS else available_windows(week, rows.slot)


def _relations(rows: Rows, there: set[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Space -> kind -> the spaces near it, each pair told at the first of the two."""
    near: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows.relations:
        one, other = sorted((row.space_id, row.other_id))
        if one != other and {one, other} <= there:
            near[one][row.kind].add(other)
    return defaultdict(
        dict, {one: {kind: tuple(sorted(others)) for kind, others in kinds.items()} for one, kinds in near.items()}
    )


def make_escorts(rows: Rows) -> exchange.Escorts | None:
    """How many can walk residents at each moment of the grid, fewer while hands are short; None = as many as needed.

    Only moments on the grid are ever asked for, so both ends of a window move up to the grid without changing anything.
    """
    usual = None if rows.settings.escorts is None else exchange.Escorts.model_validate(rows.settings.escorts)
    given = escorts_with(usual, rows.short_handed, rows.week.days)
    if given is None:
        return None
    windows = [(round_up(row.begin, rows.slot), round_up(row.end, rows.slot), row) for row in given.windows]
    return exchange.Escorts(
        default=given.default,
        windows=tuple(
            row.model_copy(update={"from_": exchange.clock(begin), "to": exchange.clock(end)})
            for begin, end, row in windows
            if begin < end
        ),
    )


def make_travel(rows: Rows) -> dict[str, dict[str, int]]:
    """Minutes between zones, as the settings have them."""
    return {zone: dict(minutes) for zone, minutes in (rows.settings.travel or {}).items()}


def round_up(minutes: int, slot: int) -> int:
    """The least number of minutes on the grid that is not below."""
    return -(-minutes // slot) * slot
