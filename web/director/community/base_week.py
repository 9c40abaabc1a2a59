"""The base week: where the programme is used to stand."""

from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.services.programme.base_week import keep_by_hand, let_go, show_base_week
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.words.times import weekday

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
    shown = show_base_week(reader(), principal().community_id, now())
    days = [
        (weekday(_A_MONDAY + timedelta(days=day)), [each for each in shown.habits if each.weekday == day])
        for day in range(7)
    ]
    return page(
        "director/community/base_week.html",
        status=409 if refused else 200,
        nav="director.this_week",
        shown=shown,
        days=[(name, habits) for name, habits in days if habits],
        refused=refused,
    )
