"""A week is planned again around what stands: as near to it as is wanted, and, where that is wanted, only a part of it.

What lies outside the part is fixed for the time of the run alone: each of its sessions with exactly its people, and no
session more. What the facts of now stand against is fixed nowhere, for it has to change.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from milieu.solving.answer.checking import check_week, is_open
from milieu.solving.contents import SessionContent
from milieu.solving.problem.commitments.past import as_session
from milieu.solving.problem.document import REPAIR_WEIGHTS, ProblemSource, as_source, near
from milieu.solving.problem.programme.seating import space_of
from solver.documents import exchange

NEARNESS = (Fraction(0), Fraction(1, 4), Fraction(1), Fraction(3), Fraction(10))
"""How many times what a morning's repair counts for a change it counts, from "the best" to "keep mine"."""


@dataclass(frozen=True)
class Only:
    """What may change, each empty where it does not matter: sessions of these days and spaces, places of these people.

    With people no session is moved, added or taken out.
    """

    days: tuple[date, ...] = ()
    spaces: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.days or self.spaces or self.people)

    def takes_in(self, on_date: date, space_id: str) -> bool:
        """Whether what is held there and then may change."""
        return (not self.days or on_date in self.days) and (not self.spaces or space_id in self.spaces)


@dataclass(frozen=True)
class Again:
    """How a week is planned again: `nearness` counts up to the last of NEARNESS."""

    nearness: int = 0
    only: Only = Only()

    def __bool__(self) -> bool:
        return bool(self.nearness or self.only)

    def as_json(self) -> dict[str, Any] | None:
        """For the row of a run; None where it says nothing."""
        if not self:
            return None
        only = {"days": [day.isoformat() for day in self.only.days], "spaces": [*self.only.spaces]}
        return {"nearness": self.nearness, "only": {**only, "people": [*self.only.people]}}


ANEW = Again()
"""As if there were nothing yet."""


def read_again(asked: Mapping[str, Any] | None) -> Again:
    """What the row of a run says."""
    if not asked:
        return ANEW
    only = asked["only"]
    days = tuple(map(date.fromisoformat, only["days"]))
    return Again(asked["nearness"], Only(days, tuple(only["spaces"]), tuple(only["people"])))


def around(source: ProblemSource, sessions: Sequence[SessionContent], again: Again) -> ProblemSource:
    """The problem of a week that is planned again around its sessions."""
    found = source
    if again.nearness:
        times = NEARNESS[again.nearness]
        found = near(found, sessions, {name: round(times * weight) for name, weight in REPAIR_WEIGHTS.items()})
    return _fixed(found, sessions, again.only) if again.only else found


def _fixed(source: ProblemSource, sessions: Sequence[SessionContent], only: Only) -> ProblemSource:
    broken = {value for each in check_week(source, sessions).breaches for _name, value in each.reason.facts}
    coming = [each for each in sessions if is_open(source.facts, each)]
    kept = [each for each in coming if each.ref not in broken and not _is_free(each, only)]
    names = {each.ref for each in kept}
    pins = [pin for pin in source.document.pins if _name_of(pin) not in names]
    for each in kept:
        pins += _pins(source, each, only)
    loose = [each for each in coming if each.ref not in names]
    return as_source(source, {"pins": tuple(pins), "spaces": _open(source, kept, loose, only)})


def _is_free(session: SessionContent, only: Only) -> bool:
    return not only.people and only.takes_in(session.on_date, session.space_id)


def _name_of(pin: exchange.Pin) -> str:
    return pin.session.id if isinstance(pin, exchange.SessionPin) else pin.session


def _pins(source: ProblemSource, session: SessionContent, only: Only) -> Iterator[exchange.Pin]:
    """That it is held as it is, with those invited and nobody besides; those who may change are free to come and go."""
    free = set(only.people) if only.takes_in(session.on_date, session.space_id) else set()
    row = as_session(source.facts.seating, session, source.week.start, session.residents)
    there = tuple(who for who in row.residents if who not in free)
    yield exchange.SessionPin(
        session=exchange.PinnedSession(
            id=row.id,
            activity=row.activity,
            day=row.day,
            start=row.start,
            space=row.space,
            facilitators=row.facilitators,
            residents=there,
        )
    )
    for person in source.document.residents:
        if person.id not in row.residents and person.id not in free:
            yield exchange.AbsentPin(absent=person.id, session=row.id)


def _open(
    source: ProblemSource, kept: Iterable[SessionContent], loose: Iterable[SessionContent], only: Only
) -> tuple[exchange.Space, ...]:
    """The spaces, each open outside the part for its own sessions alone; as ever where something has to change."""
    days = source.week.days
    taken: dict[tuple[str, date], list[SessionContent]] = defaultdict(list)
    for each in kept:
        taken[each.space_id, each.on_date].append(each)
    as_ever = {(each.space_id, each.on_date) for each in loose}
    found = []
    for space in source.document.spaces:
        name = space_of(space.id)
        windows: list[exchange.Window] = []
        for number, day in enumerate(days):
            if (not only.people and only.takes_in(day, name)) or (name, day) in as_ever:
                windows += _as_ever(space, number)
            else:
                windows += (_window(number, each.start_minute, each.end_minute) for each in taken[name, day])
        found.append(space.model_copy(update={"open": tuple(windows)}))
    return tuple(found)


def _as_ever(space: exchange.Space, day: int) -> Iterator[exchange.Window]:
    if space.open is None:
        yield exchange.Window.model_validate({"day": day, "from": "00:00", "to": "24:00"})
        return
    for window in space.open:
        if window.is_on(day):
            yield window.model_copy(update={"day": day})


def _window(day: int, begin: int, end: int) -> exchange.Window:
    to = "24:00" if end == 1440 else exchange.clock(end)
    return exchange.Window.model_validate({"day": day, "from": exchange.clock(begin), "to": to})
