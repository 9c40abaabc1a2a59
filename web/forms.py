"""Forms that change something: done once however often they arrive, told about after the commit."""

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect, request, session
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.services.teller import Teller
from milieu.services.weeks.requests import Answer, find_answer, keep_answer
from web.binding import now, write
from web.guards.principal import principal

T = TypeVar("T")


def teller() -> Teller:
    """Who tells what a form says, where and when."""
    somebody = principal()
    return Teller(somebody.community_id, somebody.account_id, now())


def once(work: Callable[[DbSession], Answer]) -> Response:
    """Do what a form asks in one unit of work and go where it says; its second arrival only goes there again.

    The form carries `form_key` (`{{ form_key() }}` in a hidden field; use `{% from "forms.html" import hidden %}`). The
    sentence of the answer is shown on the next page, so after the commit and only after it.
    """
    answer = _answer_once(work)
    tell(answer.said)
    return redirect(answer.path, 303)


def tell(said: str) -> None:
    """Show a sentence on the next page, if there is one; a second click does not make it stand there twice."""
    if said and said not in [waiting for _kind, waiting in session.get("_flashes", ())]:
        flash(said)


def _answer_once(work: Callable[[DbSession], Answer]) -> Answer:
    somebody, key, endpoint = principal(), request.form.get("form_key", ""), request.endpoint or ""

    def do(db: DbSession) -> Answer:
        answer = find_answer(db, somebody.community_id, somebody.account_id, key, endpoint)
        if answer is None:
            answer = work(db)
            keep_answer(db, somebody.community_id, somebody.account_id, key, endpoint, answer, now=now())
        return answer

    return write(do)


def shown_once(work: Callable[[DbSession], tuple[T, Answer]]) -> tuple[T | None, Answer]:
    """Do what a form asks once, where it makes something to show now and never again; None at its second arrival.

    What is shown is kept nowhere; of the answer, which says so where the form comes again, only path and sentence are.
    """
    made: list[T] = []

    def do(db: DbSession) -> Answer:
        made.clear()
        value, answer = work(db)
        made.append(value)
        return answer

    answer = _answer_once(do)
    return (made[0] if made else None), answer


def seen_version() -> int:
    """The version of the row that the form was made from; -1 where it carries none that could be."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
