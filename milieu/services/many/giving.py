"""Something for many residents saved in one unit of work, and taken back in one as far as nobody changed it since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.ids import new_id
from milieu.imports.tables import people
from milieu.models import Account, Change
from milieu.queries.names import names_of
from milieu.services.editing.parts import Part
from milieu.services.editing.saving import add_row, change_row, end_row, find_row
from milieu.services.editing.undoing import UNDONE, undo
from milieu.services.journal import record
from milieu.services.many.asking import BUSY, NEED_FIELD, Asked, begins_on
from milieu.services.many.effects import CHANGED, NEW, Effect, effects
from milieu.services.residents.parts import OWNER, part_of_noun
from milieu.services.teller import Teller

GIVEN, NOUN = "given", "many"
_END = Part("busy", people.BUSY, ("valid_until",), OWNER)


@dataclass(frozen=True)
class Given:
    """What was given to many at once: `lines` of the journal for `residents`. `is_undone`: it was taken back since."""

    id: str
    kind: str
    said: dict[str, str]
    residents: tuple[str, ...]
    lines: tuple[str, ...]
    by: str
    at: datetime
    is_undone: bool


def give(db: DbSession, teller: Teller, asked: Asked, residents: Sequence[str]) -> str:
    """Let something hold for residents, in the order in which they take turns; the id under which it is taken back.

    Raises Refused; NotFound where one of them is no resident; Conflict where it changes nothing for anybody.
    """
    found = [each for each in effects(db, teller, asked, residents) if each.kind in (NEW, CHANGED)]
    if not found:
        raise Conflict("Nothing would be different for any of them, so nothing was saved.")
    earlier = _lines(db, teller)
    for effect in found:
        _save(db, teller, asked, effect)
    lines = sorted(_lines(db, teller) - earlier)
    given = new_id()
    said = {name: asked.typed.get(name, "") for name in ("activity", "strength", "said_by", "kind", NEED_FIELD)}
    after = {"kind": asked.kind, "said": said, "residents": [each.resident_id for each in found], "lines": lines}
    record(db, teller.community_id, verb=GIVEN, noun=NOUN, row_id=given, by=teller.by, now=teller.now, after=after)
    return given


def _lines(db: DbSession, teller: Teller) -> set[str]:
    """What the journal says was done in this moment by whoever tells."""
    at_once = (Change.community_id == teller.community_id, Change.at == teller.now, Change.account_id == teller.by)
    return set(db.scalars(select(Change.id).where(*at_once)))


def _save(db: DbSession, teller: Teller, asked: Asked, effect: Effect) -> None:
    who = effect.resident_id
    for row_id in effect.ends:
        row = find_row(db, teller, _END, row_id, owner_id=who)
        last = begins_on(asked) - timedelta(days=1)
        if row.valid_from is not None and row.valid_from > last:
            end_row(db, teller, _END, row_id, row.version, owner_id=who)
        else:
            change_row(db, teller, _END, row_id, row.version, {"valid_until": last.isoformat()}, owner_id=who)
    if effect.row_id:
        owner = who if effect.part.owner else ""
        row = find_row(db, teller, effect.part, effect.row_id, owner_id=owner)
        change_row(db, teller, effect.part, effect.row_id, row.version, effect.typed, owner_id=owner)
    else:
        add_row(db, teller, effect.part, who, effect.typed)


def given_to_many(db: DbSession, community_id: str, given_id: str) -> Given:
    """What was given, by its id. Raises NotFound."""
    found = _given(db, community_id, [given_id])
    if not found:
        raise NotFound("There is no such thing.")
    return found[0]


def lately_given(db: DbSession, community_id: str, *, since: datetime, most: int = 5) -> tuple[Given, ...]:
    """What was given to many since a moment, the newest first."""
    ids = db.scalars(
        select(Change.row_id)
        .where(Change.community_id == community_id, Change.noun == NOUN, Change.verb == GIVEN, Change.at >= since)
        .order_by(Change.at.desc())
        .limit(most)
    )
    return _given(db, community_id, list(ids))


def undo_given(db: DbSession, teller: Teller, given_id: str) -> tuple[int, int]:
    """Take back for everybody what nobody changed since; how many lines were undone, and how many stay as they are.

    Raises NotFound; Conflict where it was taken back already.
    """
    given = given_to_many(db, teller.community_id, given_id)
    if given.is_undone:
        raise Conflict("This was undone already.")
    undone = 0
    lines = db.scalars(select(Change).where(Change.community_id == teller.community_id, Change.id.in_(given.lines)))
    for line in sorted(lines, key=lambda line: line.id):
        part = part_of_noun(line.noun)
        try:
            undone += bool(part and undo(db, teller, part, line.id))
        except Conflict:
            continue
    after = {"undone": undone}
    record(db, teller.community_id, verb=UNDONE, noun=NOUN, row_id=given_id, by=teller.by, now=teller.now, after=after)
    return undone, len(given.lines) - undone


def what_it_was(db: DbSession, community_id: str, given: Given) -> str:
    """The name of the activity that a wish is for; "" of anything else."""
    activity = given.said.get("activity", "")
    return names_of(db, community_id).get(activity, "") if activity else ""


def _given(db: DbSession, community_id: str, ids: Collection[str]) -> tuple[Given, ...]:
    rows = db.execute(
        select(Change, Account.name)
        .outerjoin(Account, (Account.community_id == Change.community_id) & (Account.id == Change.account_id))
        .where(Change.community_id == community_id, Change.noun == NOUN, Change.row_id.in_(ids))
        .order_by(Change.at.desc())
    ).all()
    undone = {line.row_id for line, _by in rows if line.verb == UNDONE}
    return tuple(
        Given(
            line.row_id,
            str((line.after or {}).get("kind", BUSY)),
            dict((line.after or {}).get("said", {})),
            tuple((line.after or {}).get("residents", ())),
            tuple((line.after or {}).get("lines", ())),
            by or "",
            line.at,
            line.row_id in undone,
        )
        for line, by in rows
        if line.verb == GIVEN
    )
