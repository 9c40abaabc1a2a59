"""An edit that says first what it does to the weeks that people were told; where that is nothing, it is saved."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.services.house import effects
from milieu.services.weeks.requests import Answer
from web.binding import end_reading, now, reader
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.words.times import weekday

HIDDEN = ("csrf_token", "form_key", "read", "again")
"""Fields that the form of the check has of its own."""


@dataclass(frozen=True)
class Doing:
    """Where the form of what is about to be saved stands; `may_change`: it can be shown again as it was filled in."""

    back: str
    may_change: bool = False


def save_checked(work: Callable[[DbSession], Answer], doing: Doing) -> Response:
    """Save what a form says if nothing comes to stand against a published week, or if just that was read.

    Else the page that says what would; nothing is saved by then.
    """
    community_id = principal().community_id

    def before() -> tuple[effects.Standing, ...]:
        end_reading()  # where the work is done a second time, somebody else has saved something since the first
        return effects.standing(reader(), community_id, now())

    def checked(db: DbSession) -> Answer:
        answer = work(db)
        effects.check(db, community_id, now(), before=before, read=request.form.get("read", ""))
        return answer

    try:
        return once(checked)
    except effects.Touched as touched:
        return _page(doing, touched)


def _page(doing: Doing, touched: effects.Touched) -> Response:
    new = touched.new
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in HIDDEN]
    return page(
        "director/house/check.html",
        status=409,
        nav="director.house",
        shows=sorted({who for each in new for who in each.people}),
        doing=doing,
        needs=[needs_said(each) for each in effects.counted(new)],
        new=new,
        seal=touched.seal,
        kept=kept,
    )


def needs_said(needs: effects.Needs) -> str:
    """ "2 sessions on Thursday need another space"."""
    count = needs.sessions
    on = _("on %(day)s", day=weekday(needs.on_date)) if needs.on_date else _("this week")
    if needs.needs == effects.PLACE:
        return str(
            ngettext(
                "%(num)d session %(on)s needs another space", "%(num)d sessions %(on)s need another space", count, on=on
            )
        )
    if needs.needs == effects.LEADER:
        return str(
            ngettext(
                "%(num)d session %(on)s needs somebody else to lead",
                "%(num)d sessions %(on)s need somebody else to lead",
                count,
                on=on,
            )
        )
    if needs.needs == effects.TIME:
        return str(
            ngettext(
                "%(num)d session %(on)s needs another time", "%(num)d sessions %(on)s need another time", count, on=on
            )
        )
    if needs.needs == effects.OFFER:
        return str(
            ngettext(
                "%(num)d session %(on)s is not offered any more",
                "%(num)d sessions %(on)s are not offered any more",
                count,
                on=on,
            )
        )
    if needs.needs == effects.PEOPLE:
        return str(
            ngettext(
                "%(num)d session %(on)s no longer fits those invited",
                "%(num)d sessions %(on)s no longer fit those invited",
                count,
                on=on,
            )
        )
    return str(ngettext("%(num)d thing %(on)s no longer fits", "%(num)d things %(on)s no longer fit", count, on=on))
