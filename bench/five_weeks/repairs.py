"""The points about repairs: what they changed of a published week, and for which fact."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bench.five_weeks.finding import Finding
from bench.five_weeks.reading import Home

NO_REPAIR = "no repair in these weeks"


@dataclass(frozen=True)
class Held:
    """A session as one publication has it."""

    day: date
    start: int
    space: str
    leaders: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


def leaders_kept(home: Home) -> Finding:
    """Sessions that a repair gave to other leaders, and how many of them on days on which nobody is away."""
    if not _repairs(home):
        return Finding(NO_REPAIR, None)
    away = home.rows("SELECT first_date, last_date FROM absence")
    changed = [
        new.day
        for repair in _repairs(home)
        for old, new in _both(home, repair)
        if old and new and old.day == new.day and old.leaders - new.leaders
    ]
    free = sum(not any(row["first_date"] <= day.isoformat() <= row["last_date"] for row in away) for day in changed)
    figure = f"{len(changed)} sessions led by others after repairs, {free} of them on days on which nobody is away"
    return Finding(figure, not free)


def caused(home: Home) -> Finding:
    """Sessions that a repair changed: those without a cause that is kept, and causes of which no row is there."""
    repairs = _repairs(home)
    if not repairs:
        return Finding(NO_REPAIR, None)
    changed = without = unfounded = 0
    for repair in repairs:
        kept = {
            row["session_ref"]: json.loads(row["because"]).get("causes", [])
            for row in home.rows("SELECT * FROM published_change WHERE publication_id = ?", repair["id"])
        }
        for ref, (old, new) in _by_ref(home, repair).items():
            if old == new or old is None:  # what is new takes up who lost a place: its own row says whom
                continue
            changed += 1
            causes = kept.get(ref, [])
            without += not causes
            unfounded += any(not _is_founded(home, each, old.day) for each in causes)
    figure = (
        f"{changed} sessions changed in {len(repairs)} repairs, {without} without a cause that is kept, "
        f"{unfounded} with a cause of which no row is there"
    )
    return Finding(figure, not (without or unfounded))


def _is_founded(home: Home, cause: dict[str, Any], day: date) -> bool:
    """Whether the fact that a cause names is a row that holds on the day; kinds without a row of their own are taken
    as they are told.
    """
    on = day.isoformat()
    if cause["kind"] == "staff" and not cause["detail"]:
        query = "SELECT 1 FROM absence WHERE facilitator_id = ? AND first_date <= ? AND last_date >= ?"
        return bool(home.rows(query, cause["id"], on, on))
    if cause["kind"] in ("space", "weather"):
        query = "SELECT 1 FROM space_closure WHERE space_id = ? AND first_date <= ? AND last_date >= ?"
        return bool(home.rows(query, cause["id"], on, on))
    if cause["kind"] == "busy":
        query = """SELECT 1 FROM resident_busy WHERE resident_id = ? AND (valid_from IS NULL OR valid_from <= ?)
        AND (valid_until IS NULL OR valid_until >= ?) AND (weekday IS NULL OR weekday = ?)"""
        return any(home.rows(query, who, on, on, day.weekday()) for who in cause["people"])
    return True


def _repairs(home: Home) -> list[dict[str, Any]]:
    return home.rows("SELECT id, previous_id FROM publication WHERE kind = 'repair' ORDER BY number")


def _both(home: Home, repair: dict[str, Any]) -> list[tuple[Held | None, Held | None]]:
    return list(_by_ref(home, repair).values())


def _by_ref(home: Home, repair: dict[str, Any]) -> dict[str, tuple[Held | None, Held | None]]:
    """Each session as it was before a repair and as it is since; None where it was not there."""
    old, new = (_held(home, repair[key]) for key in ("previous_id", "id"))
    return {ref: (old.get(ref), new.get(ref)) for ref in sorted(old.keys() | new.keys())}


def _held(home: Home, publication: str) -> dict[str, Held]:
    ids: dict[str, Held] = {}
    found: dict[str, Held] = {}
    for row in home.rows("SELECT * FROM published_session WHERE publication_id = ?", publication):
        one = Held(date.fromisoformat(row["on_date"]), row["start_minute"], row["space_id"])
        ids[row["id"]] = found[row["ref"]] = one
    for table, column in (("published_leader", "facilitator_id"), ("invitation", "resident_id")):
        query = f"""SELECT t.published_session_id AS id, t.{column} AS who FROM {table} t
        JOIN published_session s ON s.id = t.published_session_id WHERE s.publication_id = ?"""  # noqa: S608
        people: dict[str, set[str]] = defaultdict(set)
        for row in home.rows(query, publication):
            people[row["id"]].add(row["who"])
        for id_, those in people.items():
            (ids[id_].leaders if table == "published_leader" else ids[id_].asked).update(those)
    return found
