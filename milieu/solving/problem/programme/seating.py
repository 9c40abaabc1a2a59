"""A space as one leader can see to it: the same room, with places for fewer wheelchairs.

One person can be the only leader of so many who come in wheelchairs, and of no more; the solver counts wheelchairs by
spaces alone. So a room that holds more of them is told twice, as it is and for groups with one leader, the two sharing
their walls: neither is used while the other is. Nobody outside the problem's document ever sees the second.
"""

from collections import defaultdict
from dataclasses import dataclass

from milieu.models import Activity, Space
from milieu.solving.problem.leading import leaders_of
from milieu.solving.problem.rows import Rows, is_offered
from solver.documents import exchange

WHEELCHAIRS_EACH = 5
"""So many wheelchairs are one leader's; from one more on there are two."""
FOR_ONE, FOR_ALL = "for one leader", "for any number of leaders"
_SECOND = "-one"


@dataclass(frozen=True)
class Seating:
    """`alone` are the activities that one person leads and six in wheelchairs could come to, `twice` the spaces that
    are told twice because of them.
    """

    alone: frozenset[str] = frozenset()
    twice: frozenset[str] = frozenset()

    def told(self, activity_id: str, space_id: str) -> str:
        """What the solver calls a space that an activity is held in."""
        return second(space_id) if activity_id in self.alone and space_id in self.twice else space_id

    def used_to(self, habit: exchange.Usual) -> exchange.Usual:
        """A habit with its space as the solver calls it."""
        if habit.space is None:
            return habit
        return habit.model_copy(update={"space": self.told(habit.activity, habit.space)})

    def both(self, space_id: str) -> tuple[str, ...]:
        """All that the solver calls a space."""
        return (space_id, second(space_id)) if space_id in self.twice else (space_id,)

    def feature(self, activity_id: str) -> tuple[str, ...]:
        """What the space of an activity must be besides what it asks."""
        if not self.twice:
            return ()
        return (FOR_ONE,) if activity_id in self.alone else (FOR_ALL,)

    def spaces(self, rows: tuple[exchange.Space, ...]) -> tuple[exchange.Space, ...]:
        """The spaces with those that are told twice, each saying for how many leaders it is."""
        if not self.twice:
            return rows
        near = {kind: _neighbours(rows, kind) for kind in ("adjacent", "shares")}
        found: list[exchange.Space] = []
        for row in rows:
            is_twice = row.id in self.twice
            own = (FOR_ALL,) if is_twice else (FOR_ALL, FOR_ONE)
            found.append(row.model_copy(update={"features": tuple(sorted({*row.features, *own}))}))
            if is_twice:
                found.append(self._second(row, near))
        return tuple(found)

    def _second(self, row: exchange.Space, near: dict[str, dict[str, set[str]]]) -> exchange.Space:
        beside = {
            kind: tuple(sorted(each for other in found[row.id] for each in self.both(other)))
            for kind, found in near.items()
        }
        update = {
            "id": second(row.id),
            "wheelchair_places": WHEELCHAIRS_EACH,
            "features": tuple(sorted({*row.features, FOR_ONE})),
            "adjacent": beside["adjacent"],
            "shares": tuple(sorted({row.id, *beside["shares"]})),
        }
        return row.model_copy(update=update)


NOTHING_TWICE = Seating()


def seating_of(rows: Rows) -> Seating:
    """Which spaces of a week are told twice; none where too few live here who come in wheelchairs."""
    if sum(bool(each.wheelchair) for each in rows.residents.values()) <= WHEELCHAIRS_EACH:
        return NOTHING_TWICE
    alone = [each for each in rows.activities.values() if _is_alone(rows, each)]
    twice = frozenset(
        space.id
        for space in rows.spaces.values()
        if is_offered(None, space.ended_on, rows.week)
        and _places(space) > WHEELCHAIRS_EACH
        and any(set(each.needs_features) <= set(space.features) for each in alone)
    )
    return Seating(frozenset(each.id for each in alone), twice)


def second(space_id: str) -> str:
    """What a space is called as one leader can see to it."""
    return f"{space_id}{_SECOND}"


def space_of(name: str) -> str:
    """The space that the solver speaks of."""
    return name.removesuffix(_SECOND)


def _is_alone(rows: Rows, row: Activity) -> bool:
    return leaders_of(rows, row) == 1 and rows.asking[row.id].most > WHEELCHAIRS_EACH


def _places(space: Space) -> int:
    return space.capacity if space.wheelchair_places is None else space.wheelchair_places


def _neighbours(rows: tuple[exchange.Space, ...], kind: str) -> dict[str, set[str]]:
    """The spaces near each, told from both sides."""
    near: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for other in getattr(row, kind):
            near[row.id].add(other)
            near[other].add(row.id)
    return near
