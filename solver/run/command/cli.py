"""The command line: `python -m solver solve|check|explain|schema`, as the exchange format says, and what else may be
asked of a schedule: `why`, `where`, `compare`, `fairness`."""

import argparse
import json
import math
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from solver.documents.exchange import (
    DocumentErrors,
    ProblemDocument,
    ScheduleDocument,
    digest,
    problem_schema,
    read_problem,
    read_schedule,
    schedule_schema,
)
from solver.documents.paths import quoted
from solver.explaining.comparing import compare
from solver.explaining.elsewhere import where_else
from solver.explaining.fairness import fairness
from solver.explaining.forcing import force
from solver.explaining.telling import Teller
from solver.explaining.toggling import explain
from solver.explaining.why import Case
from solver.model.check import read_whole, score
from solver.model.reasons import Breach
from solver.model.warnings import find_warnings
from solver.model.wording.words import Words
from solver.run.command.output import Target, Unwritable
from solver.run.command.running import run, stopping, unread
from solver.run.limits import Limits
from solver.run.reading import OutOfTime, in_time

GOOD, BROKEN, UNREADABLE = 0, 1, 2


class Unusable(Exception):
    """An input that cannot be used; its lines are told on standard error."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


def main(arguments: Sequence[str], started: float, ends: bool = False) -> int:
    """Run one command and return its exit status; `started` is when the process began, by `time.monotonic()`.

    Where the process `ends` with it, whoever asks it to stop once all is written does not make that a failure.
    """
    options = _parser().parse_args(arguments, argparse.Namespace(ends=ends))
    try:
        return int(options.command(options, started))
    except Unusable as error:
        sys.stderr.write("".join(f"{line}\n" for line in error.lines))
    except Unwritable as error:
        sys.stderr.write(f"{error}\n")
    return UNREADABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m solver", description="Plans a community's week.", allow_abbrev=False
    )
    commands = parser.add_subparsers(required=True, metavar="solve|check|explain|schema|why|where|compare|fairness")
    solve = commands.add_parser("solve", help="make a schedule for a problem", allow_abbrev=False)
    solve.add_argument("problem", metavar="PROBLEM.json", type=Path)
    solve.add_argument("-o", dest="output", metavar="SCHEDULE.json", type=Path)
    solve.add_argument("--seconds", type=_seconds, default=60.0, help="wall-clock time from the start of the process")
    solve.add_argument("--workers", type=_workers, default=_cores(), help="how many cores it may use (all)")
    solve.add_argument("--seed", type=_seed, default=0)
    solve.add_argument(
        "--relax", action="store_true", help="break R6's least counts, R14 and R18 where nothing else helps"
    )
    solve.add_argument("--start", metavar="SCHEDULE.json", type=Path, help="a schedule to begin from")
    solve.add_argument("--progress", action="store_true", help="lines of JSON on standard error")
    solve.set_defaults(command=_solve)
    check = commands.add_parser("check", help="say what is wrong with a problem or a schedule", allow_abbrev=False)
    check.add_argument("problem", metavar="PROBLEM.json", type=Path)
    check.add_argument("schedule", metavar="SCHEDULE.json", type=Path, nargs="?")
    check.set_defaults(command=_check)
    why = commands.add_parser("explain", help="say what one invitation more or less would do", allow_abbrev=False)
    why.add_argument("problem", metavar="PROBLEM.json", type=Path)
    why.add_argument("schedule", metavar="SCHEDULE.json", type=Path)
    why.add_argument("--resident", metavar="ID", required=True)
    why.add_argument("--session", metavar="ID", required=True)
    why.set_defaults(command=_explain)
    schema = commands.add_parser("schema", help="print a document's JSON Schema", allow_abbrev=False)
    schema.add_argument("document", choices=("problem", "schedule"))
    schema.set_defaults(command=_schema)
    _add_questions(commands)
    return parser


def _add_questions(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, asks, command in (
        ("why", "say why somebody is invited, or why not", _why),
        ("where", "say where else somebody could go", _where),
        ("compare", "say what changes from one schedule to another, and for whom", _compare),
        ("fairness", "say how many sessions people have, who is left out, and why", _fairness),
    ):
        parser = commands.add_parser(name, help=asks, allow_abbrev=False)
        parser.add_argument("problem", metavar="PROBLEM.json", type=Path)
        if name == "compare":
            parser.add_argument("before", metavar="BEFORE.json", type=Path)
        parser.add_argument("schedule", metavar="SCHEDULE.json", type=Path)
        if name in ("why", "where"):
            parser.add_argument("--resident", metavar="ID", required=True)
        if name == "where":
            parser.add_argument("--displacing", action="store_true", help="in somebody else's place too")
        if name == "why":
            parser.add_argument("--session", metavar="ID", required=True)
            parser.add_argument("--force", action="store_true", help="what turning it round would cost, and whom")
            parser.add_argument("--seconds", type=_seconds, default=3.0, help="for that, from the start of the process")
        parser.set_defaults(command=command)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return value


def _workers(text: str) -> int:
    return _whole(text, 1, "no number of cores")


def _seed(text: str) -> int:
    return _whole(text, 0, "no seed; it is a whole number from 0")


def _whole(text: str, least: int, complaint: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18) or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is {complaint}")
    return int(text)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise Unusable([f"{path}: {getattr(error, 'strerror', None) or error}"]) from None


def _problem(path: Path) -> tuple[ProblemDocument, str]:
    raw = _bytes(path)
    return _read(raw), digest(raw)


def _read(raw: bytes) -> ProblemDocument:
    try:
        return read_problem(raw)
    except DocumentErrors as error:
        raise Unusable(map(str, error.errors)) from None


def _schedule(path: Path, problem: ProblemDocument | None) -> ScheduleDocument:
    raw = _bytes(path)
    try:
        return read_schedule(raw, problem)
    except DocumentErrors as error:
        raise Unusable(map(str, error.errors)) from None


def _solve(options: argparse.Namespace, started: float) -> int:
    with stopping(options.ends) as stop:  # to the very end, so that what is being written is written whole
        target = Target(options.output)
        target.prepare([path for path in (options.problem, options.start) if path is not None])
        raw = _bytes(options.problem)
        limits = Limits(options.seconds, started, options.workers, options.seed % 2**31, options.relax)
        try:
            with in_time(limits):
                problem = _read(raw)
                start = _schedule(options.start, None) if options.start is not None else None
            document, status = run(problem, digest(raw), limits, start, stop, sys.stderr if options.progress else None)
        except OutOfTime:
            document, status = unread(digest(raw), len(raw), limits)
        target.write(document)
    return status


def _check(options: argparse.Namespace, started: float) -> int:
    problem, name = _problem(options.problem)
    words = Words(problem)
    answer: dict[str, Any] = {
        "warnings": [{"place": each.place, "text": words.sentence(each.reason)} for each in find_warnings(problem)]
    }
    status = GOOD
    if options.schedule is not None:
        schedule = _schedule(options.schedule, problem)
        breaks = read_whole(problem, name, schedule)
        has_score = schedule.status in ("optimal", "feasible")
        terms = score(problem, schedule.sessions) if has_score else {}
        answer |= {
            "breaks": _listed(words, breaks),
            "objective": sum(terms.values()) if has_score else None,
            "terms": terms,
        }
        status = BROKEN if breaks else GOOD
    _print(answer)
    return status


def _explain(options: argparse.Namespace, started: float) -> int:
    problem, schedule = _asked(options)
    found = explain(problem, schedule, options.resident, options.session)
    _print(
        {
            "resident": found.resident,
            "session": found.session,
            "invited": found.invited,
            "breaks": _listed(Words(problem), found.breaks),
            "gain": found.gain,
            "terms": found.terms,
        }
    )
    return GOOD


def _asked(options: argparse.Namespace) -> tuple[ProblemDocument, ScheduleDocument]:
    """The problem and the schedule that a question is about; Unusable where it names whom or what they do not know."""
    problem, _ = _problem(options.problem)
    schedule = _schedule(options.schedule, problem)
    wrong = []
    if all(row.id != options.resident for row in problem.residents):
        wrong.append(f"--resident: there is no resident {quoted(options.resident)}")
    if "session" in options and all(row.id != options.session for row in schedule.sessions):
        wrong.append(f"--session: there is no session {quoted(options.session)}")
    if wrong:
        raise Unusable(wrong)
    return problem, schedule


def _why(options: argparse.Namespace, started: float) -> int:
    problem, schedule = _asked(options)
    case, teller = Case.of(problem, schedule), Teller(problem)
    tree = teller.why(case, options.resident, options.session)
    if options.force:
        wanted = not tree["invited"]
        found = force(problem, schedule, options.resident, options.session, wanted, options.seconds, started)
        tree["forced"] = teller.forced(found, schedule.sessions)
    _print(tree)
    return GOOD


def _where(options: argparse.Namespace, started: float) -> int:
    problem, schedule = _asked(options)
    found = where_else(problem, schedule, options.resident, may_displace=options.displacing)
    teller = Teller(problem)
    _print({"resident": options.resident, "options": [teller.option(each) for each in found]})
    return GOOD


def _compare(options: argparse.Namespace, started: float) -> int:
    problem, _ = _problem(options.problem)
    before, after = _schedule(options.before, None), _schedule(options.schedule, problem)
    _print(Teller(problem).comparison(compare(problem, before.sessions, after.sessions)))
    return GOOD


def _fairness(options: argparse.Namespace, started: float) -> int:
    problem, _ = _problem(options.problem)
    schedule = _schedule(options.schedule, problem)
    _print(Teller(problem).fairness(fairness(problem, schedule.sessions)))
    return GOOD


def _schema(options: argparse.Namespace, started: float) -> int:
    _print(problem_schema() if options.document == "problem" else schedule_schema())
    return GOOD


def _listed(words: Words, breaks: Iterable[Breach]) -> list[dict[str, str]]:
    return [{"rule": each.rule, "text": words.sentence(each.reason)} for each in breaks]


def _print(tree: dict[str, Any]) -> None:
    Target(None).write(json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n")
