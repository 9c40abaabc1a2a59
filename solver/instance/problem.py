"""The compiled problem: dense numbers instead of ids, arrays instead of lists of models. Read-only, built once.

Residents, activities, spaces and facilitators are numbered by their place in the document. A *slot* is a step of the
grid within a day; a *time* is a (day, slot, duration) at which some activity may be held, numbered densely over the
horizon. An *identity* is a session id that `previous` or a pin names: what stands under it is bound by that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from solver.documents.fields import DAY_MINUTES, EVENING, NOON
from solver.documents.problem import Activity, ProblemDocument, Window

Ints: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]
Bytes: TypeAlias = NDArray[np.int8]
Flags: TypeAlias = NDArray[np.bool_]

MOST_CELLS = 150_000_000  # times x residents: above it the search looks at a coarser grid of starts


@dataclass(frozen=True)
class Fact:
    """A frozen session: it stands as it is, whatever it breaks. Minutes may lie off the grid."""

    previous: int
    activity: int
    day: int
    begin: int
    end: int
    space: int
    team: tuple[int, ...]
    residents: tuple[int, ...]


@dataclass(frozen=True)
class Identity:
    """What is bound to one session id, facts aside.

    `previous` is its place in the previous sessions or -1; `pin` the place of the pin that fixes it or -1, which alone
    demands that it exists. `day`, `begin` and `space` are the previous ones, or the pinned ones (`space` -1 and `team`
    None where the pin leaves them open).
    """

    id: str
    activity: int
    previous: int
    pin: int
    day: int
    begin: int
    space: int
    team: tuple[int, ...] | None
    previous_residents: tuple[int, ...] = ()
    previous_team: tuple[int, ...] = ()
    attend: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()

    @property
    def is_pinned(self) -> bool:
        return self.pin >= 0


@dataclass(frozen=True)
class Times:
    """Every time at which some activity may be held. Minutes; `part` is 0 morning, 1 afternoon, 2 evening."""

    day: Ints
    begin: Ints
    end: Ints
    number: dict[tuple[int, int, int], int] = field(repr=False)  # (day, begin, end)
    of_activity: tuple[Ints, ...] = field(repr=False)

    @property
    def part(self) -> Ints:
        return np.where(self.begin < NOON, 0, np.where(self.begin < EVENING, 1, 2)).astype(np.int64)

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True)
class Problem:
    """Shapes: R residents, A activities, S spaces, F facilitators, T times, D days."""

    document: ProblemDocument = field(repr=False)
    digest: str
    days: int
    slot: int  # minutes
    frozen_until: tuple[int, int]  # (day, minute): nothing planned starts before
    times: Times
    level: Ints  # (A, S): how loud a session is
    fits_space: Flags  # (A, S): features and seats allow it
    open_at: Flags  # (T, S)
    available_at: Flags  # (T, F)
    ear: Bytes  # (T, R): the loudest level a resident bears at that time; -1 where they are busy
    may_activity: Flags  # (A, R): neither refused, avoided nor closed to them
    may_space: Flags  # (S, R)
    may_facilitator: Flags  # (F, R)
    familiar: Flags  # (F, R)
    interest: Bytes  # (A, R)
    waiting: Bytes  # (A, R): how long in vain
    walk: Ints  # (S, R): minutes from the resident's zone
    way: Ints  # (S, S): minutes from one to the other
    fetched: Flags  # (S, R): whether the resident must be brought there and back
    turnaround: Ints  # (S,)
    shares: tuple[tuple[int, ...], ...]
    adjacent: tuple[tuple[int, ...], ...]
    skills: tuple[tuple[frozenset[int], ...], ...]  # activity -> facilitator -> which of its needed skills they have
    escorts: Ints | None  # (D, slots + 1): how many at each grid moment, facts' own need never above it
    cohort: Ints  # (R,)
    ties: tuple[tuple[int, int, int, int], ...]  # (a, b, strength, cap)
    apart: tuple[tuple[int, int], ...]
    facts: tuple[Fact, ...]
    identities: tuple[Identity, ...]
    contradictions: tuple[int, ...]  # pins that nothing can keep
    reserved: frozenset[str]  # session ids that a new session may not take

    @cached_property
    def resident_number(self) -> dict[str, int]:
        return {row.id: k for k, row in enumerate(self.document.residents)}

    @cached_property
    def activity_number(self) -> dict[str, int]:
        return {row.id: k for k, row in enumerate(self.document.activities)}

    @cached_property
    def space_number(self) -> dict[str, int]:
        return {row.id: k for k, row in enumerate(self.document.spaces)}

    @cached_property
    def facilitator_number(self) -> dict[str, int]:
        return {row.id: k for k, row in enumerate(self.document.facilitators)}

    @cached_property
    def identity_number(self) -> dict[str, int]:
        return {row.id: k for k, row in enumerate(self.identities)}

    @cached_property
    def alike(self) -> dict[tuple[int, int, int, int], frozenset[int]]:
        """(activity, day, begin, space) of `previous` -> the identities one of which a session there must have: as
        nothing else fits beside it, there is never more than one to share them out among.
        """
        found: dict[tuple[int, int, int, int], frozenset[int]] = {}
        for k, identity in enumerate(self.identities):
            if identity.previous >= 0:
                row = self.document.previous[identity.previous]
                if row.activity in self.activity_number and row.space in self.space_number:
                    key = (self.activity_number[row.activity], row.day, row.begin, self.space_number[row.space])
                    found[key] = found.get(key, frozenset()) | {k}
        return found


def inside(windows: tuple[Window, ...] | None, day: int, begin: int, end: int) -> bool:
    """Whether the whole stretch lies inside one window; absent windows hold everything."""
    return windows is None or any(window.holds(day, begin, end) for window in windows)


def starts_of(activity: Activity, days: int, step: int, frozen: tuple[int, int]) -> list[tuple[int, int]]:
    """The (day, minute) at which the activity may begin: on the grid, inside one of its windows, not in the past."""
    length = activity.duration_minutes
    return [
        (day, begin)
        for day in range(days)
        for begin in range(0, DAY_MINUTES - length + 1, step)
        if (day, begin) >= frozen and inside(activity.windows, day, begin, begin + length)
    ]


def has_all_times(problem: Problem, activities: Iterable[int] | None = None) -> bool:
    """Whether the compiled times of these activities, or of all, are all there are: a very fine grid may have been
    thinned, and nothing is proved on such a one.
    """
    rows = problem.document.activities
    return all(
        len(problem.times.of_activity[a]) == len(starts_of(rows[a], problem.days, problem.slot, problem.frozen_until))
        for a in (range(len(rows)) if activities is None else activities)
    )


def has_leaders(problem: Problem, a: int, time: int) -> bool:
    """Whether enough facilitators are there at that time, and one with all skills where one leads alone (R4)."""
    count = problem.document.activities[a].facilitators
    there = [f for f in range(len(problem.skills[a])) if problem.available_at[time, f]] if count > 0 else []
    return sum(is_any_use(problem, a, f) for f in there) >= count


def is_any_use(problem: Problem, a: int, f: int) -> bool:
    """Whether a facilitator may be in a team: with one leader, only who has all skills."""
    activity = problem.document.activities[a]
    wanted = len(dict.fromkeys(activity.needs_skills))
    return activity.facilitators != 1 or len(problem.skills[a][f]) == wanted


def team_can_lead(problem: Problem, activity: int, team: Sequence[int]) -> bool:
    """R4 but for time: the right number of different people who have all needed skills between them."""
    row = problem.document.activities[activity]
    if len(team) != row.facilitators or len(set(team)) != len(team):
        return False
    have = {skill for f in team for skill in problem.document.facilitators[f].skills}
    return not team or set(row.needs_skills) <= have
