"""A small program of the whole horizon, without days or places: how often each activity is held and each resident
comes to it. What homes of any size have time for; terms that never pay are left out.
"""

import numpy as np

from solver.bounds.linear.cells import Cells
from solver.bounds.linear.frame import Frame, Past, likings
from solver.bounds.linear.program import Linear, Program
from solver.bounds.linear.stays import covered
from solver.bounds.rows.company import post_friends
from solver.bounds.rows.worth import post_interest, post_left_out, post_target, post_turn, post_welcome
from solver.instance.problem import Flags, Ints, Problem


class Outline(Frame):
    """A frame without cells: `often` as ever, and `held` (A,), how many sessions of an activity are planned."""

    def __post_init__(self) -> None:
        document, program, past = self.problem.document, self.program, self.past
        most = np.array([row.sessions.max for row in document.activities], np.int64)
        self.held = program.add_columns(most - past.held.sum(axis=1))
        self.often = np.full((len(document.residents), len(most)), -1, np.int64)
        fits, may = self.problem.fits_space, self.problem.may_space
        self.able = (fits.astype(np.float32) @ may.astype(np.float32) > 0).T & self.problem.may_activity.T
        who, activity = np.nonzero(self.able)
        self.often[who, activity] = program.add_columns(self._most_often()[who, activity])


def outlined(problem: Problem, until: float) -> Linear:
    """The program; TimeUp where it is not written by `until`."""
    none = np.zeros(0, np.int64)
    frame = Outline(problem, Cells(**dict.fromkeys(Cells.__dataclass_fields__, none)), Program(until), Past(problem))
    for post in (
        _post_rooms,
        _post_staff,
        _post_spaces,
        _post_people,
        _post_worth,
        post_interest,
        post_welcome,
        post_left_out,
        post_target,
        post_turn,
        post_friends,
        _post_usual,
    ):
        post(frame)
    return frame.program.finished()


def _post_rooms(frame: Outline) -> None:
    """R2, R5, R11: who comes to an activity has room in its sessions, and support; nobody comes twice to one."""
    problem, program, document = frame.problem, frame.program, frame.problem.document
    who, activity = np.nonzero(frame.able)
    often = frame.often[who, activity]
    seats = np.array([row.capacity for row in document.spaces], np.int64)
    widest = np.where(problem.fits_space, seats, 0).max(axis=1, initial=0)
    room = np.minimum(widest, [row.max_group for row in document.activities])
    nothing = np.zeros(len(room), np.int64)
    rows = program.limit_groups(activity, often, 1, nothing)
    program.put(rows, frame.held, -room)
    rows = program.limit_groups(np.arange(len(often)), often, 1, np.zeros(len(often)))
    program.put(rows, frame.held[activity], -1)
    strongest = max((person.support for person in document.facilitators), default=0)
    led = np.array([row.facilitators for row in document.activities], np.int64)
    need = frame.of_residents("support")[who]
    mine = np.flatnonzero((need > 0) & (led[activity] > 0))
    rows = program.limit_groups(activity[mine], often[mine], need[mine], nothing)
    program.put(rows, frame.held, -strongest * led)


def _post_staff(frame: Outline) -> None:
    """R4: all that those lead who have a skill fits their time, gaps included, and their most sessions a day."""
    problem, program, document = frame.problem, frame.program, frame.problem.document
    staff = document.facilitators
    count = np.array([row.facilitators for row in document.activities], np.int64)
    gap = min((person.gap_minutes for person in staff), default=0)
    minutes, days = _open_minutes(problem, problem.available_at, np.full(len(staff), gap, np.int64))
    times = days * np.array([person.max_sessions_per_day for person in staff], np.int64)
    for skill in [None, *sorted({each for row in document.activities for each in row.needs_skills})]:
        able = np.array([skill is None or skill in person.skills for person in staff], bool)
        asks = np.array([skill is None or skill in row.needs_skills for row in document.activities], bool)
        heads = asks * (count if skill is None else np.minimum(count, 1))
        for limit, each in ((minutes, frame.lengths + gap), (times, np.ones(len(count), np.int64))):
            program.put(program.add_rows(int(limit[able].sum())), frame.held, heads * each)


def _post_spaces(frame: Outline) -> None:
    """R3: what can only be held in a set of spaces fits the time they are open, turnarounds included."""
    problem, program = frame.problem, frame.program
    gap = int(problem.turnaround.min(initial=1440)) if len(problem.turnaround) else 0
    minutes, _ = _open_minutes(problem, problem.open_at, np.full(len(problem.turnaround), gap, np.int64))
    for spaces in np.unique(problem.fits_space, axis=0):
        inside = ~(problem.fits_space & ~spaces).any(axis=1)
        program.put(program.add_rows(int(minutes[spaces].sum())), frame.held, inside * (frame.lengths + gap))


def _open_minutes(problem: Problem, is_open: Flags, gap: Ints) -> tuple[Ints, Ints]:
    """Of each column of `is_open` (times, owners): minutes that some session may use, with a gap each day; and days."""
    minutes, days = (np.zeros(is_open.shape[1], np.int64) for _ in range(2))
    for day in range(problem.days):
        today = np.flatnonzero(problem.times.day == day)
        for k in np.flatnonzero(is_open[today].any(axis=0)).tolist():
            mine = today[is_open[today, k]]
            minutes[k] += covered(problem.times.begin[mine], problem.times.end[mine]) + gap[k]
            days[k] += 1
    return minutes, days


def _post_people(frame: Outline) -> None:
    """R7: each resident's most sessions."""
    people, past = frame.problem.document.residents, frame.past.came.sum(axis=(1, 2))
    who, activity = np.nonzero(frame.able)
    total = np.array([row.sessions.max for row in people], np.int64) - past
    daily = np.array([row.max_per_day * frame.problem.days for row in people], np.int64)
    frame.program.limit_groups(who, frame.often[who, activity], 1, np.maximum(0, np.minimum(total, daily)))


def _post_worth(frame: Outline) -> None:
    """`session`, `time` at its best and `walk` at its shortest."""
    problem, program, weights = frame.problem, frame.program, frame.problem.document.weights
    cost = np.array([weights.session + row.cost for row in problem.document.activities], np.int64)
    program.add_worth(frame.held, -cost)
    program.constant -= sum((cost * frame.past.held.sum(axis=1)).tolist())
    keen = likings(problem).max(axis=1)
    for fact in problem.facts:
        program.constant += weights.time * int(keen[list(fact.residents)].sum())
    far = np.iinfo(np.int64).max
    for a in range(len(cost)):
        mine = np.flatnonzero(frame.able[:, a])
        way = np.where(problem.may_space & problem.fits_space[a][:, None], problem.walk, far).min(axis=0, initial=far)
        program.add_worth(frame.often[mine, a], weights.time * keen[mine] - weights.walk * way[mine])


def _post_usual(frame: Outline) -> None:
    """As many of an activity's usual sessions can be kept as are held of it."""
    problem, worth = frame.problem, sum(frame.problem.document.weights.usual)
    usual = np.zeros(len(problem.document.activities), np.int64)
    for row in problem.document.usual:
        if row.activity in problem.activity_number:
            usual[problem.activity_number[row.activity]] += 1
    mine = np.flatnonzero(usual)
    frame.pay(
        np.full(len(mine), worth),
        usual[mine],
        frame.past.held.sum(axis=1)[mine],
        np.arange(len(mine)),
        frame.held[mine],
    )
