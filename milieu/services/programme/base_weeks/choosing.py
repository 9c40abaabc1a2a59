"""From which base week planning starts on which days: chosen, and let go of."""

from datetime import date, timedelta

from milieu.database import DbSession
from milieu.errors import Invalid, NotFound
from milieu.ids import new_id
from milieu.models import BaseWeekChoice
from milieu.services.facts.stretch import LATEST
from milieu.services.journal import write_down
from milieu.services.programme.base_weeks.saving import NOUN, find_base_week
from milieu.services.teller import Teller
from milieu.services.weeks.editions import lock_community


def choose(db: DbSession, teller: Teller, base_week_id: str, first: date, last: date | None) -> str:
    """Let planning start from a base week from one day to another, None: until further notice; the choice's id.

    Raises NotFound; Invalid at the day that is wrong.
    """
    lock_community(db, teller.community_id)
    row, today = find_base_week(db, teller.community_id, base_week_id), teller.today(db)
    if first > today + LATEST:
        raise Invalid("Please choose a day within a year.", at="first")
    if last is not None and last < first:
        raise Invalid("The last day lies before the first.", at="last")
    if last is not None and last < today:
        raise Invalid("These days are over.", at="last")
    choice = BaseWeekChoice(
        community_id=teller.community_id,
        id=new_id(),
        base_week_id=row.id,
        chosen_at=teller.now,
        chosen_by=teller.by,
        valid_from=first,
        valid_until=last,
    )
    db.add(choice)
    db.flush()
    said = {"name": row.name, "first": first.isoformat(), "last": last.isoformat() if last else None}
    write_down(db, teller, "chosen", NOUN, row.id, after=said)
    return choice.id


def let_go_of(db: DbSession, teller: Teller, base_week_id: str, choice_id: str) -> None:
    """Let planning start from it no more from today on. Raises NotFound."""
    lock_community(db, teller.community_id)
    row, today = find_base_week(db, teller.community_id, base_week_id), teller.today(db)
    choice = db.get(BaseWeekChoice, (teller.community_id, choice_id))
    if choice is None or choice.base_week_id != row.id:
        raise NotFound("This is not chosen any more.")
    if choice.valid_from is not None and choice.valid_from >= today:
        db.delete(choice)
    else:
        choice.valid_until = today - timedelta(days=1)
    db.flush()
    write_down(db, teller, "let go", NOUN, row.id, before={"name": row.name})
