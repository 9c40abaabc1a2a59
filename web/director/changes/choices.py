"""What can be done about what stands against a published week: ways side by side, one of them published in one tap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import jsonify, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.services.choices.asking import request_choices
from milieu.services.choices.comparing import ChoiceShown, Comparison, Standing, compare_choices
from milieu.services.choices.deciding import publish_choice
from milieu.services.weeks.changes import SessionChange
from milieu.services.weeks.plans.planning import request_stop
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.plans.publishing import about
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.words.times import monday_of

KINDS = ("leave", "fewest", "best")


@dataclass(frozen=True)
class Cell:
    """What becomes of a session by one choice: None of a change is that it stays."""

    kind: str
    change: SessionChange | None
    told: int
    losers: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A session with what each choice does to it; `standing` is None where nothing stands against it itself."""

    ref: str
    shown: SessionChange | None
    standing: Standing | None
    cells: tuple[Cell, ...]


@blueprint.get("/week/<day:week_start>/choices")
def choices(week_start: date) -> Response:
    """The choices of a published week, or how far they are."""
    if week_start.weekday():
        return redirect(url_for("director.choices", week_start=monday_of(week_start)))
    return _page(week_start)


@blueprint.get("/week/<day:week_start>/choices/progress")
def choices_progress(week_start: date) -> Response:
    """The same for the page's script: whether they are still being found, and the part of the page that changes."""
    found = compare_choices(reader(), principal().community_id, week_start, now())
    part = page("director/changes/choice_table.html", shows=sorted(found.residents), **_context(found))
    return jsonify(open=found.is_open, stopping=False, html=part.get_data(as_text=True))


@blueprint.post("/week/<day:week_start>/choices")
def find_choices(week_start: date) -> Response:
    """Look for the choices by the facts of now."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        request_choices(db, somebody.community_id, week_start, by=somebody.account_id, now=now())
        return Answer(url_for("director.choices", week_start=week_start))

    return once(work)


@blueprint.post("/week/<day:week_start>/choices/<run_id>/stop")
def stop_choices(week_start: date, run_id: str) -> Response:
    """Look no further; what is there can be chosen."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        request_stop(db, somebody.community_id, run_id, now=now())
        return Answer(url_for("director.choices", week_start=week_start))

    return once(work)


@blueprint.post("/week/<day:week_start>/choices/<choice_id>")
def publish_one(week_start: date, choice_id: str) -> Response:
    """Publish a choice; where it cannot be any more, the page says why and shows how things are."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        publish_choice(db, somebody.community_id, choice_id, by=somebody.account_id, now=now())
        said = _("Published. Everybody sees it from now on, with the reason.")
        return Answer(url_for("director.changes", week_start=week_start), said)

    try:
        return once(work)
    except Conflict as refused:
        return _page(week_start, refused)


def choice_word(kind: str) -> str:
    """What a choice is called."""
    return {
        "leave": _("Leave it as it is"),
        "fewest": _("Fewest told otherwise"),
        "best": _("The best week"),
    }[kind]


def _page(week_start: date, refused: Conflict | None = None) -> Response:
    found = compare_choices(reader(), principal().community_id, week_start, now())
    return page(
        "director/changes/choices.html",
        status=409 if refused else 200,
        nav="director.changed",
        shows=sorted(found.residents),
        refused=refused,
        **_context(found),
    )


def _context(found: Comparison) -> dict[str, Any]:
    by_kind = {each.kind: each for each in found.choices}
    return {
        "found": found,
        "choices": found.choices,
        "words": {kind: choice_word(kind) for kind in KINDS},
        "rows": [_row(each.session.ref, each, found.choices) for each in found.standing],
        "elsewhere": [_row(ref, None, found.choices) for ref in found.others],
        "suggested": _suggested(by_kind),
    }


def _suggested(by_kind: Mapping[str, ChoiceShown]) -> str:
    """The one to take where nothing speaks for another: whoever was told something has told others."""
    there = [kind for kind in ("fewest", "leave") if kind in by_kind and by_kind[kind].can_be_held]
    return there[0] if there else ""


def _row(ref: str, standing: Standing | None, found: tuple[ChoiceShown, ...]) -> Row:
    changes = [change for each in found if (change := each.of(ref)) is not None]
    return Row(ref, changes[0] if changes else None, standing, tuple(_cell(ref, each) for each in found))


def _cell(ref: str, choice: ChoiceShown) -> Cell:
    change = choice.of(ref)
    said = () if change is None else tuple(about(change))
    return Cell(choice.kind, change, choice.told_in.get(ref, 0), choice.losers_in(ref), said)
