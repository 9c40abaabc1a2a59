"""The month, the week and the door of a space: the programme on paper, nobody's name in it."""

from datetime import date

from werkzeug.wrappers import Response

from milieu.errors import NotFound
from milieu.prints.months import month_sheet
from milieu.prints.papers import PAPERS
from milieu.prints.sheets import door_sheet, week_sheet
from milieu.queries.paper.programme import days_of_month, days_of_week, listed_days
from milieu.queries.paper.spaces import spaces_of
from web.binding import now, reader
from web.guards.principal import principal
from web.prints.blueprint import asked_paper, blueprint, sheet


@blueprint.get("/print/month/<day:first>")
def month(first: date) -> Response:
    """The calendar of a day's month."""
    paper = asked_paper(tuple(each.name for each in PAPERS))
    shown = listed_days(reader(), principal().community_id, days_of_month(first), now=now())
    return sheet(month_sheet(shown, paper, made=now()), f"month-{first:%Y-%m}-{paper.name}")


@blueprint.get("/print/week/<day:first>")
def week(first: date) -> Response:
    """The programme of a day's week."""
    paper = asked_paper()
    shown = listed_days(reader(), principal().community_id, days_of_week(first), now=now())
    return sheet(week_sheet(shown, paper, made=now()), f"week-{shown.days[0].on_date}")


@blueprint.get("/print/door/<space_id>/<day:first>")
def door(space_id: str, first: date) -> Response:
    """What a week brings to one space."""
    somebody, paper = principal(), asked_paper()
    space = next((each for each in spaces_of(reader(), somebody.community_id) if each.id == space_id), None)
    if space is None:
        raise NotFound("There is no such space.")
    shown = listed_days(reader(), somebody.community_id, days_of_week(first), now=now())
    pdf = door_sheet(shown, space.id, space.name, paper, made=now())
    return sheet(pdf, f"door-{shown.days[0].on_date}")
