"""What the community offers: for how many each activity is meant, how many come, and how many are asked."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.programme.activities import activities_of
from milieu.services import activities as keeping
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.words.abilities import listed
from web.words.times import monday_of, months_said, today_in

YES = "yes"


@blueprint.get("/activities")
def activities() -> Response:
    """The groups that are offered now."""
    somebody = principal()
    today = today_in(somebody.timezone, now())
    offered = activities_of(reader(), somebody.community_id, monday_of(today), today=today)
    return page(
        "director/community/activities.html",
        nav="director.this_week",
        offered=offered,
        asks=listed,
        months_said=months_said,
    )


@blueprint.post("/activities/asks-more")
def ask_more() -> Response:
    """Ask by how many come in the whole community, or no longer."""
    somebody, wanted = principal(), request.form.get("more") == YES

    def work(db: DbSession) -> Answer:
        keeping.set_asks_more(db, somebody.community_id, asks_more=wanted, by=somebody.account_id, now=now())
        said = _("From the next plan on groups are asked by how many come.")
        return Answer(_here(), said if wanted else _("From the next plan on no more are asked than are meant to come."))

    return once(work)


@blueprint.post("/activities/<activity_id>/booked")
def book(activity_id: str) -> Response:
    """Ask no more to one activity than it is meant for, or by how many come."""
    somebody, wanted = principal(), request.form.get("booked") == YES

    def work(db: DbSession) -> Answer:
        name = keeping.set_booked(
            db, somebody.community_id, activity_id, is_booked=wanted, by=somebody.account_id, now=now()
        )
        if wanted:
            return Answer(_here(), _("From the next plan on no more are asked to %(name)s than fit.", name=name))
        return Answer(_here(), _("From the next plan on %(name)s is asked by how many come.", name=name))

    return once(work)


def _here() -> str:
    return url_for("director.activities")
