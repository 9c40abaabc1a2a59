"""One wish, one busy time or one need for many people chosen in the list: what it does to each, one save, one undo."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.queries.residents.people import Person, residents_here
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused
from milieu.services.many.asking import BUSY, INSTEAD, KINDS, MINUTES, NEED, NEED_FIELD, PARTS, WISH, needs, read_asked
from milieu.services.many.effects import CHANGED, NEW, Effect, effects
from milieu.services.many.giving import give, given_to_many, undo_given, what_it_was
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.people.many_words import effect_words, given_words, is_met, kind_title, need_options
from web.director.person.labels import today_here, words_of
from web.fields import Field, Words, fields_of, typed_in
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page


@dataclass(frozen=True)
class Chosen:
    """Somebody on the page: `is_chosen` while their box is ticked; `said` is what it does to them."""

    person: Person
    is_chosen: bool
    said: tuple[str, ...]
    is_met: bool


@blueprint.get("/people/many")
def choose_many() -> Response:
    """People are chosen in the list."""
    return redirect(url_for("director.people"))


@blueprint.post("/people/many")
def many() -> Response:
    """The form for those chosen; with `step` "show" what it would do to each. It changes nothing."""
    if request.form.get("step") != "show":
        return _page(_kind())
    try:
        return _page(_kind(), found=_effects(reader()))
    except Refused as refused:
        return _page(_kind(), refused)


@blueprint.post("/people/many/save")
def give_many() -> Response:
    """Save it for everybody who is chosen."""
    kind = _kind()

    def work(db: DbSession) -> Answer:
        by = teller()
        given = give(db, by, read_asked(db, by, kind, _typed(kind)), [person.id for person in _people(db)])
        return Answer(url_for("director.given", given_id=given), _("Saved."))

    return _done(work, lambda refused: _page(kind, refused))


@blueprint.get("/people/many/<given_id>")
def given(given_id: str) -> Response:
    """What was given to many at once, and the way back."""
    somebody, db = principal(), reader()
    found = given_to_many(db, somebody.community_id, given_id)
    here = {person.id: person for person in residents_here(db, somebody.community_id, today_here())}
    return page(
        "director/people/given.html",
        nav="director.people",
        given=found,
        said=given_words(found, what_it_was(db, somebody.community_id, found)),
        people=[here[each] for each in found.residents if each in here],
        shows=[each for each in found.residents if each in here],
    )


@blueprint.post("/people/many/<given_id>/undo")
def undo_many(given_id: str) -> Response:
    """Take it back for everybody, but where somebody changed it since."""

    def work(db: DbSession) -> Answer:
        undone, kept = undo_given(db, teller(), given_id)
        said = ngettext("%(num)d entry is undone.", "%(num)d entries are undone.", undone)
        if kept:
            more = ngettext(
                "%(num)d was changed again since, and stays.", "%(num)d were changed again since, and stay.", kept
            )
            said = f"{said} {more}"
        return Answer(url_for("director.given", given_id=given_id), said)

    return once(work)


def _done(work: Callable[[DbSession], Answer], again: Callable[[Refused | Conflict], Response]) -> Response:
    try:
        return once(work)
    except (Refused, Conflict) as refused:
        return again(refused)


def _kind() -> str:
    kind = request.form.get("what", "")
    return kind if kind in KINDS else abort(404)


def _typed(kind: str) -> dict[str, str]:
    """What the form says; a busy time with how long each takes and whether it takes another's place."""
    if kind == NEED:
        return {NEED_FIELD: request.form.get(NEED_FIELD, "")}
    beside = {name: request.form[name] for name in (MINUTES, INSTEAD) if kind == BUSY and name in request.form}
    return {**typed_in(PARTS[kind], request.form), **beside}


def _people(db: DbSession, *, chosen_only: bool = True) -> list[Person]:
    """Those whose boxes are ticked, or all who were offered, in the order of their rooms."""
    offered = set(request.form.get("shown", "").split())
    ticked = offered if request.form.get("all") else set(request.form.getlist("who"))
    asked = ticked if chosen_only else ticked | (offered if request.form.get("step") else set())
    found = [each for each in residents_here(db, principal().community_id, today_here()) if each.id in asked]
    if chosen_only and not found:
        raise Refused({"who": _("Nobody is chosen yet.")})
    return found


def _effects(db: DbSession) -> dict[str, Effect]:
    by = teller()
    asked = read_asked(db, by, _kind(), _typed(_kind()))
    return {each.resident_id: each for each in effects(db, by, asked, [person.id for person in _people(db)])}


def _page(kind: str, refused: Refused | Conflict | None = None, found: Mapping[str, Effect] | None = None) -> Response:
    somebody, db = principal(), reader()
    everybody = _people(db, chosen_only=False)
    ticked = set(request.form.getlist("who")) if not request.form.get("all") else {each.id for each in everybody}
    words = words_of(db, {WISH: "wishes", BUSY: "busy"}.get(kind, "needs"), "")
    shown = [
        Chosen(
            person,
            person.id in ticked,
            effect_words(found[person.id], words) if found and person.id in found else (),
            is_met(found[person.id]) if found and person.id in found else False,
        )
        for person in everybody
    ]
    different = sum(each.kind in (NEW, CHANGED) for each in found.values()) if found else 0
    return page(
        "director/people/many.html",
        status=409 if isinstance(refused, Conflict) else 422 if refused or not everybody else 200,
        nav="director.people",
        kind=kind,
        title=kind_title(kind, sum(each.is_chosen for each in shown)),
        fields=_fields(kind, words, refused),
        typed=request.form,
        faults=refused.faults if isinstance(refused, Refused) else {},
        refused=refused,
        people=shown,
        is_shown=found is not None,
        different=different,
        same=len(found) - different if found else 0,
        met=sum(each.is_met for each in shown),
        needs=need_options(needs(), words) if kind == NEED else [],
        shows=[person.id for person in everybody],
        community=somebody.community_name,
    )


def _fields(kind: str, words: Mapping[str, Words], refused: Exception | None) -> list[Field]:
    if kind == NEED:
        return []
    part: Part = PARTS[kind]
    is_begun = "step" in request.form
    today = today_here().isoformat()
    first = {"said_by": "observed", "said_on": today, "strength": "3"} if kind == WISH else {"valid_from": today}
    typed = typed_in(part, request.form) if is_begun else None
    return fields_of(part, words, first, typed=typed, refused=refused)
