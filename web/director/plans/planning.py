"""Planning a week: begun once however often it is asked for, watched while it works, stopped on request."""

from datetime import date
from typing import Any

from flask import jsonify, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.names import names_of
from milieu.queries.week.drafts import count_set_aside
from milieu.queries.week.runs import RunShown, find_run, is_planning
from milieu.queries.week.weeks import find_draft
from milieu.services.lifting.trying import trial_of
from milieu.services.lifting.ways import MAY_LIFT, lift, ways_out
from milieu.services.weeks.plans.again import ANEW, NEARNESS, Again, Only, read_again
from milieu.services.weeks.plans.planning import request_run, request_stop
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.curves import curve_of
from web.director.blueprint import blueprint
from web.director.plans.drafts import ask_before_planning
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page
from web.words.times import duration, monday_of


class DraftThere(Conflict):
    """A week was to be planned by somebody who has not seen its draft."""


@blueprint.post("/week/<day:week_start>/plan")
def plan_week(week_start: date) -> Response:
    """Ask for a plan of a week; where one is being made, this leads to it; where there is a draft, it asks first."""
    somebody, beside = principal(), request.form.get("beside", "")

    def work(db: DbSession) -> Answer:
        draft = find_draft(db, somebody.community_id, monday_of(week_start))
        if draft is not None and draft.id != beside and not is_planning(db, somebody.community_id, week_start):
            raise DraftThere(_("There is a draft that you have not seen."))
        run_id = request_run(
            db,
            somebody.community_id,
            monday_of(week_start),
            by=somebody.account_id,
            now=now(),
            again=_again() if draft is not None else ANEW,
        )
        return Answer(url_for("director.run", run_id=run_id))

    try:
        return once(work)
    except DraftThere as refused:
        return ask_before_planning(monday_of(week_start), refused)


def _again() -> Again:
    """How near to the draft, and which part of it; what cannot be is refused."""
    form = request.form
    nearness = form.get("nearness", "0")
    if nearness not in {str(each) for each in range(len(NEARNESS))}:
        raise Invalid(_("Please choose how much may change."))
    try:
        days = tuple(sorted({date.fromisoformat(each) for each in form.getlist("day")}))
    except ValueError:
        raise Invalid(_("Please choose a day.")) from None
    spaces, people = (tuple(sorted(set(form.getlist(name)))) for name in ("space", "who"))
    return Again(int(nearness), Only(days, spaces, people))


@blueprint.get("/run/<run_id>")
def run(run_id: str) -> Response:
    """A run: how it goes, or what came of it."""
    shown = find_run(reader(), principal().community_id, run_id)
    return page("director/plans/run.html", nav="director.this_week", **_run_context(shown))


@blueprint.get("/run/<run_id>/progress")
def run_progress(run_id: str) -> Response:
    """The same for the page's script: whether it still works, and the part of the page that changes."""
    shown = find_run(reader(), principal().community_id, run_id)
    context = _run_context(shown)
    return jsonify(
        open=shown.is_open or context["trying"],
        mark="" if shown.is_open else f"{shown.state} {len(context['tried'])} {context['trying']}",
        ended=not shown.is_open,
        stopping=shown.is_stopping,
        html=page("director/plans/progress.html", **context).get_data(as_text=True),
    )


@blueprint.post("/run/<run_id>/lift")
def lift_demand(run_id: str) -> Response:
    """Lift a demand that an impossible week stumbled over, and plan the week again without it."""
    key, least = request.form.get("key", ""), request.form.get("least", "0")
    if not (least.isdecimal() and least.isascii() and len(least) < 4):
        raise Invalid(_("Please choose how often it is asked for."))

    def work(db: DbSession) -> Answer:
        somebody = principal()
        run = lift(db, teller(), run_id, key, int(least))
        made = request_run(
            db, somebody.community_id, run.week_start, by=somebody.account_id, now=now(), again=read_again(run.asked)
        )
        return Answer(url_for("director.run", run_id=made), _("Lifted. The week is planned again without it."))

    return once(work)


@blueprint.post("/run/<run_id>/stop")
def stop_run(run_id: str) -> Response:
    """Ask a run to end with the best week it has found."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        request_stop(db, somebody.community_id, run_id, now=now())
        return Answer(url_for("director.run", run_id=run_id))

    return once(work)


def _run_context(shown: RunShown) -> dict[str, Any]:
    end = shown.finished_at or now()
    seconds = max(0.0, (end - shown.started_at).total_seconds()) if shown.started_at else 0.0
    curve = curve_of(shown.improvements, seconds, shown.seconds_limit if shown.is_open else 0)
    set_aside = 0 if shown.is_open else count_set_aside(reader(), principal().community_id, shown.week_start)
    community_id, is_impossible = principal().community_id, shown.state == "impossible"
    ways = ways_out(reader(), community_id, shown.id) if is_impossible else ()
    trial = trial_of(reader(), community_id, shown.id) if ways else None
    tried = trial.tried if trial else {}
    named = {who for each in tried.values() for who in each.residents} | {each.resident_id for each in ways}
    return {
        "run": shown,
        "said": _said(shown, seconds),
        "curve": curve,
        "gap": shown.gap,
        "set_aside": set_aside,
        "ways": ways,
        "may_lift": MAY_LIFT,
        "trying": trial is not None and trial.is_open,
        "tried": tried,
        "stood": trial.stands if trial else None,
        "names": names_of(reader(), community_id) if tried else {},
        "shows": sorted(named - {""}),
    }


def _said(shown: RunShown, seconds: float) -> str:
    if shown.state == "queued":
        return _("Waiting to begin.")
    if shown.is_open:
        if shown.is_stopping:
            return _("Stopping with the best week found so far.")
        return _("Working: %(done)s of about %(all)s.", done=duration(seconds), all=duration(shown.seconds_limit))
    if shown.state == "done":
        count = len(shown.improvements)
        found = ngettext("%(num)d week", "%(num)d weeks, each better than the one before", count)
        return (
            _("Done in %(time)s: found %(found)s.", time=duration(seconds), found=found)
            if count
            else _("Done in %(time)s.", time=duration(seconds))
        )
    if shown.state == "stopped":
        return _("Stopped after %(time)s.", time=duration(seconds))
    if shown.state == "impossible":
        return _("No week keeps every rule as things stand.")
    return _("There is no new draft.")
