"""What should be on: the least that mornings, evenings, weekends and living groups should have."""

from collections.abc import Mapping

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.services.editing.reading import Refused
from milieu.services.house.choices import choices_of
from milieu.services.house.things import keeping, showing
from milieu.services.house.things.kinds import AIMS
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.house.checked import Doing, save_checked
from web.director.house.things import today
from web.director.house.told import Line, PastLine
from web.director.house.words import aim_said, words_of
from web.fields import fields_of, typed_in
from web.forms import teller
from web.guards.principal import principal
from web.pages import page


@blueprint.route("/house/targets", methods=["GET", "POST"])
def targets() -> Response:
    """All that hold, and a form for another."""
    if request.method != "POST":
        return _page()
    typed = typed_in(AIMS, request.form)
    if "again" in request.form:
        return _page(typed)

    def work(db: DbSession) -> Answer:
        keeping.add_aim(db, teller(), typed)
        return Answer(url_for("director.targets"), _("Saved. The next plan goes by it."))

    try:
        return save_checked(work, Doing(url_for("director.targets"), may_change=True))
    except Refused as refused:
        return _page(typed, refused)


@blueprint.post("/house/targets/<target_id>/end")
def end_target(target_id: str) -> Response:
    """Let one hold no more."""

    def work(db: DbSession) -> Answer:
        keeping.end_aim(db, teller(), target_id)
        return Answer(url_for("director.targets"), _("It holds no more from today on."))

    return save_checked(work, Doing(url_for("director.targets")))


@blueprint.post("/house/targets/undo/<change_id>")
def undo_target(change_id: str) -> Response:
    """Undo one line of their history."""

    def work(db: DbSession) -> Answer:
        keeping.undo_change(db, teller(), (AIMS,), change_id)
        return Answer(url_for("director.targets", _anchor="history"), _("Undone."))

    return save_checked(work, Doing(url_for("director.targets")))


def _page(typed: Mapping[str, str] | None = None, refused: Refused | None = None) -> Response:
    db, community_id, day = reader(), principal().community_id, today()
    choices = choices_of(db, community_id, day)
    groups = dict(choices.groups)
    rows = showing.rows_of(db, community_id, AIMS, day)
    first = {"sessions": "1", "members": "1", "weight": "1"}
    return page(
        "director/house/targets.html",
        status=200 if refused is None else 422,
        nav="director.house",
        lines=[Line(row.id, aim_said(row.texts, groups)) for row in rows],
        fields=fields_of(AIMS, words_of("aims", choices), first, typed=typed, refused=refused),
        refused=refused,
        is_open=typed is not None,
        history=[
            PastLine(each.id, each.at, each.by, _past_said(each), each.may_undo)
            for each in showing.history_of_part(db, community_id, AIMS)
            if each.verb in ("added", "ended", "taken out", "undone")
        ],
    )


def _past_said(past: showing.Past) -> str:
    held = past.after if past.verb == "added" else past.before
    what = aim_said(held, {}) if "sessions" in held else ""
    words = {
        "added": _("Added: %(what)s", what=what),
        "taken out": _("Taken out: %(what)s", what=what),
        "ended": _("One of them holds no more"),
        "undone": _("Undone"),
    }
    return words[past.verb]
