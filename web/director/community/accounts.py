"""Accounts of staff and family: made, changed, ended, and the sheet with a one-time code."""

from dataclasses import dataclass
from datetime import date

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.queries.access.accounts import AccountLine, accounts_of, facilitators_of, relatives_of
from milieu.services.access import keeping as keeping
from milieu.services.weeks.requests import Answer
from web.binding import bound, now, reader
from web.director.blueprint import blueprint
from web.forms import once, seen_version, shown_once
from web.guards.principal import principal
from web.pages import page
from web.words.times import today_in


@dataclass(frozen=True)
class Refused:
    """A form that was refused: the sentence, the field it stands at, and what was typed."""

    sentence: str
    at: str
    status: int
    name: str
    email: str
    facilitator: str
    relative: str

    @classmethod
    def by(cls, error: Invalid | Conflict) -> "Refused":
        """The form of this request, refused by `error`, which is raised again where it means no field."""
        if not error.at:
            raise error
        typed = [request.form.get(field, "") for field in ("name", "email", "facilitator", "relative")]
        return cls(error.sentence, error.at, 409 if isinstance(error, Conflict) else 422, *typed)


@blueprint.get("/accounts")
def accounts() -> Response:
    """Everybody who may sign in, and who may no longer."""
    lines = accounts_of(reader(), principal().community_id, now=now())
    groups = {
        _("Staff"): [each for each in lines if each.is_open and each.is_kept_here and "staff" in each.roles],
        _("Family"): [each for each in lines if each.is_open and each.is_kept_here and "staff" not in each.roles],
        _("Directors and administrators"): [each for each in lines if each.is_open and not each.is_kept_here],
        _("Ended"): [each for each in lines if not each.is_open],
    }
    return page("director/community/accounts.html", nav="director.accounts", groups=groups)


@blueprint.get("/accounts/new")
def new_account() -> Response:
    """The form of a new account, for staff or for a relative (`?for=family`)."""
    return _new_form("family" if request.args.get("for") == "family" else "staff")


def _new_form(role: str, refused: Refused | None = None) -> Response:
    db, community_id = reader(), principal().community_id
    used = accounts_of(db, community_id, now=now())
    relatives = [
        each
        for each in relatives_of(db, community_id, _today())
        if each.relative_id not in {line.relative_id for line in used if line.is_open}
    ]
    if refused:  # whom the form was about is in sight, above the others
        relatives.sort(key=lambda each: each.relative_id != refused.relative)
    shown = [person.resident_id for each in relatives for person in each.shared] if role == "family" else []
    return page(
        "director/community/new_account.html",
        status=refused.status if refused else 200,
        nav="director.accounts",
        role=role,
        shows=shown,
        refused=refused,
        relatives=[each for each in relatives if each.shared],
        without=[each for each in relatives if not each.shared],
        facilitators=facilitators_of(db, community_id),
    )


@blueprint.post("/accounts/new")
def make_account() -> Response:
    """Make an account and show the sheet with its one-time code."""
    somebody, form, today = principal(), request.form, _today()
    name, email = _named()

    def work(db: DbSession) -> tuple[str, Answer]:
        made = keeping.open_account(
            db,
            somebody.community_id,
            role=form.get("role", ""),
            email=email,
            name=name,
            facilitator_id=form.get("facilitator") or None,
            relative_id=form.get("relative") or None,
            by=somebody.account_id,
            today=today,
            now=now(),
        )
        code = keeping.make_code(db, somebody.community_id, made, by=somebody.account_id, now=now())
        return code, Answer(url_for("director.account", account_id=made), _shown_before())

    try:
        shown = shown_once(work)
    except (Invalid, Conflict) as error:
        return _new_form(form.get("role", ""), Refused.by(error))
    return _sheet(*shown)


def _named() -> tuple[str, str]:
    """Name and address as typed; what was left empty for a relative is as the community's list has it."""
    form = request.form
    name, email, chosen = form.get("name", "").strip(), form.get("email", "").strip(), form.get("relative")
    if chosen and not (name and email):
        for each in relatives_of(reader(), principal().community_id, _today()):
            if each.relative_id == chosen:
                return name or each.name, email or each.email
    return name, email


@blueprint.get("/accounts/<account_id>")
def account(account_id: str) -> Response:
    """One account: change it, print a code, end it."""
    return _one(account_id)


def _one(account_id: str, refused: Refused | None = None) -> Response:
    line = _kept(account_id)
    choices = facilitators_of(reader(), principal().community_id)
    related = [
        each
        for each in relatives_of(reader(), principal().community_id, _today())
        if each.relative_id == line.relative_id
    ]
    return page(
        "director/community/account.html",
        status=refused.status if refused else 200,
        nav="director.accounts",
        line=line,
        facilitators=choices,
        refused=refused,
        relative=related[0] if related else None,
        shows=[person.resident_id for each in related for person in each.shared],
    )


@blueprint.post("/accounts/<account_id>")
def change_account(account_id: str) -> Response:
    """Change name, address or who leads."""
    somebody, form = principal(), request.form

    def work(db: DbSession) -> Answer:
        keeping.change_account(
            db,
            somebody.community_id,
            account_id,
            email=form.get("email", ""),
            name=form.get("name", ""),
            facilitator_id=form.get("facilitator") or None,
            version=seen_version(),
            by=somebody.account_id,
            now=now(),
        )
        return Answer(url_for("director.account", account_id=account_id), _("Saved."))

    try:
        return once(work)
    except (Invalid, Conflict) as error:
        return _one(account_id, Refused.by(error))


@blueprint.post("/accounts/<account_id>/code")
def account_code(account_id: str) -> Response:
    """The sheet with a fresh one-time code; an older one ends."""
    somebody = principal()

    def work(db: DbSession) -> tuple[str, Answer]:
        code = keeping.make_code(db, somebody.community_id, account_id, by=somebody.account_id, now=now())
        return code, Answer(url_for("director.account", account_id=account_id), _shown_before())

    return _sheet(*shown_once(work))


@blueprint.post("/accounts/<account_id>/end")
def end_account(account_id: str) -> Response:
    """End an account: it holds from its next click on."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        name = keeping.end_account(db, somebody.community_id, account_id, by=somebody.account_id, now=now())
        return Answer(url_for("director.accounts"), _("%(name)s can no longer sign in.", name=name))

    return once(work)


@blueprint.post("/accounts/<account_id>/open")
def open_account(account_id: str) -> Response:
    """Open an ended account again; its old password is gone."""
    somebody, today = principal(), _today()

    def work(db: DbSession) -> Answer:
        keeping.reopen_account(db, somebody.community_id, account_id, by=somebody.account_id, today=today, now=now())
        said = _("The account is open again. Print a code, so that a new password can be chosen.")
        return Answer(url_for("director.account", account_id=account_id), said)

    return once(work)


@blueprint.post("/accounts/<account_id>/sign-ins")
def end_sign_ins(account_id: str) -> Response:
    """Sign an account out everywhere, as when a tablet was lost."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        name = keeping.end_sign_ins(db, somebody.community_id, account_id, by=somebody.account_id, now=now())
        said = _("%(name)s is signed out everywhere. The password still holds.", name=name)
        return Answer(url_for("director.account", account_id=account_id), said)

    return once(work)


def _sheet(code: str | None, answer: Answer) -> Response:
    """The page to print: it holds the code, once; the form that comes a second time is told that it did."""
    if code is None:
        return once(lambda _db: answer)
    line = _kept(answer.path.rpartition("/")[2])
    address = bound().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    response = page(
        "director/community/code.html",
        nav="director.accounts",
        line=line,
        code=code,
        address=address + url_for("account.new_password"),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _kept(account_id: str) -> AccountLine:
    for line in accounts_of(reader(), principal().community_id, now=now()):
        if line.account_id == account_id and line.is_kept_here:
            return line
    raise NotFound("There is no such account.")


def _shown_before() -> str:
    return str(_("The code was shown once. If it was not kept, print another one."))


def _today() -> date:
    return today_in(principal().timezone, now())
