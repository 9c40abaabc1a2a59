"""What planning again leaves as it is: a session of a draft fixed where it is, people fixed in it and out of it."""

from datetime import date

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.models import Plan
from milieu.services.by_hand.fixed import ABSENT, ATTEND, SESSION, Fixing, fix_all, fixed_in, let_go
from milieu.services.by_hand.keeping import find_draft
from milieu.services.by_hand.trying import find_session, source_of
from milieu.services.journal import record
from milieu.services.teller import Teller


def fix(
    db: DbSession, teller: Teller, week_start: date, version: int, ref: str, *, is_fixed: bool, resident_id: str = ""
) -> str:
    """Fix a session of a draft where it is, or somebody in it, or let go of that; the session's title.

    Who is fixed fixes the session with them; a session that is let go of lets go of everybody in it. Who is fixed out
    of it stays out. Raises NotFound; Conflict where the draft is not the version that was seen, or where the person is
    not invited.
    """
    plan = find_draft(db, teller, week_start, version)
    session = find_session(db, plan, ref)
    stood = source_of(db, teller.community_id, week_start, teller).facts_digest
    if resident_id and is_fixed and resident_id not in session.residents:
        raise Conflict("They are not invited to it any more.")
    person = [Fixing(ATTEND, resident_id)] if resident_id else []
    if is_fixed:
        fix_all(db, teller, week_start, ref, session, [Fixing(SESSION), *person])
    else:
        people = fixed_in(db, teller.community_id, week_start, ref).people
        everybody = [Fixing(SESSION), *(Fixing(ATTEND, each) for each in sorted(people))]
        let_go(db, teller.community_id, week_start, ref, person or everybody)
    _tell(db, teller, ref, "fixed" if is_fixed else "let go", resident_id)
    _stay_as_fresh(db, teller, plan, stood)
    return session.title


def let_in(db: DbSession, teller: Teller, week_start: date, version: int, ref: str, resident_id: str) -> str:
    """Let planning invite somebody again who was fixed out of a session; its title. Raises NotFound, Conflict."""
    plan = find_draft(db, teller, week_start, version)
    session = find_session(db, plan, ref)
    stood = source_of(db, teller.community_id, week_start, teller).facts_digest
    if resident_id not in fixed_in(db, teller.community_id, week_start, ref).absent:
        raise Conflict("They are not kept out of it any more.")
    let_go(db, teller.community_id, week_start, ref, [Fixing(ABSENT, resident_id)])
    _tell(db, teller, ref, "let in", resident_id)
    _stay_as_fresh(db, teller, plan, stood)
    return session.title


def keep_out(db: DbSession, teller: Teller, week_start: date, version: int, ref: str, resident_id: str) -> str:
    """Let planning never invite somebody to a session of this week who is not invited to it; its title.

    Raises NotFound; Conflict where they are invited by now, or the draft is not the version that was seen.
    """
    plan = find_draft(db, teller, week_start, version)
    session = find_session(db, plan, ref)
    source = source_of(db, teller.community_id, week_start, teller)
    if resident_id in session.residents or resident_id not in source.rows.residents:
        raise Conflict("They are invited to it by now, or do not live here then.")
    fix_all(db, teller, week_start, ref, session, [Fixing(ABSENT, resident_id)])
    _tell(db, teller, ref, "kept out", resident_id)
    _stay_as_fresh(db, teller, plan, source.facts_digest)
    return session.title


def _tell(db: DbSession, teller: Teller, ref: str, verb: str, resident_id: str) -> None:
    after = {"resident_id": resident_id} if resident_id else None
    record(db, teller.community_id, verb=verb, noun="pin", row_id=ref, by=teller.by, now=teller.now, after=after)


def _stay_as_fresh(db: DbSession, teller: Teller, plan: Plan, stood: str) -> None:
    """What a person fixes is no news to the draft that they fix it in."""
    if plan.facts_digest == stood:
        plan.facts_digest = source_of(db, teller.community_id, plan.week_start, teller).facts_digest
        db.flush()
