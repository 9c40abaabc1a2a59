"""A fact that was told by mistake, taken back: as if it had never been told. What was published for it stays.

But a leaving or an apart that was a slip gives back the invitations that it took out, where nothing stands against that
by now. After a no it does not: nobody is invited behind their back, and whoever plans can invite them anew.

A resident's own no is taken back by nobody else, but for a slip: by who wrote it down, on the same day.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from milieu.database import DbSession
from milieu.errors import Conflict, NotAllowed, NotFound
from milieu.models import (
    Absence,
    Change,
    Facilitator,
    Move,
    Outbreak,
    Pin,
    Refusal,
    Resident,
    ResidentBusy,
    Roster,
    ShortHanded,
    SpaceClosure,
    Stay,
    Tie,
)
from milieu.queries.facts.kinds import (
    ABSENCE,
    APART,
    ARRIVAL,
    BED,
    BUSY,
    CANCELLED,
    CLOSURE,
    DEATH,
    DEPARTURE,
    GIVEN_BACK,
    GUEST,
    HANDS,
    HOSPITAL,
    MOVE,
    OUTBREAK,
    REFUSAL,
    RIGHTS,
    TAKEN_BACK,
    TOLD,
    WEATHER,
)
from milieu.queries.residents.stays import find_stay
from milieu.services.facts.cancelling import fix_again
from milieu.services.facts.withdrawing import give_back
from milieu.services.journal import write_down
from milieu.services.teller import Teller

GONE = "This was taken back already."
UNFIXED = "This is not fixed any more: it was called off, or let go by hand."
SINCE = "More is known of this by now. Please change it by hand."


def may_take_back(kind: str, *, told_by: str | None, by: str | None, is_same_day: bool) -> bool:
    """Whether an account may take back what another, or itself, told."""
    return kind != REFUSAL or (told_by == by and is_same_day)


def take_back(db: DbSession, teller: Teller, change_id: str) -> int:
    """Take back what a line of the journal told; how many invitations are there again by that.

    Raises NotFound, NotAllowed; Conflict where it is gone already.
    """
    line = db.get(Change, (teller.community_id, change_id))
    if line is None or line.verb != TOLD or line.noun not in _UNDO:
        raise NotFound("There is no such change.")
    is_same_day = teller.day_of(db, line.at) == teller.today(db)
    if not may_take_back(line.noun, told_by=line.account_id, by=teller.by, is_same_day=is_same_day):
        raise NotAllowed("This no is the resident’s own: only they, or who may speak for them, take it back.")
    if _was_taken_back(db, line):
        raise Conflict(GONE)
    _UNDO[line.noun](db, line)
    db.flush()
    back = _give_back(db, teller, line) if line.noun in RIGHTS - {REFUSAL} else 0
    write_down(
        db,
        teller,
        TAKEN_BACK,
        line.noun,
        line.row_id,
        before=line.after,
        after={GIVEN_BACK: back} if back else None,
    )
    return back


def _was_taken_back(db: DbSession, line: Change) -> bool:
    """Also where the same was told anew since: that is another line."""
    later = select(Change.id).where(
        Change.community_id == line.community_id,
        Change.verb == TAKEN_BACK,
        Change.noun == line.noun,
        Change.row_id == line.row_id,
        Change.at >= line.at,
    )
    return db.scalar(later.limit(1)) is not None


def _give_back(db: DbSession, teller: Teller, line: Change) -> int:
    about = line.after or {}
    concerned = {about[each] for each in ("resident_id", "other_id") if about.get(each)}
    return give_back(db, teller, concerned, line.at, line.account_id)


def _row_of(table: type[Any]) -> Callable[[DbSession, Change], None]:
    """The fact is one row, which goes."""

    def undo(db: DbSession, line: Change) -> None:
        row = db.get(table, (line.community_id, line.row_id), with_for_update=True)
        if row is None:
            raise Conflict(GONE)
        db.delete(row)

    return undo


def _closures(db: DbSession, line: Change) -> None:
    ids = (line.after or {})["closures"]
    gone: Any = db.execute(
        delete(SpaceClosure).where(SpaceClosure.community_id == line.community_id, SpaceClosure.id.in_(ids))
    )
    if not gone.rowcount:
        raise Conflict(GONE)


def _cancelled(db: DbSession, line: Change) -> None:
    """The guest comes after all, and what was fixed for them is so again."""
    _row_of(Absence)(db, line)
    fix_again(db, line)


def _short_handed(db: DbSession, line: Change) -> None:
    """Who of the team led nothing leads again; which of them those were says the newest correction."""
    _row_of(ShortHanded)(db, line)
    said = db.scalars(
        select(Change).where(
            Change.community_id == line.community_id, Change.row_id == line.row_id, Change.noun == line.noun
        )
    )
    ids = {each for told in said for each in (told.after or {}).get("absences", ())}
    db.execute(delete(Absence).where(Absence.community_id == line.community_id, Absence.id.in_(ids)))


def _visit(db: DbSession, line: Change) -> None:
    """What was fixed goes; a guest is of the team no more, so that what is published of it stands against that."""
    pin = db.get(Pin, (line.community_id, line.row_id), with_for_update=True)
    if pin is None:
        raise Conflict(UNFIXED)
    db.delete(pin)
    about = line.after or {}
    if about.get("guest"):
        mine = Roster.community_id == line.community_id, Roster.facilitator_id == about["facilitator_id"]
        db.execute(delete(Roster).where(*mine))
        guest = db.get_one(Facilitator, (line.community_id, about["facilitator_id"]), with_for_update=True)
        told_on = Teller(line.community_id, None, line.at).today(db)
        guest.starts_on = min(guest.starts_on or told_on, told_on)  # lists take nobody who ends before they begin
        guest.ended_on = told_on  # nobody chooses among the team who does not come; their name stays in the list


def _arrival(db: DbSession, line: Change) -> None:
    """As if they had never come, as long as nothing else is known of them."""
    resident = db.get(Resident, (line.community_id, line.row_id), with_for_update=True)
    if resident is None:
        raise Conflict(GONE)
    try:
        with db.begin_nested():
            db.delete(resident)
            db.flush()
    except IntegrityError:
        raise Conflict(SINCE) from None


def _move(db: DbSession, line: Change) -> None:
    """A move to come is gone; who has moved lives where they lived before."""
    before, after = line.before or {}, line.after or {}
    to_come = db.get(Move, (line.community_id, line.row_id), with_for_update=True)
    if to_come is not None:
        db.delete(to_come)
        return
    resident = db.get(Resident, (line.community_id, after["resident_id"]), with_for_update=True)
    if resident is None or (resident.living_group_id, resident.room) != (after["living_group_id"], after["room"]):
        raise Conflict(SINCE)
    resident.living_group_id, resident.room = before["living_group_id"], before["room"]


def _leaving(db: DbSession, line: Change) -> None:
    """They live here again, or until the day that was known before."""
    before, after = line.before or {}, line.after or {}
    stay = find_stay(db, line.community_id, line.row_id)
    if stay is None or (stay.until, stay.why) != (date.fromisoformat(after["first"]), after["kind"]):
        raise Conflict(GONE)
    until = date.fromisoformat(before["left_on"]) if before["left_on"] else None
    mine = Stay.community_id == line.community_id, Stay.id == line.row_id
    db.execute(update(Stay).where(*mine).values(left_on=until, left_reason=before["left_reason"]))


_UNDO: Mapping[str, Callable[[DbSession, Change], None]] = {
    ABSENCE: _row_of(Absence),
    CLOSURE: _row_of(SpaceClosure),
    WEATHER: _closures,
    BUSY: _row_of(ResidentBusy),
    HOSPITAL: _row_of(ResidentBusy),
    BED: _row_of(ResidentBusy),
    OUTBREAK: _row_of(Outbreak),
    REFUSAL: _row_of(Refusal),
    APART: _row_of(Tie),
    ARRIVAL: _arrival,
    MOVE: _move,
    DEPARTURE: _leaving,
    DEATH: _leaving,
    GUEST: _visit,
    CANCELLED: _cancelled,
    HANDS: _short_handed,
}
