"""A fact noted: its row looked up or added, its line in the journal, and what a right takes out at once."""

from datetime import date
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm.attributes import flag_modified

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.models import Resident
from milieu.models.base import CommunityRow
from milieu.queries.facts.kinds import ABSENCE, BED, BUSY, CLOSURE, CORRECTED, HOSPITAL, TOLD
from milieu.queries.residents.stays import stays_of
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.withdrawing import Right, withdraw
from milieu.services.journal import write_down
from milieu.services.teller import Correction, Teller

LONGEST = 200
KEYS = ("community_id", "id", "version")
TWICE = (ABSENCE, CLOSURE, BUSY, BED, HOSPITAL)
"""What two people may tell of the same time without knowing of each other."""


def add_fact(
    db: DbSession, teller: Teller, noun: str, row: CommunityRow, about: dict[str, Any], right: Right | None = None
) -> str:
    """Add a fact's own row and note it, or let the row of the fact that is corrected hold the same; the id.

    Raises Conflict where the same is known: of two lines of it, taking back one would change nothing.
    """
    if teller.correction is not None:
        return _correct(db, teller, teller.correction, noun, row, about)
    if noun in TWICE and _is_known(db, row):
        raise Conflict("This is known already, for just this time.", at="who")
    db.add(row)
    db.flush()
    return note(db, teller, noun, row.id, about, right=right)


def _is_known(db: DbSession, row: CommunityRow) -> bool:
    """Whether a row says the same, whatever words of somebody's own stand beside it."""
    table = type(row)
    given = inspect(row).dict
    same = {
        column.key: given.get(column.key, column.columns[0].default.arg if column.columns[0].default else None)
        for column in inspect(table).column_attrs
        if column.key not in (*KEYS[1:], "reason")
    }
    return db.scalar(select(table).filter_by(**same).limit(1)) is not None


def _correct(
    db: DbSession, teller: Teller, correction: Correction, noun: str, row: CommunityRow, about: dict[str, Any]
) -> str:
    """Raises Conflict where it was taken back meanwhile. Where it says what it said before, nothing is noted."""
    held = db.get(type(row), (teller.community_id, correction.row_id), with_for_update=True)
    if held is None:
        raise Conflict("This was taken back already.")
    told = {key: value for key, value in inspect(row).dict.items() if key in inspect(type(row)).column_attrs}
    changed = {key: value for key, value in told.items() if key not in KEYS and getattr(held, key) != value}
    for key, value in changed.items():
        setattr(held, key, value)
    is_said_otherwise = bool(changed) or about != correction.said
    if is_said_otherwise and not changed:  # what else belongs to it: whoever corrects it too has seen another
        flag_modified(held, "reason")
    db.flush()
    if is_said_otherwise:
        write_down(
            db,
            teller,
            CORRECTED,
            noun,
            correction.row_id,
            before=correction.said,
            after=about,
        )
    return correction.row_id


def note(
    db: DbSession,
    teller: Teller,
    noun: str,
    row_id: str,
    about: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
    right: Right | None = None,
) -> str:
    """Write the line of the journal; of a `right`, which holds at once, how many invitations it took out. The id."""
    if right is not None:
        about = {**about, "withdrawn": withdraw(db, teller, right)}
    write_down(
        db,
        teller,
        TOLD,
        noun,
        row_id,
        before=before,
        after=about,
    )
    return row_id


def find(db: DbSession, teller: Teller, table: type[Any], row_id: str, sentence: str, *, at: str) -> Any:
    """A row of the community that has not ended. Raises Invalid with the sentence."""
    row = db.get(table, (teller.community_id, row_id)) if row_id else None
    ended = getattr(row, "ended_on", None)
    if row is None or (ended is not None and ended <= teller.today(db)):
        raise Invalid(sentence, at=at)
    return row


def find_resident(db: DbSession, teller: Teller, resident_id: str, day: date, *, at: str = "who") -> Resident:
    """Somebody who lives here on a day, or comes to. Raises Invalid."""
    row = find(db, teller, Resident, resident_id, "Please choose a resident.", at=at)
    stays = stays_of(db, teller.community_id).get(resident_id)
    if stays is None or stays.is_over(day):
        raise Invalid("Please choose a resident who lives here then.", at=at)
    found: Resident = row
    return found


def away(stretch: Stretch) -> dict[str, Any]:
    """The columns of a row that is dated by its first and last moment."""
    return {
        "first_date": stretch.first,
        "last_date": stretch.last,
        "start_minute": stretch.start_minute,
        "end_minute": stretch.end_minute,
    }


def said(stretch: Stretch) -> dict[str, Any]:
    """A stretch as the journal keeps it."""
    return {
        "first": stretch.first.isoformat(),
        "last": stretch.last.isoformat(),
        "start_minute": stretch.start_minute,
        "end_minute": stretch.end_minute,
    }


def short(text: str, *, at: str = "reason") -> str:
    """Words of somebody's own, on one line. Raises Invalid."""
    words = " ".join(text.split())
    if len(words) > LONGEST:
        raise Invalid(f"Please keep it under {LONGEST} letters.", at=at)
    return words
