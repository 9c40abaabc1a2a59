"""A run as it is asked for: of a plan, of choices for a published week, of what would be if, or of ways out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from milieu.calendar.weeks import Week
from milieu.ids import new_id
from milieu.models import Run

LIFTING = "lifting"
"""The kind of a run that tries what could be lifted of an impossible week: asked for with the run that found it so."""


def queued_run(
    community_id: str,
    kind: str,
    week: Week,
    *,
    seconds: int,
    by: str | None,
    now: datetime,
    open_week: str | None = None,
    asked: Mapping[str, Any] | None = None,
) -> Run:
    """A run that waits for its turn, not yet written down. Of one `open_week` only one is under way at a time."""
    run = Run(
        community_id=community_id,
        id=new_id(),
        kind=kind,
        state="queued",
        week_start=week.start,
        open_week=open_week,
        requested_at=now,
        requested_by=by,
        seconds_limit=seconds,
        seed=week.seed,
    )
    if asked is not None:  # where nothing is, the column is empty and holds no document that says so
        run.asked = dict(asked)
    return run
