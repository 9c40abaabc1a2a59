"""Who may have become close: two who are often in one small group and stay. A suggestion, until somebody says so."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from milieu.queries.residents.pasts import Shared, shared_pasts
from milieu.queries.residents.people import Person
from milieu.queries.ties.bonds import Pair
from milieu.queries.ties.likings import Gathering, Liking, lives_close
from milieu.queries.ties.together import Meeting

LOOKED_BACK = timedelta(weeks=8)
LEAST_TIMES = 4
LEAST_SHARE = 0.5
"""They were together in at least so much of what either of them came to: who comes to everything meets everybody."""
MOST_SHOWN = 3


@dataclass(frozen=True)
class Often:
    """Two who were `times` in one small group to its end, of the `either` to which either of them came."""

    pair: Pair
    times: int
    either: int


@dataclass(frozen=True)
class Likely:
    """Two who may be close, with what else speaks for it: an activity that both like ("" where none), near rooms.

    `shared`: a language, an origin or a trade that both have, and few others here; None where none is known.
    """

    one: Person
    other: Person
    times: int
    either: int
    activity: str
    lives_close: bool
    shared: Shared | None = None


def often_together(held: Iterable[Meeting], *, but: Collection[Pair] = ()) -> tuple[Often, ...]:
    """The pairs that were often together and stayed, in small groups; those of `but` are left out."""
    small = [meeting for meeting in held if meeting.is_small]
    came = Counter(who for meeting in small for who in meeting.came)
    stayed: Counter[Pair] = Counter()
    both: Counter[Pair] = Counter()
    for meeting in small:
        both.update(frozenset(pair) for pair in combinations(sorted(meeting.came), 2))
        stayed.update(frozenset(pair) for pair in combinations(sorted(meeting.stayed), 2))
    found = []
    for pair, times in stayed.items():
        either = sum(came[who] for who in pair) - both[pair]
        if times >= LEAST_TIMES and times >= LEAST_SHARE * either and pair not in but:
            found.append(Often(pair, times, either))
    return tuple(sorted(found, key=lambda each: (-each.times, sorted(each.pair))))


def likely(
    often: Iterable[Often],
    people: Mapping[str, Person],
    likings: Mapping[str, Liking],
    activities: Mapping[str, Gathering],
) -> tuple[Likely, ...]:
    """At most three at a time, so that they are read; the next follow when these are answered."""
    shown = []
    pasts = {who: likings[who].pasts for who in people}
    for each in often:
        if not each.pair <= people.keys():
            continue
        one, other = sorted((people[who] for who in each.pair), key=lambda person: person.walking_key)
        shared = likings[one.id].activities.keys() & likings[other.id].activities.keys() & activities.keys()
        name = min((activities[activity].name for activity in shared), default="")
        past = shared_pasts(one.id, pasts).get(other.id)
        shown.append(Likely(one, other, each.times, each.either, name, lives_close(one, other), past))
    shown.sort(key=lambda each: (-each.times, each.one.walking_key, each.other.walking_key))
    return tuple(shown[:MOST_SHOWN])
