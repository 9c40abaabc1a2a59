"""A relative's letter: today, the days after, how it was, and what is shared. Consent is read at each request."""

from flask import Blueprint
from werkzeug.wrappers import Response

from milieu.errors import NotFound
from milieu.queries.family.kin import KINDS, kin_of
from milieu.queries.family.page import FamilyView, family_view
from web.binding import now, reader
from web.family.letter import compose
from web.guards.principal import principal
from web.pages import page
from web.words.times import today_in

blueprint = Blueprint("family", __name__)


@blueprint.get("/family")
def home() -> Response:
    """All of a relative's residents; where there is nobody to show, whom to ask."""
    somebody = principal()
    if somebody.relative_id is None:
        return page("family/nothing.html", nav="family.home")
    view = _view(somebody.relative_id)
    if not view.weeks:
        return page("family/nothing.html", nav="family.home")
    return _letter(view)


@blueprint.get("/family/<resident_id>")
def one(resident_id: str) -> Response:
    """One of them. Raises NotFound for everybody else, there or not."""
    return _letter(_view(_relative(), resident_id))


@blueprint.get("/family/<resident_id>/shares")
def shares(resident_id: str) -> Response:
    """What she shares, from when to when."""
    somebody = principal()
    today = today_in(somebody.timezone, now())
    _name, kin = kin_of(reader(), _relative(), somebody.community_id, today)
    found = next((each for each in kin if each.resident_id == resident_id), None)
    if found is None:
        raise NotFound("There is nobody of that name to show.")
    return page("family/shares.html", nav="family.home", kin=found, kinds=KINDS, today=today, shows=[resident_id])


def _relative() -> str:
    relative_id = principal().relative_id
    if relative_id is None:
        raise NotFound("There is nobody of that name to show.")
    return relative_id


def _view(relative_id: str, resident_id: str | None = None) -> FamilyView:
    somebody = principal()
    today = today_in(somebody.timezone, now())
    return family_view(
        reader(), relative_id, somebody.community_id, today, now(), resident_id, account_id=somebody.account_id
    )


def _letter(view: FamilyView) -> Response:
    somebody = principal()
    _name, everybody = kin_of(reader(), _relative(), somebody.community_id, view.today)
    return page(
        "family/letter.html",
        nav="family.home",
        letter=compose(view, somebody.timezone),
        everybody=everybody,
        shows=[week.kin.resident_id for week in view.weeks],
    )
