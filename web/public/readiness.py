"""How a demonstration gets ready: what is done, what is being done, and what it has found so far."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.lists import format_list
from flask import abort, g, jsonify, render_template
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.queries.demo import DemoStepShown, read_demo, read_readiness
from milieu.queries.week.runs import RunShown
from web.binding import now, reader
from web.curves import Curve, curve_of
from web.pages import page
from web.public.views import blueprint
from web.words.times import today_in, week_named


@dataclass(frozen=True)
class StepLine:
    """A step as a line: `state` is waiting, working, done or failed, `part` how much of it, from 0 to 1."""

    state: str
    sentence: str
    seconds: int
    part: float
    fault: str


@dataclass(frozen=True)
class RunLine:
    """A week that is being planned: how many were found for it, each better than the one before, and how good."""

    week: str
    found: int
    curve: Curve | None


@blueprint.get("/getting-ready")
def getting_ready() -> Response:
    """How far this demonstration is; elsewhere there is no such page."""
    return page("public/getting_ready.html", **_context())


@blueprint.get("/getting-ready/progress")
def readiness() -> Response:
    """The same for the page's script: whether it goes on, and the part of the page that changes."""
    context = _context()
    html = render_template("public/readiness.html", **context)
    return jsonify(open=context["is_open"], stopping=False, html=html)


def _context() -> dict[str, Any]:
    demo = read_demo(reader())
    if demo is None:
        abort(404)
    shown = read_readiness(reader())
    g.zone = shown.timezone
    today = today_in(shown.timezone, now())
    return {
        "shown": shown,
        "is_open": any(step.is_open for step in demo.steps),
        "lines": [_line(step, today) for step in demo.steps],
        "runs": [_run(run, today) for run in shown.runs],
    }


def _line(step: DemoStepShown, today: date) -> StepLine:
    until = step.ended_at or now()
    seconds = max(0.0, (until - step.began_at).total_seconds()) if step.began_at else 0.0
    state = "failed" if step.fault else "done" if step.ended_at else "working" if step.began_at else "waiting"
    # how long it takes is not known beforehand: a bar that is full while the work goes on would be untrue
    part = 1.0 if state == "done" else min(0.95, seconds / max(1, step.seconds))
    return StepLine(state, _sentence(step, today), round(seconds), part, step.fault)


def _sentence(step: DemoStepShown, today: date) -> str:
    if step.kind == "compile":
        return _("The search is made ready for this machine, once")
    weeks = format_list([week_named(week, today) for week in step.weeks], locale=get_locale())
    return _("Planning %(weeks)s: who is invited to what, with whom, where and when", weeks=weeks)


def _run(run: RunShown, today: date) -> RunLine:
    seconds = (now() - run.started_at).total_seconds() if run.started_at else 0.0
    curve = curve_of(run.improvements, seconds, run.seconds_limit)
    return RunLine(week_named(run.week_start, today), len(run.improvements), curve)
