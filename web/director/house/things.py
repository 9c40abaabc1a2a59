"""What there is: a list of each kind, a page for each thing with what belongs to it, its end, and its history."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused
from milieu.services.editing.saving import Stale
from milieu.services.house.choices import Choices, choices_of
from milieu.services.house.readiness import lacking_of, readiness_of
from milieu.services.house.things import keeping, showing
from milieu.services.house.things.kinds import ACTIVITIES, KINDS, TEAM, Kind, Piece, kind_of, seal_of
from milieu.services.house.things.uses import asks_more, uses_of, why_not
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.house.checked import Doing, save_checked
from web.director.house.standing import TOLD_OF, standing_of
from web.director.house.told import Line, history_told, lacking_said, line_of, pieces_told, stay_invited, uses_told
from web.director.house.words import kind_words, piece_words, words_of
from web.director.onward import onward
from web.fields import Field, Words, fields_of, typed_in
from web.forms import seen_version, teller
from web.guards.principal import principal
from web.pages import page
from web.words.times import today_in

Typed = Mapping[str, str]


@dataclass(frozen=True)
class Section:
    """What belongs to a thing, and the form that adds to it."""

    name: str
    heading: str
    about: str
    empty: str
    button: str
    lines: tuple[Line, ...]
    fields: list[Field]
    refused: Exception | None
    is_open: bool


@blueprint.get("/house")
def house() -> Response:
    """The way to everything that there is, and how much of it."""
    db, somebody, day = reader(), principal(), today()
    counts = {name: len(showing.things_of(db, somebody.community_id, kind, day)) for name, kind in KINDS.items()}
    return page(
        "director/house/house.html",
        is_published=readiness_of(db, somebody.community_id, day).is_published,
        nav="director.house",
        counts=counts,
        kinds={name: kind_words(name) for name in KINDS},
    )


@blueprint.get("/house/<kind>")
def house_things(kind: str) -> Response:
    """All of a kind that there are."""
    chosen, db = kind_of(kind), reader()
    heading, button, about = kind_words(kind)
    found = showing.things_of(db, principal().community_id, chosen, today())
    lacking = lacking_of(db, principal().community_id, today()) if chosen is ACTIVITIES else {}
    return page(
        "director/house/things.html",
        nav="director.house",
        kind=kind,
        heading=heading,
        button=button,
        about=about,
        things=[(each, line_of(chosen, each.texts)) for each in found],
        lacking={activity_id: lacking_said(each) for activity_id, each in lacking.items()},
    )


@blueprint.route("/house/<kind>/new", methods=["GET", "POST"])
def new_thing(kind: str) -> Response:
    """A new one: only what is known; the rest is entered on its own page."""
    chosen = kind_of(kind)
    if request.method != "POST" or "again" in request.form:
        return _form(chosen, typed_in(chosen.part, request.form) if request.form else None)

    def work(db: DbSession) -> Answer:
        made = keeping.make_thing(db, teller(), chosen, typed_in(chosen.part, request.form))
        if chosen is TEAM:  # whoever is on no roster leads nothing: that is what is entered next
            return Answer(_here(chosen, made.row_id, "roster"), _("Saved."))
        return Answer(onward(db, url_for("director.thing", kind=kind, thing_id=made.row_id)), _("Saved."))

    try:
        return save_checked(work, Doing(url_for("director.house_things", kind=kind), may_change=True))
    except Refused as refused:
        return _form(chosen, typed_in(chosen.part, request.form), refused)


@blueprint.route("/house/<kind>/<thing_id>", methods=["GET", "POST"])
def thing(kind: str, thing_id: str) -> Response:
    """One of them: its form, what belongs to it, its history."""
    chosen = kind_of(kind)
    if request.method != "POST":
        return _thing(chosen, thing_id)
    typed = typed_in(chosen.part, request.form)
    if "again" in request.form:
        return _thing(chosen, thing_id, typed)

    def work(db: DbSession) -> Answer:
        saved = keeping.change_thing(db, teller(), chosen, thing_id, seen_version(), typed)
        said = _("Saved.") if saved.changed else _("Nothing was changed.")
        if chosen is ACTIVITIES and "group_max" in saved.changed:
            more = asks_more(db, teller().community_id, thing_id, today=today(), now=now())
            said = " ".join([said, *stay_invited(more)])
        return Answer(url_for("director.thing", kind=kind, thing_id=thing_id), said)

    try:
        return save_checked(work, _doing(chosen, thing_id, may_change=True))
    except (Refused, Stale) as refused:
        return _thing(chosen, thing_id, typed, refused)


@blueprint.post("/house/<kind>/<thing_id>/<piece>/add")
def add_piece(kind: str, thing_id: str, piece: str) -> Response:
    """Add hours, a neighbour, somebody who is familiar."""
    chosen = kind_of(kind)
    part = chosen.piece(piece)
    typed = typed_in(part.part, request.form)
    if "again" in request.form:
        return _thing(chosen, thing_id, piece=piece, piece_typed=typed)

    def work(db: DbSession) -> Answer:
        keeping.add_piece(db, teller(), chosen, thing_id, part, typed)
        here = _here(chosen, thing_id, piece)
        return Answer(onward(db, here) if piece == "roster" else here, _("Saved."))

    try:
        return save_checked(work, _doing(chosen, thing_id, may_change=True))
    except Refused as refused:
        return _thing(chosen, thing_id, piece=piece, piece_typed=typed, piece_refused=refused)


@blueprint.post("/house/<kind>/<thing_id>/<piece>/<piece_id>")
def change_piece(kind: str, thing_id: str, piece: str, piece_id: str) -> Response:
    """Let a stretch of hours be another one."""
    chosen = kind_of(kind)
    part = chosen.piece(piece)
    typed = typed_in(part.part, request.form)
    if "again" in request.form:
        return _thing(chosen, thing_id, piece=piece, piece_id=piece_id, piece_typed=typed)

    def work(db: DbSession) -> Answer:
        seen = request.form.get("seen", "")
        saved = keeping.change_piece(db, teller(), chosen, thing_id, part, piece_id, seen, typed)
        return Answer(_here(chosen, thing_id, piece), _("Saved.") if saved.changed else _("Nothing was changed."))

    try:
        return save_checked(work, _doing(chosen, thing_id, may_change=True))
    except Refused as refused:
        return _thing(chosen, thing_id, piece=piece, piece_id=piece_id, piece_typed=typed, piece_refused=refused)


@blueprint.post("/house/<kind>/<thing_id>/<piece>/<piece_id>/end")
def end_piece(kind: str, thing_id: str, piece: str, piece_id: str) -> Response:
    """Let hours, a neighbour, somebody who is familiar hold no more."""
    chosen = kind_of(kind)
    part = chosen.piece(piece)

    def work(db: DbSession) -> Answer:
        keeping.end_piece(db, teller(), chosen, thing_id, part, piece_id)
        return Answer(_here(chosen, thing_id, piece), _("It holds no more from today on."))

    return save_checked(work, _doing(chosen, thing_id))


@blueprint.route("/house/<kind>/<thing_id>/end", methods=["GET", "POST"])
def end_thing(kind: str, thing_id: str) -> Response:
    """Let a thing be there no more: first what still uses it, then the end."""
    chosen, somebody, day = kind_of(kind), principal(), today()
    if request.method == "POST" and "again" not in request.form:

        def work(db: DbSession) -> Answer:
            keeping.end_thing(db, teller(), chosen, thing_id, seen_version())
            return Answer(url_for("director.thing", kind=kind, thing_id=thing_id), _("It has ended."))

        return save_checked(work, _doing(chosen, thing_id))
    db = reader()
    shown = showing.thing_of(db, somebody.community_id, chosen, thing_id, day)
    uses = uses_of(db, somebody.community_id, chosen, thing_id, today=day, now=now())
    return page(
        "director/house/end.html",
        nav="director.house",
        kind=kind,
        thing=shown,
        uses=uses_told(uses),
        because=why_not(db, somebody.community_id, chosen, thing_id, day),
    )


@blueprint.post("/house/<kind>/<thing_id>/undo/<change_id>")
def undo_thing(kind: str, thing_id: str, change_id: str) -> Response:
    """Undo one line of a thing's history, where nothing came after."""
    chosen = kind_of(kind)

    def work(db: DbSession) -> Answer:
        lines = showing.history_of_thing(db, principal().community_id, chosen, thing_id)
        if all(line.id != change_id for line in lines):
            raise NotFound("There is no such change.")
        parts = (chosen.part, *(each.part for each in chosen.pieces))
        keeping.undo_change(db, teller(), parts, change_id)
        return Answer(_here(chosen, thing_id, "history"), _("Undone."))

    return save_checked(work, _doing(chosen, thing_id))


def _form(kind: Kind, typed: Typed | None, refused: Exception | None = None) -> Response:
    choices = choices_of(reader(), principal().community_id, today())
    heading, button, _about = kind_words(kind.name)
    return page(
        "director/house/new.html",
        status=200 if refused is None else 422,
        nav="director.house",
        kind=kind.name,
        heading=heading,
        button=button.rstrip("…"),
        shown_first=_SHOWN_FIRST.get(kind.name, len(kind.part.names)),
        fields=fields_of(
            kind.part, words_of(kind.part.name, choices), _FIRST.get(kind.name, {}), typed=typed, refused=refused
        ),
        refused=refused,
    )


def _thing(
    kind: Kind,
    thing_id: str,
    typed: Typed | None = None,
    refused: Refused | Stale | None = None,
    *,
    piece: str = "",
    piece_id: str = "",
    piece_typed: Typed | None = None,
    piece_refused: Refused | None = None,
) -> Response:
    db, somebody, day = reader(), principal(), today()
    shown = showing.thing_of(db, somebody.community_id, kind, thing_id, day)
    choices = choices_of(db, somebody.community_id, day)
    history = showing.history_of_thing(db, somebody.community_id, kind, thing_id)
    others = [each for each in choices.activities if each[0] != shown.key]
    lacking = lacking_of(db, somebody.community_id, day).get(thing_id) if kind is ACTIVITIES else None
    words = words_of(kind.part.name, replace(choices, activities=others))
    sections = [
        _section(
            kind, each, shown, choices, _Typing(piece_id, piece_typed if each.name == piece else None, piece_refused)
        )
        for each in kind.pieces
    ]
    status = 200
    if refused or piece_refused:
        status = 409 if isinstance(refused, Stale) else 422
    return page(
        "director/house/thing.html",
        status=status,
        nav="director.house",
        shows=[who for who, _name in choices.residents] if _names_people(kind) else (),
        kind=kind.name,
        heading=kind_words(kind.name)[0],
        changes=TOLD_OF,
        standing=standing_of(db, kind.name, thing_id, shown.name, day),
        thing=shown,
        lacking=lacking_said(lacking) if lacking else "",
        lacks_space=bool(lacking and lacking.features),
        has_ended=shown.ended_on is not None and shown.ended_on <= day,
        version=refused.version if isinstance(refused, Stale) else shown.version,
        fields=fields_of(kind.part, words, _with_twin(shown.texts, choices), typed=typed, refused=refused),
        shown_first=_SHOWN_FIRST.get(kind.name, len(kind.part.names)),
        refused=refused,
        sections=sections,
        history=history_told(kind.part.name, history, choices),
    )


@dataclass(frozen=True)
class _Typing:
    """What was typed into a form of a section: that of a row, or with `piece_id` "" that which adds one."""

    piece_id: str
    typed: Typed | None
    refused: Refused | None

    def of(self, piece_id: str) -> tuple[Typed | None, Refused | None]:
        """What was typed into one of them, and what is wrong with it."""
        mine = self.typed is not None and self.piece_id == piece_id
        return (self.typed, self.refused) if mine else (None, None)


_NOTHING = _Typing("", None, None)


def _section(kind: Kind, piece: Piece, shown: showing.Thing, choices: Choices, typing: _Typing) -> Section:
    part, name = piece.part, piece.name
    typed, mine = typing.of("")
    if name == "neighbours":
        choices = replace(choices, spaces=[each for each in choices.spaces if each[0] != shown.id])
    words = words_of(name, choices)
    heading, about, empty, button = piece_words(kind.name, name)
    lines = pieces_told(name, shown.pieces[name])
    if piece.is_hours:
        held = {each.id: each.texts for each in shown.pieces[name]}
        lines = tuple(_changeable(each, part, words, held[each.id], *typing.of(each.id)) for each in lines)
    return Section(
        name,
        heading,
        about,
        empty,
        button,
        lines,
        fields_of(part, words, {}, typed=typed, refused=mine),
        mine,
        typed is not None,
    )


def _changeable(
    line: Line, part: Part, words: Mapping[str, Words], held: Typed, typed: Typed | None, refused: Refused | None
) -> Line:
    fields = fields_of(part, words, held, typed=typed, refused=refused)
    return replace(line, fields=fields, seal=seal_of(held), refused=refused, is_open=typed is not None)


def _with_twin(texts: Typed, choices: Choices) -> Typed:
    """What takes an activity's place is named by its key, whatever the capitals."""
    held = texts.get("wet_twin", "").casefold()
    twin = next((key for key, _name in choices.activities if key.casefold() == held), "")
    return {**texts, "wet_twin": twin} if twin else texts


def _names_people(kind: Kind) -> bool:
    return any("resident" in each.part.names for each in kind.pieces)


def _doing(kind: Kind, thing_id: str, *, may_change: bool = False) -> Doing:
    return Doing(url_for("director.thing", kind=kind.name, thing_id=thing_id), may_change)


def _here(kind: Kind, thing_id: str, anchor: str) -> str:
    return url_for("director.thing", kind=kind.name, thing_id=thing_id, _anchor=anchor)


def today() -> date:
    """The community's own day."""
    return today_in(principal().timezone, now())


_FIRST: Mapping[str, Typed] = {
    "living-groups": {"sort": "0"},
    "spaces": {"noise": "0", "turnaround_minutes": "0"},
    "team": {"kind": "staff", "max_sessions_a_day": "4", "gap_minutes": "15", "support": "8"},
    "activities": {
        "minutes": "45",
        "group_min": "3",
        "group_max": "10",
        "sessions_min": "0",
        "sessions_max": "1",
        "one_a_day": "yes",
        "facilitators": "1",
        "noise": "0",
        "cost": "0",
    },
}
"""What the form of a new one begins with."""
_SHOWN_FIRST: Mapping[str, int] = {"spaces": 4, "team": 3, "activities": 8}
"""How many fields of a long form stand open; the others are folded away below."""
