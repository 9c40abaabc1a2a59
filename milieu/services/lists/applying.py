"""The yes to lists that wait: all of them are brought in, just as they were shown, or nothing is."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.ids import new_id
from milieu.imports.lists import read_lists
from milieu.imports.uploads.reading import unpack
from milieu.imports.watching import KEEPING, begin, heed
from milieu.models import Limit, ListChange, ListUpload, Refusal, Resident, Stay, Tie
from milieu.services.choices.limiting import withdraw_rights_everywhere
from milieu.services.lists.expiry import DONE
from milieu.services.lists.previews import Preview, preview_of, refused
from milieu.services.lists.snapshots import RowChange, differences, take_snapshot
from milieu.services.lists.waiting import TakenBack, plans_of, waiting_upload, with_people_here, written
from milieu.services.teller import Teller
from milieu.services.weeks.editions import lock_facts

KEPT = timedelta(days=30)
ABOUT_RIGHTS = {table.__tablename__ for table in (Limit, Refusal, Resident, Stay, Tie)}
"""Rows that may say that somebody is not to be invited to something any more."""


@dataclass(frozen=True)
class BroughtIn:
    """Lists that were brought in; `withdrawn` is how many published invitations a right in them spoke against."""

    withdrawn: int


def apply(
    db: DbSession, community_id: str, upload_id: str, *, seen: str, ticks: Collection[str], by: str, now: datetime
) -> BroughtIn | None:
    """Bring lists in, in the caller's unit of work; None where they would now do something else than was `seen`.

    A no, a limit, two kept apart or a leaving holds at once, as where a person tells it: whom it is about is out of
    every published session to come. Where it is None, what they would do is kept to be looked at, and nothing else is
    written. `ticks`: what was agreed to beside the rest. Raises NotFound, Conflict where a tick is missing, Invalid
    where something has to be mended first; Stopped.
    """
    lock_facts(db, community_id)
    row = waiting_upload(db, community_id, upload_id)
    shown = preview_of(row.preview or refused(()).as_json())
    if shown.problems:
        raise Invalid("Nothing was brought in: something needs mending first.", shown.problems)
    if missing := [tick for tick in shown.ticks if tick.name not in ticks]:
        raise Conflict("Nothing was brought in: please tick what is meant to end.", at=f"tick-{missing[0].name}")
    lists = read_lists(db, community_id, unpack(row.sheets or b""), plans_of(row), now=now)
    if lists.problems:
        _looked_at_again(db, row, refused(lists.problems, lists.remarks))
        return None
    before = take_snapshot(db, community_id)
    try:
        with db.begin_nested():
            done = written(db, row, lists, now=now)
            if done.digest != seen or shown.digest != seen:
                raise TakenBack(done)
    except TakenBack as other:
        _looked_at_again(db, row, with_people_here(db, row, other.preview))
        return None
    begin(KEEPING)
    changes = list(differences(before, take_snapshot(db, community_id)))
    _keep(db, row, changes)
    row.state, row.expires_at, row.at, row.account_id = DONE, now + KEPT, now, by
    row.counts = _counted(done)
    row.sheets = row.preview = row.plans = None
    db.flush()
    is_about_rights = any(change.noun in ABOUT_RIGHTS for change in changes)
    teller = Teller(community_id, by, now)
    withdrawn = withdraw_rights_everywhere(db, teller) if is_about_rights else 0
    heed()
    return BroughtIn(withdrawn)


def _looked_at_again(db: DbSession, row: ListUpload, found: Preview) -> None:
    row.preview = found.as_json()
    db.flush()


def _keep(db: DbSession, row: ListUpload, changes: Sequence[RowChange]) -> None:
    if changes:
        db.execute(insert(ListChange), list(_kept(row, changes)))


def _kept(row: ListUpload, changes: Sequence[RowChange]) -> Iterator[dict[str, object]]:
    for change in changes:
        yield {
            "id": new_id(),
            "community_id": row.community_id,
            "upload_id": row.id,
            "noun": change.noun,
            "row_id": change.row_id,
            "before": change.before,
            "after": change.after,
        }


def _counted(done: Preview) -> dict[str, dict[str, int]]:
    return {
        table.file: {
            "new": table.added,
            "changed": table.changed,
            "back": table.returned,
            "ended": table.ended,
            "unchanged": table.unchanged,
        }
        for table in done.tables
    }
