"""Sign-in, sign-out, and the way from the front door to one's own first page."""

import math

import structlog
from flask import Blueprint, Flask, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import Security, login_user, logout_user
from werkzeug.wrappers import Response

from milieu.errors import TooFast
from milieu.queries.access.memberships import memberships_of
from milieu.queries.demo import read_demo
from milieu.services.access.addresses import LONGEST_ADDRESS, normal_address
from milieu.services.access.holders import find_credentials, keep_password_hash
from milieu.services.access.passwords import hash_password, is_outdated, is_right, is_too_long
from web.account.datastore import Accounts, signing_in
from web.account.hashing import hash_queue
from web.account.throttle import remember_browser, reserve_sign_in, was_right
from web.binding import reader, write
from web.guards.access import landing, own_path
from web.guards.principal import forget_principal, principal_or_none
from web.guards.sessions import ACCOUNT, begin_anew
from web.pages import page

blueprint = Blueprint("account", __name__)
_log = structlog.get_logger("web")


def init_accounts(app: Flask) -> None:
    """Flask-Security with our accounts and none of its pages."""
    app.config.from_mapping(
        SECURITY_PASSWORD_SALT=app.config["SECRET_KEY"], SECURITY_UNAUTHORIZED_VIEW="account.sign_in"
    )
    Security(app, Accounts(), register_blueprint=False)
    app.after_request(_say_when)


@blueprint.get("/")
def start() -> Response | str:
    """The front door: on to the first page of the role."""
    somebody = principal_or_none()
    if somebody is None:
        return redirect(url_for("account.sign_in"))
    return redirect(landing(somebody.roles) or url_for("account.sign_in"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """Sign in by e-mail address and password."""
    wanted = own_path(request.values.get("next", ""))
    if (somebody := principal_or_none()) is not None:
        if (first := landing(somebody.roles)) is not None:
            return redirect(wanted or first)
        return page("account/no_page.html", title=_("Signed in"))
    if request.method != "POST":
        return _form("", wanted)
    typed, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        holder_id = _whose(normal_address(typed), password)
    except TooFast as error:
        return _form(typed, wanted, told_to_wait(error), 429)
    if holder_id is None:
        return _form(typed, wanted, _("The e-mail address and the password do not belong together."), 422)
    return enter_first(holder_id, wanted)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this browser's sign-in; its cookie is worth nothing afterwards."""
    logout_user()
    session.clear()
    forget_principal()
    return redirect(url_for("account.sign_in", out=1))


def enter_first(holder_id: str, wanted: str | None = None) -> Response:
    """Begin a sign-in of this browser; who belongs to several communities chooses among them next."""
    first, *others = memberships_of(reader(), holder_id)
    return enter(first.account_id, url_for("account.communities", next=wanted) if others else wanted)


def enter(account_id: str, wanted: str | None = None) -> Response:
    """Begin a sign-in of this browser, and go to the first page of the role or where it was wanted."""
    if session.get(ACCOUNT) == account_id:
        begin_anew()
    session.clear()
    login_user(signing_in(account_id), remember=False, authn_via=["password"])
    session[ACCOUNT] = account_id
    forget_principal()
    somebody = principal_or_none()
    _log.info("signed in", account=account_id)
    first = landing(somebody.roles) if somebody else None
    response = redirect(wanted or first or url_for("account.sign_in"))
    if somebody:
        remember_browser(somebody.holder_id, response)
    return response


def told_to_wait(error: TooFast) -> str:
    """How long to wait, in the largest unit that is not cruel."""
    seconds = math.ceil(error.wait.total_seconds())
    g.wait_seconds = seconds
    if seconds < 100:
        said: str = ngettext(
            "Please wait %(num)d second, then try again.", "Please wait %(num)d seconds, then try again.", seconds
        )
        return said
    minutes = math.ceil(seconds / 60)
    said = ngettext(
        "Please wait %(num)d minute, then try again.", "Please wait %(num)d minutes, then try again.", minutes
    )
    return said


def _say_when(response: Response) -> Response:
    """What the page says in words, for programs: after how many seconds a try is taken again."""
    if response.status_code == 429 and (seconds := g.get("wait_seconds")):
        response.headers["Retry-After"] = str(seconds)
    return response


def _whose(address: str, password: str) -> str | None:
    """Whose an address and a password are, None where they are nobody's. Raises TooFast, Busy.

    What is done is the same for a name with an account and one without: one lookup, one try counted, one hash.
    """
    with hash_queue().place() as queue:
        found = find_credentials(reader(), address)
        tries = reserve_sign_in(address, found.holder_id if found else None)
        stored = found.password_hash if found else None
        if is_too_long(password) or not queue.compute(is_right, stored, password) or found is None or stored is None:
            return None
        was_right(tries)
        if is_outdated(stored):
            fresh = queue.compute(hash_password, password)
            write(lambda db: keep_password_hash(db, found.holder_id, fresh))
    return found.holder_id


def _form(typed: str, wanted: str | None, said: str = "", status: int = 200) -> Response:
    return page(
        "account/sign_in.html",
        status=status,
        email=typed[:LONGEST_ADDRESS],
        wanted=wanted or "",
        said=said,
        is_out="out" in request.args,
        has_ended="ended" in request.args,
        is_twice="twice" in request.args,
        is_made="made" in request.args,
        demo=read_demo(reader()),
    )
