"""What matters to somebody: asked in one sitting, saved once; and what is done where something important cannot be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.preferences import QUESTIONS
from milieu.queries.person.known import things_of, who_is
from milieu.queries.person.preferences import matters_to, visits_offered
from milieu.queries.person.rows import read_rows
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused
from milieu.services.residents.assessing import answer_unmet, assess, take_back
from milieu.services.residents.parts import ANSWER, ASSESSMENT
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.person.labels import today_here
from web.fields import Field, Words, fields_of, typed_in
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page
from web.words.person.preferences import answer_options, answer_word, met_word, question_word


@dataclass(frozen=True)
class Attempt:
    """A form that was refused: shown again as it was typed. `question` is "" for the sitting itself."""

    question: str
    refused: Refused


@blueprint.get("/people/<resident_id>/preferences")
def preferences(resident_id: str) -> Response:
    """The questions of a sitting, what was answered last, and what is important but cannot be."""
    return _page(resident_id)


@blueprint.post("/people/<resident_id>/preferences")
def save_preferences(resident_id: str) -> Response:
    """Keep one sitting."""

    def work(db: DbSession) -> Answer:
        assess(db, teller(), resident_id, typed_in(ASSESSMENT, request.form))
        return Answer(url_for("director.resident", resident_id=resident_id, _anchor="matters"), _("Saved."))

    return _done(resident_id, "", work)


@blueprint.post("/people/<resident_id>/preferences/<assessment_id>/take-back")
def undo_preferences(resident_id: str, assessment_id: str) -> Response:
    """Undo a sitting, with the wishes that came of it."""

    def work(db: DbSession) -> Answer:
        kept = take_back(db, teller(), resident_id, assessment_id)
        said = _("Undone, with the wishes that came of it.")
        if kept:
            said += " " + ngettext(
                "%(num)d wish was changed since and stays.", "%(num)d wishes were changed since and stay.", kept
            )
        return Answer(url_for("director.preferences", resident_id=resident_id), said)

    return once(work)


@blueprint.post("/people/<resident_id>/preferences/answer")
def answer_preference(resident_id: str) -> Response:
    """Say what was done about something important that somebody cannot do."""

    def work(db: DbSession) -> Answer:
        answer_unmet(db, teller(), resident_id, typed_in(ANSWER, request.form))
        return Answer(url_for("director.preferences", resident_id=resident_id), _("Noted. It is kept with its answer."))

    return _done(resident_id, request.form.get("question", ""), work)


def _done(resident_id: str, question: str, work: Callable[[DbSession], Answer]) -> Response:
    try:
        return once(work)
    except Refused as refused:
        return _page(resident_id, Attempt(question, refused))


def _page(resident_id: str, attempt: Attempt | None = None) -> Response:
    somebody, db, today = principal(), reader(), today_here()
    rows, things = read_rows(db, somebody.community_id, resident_id), things_of(db, somebody.community_id)
    who = who_is(db, somebody.community_id, resident_id, today)
    matters = matters_to(rows, things.names, today)
    tried = attempt if attempt is not None and not attempt.question else None
    first = {"asked_on": today.isoformat(), "said_by": "resident"}
    visits = visits_offered(db, somebody.community_id, resident_id, today)
    return page(
        "director/person/preferences.html",
        status=200 if attempt is None else 422,
        nav="director.people",
        person=who,
        matters=matters,
        fields=_fields(ASSESSMENT, _sitting_words(who.called), first, tried),
        refused=tried.refused if tried else None,
        answers={
            question: _answer_form(question, visits, attempt if attempt and attempt.question == question else None)
            for question in matters.unmet
        },
        question_word=question_word,
        answer_word=answer_word,
        met_word=met_word,
        shows=[resident_id],
    )


def _fields(part: Part, words: Mapping[str, Words], first: Mapping[str, str], tried: Attempt | None) -> list[Field]:
    typed = typed_in(part, request.form) if tried else None
    return fields_of(part, words, first, typed=typed, refused=tried.refused if tried else None)


def _answer_form(
    question: str, visits: tuple[tuple[str, str], ...], tried: Attempt | None
) -> tuple[list[Field], Refused | None]:
    """The fields that answer one question; which question it is stands in none of them."""
    words = {
        "question": Words(""),
        "answer": Words(
            _("What is done"), options=[("adaptation", _("it was made possible")), ("visit", _("a visit to them"))]
        ),
        "activity": Words(_("Of a visit: with what"), _("It becomes a wish of the next plan."), visits),
        "how": Words(_("What was made possible, and how"), _("Of a visit it may stay empty."), is_needed_at_times=True),
    }
    fields = _fields(ANSWER, words, {"answer": "adaptation"}, tried)
    return [field for field in fields if field.name != "question"], tried.refused if tried else None


def _sitting_words(called: str) -> Mapping[str, Words]:
    said_by = [("resident", called), ("relative", _("a relative, for them"))]
    asked = {question: Words(f"… {question_word(question)}", options=answer_options()) for question in QUESTIONS}
    return {
        "asked_on": Words(_("Asked on")),
        "said_by": Words(_("Who answers"), options=said_by),
        "speaker": Words(_("The name of who answers for them")),
        **asked,
    }
