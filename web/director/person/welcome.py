"""Whom a newcomer might meet: proposed with its reason, and answered on their page."""

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.ties.answers import NOT_NOW, YES
from milieu.queries.ties.newcomers import Group, Neighbour
from milieu.services.residents.welcoming import NEIGHBOUR, answer_proposal
from milieu.services.weeks.requests import Answer
from web.director.blueprint import blueprint
from web.forms import once, teller
from web.words.person.pasts import shared_sentence


@blueprint.post("/people/<resident_id>/meets")
def answer_welcome(resident_id: str) -> Response:
    """Yes, not now or never to a neighbour or a group."""
    kind, _colon, thing_id = request.form.get("what", "").partition(":")
    said = request.form.get("answer", "")

    def work(db: DbSession) -> Answer:
        answer_proposal(db, teller(), resident_id, kind, thing_id, said)
        return Answer(url_for("director.resident", resident_id=resident_id, _anchor="meets"), _said(kind, said))

    return once(work)


def neighbour_reason(each: Neighbour) -> str:
    """Why they might get on."""
    found = []
    if each.lives_close:
        found.append(_("Lives a few doors away."))
    if each.shared is not None:
        found.append(shared_sentence(each.person.called, each.shared))
    if each.activity:
        found.append(_("Both like %(activity)s.", activity=each.activity))
    return " ".join(found)


def group_reason(group: Group, called: str) -> str:
    """Why a group may suit a newcomer."""
    if group.is_liked:
        return _("%(name)s likes it already; the plans go by that.", name=called)
    found = []
    if group.likes:
        found.append(
            ngettext(
                "%(num)d person of the living group likes it.",
                "%(num)d people of the living group like it.",
                group.likes,
            )
        )
    if group.near:
        names = ", ".join(other.called for other in group.near)
        found.append(_("Among them, close by or with something in common: %(names)s.", names=names))
    if group.like:
        found.append(_("It is near to %(activity)s, which %(name)s likes.", activity=group.like, name=called))
    return " ".join(found)


def _said(kind: str, said: str) -> str:
    if said == YES:
        if kind == NEIGHBOUR:
            return _("Noted. The next plans are asked to bring them together.")
        return _("Noted. It is a wish of the team for eight weeks.")
    if said == NOT_NOW:
        return _("Noted. It is proposed again in four weeks.")
    return _("Noted. It is not proposed again.")
