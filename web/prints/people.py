"""Sheets that name residents: the floor's day by living group, one's own week, invitation slips."""

from datetime import date

from flask import request
from werkzeug.wrappers import Response

from milieu.errors import NotFound
from milieu.prints.sheets import day_sheet, own_sheet, slips
from milieu.queries.floor.today import StaffDay, staff_day
from milieu.queries.paper.invited import asked_days
from milieu.queries.paper.programme import days_of_week
from milieu.queries.residents.people import units_of
from web.binding import now, reader
from web.guards.principal import principal
from web.prints.blueprint import asked_paper, blueprint, local_today, sheet


@blueprint.get("/print/day/<day:on>")
def day(on: date) -> Response:
    """A day by living group, each on a page of its own, or that of the group that the address names."""
    somebody, paper, today = principal(), asked_paper(), local_today()
    shown = [staff_day(reader(), somebody.community_id, today, now(), unit_id, day=on) for unit_id in _asked_units()]
    return sheet(day_sheet(shown, paper, made=now()), f"day-{on}", shows=_named(shown))


@blueprint.get("/print/slips/<day:on>")
def slips_of_day(on: date) -> Response:
    """A slip for each invitation of a day, of all or of one living group."""
    unit_id, paper = request.args.get("unit") or None, asked_paper()
    if unit_id is not None:
        _asked_units()
    shown = asked_days(reader(), principal().community_id, [on], living_group_id=unit_id)
    named = [each.person.id for each in shown.people if any(asked.is_on for asked in each.asked)]
    return sheet(slips(shown, paper, made=now()), f"slips-{on}", shows=named)


@blueprint.get("/print/person/<resident_id>/<day:first>")
def own_week(resident_id: str, first: date) -> Response:
    """A person's own week in large print."""
    paper = asked_paper()
    shown = asked_days(reader(), principal().community_id, days_of_week(first), resident_id=resident_id)
    return sheet(own_sheet(shown, paper, made=now()), f"own-week-{shown.days[0]}", shows=[resident_id])


def _asked_units() -> list[str | None]:
    """The living group that the address names, else all of them; where there is none, the whole community as one."""
    known = [unit.id for unit in units_of(reader(), principal().community_id)]
    wanted = request.args.get("unit")
    if not wanted:
        return [*known] or [None]
    if wanted not in known:
        raise NotFound("There is no such living group.")
    return [wanted]


def _named(shown: list[StaffDay]) -> list[str]:
    """Whom the sheets of these living groups name."""
    return [
        guest.person.id
        for each in shown
        for session in each.sessions
        for guest in (session.guests if each.unit is None else session.of_unit(each.unit))
    ]
