"""Records to the rows that the database should hold, still named by the files' own keys."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from milieu.imports.tables.description import Record, Table, Values
from milieu.imports.tables.registry import BY_FILE
from milieu.models.base import Json


@dataclass(frozen=True)
class Fact:
    """One row of the database as a file wants it: `values` by attribute, references as keys; `row` where it stands."""

    row: int
    values: Values
    absent: frozenset[str]


def facts(table: Table, records: Mapping[str, Iterable[Record]]) -> list[Fact]:
    """The rows that a file asks for, each once."""
    found = [
        Fact(record.row, values, record.absent)
        for record in records[table.file]
        for values in table.spread(record.values)
    ]
    if table.file == "busy.csv":
        found = _each_resident(found, records["residents.csv"])
    if table.file == "living_groups.csv":
        found = [Fact(fact.row, {**fact.values, "zone": _zone(fact)}, fact.absent) for fact in found]
    return found


def escorts(default: int | None, windows: list[Json]) -> Json | None:
    """How many can be brought at once, as the solver's problem says it; None where there is no limit."""
    return None if default is None else {"default": default, "windows": windows}


def escort_windows(rows: Iterable[Record]) -> list[Json]:
    """The times at which more or fewer can be brought, in the order of the file: the first that holds counts."""
    return [window for record in rows for window in _windows(record.values)]


def travel(ways: Iterable[Record]) -> Json:
    """Minutes between zones, as the solver's problem says it: each way once."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for record in ways:
        one, other = sorted((record.values["zone"], record.values["other"]))
        found[one][other] = record.values["minutes"]
    return {one: dict(sorted(found[one].items())) for one in sorted(found)}


def _windows(values: Values) -> list[dict[str, Any]]:
    window = {
        "from": clock(values["start_minute"]),
        "to": clock(values["end_minute"]),
        "capacity": values["escorts"],
    }
    days = values["weekdays"]
    return [window] if days is None else [{"day": day, **window} for day in days]


def clock(minute: int) -> str:
    """Minutes from midnight as 09:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _zone(fact: Fact) -> str:
    return str(fact.values["zone"] or fact.values["key"])


def _each_resident(found: Iterable[Fact], residents: Iterable[Record]) -> list[Fact]:
    """Rows for a living group become rows for each who lives there; who is busy twice for one reason is busy once."""
    living: dict[str, list[str]] = defaultdict(list)
    for resident in residents:
        if resident.values["left_on"] is None:
            living[resident.values["living_group_id"]].append(resident.values["key"])
    same = BY_FILE["busy.csv"].same
    once: dict[tuple[Any, ...], Fact] = {}
    for fact in found:
        values = dict(fact.values)
        group = values.pop("living_group_id")
        for key in living[group] if group else [values["resident_id"]]:
            values = {**values, "resident_id": key}
            once.setdefault(tuple(values[name] for name in same), Fact(fact.row, values, fact.absent))
    return list(once.values())
