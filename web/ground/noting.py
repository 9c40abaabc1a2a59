"""A tie between two residents: noted in a few taps, looked at, changed, answered for, ended."""

from collections.abc import Callable

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.queries.ties.bonds import DIRECTOR
from milieu.queries.ties.living_group import require_living_group, require_tie, show_living_group
from milieu.services.teller import Teller
from milieu.services.ties import KINDS, Told, change_tie, end_tie, note_tie, still_holds
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.forms import once, seen_version, teller
from web.ground.blueprint import blueprint
from web.ground.groups import group_page, kinds_offered
from web.guards.principal import principal
from web.pages import page
from web.typed import typed_day
from web.words.person.ties import kind_word, source_word
from web.words.times import today_in


@blueprint.post("/living-groups/<living_group_id>/ties")
def note(living_group_id: str) -> Response:
    """Note a tie from today on; what is wrong with it stands at its field."""

    def work(db: DbSession, teller: Teller) -> str:
        form = request.form
        note_tie(db, teller, form.get("one", ""), form.get("other", ""), _told(), until=typed_day("until"))
        return _("Noted.")

    try:
        return _once(living_group_id, work, "noted")
    except (Invalid, Conflict) as refused:
        if not refused.at:
            raise
        return group_page(living_group_id, refused)


@blueprint.get("/living-groups/<living_group_id>/ties/<tie_id>")
def tie(living_group_id: str, tie_id: str) -> Response:
    """One tie, with who noted it when, to change or to end."""
    somebody = principal()
    today = today_in(somebody.timezone, now())
    shown = show_living_group(reader(), somebody.community_id, living_group_id, today=today, seen_by=DIRECTOR)
    bond = next((each for each in shown.bonds if each.id == tie_id and each.kind in KINDS), None)
    if bond is None:
        raise NotFound("There is no such tie.")
    return page(
        "ground/tie.html",
        nav="ground.living_groups",
        shows=sorted(bond.pair),
        unit=shown.unit,
        bond=bond,
        one=shown.people[bond.one],
        other=shown.people[bond.other],
        today=today,
        kinds=kinds_offered(bond.kind),
        kind_word=kind_word,
        source_word=source_word,
    )


@blueprint.post("/living-groups/<living_group_id>/ties/<tie_id>")
def change(living_group_id: str, tie_id: str) -> Response:
    """Change what is noted of a tie."""

    def work(db: DbSession, teller: Teller) -> str:
        change_tie(db, teller, tie_id, seen_version(), _told())
        return _("Changed.")

    return _once(living_group_id, work, tie_id=tie_id)


@blueprint.post("/living-groups/<living_group_id>/ties/<tie_id>/end")
def end(living_group_id: str, tie_id: str) -> Response:
    """Let a tie hold no longer."""

    def work(db: DbSession, teller: Teller) -> str:
        return _("Taken back.") if end_tie(db, teller, tie_id, seen_version()) else _("Ended. It holds no longer.")

    return _once(living_group_id, work, tie_id=tie_id)


@blueprint.post("/living-groups/<living_group_id>/ties/<tie_id>/still")
def still(living_group_id: str, tie_id: str) -> Response:
    """Answer that a tie of which was asked still holds."""

    def work(db: DbSession, teller: Teller) -> str:
        still_holds(db, teller, tie_id, seen_version())
        return _("Noted. It is asked again in 90 days.")

    return _once(living_group_id, work, tie_id=tie_id)


def _once(
    living_group_id: str, tell: Callable[[DbSession, Teller], str], anchor: str | None = None, *, tie_id: str = ""
) -> Response:
    """Do what a form of a living group's page, or of a tie of its people, asks, and go back there."""
    somebody = principal()
    by = teller()

    def work(db: DbSession) -> Answer:
        require_living_group(db, somebody.community_id, living_group_id)
        if tie_id:
            require_tie(db, somebody.community_id, living_group_id, tie_id)
        said = tell(db, by)
        return Answer(url_for("ground.living_group", living_group_id=living_group_id, _anchor=anchor), said)

    return once(work)


def _told() -> Told:
    form = request.form
    return Told(form.get("kind", ""), form.get("named_by", ""), form.get("seen_by", ""))
