"""Who waits for what: by activity, who was asked and who not in the weeks before, and what stands in the way now."""

from datetime import date

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.queries.week.outcomes import still_held
from milieu.services.left_out.waits import waits_of
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.week.sources import became_of, find_source
from web.forms import teller
from web.guards.principal import principal
from web.pages import page
from web.words.insight.left_out import in_the_way
from web.words.times import monday_of


@blueprint.get("/week/<day:week_start>/waits")
def waits(week_start: date) -> Response:
    """Those who love something and were not asked of late."""
    if week_start.weekday():
        return redirect(url_for("director.waits", week_start=monday_of(week_start)))
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_start)
    held = still_held(source.cards, became_of(db, somebody.community_id, source))
    found = waits_of(db, teller(), week_start, held, source.plan)
    words = {
        "away": _("not here"),
        "not asked": _("not asked"),
        "asked": _("asked"),
        "said no": _("asked, said no"),
        "came": _("was there"),
    }
    people = sorted({each.share.resident_id for queue in found.queues for each in queue.waiting})
    return page(
        "director/insight/waits.html",
        nav="director.this_week",
        source=source,
        found=found,
        words=words,
        in_the_way=in_the_way,
        shows=people,
    )
