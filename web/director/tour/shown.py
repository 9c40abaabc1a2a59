"""The tour: a strip above each of its pages, going on from step to step, ending it, and beginning it again."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.services.access.tours import go_to_step
from milieu.services.house.readiness import is_published
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.tour.addresses import address_of
from web.director.tour.steps import BOARD, Step, number_of, steps
from web.forms import once
from web.guards.principal import principal, principal_or_none
from web.pages import page

END = "end"
QUIET = ("director.tour", "director.take_step", "director.tour_page")  # the tour's own page says where it stands


@dataclass(frozen=True)
class Strip:
    """What stands above a page while somebody is shown around. `is_here`: the page is one that the step is about.

    `is_elsewhere`: it is the board in place of the step's page, which is not there yet or was left.
    """

    step: Step
    number: int
    count: int
    is_here: bool
    is_elsewhere: bool
    before: str
    after: str


@blueprint.app_context_processor
def strip() -> dict[str, Any]:
    """The strip of every page of a director who is being shown around."""
    somebody = principal_or_none()
    if somebody is None or somebody.tour_at is None or "director" not in somebody.roles:
        return {"tour": None}
    endpoint = request.endpoint or ""
    if endpoint in QUIET or not endpoint:
        return {"tour": None}
    every, at = steps(), number_of(somebody.tour_at)
    step, is_here = every[at], endpoint in every[at].endpoints
    if not at and not is_here and not is_published(reader(), somebody.community_id):
        return {"tour": None}  # who enters a community from nothing is shown one way at a time
    return {
        "tour": Strip(
            step,
            at + 1,
            len(every),
            is_here=is_here,
            is_elsewhere=not is_here and bool(step.elsewhere) and endpoint == BOARD,
            before=every[at - 1].key if at else "",
            after=every[at + 1].key if at + 1 < len(every) else END,
        )
    }


@blueprint.get("/tour")
def tour() -> Response:
    """What the tour shows, where it stands, and each step to begin at."""
    at = principal().tour_at
    return page("director/tour/steps.html", steps=steps(), at=None if at is None else _step_at(at), end=END)


@blueprint.get("/tour/page")
def tour_page() -> Response:
    """To the page of the present step."""
    at = principal().tour_at
    return redirect(url_for("director.tour") if at is None else address_of(reader(), _step_at(at)))


@blueprint.post("/tour")
def take_step() -> Response:
    """Go to a step, or end the tour. Raises Invalid for a step that there is not."""
    wanted = request.form.get("to", "")
    if wanted != END and wanted not in {step.key for step in steps()}:
        raise Invalid(_("There is no such step. Please choose one of those that are named."))

    def work(db: DbSession) -> Answer:
        go_to_step(db, principal().account_id, None if wanted == END else wanted)
        if wanted == END:
            return Answer(
                url_for("director.this_week"), _("The tour is over. “Show me around”, under House, begins it again.")
            )
        return Answer(url_for("director.tour_page"), "")

    return once(work)


def _step_at(key: str) -> Step:
    return steps()[number_of(key)]
