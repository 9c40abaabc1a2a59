"""Lists in: CSV files and workbooks handed in, shown as a difference, brought in as a whole, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.imports.watching import Stopped
from milieu.queries.lists import ListLine, list_lines, waiting_lists
from milieu.services.lists import applying, undoing, waiting
from milieu.services.lists.previews import preview_of
from milieu.services.lists.sheets import Said, shown_sheets, table_choices
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.community.under_way import watched
from web.forms import once, seen_version, tell
from web.guards.principal import principal
from web.pages import page


@dataclass(frozen=True)
class Refused:
    """What a form was refused with, and where: a sentence, and the sentences below it."""

    sentence: str
    because: tuple[str, ...]
    at: str
    upload_id: str = ""

    @classmethod
    def by(cls, error: Invalid | Conflict, upload_id: str = "") -> "Refused":
        because = error.problems if isinstance(error, Invalid) else error.because
        return cls(error.sentence, because, error.at, upload_id)


@blueprint.get("/lists")
def lists() -> Response:
    """What can be handed in and taken out, what waits, and what was brought in."""
    return _lists()


@blueprint.post("/lists")
def hand_in() -> Response:
    """Take files in; they wait until somebody has looked at what they would do."""
    somebody = principal()
    files = [(each.filename or "", each.read()) for each in request.files.getlist("files") if each.filename]

    def take_in() -> Response:
        uploads = waiting.read_files(files)

        def work(db: DbSession) -> Answer:
            upload_id = waiting.take_in(db, somebody.community_id, uploads, by=somebody.account_id, now=now())
            return Answer(url_for("director.waiting_list", upload_id=upload_id))

        return once(work)

    try:
        return _unless_stopped(take_in, url_for("director.lists"))
    except Invalid as error:
        if not error.at:
            raise
        return _lists(Refused.by(error), 422)


@blueprint.get("/lists/<upload_id>")
def waiting_list(upload_id: str) -> Response:
    """What lists that wait would do, and what each sheet is taken for."""
    return _waiting(upload_id)


@blueprint.post("/lists/<upload_id>/sheets")
def choose_sheets(upload_id: str) -> Response:
    """Take the sheets for what the form says."""
    somebody, version = principal(), seen_version()
    held = waiting_lists(reader(), somebody.community_id, upload_id, now=now())
    said = [_said(place, len(plan["columns"]), plan["file"]) for place, plan in enumerate(held.plans)]

    def work(db: DbSession) -> Answer:
        waiting.choose(db, somebody.community_id, upload_id, said, version=version, now=now())
        return Answer(url_for("director.waiting_list", upload_id=upload_id), _("This is what it would do now."))

    return _unless_stopped(lambda: once(work), url_for("director.waiting_list", upload_id=upload_id))


@blueprint.post("/lists/<upload_id>/bring-in")
def bring_in(upload_id: str) -> Response:
    """Bring the lists in, as they were shown."""
    somebody, form = principal(), request.form
    ticks = {name.removeprefix("tick-") for name in form if name.startswith("tick-")}
    seen = form.get("seen", "")

    def work(db: DbSession) -> Answer:
        done = applying.apply(
            db, somebody.community_id, upload_id, seen=seen, ticks=ticks, by=somebody.account_id, now=now()
        )
        if done is not None:
            return Answer(url_for("director.lists", _anchor="done"), _brought_in(done.withdrawn))
        again = _("Nothing was brought in: something here has changed meanwhile. This is what the lists would do now.")
        return Answer(url_for("director.waiting_list", upload_id=upload_id), again)

    try:
        return _unless_stopped(lambda: once(work), url_for("director.waiting_list", upload_id=upload_id))
    except Conflict as error:
        if not error.at:
            raise
        return _waiting(upload_id, Refused.by(error), 409)


@blueprint.post("/lists/<upload_id>/drop")
def drop_list(upload_id: str) -> Response:
    """Throw lists away that wait."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        waiting.drop(db, somebody.community_id, upload_id)
        return Answer(url_for("director.lists"), _("The lists are thrown away. Nothing was brought in."))

    return once(work)


@blueprint.post("/lists/<upload_id>/take-back")
def take_list_back(upload_id: str) -> Response:
    """Take an import back; where something has changed since, say what, and offer the rest."""
    somebody, rest = principal(), request.form.get("rest") == "yes"

    def work(db: DbSession) -> Answer:
        done = undoing.undo(
            db, somebody.community_id, upload_id, by=somebody.account_id, now=now(), whatever_changed=rest
        )
        if done.kept:
            said = _("Taken back, but for these: %(names)s.", names="; ".join(name[:60] for name in done.kept[:4]))
        else:
            said = _("Taken back: everything is as it was before these lists.")
        return Answer(url_for("director.lists", _anchor="done"), said)

    try:
        return once(work)
    except Conflict as error:
        if not error.because:
            raise
        return _lists(Refused.by(error, upload_id), 409)


def _unless_stopped(answer: Callable[[], Response], back: str) -> Response:
    """What a form that takes lists in is answered; where its reader stopped it, the page that it stood on."""
    try:
        with watched(request.form.get("form_key", "")):
            return answer()
    except Stopped as stopped:
        tell(stopped.sentence)
        return redirect(back, 303)


def _lists(refused: Refused | None = None, status: int = 200) -> Response:
    lines = list_lines(reader(), principal().community_id, now=now())
    return page(
        "director/community/lists.html",
        status=status,
        nav="director.lists",
        refused=refused,
        waiting=[line for line in lines if line.state == "waiting"],
        done=[line for line in lines if line.state != "waiting"],
        counted=_counted,
    )


def _waiting(upload_id: str, refused: Refused | None = None, status: int = 200) -> Response:
    held = waiting_lists(reader(), principal().community_id, upload_id, now=now())
    preview = preview_of(held.preview)
    sheets = list(enumerate(shown_sheets(held.sheets, held.plans)))
    return page(
        "director/community/waiting_list.html",
        status=status,
        nav="director.lists",
        shows=preview.people,
        refused=refused,
        ticked=set(request.form) if refused else set(),
        held=held,
        preview=preview,
        others=[each for each in sheets if not each[1].is_ours],
        ours=[each for each in sheets if each[1].is_ours],
        tables=table_choices(),
    )


def _said(place: int, columns: int, file_before: str) -> Said:
    """What the form says of a sheet. Where it names another table than before, its columns are not known yet."""
    form = request.form
    if (file := form.get(f"file-{place}", "")) != file_before:
        return Said(file, (), is_whole=False, order="")
    return Said(
        file,
        tuple(form.get(f"column-{place}-{column}", "") for column in range(columns)),
        form.get(f"whole-{place}") == "yes",
        form.get(f"order-{place}", ""),
    )


def _counted(line: ListLine) -> str:
    """What came of an import, in words."""
    words = {"new": _("new"), "changed": _("changed"), "back": _("back"), "ended": _("ended")}
    told = [f"{line.total(kind)} {word}" for kind, word in words.items() if line.total(kind)]
    return ", ".join(told) or _("nothing new")


def _brought_in(withdrawn: int) -> str:
    said = _("The lists are brought in.")
    if not withdrawn:
        return said
    more = ngettext(
        "%(num)d invitation is withdrawn, for it holds at once.",
        "%(num)d invitations are withdrawn, for it holds at once.",
        withdrawn,
    )
    return f"{said} {more}"
