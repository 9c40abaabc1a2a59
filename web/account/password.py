"""Passwords from a page: changed with the present one, or set anew with a mailed link or a printed code."""

from datetime import timedelta

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Invalid, NotAllowed, NotFound, TooFast
from milieu.installation.mail import is_mail_set
from milieu.services.access.accounts import change_own_password
from milieu.services.access.addresses import normal_address
from milieu.services.access.holders import find_password_hash
from milieu.services.access.passes import Pass, find_pass, join_by_pass, use_pass
from milieu.services.access.passwords import check_new, hash_password, is_right
from milieu.services.access.tries import Allowance
from web.account.hashing import HashQueue, hash_queue
from web.account.post import post_room
from web.account.present import is_present_password
from web.account.throttle import network_of, reserve_for, was_right
from web.account.views import blueprint as blueprint
from web.account.views import enter, enter_first, told_to_wait
from web.binding import bound, now, reader, write
from web.guards.access import landing
from web.guards.principal import principal
from web.pages import page

CODES = Allowance(20, timedelta(minutes=2))  # of 80 bits: this is for the machine's peace, not for the code's
ASKED_FROM = Allowance(10, timedelta(minutes=6))
JUST_ASKED = Allowance(1, timedelta(minutes=1))  # a second click is no second letter
ASKED_FOR = Allowance(3, timedelta(minutes=20))  # each holds an hour: whoever is refused has one in the mail


@blueprint.route("/password", methods=["GET", "POST"])
def change_password() -> Response:
    """Choose another password, knowing the present one; every other browser is signed out."""
    somebody = principal()
    if request.method != "POST":
        return _change_form()
    if somebody.is_demo:
        raise NotAllowed("The demonstration’s passwords stay as they are.")
    with hash_queue().place() as queue:
        try:
            is_hers = is_present_password(queue, somebody.holder_id, request.form.get("present", ""))
        except TooFast as error:
            return _change_form(told_to_wait(error), 429)
        if not is_hers:
            return _change_form(_("The present password is not right. Nothing has changed."), 422)
        if fault := _fault_of_new():
            return _change_form(fault, 422)
        hashed = queue.compute(hash_password, request.form["new"])

    def change(db: DbSession) -> None:
        change_own_password(db, somebody.account_id, hashed, now=now())

    write(change)
    response = enter(somebody.account_id, landing(somebody.roles))
    flash(_("Your password is changed. Every other browser that was signed in as you is signed out."))
    return response


@blueprint.route("/new-password", methods=["GET", "POST"])
def new_password() -> Response:
    """Choose a password with a one-time code or the link of a letter. Looking at the page uses nothing up."""
    secret = request.values.get("code", "")
    if request.method != "POST":
        return _new_form(secret)
    with hash_queue().place() as queue:
        try:
            tries = reserve_for("code", CODES, network_of(request.remote_addr))
        except TooFast as error:
            return _new_form(secret, told_to_wait(error), 429)
        found = find_pass(reader(), secret, now=now())
        if found is None:
            return _new_form(secret, _unusable(), 422)
        was_right(tries)
        if not found.sets_password:
            return _joining(found, secret, queue)
        if fault := _fault_of_new():
            return _new_form(secret, fault, 422)
        hashed = queue.compute(hash_password, request.form["new"])
        try:
            write(lambda db: use_pass(db, secret, hashed, now=now()))
        except NotFound:  # another was quicker with the same code: the same form once more, where it chose the same
            stored = find_password_hash(reader(), found.holder_id)
            if not queue.compute(is_right, stored, request.form["new"]):
                return _new_form(secret, _unusable(), 422)
    response = enter_first(found.holder_id) if found.is_for_all else enter(found.account_id)
    flash(_("Your new password holds. Every other browser that was signed in as you is signed out."))
    return response


def _joining(found: Pass, secret: str, queue: HashQueue) -> Response:
    """Whom another community lets in takes this account up with the password that she has."""
    if "present" not in request.form:
        return _new_form(secret, joins=found)
    try:
        is_hers = is_present_password(queue, found.holder_id, request.form["present"])
    except TooFast as error:
        return _new_form(secret, told_to_wait(error), 429, joins=found)
    if not is_hers:
        return _new_form(secret, _("This password is not right. Nothing has changed."), 422, joins=found)
    try:
        write(lambda db: join_by_pass(db, secret, now=now()))
    except NotFound:  # the same form, a moment before
        return _new_form(secret, _unusable(), 422)
    response = enter(found.account_id)
    flash(_("You belong to %(community)s now. Your password is the one that you had.", community=found.community_name))
    return response


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
def forgotten() -> Response:
    """Ask for a link by mail; where no mail is set up, whom to ask for a code. Tells nobody who has an account."""
    has_mail = is_mail_set(bound().settings)
    if request.method != "POST" or not has_mail:
        return _asking_form(has_mail, is_sent="sent" in request.args)
    try:
        reserve_for("asked from", ASKED_FROM, network_of(request.remote_addr))
    except TooFast as error:
        return _asking_form(has_mail, said=told_to_wait(error), status=429)
    address = normal_address(request.form.get("email", ""))
    try:
        reserve_for("just asked for", JUST_ASKED, address)
        reserve_for("asked for", ASKED_FOR, address)
    except TooFast:
        pass  # the letter of a moment ago is on its way, and those of the last hour still work
    else:
        post_room().post(current_app._get_current_object(), address)  # type: ignore[attr-defined]
    return redirect(url_for("account.forgotten", sent=1), 303)


def _fault_of_new() -> str:
    """What is wrong with the new password of the form, in a sentence; "" where nothing is."""
    new = request.form.get("new", "")
    try:
        check_new(new)
    except Invalid as error:
        return error.sentence
    return "" if request.form.get("again", "") == new else _("The two new passwords are not the same.")


def _unusable() -> str:
    said = _("This code is not right, its time is over, or it was used: then the password chosen with it holds.")
    return f"{said} {_('Else ask for another one.')}"


def _change_form(said: str = "", status: int = 200) -> Response:
    return page("account/change_password.html", status=status, said=said)


def _new_form(code: str, said: str = "", status: int = 200, *, joins: Pass | None = None) -> Response:
    return page("account/new_password.html", status=status, code=code[:80], said=said, joins=joins)


def _asking_form(has_mail: bool, *, is_sent: bool = False, said: str = "", status: int = 200) -> Response:
    return page("account/forgotten.html", status=status, has_mail=has_mail, is_sent=is_sent, said=said)
