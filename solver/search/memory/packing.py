"""From the compiled problem to the pools of the kernels: p and b, and a state without a planned session."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from solver.documents.fields import PARTS
from solver.instance.problem import Identity, Problem, team_can_lead
from solver.instance.size import USUAL_DAY, most_sessions
from solver.kernels.pools import Numbers, Tables
from solver.search.memory import layout as at
from solver.search.memory.company import domains, put_aims, put_ties
from solver.search.memory.writer import Writer, offsets

MOST_SESSIONS = 8000
DENSE = 24  # ties a resident
USUAL_SPACE, USUAL_STAFF = 64, 48  # sessions a day: in a space, of a facilitator


@dataclass(frozen=True)
class Pools:
    """`identities` in the kernels' order: by activity."""

    p: Numbers
    b: Tables
    identities: tuple[Identity, ...]


def pack(problem: Problem) -> Pools:
    """The problem as the kernels read it."""
    identities = tuple(sorted(problem.identities, key=lambda identity: identity.activity))
    w = Writer(at.P_FIRST)
    _put_sizes(w, problem, identities)
    _put_weights(w, problem)
    _put_people(w, problem)
    _put_activities(w, problem, identities)
    _put_places(w, problem)
    put_ties(w, problem)
    put_aims(w, problem)
    _put_identities(w, problem, identities)
    b = _tables(w, problem, identities)
    return Pools(w.joined(), b, identities)


def _put_sizes(w: Writer, problem: Problem, identities: tuple[Identity, ...]) -> None:
    document, h = problem.document, w.header
    facts = problem.facts
    seats = [
        min(
            a.max_group, max((s.capacity for k, s in enumerate(document.spaces) if problem.fits_space[n, k]), default=0)
        )
        for n, a in enumerate(document.activities)
    ]
    people = len(document.residents)
    sizes = {
        at.N_RES: people,
        at.N_ACT: len(document.activities),
        at.N_SPACE: len(document.spaces),
        at.N_STAFF: len(document.facilitators),
        at.N_DAY: problem.days,
        at.N_TIME: len(problem.times),
        at.N_IDENTITY: len(identities),
        at.N_SLOT: 1440 // problem.slot,
        at.N_PAIR: len(problem.ties),
        at.N_TARGET: sum(len(r.targets) for r in document.residents),
        at.N_GROUP: sum(len(g.targets) for g in document.groups),
        at.N_ENGAGEMENT: len(document.weights.engagement),
        at.SLOT: problem.slot,
        at.MOST_TEAM: max(
            [
                1,
                *(min(a.facilitators, len(document.facilitators)) for a in document.activities),
                *(len(f.team) for f in facts),
            ]
        ),
        at.MOST_MEMBERS: max([1, *(min(n, people) for n in seats), *(len(f.residents) for f in facts)]),
        at.MOST_A_DAY: min(USUAL_DAY, max((r.max_per_day for r in document.residents), default=0))
        + _most(Counter((r, f.day) for f in facts for r in f.residents))
        + 1,
        at.MOST_IN_SPACE: USUAL_SPACE + _most(Counter((f.space, f.day) for f in facts)),
        at.MOST_OF_STAFF: USUAL_STAFF + _most(Counter((k, f.day) for f in facts for k in f.team)),
        at.N_SESSION: len(facts)
        + min(MOST_SESSIONS, sum(most_sessions(problem, a) for a in range(len(document.activities))))
        + 1,
        at.IS_DENSE: int(2 * len(problem.ties) > DENSE * people),
        at.HAS_ESCORTS: int(problem.escorts is not None),
        at.HAS_COHORTS: int(document.separate_cohorts),
        at.HAS_PREVIOUS: int(bool(document.previous)),
        at.THIN: document.programme.min_sessions_per_day,
    }
    for place, value in sizes.items():
        h[place] = value


def _most(counts: Counter[tuple[int, int]]) -> int:
    return max(counts.values(), default=0)


def _put_weights(w: Writer, problem: Problem) -> None:
    weights = problem.document.weights
    for place, value in (
        (at.W_INTEREST, weights.interest),
        (at.W_TIME, weights.time),
        (at.W_SHORTFALL, weights.shortfall),
        (at.W_LEFT_OUT, weights.left_out),
        (at.W_TARGET, weights.target),
        (at.W_GROUP, weights.group),
        (at.W_TIE, weights.tie),
        (at.W_WARM, weights.warm),
        (at.W_CROWD, weights.crowd),
        (at.W_WALK, weights.walk),
        (at.W_SESSION, weights.session),
        (at.W_THIN_DAY, weights.thin_day),
        (at.W_CANCEL, weights.cancel),
        (at.W_MOVE, weights.move),
        (at.W_RELOCATE, weights.relocate),
        (at.W_DROP, weights.drop),
        (at.USUAL_GAIN, _usual_gain(problem)),
    ):
        w.header[place] = value
    w.put(at.ENGAGEMENT, weights.engagement)


def _usual_gain(problem: Problem) -> int:
    """What one attendance is worth at most, save in rare cases: a favourite, the first of the week, with friends."""
    weights = problem.document.weights
    squares = [0] * max(1, len(problem.document.residents))
    for a, b, strength, _ in problem.ties:
        squares[a] += strength**2
        squares[b] += strength**2
    company = sum(math.sqrt(each) for each in squares) / len(squares)
    own = 5 * weights.interest + sum(weights.engagement[:1]) + weights.warm
    return own + round(weights.tie * max(2.0, company))


def _put_people(w: Writer, problem: Problem) -> None:
    rows = np.zeros((len(problem.document.residents), at.RES_COLUMNS), np.int64)
    for r, person in enumerate(problem.document.residents):
        likes = any(like > 0 for like in person.interests.values())
        rows[r, : at.R_MORNING] = (
            person.wheelchair,
            person.escort,
            person.support,
            person.max_per_day,
            person.sessions.max,
            person.sessions.min,
            person.rest_minutes,
            problem.cohort[r],
            person.needs_familiar,
            likes and person.sessions.min > 0,
        )
        for k, part in enumerate(PARTS):
            rows[r, at.R_MORNING + k] = problem.document.weights.time * person.times.get(part, 0)
    w.put(at.RES, rows)
    required = [
        [(problem.activity_number[name], least) for name, least in person.required.items() if least > 0]
        for person in problem.document.residents
    ]
    w.put(at.REQUIRED_FROM, offsets(required))
    w.put(at.REQUIRED_ACT, [a for row in required for a, _ in row])
    w.put(at.REQUIRED_LEAST, [least for row in required for _, least in row])


def _skill_bits(problem: Problem, a: int) -> list[int]:
    """Per facilitator, the needed skills they have as bits; skills that the same people have share one."""
    wanted = len(dict.fromkeys(problem.document.activities[a].needs_skills))
    have = problem.skills[a]
    patterns = sorted(
        {frozenset(f for f, skills in enumerate(have) if k in skills) for k in range(wanted)}, key=sorted
    )[:62]
    return [sum(1 << k for k, who in enumerate(patterns) if f in who) for f in range(len(have))] + [
        (1 << len(patterns)) - 1
    ]


def _put_activities(w: Writer, problem: Problem, identities: tuple[Identity, ...]) -> None:
    document = problem.document
    durations = {minutes: k for k, minutes in enumerate(sorted({a.duration_minutes for a in document.activities}))}
    rows = np.zeros((len(document.activities), at.ACT_COLUMNS), np.int64)
    times: list[int] = []
    spaces: list[int] = []
    staff: list[int] = []
    skill: list[list[int]] = []
    for a, activity in enumerate(document.activities):
        bits = _skill_bits(problem, a)
        skill.append(bits[:-1])
        leaders = [f for f, has in enumerate(bits[:-1]) if activity.facilitators != 1 or has == bits[-1]]
        mine = [k for k, identity in enumerate(identities) if identity.activity == a]
        rooms = np.flatnonzero(problem.fits_space[a]).tolist()
        rows[a, : at.A_DEMAND + 1] = (
            activity.duration_minutes,
            activity.sessions.min,
            most_sessions(problem, a),
            activity.one_per_day,
            activity.min_group,
            activity.max_group,
            min(activity.facilitators, len(document.facilitators)),
            document.weights.session + activity.cost,
            activity.max_group > 1,
            bits[-1] if activity.facilitators else 0,
            len(times),
            len(times) + len(problem.times.of_activity[a]),
            len(spaces),
            len(spaces) + len(rooms),
            len(staff),
            len(staff) + len(leaders),
            mine[0] if mine else 0,
            mine[-1] + 1 if mine else 0,
            activity.noise,
            durations[activity.duration_minutes],
            int(np.maximum(problem.interest[a], 0)[problem.may_activity[a]].sum()),
        )
        times += problem.times.of_activity[a].tolist()
        spaces += rooms
        staff += leaders
    w.put(at.ACT, rows)
    w.put(at.ACT_TIMES, times)
    w.put(at.ACT_SPACES, spaces)
    w.put(at.ACT_STAFF, staff)
    w.put(at.SKILL, [bits for row in skill for bits in row])
    w.header[at.MOST_DURATIONS] = len(durations)
    where = np.full((max(1, len(durations)), problem.days, 1440 // problem.slot), -1, np.int64)
    for (day, begin, end), t in problem.times.number.items():
        if begin % problem.slot == 0:
            where[durations[end - begin], day, begin // problem.slot] = t
    w.put(at.TIME_AT, where)


def _put_places(w: Writer, problem: Problem) -> None:
    document, times = problem.document, problem.times
    shares, adjacent = offsets(problem.shares), offsets(problem.adjacent)
    w.put(
        at.SPACES,
        [
            (
                s.capacity,
                s.wheelchair_places,
                s.comfort,
                s.turnaround_minutes,
                shares[k],
                shares[k + 1],
                adjacent[k],
                adjacent[k + 1],
                s.noise,
                0,
            )
            for k, s in enumerate(document.spaces)
        ],
    )
    w.put(at.SHARES, [k for row in problem.shares for k in row])
    w.put(at.ADJACENT, [k for row in problem.adjacent for k in row])
    w.put(at.STAFF, [(f.max_sessions_per_day, f.gap_minutes, f.support, 0) for f in document.facilitators])
    w.put(at.TIMES, np.stack([times.day, times.begin, times.end, times.part], axis=1))
    w.put(at.WALK, problem.walk)
    w.put(at.ESCORT_CAP, problem.escorts if problem.escorts is not None else [])


def _put_identities(w: Writer, problem: Problem, identities: tuple[Identity, ...]) -> None:
    rows = np.zeros((len(identities), at.IDENTITY_COLUMNS), np.int64)
    teams = np.zeros((len(identities), w.header[at.MOST_TEAM]), np.int64)
    for k, identity in enumerate(identities):
        old_day, old_begin, old_space = _old_place(problem, identity)
        rows[k] = (
            identity.activity,
            identity.previous,
            identity.is_pinned,
            identity.day,
            identity.begin,
            identity.space,
            at.ANY_TEAM if identity.team is None else len(identity.team),
            len(identity.previous_residents),
            old_day,
            old_begin,
            old_space,
            len(identity.attend),
        )
        if identity.team is not None:
            if not team_can_lead(problem, identity.activity, identity.team):
                rows[k, at.I_TEAM] = 1000
            else:
                teams[k, : len(identity.team)] = identity.team
    w.put(at.IDENTITY, rows)
    w.put(at.PINNED_TEAM, teams)
    w.put(at.ATTEND_FROM, offsets([identity.attend for identity in identities]))
    w.put(at.ATTEND_WHO, [r for identity in identities for r in identity.attend])
    invitations: list[list[int]] = [[] for _ in problem.document.residents]
    for k, identity in enumerate(identities):
        for r in identity.previous_residents:
            invitations[r].append(k)
    w.put(at.INVITED_FROM, offsets([identity.previous_residents for identity in identities]))
    w.put(at.INVITED_WHO, [r for identity in identities for r in identity.previous_residents])
    w.put(at.INVITATIONS_FROM, offsets(invitations))
    w.put(at.INVITATIONS, [k for row in invitations for k in row])


def _old_place(problem: Problem, identity: Identity) -> tuple[int, int, int]:
    if identity.previous < 0:
        return -1, -1, -1
    old = problem.document.previous[identity.previous]
    return old.day, old.begin, problem.space_number.get(old.space, -1)


def _tables(w: Writer, problem: Problem, identities: tuple[Identity, ...]) -> Tables:
    document, n = problem.document, len(problem.document.residents)
    number = domains(problem)
    counts = np.array([[word in a.domains for word in number] for a in document.activities], bool)
    aims = [t for g in document.groups for t in g.targets]
    group = np.array([[t.domain in ("", *a.domains) for t in aims] for a in document.activities], bool)
    there, must, never = (np.zeros((len(identities), n), bool) for _ in range(3))
    for k, identity in enumerate(identities):
        there[k, list(identity.previous_residents)] = True
        must[k, list(identity.attend)] = True
        never[k, list(identity.absent)] = True
    held = np.zeros((len(document.activities), len(problem.times)), bool)
    for a, mine in enumerate(problem.times.of_activity):
        held[a, mine] = True
    parts, size = [], 0
    for place, table in (
        (at.B_MAY_ACTIVITY, problem.may_activity),
        (at.B_MAY_SPACE, problem.may_space),
        (at.B_MAY_STAFF, problem.may_facilitator),
        (at.B_FAMILIAR, problem.familiar),
        (at.B_INTEREST, problem.interest),
        (at.B_EAR, problem.ear),
        (at.B_OPEN, problem.open_at),
        (at.B_AVAILABLE, problem.available_at),
        (at.B_AWAY, problem.away),
        (at.B_DOMAIN, counts),
        (at.B_GROUP_COUNTS, group),
        (at.B_WAS_THERE, there),
        (at.B_MUST, must),
        (at.B_MUST_NOT, never),
        (at.B_TIME_OF, held),
        (at.B_FITS, problem.fits_space),
    ):
        w.header[place] = size
        parts.append(np.ascontiguousarray(table).astype(np.int8).ravel())
        size += parts[-1].size
    return np.concatenate([*parts, np.zeros(1, np.int8)])
