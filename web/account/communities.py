"""Who belongs to several communities goes from one to another: one sign-in, and in each what her role is there."""

from flask import redirect as redirect
from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.errors import NotFound, TooFast
from milieu.queries.access.memberships import Membership, memberships_of
from web.account.hashing import hash_queue
from web.account.password import blueprint as blueprint
from web.account.present import is_present_password
from web.account.views import enter, told_to_wait
from web.binding import reader
from web.finding import finding
from web.guards.access import landing, own_path
from web.guards.principal import principal
from web.guards.sessions import keep_age, leads_to
from web.pages import page


@blueprint.get("/choose-community")
def communities() -> Response:
    """The communities that she belongs to, and which of them she is in."""
    return _form()


@blueprint.post("/choose-community")
def enter_community() -> Response:
    """Go on in another community; where a sign-in ends sooner there, only with the password."""
    somebody, wanted = principal(), own_path(request.form.get("next", ""))
    chosen = next((each for each in _held() if each.account_id == request.form.get("account")), None)
    if chosen is None:
        raise NotFound(_("There is no such account."))
    if chosen.account_id == somebody.account_id:
        return redirect(wanted or landing(somebody.roles) or url_for("account.start"))
    if leads_to(chosen.account_id):
        keep_age()
        return enter(chosen.account_id, wanted)
    if "password" not in request.form:
        return _form(asked=chosen)
    try:
        with hash_queue().place() as queue:
            is_hers = is_present_password(queue, somebody.holder_id, request.form["password"])
    except TooFast as error:
        return _form(asked=chosen, said=told_to_wait(error), status=429)
    if not is_hers:
        return _form(asked=chosen, said=_("This password is not right."), status=422)
    return enter(chosen.account_id, wanted)


def _held() -> tuple[Membership, ...]:
    return memberships_of(reader(), principal().holder_id)


def _form(*, asked: Membership | None = None, said: str = "", status: int = 200) -> Response:
    return page(
        "account/communities.html",
        status=status,
        found=finding(_held(), "community_name"),
        asked=asked,
        said=said,
        wanted=own_path(request.values.get("next", "")) or "",
        role_words=_role_words,
    )


def _role_words(roles: frozenset[str]) -> str:
    words = {
        "director": _("director"),
        "staff": _("staff"),
        "family": _("family"),
        "administrator": _("administrator"),
    }
    return ", ".join(word for role, word in words.items() if role in roles)
