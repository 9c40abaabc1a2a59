"""A published week withdrawn, first shown and then, on a second click, done; and published again."""

from datetime import date

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, MilieuError
from milieu.queries.published.weeks import find_withdrawal
from milieu.services.weeks.history.withdrawing import look_at_withdrawing, publish_again, withdraw
from milieu.services.weeks.publishing import MOST_REASON
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page


@blueprint.get("/week/<day:week_start>/withdraw")
def withdraw_week(week_start: date) -> Response:
    """What withdrawing a published week would come to."""
    return _page(week_start)


@blueprint.post("/week/<day:week_start>/withdraw")
def withdraw_now(week_start: date) -> Response:
    """Take it back, with why."""

    def work(db: DbSession) -> Answer:
        withdraw(db, teller(), week_start, request.form.get("reason", ""))
        said = _("Withdrawn. Nothing that was still to come is published any more.")
        return Answer(url_for("director.week", week_start=week_start), said)

    try:
        return once(work)
    except (Conflict, Invalid) as refused:
        return _page(week_start, refused)


@blueprint.post("/week/<day:week_start>/publish-again")
def publish_week_again(week_start: date) -> Response:
    """Publish a withdrawn week as it was before."""

    def work(db: DbSession) -> Answer:
        publish_again(db, teller(), week_start)
        address = url_for("director.week", week_start=week_start, view="published")
        return Answer(address, _("Published again, as it was. Everybody sees it from now on."))

    try:
        return once(work)
    except Conflict as refused:
        return page(
            "director/history/not_again.html",
            status=409,
            nav="director.this_week",
            week_start=week_start,
            refused=refused,
            withdrawal=find_withdrawal(reader(), principal().community_id, week_start),
        )


def _page(week_start: date, refused: MilieuError | None = None) -> Response:
    somebody, db = principal(), reader()
    try:
        outlook = look_at_withdrawing(db, somebody.community_id, week_start, now())
    except Conflict:  # it is over, or was withdrawn meanwhile
        return redirect(url_for("director.history", week_start=week_start))
    return page(
        "director/history/withdraw.html",
        status=200 if refused is None else 422 if isinstance(refused, Invalid) else 409,
        nav="director.this_week",
        week_start=week_start,
        outlook=outlook,
        refused=refused,
        most=MOST_REASON,
    )
