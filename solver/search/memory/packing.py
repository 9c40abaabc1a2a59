"""From the compiled problem to the pools of the kernels: p and b, and a state without a planned session."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from solver.documents.fields import PARTS
from solver.instance.problem import Identity, Problem, team_can_lead
from solver.instance.size import USUAL_DAY, most_sessions
from solver.kernels.pools import Numbers, Tables
from solver.kernels.records import Writer
from solver.search.memory.company import domains, offsets, put_aims, put_ties
from solver.search.memory.habits import put_offers, put_usual, usual_rows
from solver.search.memory.layout import (
    ANY_TEAM,
    JOURNAL_ROOM,
    NO_TEAM,
    NONE,
    Activity,
    Facilitator,
    Memory,
    Resident,
    Space,
)
from solver.search.memory.layout import Identity as IdentityRow

MOST_SESSIONS = 8000
DENSE = 24  # ties a resident
USUAL_SPACE, USUAL_STAFF = 64, 48  # sessions a day: in a space, of a facilitator


@dataclass(frozen=True)
class Pools:
    """`identities` as the problem has them."""

    p: Numbers
    b: Tables
    identities: tuple[Identity, ...]

    @property
    def is_dense(self) -> bool:
        """Whether residents have so many ties that their sum in each session is kept."""
        return bool(self.p[Memory.place["is_dense"]])


def pack(problem: Problem) -> Pools:
    """The problem as the kernels read it."""
    identities = problem.identities
    w = Writer(Memory)
    _put_sizes(w, problem, identities)
    _put_weights(w, problem)
    _put_people(w, problem)
    _put_activities(w, problem, identities)
    _put_places(w, problem)
    put_ties(w, problem)
    put_aims(w, problem)
    put_offers(w, problem)
    put_usual(w, problem)
    _put_identities(w, problem, identities)
    _put_flags(w, problem, identities)
    p, b = w.joined()
    return Pools(p, b, identities)


def _put_sizes(w: Writer, problem: Problem, identities: tuple[Identity, ...]) -> None:
    document, facts = problem.document, problem.facts
    seats = [
        min(
            a.max_group, max((s.capacity for k, s in enumerate(document.spaces) if problem.fits_space[n, k]), default=0)
        )
        for n, a in enumerate(document.activities)
    ]
    people = len(document.residents)
    sizes = {
        "residents": people,
        "activities": len(document.activities),
        "spaces": len(document.spaces),
        "facilitators": len(document.facilitators),
        "days": problem.days,
        "times": len(problem.times),
        "identities": len(identities),
        "slots": 1440 // problem.slot,
        "moments": 1440 // problem.slot + 1,
        "pairs": len(problem.ties),
        "targets": sum(len(r.targets) for r in document.residents),
        "aims": sum(len(g.targets) for g in document.groups),
        "rewards": len(document.weights.engagement),
        "slot": problem.slot,
        "most_team": max(
            [
                1,
                *(min(a.facilitators, len(document.facilitators)) for a in document.activities),
                *(len(f.team) for f in facts),
            ]
        ),
        "most_members": max([1, *(min(n, people) for n in seats), *(len(f.residents) for f in facts)]),
        "most_a_day": min(USUAL_DAY, max((r.max_per_day for r in document.residents), default=0))
        + _most(Counter((r, f.day) for f in facts for r in f.residents))
        + 1,
        "most_in_space": USUAL_SPACE + _most(Counter((f.space, f.day) for f in facts)),
        "most_led": USUAL_STAFF + _most(Counter((k, f.day) for f in facts for k in f.team)),
        "sessions": len(facts)
        + min(MOST_SESSIONS, sum(most_sessions(problem, a) for a in range(len(document.activities))))
        + 1,
        "is_dense": int(2 * len(problem.ties) > DENSE * people),
        "has_escorts": int(problem.escorts is not None),
        "has_cohorts": int(document.separate_cohorts),
        "has_previous": int(bool(document.previous)),
        "longest_way": int(problem.way.max(initial=0)),
        "journal_room": max(JOURNAL_ROOM, 60 * people),
        "displaced_room": 2 * people,
    }
    sizes["pulls"] = sizes["sessions"] if sizes["is_dense"] else 0
    for name, value in sizes.items():
        w.set(name, value)


def _most(counts: Counter[tuple[int, int]]) -> int:
    return max(counts.values(), default=0)


def _put_weights(w: Writer, problem: Problem) -> None:
    weights = problem.document.weights
    for name, value in (
        ("interest_weight", weights.interest),
        ("shortfall_weight", weights.shortfall),
        ("left_out_weight", weights.left_out),
        ("target_weight", weights.target),
        ("aim_weight", weights.group),
        ("tie_weight", weights.tie),
        ("companion_weight", weights.companion),
        ("crowd_weight", weights.crowd),
        ("walk_weight", weights.walk),
        ("usual_time_weight", weights.usual[0]),
        ("usual_space_weight", weights.usual[1]),
        ("usual_team_weight", weights.usual[2]),
        ("turn_weight", weights.turn),
        ("cancel_weight", weights.cancel),
        ("move_weight", weights.move),
        ("relocate_weight", weights.relocate),
        ("drop_weight", weights.drop),
        ("relead_weight", weights.relead),
        ("usual_gain", _usual_gain(problem)),
    ):
        w.set(name, value)
    w.put("engagement", weights.engagement)


def _usual_gain(problem: Problem) -> int:
    """What one attendance is worth at most, save in rare cases: a favourite, the first of the week, with friends."""
    weights = problem.document.weights
    squares = [0] * max(1, len(problem.document.residents))
    for a, b, strength, _ in problem.ties:
        squares[a] += strength**2
        squares[b] += strength**2
    company = sum(math.sqrt(each) for each in squares) / len(squares)
    own = 5 * weights.interest + sum(weights.engagement[:1]) + weights.companion
    return own + round(weights.tie * max(2.0, company))


def _put_people(w: Writer, problem: Problem) -> None:
    weight, rows = problem.document.weights.time, []
    for r, person in enumerate(problem.document.residents):
        likes = any(like > 0 for like in person.interests.values())
        rows.append(
            Resident.row(
                wheelchair=person.wheelchair,
                escort=person.escort,
                support=person.support,
                max_per_day=person.max_per_day,
                max=person.sessions.max,
                min=person.sessions.min,
                rest=person.rest_minutes,
                cohort=int(problem.cohort[r]),
                needs_familiar=person.needs_familiar,
                can_be_left_out=likes and person.sessions.min > 0,
                tail=[weight * person.times.get(part, 0) for part in PARTS],
            )
        )
    w.put("resident", rows)
    required = [
        [(problem.activity_number[name], least) for name, least in person.required.items() if least > 0]
        for person in problem.document.residents
    ]
    w.put("required_from", offsets(required))
    w.put("required_activity", [a for row in required for a, _ in row])
    w.put("required_least", [least for row in required for _, least in row])


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
    rows: list[list[int]] = []
    times: list[int] = []
    spaces: list[int] = []
    staff: list[int] = []
    skill: list[list[int]] = []
    usual = usual_rows(problem)
    for a, activity in enumerate(document.activities):
        bits = _skill_bits(problem, a)
        skill.append(bits[:-1])
        leaders = [f for f, has in enumerate(bits[:-1]) if activity.facilitators != 1 or has == bits[-1]]
        mine = [k for k, identity in enumerate(identities) if identity.activity == a]
        used = [k for k, row in enumerate(usual) if row.activity == activity.id]
        rooms = np.flatnonzero(problem.fits_space[a]).tolist()
        rows.append(
            Activity.row(
                duration=activity.duration_minutes,
                min=activity.sessions.min,
                max=most_sessions(problem, a),
                one_per_day=activity.one_per_day,
                min_group=activity.min_group,
                max_group=activity.max_group,
                team=min(activity.facilitators, len(document.facilitators)),
                cost=document.weights.session + activity.cost,
                is_group=activity.max_group > 1,
                all_skills=bits[-1] if activity.facilitators else 0,
                times_from=len(times),
                times_to=len(times) + len(problem.times.of_activity[a]),
                spaces_from=len(spaces),
                spaces_to=len(spaces) + len(rooms),
                leaders_from=len(staff),
                leaders_to=len(staff) + len(leaders),
                identity_from=mine[0] if mine else 0,
                identity_to=mine[-1] + 1 if mine else 0,
                noise=activity.noise,
                duration_kind=durations[activity.duration_minutes],
                demand=int(np.maximum(problem.interest[a], 0)[problem.may_activity[a]].sum()),
                days_apart=activity.days_apart,
                usual_from=used[0] if used else 0,
                usual_to=used[-1] + 1 if used else 0,
            )
        )
        times += problem.times.of_activity[a].tolist()
        spaces += rooms
        staff += leaders
    w.put("activity", rows)
    w.put("activity_times", times)
    w.put("activity_spaces", spaces)
    w.put("activity_leaders", staff)
    w.put("skill", [bits for row in skill for bits in row])
    w.set("durations", len(durations))
    where = np.full((max(1, len(durations)), problem.days, 1440 // problem.slot), NONE, np.int64)
    for (day, begin, end), t in problem.times.number.items():
        if begin % problem.slot == 0:
            where[durations[end - begin], day, begin // problem.slot] = t
    w.put("time_at", where)


def _put_places(w: Writer, problem: Problem) -> None:
    document, times = problem.document, problem.times
    shares, adjacent = offsets(problem.shares), offsets(problem.adjacent)
    w.put(
        "space",
        [
            Space.row(
                seats=space.capacity,
                wheelchair_places=space.wheelchair_places,
                comfort=space.comfort,
                turnaround=space.turnaround_minutes,
                shares_from=shares[k],
                shares_to=shares[k + 1],
                adjacent_from=adjacent[k],
                adjacent_to=adjacent[k + 1],
                noise=space.noise,
            )
            for k, space in enumerate(document.spaces)
        ],
    )
    w.put("shares", [k for row in problem.shares for k in row])
    w.put("adjacent", [k for row in problem.adjacent for k in row])
    w.put(
        "facilitator",
        [
            Facilitator.row(max_per_day=f.max_sessions_per_day, gap=f.gap_minutes, support=f.support)
            for f in document.facilitators
        ],
    )
    w.put("time", np.stack([times.day, times.begin, times.end, times.part], axis=1))
    w.put("walk", problem.walk)
    w.put("way", problem.way)
    w.put("escort_cap", problem.escorts if problem.escorts is not None else [])


def _put_identities(w: Writer, problem: Problem, identities: tuple[Identity, ...]) -> None:
    rows, teams = [], np.zeros((len(identities), w.value("most_team")), np.int64)
    for k, identity in enumerate(identities):
        old_day, old_begin, old_space = _old_place(problem, identity)
        team, size = identity.team, ANY_TEAM
        if team is not None:
            can_lead = team_can_lead(problem, identity.activity, team)
            size = len(team) if can_lead else NO_TEAM
            teams[k, : len(team)] = team if can_lead else 0
        rows.append(
            IdentityRow.row(
                activity=identity.activity,
                previous=identity.previous,
                is_pinned=identity.is_pinned,
                day=identity.day,
                begin=identity.begin,
                space=identity.space,
                team=size,
                people=len(identity.previous_residents),
                old_day=old_day,
                old_begin=old_begin,
                old_space=old_space,
                attend=len(identity.attend),
            )
        )
    w.put("identity", rows)
    w.put("pinned_team", teams)
    w.put("old_team_from", offsets([identity.previous_team for identity in identities]))
    w.put("old_team", [f for identity in identities for f in identity.previous_team])
    w.put("attend_from", offsets([identity.attend for identity in identities]))
    w.put("attend_who", [r for identity in identities for r in identity.attend])
    invitations: list[list[int]] = [[] for _ in problem.document.residents]
    for k, identity in enumerate(identities):
        for r in identity.previous_residents:
            invitations[r].append(k)
    w.put("invited_from", offsets([identity.previous_residents for identity in identities]))
    w.put("invited_who", [r for identity in identities for r in identity.previous_residents])
    w.put("invitations_from", offsets(invitations))
    w.put("invitations", [k for row in invitations for k in row])


def _old_place(problem: Problem, identity: Identity) -> tuple[int, int, int]:
    if identity.previous < 0:
        return NONE, NONE, NONE
    old = problem.document.previous[identity.previous]
    return old.day, old.begin, problem.space_number.get(old.space, NONE)


def _put_flags(w: Writer, problem: Problem, identities: tuple[Identity, ...]) -> None:
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
    for name, table in (
        ("may_attend", problem.may_activity),
        ("may_enter", problem.may_space),
        ("may_follow", problem.may_facilitator),
        ("is_familiar", problem.familiar),
        ("interest", problem.interest),
        ("waiting_for", problem.waiting),
        ("bears", problem.ear),
        ("is_open", problem.open_at),
        ("is_available", problem.available_at),
        ("is_fetched", problem.fetched),
        ("has_domain", counts),
        ("counts_for", group),
        ("was_invited", there),
        ("must_attend", must),
        ("must_not_attend", never),
        ("has_time", held),
        ("has_space", problem.fits_space),
    ):
        w.put(name, table)
