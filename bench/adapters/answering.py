"""Ask a peer: start its command, keep its lines with their moments, end it in time, then read every schedule."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from bench.adapters.peer import Ask, Peer, Run, Sessions, Tree
from bench.memory import Sampler
from solver.documents.exchange import DocumentErrors, ProblemDocument, Session, digest, read_problem, read_schedule
from solver.model.check import broken, objective, read_whole

GRACE = 5.0  # seconds beyond its own that a peer has to end by itself
ROOT = Path(__file__).resolve().parents[2]
Heard = list[tuple[float, str]]


def answer(peer: Peer, raw: bytes, seconds: float, workers: int, seed: int = 0) -> Run:
    """Let a peer answer one question alone on the machine."""
    if word := peer.missing():
        return Run(peer.name, (), None, None, 0.0, word=word)
    with tempfile.TemporaryDirectory() as folder:
        ask = Ask(Path(folder, "problem.json"), Path(folder, "schedule.json"), seconds, workers, seed)
        ask.problem.write_bytes(raw)
        lines, took, memory, errors = _listen(peer.command(ask), 1.05 * seconds + GRACE)
        document = ask.schedule.read_bytes() if ask.schedule.exists() else None
    return _read(peer, raw, lines, document, took, memory, errors)


def _listen(command: list[str], limit: float) -> tuple[Heard, float, int | None, str]:
    """The lines of both its outputs with their moments, the seconds it took, its memory, and what else it said."""
    lines: Heard = []
    with tempfile.TemporaryFile("w+") as other:
        begun = time.monotonic()
        child = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        assert child.stdout is not None
        sampler = Sampler(child.pid)
        listener = threading.Thread(target=_keep, args=(child.stdout, lines, begun, other), daemon=True)
        sampler.start()
        listener.start()
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(limit)
        finally:
            took = time.monotonic() - begun
            with contextlib.suppress(OSError):  # whatever it started and left
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        listener.join(5)
        memory = sampler.finish()
        other.seek(0)
        return lines, took, memory, other.read()[-400:]


def _keep(stream: IO[str], lines: Heard, begun: float, other: IO[str]) -> None:
    for line in stream:
        lines.append((time.monotonic() - begun, line))
        if not line.startswith("{"):
            other.write(line)


def _read(
    peer: Peer, raw: bytes, lines: Heard, document: bytes | None, took: float, memory: int | None, errors: str
) -> Run:
    problem = read_problem(raw)
    said = [(at, _said(peer, line)) for at, line in lines]
    bounds = [tree["bound"] for _, tree in said if tree.get("bound") is not None]
    shown = [(at, sessions) for at, tree in said if (sessions := _sessions(peer, problem, tree)) is not None]
    last, fault = _left(problem, raw, document)
    curve, best, faults = _curve(problem, shown)
    if last is not None:
        reached = objective(problem, last)
        stated = [(at, tree["objective"]) for at, tree in said if tree.get("objective") is not None]
        curve, best = [*curve, *(each for each in stated if each[1] <= reached), (took, reached)], last
    faults += [fault] if fault else []
    word = ""
    if not curve:
        word = "wrong" if faults else "nothing"
        fault = faults[0] if faults else errors.strip().rpartition("\n")[2]
    return Run(
        peer=peer.name,
        curve=rising(curve),
        bound=min(bounds, default=None),
        memory=memory,
        seconds=took,
        wrong=len(faults),
        fault=fault or (faults[0] if faults else ""),
        word=word,
        sessions=best,
    )


def _said(peer: Peer, line: str) -> Tree:
    if line.startswith("{"):
        with contextlib.suppress(ValueError):
            tree = json.loads(line)
            return tree if isinstance(tree, dict) else {}
    return peer.hear(line) or {}


def _sessions(peer: Peer, problem: ProblemDocument, tree: Tree) -> Sessions | None:
    if "sessions" not in tree:
        return None
    sessions = tuple(Session.model_validate_json(json.dumps(row)) for row in tree["sessions"])
    return sessions if peer.mend is None else peer.mend(problem, sessions)


def _left(problem: ProblemDocument, raw: bytes, document: bytes | None) -> tuple[Sessions | None, str]:
    """The schedule that a peer left as a document, where it is one and right; else what is wrong with it."""
    if document is None:
        return None, ""
    try:
        schedule = read_schedule(document, problem)
    except DocumentErrors as error:
        return None, str(error.errors[0])
    if faults := read_whole(problem, digest(raw), schedule):
        return None, f"{faults[0].rule} {faults[0].reason}"
    return (schedule.sessions, "") if schedule.objective is not None else (None, "")


def _curve(
    problem: ProblemDocument, shown: Iterable[tuple[float, Sessions]]
) -> tuple[list[tuple[float, int]], Sessions, list[str]]:
    """Every schedule read: when there was a right one with what score, the best, and the faults of the wrong."""
    curve: list[tuple[float, int]] = []
    best: Sessions = ()
    faults: list[str] = []
    for at, sessions in shown:
        if breaks := broken(problem, sessions):
            faults.append(f"{breaks[0].rule} {breaks[0].reason.code}, {len(breaks)} in all")
        elif not curve or objective(problem, sessions) > max(value for _, value in curve):
            curve.append((at, objective(problem, sessions)))
            best = sessions
    return curve, best, faults


def rising(points: Iterable[tuple[float, int]]) -> tuple[tuple[float, int], ...]:
    """Only the points that are better than all before them, in the order of time."""
    found: list[tuple[float, int]] = []
    for at, value in sorted(points):
        if not found or value > found[-1][1]:
            found.append((round(at, 2), value))
    return tuple(found)
