"""A month as one document, and as four weeks one after another: which is better, and who waits longer?

    python -m bench.month [--residents 120] [--seeds 7 8] [--seconds 120] [--workers 2]

A made-up week with its base week is asked for four times over. As four weeks each is planned for itself, in a quarter
of the time, by somebody who knows what was held before: how long each person has waited in vain, and whose visit was
on Sunday. As a month all is one document of 28 days. Both are then held against that one document, so that its rules
and its score speak of both; beside it stand the weeks' own scores, and what a person would notice: of each activity
that more love than it has places, how many who love it were never asked, and how far the most asked is from the least.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from bench.asked.homes import make_home
from solver.documents.exchange import ProblemDocument, Session, read_problem, read_schedule, write_problem
from solver.model.check import broken, objective

Tree = dict[str, Any]
WEEKS, DAYS = 4, 7
LOVES = 4  # an interest from which on somebody loves an activity
ENGAGEMENT = [12, 9, 7, 5, 3, 2, 1]  # what a week's attendances are worth, one after another


def month_of(week: Tree) -> Tree:
    """Four times the week: what is told of a day is told of that day of each week, what is counted is fourfold."""
    tree: Tree = json.loads(json.dumps(week))
    tree["name"] += ", four weeks"
    tree["horizon"]["days"] = WEEKS * DAYS
    tree["weights"] = {**week.get("weights", {}), "engagement": [value for value in ENGAGEMENT for _ in range(WEEKS)]}
    _repeat(tree)
    for activity in tree["activities"]:
        activity["sessions"] = {key: value * WEEKS for key, value in activity["sessions"].items()}
    for person in tree["residents"]:
        person["sessions"] = {key: value * WEEKS for key, value in person["sessions"].items()}
        person["required"] = {name: times * WEEKS for name, times in person.get("required", {}).items()}
        for target in person.get("targets", []):
            target["min"] *= WEEKS
    for group in tree.get("groups", []):
        for target in group.get("targets", []):
            target["min"] *= WEEKS
    for tie in tree["ties"]:
        if "strength" in tie:
            tie["cap"] = tie.get("cap", 2) * WEEKS
    tree["usual"] = [{**row, "day": row["day"] + DAYS * week} for week in range(WEEKS) for row in tree["usual"]]
    tree["pins"] = [_later(row, week) for week in range(WEEKS) for row in tree["pins"]]
    return tree


def _repeat(node: Any) -> None:
    """Put each window and offer that names a day on that day of every week, wherever it stands."""
    if isinstance(node, dict):
        for value in node.values():
            _repeat(value)
    elif isinstance(node, list):
        for value in node:
            _repeat(value)
        if any(isinstance(row, dict) and "day" in row and ("from" in row or "min" in row) for row in node):
            node[:] = [
                {**row, "day": row["day"] + DAYS * week} if "day" in row else row
                for week in range(WEEKS)
                for row in node
                if week == 0 or "day" in row
            ]


def _later(pin: Tree, week: int) -> Tree:
    if isinstance(pin["session"], str):
        return {**pin, "session": f"{pin['session']} of week {week + 1}"}
    session = pin["session"]
    return {"session": {**session, "id": f"{session['id']} of week {week + 1}", "day": session["day"] + DAYS * week}}


class Solving:
    """The solver as a command, in a folder of its own."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.workers = workers

    def solve(self, tree: Tree, seconds: float) -> tuple[ProblemDocument, tuple[Session, ...]]:
        """Raises `subprocess.CalledProcessError` where there is no schedule."""
        raw = write_problem(read_problem(json.dumps(tree).encode()))
        source, target = self.folder / "problem.json", self.folder / "schedule.json"
        source.write_bytes(raw)
        command = ["-m", "solver", "solve", str(source), "-o", str(target), "--seconds", f"{seconds}"]
        subprocess.run([sys.executable, *command, "--workers", str(self.workers)], check=True)
        problem = read_problem(raw)
        return problem, tuple(read_schedule(target.read_bytes(), problem).sessions)


def weeks_in_turn(solving: Solving, week: Tree, seconds: float) -> tuple[Session, ...]:
    """Four weeks, each planned when the one before has been."""
    held: list[Session] = []
    waiting = {row["id"]: dict(row.get("waiting", {})) for row in week["residents"]}
    on_sunday: set[str] = set()
    for number in range(WEEKS):
        tree: Tree = json.loads(json.dumps(week))
        for person in tree["residents"]:
            person["waiting"] = {name: min(10, value) for name, value in waiting[person["id"]].items() if value}
        for activity in tree["activities"]:
            if activity.get("days_apart", 1) > 1 and activity["id"] in on_sunday:
                activity["windows"] = _without_monday(activity.get("windows"))
        _, planned = solving.solve(tree, seconds / WEEKS)
        held += [_moved(row, number) for row in planned]
        on_sunday = {row.activity for row in planned if row.day == DAYS - 1}
        _wait(waiting, tree, planned)
    return tuple(held)


def _without_monday(windows: list[Tree] | None) -> list[Tree]:
    rows = windows if windows is not None else [{"from": "00:00", "to": "24:00"}]
    return [{**row, "day": day} for row in rows for day in range(1, DAYS) if row.get("day", day) == day]


def _moved(row: Session, week: int) -> Session:
    """A session of a week in the month; what is fixed keeps the name that the month's pins give it."""
    is_fixed = row.id.startswith("fixed ")
    name = f"{row.id} of week {week + 1}" if is_fixed else f"{week + 1}: {row.id}"
    return row.model_copy(update={"id": name, "day": row.day + DAYS * week})


def _wait(waiting: Mapping[str, dict[str, int]], tree: Tree, sessions: Sequence[Session]) -> None:
    """Who loves what was on and was not asked has waited a week more; who was asked waits no longer."""
    asked = {(name, row.activity) for row in sessions for name in row.residents}
    on = {row.activity for row in sessions}
    for person in tree["residents"]:
        for name, like in person["interests"].items():
            if (person["id"], name) in asked:
                waiting[person["id"]].pop(name, None)
            elif like >= LOVES and name in on:
                waiting[person["id"]][name] = waiting[person["id"]].get(name, 0) + 1


@dataclass(frozen=True)
class Fairness:
    """Over the activities that more love than had places: who never were asked; the mean of most less least."""

    never: int
    lovers: int
    spread: float


def fairness(month: Tree, sessions: Sequence[Session]) -> Fairness:
    """`month`: the problem as a tree. Of a closed group only its own people count."""
    seats: Counter[str] = Counter()
    largest = {row["id"]: row["max_group"] for row in month["activities"]}
    asked: Counter[tuple[str, str]] = Counter()
    for row in sessions:
        seats[row.activity] += largest[row.activity]
        asked.update((name, row.activity) for name in row.residents)
    never, lovers, spreads = 0, 0, []
    for activity in month["activities"]:
        name = activity["id"]
        mine = [row["id"] for row in month["residents"] if row["interests"].get(name, 0) >= LOVES]
        mine = [person for person in mine if person in activity.get("only", mine)]
        if activity["max_group"] > 1 and 0 < seats[name] < WEEKS * len(mine):
            times = [asked[person, name] for person in mine]
            never, lovers = never + times.count(0), lovers + len(mine)
            spreads.append(max(times) - min(times))
    return Fairness(never, lovers, mean(spreads) if spreads else 0.0)


def weekly(week: Tree, sessions: Sequence[Session]) -> int:
    """The sum of what the four weeks would score as weeks."""
    problem = read_problem(json.dumps({**week, "pins": []}).encode())
    rows = [
        [row.model_copy(update={"day": row.day - DAYS * number}) for row in sessions if row.day // DAYS == number]
        for number in range(WEEKS)
    ]
    return sum(objective(problem, each) for each in rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.month", description="A month beside four weeks.")
    parser.add_argument("--residents", type=int, default=120)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    print(
        "| home | planned as | rules broken | the month's score | the weeks' scores | never asked | most less least |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for seed in given.seeds:
        week = make_home(given.residents, seed).tree
        month = month_of(week)
        with tempfile.TemporaryDirectory() as folder:
            solving = Solving(Path(folder), given.workers)
            problem, whole = solving.solve(month, given.seconds)
            ways = {"a month": whole, "four weeks": weeks_in_turn(solving, week, given.seconds)}
        for way, sessions in ways.items():
            fair = fairness(month, sessions)
            print(
                f"| {seed} | {way} | {len(broken(problem, sessions))} | {objective(problem, sessions):,} "
                f"| {weekly(week, sessions):,} | {fair.never} of {fair.lovers} | {fair.spread:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
