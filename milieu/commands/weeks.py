"""`milieu plan` and `milieu publish`: a week's draft made and published from the command line."""

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta

import click
from sqlalchemy import select

from milieu.clock import Clock, SystemClock
from milieu.commands.choosing import choose_community
from milieu.database import DbSession, Engines, reading, retrying
from milieu.errors import Conflict, NotFound, Unplannable
from milieu.installation.serving import open_engines
from milieu.models import Plan
from milieu.queries.week.runs import RunShown, find_run
from milieu.services.weeks.plans.planning import plan_now, request_run, request_stop
from milieu.services.weeks.publishing import make_ready, preview, publish
from milieu.settings import Settings
from milieu.solving.places import backend_of

_LOOK_SECONDS = 0.5
BETTER_STAYS = "The draft that was there is better as things are and stays; what was found now is set aside."
_SENTENCES = {
    "impossible": "No schedule can keep everything that this week asks for.",
    "stopped": "Planning was stopped before there was a schedule.",
    "failed": "Planning failed.",
}


def monday_of(day: date) -> date:
    """The Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


def run_plan(
    settings: Settings, week: date, *, community: str | None, seconds: int | None, is_published: bool, as_json: bool
) -> int:
    """Plan a week and wait for it; raises Unplannable where no schedule can be had."""
    engines, clock = open_engines(settings), SystemClock()
    try:
        with reading(engines) as db:
            community_id = choose_community(db, community).id
        run_id = retrying(
            engines, lambda db: request_run(db, community_id, week, by=None, now=clock.now(), seconds=seconds)
        )
        shown = _wait_for(engines, settings, clock, community_id, week, run_id, is_quiet=as_json)
        if shown.plan_id is None:
            raise Unplannable(shown.message or _SENTENCES[shown.state], shown.because)
        if shown.is_set_aside and is_published:
            raise Conflict(BETTER_STAYS)
        publication_id = _publish(engines, community_id, shown.plan_id, clock) if is_published else None
    finally:
        engines.dispose()
    if as_json:
        told = {
            "run": run_id,
            "plan": shown.plan_id,
            "publication": publication_id,
            "week": week.isoformat(),
            "objective": shown.objective,
            "bound": shown.bound,
            "notes": shown.notes,
        }
        click.echo(json.dumps(told))
        return 0
    click.echo(f"The week of {week.isoformat()} is planned, with a score of {shown.objective:,}.")
    for line in _left_out(shown.notes):
        click.echo(line)
    if shown.is_set_aside:
        click.echo(BETTER_STAYS)
        return 0
    hint = f"It is a draft: `milieu publish --week {week.isoformat()}` publishes it."
    click.echo("It is published." if publication_id else hint)
    return 0


def _left_out(notes: tuple[str, ...]) -> Iterator[str]:
    """Which demands the schedule does not meet, as the week's page tells them; nothing where it meets all."""
    if notes:
        many = "1 demand was" if len(notes) == 1 else f"{len(notes)} demands were"
        yield f"{many} left out or lowered:"
    yield from (f"  {note}" for note in notes)


def run_publish(settings: Settings, week: date, *, community: str | None, as_json: bool) -> int:
    """Publish a week's draft; raises NotFound where there is none, Conflict where it no longer holds."""
    engines, clock = open_engines(settings), SystemClock()
    try:
        with reading(engines) as db:
            community_id = choose_community(db, community).id
            plan_id = db.scalar(
                select(Plan.id).where(Plan.community_id == community_id, Plan.week_start == week, Plan.state == "draft")
            )
            if plan_id is None:
                raise NotFound(f"There is no draft for the week of {week.isoformat()}: `milieu plan` makes one.")
            counts = preview(db, community_id, plan_id, clock.now()).counts
        publication_id = _publish(engines, community_id, plan_id, clock)
    finally:
        engines.dispose()
    if as_json:
        told = {"publication": publication_id, "plan": plan_id, "week": week.isoformat(), "changes": counts}
        click.echo(json.dumps(told))
        return 0
    click.echo(f"The week of {week.isoformat()} is published.")
    changed = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    click.echo(f"Invitations: {changed or 'no change'}.")
    return 0


def _publish(engines: Engines, community_id: str, plan_id: str, clock: Clock) -> str:
    def work(db: DbSession) -> str:
        version = db.get_one(Plan, {"community_id": community_id, "id": plan_id}).version
        return publish(db, community_id, plan_id, version=version, by=None, now=clock.now())

    with reading(engines) as db:
        make_ready(db, community_id, plan_id, clock.now())
    return retrying(engines, work)


def _wait_for(
    engines: Engines, settings: Settings, clock: Clock, community_id: str, week: date, run_id: str, *, is_quiet: bool
) -> RunShown:
    """Do the run, unless a server does, until it has ended; Ctrl-C stops it and keeps the best."""
    child = backend_of(settings)  # what is wrong with it is told here, not in a thread

    def work_on() -> None:
        plan_now(engines, settings, clock, community_id, week, by=None, child=child)

    work = threading.Thread(target=work_on, daemon=True)
    work.start()
    pause, told = threading.Event(), ""
    while True:
        try:
            with reading(engines) as db:
                shown = find_run(db, community_id, run_id)
            if (line := _progress(shown)) not in ("", told) and not is_quiet:
                click.echo(line, err=True)
                told = line
            if not shown.is_open and not work.is_alive():
                return shown
            clock.wait(pause, _LOOK_SECONDS)
        except KeyboardInterrupt:
            retrying(engines, lambda db: request_stop(db, community_id, run_id, now=clock.now()))


def _progress(shown: RunShown) -> str:
    if not shown.improvements:
        return {"queued": "Waiting for its turn ...", "running": "Looking for a first schedule ..."}.get(
            shown.state, ""
        )
    best = shown.improvements[-1]
    return f"  {best.seconds:5.1f} s   score {best.objective:,}"
