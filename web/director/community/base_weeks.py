"""A base week with a name: saved from a week, looked at, changed, chosen for days, ended."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.queries.facts.by_day import activities, colleagues, spaces
from milieu.services.programme.base_weeks import choosing, saving
from milieu.services.programme.base_weeks.named import Line, base_week_named, base_weeks, lines_of
from milieu.services.programme.base_weeks.saving import Session
from milieu.services.weeks.plans.planning import request_run
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.week.sources import find_source
from web.forms import once, seen_version, teller
from web.guards.principal import principal
from web.pages import page
from web.typed import needed_day, typed_day, typed_minute
from web.words.times import monday_of, today_in, weekday

_A_MONDAY = date(2026, 11, 30)
_DRAFT = "draft"


@blueprint.get("/week/<day:week_start>/save-as-base-week")
def save_base_week(week_start: date) -> Response:
    """Under which name to save a week; `?view=` says whether its draft or what is published."""
    return _save_page(monday_of(week_start), request.args.get("view", ""))


@blueprint.post("/week/<day:week_start>/save-as-base-week")
def save_base_week_now(week_start: date) -> Response:
    """Save a week as a base week, new or in the place of one of that name."""
    view, name = request.form.get("view", ""), request.form.get("name", "")

    def work(db: DbSession) -> Answer:
        made = saving.save_week(db, teller(), monday_of(week_start), name, is_draft=view == _DRAFT)
        return Answer(url_for("director.base_week_named", base_week_id=made), _("Saved as a base week."))

    return _or_again(work, lambda refused: _save_page(monday_of(week_start), view, refused))


@blueprint.get("/base-weeks/<base_week_id>", endpoint="base_week_named")
def named(base_week_id: str) -> Response:
    """Its sessions by day, when planning starts from it, and what can be done with it."""
    return _page(base_week_id)


@blueprint.post("/base-weeks/<base_week_id>/name")
def rename_base_week(base_week_id: str) -> Response:
    """Call it something else."""
    version, name = seen_version(), request.form.get("name", "")
    return _changed(base_week_id, lambda db: saving.rename(db, teller(), base_week_id, version, name))


@blueprint.post("/base-weeks/<base_week_id>/end")
def end_base_week(base_week_id: str) -> Response:
    """Keep it no more."""
    version = seen_version()

    def work(db: DbSession) -> Answer:
        saving.end(db, teller(), base_week_id, version)
        return Answer(url_for("director.base_week"), _("It can be chosen no more."))

    return once(work)


@blueprint.post("/base-weeks/<base_week_id>/choose")
def choose_base_week(base_week_id: str) -> Response:
    """Let planning start from it from one day to another."""

    def do(db: DbSession) -> None:
        first = needed_day("first", _("Please choose a day."))
        choosing.choose(db, teller(), base_week_id, first, typed_day("last"))

    return _changed(base_week_id, do)


@blueprint.post("/base-weeks/<base_week_id>/let-go")
def let_go_of_choice(base_week_id: str) -> Response:
    """Let planning start from it no more on the days of one choice."""
    choice = request.form.get("choice", "")
    return _changed(base_week_id, lambda db: choosing.let_go_of(db, teller(), base_week_id, choice))


@blueprint.post("/base-weeks/<base_week_id>/sessions")
def add_base_session(base_week_id: str) -> Response:
    """One session more in it."""
    version = seen_version()
    return _changed(base_week_id, lambda db: saving.add_session(db, teller(), base_week_id, version, _session()))


@blueprint.get("/base-weeks/<base_week_id>/sessions/<base_session_id>")
def base_session(base_week_id: str, base_session_id: str) -> Response:
    """A session of it, to be changed or taken out."""
    return _session_page(base_week_id, base_session_id)


@blueprint.post("/base-weeks/<base_week_id>/sessions/<base_session_id>")
def change_base_session(base_week_id: str, base_session_id: str) -> Response:
    """Let it be at another time, in another space, led by somebody else, or another activity."""
    version = seen_version()

    def do(db: DbSession) -> None:
        saving.change_session(db, teller(), base_week_id, version, base_session_id, _session())

    return _changed(base_week_id, do, lambda refused: _session_page(base_week_id, base_session_id, refused))


@blueprint.post("/base-weeks/<base_week_id>/sessions/<base_session_id>/remove")
def remove_base_session(base_week_id: str, base_session_id: str) -> Response:
    """Take it out of the base week."""
    version = seen_version()
    return _changed(
        base_week_id, lambda db: saving.remove_session(db, teller(), base_week_id, version, base_session_id)
    )


@blueprint.post("/week/<day:week_start>/plan-from")
def plan_from_base_week(week_start: date) -> Response:
    """Plan an empty week from a base week, which is chosen for that week alone."""
    monday, chosen = monday_of(week_start), request.form.get("base_week", "")

    def work(db: DbSession) -> Answer:
        choosing.choose(db, teller(), chosen, monday, monday + timedelta(days=6))
        run = request_run(db, principal().community_id, monday, by=principal().account_id, now=now())
        return Answer(url_for("director.run", run_id=run))

    return once(work)


def _changed(
    base_week_id: str, do: Callable[[DbSession], object], again: Callable[[Invalid], Response] | None = None
) -> Response:
    def work(db: DbSession) -> Answer:
        do(db)
        return Answer(url_for("director.base_week_named", base_week_id=base_week_id), _("Saved."))

    return _or_again(work, again or (lambda refused: _page(base_week_id, refused)))


def _or_again(work: Callable[[DbSession], Answer], again: Callable[[Invalid], Response]) -> Response:
    """The form again with what was wrong in it."""
    try:
        return once(work)
    except Invalid as refused:
        if not refused.at:
            raise
        return again(refused)


def _session() -> Session:
    form = request.form
    day = form.get("weekday", "")
    return Session(
        int(day) if len(day) == 1 and day.isdecimal() else -1,
        typed_minute("start"),
        form.get("activity", ""),
        form.get("space", ""),
        form.get("leader", ""),
    )


def _save_page(week_start: date, view: str, refused: Invalid | None = None) -> Response:
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_start, view or None)
    if not source.view:
        raise NotFound(_("There is nothing in this week that could be saved."))
    return page(
        "director/community/save_base_week.html",
        status=422 if refused else 200,
        nav="director.this_week",
        source=source,
        count=len(source.cards),
        found=base_weeks(db, somebody.community_id, today_in(somebody.timezone, now())),
        refused=refused,
        typed=request.form if refused else {},
    )


def _page(base_week_id: str, refused: Invalid | Conflict | None = None) -> Response:
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    found = base_week_named(db, somebody.community_id, base_week_id, today)
    lines = lines_of(db, somebody.community_id, base_week_id)
    days = [(weekday(_A_MONDAY + timedelta(days=day)), _of_day(lines, day)) for day in range(7)]
    return page(
        "director/community/base_week_named.html",
        status=422 if refused else 200,
        nav="director.this_week",
        found=found,
        days=[(name, those) for name, those in days if those],
        today=today,
        following=monday_of(today) + timedelta(days=7),
        refused=refused,
        typed=request.form if refused else {},
        **_choices(),
    )


def _session_page(base_week_id: str, base_session_id: str, refused: Invalid | None = None) -> Response:
    somebody, db = principal(), reader()
    found = base_week_named(db, somebody.community_id, base_week_id, today_in(somebody.timezone, now()))
    line = next(
        (each for each in lines_of(db, somebody.community_id, base_week_id) if each.id == base_session_id), None
    )
    if line is None:
        raise NotFound("This session is not in the base week any more.")
    return page(
        "director/community/base_session.html",
        status=422 if refused else 200,
        nav="director.this_week",
        found=found,
        line=line,
        refused=refused,
        typed=request.form if refused else _as_typed(line),
        **_choices(),
    )


def _as_typed(line: Line) -> dict[str, str]:
    start = line.said.start_minute
    return {
        "weekday": str(line.said.weekday),
        "start": f"{start // 60:02}:{start % 60:02}",
        "activity": line.activity_id,
        "space": line.space_id,
        "leader": line.facilitator_id,
    }


def _choices() -> dict[str, Any]:
    """What the form of a session chooses from."""
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    return {
        "weekdays": [(str(day), weekday(_A_MONDAY + timedelta(days=day))) for day in range(7)],
        "activities": activities(db, somebody.community_id, today),
        "spaces": spaces(db, somebody.community_id, today),
        "leaders": colleagues(db, somebody.community_id, today),
    }


def _of_day(lines: tuple[Line, ...], day: int) -> list[Line]:
    return [each for each in lines if each.said.weekday == day]
