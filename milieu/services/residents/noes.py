"""A resident's no, taken back: by themselves, or by who may speak for them, and by nobody else."""

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.imports.tables.description import UNTIL
from milieu.models import Refusal
from milieu.queries.facts.history import plain
from milieu.services.journal import write_down
from milieu.services.teller import Teller

SAID_YES = "said yes again"
SPEAKERS = ("resident", "speaker")
LONGEST = 120


def take_no_back(
    db: DbSession, teller: Teller, resident_id: str, refusal_id: str, *, said_by: str, speaker: str = ""
) -> None:
    """Let a no hold no longer, from today on. `said_by` is of SPEAKERS; who speaks for the resident is named.

    Raises NotFound; Invalid at the field that is not filled; Conflict where it is over already.
    """
    speaker = " ".join(speaker.split())
    if said_by not in SPEAKERS:
        raise Invalid("Please say who takes it back. Only they, or who may speak for them, can.", at="said_by")
    if said_by == "speaker" and not 0 < len(speaker) <= LONGEST:
        raise Invalid("Please say who speaks for them.", at="speaker")
    row = db.get(Refusal, (teller.community_id, refusal_id), with_for_update=True, populate_existing=True)
    if row is None or row.resident_id != resident_id:
        raise NotFound("There is no such no.")
    today = teller.today(db)
    if not UNTIL.is_live(row.valid_until, today):
        raise Conflict("This no is over already.")
    kept = {column.key: getattr(row, column.key) for column in Refusal.__table__.columns if column.key not in _KEYS}
    before = {name: plain(value) for name, value in kept.items()}
    if row.valid_from is not None and row.valid_from > UNTIL.on(today):
        db.delete(row)
        after = {}
    else:
        before = {"valid_until": before["valid_until"]}
        after = {"valid_until": plain(UNTIL.close(row, today))}
    db.flush()
    write_down(
        db,
        teller,
        SAID_YES,
        "refusal",
        refusal_id,
        before=before,
        after={**after, "said_by": said_by, "speaker": speaker if said_by == "speaker" else ""},
    )


_KEYS = ("id", "community_id", "version")
