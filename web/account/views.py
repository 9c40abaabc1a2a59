"""Sign-in, sign-out, and the way from the front door to one's own first page."""

import math

import structlog
from flask import Blueprint, Flask, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import LoginForm, Security, login_user, logout_user
from werkzeug.wrappers import Response

from milieu.queries.demo import read_demo
from milieu.services.accounts import LANES, MEMORY_KIB, PASSES, find_account_id
from web.access import landing, own_path
from web.account.datastore import Accounts
from web.account.principal import forget_principal, principal_or_none
from web.account.throttle import count_failure, hashing, wait_before_trying, welcome
from web.binding import reader
from web.pages import page
from web.sessions import ACCOUNT

blueprint = Blueprint("account", __name__)
_log = structlog.get_logger("web")


def init_accounts(app: Flask) -> None:
    """Flask-Security with our accounts and none of its pages, and the blueprint of ours."""
    app.config.from_mapping(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a method
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_SALT=app.config["SECRET_KEY"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            "argon2__memory_cost": MEMORY_KIB, "argon2__time_cost": PASSES, "argon2__parallelism": LANES,
        },
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False, "test_environment": True},
        SECURITY_UNAUTHORIZED_VIEW="account.sign_in",
    )  # fmt: skip
    Security(app, Accounts(), register_blueprint=False)
    app.register_blueprint(blueprint)


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
    form = LoginForm()
    if request.method == "GET":
        return _form(form, wanted)
    form.email.data = address = (form.email.data or "").strip().lower()[:255]
    form.next.data = ""  # where to go is ours to say: `own_path` has read it
    account_id = find_account_id(reader(), address)
    if (wait := wait_before_trying(address, account_id).total_seconds()) > 0:
        seconds = math.ceil(wait)
        said = ngettext(
            "Please wait %(num)d second, then try again.", "Please wait %(num)d seconds, then try again.", seconds
        )
        return _form(form, wanted, said, 429)
    with hashing:
        is_right = form.validate_on_submit()
    if not is_right or form.user is None:
        count_failure(address, account_id)
        return _form(form, wanted, _("The e-mail address and the password do not belong together."), 422)
    return _enter(form, wanted)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this browser's sign-in; its cookie is worth nothing afterwards."""
    logout_user()
    session.clear()
    forget_principal()
    return redirect(url_for("account.sign_in", out=1))


def _enter(form: LoginForm, wanted: str | None) -> Response:
    account_id = form.user.id
    session.clear()
    login_user(form.user, remember=False, authn_via=["password"])
    session[ACCOUNT] = account_id
    forget_principal()
    somebody = principal_or_none()
    _log.info("signed in", account=account_id)
    first = landing(somebody.roles) if somebody else None
    response = redirect(wanted or first or url_for("account.sign_in"))
    welcome(account_id, response)
    return response


def _form(form: LoginForm, wanted: str | None, said: str = "", status: int = 200) -> Response:
    return page(
        "account/sign_in.html", status=status, email=form.email.data or "", wanted=wanted or "", said=said,
        is_out="out" in request.args, has_ended="ended" in request.args, demo=read_demo(reader()),
    )  # fmt: skip
