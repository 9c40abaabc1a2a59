"""What one part of a document says of another: dangling and repeated ids, the grid, empty windows, a min above its max.

Reads the plain tree, not the models, so that an error of form in one place hides no error of reference in another. What
has the wrong type or range is passed over in silence here: the models have told it already.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeGuard

from solver.documents.fields import DAY_MINUTES, LARGEST, SLOTS, clock
from solver.documents.paths import Path, shown
from solver.documents.problem import ProblemDocument

Fault = tuple[Path, str]
_MINUTE = {clock(minute): minute for minute in range(DAY_MINUTES + 1)}
_SINGULAR = {"spaces": "space", "facilitators": "facilitator", "activities": "activity", "residents": "resident"}


def find_problem_faults(tree: dict[str, Any]) -> list[Fault]:
    return list(_Problem(tree).faults())


def find_schedule_faults(tree: dict[str, Any], problem: ProblemDocument | None) -> list[Fault]:
    faults = [*_unnamed(tree), *_repeated_ids(tree, "sessions")]
    for index, row in _rows(tree, "sessions"):
        for key in ("facilitators", "residents"):
            faults += _repeats(("sessions", index, key), row.get(key))
    if problem is not None:
        faults += _schedule_names(tree, problem)
    return faults


def _unnamed(tree: dict[str, Any]) -> Iterator[Fault]:
    """The one key that has a default in Python and none in a file."""
    if "format" not in tree:
        yield ("format",), "this key is missing"


def _schedule_names(tree: dict[str, Any], problem: ProblemDocument) -> Iterator[Fault]:
    known = {key: {row.id for row in getattr(problem, key)} for key in _SINGULAR}
    for index, row in _rows(tree, "sessions"):
        yield from _session_names(("sessions", index), row, known)
        for at, name in _each(row.get("residents")):
            yield from _name(("sessions", index, "residents", at), name, "residents", known)
    for key in ("relaxed", "conflict"):
        for index, row in _rows(tree, key):
            yield from _name((key, index, "activity"), row.get("activity"), "activities", known)
            yield from _name((key, index, "resident"), row.get("resident"), "residents", known)
            if _is_whole(pin := row.get("pin")) and pin >= len(problem.pins):
                yield (key, index, "pin"), f"the problem has {len(problem.pins)} pins, counted from 0"


def _session_names(path: Path, row: dict[str, Any], known: dict[str, set[str]]) -> Iterator[Fault]:
    """What a session names besides its residents."""
    yield from _name((*path, "activity"), row.get("activity"), "activities", known)
    yield from _name((*path, "space"), row.get("space"), "spaces", known)
    for index, name in _each(row.get("facilitators")):
        yield from _name((*path, "facilitators", index), name, "facilitators", known)


def _is_whole(value: Any) -> TypeGuard[int]:
    return type(value) is int


def _each(names: Any) -> Iterator[tuple[int, Any]]:
    if isinstance(names, list):
        yield from enumerate(names)


def _rows(tree: dict[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = tree.get(key)
    if isinstance(rows, list):
        yield from ((index, row) for index, row in enumerate(rows) if isinstance(row, dict))


def _repeated_ids(tree: dict[str, Any], key: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, row in _rows(tree, key):
        name = row.get("id")
        if isinstance(name, str) and name:
            if name in seen:
                yield (key, index, "id"), f"{shown(name)} stands in this list already"
            seen.add(name)


def _repeats(path: Path, names: Any) -> Iterator[Fault]:
    if isinstance(names, list) and len(names) > 1:
        seen: set[str] = set()
        for index, name in enumerate(names):
            if isinstance(name, str) and name:
                if name in seen:
                    yield (*path, index), f"{shown(name)} stands in this list already"
                seen.add(name)


def _name(path: Path, name: Any, kind: str, known: dict[str, set[str]]) -> Iterator[Fault]:
    if isinstance(name, str) and name and kind in known and name not in known[kind]:
        yield path, f"there is no {_SINGULAR[kind]} {shown(name)}"


def _names(path: Path, names: Any, kind: str, known: dict[str, set[str]]) -> Iterator[Fault]:
    """Ids that do not exist or stand twice."""
    yield from _repeats(path, names)
    for index, name in _each(names):
        yield from _name((*path, index), name, kind, known)


def _keys(path: Path, table: Any, kind: str, known: dict[str, set[str]]) -> Iterator[Fault]:
    if isinstance(table, dict) and kind in known:
        for name in table:
            if name not in known[kind]:
                yield (*path, name), f"there is no {_SINGULAR[kind]} {shown(name)}"


def _bounds(path: Path, bounds: Any, highest: int) -> Iterator[Fault]:
    if isinstance(bounds, dict):
        low, high = bounds.get("min", 0), bounds.get("max", highest)
        if _is_whole(low) and _is_whole(high) and low > high:
            yield (*path, "min"), f"the min {low} is above the max {high}"


def _emptiness(path: Path, start: int | None, end: int | None) -> Iterator[Fault]:
    """Told where a stretch of a day holds no moment."""
    if start is not None and end is not None and end <= start < DAY_MINUTES:
        yield (*path, "to"), f"the window ends at {clock(end)}, not after its start at {clock(start)}"


class _Problem:
    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self.known = {  # without a list that is not there: everything that names something of it would dangle
            key: {row["id"] for _, row in _rows(tree, key) if isinstance(row.get("id"), str)}
            for key in _SINGULAR
            if isinstance(tree.get(key), list)
        }
        horizon = tree.get("horizon")
        horizon = horizon if isinstance(horizon, dict) else {}
        slot, days = horizon.get("slot_minutes"), horizon.get("days")
        self.slot = slot if _is_whole(slot) and slot in SLOTS else 1
        self.days = days if _is_whole(days) and 1 <= days <= 35 else None

    def faults(self) -> Iterator[Fault]:
        yield from _unnamed(self.tree)
        for key in (*_SINGULAR, "groups", "previous"):
            yield from _repeated_ids(self.tree, key)
        yield from self.of_spaces()
        yield from self.of_facilitators()
        yield from self.of_activities()
        for index, row in _rows(self.tree, "residents"):
            yield from self.of_resident(("residents", index), row)
        yield from self.of_ties()
        yield from self.of_groups()
        yield from self.of_offers()
        yield from self.of_usual()
        yield from self.of_travel()
        yield from self.of_settings()
        yield from self.of_previous()
        yield from self.of_pins()

    def windows(self, path: Path, windows: Any) -> Iterator[Fault]:
        if isinstance(windows, list):
            for index, window in enumerate(windows):
                if isinstance(window, dict):
                    yield from self.window((*path, index), window)

    def window(self, path: Path, window: dict[str, Any]) -> Iterator[Fault]:
        yield from self.within((*path, "day"), window.get("day"))
        start, end = _minute(window.get("from")), _minute(window.get("to"))
        yield from self.on_grid((*path, "from"), start)
        yield from self.on_grid((*path, "to"), end)
        yield from _emptiness(path, start, end)

    def within(self, path: Path, day: Any) -> Iterator[Fault]:
        if self.days is not None and _is_whole(day) and day >= self.days:
            yield path, f"day {day} is outside the horizon of {self.days} days, counted from 0"

    def on_grid(self, path: Path, minutes: Any) -> Iterator[Fault]:
        if _is_whole(minutes) and 0 <= minutes <= LARGEST and minutes % self.slot:
            yield path, f"this is not on the grid of {self.slot} minutes"

    def of_spaces(self) -> Iterator[Fault]:
        for index, row in _rows(self.tree, "spaces"):
            path = ("spaces", index)
            yield from self.windows((*path, "open"), row.get("open"))
            yield from self.on_grid((*path, "turnaround_minutes"), row.get("turnaround_minutes"))
            for key in ("adjacent", "shares"):
                yield from _names((*path, key), row.get(key), "spaces", self.known)

    def of_facilitators(self) -> Iterator[Fault]:
        for index, row in _rows(self.tree, "facilitators"):
            path = ("facilitators", index)
            yield from self.windows((*path, "available"), row.get("available"))
            yield from self.on_grid((*path, "gap_minutes"), row.get("gap_minutes"))
            yield from _names((*path, "familiar_to"), row.get("familiar_to"), "residents", self.known)

    def of_activities(self) -> Iterator[Fault]:
        for index, row in _rows(self.tree, "activities"):
            path = ("activities", index)
            yield from self.windows((*path, "windows"), row.get("windows"))
            yield from self.on_grid((*path, "duration_minutes"), row.get("duration_minutes"))
            yield from _names((*path, "only"), row.get("only"), "residents", self.known)
            yield from _bounds((*path, "sessions"), row.get("sessions"), 1)
            least, most = row.get("min_group", 1), row.get("max_group")
            if _is_whole(least) and _is_whole(most) and 1 <= most < least:
                yield (*path, "min_group"), f"the min_group {least} is above the max_group {most}"

    def of_resident(self, path: Path, row: dict[str, Any]) -> Iterator[Fault]:
        yield from self.windows((*path, "busy"), row.get("busy"))
        yield from self.windows((*path, "calm"), row.get("calm"))
        yield from self.on_grid((*path, "rest_minutes"), row.get("rest_minutes"))
        yield from _bounds((*path, "sessions"), row.get("sessions"), 99)
        for key in ("interests", "waiting", "required"):
            yield from _keys((*path, key), row.get(key), "activities", self.known)
        for why in ("refuses", "avoids"):
            if isinstance(noes := row.get(why), dict):
                for kind in ("activities", "spaces", "facilitators"):
                    yield from _names((*path, why, kind), noes.get(kind), kind, self.known)

    def of_ties(self) -> Iterator[Fault]:
        seen: set[frozenset[str]] = set()
        for index, row in _rows(self.tree, "ties"):
            path = ("ties", index)
            for key in ("a", "b"):
                yield from _name((*path, key), row.get(key), "residents", self.known)
            a, b = row.get("a"), row.get("b")
            if isinstance(a, str) and isinstance(b, str) and a and b:
                if a == b:
                    yield (*path, "b"), f"a tie is between two residents, not {shown(a)} alone"
                elif frozenset((a, b)) in seen:
                    yield path, f"{shown(a)} and {shown(b)} have a tie in this list already"
                seen.add(frozenset((a, b)))
            if "apart" in row:
                for key in ("strength", "cap"):
                    if key in row:
                        yield (*path, key), f"apart stands alone, without {key}"
            elif "strength" not in row:
                yield (*path, "strength"), "this key is missing"

    def of_groups(self) -> Iterator[Fault]:
        for index, row in _rows(self.tree, "groups"):
            yield from _names(("groups", index, "members"), row.get("members"), "residents", self.known)

    def of_offers(self) -> Iterator[Fault]:
        is_listed = isinstance(self.tree.get("groups", []), list)
        groups = {row["id"] for _, row in _rows(self.tree, "groups") if isinstance(row.get("id"), str)}
        for index, row in _rows(self.tree, "offers"):
            path = ("offers", index)
            yield from self.within((*path, "day"), row.get("day"))
            yield from _emptiness(path, _minute(row.get("from", "00:00")), _minute(row.get("to", "24:00")))
            group = row.get("group")
            if isinstance(group, str) and group and is_listed and group not in groups:
                yield (*path, "group"), f"there is no group {shown(group)}"
            if "members" in row and "group" not in row:
                yield (*path, "members"), "members stands only beside a group"

    def of_usual(self) -> Iterator[Fault]:
        seen: set[tuple[str, int, str]] = set()
        for index, row in _rows(self.tree, "usual"):
            path = ("usual", index)
            yield from _repeats((*path, "facilitators"), row.get("facilitators"))
            activity, day, start = row.get("activity"), row.get("day"), row.get("start")
            if isinstance(activity, str) and _is_whole(day) and isinstance(start, str):
                if (activity, day, start) in seen:
                    yield path, f"{shown(activity)} stands in this list already, on that day at that time"
                seen.add((activity, day, start))

    def of_travel(self) -> Iterator[Fault]:
        seen: dict[tuple[str, str], int] = {}
        table = self.tree.get("travel")
        for a, row in table.items() if isinstance(table, dict) else ():
            for b, minutes in row.items() if isinstance(row, dict) else ():
                if _is_whole(minutes):
                    back = seen.get((b, a), minutes)
                    if back != minutes:
                        yield ("travel", a, b), f"{minutes} minutes, but {back} the other way"
                    seen[a, b] = minutes

    def of_settings(self) -> Iterator[Fault]:
        if isinstance(escorts := self.tree.get("escorts"), dict):
            yield from self.windows(("escorts", "windows"), escorts.get("windows"))
        if isinstance(until := self.tree.get("frozen_until"), dict):
            yield from self.within(("frozen_until", "day"), until.get("day"))
        weights = self.tree.get("weights")
        steps = weights.get("engagement") if isinstance(weights, dict) else None
        if isinstance(steps, list):
            for index, (before, after) in enumerate(pairwise(steps), start=1):
                if _is_whole(before) and _is_whole(after) and after > before:
                    yield ("weights", "engagement", index), f"{after} rises above the {before} before it"

    def of_previous(self) -> Iterator[Fault]:
        for index, row in _rows(self.tree, "previous"):
            path = ("previous", index)
            yield from self.within((*path, "day"), row.get("day"))
            for key in ("facilitators", "residents"):
                yield from _repeats((*path, key), row.get(key))
            if self.is_frozen(row):
                yield from _session_names(path, row, self.known)

    def is_frozen(self, row: dict[str, Any]) -> bool:
        until = self.tree.get("frozen_until")
        if not isinstance(until, dict):
            return False
        day, minute, last, end = row.get("day"), _minute(row.get("start")), until.get("day"), _minute(until.get("time"))
        if not _is_whole(day) or not _is_whole(last) or minute is None or end is None:
            return False
        return (day, minute) < (last, end) and last < (self.days or DAY_MINUTES)

    def of_pins(self) -> Iterator[Fault]:
        for index, row in _rows(self.tree, "pins"):
            if isinstance(session := row.get("session"), dict):
                path = ("pins", index, "session")
                yield from _session_names(path, session, self.known)
                yield from _repeats((*path, "facilitators"), session.get("facilitators"))
                yield from _names((*path, "residents"), session.get("residents"), "residents", self.known)
                yield from self.on_grid((*path, "start"), _minute(session.get("start")))
            for key in ("attend", "absent"):
                yield from _name(("pins", index, key), row.get(key), "residents", self.known)


def _minute(text: Any) -> int | None:
    return _MINUTE.get(text) if isinstance(text, str) else None
