"""A community's own settings: its name and zone, when it publishes, how it plans, who can walk along, ways, weights.

They lie in two rows, the community's and its settings'; a form is made of both, and its version is their sum, which
rises with every change of either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.imports.merging.facts import escort_windows, escorts, travel
from milieu.imports.tables import places
from milieu.imports.tables.description import Record
from milieu.imports.tables.registry import TABLES
from milieu.imports.tables.writing import written
from milieu.models import Change, Community, CommunitySettings
from milieu.models.base import Json
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused, Typed, read_part
from milieu.services.editing.saving import Saved, Stale
from milieu.services.journal import write_down
from milieu.services.teller import Teller

SETTINGS = Part(
    "settings",
    places.COMMUNITY,
    (
        "name",
        "timezone",
        "publishing_time",
        "grid_minutes",
        "plan_seconds",
        "repair_seconds",
        "sessions_a_day",
        "asks_more",
        "expected_turnout",
        "escorts",
    ),
)
ESCORTS = Part("escorts", places.ESCORTS, ("days", "from", "to", "escorts"))
WAYS = Part("ways", places.TRAVEL, ("from", "to", "minutes"))
NOUN = "community_settings"
_OF_COMMUNITY = ("name", "timezone")
_DEFAULT = "escorts_default"


@dataclass(frozen=True)
class SettingsShown:
    """`texts` as the form begins; `windows` and `ways` in words, in their order, each found again by `place`."""

    version: int
    texts: Mapping[str, str]
    windows: Sequence[Json]
    ways: Sequence[tuple[str, str, int]]
    weights: Json | None
    repair_weights: Json | None


def settings_of(db: DbSession, community_id: str) -> SettingsShown:
    """Raises NotFound."""
    community, settings = _rows(db, community_id)
    return SettingsShown(
        community.version + settings.version,
        {column.name: written(column, _held(community, settings, column.attribute)) for column in SETTINGS.columns},
        _windows(settings),
        [(one, other, minutes) for (one, other), minutes in _ways(settings).items()],
        settings.weights,
        settings.repair_weights,
    )


def change_settings(db: DbSession, teller: Teller, version: int, typed: Typed) -> Saved:
    """Raises Refused, Stale."""
    community, settings = _rows(db, teller.community_id)
    (values,) = read_part(db, teller, SETTINGS, typed)
    _check_filled(values, typed)
    _check_grid(db, teller, int(values["slot_minutes"]))
    wanted = {name: value for name, value in values.items() if value != _held(community, settings, name)}
    if wanted and version != community.version + settings.version:
        shown = settings_of(db, teller.community_id)
        raise Stale(shown.texts, "", None, shown.version)
    changed = tuple(each.name for each in SETTINGS.columns if each.attribute in wanted)
    if _DEFAULT in wanted:
        wanted["escorts"] = escorts(wanted.pop(_DEFAULT), _windows(settings))
    before = {name: _held(community, settings, name) for name in wanted}
    _put(community, settings, wanted)
    _note(db, teller, before, wanted)
    return Saved(teller.community_id, changed)


def add_window(db: DbSession, teller: Teller, typed: Typed) -> None:
    """A time at which more or fewer can be brought; of those that hold at one time the first counts. Raises Refused."""
    _community, settings = _rows(db, teller.community_id)
    if settings.escorts is None:
        raise Refused({"escorts": "Please say first, in the form above, how many can be brought at other times."})
    (values,) = read_part(db, teller, ESCORTS, typed)
    added = escort_windows([Record(places.ESCORTS.file, 0, values)])
    windows = [*_windows(settings), *added]
    _set_json(db, teller, settings, "escorts", escorts(settings.escorts["default"], windows))


def end_windows(db: DbSession, teller: Teller, place: int, windows: Sequence[Json]) -> None:
    """Take times out that follow one another from a place on. Raises Conflict where the list is another by now."""
    _community, settings = _rows(db, teller.community_id)
    held = _windows(settings)
    if settings.escorts is None or not windows or held[place : place + len(windows)] != list(windows):
        raise Conflict("The list has changed meanwhile. Please look again.")
    del held[place : place + len(windows)]
    _set_json(db, teller, settings, "escorts", escorts(settings.escorts["default"], held))


def in_runs(windows: Sequence[Json]) -> list[list[Json]]:
    """Times that differ by their day alone, one day after the other, together: each run is one line."""
    runs: list[list[Json]] = []
    for window in windows:
        last = runs[-1][-1] if runs else {}
        is_next = "day" in window and "day" in last and window["day"] == last["day"] + 1
        if is_next and {**last, "day": window["day"]} == window:
            runs[-1].append(window)
        else:
            runs.append([window])
    return runs


def set_way(db: DbSession, teller: Teller, typed: Typed) -> None:
    """How long it is between two parts of the building, both ways alike. Raises Refused."""
    _community, settings = _rows(db, teller.community_id)
    (values,) = read_part(db, teller, WAYS, typed)
    ways = _ways(settings)
    ways[_pair(values["zone"], values["other"])] = values["minutes"]
    _set_json(db, teller, settings, "travel", _travel(ways))


def end_way(db: DbSession, teller: Teller, one: str, other: str) -> None:
    """Raises NotFound."""
    _community, settings = _rows(db, teller.community_id)
    ways = _ways(settings)
    if ways.pop(_pair(one, other), None) is None:
        raise NotFound("This is not there any more.")
    _set_json(db, teller, settings, "travel", _travel(ways))


def set_weights(
    db: DbSession, teller: Teller, version: int, weights: Json | None, *, of_a_repair: bool = False
) -> None:
    """What counts how much in a week, or what a change of a published one costs; None as usual. Raises Stale."""
    community, settings = _rows(db, teller.community_id)
    if version != community.version + settings.version:
        raise Stale({}, "", None, community.version + settings.version)
    _set_json(db, teller, settings, "repair_weights" if of_a_repair else "weights", weights)


def undo_settings(db: DbSession, teller: Teller, change_id: str) -> None:
    """Undo one line of the settings' history. Raises NotFound; Conflict where something else came after."""
    line = db.get(Change, (teller.community_id, change_id))
    if line is None or line.noun != NOUN or line.verb != "changed":
        raise NotFound("There is no such change.")
    community, settings = _rows(db, teller.community_id)
    before, after = line.before or {}, line.after or {}
    if any(_held(community, settings, name) != value for name, value in after.items()):
        raise Conflict("This was changed again since. Please change it by hand.")
    _put(community, settings, before)
    _note(db, teller, after, before, verb="undone")


def may_undo(db: DbSession, community_id: str, verb: str, after: Mapping[str, Any]) -> bool:
    """Whether the settings are still as a line of their history left them."""
    community, settings = _rows(db, community_id)
    return verb == "changed" and all(_held(community, settings, name) == value for name, value in after.items())


def _rows(db: DbSession, community_id: str) -> tuple[Community, CommunitySettings]:
    community = db.get(Community, community_id)
    if community is None:
        raise NotFound("There is no such community.")
    settings = db.get(CommunitySettings, community_id)
    if settings is None:
        settings = CommunitySettings(community_id=community_id)
        db.add(settings)
        db.flush()
    return community, settings


def _held(community: Community, settings: CommunitySettings, name: str) -> Any:
    if name in _OF_COMMUNITY:
        return getattr(community, name)
    if name == _DEFAULT:
        return (settings.escorts or {}).get("default")
    return getattr(settings, name)


def _put(community: Community, settings: CommunitySettings, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(community if name in _OF_COMMUNITY else settings, name, value)


def _set_json(db: DbSession, teller: Teller, settings: CommunitySettings, name: str, value: Json | None) -> None:
    before = getattr(settings, name)
    if before != value:
        setattr(settings, name, value)
        _note(db, teller, {name: before}, {name: value})


def _note(
    db: DbSession, teller: Teller, before: Mapping[str, Any], after: Mapping[str, Any], verb: str = "changed"
) -> None:
    if not after:
        return
    db.flush()
    write_down(
        db,
        teller,
        verb,
        NOUN,
        teller.community_id,
        before=dict(before),
        after=dict(after),
    )


def _windows(settings: CommunitySettings) -> list[Json]:
    return list((settings.escorts or {}).get("windows", ()))


def _ways(settings: CommunitySettings) -> dict[tuple[str, str], int]:
    """Minutes between two parts of the building, both ways alike: each pair once."""
    held = (settings.travel or {}).items()
    return {_pair(one, other): minutes for one, to in held for other, minutes in to.items()}


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _travel(ways: Mapping[tuple[str, str], int]) -> Json | None:
    rows = [
        Record(places.TRAVEL.file, 0, {"zone": one, "other": other, "minutes": minutes})
        for (one, other), minutes in ways.items()
    ]
    return travel(rows) or None


def _check_filled(values: Mapping[str, Any], typed: Typed) -> None:
    """Settings that a list may leave as they are; a form shows them and means what it says."""
    empty = [
        column.name
        for column in SETTINGS.columns
        if values[column.attribute] is None and column.name not in ("escorts", "expected_turnout", "plan_seconds")
    ]
    if empty:
        raise Refused(dict.fromkeys(empty, "Please fill this in."))


def _check_grid(db: DbSession, teller: Teller, slot: int) -> None:
    """Every time that is kept lies on the grid, so that one of other minutes may not leave any beside it."""
    today, beside = teller.today(db), set()
    for table in TABLES:
        columns = [column for column in table.columns if column.is_gridded]
        model: Any = table.model
        if not columns or not hasattr(model, "id"):
            continue
        for row in db.scalars(select(model).where(model.community_id == teller.community_id)):
            if _is_live(table.ending, row, today):
                times = [getattr(row, column.attribute) or 0 for column in columns]
                beside |= {table.noun for minutes in times if minutes % slot}
    if beside:
        what = ", ".join(sorted(beside))
        raise Refused({"grid_minutes": f"Some times lie between its minutes: see each {what}."})


def _is_live(ending: Any, row: Any, today: date) -> bool:
    return ending is None or bool(ending.is_live(getattr(row, ending.field), today))
