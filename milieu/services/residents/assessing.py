"""What matters to somebody, asked in one sitting: kept as it was answered, and as wishes for what answers it."""

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.models import Activity, Assessment, Change, Wish, WishAnswer
from milieu.models.validity import is_not_over, is_there
from milieu.preferences import BY_ACTIVITY, WEIGHTS
from milieu.queries.person.preferences import unmet_wishes
from milieu.queries.residents.stays import stays_of_one
from milieu.queries.residents.wishes import holding_wishes
from milieu.services.editing.reading import Refused, Typed
from milieu.services.editing.saving import ADDED, CHANGED, add_row, change_row
from milieu.services.editing.undoing import undo
from milieu.services.residents.forms import find_resident
from milieu.services.residents.parts import ANSWER, ASSESSED_WISH, ASSESSMENT, OWNER, WISHES
from milieu.services.teller import Teller

FROM_ASSESSMENT = "assessment"
_LIKED = max(WEIGHTS.values())


def assess(db: DbSession, teller: Teller, resident_id: str, typed: Typed) -> str:
    """Keep one sitting, and let what it says be wishes for whatever the programme has of it; the sitting's id.

    A wish that came of an earlier sitting is changed; one that was said otherwise is left alone. Of what was not
    answered no wish is made. Raises NotFound, Refused.
    """
    find_resident(db, teller.community_id, resident_id)
    stays = stays_of_one(db, teller.community_id, resident_id)
    if stays.is_over(teller.today(db)):
        raise Conflict("They do not live here any more.")
    (made,) = add_row(db, teller, ASSESSMENT, resident_id, typed)
    sitting = db.get_one(Assessment, (teller.community_id, made.row_id))
    if sitting.asked_on > teller.today(db):
        raise Refused({"asked_on": "That day has not come yet."})
    _once_a_day(db, sitting)
    earlier = _earlier(db, teller, resident_id)
    for activity_id, strength in _strengths(db, teller, sitting).items():
        said = {
            "activity": activity_id,
            "strength": str(strength),
            "said_by": sitting.said_by,
            "said_on": sitting.asked_on.isoformat(),
            "source": FROM_ASSESSMENT,
        }
        held = earlier.get(activity_id)
        if held is None:
            add_row(db, teller, ASSESSED_WISH, resident_id, said)
        elif held.said_on is None or held.said_on <= sitting.asked_on:
            change_row(db, teller, ASSESSED_WISH, held.id, held.version, said, owner_id=resident_id)
    return made.row_id


def take_back(db: DbSession, teller: Teller, resident_id: str, assessment_id: str) -> int:
    """Undo a sitting and the wishes that came of it, but for those that were changed since; how many these are.

    Raises NotFound; Conflict where the sitting itself was changed since.
    """
    line = db.scalar(
        select(Change)
        .where(
            Change.community_id == teller.community_id,
            Change.noun == ASSESSMENT.noun,
            Change.row_id == assessment_id,
            Change.verb == ADDED,
        )
        .order_by(Change.at.desc())
    )
    if line is None or (line.after or {}).get(OWNER) != resident_id:
        raise NotFound("There is no such assessment.")
    undo(db, teller, ASSESSMENT, line.id)
    kept = 0
    for change_id in _lines_beside(db, line):
        try:
            undo(db, teller, ASSESSED_WISH, change_id)
        except Conflict:
            kept += 1
    return kept


def answer_unmet(db: DbSession, teller: Teller, resident_id: str, typed: Typed) -> str:
    """Say what was done about something important that somebody could not do; the answer's id.

    What they are visited with is a wish from then on, so that it is planned. Raises NotFound, Refused; Conflict where
    nothing of it is open.
    """
    find_resident(db, teller.community_id, resident_id)
    today = teller.today(db)
    unmet = unmet_wishes(db, teller.community_id, today, of=[resident_id])
    if typed.get("question", "") not in [each.question for each in unmet]:
        raise Conflict("This is answered already, or was never said.")
    (made,) = add_row(db, teller, ANSWER, resident_id, typed, answered_on=today)
    kept = db.get_one(WishAnswer, (teller.community_id, made.row_id))
    if kept.answer == "visit" and kept.activity_id is not None:
        _wish_for_visits(db, teller, resident_id, kept.activity_id)
    return made.row_id


def _once_a_day(db: DbSession, sitting: Assessment) -> None:
    """Raises Refused where the same was asked on that day already: one of the two is a slip."""
    twin = db.scalar(
        select(Assessment.id).where(
            Assessment.community_id == sitting.community_id,
            Assessment.resident_id == sitting.resident_id,
            Assessment.asked_on == sitting.asked_on,
            Assessment.said_by == sitting.said_by,
            Assessment.id != sitting.id,
        )
    )
    if twin is not None:
        raise Refused({"asked_on": "This was asked on that day already. Undo that first, or choose another day."})


def _wish_for_visits(db: DbSession, teller: Teller, resident_id: str, activity_id: str) -> None:
    """A wish for what somebody is visited with, where what counts by now is not one that likes it as much."""
    held = holding_wishes(_live_wishes(db, teller, resident_id)).get(activity_id)
    if held is not None and held.strength >= _LIKED:
        return
    said = {"activity": activity_id, "strength": str(_LIKED), "said_by": held.said_by if held else "staff"}
    add_row(db, teller, WISHES, resident_id, {**said, "said_on": teller.today(db).isoformat()})


def _strengths(db: DbSession, teller: Teller, sitting: Assessment) -> dict[str, int]:
    """How strong a wish a sitting makes for each activity that is offered and answers what was asked: the strongest."""
    weighed = {question: WEIGHTS[code] for question in BY_ACTIVITY if (code := getattr(sitting, question)) in WEIGHTS}
    rows = db.execute(
        select(Activity.id, Activity.answers).where(
            Activity.community_id == teller.community_id,
            is_there(Activity, teller.today(db)),
        )
    )
    found = {row.id: [weighed[each] for each in row.answers if each in weighed] for row in rows}
    return {activity_id: max(each) for activity_id, each in found.items() if each}


def _earlier(db: DbSession, teller: Teller, resident_id: str) -> dict[str, Wish]:
    """The wishes that came of earlier sittings and hold, by activity."""
    rows = _live_wishes(db, teller, resident_id)
    return {row.activity_id: row for row in rows if row.source == FROM_ASSESSMENT}


def _live_wishes(db: DbSession, teller: Teller, resident_id: str) -> list[Wish]:
    rows = db.scalars(
        select(Wish)
        .where(
            Wish.community_id == teller.community_id,
            Wish.resident_id == resident_id,
            is_not_over(Wish, teller.today(db)),
        )
        .order_by(Wish.id)
    )
    return list(rows)


def _lines_beside(db: DbSession, line: Change) -> list[str]:
    """What the journal tells of wishes that were made or changed in the same moment, by the same account."""
    rows = db.scalars(
        select(Change.id)
        .join(Wish, (Wish.community_id == Change.community_id) & (Wish.id == Change.row_id))
        .where(
            Change.community_id == line.community_id,
            Change.at == line.at,
            Change.account_id.is_(None) if line.account_id is None else Change.account_id == line.account_id,
            Change.noun == ASSESSED_WISH.noun,
            Change.verb.in_((ADDED, CHANGED)),
            Wish.resident_id == (line.after or {}).get(OWNER),
        )
        .order_by(Change.id)
    )
    return list(rows)
