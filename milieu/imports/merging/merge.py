"""Facts of the files into the database's rows: found again by key, added, changed, ended, brought back.

What an import brought, an import may end. What people noted in Milieu itself is not in the files and stays; where they
ended something that the files still list, it stays ended, and the report says so.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert, select

from milieu.database import DbSession
from milieu.ids import new_id
from milieu.imports.merging import naming
from milieu.imports.merging.facts import Fact
from milieu.imports.merging.losses import Losses, alike
from milieu.imports.merging.reports import Difference, Touched
from milieu.imports.tables.cells import fold, quoted
from milieu.imports.tables.description import Table, Values
from milieu.imports.watching import more
from milieu.models import Base, Change

ADDED, CHANGED, RETURNED, ENDED = "imported", "changed by import", "returned by import", "ended by import"
VERBS = (ADDED, CHANGED, RETURNED, ENDED)

Identity = tuple[Any, ...]


@dataclass
class Counts:
    """What became of a table's rows: `returned` had ended and are back."""

    added: int = 0
    changed: int = 0
    returned: int = 0
    ended: int = 0
    unchanged: int = 0


@dataclass
class Merge:
    """One import under way. `ids`: of each file's keys, whatever their capitals; `keys`: of all those ids.

    `losses`: what ends by a missing row; `touched`: what became of which other rows; `open_ended`: files of which
    a missing row says nothing.
    `brought`: the rows that imports brought, with the ends that files gave them; `closed`: the ends that imports set
    because a row was gone from its file.
    """

    db: DbSession
    community_id: str
    now: datetime
    today: date
    by: str | None
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    losses: Losses = field(default_factory=Losses)
    touched: list[Touched] = field(default_factory=list)
    open_ended: frozenset[str] = frozenset()
    brought: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    closed: set[tuple[str, str, str]] = field(default_factory=set)
    journal: list[Values] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, verb: str, noun: str, row_id: str, before: Values | None, after: Values | None) -> None:
        """A row for the journal of changes."""
        self.journal.append(
            {
                "community_id": self.community_id,
                "at": self.now,
                "account_id": self.by,
                "verb": verb,
                "noun": noun,
                "row_id": row_id,
                "before": before,
                "after": after,
            }
        )

    def know(self, file: str, keys: dict[str, str]) -> None:
        """Remember the keys of a file's rows, by id; of two that differ in capitals alone the first counts."""
        self.keys |= keys
        self.ids[file] = {fold(key): row_id for row_id, key in reversed(keys.items())}

    def recognise(self, table: Table) -> None:
        """Know the keys of a table's rows as the database has them."""
        model: Any = table.model
        rows = self.db.execute(select(model.id, model.key).where(model.community_id == self.community_id))
        self.know(table.file, {row.id: row.key for row in rows})

    def write_journal(self) -> None:
        """All of it at once: a first import has thousands of lines."""
        if self.journal:
            self.db.execute(insert(Change), self.journal)

    def recall(self) -> None:
        """Read which rows earlier imports brought, and which ends they set."""
        rows = self.db.execute(
            select(Change.verb, Change.noun, Change.row_id, Change.after).where(
                Change.community_id == self.community_id, Change.verb.in_(VERBS)
            )
        )
        for verb, noun, row_id, after in rows:
            ends, end = self.brought[noun, row_id], (after or {}).get("end")
            if end is not None and verb == ENDED:
                self.closed.add((noun, row_id, end))
            elif end is not None:
                ends.add(end)


def merge_table(merge: Merge, table: Table, facts: list[Fact]) -> Counts:
    """Make a table's rows say what the file says; everything is written but the journal."""
    counts, added = Counts(), []
    rows = _Present(merge, table)
    wanted = [(fact, _resolved(merge, table, fact.values)) for fact in facts]
    pairs = rows.pair([values for _, values in wanted])
    for (fact, values), row in zip(wanted, pairs, strict=True):
        more()
        if row is None:
            added.append(_new(merge, table, fact, values))
        else:
            _update(merge, table, fact, values, row, counts)
    left = () if table.file in merge.open_ended else rows.left_over()
    gone = [row for row in left if _end(merge, table, row, counts)]
    _tell_losses(merge, table, gone, added, rows.held, len(facts))
    if added:
        merge.db.flush()
        _insert(merge.db, table, added)
    merge.db.flush()
    counts.added = len(added)
    if table.has_key:
        merge.know(table.file, rows.keys() | {row["id"]: row["key"] for row in added})
    return counts


def _tell_losses(merge: Merge, table: Table, gone: list[Any], added: list[Values], held: int, wanted: int) -> None:
    """Name what has ended because it is gone from its file, and what came under another key instead."""
    losses = merge.losses
    named = sorted((naming.gone(merge.keys, table, row) for row in gone), key=lambda each: each.what)
    losses.weigh(table, named, added, held, wanted)
    losses.ended_ids |= {row.id for row in gone}
    if table.likeness:
        ended = [(row.key, [getattr(row, name) for name in table.likeness]) for row in gone]
        losses.likely += alike(table, ended, added)


class _Present:
    """The rows of a table that are there already, to be found again."""

    def __init__(self, merge: Merge, table: Table) -> None:
        self.merge, self.table = merge, table
        model: Any = table.model
        self.rows = merge.db.scalars(select(model).where(model.community_id == merge.community_id)).all()
        self.free = {row.id: row for row in self.rows}
        self.held = sum((_noun(table), row.id) in merge.brought and is_live(merge, table, row) for row in self.rows)

    def pair(self, wanted: list[Values]) -> list[Any]:
        """The row of each fact, None where there is none. First those that agree in all that makes them the same, then
        those that still hold and differ only in the day from which they do."""
        found = self._match(wanted, [None] * len(wanted), self.table.same, must_live=False)
        if "valid_from" in self.table.same:
            same = tuple(name for name in self.table.same if name != "valid_from")
            found = self._match(wanted, found, same, must_live=True)
        return found

    def left_over(self) -> Iterator[Any]:
        yield from self.free.values()

    def keys(self) -> dict[str, str]:
        return {row.id: row.key for row in self.rows}

    def _match(self, wanted: list[Values], found: list[Any], same: tuple[str, ...], *, must_live: bool) -> list[Any]:
        known: dict[Identity, list[Any]] = defaultdict(list)
        for row in sorted(self.free.values(), key=lambda row: (self._end(row), row.id)):
            if self._end(row) == date.max or not must_live or is_live(self.merge, self.table, row):
                known[_identity(same, {name: getattr(row, name) for name in same})].append(row)
        for place, values in enumerate(wanted):
            if found[place] is None and (rows := known[_identity(same, values)]):
                found[place] = rows.pop()
                del self.free[found[place].id]
        return found

    def _end(self, row: Any) -> date:
        end: date | None = getattr(row, self.table.ending.field) if self.table.ending else None
        return end or date.max


def _identity(same: tuple[str, ...], values: Values) -> Identity:
    """What makes two rows the same; keys are compared whatever their capitals."""
    return tuple(fold(values[name]) if name == "key" else values[name] for name in same)


def is_live(merge: Merge, table: Table, row: Any) -> bool:
    """Whether a row holds today or later."""
    return table.ending is None or table.ending.is_live(getattr(row, table.ending.field), merge.today)


def _resolved(merge: Merge, table: Table, values: Values) -> Values:
    """References as ids, pairs in order."""
    resolved = dict(values)
    for column in table.columns:
        key = resolved.get(column.attribute)
        if column.refers_to and key is not None:
            resolved[column.attribute] = merge.ids[column.refers_to][fold(key)]
    if table.unordered:
        one, other = table.unordered
        resolved[one], resolved[other] = sorted((resolved[one], resolved[other]))
    return resolved


def _new(merge: Merge, table: Table, fact: Fact, values: Values) -> Values:
    row = {"id": new_id(), "community_id": merge.community_id, **values}
    after: Values = {"file": table.file, "row": fact.row}
    if table.ending:
        after["end"] = _plain(values.get(table.ending.field))
    merge.note(ADDED, _noun(table), row["id"], None, after)
    shown = SimpleNamespace(**row)
    what, about = naming.what(merge.keys, table, shown), naming.subjects(table, shown)
    merge.touched.append(Touched(ADDED, table.file, fact.row, what, subjects=about))
    return row


def _insert(db: DbSession, table: Table, added: list[Values]) -> None:
    """All new rows at once: a first import has thousands of them."""
    rows: dict[type[Base], list[Values]] = defaultdict(list)
    for values in added:
        for model, part in table.parts(values) if table.parts else ((table.model, values),):
            rows[model].append(part)
    for model, parts in rows.items():
        db.execute(insert(model), parts)


def _update(merge: Merge, table: Table, fact: Fact, values: Values, row: Any, counts: Counts) -> None:
    was_live = is_live(merge, table, row)
    if table.ending and table.ending.field not in values:  # a table whose file has no column for it
        values = {**values, table.ending.field: None}
        fact = replace(fact, absent=fact.absent | {table.ending.field})
    beginning = table.renew(row, values, _was_closed(merge, table, row)) if table.renew else None
    kept = fact.absent if beginning else _kept(merge, table, fact, values, row)
    kept |= {"key"}  # found by it; its capitals are no news
    changed = {
        name: value for name, value in values.items() if name not in kept and _differs(getattr(row, name), value)
    }
    if not changed:
        counts.unchanged += 1
        return
    _look_at(merge, table, fact, values, row)
    before = {name: _plain(getattr(row, name)) for name in changed}
    after = {name: _plain(value) for name, value in changed.items()}
    if beginning:
        beginning.start()
        changed |= {name: values[name] for name in beginning.attributes}
    for name, value in changed.items():
        setattr(row, name, value)
    verb = RETURNED if not was_live and is_live(merge, table, row) else CHANGED
    named = {column.attribute for column in table.columns if column.refers_to}
    about = naming.subjects(table, row)
    differences = tuple(
        Difference(name, *(merge.keys.get(value, value) if name in named else value for value in (before[name], new)))
        for name, new in after.items()
    )
    merge.touched.append(Touched(verb, table.file, fact.row, naming.what(merge.keys, table, row), differences, about))
    counts.returned += verb == RETURNED
    counts.changed += verb == CHANGED
    if table.ending and table.ending.field in after:
        after["end"] = after[table.ending.field]
    merge.note(verb, _noun(table), row.id, before, after)


def _kept(merge: Merge, table: Table, fact: Fact, values: Values, row: Any) -> frozenset[str]:
    """The attributes that stay as they are: those without a column, and an end that people set in Milieu.

    An end that an import set, because the row was gone, goes when the row is back, whatever columns the file has.
    """
    if table.ending is None:
        return fact.absent
    held, wanted = getattr(row, table.ending.field), values[table.ending.field]
    end = frozenset((table.ending.field, *table.ending.beside))
    if _was_closed(merge, table, row):
        return fact.absent - end
    is_the_files = held is None or _plain(held) in merge.brought.get((_noun(table), row.id), ())
    if is_the_files or (wanted is not None and wanted <= held):
        return fact.absent
    which = f" {quoted(row.key)}" if table.has_key else ""
    merge.notes.append(
        f"{table.file} row {fact.row}: this {table.noun}{which} was ended in Milieu ({held}) and stays ended; "
        "take the row out of the file, or bring it back in Milieu"
    )
    return fact.absent | end


def _was_closed(merge: Merge, table: Table, row: Any) -> bool:
    """Whether an import set the end that a row has, because the row was gone from its file."""
    if table.ending is None:
        return False
    return (_noun(table), row.id, _plain(getattr(row, table.ending.field))) in merge.closed


def _look_at(merge: Merge, table: Table, fact: Fact, values: Values, row: Any) -> None:
    """Note what about a row that changes wants a look, before it does."""
    if table.remark and not _was_closed(merge, table, row):
        told = {name: value for name, value in values.items() if name not in fact.absent}
        merge.notes += [f"{table.file} row {fact.row}: {sentence}" for sentence in table.remark(row, told)]
    if table.protects and table.protects(row) and not table.protects(SimpleNamespace(**values)):
        merge.losses.gone.append(naming.gone(merge.keys, table, row))


def _end(merge: Merge, table: Table, row: Any, counts: Counts) -> bool:
    """End a row that an import brought and the file no longer has; whether there was anything to end."""
    if (_noun(table), row.id) not in merge.brought or not is_live(merge, table, row):
        return False
    if table.ending is not None:
        held = getattr(row, table.ending.field)
        end = table.ending.close(row, merge.today)
        merge.note(ENDED, _noun(table), row.id, {table.ending.field: _plain(held)}, {"end": _plain(end)})
    elif table.has_key:
        return False  # a relative without a row has no consent left either; the person's own row stays
    else:
        kept = {name: _plain(getattr(row, name)) for name in table.same}
        merge.db.delete(row)
        merge.note(ENDED, _noun(table), row.id, kept, None)
    counts.ended += 1
    return True


def _differs(held: Any, value: Any) -> bool:
    """Whether a row holds another value than a file says. Cells have no line breaks and no blanks at their ends: what
    people wrote on a page in several lines is the same text there."""
    if isinstance(held, str) and isinstance(value, str) and held != value:
        return " ".join(unicodedata.normalize("NFC", held).split()) != value
    return bool(held != value)


def _noun(table: Table) -> str:
    return str(table.model.__tablename__)


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value
