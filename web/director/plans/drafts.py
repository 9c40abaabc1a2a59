"""A week's drafts: asked about before another is planned, shown side by side, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.queries.facts.by_day import spaces
from milieu.queries.residents.people import residents_here
from milieu.queries.week.drafts import DraftShown, show_drafts
from milieu.queries.week.runs import last_run
from milieu.queries.week.weeks import find_draft
from milieu.services.weeks.history.comparing import Apart, how_far
from milieu.services.weeks.plans.drafts import Weighed, take_back, weigh_all
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.forms import once, seen_version
from web.guards.principal import principal
from web.pages import page
from web.words.times import monday_of, today_in


@dataclass(frozen=True)
class Choice:
    """A draft by the facts of now: what stands against it, whether it is the best of those shown, how far behind.

    `apart` is how far one that is set aside is from the draft, None where there is none.
    """

    draft: DraftShown
    because: tuple[str, ...]
    is_best: bool
    behind: float | None
    apart: Apart | None


@blueprint.get("/week/<day:week_start>/plan")
def ask_plan(week_start: date) -> Response:
    """Whether to plan a week again that has a draft."""
    somebody, db = principal(), reader()
    draft = find_draft(db, somebody.community_id, week_start)
    run = last_run(db, somebody.community_id, week_start)
    if draft is None or (run is not None and run.is_open):
        return redirect(url_for("director.week", week_start=week_start))
    return ask_before_planning(week_start)


def ask_before_planning(week_start: date, refused: Conflict | None = None) -> Response:
    """The question, with the draft as it is now; `refused` where a form spoke of another."""
    somebody, db = principal(), reader()
    draft = find_draft(db, somebody.community_id, week_start)
    today = today_in(somebody.timezone, now())
    people = residents_here(db, somebody.community_id, max(today, week_start))
    return page(
        "director/plans/ask_plan.html",
        status=409 if refused else 200,
        nav="director.this_week",
        week_start=week_start,
        draft=draft,
        refused=refused,
        days=[day for number in range(7) if (day := week_start + timedelta(days=number)) >= today],
        spaces=spaces(db, somebody.community_id, max(today, week_start)),
        people=people,
        shows=[each.id for each in people],
    )


@blueprint.get("/week/<day:week_start>/drafts")
def drafts(week_start: date) -> Response:
    """The week's draft and those set aside."""
    if week_start.weekday():
        return redirect(url_for("director.drafts", week_start=monday_of(week_start)))
    return _drafts(week_start)


@blueprint.post("/week/<day:week_start>/drafts")
def take_back_draft(week_start: date) -> Response:
    """Make a draft that was set aside the week's draft again."""
    somebody, version = principal(), seen_version()
    plan_id, instead_of = request.form.get("plan", ""), request.form.get("instead_of", "")

    def work(db: DbSession) -> Answer:
        take_back(
            db,
            somebody.community_id,
            plan_id,
            version=version,
            instead_of=instead_of,
            by=somebody.account_id,
            now=now(),
        )
        said = _("Taken back. The other draft is set aside.") if instead_of else _("Taken back.")
        return Answer(url_for("director.week", week_start=week_start, view="draft"), said)

    try:
        return once(work)
    except Conflict as refused:
        return _drafts(week_start, refused)


def _drafts(week_start: date, refused: Conflict | None = None) -> Response:
    somebody, db = principal(), reader()
    weighed = weigh_all(db, somebody.community_id, week_start, now())
    shown = show_drafts(db, somebody.community_id, list(weighed))
    present = next((each for each in shown if not each.is_set_aside), None)
    aside = [each.id for each in shown if each.is_set_aside]
    apart = how_far(db, somebody.community_id, week_start, aside, present.id) if present else {}
    return page(
        "director/plans/drafts.html",
        status=409 if refused else 200,
        nav="director.this_week",
        week_start=week_start,
        choices=_choices(shown, weighed, apart),
        instead_of=present.id if present else "",
        refused=refused,
    )


def _choices(shown: tuple[DraftShown, ...], weighed: dict[str, Weighed], apart: Mapping[str, Apart]) -> list[Choice]:
    """Read by the same facts, the drafts can be compared; those that break a rule by now are worth nothing."""
    worth = {plan_id: each.objective for plan_id, each in weighed.items() if each.objective is not None}
    best = max(worth.values(), default=None)
    return [
        Choice(
            each,
            weighed[each.id].because,
            len(worth) > 1 and worth.get(each.id) == best,
            _behind(worth.get(each.id), best),
            apart.get(each.id),
        )
        for each in shown
    ]


def _behind(worth: int | None, best: int | None) -> float | None:
    return None if worth is None or best is None or best <= 0 or worth == best else 100 * (best - worth) / best
