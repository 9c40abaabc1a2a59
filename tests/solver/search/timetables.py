"""What the tests of the timetable share: published weeks, a timetable of one, and another reading of its worth."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

from solver.instance.placed import Placed
from solver.instance.starting import starting_sessions
from solver.search.annealer import NEVER
from solver.search.beginning import no_places, standing_at
from solver.search.moves.timetable import timetabling, valuing
from tests.solver.builders import Tree
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance, make_lively


def published(seed: int) -> Trial:
    """A small community with a week that is published and has begun, in which much cannot stay as it is."""
    tree = make_lively(Chance(seed), 0.4)
    for key in ("previous", "frozen_until", "pins", "separate_cohorts"):
        tree.pop(key, None)
    made, chance = Trial(tree, seed), Chance(seed)
    made.annealer.begin([])
    slot = tree["horizon"]["slot_minutes"]
    rows: list[Tree] = [json.loads(row.model_dump_json()) for row in made.sessions()]
    for row in rows:
        row["residents"] = sorted({*row["residents"], *(who["id"] for who in tree["residents"] if chance.maybe(0.5))})
    for row in tree["residents"]:
        row["required"] = {name: 1 for name in row["interests"] if chance.maybe(0.2)}
        row |= {"rest_minutes": chance.choice([0, 2 * slot]), "max_per_day": chance.choice([1, 2, 9])}
        row["noise_max"] = chance.choice([1, 3])
    for row in tree["activities"]:
        day = [{"from": "10:00", "to": "14:00"}]
        row |= {"sessions": {"min": chance.choice([0, 1, 2]), "max": 6}, "facilitators": 1, "windows": day}
        row |= {"duration_minutes": 60, "one_per_day": chance.maybe(0.3)}
        row.pop("needs_skills", None)
    for row in tree["facilitators"]:
        row["max_sessions_per_day"] = chance.choice([1, 2, 3])
        row.pop("available", None)
    return Trial(tree | {"previous": rows, "frozen_until": {"day": 0, "time": "11:00"}}, seed)


def arranged(trial: Trial, start: list[Placed], steps: int, heat: float) -> tuple[int, list[Placed]]:
    """What the timetable from that start says that it is worth, and where everything stands in it; nobody is there."""
    pools, state = trial.pools, trial.annealer.state
    places = no_places(trial.at)
    state.clear()
    state.load([replace(row, residents=()) for row in start])
    timetabling.timetable(trial.at, places, steps, heat, heat / 10)
    return int(places[0]), [replace(row, residents=()) for row in standing_at(pools, trial.at, places)]


def worth(trial: Trial, rows: list[Placed]) -> int:
    """What a timetable is worth, summed up from the documents in another order than the search's."""
    problem, document = trial.problem, trial.problem.document
    weights, times = document.weights, problem.times
    lacking = int(trial.at.lack_price)
    each = int(trial.at.usual_gain) // valuing.ATTENDING
    total, theirs = 0, defaultdict(list)
    for row in rows:
        identity = trial.pools.identities[row.identity]
        old, people = document.previous[identity.previous], len(identity.previous_residents)
        total += people * (weights.cancel - weights.drop)
        if (times.day[row.time], times.begin[row.time]) != (old.day, old.begin):
            total -= people * weights.move
        if document.spaces[row.space].id != old.space:
            total -= people * weights.relocate
        for r in identity.previous_residents:
            if problem.ear[row.time, r] >= document.activities[row.activity].noise:
                theirs[r].append(row)
    coming = 0
    for r, mine in theirs.items():
        person = document.residents[r]
        coming += len(mine)
        for one, two in combinations(mine, 2):
            a, b = sorted((times.begin[row.time], times.end[row.time]) for row in (one, two))
            gap = max(person.rest_minutes, int(problem.way[one.space, two.space]))
            coming -= int(times.day[one.time] == times.day[two.time] and b[0] < a[1] + gap)
        coming -= sum(
            max(0, n - person.max_per_day) for n in Counter(int(times.day[row.time]) for row in mine).values()
        )
        for name, least in person.required.items():
            alike = sum(row.activity == problem.activity_number[name] for row in mine)
            total += lacking * min(alike, least)
    for a, held in Counter(row.activity for row in rows).items():
        facts = sum(fact.activity == a for fact in problem.facts)
        total += lacking * min(held, max(0, document.activities[a].sessions.min - facts))
    return total + coming * (weights.drop + each)


def wrong_timetable(seeds: Iterable[int]) -> list[Any] | None:
    """The first small community whose timetable is worth something else than it says, less than at first, or
    breaks a rule of the programme.
    """
    for seed in seeds:
        trial, least = published(seed), NEVER
        rows = starting_sessions(trial.problem, trial.pools.identities, None)
        for heat in (200.0, 1e9, 2.0):
            told, rows = arranged(trial, rows, 200, heat)
            if told != worth(trial, rows) or told < least:
                return [seed, least, told, worth(trial, rows)]
            trial.annealer.state.clear()
            if left_out := trial.annealer.state.load(rows):
                return [seed, "left out", left_out]
            least = told
    return None


def tell_defects() -> None:
    """By defect, the community in which it was noticed, or null: a line for each."""
    from tests.solver.search.kernel_defects import TIMETABLES, seeds_for, telling_seeds
    from tests.solver.search.kernels import planted, tell

    tell(**{"": wrong_timetable(telling_seeds(TIMETABLES))})
    for name, defect in TIMETABLES.items():
        with planted(*defect):
            tell(**{name: wrong_timetable(seeds_for(name, 60))})
