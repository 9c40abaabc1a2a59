"""The first page of all: from the link that the server prints while there is nobody, a community and its director."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Invalid, NotFound, TooFast
from milieu.services.access.addresses import read_address
from milieu.services.access.passwords import check_new, hash_password
from milieu.services.access.tries import Allowance
from milieu.services.house.founding import found_community, is_set_up_open, read_name, read_zone, was_set_up_by
from web.account.communities import blueprint as blueprint
from web.account.hashing import hash_queue
from web.account.password import CODES
from web.account.throttle import network_of, reserve_for
from web.account.views import enter, told_to_wait
from web.binding import now, reader, write
from web.pages import page

TRIES: Allowance = CODES
FIELDS = ("name", "timezone", "director", "email")


@blueprint.route("/set-up/<secret>", methods=["GET", "POST"])
def set_up(secret: str) -> Response:
    """Name, time zone, and who directs it; once. Looking at the page uses nothing up and writes nothing."""
    is_open = is_set_up_open(reader(), secret, now())
    if request.method == "POST" or not is_open:
        try:
            reserve_for("set-up", TRIES, network_of(request.remote_addr))
        except TooFast as error:
            return _form(secret, Invalid(told_to_wait(error)), 429)
    if was_set_up_by(reader(), secret):
        return _signing_in()
    if not is_open:
        raise NotFound(_("This link works no more. The server prints another one while there is nobody yet."))
    if request.method != "POST":
        return _form(secret)
    given = request.form
    try:
        name, director = read_name(given.get("name", ""), "name"), read_name(given.get("director", ""), "director")
        timezone, address = read_zone(given.get("timezone", ""), "timezone"), _address(given.get("email", ""))
        _check_password()
    except Invalid as refused:
        return _form(secret, refused, 422)
    with hash_queue().place() as queue:
        hashed = queue.compute(hash_password, given["new"])

    def work(db: DbSession) -> str | None:
        if was_set_up_by(db, secret):  # the same form, a moment before
            return None
        return found_community(
            db, secret, name=name, timezone=timezone, director=director, email=address, hashed=hashed, now=now()
        )

    account_id = write(work)
    return _signing_in() if account_id is None else enter(account_id, url_for("director.first_week"))


def _signing_in() -> Response:
    """The link has done its work; who made the community knows the password."""
    return redirect(url_for("account.sign_in", made=1))


def _address(text: str) -> str:
    try:
        return read_address(text)
    except Invalid as refused:
        raise Invalid(refused.sentence, at="email") from refused


def _check_password() -> None:
    try:
        check_new(request.form.get("new", ""))
    except Invalid as refused:
        raise Invalid(refused.sentence, at="new") from refused
    if request.form.get("again", "") != request.form["new"]:
        raise Invalid(_("The two new passwords are not the same."), at="new")


def _form(secret: str, refused: Invalid | None = None, status: int = 200) -> Response:
    typed = {name: request.form.get(name, "")[:200] for name in FIELDS}
    response = page("account/set_up.html", status=status, secret=secret, refused=refused, typed=typed)
    response.headers["Cache-Control"] = "no-store"
    return response
