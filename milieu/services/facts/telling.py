"""Facts that somebody tells: a colleague or a resident is away, a space closed, a no was said, two are kept apart.

Each is one row and one line in the journal, in the caller's unit of work. A no and an apart hold at once: whom they
concern is out of every published session to come in the same transaction (`withdrawing`).
"""

from datetime import date

from sqlalchemy import select

from milieu.causes import CLOSURE_KINDS
from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.models import (
    Absence,
    Account,
    Activity,
    Facilitator,
    LivingGroup,
    Outbreak,
    Refusal,
    ResidentBusy,
    Space,
    SpaceClosure,
    Tie,
)
from milieu.queries.facts.kinds import ABSENCE, APART, BUSY, CLOSURE, OUTBREAK, REFUSAL
from milieu.services.facts.noting import add_fact, away, find, find_resident, said, short
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.withdrawing import Right
from milieu.services.teller import Teller
from milieu.solving.contents import SessionContent

OUT_KINDS = ("outing", "appointment", "visit")
NO_TO = ("activity", "space", "facilitator")


def tell_absence(db: DbSession, teller: Teller, facilitator_id: str, stretch: Stretch, reason: str = "") -> str:
    """Somebody of the team is away; the id of the fact. Raises Invalid."""
    find(db, teller, Facilitator, facilitator_id, "Please choose who is away.", at="who")
    row = Absence(
        community_id=teller.community_id, facilitator_id=facilitator_id, reason=short(reason), **away(stretch)
    )
    return add_fact(db, teller, ABSENCE, row, {"facilitator_id": facilitator_id, **said(stretch)})


def tell_closure(db: DbSession, teller: Teller, space_id: str, stretch: Stretch, kind: str, reason: str = "") -> str:
    """A space cannot be used; `kind` is of `causes.CLOSURE_KINDS`. The id of the fact. Raises Invalid."""
    find(db, teller, Space, space_id, "Please choose the space.", at="who")
    if kind not in CLOSURE_KINDS:
        raise Invalid("Please say why the space cannot be used.", at="kind")
    row = SpaceClosure(
        community_id=teller.community_id, space_id=space_id, kind=kind, reason=short(reason), **away(stretch)
    )
    return add_fact(db, teller, CLOSURE, row, {"space_id": space_id, "kind": kind, **said(stretch)})


def tell_busy(db: DbSession, teller: Teller, resident_id: str, stretch: Stretch, kind: str) -> str:
    """A resident is out or has somebody; `kind` is of OUT_KINDS. The id of the fact. Raises Invalid."""
    find_resident(db, teller, resident_id, stretch.last)
    if kind not in OUT_KINDS:
        raise Invalid("Please say what it is.", at="kind")
    row = ResidentBusy(
        community_id=teller.community_id,
        resident_id=resident_id,
        kind=kind,
        valid_from=stretch.first,
        valid_until=stretch.last,
        start_minute=stretch.start_minute,
        end_minute=stretch.end_minute,
    )
    return add_fact(db, teller, BUSY, row, {"resident_id": resident_id, "kind": kind, **said(stretch)})


def tell_outbreak(db: DbSession, teller: Teller, living_group_id: str, stretch: Stretch, note: str = "") -> str:
    """Residents of a living group meet nobody from outside it for whole days; the id of the fact.

    Raises Invalid; Conflict where it is known.
    """
    find(db, teller, LivingGroup, living_group_id, "Please choose the living group.", at="who")
    known = select(Outbreak.id).where(
        Outbreak.community_id == teller.community_id,
        Outbreak.living_group_id == living_group_id,
        Outbreak.id != (teller.correction.row_id if teller.correction else ""),
        Outbreak.valid_from.is_(None) | (Outbreak.valid_from <= stretch.first),
        Outbreak.valid_until.is_(None) | (Outbreak.valid_until >= stretch.last),
    )
    if db.scalar(known.limit(1)) is not None:
        raise Conflict("This is known already for these days.", at="who")
    row = Outbreak(
        community_id=teller.community_id,
        living_group_id=living_group_id,
        valid_from=stretch.first,
        valid_until=stretch.last,
        note=short(note),
    )
    return add_fact(db, teller, OUTBREAK, row, {"living_group_id": living_group_id, **said(stretch)})


def tell_refusal(
    db: DbSession, teller: Teller, resident_id: str, thing: str, thing_id: str, *, until: date | None
) -> str:
    """A resident said no to one `thing` (of NO_TO); no reason is asked. It holds at once. The id of the fact.

    `until` is the last day on which it holds, None for good. Raises Invalid; Conflict where it is known.
    """
    tables = {"activity": Activity, "space": Space, "facilitator": Facilitator}
    today = teller.today(db)
    find_resident(db, teller, resident_id, today)
    if thing not in tables:
        raise Invalid("Please choose what the no is to.", at="what")
    find(db, teller, tables[thing], thing_id, "Please choose what the no is to.", at="what")
    if until is not None and until < today:
        raise Invalid("That day is over.", at="last")
    about = {"resident_id": resident_id, f"{thing}_id": thing_id}
    known = select(Refusal.id).filter_by(community_id=teller.community_id, **about)
    holds = Refusal.valid_until.is_(None) | (Refusal.valid_until >= (until or date.max))
    if db.scalar(known.where(holds).limit(1)) is not None:
        raise Conflict("This no is known already, and it holds.", at="what")
    row = Refusal(community_id=teller.community_id, said_on=today, valid_from=today, valid_until=until, **about)

    def says_no(resident: str, session: SessionContent) -> bool:
        return resident == resident_id and thing_id in (session.activity_id, session.space_id, *session.facilitators)

    told = {**about, "last": until and until.isoformat()}
    return add_fact(db, teller, REFUSAL, row, told, Right(says_no, until, "A no was said."))


def tell_apart(db: DbSession, teller: Teller, one_id: str, other_id: str, *, until: date | None) -> str:
    """Two residents are to be kept apart, from now on; the id of the fact.

    Where both are invited to one session to come, the second named is invited there no more. `until` as in
    `tell_refusal`. Raises Invalid; Conflict where it is known.
    """
    today = teller.today(db)
    for each, at in ((one_id, "who"), (other_id, "other")):
        find_resident(db, teller, each, today, at=at)
    if one_id == other_id:
        raise Invalid("Please choose two people.", at="other")
    if until is not None and until < today:
        raise Invalid("That day is over.", at="last")
    first, second = sorted((one_id, other_id))
    known = select(Tie.id).where(
        Tie.community_id == teller.community_id,
        Tie.resident_id == first,
        Tie.other_id == second,
        Tie.is_apart.is_(True),
        Tie.expires_on.is_(None) | (Tie.expires_on >= (until or date.max)),
    )
    if db.scalar(known.limit(1)) is not None:
        raise Conflict("These two are kept apart already.", at="other")
    author = db.get(Account, teller.by) if teller.by else None
    row = Tie(
        community_id=teller.community_id,
        resident_id=first,
        other_id=second,
        is_apart=True,
        author=author.name if author else "",
        source="told",
        noted_on=today,
        expires_on=until,
    )

    def meets(resident: str, session: SessionContent) -> bool:
        return resident == other_id and one_id in session.residents

    about = {"resident_id": one_id, "other_id": other_id, "last": until and until.isoformat()}
    return add_fact(db, teller, APART, row, about, Right(meets, until, "Two people are kept apart."))
