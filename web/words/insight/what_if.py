"""What is supposed of a week, and what a scenario changes, in words."""

from collections.abc import Mapping

from flask_babel import gettext as _

from milieu.services.what_if.comparing import Part
from milieu.services.what_if.supposing import Supposed
from web.words.times import clock_time, day_and_month, weekday


def supposed_word(supposed: Supposed, names: Mapping[str, str]) -> str:
    """What a scenario is called; `names` are of spaces, living groups and those who lead, by id."""
    name = names.get(supposed.id, "")
    days = _days(supposed)
    return {
        "closed": _("%(name)s closed, %(days)s", name=name, days=days),
        "away": _("%(name)s away, %(days)s", name=name, days=days),
        "rain": _("Rain, %(days)s", days=days),
        "outbreak": _("An outbreak in %(name)s", name=name),
        "comes": _(
            "%(name)s there once more, %(days)s %(start)s to %(end)s",
            name=name,
            days=days,
            start=clock_time(supposed.start_minute),
            end=clock_time(supposed.end_minute),
        ),
        "evenings": _("One more in the evening, %(days)s", days=days),
        "ties": _("Being together counts twice"),
    }[supposed.kind]


def part_word(part: Part) -> str:
    """What becomes of a session."""
    shown = part.shown
    when = _("%(day)s %(time)s", day=weekday(shown.on_date), time=clock_time(shown.start_minute))
    if part.before is None:
        return _("%(title)s, %(when)s: new", title=shown.title, when=when)
    if part.after is None:
        return _("%(title)s, %(when)s: is not held", title=shown.title, when=when)
    if (part.before.on_date, part.before.start_minute) != (part.after.on_date, part.after.start_minute):
        return _("%(title)s: to %(when)s", title=shown.title, when=when)
    if part.before.space_id != part.after.space_id:
        return _("%(title)s, %(when)s: in %(space)s", title=shown.title, when=when, space=shown.space_name)
    if part.before.facilitators != part.after.facilitators:
        return _("%(title)s, %(when)s: led by others", title=shown.title, when=when)
    return _("%(title)s, %(when)s: others are invited", title=shown.title, when=when)


def _days(supposed: Supposed) -> str:
    days = supposed.days
    if len(days) == 7:
        return _("all week")
    if len(days) > 3:
        first, last = weekday(days[0]), weekday(days[-1])
        is_run = (days[-1] - days[0]).days == len(days) - 1
        return _("%(first)s to %(last)s", first=first, last=last) if is_run else ", ".join(map(weekday, days))
    return ", ".join(f"{weekday(day)} {day_and_month(day)}" for day in days)
