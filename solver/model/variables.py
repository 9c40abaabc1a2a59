"""What the rules and terms post into: a CP-SAT model of sessions that may be, in which what is fixed is a plain 0 or
1.

A *slot* stands for one session that may be held. Its places, team and people are literals; where a neighbourhood
holds something fixed, the literal is the number 0 or 1, and what is posted simplifies. So the same posts serve a
whole problem, a part of it, and a proof. Nothing here loads OR-Tools; who makes a `Model` brings its `CpModel`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from solver.instance.demands import Demand

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr, NotBooleanVariable

    from solver.instance.problem import (  # which loads numpy: checking and explaining a schedule need none
        Identity,
        Problem,
    )

    Literal: TypeAlias = int | IntVar | NotBooleanVariable
    Sum: TypeAlias = int | LinearExpr


FREE = -1  # a literal that is yet to become a variable of the model


@dataclass(frozen=True)
class Place:
    """Where a session can stand; minutes. `time` is -1 for a fact."""

    time: int
    day: int
    begin: int
    end: int
    space: int


@dataclass
class Slot:
    """One session that may be. `options`, `team` and `people` leave out what can never be; what is FREE is to be
    decided. `others` are residents who come besides `people` and of whom nothing is asked but that they fill a group:
    at most `most_others`.
    """

    activity: int
    present: Literal
    options: dict[Place, Literal]
    team: dict[int, Literal]
    people: dict[int, Literal]
    identity: Identity | None = None
    is_fact: bool = False
    most_others: int = 0
    others: Sum = 0


@dataclass
class Model:
    """`demands` are those to be kept; None means all of them. `lifted` are rules that are not asked of one space or
    person: ("R3", space), ("R4", facilitator), ("R7", resident); or of nobody: ("R3", -1).
    """

    problem: Problem
    cp: CpModel
    slots: list[Slot]
    demands: frozenset[Demand] | None = None
    lifted: frozenset[tuple[str, int]] = frozenset()
    rewards: list[tuple[int, Literal]] = field(default_factory=list)
    constant: int = 0
    _within: dict[int, int] = field(default_factory=dict)
    _both: dict[tuple[int, int], Literal] = field(default_factory=dict)
    _any: dict[frozenset[int], Literal] = field(default_factory=dict)
    _parts: dict[tuple[int, str], dict[int, Literal]] = field(default_factory=dict)
    _together: dict[tuple[int, int, int], Literal] = field(default_factory=dict)
    _zones: dict[int, dict[tuple[int, int, int, str], Literal]] = field(default_factory=dict)

    @property
    def planned(self) -> list[Slot]:
        return [slot for slot in self.slots if not slot.is_fact]

    @property
    def facts(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.is_fact]

    def wants(self, rule: str, *names: int) -> bool:
        """Whether a demand is to be kept."""
        return self.demands is None or Demand(rule, names) in self.demands

    def keeps(self, rule: str, name: int = -1) -> bool:
        """Whether a rule is asked, of this space or person where one is named."""
        return (rule, name) not in self.lifted

    def note_within(self, literal: Literal, present: Literal) -> None:
        """Remember that the first holds only where the second does; who notes it posts it."""
        if not isinstance(literal, int) and not isinstance(present, int):
            self._within[literal.index] = present.index

    def reward(self, worth: int, literal: Literal) -> None:
        """The score gains `worth` where the literal holds, or times its value where it is a whole number."""
        if isinstance(literal, int):
            self.constant += worth * literal
        elif worth:
            self.rewards.append((worth, literal))

    def boolean(self) -> IntVar:
        return self.cp.new_bool_var("")

    def number(self, most: int) -> IntVar:
        return self.cp.new_int_var(0, max(0, most), "")

    def both(self, a: Literal, b: Literal) -> Literal:
        """A literal that holds where both do; it may hold elsewhere too, so use it where holding costs."""
        if isinstance(a, int):
            return b if a else 0
        if isinstance(b, int):
            return a if b else 0
        if a.index == b.index or self._within.get(a.index) == b.index:
            return a
        if self._within.get(b.index) == a.index:
            return b
        key = (min(a.index, b.index), max(a.index, b.index))
        if key not in self._both:
            made = self.boolean()
            self.cp.add_bool_or([a.negated(), b.negated(), made])
            self._both[key] = made
        return self._both[key]

    def any_of(self, literals: Iterable[Literal]) -> Literal:
        """A literal that holds exactly where one of these does."""
        rows = [row for row in literals if not (isinstance(row, int) and row == 0)]
        if any(isinstance(row, int) for row in rows):
            return 1
        if not rows:
            return 0
        if len(rows) == 1:
            return rows[0]
        key = frozenset(row.index for row in rows if not isinstance(row, int))
        if key not in self._any:
            made = self.boolean()
            self.cp.add_max_equality(made, rows)
            self._any[key] = made
        return self._any[key]

    def forbid(self, *literals: Literal) -> None:
        """Not all of these."""
        rows = [row for row in literals if not (isinstance(row, int) and row == 1)]
        if any(isinstance(row, int) for row in rows):
            return
        self.cp.add_bool_or([row.negated() for row in rows if not isinstance(row, int)])

    def at_most_one(self, literals: Iterable[Literal]) -> None:
        rows = [row for row in literals if not (isinstance(row, int) and row == 0)]
        fixed = sum(isinstance(row, int) for row in rows)
        free = [row for row in rows if not isinstance(row, int)]
        if fixed > 1:
            self.cp.add_bool_or([])
        elif fixed == 1:
            for row in free:
                self.cp.add_bool_and([row.negated()])
        elif len(free) > 1:
            self.cp.add_at_most_one(free)

    def limit(self, total: Sum, most: Sum, only_if: Literal = 1) -> None:
        """total <= most, where `only_if` holds."""
        if isinstance(only_if, int) and only_if == 0:
            return
        if isinstance(total, int) and isinstance(most, int):
            if total > most:
                self.forbid(only_if)
            return
        made = self.cp.add(total <= most)
        if not isinstance(only_if, int):
            made.only_enforce_if(only_if)

    def when(self, slot: Slot) -> dict[int, Literal]:
        """By time, whether the slot's session is then."""
        return self._part(slot, "time")

    def where(self, slot: Slot) -> dict[int, Literal]:
        """By space, whether the slot's session is there."""
        return self._part(slot, "space")

    def on(self, slot: Slot) -> dict[int, Literal]:
        """By day, whether the slot's session is held then."""
        return self._part(slot, "day")

    def _part(self, slot: Slot, name: str) -> dict[int, Literal]:
        key = (id(slot), name)
        if key not in self._parts:
            rows: defaultdict[int, list[Literal]] = defaultdict(list)
            for place, literal in slot.options.items():
                rows[getattr(place, name)].append(literal)
            if len(rows) == 1:  # wherever the session is held, this holds
                self._parts[key] = dict.fromkeys(rows, slot.present)
            else:
                self._parts[key] = {part: self.any_of(literals) for part, literals in rows.items()}
        return self._parts[key]

    def in_zones(self, slot: Slot) -> dict[tuple[int, int, int, str], Literal]:
        """By day, begin, end and zone, whether the slot's session is then and there."""
        if id(slot) not in self._zones:
            spaces = self.problem.document.spaces
            rows: defaultdict[tuple[int, int, int, str], list[Literal]] = defaultdict(list)
            for place, literal in slot.options.items():
                rows[(*spell(place), spaces[place.space].zone)].append(literal)
            if len(rows) == 1:  # wherever the session is held, this holds
                self._zones[id(slot)] = dict.fromkeys(rows, slot.present)
            else:
                self._zones[id(slot)] = {part: self.any_of(literals) for part, literals in rows.items()}
        return self._zones[id(slot)]

    def together(self, slot: Slot, a: int, b: int) -> Literal:
        """A literal that may hold only where both residents are in the slot's session: use it where holding pays."""
        one, two = slot.people.get(a, 0), slot.people.get(b, 0)
        if isinstance(one, int):
            return two if one else 0
        if isinstance(two, int):
            return one if two else 0
        key = (id(slot), min(a, b), max(a, b))
        if key not in self._together:
            made = self.boolean()
            self.cp.add_implication(made, one)
            self.cp.add_implication(made, two)
            self._together[key] = made
        return self._together[key]

    def reach(self, total: Sum, most: int) -> Literal:
        """A whole number of at most `most` that may be as large as the total: for what pays up to a limit."""
        if isinstance(total, int):
            return min(total, most)
        made = self.number(most)
        self.cp.add(made <= total)
        return made


def both_hold(model: Model, a: Literal, b: Literal) -> Literal:
    """A literal that may hold only where both do: use it where holding pays."""
    if isinstance(a, int):
        return b if a else 0
    if isinstance(b, int):
        return a if b else 0
    made = model.boolean()
    model.cp.add_implication(made, a)
    model.cp.add_implication(made, b)
    return made


def spell(place: Place) -> tuple[int, int, int]:
    return place.day, place.begin, place.end


Stay: TypeAlias = "tuple[tuple[int, int, int], Literal, bool]"


def keep_apart(model: Model, held: Iterable[Stay], gap: int) -> None:
    """No two overlap or lie closer than `gap` minutes: (day, begin, end), literal, whether it is a fact. Facts may
    clash.
    """
    seen: set[frozenset[int]] = set()
    for covering in _moments(list(held), gap).values():
        planned = [literal for _, literal, is_fact in covering if not is_fact]
        if any(is_fact for _, _, is_fact in covering):
            for literal in planned:
                model.forbid(literal)
        else:
            key = frozenset(id(literal) for literal in planned)
            if key not in seen:
                seen.add(key)
                model.at_most_one(dict_of(planned).values())


def keep_ways(model: Model, held: Iterable[tuple[Slot, Literal]], gap: int) -> None:
    """Between two of these sessions, where somebody is in them, lies the way from zone to zone, where it is longer than
    `gap` minutes. Facts may clash.
    """
    problem = model.problem
    if int(problem.way.max(initial=0)) <= gap:
        return
    spaces = {space.zone: k for k, space in enumerate(problem.document.spaces)}
    stays: defaultdict[str, list[Stay]] = defaultdict(list)
    for slot, literal in held:
        for (day, begin, end, zone), there in model.in_zones(slot).items():
            stays[zone].append(((day, begin, end), model.both(literal, there), slot.is_fact))
    zones = sorted(stays)
    for k, one in enumerate(zones):
        for other in zones[k:]:
            way = int(problem.way[spaces[one], spaces[other]])
            if way > gap and one == other:
                keep_apart(model, stays[one], way)
            elif way > gap:
                keep_two_apart(model, stays[one], stays[other], way)


def _moments(rows: list[Stay], gap: int, extra: Iterable[Stay] = ()) -> dict[tuple[int, int], list[Stay]]:
    """By day and minute, what covers that moment with its gap: at each begin of these rows and of the extra ones."""
    points: dict[int, set[int]] = {}
    for (day, begin, _), _, _ in (*rows, *extra):
        points.setdefault(day, set()).add(begin)
    ordered = {day: sorted(minutes) for day, minutes in points.items()}
    found: dict[tuple[int, int], list[Stay]] = {}
    for row in rows:
        day, begin, end = row[0]
        minutes = ordered[day]
        for k in range(bisect_left(minutes, begin), bisect_left(minutes, end + gap)):
            found.setdefault((day, minutes[k]), []).append(row)
    return dict(sorted(found.items()))


def dict_of(literals: Iterable[Literal]) -> Mapping[object, Literal]:
    """Each free literal once; fixed ones as often as they stand."""
    return {(k if isinstance(row, int) else ("", row.index)): row for k, row in enumerate(literals)}


def keep_two_apart(model: Model, one: Iterable[Stay], two: Iterable[Stay], gap: int) -> None:
    """Nothing of the one overlaps or lies closer than `gap` minutes to something of the other, save fact to fact."""
    first, second = list(one), list(two)
    mine_at, theirs_at = _moments(first, gap, second), _moments(second, gap, first)
    for moment in (moment for moment in mine_at if moment in theirs_at):
        sides = [mine_at[moment], theirs_at[moment]]
        for mine, others in (sides, sides[::-1]):
            if any(is_fact for _, _, is_fact in others):
                for _, literal, is_fact in mine:
                    if not is_fact:
                        model.forbid(literal)
        free = [model.any_of(literal for _, literal, is_fact in rows if not is_fact) for rows in sides]
        if free[0] is not free[1]:
            model.forbid(*free)
