"""What attendance teaches: wishes that it suggests to change, each answered by a person, and all that marks touch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.learnt.estimates import CAME, LEAST, NO, UPSET, Estimate
from milieu.queries.learnt.suggested import LOOKED_BACK, Suggested, suggested_wishes
from milieu.queries.ties.answers import NOT_NOW, YES
from milieu.services.residents.learning import answer_suggestion
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.person.labels import strengths
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page
from web.words.times import today_in

TENTHS = 10


@dataclass(frozen=True)
class Told:
    """A suggestion in words: what was seen, what is noted, what it would be, and how a yes is worded."""

    suggested: Suggested
    seen: str
    expected: str
    noted: str
    would_be: str
    yes: str


@blueprint.get("/people/learnt")
def learnt() -> Response:
    """Every suggestion, in the order of rooms, and what marks have an influence on."""
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    found = [told(each) for each in suggested_wishes(db, somebody.community_id, today=today)]
    return page(
        "director/people/learnt.html",
        nav="director.people",
        found=found,
        weeks=LOOKED_BACK.days // 7,
        least=LEAST,
        influences=influences(),
        shows=list(dict.fromkeys(each.suggested.person.id for each in found)),
    )


@blueprint.post("/people/<resident_id>/learnt/<activity_id>")
def answer_learnt(resident_id: str, activity_id: str) -> Response:
    """Say yes, not now or never to a suggestion; a yes changes that one wish."""
    said, typed = request.form.get("answer", ""), request.form.get("strength", "")

    def work(db: DbSession) -> Answer:
        strength = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else -1
        found = answer_suggestion(db, teller(), resident_id, activity_id, said, strength=strength)
        back = url_for("director.learnt")
        if said == YES:
            about = {"who": found.person.name, "what": found.activity}
            return Answer(back, _("Changed: %(what)s, of %(who)s. It can be undone on their page.", **about))
        later = _("Noted. It is suggested again in four weeks.")
        return Answer(back, later if said == NOT_NOW else _("Noted. It is not suggested again."))

    return once(work)


def told(each: Suggested) -> Told:
    """A suggestion in words."""
    words = dict(strengths())
    noted = words[str(each.held.strength)] if each.held.id else _("nothing is noted")
    yes = _("Yes, they say so themselves") if each.is_theirs_to_say else _("Yes, change it")
    return Told(each, _SEEN[each.why](each.estimate), _expected(each.estimate), noted, words[str(each.strength)], yes)


def influences() -> list[tuple[str, str, str]]:
    """All that marks have an influence on: what, by which marks, and how far it goes."""
    return [
        (
            _("A wish, as suggested here"),
            _("came, said no, lively and upset, of one person and one activity"),
            _("Changes that one wish, and only when somebody says yes. It never goes below “does not mind”."),
        ),
        (
            _("What rests"),
            _("two noes of one person to one activity in four weeks"),
            _("That activity is not asked of them for four weeks. Nothing else changes."),
        ),
        (
            _("How many are asked to a group"),
            _("how many of those asked come, whoever they are"),
            _("More are asked where fewer come, so that the group is as large as it is meant to be."),
        ),
        (
            _("Whose turn it is"),
            _("“nobody asked” and “not held”"),
            _("Who was not asked after all waits on, as if they had not been invited. It lowers nobody."),
        ),
        (
            _("Who seems close"),
            _("who was together to the end, in small groups"),
            _("A suggestion on the page of their living group. It is a tie only when somebody says yes."),
        ),
    ]


def _expected(estimate: Estimate) -> str:
    low, high = (round(TENTHS * share) for share in (estimate.low, estimate.high))
    if low == high:
        return _("By that they come to about %(low)s of ten.", low=low)
    return _("By that they come to %(low)s to %(high)s of ten.", low=low, high=high)


def _came(estimate: Estimate) -> str:
    said = _("Came to %(came)s of %(all)s", came=estimate.came, all=estimate.answers)
    if estimate.seen:
        lively = ngettext("%(num)d of them lively", "%(num)d of them lively", estimate.lively)
        return f"{said}, {lively}."
    return f"{said}."


def _no(estimate: Estimate) -> str:
    return _("Said no to %(no)s of %(all)s.", no=estimate.said_no, all=estimate.answers)


def _upset(estimate: Estimate) -> str:
    return _("Came and was upset at %(upset)s of %(came)s.", upset=estimate.upset, came=estimate.came)


_SEEN: Mapping[str, Callable[[Estimate], str]] = {CAME: _came, NO: _no, UPSET: _upset}
