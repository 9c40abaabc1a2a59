"""What changes between two schedules, told by session and by person.

A session is the same in both where its id and activity are, and where it is alike in activity, day, start and space:
the second counts first, so that schedules which know nothing of each other compare too. Moves, new places and dropped
people are those that the terms `cancel`, `move`, `relocate` and `drop` count. Facts of the past never change.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from solver.documents.problem import ProblemDocument, Session

SessionKind: TypeAlias = Literal["new", "gone", "moved", "relocated", "led"]
PersonKind: TypeAlias = Literal["withdrawn", "moved", "relocated", "led", "invited"]


@dataclass(frozen=True)
class SessionChange:
    """What is different about one session: `kinds` "new" or "gone" alone, else of "moved" (day or start), "relocated"
    and "led" (by others). `before` is None where it is new, `after` where it is gone."""

    kinds: tuple[SessionKind, ...]
    before: Session | None
    after: Session | None


@dataclass(frozen=True)
class PersonChange:
    """What is different for one resident about one session: "withdrawn" or "invited" alone, else what the session's own
    change is. `before` is None where they are newly invited, `after` where they are withdrawn and it is gone."""

    resident: str
    kinds: tuple[PersonKind, ...]
    before: Session | None
    after: Session | None


@dataclass(frozen=True)
class PeopleTold:
    """Who has to be told: the residents of each kind, each once a kind.

    `told` are those for whom something that stood has changed: withdrawn, moved or relocated. Who is only newly invited
    counts apart, and that another person leads is told to nobody.
    """

    withdrawn: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    relocated: frozenset[str] = frozenset()
    invited: frozenset[str] = frozenset()

    @property
    def told(self) -> frozenset[str]:
        return self.withdrawn | self.moved | self.relocated

    @property
    def only_invited(self) -> frozenset[str]:
        return self.invited - self.told


@dataclass(frozen=True)
class Comparison:
    """`people` by resident in the problem's order, each with their changes in the order of time."""

    sessions: tuple[SessionChange, ...]
    people: dict[str, tuple[PersonChange, ...]] = field(repr=False)
    told: PeopleTold


def compare(problem: ProblemDocument, before: Iterable[Session], after: Iterable[Session]) -> Comparison:
    """Residents who are not in the problem do not count."""
    here = {row.id for row in problem.residents}
    pairs = matched(before, after)
    found: defaultdict[str, list[PersonChange]] = defaultdict(list)
    for was, now in sorted(pairs, key=_when):
        for change in _of_people(was, now, here):
            found[change.resident].append(change)
    sessions = [SessionChange(kinds, was, now) for was, now in pairs if (kinds := _kinds(was, now))]
    people = {row.id: tuple(found[row.id]) for row in problem.residents if row.id in found}
    return Comparison(
        tuple(sorted(sessions, key=lambda each: _when((each.before, each.after)))), people, _told(pairs, here)
    )


def people_told(
    before: Iterable[Session], after: Iterable[Session], residents: Iterable[str] | None = None
) -> PeopleTold:
    """Who has to be told that the one has become the other; of `residents` only, where they are given.

    Takes time in proportion to the attendances of the sessions that differ.
    """
    return _told(matched(before, after), None if residents is None else frozenset(residents))


def matched(before: Iterable[Session], after: Iterable[Session]) -> list[tuple[Session | None, Session | None]]:
    """The sessions of both side by side, in the order of the first, the new ones last."""
    was, now = list(before), list(after)
    partner: dict[int, Session] = {}
    left = {id(row): row for row in now}
    for keys in (_id_and_place, _place, _id):
        there: defaultdict[tuple[object, ...], list[Session]] = defaultdict(list)
        for row in left.values():
            there[keys(row)].append(row)
        for k, row in enumerate(was):
            if k not in partner and (rows := there.get(keys(row))):
                partner[k] = rows.pop(0)
                del left[id(partner[k])]
    return [*((row, partner.get(k)) for k, row in enumerate(was)), *((None, row) for row in left.values())]


def _place(row: Session) -> tuple[object, ...]:
    return row.activity, row.day, row.start, row.space


def _id(row: Session) -> tuple[object, ...]:
    return row.id, row.activity


def _id_and_place(row: Session) -> tuple[object, ...]:
    return row.id, *_place(row)


def _when(pair: tuple[Session | None, Session | None]) -> tuple[int, str, str]:
    row = pair[0] or pair[1]
    assert row is not None
    return row.day, row.start, row.id


def _kinds(was: Session | None, now: Session | None) -> tuple[SessionKind, ...]:
    if was is None:
        return ("new",)
    if now is None:
        return ("gone",)
    kinds: list[SessionKind] = []
    if (was.day, was.start) != (now.day, now.start):
        kinds.append("moved")
    if was.space != now.space:
        kinds.append("relocated")
    if was.facilitators != now.facilitators and sorted(was.facilitators) != sorted(now.facilitators):
        kinds.append("led")
    return tuple(kinds)


def _of_people(was: Session | None, now: Session | None, here: set[str]) -> Iterable[PersonChange]:
    kinds: tuple[PersonKind, ...] = tuple(kind for kind in _kinds(was, now) if kind != "new" and kind != "gone")
    old, new = _residents(was), _residents(now)
    for name in old:
        if name in here and name not in new:
            yield PersonChange(name, ("withdrawn",), was, now)
        elif name in here and kinds:
            yield PersonChange(name, kinds, was, now)
    for name in new:
        if name in here and name not in old:
            yield PersonChange(name, ("invited",), None, now)


def _residents(row: Session | None) -> dict[str, None]:
    return {} if row is None else dict.fromkeys(row.residents)


def _told(pairs: Iterable[tuple[Session | None, Session | None]], here: Iterable[str] | None) -> PeopleTold:
    withdrawn: set[str] = set()
    moved: set[str] = set()
    relocated: set[str] = set()
    invited: set[str] = set()
    for was, now in pairs:
        if was is now:
            continue
        old, new = set(_residents(was)), set(_residents(now))
        withdrawn |= old - new
        invited |= new - old
        if was is not None and now is not None:
            if (was.day, was.start) != (now.day, now.start):
                moved |= old & new
            if was.space != now.space:
                relocated |= old & new
    rows = [withdrawn, moved, relocated, invited]
    return PeopleTold(*(frozenset(row if here is None else row & set(here)) for row in rows))
