"""Base weeks: where planning starts from, those that can be chosen, and the special days laid over them."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.queries.facts.special_days import special_days
from milieu.queries.programme.base_week import kept_base_weeks
from milieu.services.programme.base_weeks.named import base_weeks
from milieu.services.programme.base_weeks.unnamed import HabitShown, keep_by_hand, let_go, show_base_week
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.words.times import monday_of, today_in, weekday

_A_MONDAY = date(2026, 11, 30)


@blueprint.get("/base-week")
def base_week() -> Response:
    """The base week by day, and from where it is."""
    return _shown()


@blueprint.post("/base-week/keep")
def keep_base_week() -> Response:
    """Keep the week that was published last as the base week."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        count = keep_by_hand(db, somebody.community_id, by=somebody.account_id, now=now())
        said = ngettext("The base week is kept: %(num)d session.", "The base week is kept: %(num)d sessions.", count)
        return Answer(url_for("director.base_week"), said)

    try:
        return once(work)
    except Conflict as refused:
        return _shown(refused)


@blueprint.post("/base-week/let-go")
def let_go_of_base_week() -> Response:
    """Keep no base week any more."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        let_go(db, somebody.community_id, by=somebody.account_id, now=now())
        return Answer(url_for("director.base_week"), _("Each week now stands as the one before it did."))

    return once(work)


def _shown(refused: Conflict | None = None) -> Response:
    somebody, db = principal(), reader()
    shown, today = show_base_week(db, somebody.community_id, now()), today_in(somebody.timezone, now())
    following = monday_of(today) + timedelta(days=7)
    chosen = kept_base_weeks(db, somebody.community_id).on(following)
    found = base_weeks(db, somebody.community_id, today)
    return page(
        "director/community/base_week.html",
        status=409 if refused else 200,
        nav="director.this_week",
        shown=shown,
        days=by_weekday(shown.habits),
        refused=refused,
        found=found,
        chosen=next((each for each in found if each.id == chosen), None),
        following=following,
        special=special_days(db, somebody.community_id, today),
    )


def by_weekday(habits: Iterable[HabitShown]) -> list[tuple[str, list[HabitShown]]]:
    """The sessions of a base week under the names of their days, without days that have none."""
    there = list(habits)
    days = [(weekday(_A_MONDAY + timedelta(days=day)), day) for day in range(7)]
    held = [(name, [each for each in there if each.weekday == day]) for name, day in days]
    return [(name, found) for name, found in held if found]
