"""What would help somebody who knows nobody yet: whom they might meet, and at what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from milieu.queries.residents.pasts import Shared, shared_pasts
from milieu.queries.residents.people import Person, WalkingKey
from milieu.queries.ties.bonds import Pair
from milieu.queries.ties.likings import Gathering, Liking, lives_close

MOST = 3


@dataclass(frozen=True)
class Common:
    """What somebody shares with others: an activity they all like, and a part of the day (both "" where none).

    `pasts`: a language, an origin or a trade that they have in common, by the other's id, where few here have it.

    `next_door`: those of the others who live within a few doors.
    """

    others: tuple[Person, ...]
    activity_id: str = ""
    activity: str = ""
    part: str = ""
    next_door: tuple[Person, ...] = ()
    pasts: Mapping[str, Shared] = field(default_factory=dict)


def in_common(
    person: Person,
    others: Sequence[Person],
    likings: Mapping[str, Liking],
    activities: Mapping[str, Gathering],
    unfit: Collection[Pair],
) -> Common | None:
    """Up to three others whom somebody might meet, None where nothing speaks for any.

    Those who like one activity as they do come first: of those activities that which most of them like, a small group
    counting twice, for there people meet. Where nothing is liked in common, who has a past in common with them, or
    lives next door. `unfit` are pairs who are better not brought together.
    """
    own = likings[person.id]
    pasts = shared_pasts(person.id, {each.id: likings[each.id].pasts for each in others})
    fit = [
        other
        for other in others
        if other.id != person.id
        and frozenset((person.id, other.id)) not in unfit
        and not likings[other.id].asks_none
        and not (own.needs_familiar or likings[other.id].needs_familiar)
    ]
    liked = [
        (_fans(person, fit, likings, activity, pasts), activity)
        for activity in activities
        if activity in own.activities
    ]
    if liked := [each for each in liked if each[0]]:

        def worth(each: tuple[list[Person], str]) -> tuple[int, int, str]:
            fans, activity = each
            many = len(fans) * (2 if activities[activity].is_small else 1)
            strong = own.activities[activity] + sum(likings[fan.id].activities[activity] for fan in fans)
            return -many, -strong, activities[activity].name

        fans, activity = min(liked, key=worth)
        part, near = _part(own, fans, likings), _next_door(person, fans)
        return Common(tuple(fans), activity, activities[activity].name, part, near, _of(pasts, fans))
    near = _next_door(person, fit)
    kin = [other for other in fit if other.id in pasts]
    met = tuple(dict.fromkeys((*kin, *near)))[:MOST]
    return Common(met, next_door=_next_door(person, met), pasts=_of(pasts, met)) if met else None


def _of(pasts: Mapping[str, Shared], people: Sequence[Person]) -> Mapping[str, Shared]:
    return {other.id: pasts[other.id] for other in people if other.id in pasts}


def _fans(
    person: Person,
    others: Sequence[Person],
    likings: Mapping[str, Liking],
    activity: str,
    pasts: Mapping[str, Shared],
) -> list[Person]:
    """Up to three who like an activity; first who shares a past, then the part of the day, then who lives close by."""

    def standing(other: Person) -> tuple[bool, bool, bool, int, WalkingKey]:
        theirs = likings[other.id]
        shares_time = bool(likings[person.id].times & theirs.times)
        return (
            other.id not in pasts,
            not shares_time,
            not lives_close(person, other),
            -theirs.activities[activity],
            other.walking_key,
        )

    return sorted((other for other in others if activity in likings[other.id].activities), key=standing)[:MOST]


def _part(own: Liking, fans: Sequence[Person], likings: Mapping[str, Liking]) -> str:
    """The part of the day that all of them like, where there is just one."""
    shared = own.times.intersection(*(likings[fan.id].times for fan in fans))
    return min(shared) if len(shared) == 1 else ""


def _next_door(person: Person, others: Sequence[Person]) -> tuple[Person, ...]:
    return tuple(other for other in others if lives_close(person, other))


@dataclass(frozen=True)
class Help:
    """Somebody who has no tie in their living group yet, and what might help.

    `came_on` where they are new. `by_choice`: they asked for no invitations. `common` None: nothing is known that they
    share, or it is not the time to ask. `hoped`: whom the next plans are asked to bring them together with, until
    `hoped_until`. `is_put_off`: somebody answered "not now" or "never".
    """

    person: Person
    came_on: date | None
    by_choice: bool
    common: Common | None
    hoped: tuple[Person, ...] = ()
    hoped_until: date | None = None
    is_put_off: bool = False
