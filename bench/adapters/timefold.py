"""Timefold 1.24.0b0 as a peer: an environment of its own, a Java, and a model that begins from the director's week.

Its environment lies in the user's cache and is made on request (`python -m bench --install`): its packages and the
solver's must not meet. The child compiles the problem to plain tables, then becomes that environment's Python.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.adapters.peer import Ask, Sessions
from bench.adapters.telling import asked
from bench.adapters.timefold_tables import tables
from bench.asked.diary import Entry
from bench.asked.greedy import Director
from solver.documents.exchange import ProblemDocument, Session, read_problem
from solver.model.reading import is_past

VERSION = "1.24.0b0"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
PLACE = CACHE / "milieu" / f"timefold-{VERSION}"
PYTHON = PLACE / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
MODEL = Path(__file__).resolve().parents[1] / "timefold_week" / "solve.py"


def missing() -> str:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "skipped: no Java"
    return "" if (PLACE / "complete").exists() else "skipped: not installed"


def install() -> str:
    """Make its environment; why it cannot be had, or ""."""
    if (PLACE / "complete").exists():
        return ""
    steps = [
        [sys.executable, "-m", "venv", "--clear", str(PLACE)],
        [str(PYTHON), "-m", "pip", "install", "--quiet", f"timefold=={VERSION}"],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stderr.strip().rpartition("\n")[2] or f"{step[2]} ended with {done.returncode}"
    (PLACE / "complete").touch()
    return ""


def command(ask: Ask) -> list[str]:
    return [
        sys.executable,
        "-m",
        "bench.adapters.timefold",
        str(ask.problem),
        "--seconds",
        str(ask.seconds),
        "--workers",
        str(ask.workers),
        "--seed",
        str(ask.seed),
    ]


def mend(problem: ProblemDocument, sessions: Sessions) -> Sessions:
    """Drop what its model cannot express (escorts, ways, days apart, noise through walls, familiar faces): the sessions
    are written into a diary one after the other, pinned and needed ones first, with those of their people who fit.
    Nothing is added.
    """
    director = Director(problem)
    director._keep_past()
    diary = director.diary
    pinned = {pin.session.id for pin in problem.pins if hasattr(pin.session, "id")}
    needed = {row.id for row in problem.activities if row.sessions.min}
    order = [(row.id not in pinned, row.activity not in needed, row.day, row.begin, row.id) for row in sessions]
    for _, row in sorted(zip(order, sessions, strict=True), key=lambda pair: pair[0]):
        if is_past(problem, row):
            continue
        entry = director._entry(row)
        spell = (entry.day, entry.begin, entry.end)
        able = all(diary.can_lead(person, entry.space, spell) for person in entry.team)
        has_room = director._has_room(entry.activity, entry.day)
        if not (has_room and able and director._is_team(entry.activity, entry.team)):
            continue
        if diary.can_hold(entry.activity, entry.space, spell) and (named := _named(director, row)) is not None:
            entry.id = named
            _seat(director, entry, row)
    return tuple(entry.session() for entry in diary.entries)


def _named(director: Director, row: Session) -> str | None:
    """The id that it must have where it is like a published session; None where two claim it."""
    place = (row.activity, row.day, row.start, row.space)
    name = director.before.get(place, row.id)
    is_taken = any(entry.id == name for entry in director.diary.entries)
    return None if place in director.disputed or is_taken else name


def _seat(director: Director, entry: Entry, row: Session) -> None:
    director._invite(entry, [director.residents[name] for name in row.residents])
    if len(entry.people) >= entry.activity.min_group:
        director._write(entry)


def main() -> None:
    begun = time.time()
    options = asked("bench.adapters.timefold")
    problem = read_problem(options.problem.read_bytes())
    week = Director(problem).plan()
    tree: dict[str, Any] = tables(problem, tuple(week))
    tree |= {"begun": begun, "seconds": options.seconds, "seed": options.seed}
    path = options.problem.with_name("tables.json")
    path.write_text(json.dumps(tree))
    os.execv(PYTHON, [str(PYTHON), str(MODEL), str(path)])  # noqa: S606 -- the path is made above


if __name__ == "__main__":
    main()
