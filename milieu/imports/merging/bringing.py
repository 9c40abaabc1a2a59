"""A community's records, read and found without fault, into the database: its own row first, then table by table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.ids import new_id
from milieu.imports.merging.facts import escort_windows, escorts, facts, travel
from milieu.imports.merging.losses import Losses
from milieu.imports.merging.merge import ADDED, CHANGED, RETURNED, Counts, Merge, merge_table
from milieu.imports.merging.moving import moves_to_come
from milieu.imports.merging.overlaps import overlapping_stays
from milieu.imports.merging.reports import Difference, ImportReport, RowReport, TableReport, Touched
from milieu.imports.tables.cells import fold
from milieu.imports.tables.description import Record, Values
from milieu.imports.tables.people import MOVES, STAYS
from milieu.imports.tables.places import COMMUNITY, ESCORTS, SETTINGS, TRAVEL
from milieu.imports.tables.registry import BY_FILE, TABLES
from milieu.imports.watching import WRITING, begin
from milieu.models import Community, CommunitySettings, FactRevision

Records = Mapping[str, list[Record]]
_SAID = {ADDED: "new", CHANGED: "changed", RETURNED: "back"}


@dataclass(frozen=True)
class Brought:
    """What was written (`touched`: every row that came or changed), what that ended, and what about it cannot stay:
    stays of one person that overlap."""

    report: ImportReport
    touched: tuple[Touched, ...]
    losses: Losses
    overlaps: tuple[str, ...]


def bring(
    db: DbSession,
    records: Records,
    remarks: Iterable[str],
    *,
    now: datetime,
    by: str | None,
    told: frozenset[str] = frozenset(BY_FILE),
    open_ended: frozenset[str] = frozenset(),
) -> Brought:
    """Write the records, in the caller's unit of work; whether that may stay is the caller's to say.

    `told`: the files that speak; the records of others are only what those refer to. `open_ended`: files of which a
    missing row says nothing.
    """
    merge, counts = _merge_community(db, records, now=now, by=by)
    merge.open_ended = open_ended
    begin(WRITING, sum(len(each) for file, each in records.items() if file in told))
    lines = [_line(COMMUNITY.file, counts)] if told & {COMMUNITY.file, ESCORTS.file, TRAVEL.file} else []
    for table in TABLES:
        if table in (COMMUNITY, ESCORTS, TRAVEL) or table.file not in records:
            continue
        if table.file in told:
            wanted = facts(table, records)
            if table is MOVES:
                wanted = moves_to_come(merge, wanted)
            lines.append(_line(table.file, merge_table(merge, table, wanted)))
        elif table.has_key:
            merge.recognise(table)
    merge.write_journal()
    overlaps = tuple(overlapping_stays(db, merge.community_id)) if STAYS.file in records else ()
    report = ImportReport(
        merge.community_id,
        str(records[COMMUNITY.file][0].values["name"]),
        tuple(lines),
        (*remarks, *merge.notes, *merge.losses.likely),
        tuple(_rows(merge)),
        tuple(merge.losses.halts),
    )
    return Brought(report, tuple(merge.touched), merge.losses, overlaps)


def _rows(merge: Merge) -> Iterator[RowReport]:
    for gone in merge.losses.gone:
        yield RowReport("ended", gone.file, gone.noun, gone.what, gone.is_protection)
    for each in merge.touched:
        table = BY_FILE[each.file]
        if each.verb == RETURNED or (table.has_key and table is not COMMUNITY):
            yield RowReport(_SAID[each.verb], each.file, table.noun, each.what, is_protection=False)


def _line(file: str, counts: Counts) -> TableReport:
    return TableReport(file, counts.added, counts.changed, counts.returned, counts.ended, counts.unchanged)


def _merge_community(db: DbSession, records: Records, *, now: datetime, by: str | None) -> tuple[Merge, Counts]:
    """The community's own row and its settings, made or changed."""
    wanted = records[COMMUNITY.file][0]
    values, key = wanted.values, str(wanted.values["key"])
    counts = Counts()
    row = next((each for each in db.scalars(select(Community)) if fold(each.key) == fold(key)), None)
    is_new = row is None
    if row is None:
        row = Community(id=new_id(), key=key, name=values["name"], timezone=values["timezone"], created_at=now)
        db.add(row)
        db.flush()
        db.add(CommunitySettings(community_id=row.id))
        db.flush()
    _hold(db, row.id)
    settings = db.get_one(CommunitySettings, row.id)
    merge = Merge(db, row.id, now, local_day(now, str(values["timezone"])), by)
    merge.recall()
    own = {name: values[name] for name in ("name", "timezone", "is_made_up") if name not in wanted.absent}
    before = _set(row, own) | _set(settings, _settings(records, settings))
    counts.added, counts.changed = int(is_new), int(bool(before) and not is_new)
    counts.unchanged = int(not before and not is_new)
    if is_new or before:
        after = {name: getattr(row if name in own else settings, name) for name in before}
        verb = ADDED if is_new else CHANGED
        merge.note(verb, Community.__tablename__, row.id, None if is_new else before, after)
        changes = () if is_new else tuple(Difference(name, before[name], after[name]) for name in before)
        merge.touched.append(Touched(verb, COMMUNITY.file, 0, row.name, changes))
    db.flush()
    return merge, counts


def _hold(db: DbSession, community_id: str) -> None:
    """Let nobody else write facts until all of these are: PostgreSQL would refuse whoever comes to them later."""
    db.execute(select(Community.id).where(Community.id == community_id).with_for_update(key_share=True))
    db.execute(select(FactRevision.token).where(FactRevision.community_id == community_id).with_for_update())


def _settings(records: Records, held: CommunitySettings) -> Values:
    """The settings that the files speak of."""
    community = records[COMMUNITY.file][0]
    found = {name: community.values[name] for name in SETTINGS if community.values[name] is not None}
    default, windows = (held.escorts or {}).get("default"), (held.escorts or {}).get("windows", [])
    if "escorts_default" not in community.absent:
        default = community.values["escorts_default"]
    if ESCORTS.file in records:
        windows = escort_windows(records[ESCORTS.file])
    found["escorts"] = escorts(default, windows)
    if TRAVEL.file in records:
        found["travel"] = travel(records[TRAVEL.file]) or None
    return found


def _set(row: Community | CommunitySettings, values: Values) -> Values:
    """Give a row these values; those that it had, where they differ."""
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    for name in before:
        setattr(row, name, values[name])
    return before
