"""The way to a first week: what is still missing, each with where to enter it, and the library of activities."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.services.house.library import fitting_keys, offered, take
from milieu.services.house.readiness import Step, readiness_of
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.house.things import today
from web.director.house.told import lacking_said
from web.director.onward import onward
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page
from web.words.domains import domain
from web.words.times import monday_of


@dataclass(frozen=True)
class StepTold:
    """A step in words, and where it is taken."""

    step: Step
    heading: str
    about: str
    links: tuple[tuple[str, str], ...]


@blueprint.get("/house/first-week")
def first_week() -> Response:
    """What is there, what is missing, and the next step."""
    found = readiness_of(reader(), principal().community_id, today())
    steps = [_told(step) for step in found.steps]
    is_staffed = all(step.is_done for step in found.steps if step.what in ("spaces", "roster"))
    missing = [each for each in steps if each.step.is_needed and not each.step.is_done]
    return page(
        "director/house/first_week.html",
        nav="director.house",
        ready=found,
        lacking=[
            (each.name, url_for("director.thing", kind="activities", thing_id=each.activity_id), lacking_said(each))
            for each in (found.lacking if is_staffed else ())
        ],
        steps=steps,
        next=missing[0] if missing else None,
        week=monday_of(today()),
    )


@blueprint.route("/house/library", methods=["GET", "POST"])
def activity_library() -> Response:
    """Activities to take: tick, and they are the community's own."""
    if request.method == "POST":

        def work(db: DbSession) -> Answer:
            keys = request.form.getlist("take")
            if "all" in request.form:
                keys = [*fitting_keys(db, principal().community_id, today())]
            count = take(db, teller(), keys)
            said = ngettext("%(num)d activity is yours now.", "%(num)d activities are yours now.", count)
            return Answer(onward(db, url_for("director.house_things", kind="activities")), said)

        return once(work)
    fitting = fitting_keys(reader(), principal().community_id, today())
    shelves: dict[str, list[object]] = {}
    for each in offered(reader(), principal().community_id):
        shelves.setdefault(shelf_word(each.activity.shelf), []).append(each)
    return page(
        "director/house/library.html", nav="director.house", shelves=shelves, domain=domain, fitting=len(fitting)
    )


def shelf_word(shelf: str) -> str:
    """The name of a shelf of the library."""
    return {
        "Moving": _("Moving"),
        "Music": _("Music"),
        "Games": _("Games"),
        "Talking": _("Talking"),
        "Making": _("Making"),
        "Home": _("As at home"),
        "Outside": _("Outside"),
        "Spirit": _("Spirit"),
        "Senses": _("Senses"),
        "Together": _("All together"),
    }[shelf]


def _told(step: Step) -> StepTold:
    heading, about = {
        "groups": (_("Living groups"), _("The units in which people live. One is enough to begin.")),
        "spaces": (_("Spaces"), _("Rooms with their seats. An activity may need a kitchen, a garden, a van.")),
        "team": (_("The team"), _("Who leads sessions, and what each can lead.")),
        "roster": (_("The weekly roster"), _("When each is there for activities: on the person’s own page.")),
        "activities": (_("Activities"), _("Take from the library what you offer, then make it your own.")),
        "residents": (_("People"), _("One by one, or all at once from a list.")),
        "wishes": (_("What people love"), _("Not needed for a first week; with it the week is theirs.")),
    }[step.what]
    return StepTold(step, heading, about, _links(step.what))


def _links(what: str) -> tuple[tuple[str, str], ...]:
    kinds = {"groups": "living-groups", "spaces": "spaces", "team": "team"}
    if what in kinds:
        new = (_("Add one"), url_for("director.new_thing", kind=kinds[what]))
        return (new, (_("See them"), url_for("director.house_things", kind=kinds[what])))
    if what == "roster":
        return ((_("To the team"), url_for("director.house_things", kind="team")),)
    if what == "activities":
        new = (_("Make one of your own"), url_for("director.new_thing", kind="activities"))
        return ((_("To the library"), url_for("director.activity_library")), new)
    if what == "wishes":
        return ((_("To the people"), url_for("director.people")),)
    one, several = url_for("director.changed", kind="arrival"), url_for("director.lists")
    return ((_("Add one"), one), (_("From a list"), several), (_("See them"), url_for("director.people")))
