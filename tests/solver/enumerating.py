"""All schedules of a tiny problem, one after the other, judged by the check alone: nothing here is clever.

Sessions are added one at a time. A session that breaks a rule by itself, or beside those that are there already, is not
looked at further: no rule but the demands (R6's least counts, R14, R18) is ever mended by one session more.
"""

import itertools
from collections.abc import Iterable, Iterator

from solver.documents.exchange import ProblemDocument, clock
from solver.documents.problem import Session
from solver.documents.schedule import PinDemand, Relaxed
from solver.model.check import broken, relaxation, score
from solver.model.reading import is_past
from tests.solver.builders import Tree, held, read
from tests.solver.strategies import Chance, make_problem

MOST_LOOKS = 12_000


class TooMany(Exception):
    """The problem has more schedules than there is time for."""


def make_tiny(chance: Chance, share: float) -> Tree:
    """A problem of at most two activities and three residents, each activity at two or three times a day."""
    tree = make_problem(chance, share, most=(2, 2, 2, 3), slots=(60,))
    tree["horizon"]["days"] = days = max(
        [chance.randint(1, 2)]
        + [1 + row["day"] for key in ("previous", "pins") for row in map(_dated, tree.get(key, [])) if row]
        + [1 + row["day"] for row in [*_windows(tree), *tree.get("offers", [])] if "day" in row]
        + [1 + tree["frozen_until"]["day"] if "frozen_until" in tree else 1]
    )
    for row in tree["activities"]:
        bounds = row.get("sessions", {})
        row["windows"] = [{"from": "10:00", "to": "13:00" if days == 1 else "12:00"}]
        row["duration_minutes"] = 60
        row["sessions"] = {"min": min(1, bounds.get("min", 0)), "max": min(chance.randint(1, 2), bounds.get("max", 1))}
    return tree


def _dated(row: Tree) -> Tree | None:
    inner = row.get("session", row)
    return inner if isinstance(inner, dict) and "day" in inner else None


def _windows(tree: object) -> Iterator[Tree]:
    if isinstance(tree, dict):
        if "from" in tree:
            yield tree
        for value in tree.values():
            yield from _windows(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _windows(value)


def best_of_all(tree: Tree) -> tuple[int, int]:
    """The least that any schedule lacks of what is demanded (the sum of `by`, a pin counting 1), and the best score of
    those that lack no more. TooMany where there are too many of them.
    """
    document = read(tree)
    return _best(document, _facts(document), _options(tree, document))


def lacking(relaxed: Iterable[Relaxed]) -> int:
    return sum(1 if isinstance(row, PinDemand) else row.by for row in relaxed)


def _facts(document: ProblemDocument) -> list[Session]:
    here = {row.id for row in document.residents}
    return [
        row.model_copy(update={"residents": tuple(name for name in row.residents if name in here)})
        for row in document.previous
        if is_past(document, row)
    ]


def _is_lost(document: ProblemDocument, sessions: list[Session]) -> bool:
    """Whether something is broken that no further session mends."""
    return any(relaxation(each) is None for each in broken(document, sessions))


def _options(tree: Tree, document: ProblemDocument) -> list[Session]:
    """Every session that may stand by itself beside the facts, under every id that it may have."""
    facts, found = _facts(document), []
    people, staff = ([row["id"] for row in tree[key]] for key in ("residents", "facilitators"))
    for activity in document.activities:
        teams = list(itertools.combinations(staff, activity.facilitators))
        groups = [group for n in range(len(people) + 1) for group in itertools.combinations(people, n)]
        for day, hour in itertools.product(range(document.horizon.days), range(24)):
            if not any(window.holds(day, hour * 60, hour * 60 + 60) for window in activity.windows or ()):
                continue
            for name, space, team, group in itertools.product(
                _names(document, activity.id), document.spaces, teams, groups
            ):
                row = {
                    "id": name,
                    "activity": activity.id,
                    "day": day,
                    "start": clock(hour * 60),
                    "space": space.id,
                    "facilitators": team,
                    "residents": group,
                }
                (session,) = held([row])
                if not _is_lost(document, [*facts, session]):
                    found.append(session)
                if len(found) > 400:
                    raise TooMany
    return found


def _names(document: ProblemDocument, activity: str) -> list[str]:
    """A new id, and those of `previous` and of pinned sessions."""
    rows = [*document.previous, *(pin.session for pin in document.pins if not isinstance(pin.session, str))]
    return ["new", *dict.fromkeys(row.id for row in rows if row.activity == activity)]


def _best(document: ProblemDocument, facts: list[Session], options: list[Session]) -> tuple[int, int]:
    looks, found = 0, []
    stack: list[tuple[int, list[Session]]] = [(0, facts)]
    while stack:
        first, sessions = stack.pop()
        looks += 1
        if looks > MOST_LOOKS:
            raise TooMany
        demands = [relaxation(each) for each in broken(document, sessions)]
        if None in demands:
            continue
        found.append((lacking(row for row in demands if row is not None), -sum(score(document, sessions).values())))
        for k in range(first, len(options)):
            one = options[k]
            named = one.model_copy(update={"id": f"new{len(sessions)}"}) if one.id == "new" else one
            stack.append((k + 1, [*sessions, named]))
    least, worth = min(found)
    return least, -worth
