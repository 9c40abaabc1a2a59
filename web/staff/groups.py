"""A living group on the floor: what it wants to be together, its council's wishes, and its sessions of the week.

Who is close to whom is not told here: those pages are the director's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.errors import NotFound
from milieu.queries.floor.group_week import GroupWeek, group_week
from milieu.queries.residents.people import units_of
from milieu.services.groups import wanted_by
from web.binding import reader
from web.guards.principal import principal
from web.pages import page
from web.staff.blueprint import blueprint
from web.staff.day import local_today
from web.words.person.groups import aim_said
from web.words.times import date_said

MOST_WISHES = 20


@dataclass(frozen=True)
class Wish:
    """What the council said, when, and what it was answered; `answer` is "" while it waits for one."""

    said: str
    day: str
    answer: str


@blueprint.get("/today/group/<living_group_id>")
def group(living_group_id: str) -> Response:
    """A living group, for its team."""
    db, community_id, today = reader(), principal().community_id, local_today()
    units = units_of(db, community_id)
    unit = next((each for each in units if each.id == living_group_id), None)
    if unit is None:
        raise NotFound("There is no such living group.")
    week = group_week(db, community_id, unit.id, today)
    held = wanted_by(db, community_id, unit.id, today)
    return page(
        "staff/group.html",
        nav="staff.today",
        unit=unit,
        units=units,
        today=today,
        is_published=week.is_published,
        days=[(day, sessions) for day, sessions in week.days if day >= today and sessions],
        aims=[(aim_said(each.texts), _reached(week, each.texts)) for each in held.aims],
        wishes=[_wish(each.texts) for each in held.council[:MOST_WISHES]],
    )


def _reached(week: GroupWeek, texts: Mapping[str, str]) -> str:
    if not week.is_published:
        return ""
    count = week.together(texts["domain"], int(texts["members"]))
    if not count:
        return _("Not this week.")
    return ngettext("This week once.", "This week %(num)d times.", count)


def _wish(texts: Mapping[str, str]) -> Wish:
    return Wish(texts["wish"], date_said(date.fromisoformat(texts["said_on"])), texts["answer"])
