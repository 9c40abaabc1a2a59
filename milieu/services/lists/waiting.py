"""Lists between their arrival and the yes: they wait in a bounded place, as cells and not as files, for a day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.imports.lists import Lists, bring_lists, read_lists
from milieu.imports.tables.cells import fold
from milieu.imports.tables.registry import BY_FILE
from milieu.imports.uploads.plans import SheetPlan, chosen, plan_of
from milieu.imports.uploads.proposing import Memory, Names, header_names, plain_heading, propose, propose_as
from milieu.imports.uploads.reading import Upload, Uploads, pack, read_uploads, unpack
from milieu.imports.watching import COLUMNS, begin, heed, more
from milieu.imports.writing.rows import Held, held_tables
from milieu.models import Community, ListHeading, ListUpload, Resident
from milieu.services.lists.expiry import WAITING, forget_old, make_room
from milieu.services.lists.previews import Preview, preview, refused
from milieu.services.lists.sheets import Said
from milieu.services.weeks.editions import lock_facts

WAITS = timedelta(days=1)
MOST_PACKED = 4_000_000  # bytes


class TakenBack(Exception):
    """What lists did, raised through the savepoint that thereby takes it back."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("taken back")
        self.preview = preview


def read_files(files: Sequence[tuple[str, bytes]]) -> Uploads:
    """The sheets of files; it takes longest of all, so it is done before a unit of work keeps others from saving.

    Raises Invalid, with a sentence for each file that cannot be read.
    """
    if not files:
        raise Invalid("Please choose a file first.", at="files")
    uploads = read_uploads(files, header_names())
    if uploads.problems:
        raise Invalid("Nothing was taken in: not everything can be read.", uploads.problems, at="files")
    return uploads


def take_in(db: DbSession, community_id: str, uploads: Uploads, *, by: str, now: datetime) -> str:
    """Let sheets wait, with a proposal of what each is; the id under which they do. Raises Invalid; Stopped."""
    packed = pack(uploads.sheets)
    if len(packed) > MOST_PACKED:
        raise Invalid("Nothing was taken in: that is too much at once.", at="files")
    lock_facts(db, community_id)
    forget_old(db, community_id, now=now)
    make_room(db, community_id, now=now)
    row = ListUpload(
        community_id=community_id,
        account_id=by,
        at=now,
        expires_at=now + WAITS,
        names=list(dict.fromkeys(upload.source for upload in uploads.sheets)),
        sheets=packed,
    )
    db.add(row)
    keep_plans(db, row, uploads.sheets, _proposals(db, community_id, uploads.sheets, now=now), now=now)
    heed()
    return row.id


def waiting_upload(db: DbSession, community_id: str, upload_id: str, *, version: int | None = None) -> ListUpload:
    """The row of lists that wait, to be changed by the caller alone.

    Raises NotFound where there is none, or no longer; Conflict where it is not what was seen.
    """
    row = db.get(ListUpload, (community_id, upload_id), with_for_update=True)
    if row is None or row.state != WAITING:
        raise NotFound("These lists do not wait here any more.")
    if version is not None and row.version != version:
        raise Conflict("These lists were looked at again meanwhile. Please look at what they would do now.")
    return row


def keep_plans(
    db: DbSession, row: ListUpload, sheets: Sequence[Upload], plans: Sequence[SheetPlan], *, now: datetime
) -> Preview:
    """Take the sheets for what the plans say, and try out what that would do."""
    row.plans = {"sheets": [plan.as_json() for plan in plans]}
    found = try_out(db, row, sheets, plans, now=now)
    row.preview = found.as_json()
    db.flush()
    return found


def choose(
    db: DbSession, community_id: str, upload_id: str, said: Sequence[Said], *, version: int, now: datetime
) -> None:
    """Take the sheets for what a person says, and remember it."""
    lock_facts(db, community_id)
    row = waiting_upload(db, community_id, upload_id, version=version)
    sheets, plans = unpack(row.sheets or b""), plans_of(row)
    if len(said) != len(plans):
        raise Conflict("These are other lists than before. Please look at them again.")
    likely = _likely(db, community_id, now=now)
    taken = []
    for upload, plan, each in zip(sheets, plans, said, strict=True):
        is_seen = bool(each.columns) or each.file not in BY_FILE
        if not is_seen:
            now_taken = propose_as(upload, each.file, likely.memory, likely.names, today=likely.today)
        else:
            now_taken = chosen(plan, each.file, each.columns, is_whole=each.is_whole, order=each.order)
        _remember(db, community_id, upload, now_taken, is_seen=is_seen, now=now)
        taken.append(now_taken)
    plans = taken
    keep_plans(db, row, sheets, plans, now=now)
    heed()


def try_out(
    db: DbSession, row: ListUpload, sheets: Sequence[Upload], plans: Sequence[SheetPlan], *, now: datetime
) -> Preview:
    """What the lists would do; all of it is taken back before this returns."""
    lists = read_lists(db, row.community_id, sheets, plans, now=now)
    if lists.problems:
        return refused(lists.problems, lists.remarks)
    try:
        with db.begin_nested():
            raise TakenBack(written(db, row, lists, now=now))
    except TakenBack as trial:
        return with_people_here(db, row, trial.preview)


def with_people_here(db: DbSession, row: ListUpload, found: Preview) -> Preview:
    """A preview that was taken back: whom it would have made is nobody who could be looked at."""
    there = set(db.scalars(select(Resident.id).where(Resident.community_id == row.community_id)))
    return replace(found, people=tuple(each for each in found.people if each in there))


def written(db: DbSession, row: ListUpload, lists: Lists, *, now: datetime) -> Preview:
    """Bring lists without problems in; what that did, or why it cannot stay."""
    try:
        brought = bring_lists(db, lists, now=now, by=row.account_id)
    except Invalid as error:
        return refused([error.sentence, *error.problems], lists.remarks)
    if brought.overlaps:
        return refused(brought.overlaps, lists.remarks)
    return preview(lists, brought)


def plans_of(row: ListUpload) -> list[SheetPlan]:
    """What the sheets are taken for."""
    return [plan_of(said) for said in (row.plans or {}).get("sheets", ())]


def drop(db: DbSession, community_id: str, upload_id: str) -> None:
    """Throw lists away that wait. Raises NotFound."""
    db.delete(waiting_upload(db, community_id, upload_id))
    db.flush()


@dataclass(frozen=True)
class _Likely:
    """What a proposal is made by."""

    memory: Memory
    names: Names
    today: date


def _likely(db: DbSession, community_id: str, *, now: datetime) -> _Likely:
    today = local_day(now, db.get_one(Community, community_id).timezone)
    held = held_tables(db, community_id, today)
    names = {file: _known(each) for file, each in held.items() if each.table.has_key}
    rows = db.scalars(select(ListHeading).where(ListHeading.community_id == community_id))
    return _Likely({(row.file, row.heading): row.column for row in rows}, names, today)


def _proposals(db: DbSession, community_id: str, sheets: Sequence[Upload], *, now: datetime) -> list[SheetPlan]:
    likely = _likely(db, community_id, now=now)
    begin(COLUMNS, len(sheets))
    plans = []
    for upload in sheets:
        plans.append(propose(upload, likely.memory, likely.names, today=likely.today))
        more()
    return plans


def _known(held: Held) -> frozenset[str]:
    return frozenset(
        fold(str(record.values[name])) for record in held.records for name in ("key", "name") if record.values.get(name)
    )


def _remember(
    db: DbSession, community_id: str, upload: Upload, plan: SheetPlan, *, is_seen: bool, now: datetime
) -> None:
    """Keep what this community's own headings were taken for; our own need no remembering.

    What is left out is only kept where somebody saw that it is.
    """
    if not plan.file or not upload.grid.rows:
        return
    table = BY_FILE[plan.file]
    ours = {plain_heading(name) for name in table.names}
    headings = [plain_heading(cell)[:80] for cell in upload.grid.rows[plan.header_row - 1]]
    known = {
        row.heading: row
        for row in db.scalars(
            select(ListHeading).where(ListHeading.community_id == community_id, ListHeading.file == plan.file)
        )
    }
    for heading, column in zip(headings, plan.columns, strict=False):
        if not heading or (heading in ours and heading == plain_heading(column)) or not (column or is_seen):
            continue
        if (row := known.get(heading)) is None:
            row = known[heading] = ListHeading(community_id=community_id, file=plan.file, heading=heading)
            db.add(row)
        row.column, row.at = column, now
    db.flush()
