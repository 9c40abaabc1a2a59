"""What if: scenarios beside the week, planned by the solver, compared, and taken over whole or in parts."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, MilieuError, NotFound
from milieu.queries.facts.by_day import colleagues, living_groups, spaces
from milieu.queries.week.runs import RunShown, find_run
from milieu.queries.week.weeks import find_draft
from milieu.services.by_hand.trying import Breaks
from milieu.services.weeks.plans.planning import request_stop
from milieu.services.weeks.requests import Answer
from milieu.services.what_if.asking import request_what_if
from milieu.services.what_if.comparing import Comparison, compare_scenarios
from milieu.services.what_if.supposing import KINDS, MIDNIGHT, Supposed
from milieu.services.what_if.taking import take_parts, take_whole
from web.binding import now, reader
from web.curves import Curve, curve_of
from web.director.blueprint import blueprint
from web.director.house.weight_words import slider_words
from web.forms import once, seen_version, teller
from web.guards.principal import principal
from web.pages import page
from web.words.domains import KEYS
from web.words.insight.what_if import part_word, supposed_word
from web.words.times import monday_of, today_in

PARTS = {"morning": (9 * 60, 12 * 60), "afternoon": (13 * 60, 17 * 60), "evening": (18 * 60, 20 * 60)}
"""From when to when somebody is there once more."""
YES = "yes"


@blueprint.get("/week/<day:week_start>/what-if")
def what_if(week_start: date) -> Response:
    """The scenarios of a week beside it, and what else could be asked."""
    if week_start.weekday():
        return redirect(url_for("director.what_if", week_start=monday_of(week_start)))
    return _page(week_start)


@blueprint.get("/week/<day:week_start>/what-if/progress")
def what_if_progress(week_start: date) -> Response:
    """The same for the page's script: whether one is still planned, and the part of the page that changes."""
    context = _context(week_start)
    found = context["found"]
    part = page("director/insight/scenarios.html", **context)
    is_open = found is not None and any(each.is_open for each in found.scenarios)
    return jsonify(open=is_open, stopping=False, html=part.get_data(as_text=True))


@blueprint.post("/week/<day:week_start>/what-if")
def ask_what_if(week_start: date) -> Response:
    """Ask for a scenario."""
    somebody, form = principal(), request.form
    if form.get("kind") not in KINDS:
        abort(404)
    start, end = PARTS.get(form.get("part", ""), (0, MIDNIGHT))

    def work(db: DbSession) -> Answer:
        supposed = Supposed(form["kind"], form.get("id", ""), _days(), start, end)
        request_what_if(db, somebody.community_id, week_start, supposed, by=somebody.account_id, now=now())
        return Answer(url_for("director.what_if", week_start=week_start))

    return _done(week_start, work)


@blueprint.post("/week/<day:week_start>/what-if/<run_id>/stop")
def stop_what_if(week_start: date, run_id: str) -> Response:
    """Plan it no further; what is there by then is compared."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        request_stop(db, somebody.community_id, run_id, now=now())
        return Answer(url_for("director.what_if", week_start=week_start))

    return once(work)


@blueprint.post("/week/<day:week_start>/what-if/<run_id>/whole")
def take_scenario(week_start: date, run_id: str) -> Response:
    """Make the whole of a scenario the week's draft."""

    def work(db: DbSession) -> Answer:
        take_whole(db, teller(), run_id, seen_version())
        said = _("Taken over. The draft before it is set aside; nobody is told anything before you publish.")
        return Answer(url_for("director.week", week_start=week_start, view="draft"), said)

    return _done(week_start, work)


@blueprint.post("/week/<day:week_start>/what-if/<run_id>/parts")
def take_scenario_parts(week_start: date, run_id: str) -> Response:
    """Change the draft so that the sessions that were ticked are as in a scenario."""
    refs, on_purpose = request.form.getlist("ref"), request.form.get("on_purpose") == YES

    def work(db: DbSession) -> Answer:
        if not refs:
            raise Invalid(_("Please tick what is to be taken over."))
        count = take_parts(db, teller(), run_id, seen_version(), refs, on_purpose=on_purpose)
        said = ngettext(
            "%(num)d session taken over into the draft. Undo stands on the week’s page.",
            "%(num)d sessions taken over into the draft. Undo stands on the week’s page.",
            count,
        )
        return Answer(url_for("director.what_if", week_start=week_start), said)

    return _done(week_start, work)


def _done(week_start: date, work: Callable[[DbSession], Answer]) -> Response:
    try:
        return once(work)
    except NotFound:
        raise
    except (Conflict, Invalid) as refused:
        return _page(week_start, refused)


def _days() -> tuple[date, ...]:
    try:
        return tuple(sorted({date.fromisoformat(each) for each in request.form.getlist("day")}))
    except ValueError:
        raise Invalid(_("Please choose a day."), at="days") from None


def _page(week_start: date, refused: MilieuError | None = None) -> Response:
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    return page(
        "director/insight/what_if.html",
        status=status,
        refused=refused,
        again=request.form.getlist("ref") if isinstance(refused, Breaks) and refused.may_be_kept else [],
        **_context(week_start),
    )


def _context(week_start: date) -> dict[str, Any]:
    somebody, db = principal(), reader()
    community_id, today = somebody.community_id, today_in(somebody.timezone, now())
    found: Comparison | None = None
    why_not = ""
    try:
        found = compare_scenarios(db, community_id, week_start, now())
    except Conflict as refused:
        why_not = refused.sentence
    choices = {
        "spaces": spaces(db, community_id, today),
        "leaders": colleagues(db, community_id, today),
        "groups": living_groups(db, community_id, today),
    }
    names = {each.id: each.name for those in choices.values() for each in those}
    draft = find_draft(db, community_id, week_start)
    return {
        "nav": "director.this_week",
        "week_start": week_start,
        "found": found,
        "why_not": why_not,
        "choices": choices,
        "days": [day for day in _week(week_start) if day >= today],
        "parts_of_day": list(PARTS),
        "titles": {each.run_id: supposed_word(each.supposed, names) for each in found.scenarios} if found else {},
        "progress": {each.run_id: _progress(each.run_id) for each in found.scenarios if each.is_open} if found else {},
        "part_word": part_word,
        "term_word": lambda term: slider_words(term).label,
        "domain_keys": [key for key in KEYS if found and any(key in each.domains for each in _figures(found))],
        "version": draft.version if draft else 0,
        "shows": sorted(found.residents) if found else [],
    }


def _progress(run_id: str) -> tuple[RunShown, Curve | None]:
    """How a scenario is getting on."""
    run = find_run(reader(), principal().community_id, run_id)
    seconds = max(0.0, (now() - run.started_at).total_seconds()) if run.started_at else 0.0
    return run, curve_of(run.improvements, seconds, run.seconds_limit)


def _figures(found: Comparison) -> list[Any]:
    return [found.own, *(each.figures for each in found.scenarios if each.figures)]


def _week(week_start: date) -> list[date]:
    return [date.fromordinal(week_start.toordinal() + number) for number in range(7)]
