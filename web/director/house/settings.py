"""The community's own settings: a form, times at which more can be brought, ways, and what counts how much."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.facts.history import HistoryLine, history_of
from milieu.queries.settings import usual_plan_seconds
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused
from milieu.services.editing.saving import Stale
from milieu.services.house import settings as keeping
from milieu.services.house import weights as sliders
from milieu.services.house.choices import choices_of
from milieu.services.house.settings import ESCORTS, SETTINGS, WAYS, SettingsShown, settings_of
from milieu.services.teller import Teller
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.house.checked import Doing, save_checked
from web.director.house.things import today
from web.director.house.told import PastLine
from web.director.house.weight_words import slider_words, worth_said
from web.director.house.words import hours_said, settings_words, way_words, window_words
from web.fields import fields_of, typed_in
from web.forms import seen_version, teller
from web.guards.principal import principal
from web.pages import page

Typed = Mapping[str, str]


@dataclass(frozen=True)
class Again:
    """A form that is shown once more: which, what was typed, and why it was not saved."""

    form: str
    typed: Typed
    refused: Exception | None


@blueprint.route("/house/settings", methods=["GET", "POST"])
def settings() -> Response:
    """Name, zone, publishing, planning and who can walk along."""
    if request.method != "POST":
        return _page()
    typed = typed_in(SETTINGS, request.form)
    if "again" in request.form:
        return _page(Again("settings", typed, None))

    def work(db: DbSession) -> Answer:
        saved = keeping.change_settings(db, teller(), seen_version(), typed)
        return Answer(url_for("director.settings"), _("Saved.") if saved.changed else _("Nothing was changed."))

    try:
        return save_checked(work, _doing())
    except (Refused, Stale) as refused:
        return _page(Again("settings", typed, refused))


@blueprint.post("/house/settings/windows/add")
def add_window() -> Response:
    """A time at which more or fewer can be brought."""
    return _add("windows", ESCORTS, keeping.add_window)


@blueprint.post("/house/settings/windows/end")
def end_window() -> Response:
    """Take a line of them out; the form says which, and what it held."""
    place, windows = _line()

    def work(db: DbSession) -> Answer:
        keeping.end_windows(db, teller(), place, windows)
        return Answer(url_for("director.settings", _anchor="windows"), _("Taken out."))

    return save_checked(work, _doing(may_change=False))


@blueprint.post("/house/settings/ways/add")
def set_way() -> Response:
    """How long it is from one part of the building to another."""
    return _add("ways", WAYS, keeping.set_way)


def _add(section: str, part: Part, keep: Callable[[DbSession, Teller, Typed], None]) -> Response:
    """Keep one line more of a section of the page, or show its form again with what is wrong."""
    typed = typed_in(part, request.form)

    def work(db: DbSession) -> Answer:
        keep(db, teller(), typed)
        return Answer(url_for("director.settings", _anchor=section), _("Saved."))

    try:
        return save_checked(work, _doing(may_change=False))
    except Refused as refused:
        return _page(Again(section, typed, refused))


@blueprint.post("/house/settings/ways/end")
def end_way() -> Response:
    """Say nothing of a way any more."""

    def work(db: DbSession) -> Answer:
        keeping.end_way(db, teller(), request.form.get("from", ""), request.form.get("to", ""))
        return Answer(url_for("director.settings", _anchor="ways"), _("Taken out."))

    return save_checked(work, _doing(may_change=False))


@blueprint.post("/house/settings/undo/<change_id>")
def undo_settings(change_id: str) -> Response:
    """Undo one line of the settings' history."""

    def work(db: DbSession) -> Answer:
        keeping.undo_settings(db, teller(), change_id)
        return Answer(url_for("director.settings", _anchor="history"), _("Undone."))

    return save_checked(work, _doing(may_change=False))


def _doing(*, may_change: bool = True) -> Doing:
    return Doing(url_for("director.settings"), may_change)


def _line() -> tuple[int, list[dict[str, Any]]]:
    """Which windows a form means, and where the first of them stands; Conflict where it carries none that could be."""
    text, place = request.form.get("windows", ""), request.form.get("place", "")
    try:
        windows = json.loads(text)
    except ValueError:
        windows = None
    if not isinstance(windows, list) or not (place.isascii() and place.isdigit() and len(place) < 5):
        raise Conflict(_("The list has changed meanwhile. Please look again."))
    return int(place), windows


def _page(again: Again | None = None) -> Response:
    db, somebody = reader(), principal()
    shown = settings_of(db, somebody.community_id)
    choices = choices_of(db, somebody.community_id, today())
    refused = again.refused if again else None
    typed = {again.form: again.typed} if again else {}
    words = settings_words(usual_plan_seconds(db, somebody.community_id, today()))
    wrong = {again.form: again.refused} if again else {}
    zones = [(zone, zone) for zone in choices.zones]
    ways = {name: replace(words, options=zones if name != "minutes" else ()) for name, words in way_words().items()}
    history = history_of(db, somebody.community_id, [somebody.community_id], most=40)
    return page(
        "director/house/settings.html",
        status=200 if refused is None else 409 if isinstance(refused, Stale) else 422,
        nav="director.house",
        version=refused.version if isinstance(refused, Stale) else shown.version,
        fields=fields_of(SETTINGS, words, shown.texts, typed=typed.get("settings"), refused=wrong.get("settings")),
        window_fields=fields_of(ESCORTS, window_words(), {}, typed=typed.get("windows"), refused=wrong.get("windows")),
        way_fields=fields_of(WAYS, ways, {}, typed=typed.get("ways"), refused=wrong.get("ways")),
        wrong=wrong,
        windows=_windows(shown),
        ways=shown.ways,
        history=[_past(db, line) for line in history if line.noun == keeping.NOUN],
    )


def _windows(shown: SettingsShown) -> list[tuple[str, int, str]]:
    """A line for windows that differ by their day alone: its words, the first's place, and all as a form has them."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    found, place = [], 0
    for run in keeping.in_runs(shown.windows):
        first = run[0]
        named = ";".join(days[window["day"]] for window in run if "day" in window)
        when = hours_said({"days": named, "from": first["from"], "to": first["to"]})
        found.append((_("%(when)s: %(count)s", when=when, count=first["capacity"]), place, json.dumps(run)))
        place += len(run)
    return found


def _past(db: DbSession, line: HistoryLine) -> PastLine:
    said = "; ".join(_change(name, line.before.get(name), value) for name, value in line.after.items())
    said = _("Undone: %(what)s", what=said) if line.verb == "undone" else said
    may = keeping.may_undo(db, principal().community_id, line.verb, line.after)
    return PastLine(line.id, line.at, line.by, said, may)


def _change(name: str, before: Any, after: Any) -> str:
    """One setting that changed; of weights each slider."""
    if name in ("weights", "repair_weights"):
        return "; ".join(
            f"{slider_words(term).label}: {_plain((before or {}).get(term))} → {_plain((after or {}).get(term))}"
            for term in sorted({**(before or {}), **(after or {})})
            if (before or {}).get(term) != (after or {}).get(term)
        )
    words = {
        "name": _("Name"),
        "timezone": _("Time zone"),
        "publish_minute": _("When each day is looked at anew"),
        "slot_minutes": _("All times are multiples of"),
        "plan_seconds": _("Seconds for a week"),
        "repair_seconds": _("Seconds for a change"),
        "programme_min_sessions_per_day": _("Groups on every day"),
        "asks_more": _("Groups are asked by how many come"),
        "expected_turnout": _("Expected of 100 who are asked"),
        "escorts": _("How many can be brought"),
        "travel": _("Ways"),
    }
    return f"{words.get(name, name)}: {_plain(before, name)} → {_plain(after, name)}"


def _plain(value: Any, name: str = "") -> str:
    if name == "publish_minute":
        return f"{value // 60:02}:{value % 60:02}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return _("as usual")
    if isinstance(value, dict):
        if name == "travel":
            return "; ".join(f"{one} – {to} {minutes}" for one, those in value.items() for to, minutes in those.items())
        return _("%(count)s; own times: %(more)s", count=value["default"], more=len(value["windows"]))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@blueprint.route("/house/weights", methods=["GET", "POST"])
def weights() -> Response:
    """What counts how much in a week, and what a change of a published one costs: a slider each."""
    shown = settings_of(reader(), principal().community_id)
    if request.method == "POST":
        of_a_repair = request.form.get("scale") == "repair"
        scale = sliders.OF_A_REPAIR if of_a_repair else sliders.OF_A_WEEK

        def work(db: DbSession) -> Answer:
            held = settings_of(db, principal().community_id)
            given = held.repair_weights if of_a_repair else held.weights
            wanted = sliders.weights_with(given, _steps(scale), scale)
            keeping.set_weights(db, teller(), seen_version(), wanted, of_a_repair=of_a_repair)
            said = _("Saved. The next change goes by it.") if of_a_repair else _("Saved. The next plan goes by it.")
            return Answer(url_for("director.weights"), said)

        return save_checked(work, Doing(url_for("director.weights")))
    of_repair = sliders.sliders_of(shown.repair_weights, sliders.OF_A_REPAIR)
    return page(
        "director/house/weights.html",
        nav="director.house",
        version=shown.version,
        sliders=[(each, slider_words(each.term), "") for each in sliders.sliders_of(shown.weights)],
        repair=[
            (each, slider_words(each.term), worth_said(sliders.places_worth(each, shown.weights))) for each in of_repair
        ],
    )


def _steps(scale: sliders.Scale) -> dict[str, int]:
    """Where each slider of the form stands."""
    found = {}
    for term in scale.usual:
        text = request.form.get(term, "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 3):
            raise Invalid(_("Please move the slider again."))
        if text:
            found[term] = int(text)
    return found
