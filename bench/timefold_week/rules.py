"""The rules and terms of a week as Timefold's constraints, over the facts of `facts`.

Not in the model: escorts, noise through walls, familiar faces, living groups' targets, the way between zones, days
apart, `offer`, `usual`, `turn` and `relead`. All soft amounts come scaled; one unscaled is paid for every placed
meeting, so that the search may place one before anybody is in it.
"""

from typing import Any

from facts import Aim, Bound, Meeting, Seat, Tie
from timefold.solver.score import (
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)

HARD, SOFT = HardSoftScore.ONE_HARD, HardSoftScore.ONE_SOFT
count_bi = ConstraintCollectors.count_bi


def is_unfit(seat: Seat, meeting: Meeting) -> bool:
    person, place = seat.person, meeting.place
    level = max(meeting.noise, place.noise)
    return (
        person.ear[place.time] < level
        or person.spaces[place.space] == 0
        or (meeting.count > 0 and person.staff[meeting.first.number] == 0)
        or (meeting.count > 1 and person.staff[meeting.second.number] == 0)
    )


def is_torn(seat: Seat, meeting: Meeting, _other: Seat, also: Meeting) -> bool:
    one, two, rest = meeting.place, also.place, seat.person.rest
    if one.day != two.day:
        return False
    return meeting.activity == also.activity or (one.begin < two.end + rest and two.begin < one.end + rest)


def is_shared(meeting: Meeting, other: Meeting) -> bool:
    one, two = meeting.place, other.place
    rest = max(one.rest, two.rest)
    return one.shares[two.space] == 1 and one.begin < two.end + rest and two.begin < one.end + rest


def is_led_twice(meeting: Meeting, other: Meeting) -> bool:
    """Without a loop, which would make lists a thousand times a second."""
    first, second = meeting.first, meeting.second
    rest = -1
    if first.number >= 0 and (first.number == other.first.number or first.number == other.second.number):
        rest = first.rest
    if second.number >= 0 and (second.number == other.first.number or second.number == other.second.number):
        rest = max(rest, second.rest)
    one, two = meeting.place, other.place
    return rest >= 0 and one.begin < two.end + rest and two.begin < one.end + rest


def is_badly_led(meeting: Meeting) -> bool:
    first, second, time_ = meeting.first, meeting.second, meeting.place.time
    if meeting.count == 0:
        return False
    if first.available[time_] == 0 or (first.mask | second.mask) & meeting.mask != meeting.mask:
        return True
    return meeting.count > 1 and (second.available[time_] == 0 or first.number == second.number)


@constraint_provider
def rules(f: ConstraintFactory) -> list[Any]:
    sat = f.for_each(Seat).join(Meeting, Joiners.equal(lambda seat: seat.meeting.id, lambda meeting: meeting.id))
    return [*placing(f), *seating(sat), *pleasing(sat), *aiming(sat), *pairing(f), *keeping(f)]


def placing(f: ConstraintFactory) -> list[Any]:
    pairs = f.for_each(Meeting).join(
        Meeting, Joiners.equal(lambda one: one.place.day), Joiners.less_than(lambda one: one.id)
    )
    led = (
        f.for_each(Meeting)
        .map(lambda one: one.first, lambda one: one.place.day)
        .concat(f.for_each(Meeting).map(lambda one: one.second, lambda one: one.place.day))
        .group_by(lambda leader, _: leader, lambda _, day: day, count_bi())
    )
    needed = f.for_each_including_unassigned(Meeting).filter(lambda one: one.needed)
    return [
        pairs.filter(is_shared).penalize(HARD).as_constraint("R3 space"),
        pairs.filter(is_led_twice).penalize(HARD).as_constraint("R4 staff"),
        pairs.filter(lambda one, other: one.activity == other.activity and one.one_per_day)
        .penalize(HARD)
        .as_constraint("R6 one a day"),
        led.filter(lambda leader, _, n: n > leader.most)
        .penalize(HARD, lambda leader, _, n: n - leader.most)
        .as_constraint("R4 day"),
        f.for_each(Meeting).filter(is_badly_led).penalize(HARD).as_constraint("R4 able"),
        needed.filter(lambda one: one.place is None).penalize(HARD).as_constraint("R6 count"),
        needed.if_not_exists(Seat, Joiners.equal(lambda one: one.id, lambda seat: seat.meeting.id))
        .penalize(HARD)
        .as_constraint("R6 count attended"),
        f.for_each(Meeting).reward(SOFT).as_constraint("placed"),
    ]


def seating(sat: Any) -> list[Any]:
    size = sat.group_by(lambda _, meeting: meeting, count_bi())
    chairs = sat.filter(lambda seat, _: seat.person.wheelchair == 1).group_by(lambda _, meeting: meeting, count_bi())
    support = sat.group_by(lambda _, meeting: meeting, ConstraintCollectors.sum(lambda seat, _: seat.person.support))
    most = size.filter(lambda meeting, n: n > min(meeting.most, meeting.place.capacity))
    torn = sat.join(
        Seat,
        Joiners.equal(lambda seat, _: seat.person.number, lambda other: other.person.number),
        Joiners.less_than(lambda seat, _: seat.id, lambda other: other.id),
    ).join(Meeting, Joiners.equal(lambda _, __, other: other.meeting.id, lambda also: also.id))
    daily = sat.group_by(lambda seat, _: seat.person, lambda _, meeting: meeting.place.day, count_bi())
    cohorts = sat.group_by(
        lambda _, meeting: meeting, ConstraintCollectors.count_distinct(lambda seat, _: seat.person.cohort)
    )
    return [
        sat.filter(is_unfit).penalize(HARD).as_constraint("R7 R8 R9 person"),
        torn.filter(lambda seat, meeting, other, also: is_torn(seat, meeting, other, also))
        .penalize(HARD)
        .as_constraint("R7 overlap"),
        daily.filter(lambda person, _, n: n > person.day)
        .penalize(HARD, lambda person, _, n: n - person.day)
        .as_constraint("R7 day"),
        most.penalize(HARD, lambda meeting, n: n - min(meeting.most, meeting.place.capacity)).as_constraint(
            "R2 R5 most"
        ),
        size.filter(lambda meeting, n: n < meeting.least)
        .penalize(HARD, lambda meeting, n: meeting.least - n)
        .as_constraint("R5 least"),
        chairs.filter(lambda meeting, n: n > meeting.place.wheelchairs)
        .penalize(HARD, lambda meeting, n: n - meeting.place.wheelchairs)
        .as_constraint("R2 wheelchairs"),
        support.filter(lambda meeting, n: meeting.count > 0 and n > meeting.first.support + meeting.second.support)
        .penalize(HARD)
        .as_constraint("R11 support"),
        cohorts.filter(lambda _, n: n > 1).penalize(HARD, lambda _, n: n - 1).as_constraint("R13 cohort"),
        size.penalize(SOFT, lambda meeting, n: meeting.cost).as_constraint("session"),
        size.filter(lambda meeting, n: n > meeting.place.comfort)
        .penalize(SOFT, lambda meeting, n: meeting.place.crowd * (n - meeting.place.comfort))
        .as_constraint("crowd"),
    ]


def pleasing(sat: Any) -> list[Any]:
    welcome = sat.filter(lambda seat, meeting: seat.person.interest[meeting.activity] >= 0)
    liked = sat.filter(lambda seat, meeting: seat.person.interest[meeting.activity] > 0)
    often = sat.group_by(lambda seat, _: seat.person, lambda _, meeting: meeting.activity, count_bi())
    return [
        often.reward(SOFT, lambda person, activity, n: person.interest[activity] * min(2, n)).as_constraint("interest"),
        sat.impact(SOFT, lambda seat, meeting: seat.person.times[meeting.place.part]).as_constraint("time"),
        sat.penalize(SOFT, lambda seat, meeting: seat.person.walk[meeting.place.space]).as_constraint("walk"),
        welcome.group_by(lambda seat, _: seat.person, count_bi())
        .reward(SOFT, lambda person, n: person.gains[min(n, len(person.gains) - 1)])
        .as_constraint("engagement"),
        liked.group_by(lambda seat, _: seat.person)
        .reward(SOFT, lambda person: person.left_out)
        .as_constraint("left out"),
    ]


def aiming(sat: Any) -> list[Any]:
    aims = sat.join(Aim, Joiners.equal(lambda seat, _: seat.person.number, lambda aim: aim.person)).filter(
        lambda _, meeting, aim: aim.activities[meeting.activity] == 1
    )
    counted = aims.group_by(lambda _, __, aim: aim, ConstraintCollectors.count_tri())
    return [
        counted.filter(lambda aim, _: not aim.is_hard)
        .reward(SOFT, lambda aim, n: aim.weight * min(n, aim.least))
        .as_constraint("target"),
        counted.filter(lambda aim, _: aim.is_hard)
        .reward(HARD, lambda aim, n: min(n, aim.least))
        .as_constraint("R14 required"),
    ]


def pairing(f: ConstraintFactory) -> list[Any]:
    together = (
        f.for_each(Tie)
        .join(Seat, Joiners.equal(lambda tie: tie.a, lambda seat: seat.person.number))
        .join(
            Seat,
            Joiners.equal(lambda tie, _: tie.b, lambda other: other.person.number),
            Joiners.equal(lambda _, seat: seat.meeting.id, lambda other: other.meeting.id),
        )
        .join(Meeting, Joiners.equal(lambda _, seat, __: seat.meeting.id, lambda meeting: meeting.id))
    )
    counted = together.group_by(lambda tie, _, __, ___: tie, ConstraintCollectors.count_quad())
    warm = together.filter(lambda tie, _, __, ___: tie.warm > 0)
    return [
        together.filter(lambda tie, _, __, ___: tie.cap == 0).penalize(HARD).as_constraint("R10 apart"),
        counted.filter(lambda tie, _: tie.cap > 0)
        .impact(SOFT, lambda tie, n: tie.strength * (min(n, tie.cap) if tie.strength > 0 else n))
        .as_constraint("tie"),
        warm.map(lambda tie, _, __, ___: tie.a, lambda tie, _, __, ___: tie.warm)
        .concat(warm.map(lambda tie, _, __, ___: tie.b, lambda tie, _, __, ___: tie.warm))
        .distinct()
        .reward(SOFT, lambda _, warmth: warmth)
        .as_constraint("companion"),
    ]


def keeping(f: ConstraintFactory) -> list[Any]:
    """What is published, and who is pinned."""
    lost = f.for_each(Bound).if_not_exists(
        Seat,
        Joiners.equal(lambda bound: bound.person, lambda seat: seat.person.number),
        Joiners.equal(lambda bound: bound.meeting, lambda seat: seat.meeting.id),
    )
    published = f.for_each(Meeting).filter(lambda one: one.day >= 0)
    return [
        lost.filter(lambda bound: bound.is_hard).penalize(HARD).as_constraint("R18 pin"),
        lost.filter(lambda bound: not bound.is_hard).penalize(SOFT, lambda bound: bound.cost).as_constraint("drop"),
        f.for_each_including_unassigned(Meeting)
        .filter(lambda one: one.day >= 0 and one.place is None)
        .penalize(SOFT, lambda one: one.cancel)
        .as_constraint("cancel"),
        published.filter(lambda one: one.place.day != one.day or one.place.begin != one.begin)
        .penalize(SOFT, lambda one: one.move)
        .as_constraint("move"),
        published.filter(lambda one: one.place.space != one.space)
        .penalize(SOFT, lambda one: one.relocate)
        .as_constraint("relocate"),
    ]
