"""Who somebody is close to, or better apart from: noted, changed, asked again and ended on their own page."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.person.company import Close, require_own_tie, ties_of
from milieu.queries.person.known import who_is
from milieu.queries.residents.people import residents_here
from milieu.queries.ties.bonds import DIRECTOR
from milieu.services.teller import Teller
from milieu.services.ties import APART, KINDS, Told, change_tie, end_tie, note_tie, still_holds
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.person.labels import today_here
from web.forms import once, seen_version, teller
from web.guards.principal import principal
from web.pages import page
from web.typed import typed_day
from web.words import people as words
from web.words.person.ties import kind_word

Work = Callable[[DbSession, Teller], str]


@dataclass(frozen=True)
class Attempt:
    """A form that was refused: of one tie, or ("") of a new one."""

    tie_id: str
    refused: Invalid | Conflict


@blueprint.get("/people/<resident_id>/ties")
def ties(resident_id: str) -> Response:
    """Each tie to change in place, and the form for one more."""
    return _page(resident_id)


@blueprint.post("/people/<resident_id>/ties")
def note_own_tie(resident_id: str) -> Response:
    """Note a tie of this person from today on."""

    def work(db: DbSession, by: Teller) -> str:
        note_tie(db, by, resident_id, request.form.get("other", ""), _told(), until=typed_day("until"))
        return _("Noted.")

    return _once(resident_id, work)


@blueprint.post("/people/<resident_id>/ties/<tie_id>")
def change_own_tie(resident_id: str, tie_id: str) -> Response:
    """Change what is noted of a tie."""

    def work(db: DbSession, by: Teller) -> str:
        change_tie(db, by, tie_id, seen_version(), _told())
        return _("Changed.")

    return _once(resident_id, work, tie_id)


@blueprint.post("/people/<resident_id>/ties/<tie_id>/end")
def end_own_tie(resident_id: str, tie_id: str) -> Response:
    """Let a tie hold no longer."""

    def work(db: DbSession, by: Teller) -> str:
        return _("Taken back.") if end_tie(db, by, tie_id, seen_version()) else _("Ended. It holds no longer.")

    return _once(resident_id, work, tie_id)


@blueprint.post("/people/<resident_id>/ties/<tie_id>/still")
def still_own_tie(resident_id: str, tie_id: str) -> Response:
    """Answer that a tie of which was asked still holds."""

    def work(db: DbSession, by: Teller) -> str:
        still_holds(db, by, tie_id, seen_version())
        return _("Noted. It is asked again in 90 days.")

    return _once(resident_id, work, tie_id)


def _once(resident_id: str, tell: Work, tie_id: str = "") -> Response:
    """Do what a form asks, and go back to the person; a field that is wrong shows the page again."""
    somebody, by = principal(), teller()

    def work(db: DbSession) -> Answer:
        who_is(db, somebody.community_id, resident_id, today_here())
        if tie_id:
            require_own_tie(db, somebody.community_id, resident_id, tie_id)
        return Answer(url_for("director.resident", resident_id=resident_id, _anchor="close"), tell(db, by))

    try:
        return once(work)
    except (Invalid, Conflict) as refused:
        if not refused.at and not isinstance(refused, Conflict):
            raise
        return _page(resident_id, Attempt(tie_id, refused))


def _page(resident_id: str, attempt: Attempt | None = None) -> Response:
    somebody, db, today = principal(), reader(), today_here()
    who = who_is(db, somebody.community_id, resident_id, today)
    own = ties_of(db, somebody.community_id, resident_id, today, visibilities=DIRECTOR)
    others = [each for each in residents_here(db, somebody.community_id, today) if each.id != resident_id]
    near = sorted(others, key=lambda each: (each.unit.id != who.unit.id, each.walking_key))
    status = 200 if attempt is None else 409 if isinstance(attempt.refused, Conflict) else 422
    return page(
        "director/person/ties.html",
        status=status,
        nav="director.people",
        person=who,
        ties=own,
        others=near,
        attempt=attempt,
        refused_new=attempt.refused if attempt is not None and not attempt.tie_id else None,
        typed=request.form if attempt else {},
        kinds=KINDS,
        kinds_of=_kinds_of,
        kind_word=kind_word,
        words=words,
        today=today,
        shows=[resident_id, *(each.id for each in others)],
    )


def _kinds_of(tie: Close) -> tuple[str, ...]:
    """What a tie may become: being kept apart is noted and ended, never changed to or from."""
    return (APART,) if tie.kind == APART else tuple(kind for kind in KINDS if kind != APART)


def _told() -> Told:
    form = request.form
    return Told(form.get("kind", ""), form.get("named_by", ""), form.get("seen_by", ""))
