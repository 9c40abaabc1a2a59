"""The figures of the records: how much was planned, held, asked and came, by resident, unit, domain and time."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from milieu.errors import NotFound
from milieu.queries.records.entries import AFTERNOON, EVENING, MORNING, WEEKDAY, WEEKEND, Entry, Records, Taken

ALL = "all"
BY = (ALL, "unit", "domain", "part", "days", "resident")
WHAT = ("planned", "held", "invited", "asked", "came", "unmarked")
"""Of sessions: planned, and held (not called off). Of invitations: all, those of which it is marked that somebody was
asked, those who came (uninvited too), and those of which nothing is marked."""


@dataclass(frozen=True)
class Line:
    """The figures of one key, in the order of `WHAT`. `word` is its name where it has one of its own."""

    key: str
    word: str
    figures: tuple[int, ...]


@dataclass(frozen=True)
class Rows:
    """What a figure was counted from: sessions, or entries."""

    sessions: tuple[Taken, ...]
    entries: tuple[Entry, ...]


def lines_of(records: Records, by: str) -> tuple[Line, ...]:
    """The figures by one of `BY`: whatever has any. A session of several domains counts for each of them.

    By resident and unit a session counts where somebody of theirs is invited to it. Raises NotFound for another `by`.
    """
    parts = _by_resident(records) if by == "resident" else {}
    return tuple(
        Line(key, word, tuple(_count(parts.get(key, records), by, key, what) for what in WHAT))
        for key, word in _words(records, by)
    )


def rows_of(records: Records, by: str, key: str, what: str) -> Rows:
    """The rows of one figure. Raises NotFound where there is no such figure."""
    if what not in WHAT or key not in {each for each, _ in _words(records, by)}:
        raise NotFound("There is no such figure.")
    return _rows(records, by, key, what)


def _rows(records: Records, by: str, key: str, what: str) -> Rows:
    if what in ("planned", "held"):
        return Rows(_sessions(records, by, key, what), ())
    return Rows((), tuple(each for each in records.entries if _is_of(each, by, key) and _COUNTS[what](each)))


def _count(records: Records, by: str, key: str, what: str) -> int:
    rows = _rows(records, by, key, what)
    return len(rows.sessions) + len(rows.entries)


def _by_resident(records: Records) -> dict[str, Records]:
    """The records parted by resident: there are hundreds, and each has a few entries of thousands."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    for each in records.entries:
        entries[each.resident_id].append(each)
    return {key: Records(records.period, (), tuple(own)) for key, own in entries.items()}


def _sessions(records: Records, by: str, key: str, what: str) -> tuple[Taken, ...]:
    if by in ("resident", "unit"):
        found = {
            each.session.ref: each.session for each in records.entries if each.is_invited and _is_of(each, by, key)
        }
        sessions: Iterable[Taken] = found.values()
    else:
        sessions = (each for each in records.sessions if _has(each, by, key))
    return tuple(each for each in sessions if what == "planned" or not each.is_off)


def _is_of(entry: Entry, by: str, key: str) -> bool:
    if by == "resident":
        return entry.resident_id == key
    if by == "unit":
        return entry.unit.id == key
    return _has(entry.session, by, key)


def _has(session: Taken, by: str, key: str) -> bool:
    if by == "domain":
        return key in (session.domains or ("",))
    if by == "part":
        return session.part == key
    if by == "days":
        return session.kind_of_day == key
    return by == ALL


_COUNTS: dict[str, Callable[[Entry], bool]] = {
    "invited": lambda entry: entry.is_invited,
    "asked": lambda entry: entry.was_asked,
    "came": lambda entry: entry.came,
    "unmarked": lambda entry: entry.is_unmarked,
}


def _words(records: Records, by: str) -> list[tuple[str, str]]:
    """The keys that have anything, in the order in which they are read, with their names."""
    if by == "resident":
        people = {each.resident_id: each.name for each in records.entries}
        return sorted(people.items(), key=lambda each: (each[1].casefold(), each[0]))
    if by == "unit":
        units = {each.unit.id: each.unit for each in records.entries}
        return [(unit.id, unit.name) for unit in sorted(units.values(), key=lambda unit: (unit.place, unit.id))]
    if by == "domain":
        return [(key, "") for key in sorted({key for each in records.sessions for key in each.domains or ("",)})]
    if by == "part":
        return [(key, "") for key in (MORNING, AFTERNOON, EVENING)]
    if by == "days":
        return [(key, "") for key in (WEEKDAY, WEEKEND)]
    if by == ALL:
        return [(ALL, "")]
    raise NotFound("There are no such figures.")
