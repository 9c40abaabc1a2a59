"""What was planned, held, asked and came, over any time; each figure leads to the rows that it was counted from."""

from itertools import groupby

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.queries.records.entries import records_of
from milieu.queries.records.figures import BY, WHAT, Line, lines_of, rows_of
from milieu.queries.residents.people import people_between
from web.binding import reader
from web.guards.principal import principal
from web.pages import page
from web.records.blueprint import asked_period, blueprint
from web.words.domains import domain


@blueprint.get("/records")
def start() -> Response:
    """The figures of a time, by what the address asks."""
    somebody, period, by = principal(), asked_period(), request.args.get("by", BY[0])
    lines = lines_of(records_of(reader(), somebody.community_id, period), by)
    people = people_between(reader(), somebody.community_id, period.first, period.last)
    named = [each.key for each in lines] if by == "resident" else []
    return page(
        "records/start.html",
        nav="records.start",
        period=period,
        by=by,
        ways=_ways(),
        what=WHAT,
        heads=_heads(),
        lines=lines,
        word=_word,
        units=[(unit, tuple(those)) for unit, those in groupby(people, key=lambda each: each.unit)],
        shows=[*named, *(each.id for each in people)],
    )


@blueprint.get("/records/rows")
def rows() -> Response:
    """The rows of one figure. Raises NotFound where there is none such."""
    period, by = asked_period(), request.args.get("by", "")
    key, what = request.args.get("key", ""), request.args.get("what", "")
    records = records_of(reader(), principal().community_id, period)
    found = rows_of(records, by, key, what)
    [line] = [each for each in lines_of(records, by) if each.key == key]
    return page(
        "records/rows.html",
        nav="records.start",
        period=period,
        by=by,
        rows=found,
        what=_heads()[what],
        of=_word(line),
        shows=[each.resident_id for each in found.entries] + ([key] if by == "resident" else []),
    )


def _ways() -> dict[str, str]:
    return {
        "all": _("In all"),
        "unit": _("By living group"),
        "domain": _("By kind"),
        "part": _("By time of day"),
        "days": _("Weekdays and weekends"),
        "resident": _("By person"),
    }


def _heads() -> dict[str, str]:
    return {
        "planned": _("Planned"),
        "held": _("Held"),
        "invited": _("Invitations"),
        "asked": _("Asked"),
        "came": _("Came"),
        "unmarked": _("Not marked"),
    }


def _word(line: Line) -> str:
    known = {
        "all": _("Everything"),
        "morning": _("Morning"),
        "afternoon": _("Afternoon"),
        "evening": _("Evening"),
        "weekday": _("Monday to Friday"),
        "weekend": _("Saturday and Sunday"),
    }
    return line.word or known.get(line.key) or domain(line.key).word
