"""A change by hand, checked as it is made: what it would break is said before it is kept, and kept only on purpose.

What somebody's own no, a limit of theirs or two kept apart stand against is never kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from milieu.causes import APART, LIMIT, REFUSAL
from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.ids import new_id
from milieu.machine.memory import Memory
from milieu.models import Plan
from milieu.queries.basis import basis_of
from milieu.services.by_hand import keeping
from milieu.services.by_hand.edits import Edit, House
from milieu.services.by_hand.fixed import follow
from milieu.services.teller import Teller
from milieu.services.weeks.objections import Held, Objection, hold
from milieu.solving.answer.answers import reasons_in
from milieu.solving.answer.checking import is_open
from milieu.solving.contents import Place, SessionContent, read_plan
from milieu.solving.problem.document import ProblemSource, make_problem

_RIGHTS = frozenset({REFUSAL, LIMIT, APART})
_SOURCES: Memory[ProblemSource] = Memory(8)


class Breaks(Conflict):
    """A change that would break rules; nothing was kept. `because` says which, in sentences.

    `may_be_kept`: on purpose, where no right of anybody's stands against it.
    """

    def __init__(self, objections: Iterable[Objection]) -> None:
        found = tuple(objections)
        super().__init__("This would break something.", dict.fromkeys(each.said for each in found))
        self.may_be_kept = not any(cause.kind in _RIGHTS for each in found for cause in each.causes)


@dataclass(frozen=True)
class Kept:
    """A change that was kept: the session before and after it, None where it was not there."""

    before: SessionContent | None
    after: SessionContent | None


def new_ref(source: ProblemSource) -> str:
    """The name of a session that somebody adds by hand: no run can come to it."""
    return f"{source.week.name}-{new_id()[:10]}"


def source_of(db: DbSession, community_id: str, week_start: date, teller: Teller) -> ProblemSource:
    """The problem of a week by the facts of now, read once as long as nothing changes.

    Raises NotFound; Conflict where the week is over.
    """
    basis = basis_of(db, community_id, week_start, teller.now)
    return _SOURCES.recall(basis, lambda: make_problem(db, community_id, week_start, teller.now, repair=False))


def house_of(source: ProblemSource) -> House:
    """What a week's sessions can be made of."""
    rows = source.rows
    return House(
        rows.activities,
        rows.spaces,
        frozenset(rows.facilitators),
        frozenset(rows.residents),
        rows.week.days,
        rows.slot,
    )


def change(
    db: DbSession, teller: Teller, week_start: date, version: int, kind: str, ref: str, edit: Edit, *, on_purpose: bool
) -> Kept:
    """Make one change of a week's draft.

    Raises NotFound; Invalid at the field meant; Conflict where somebody else's change came first or the session has
    begun; Breaks where it would break something new and was not made `on_purpose`.
    """
    plan = keeping.find_draft(db, teller, week_start, version)
    source = source_of(db, teller.community_id, week_start, teller)
    sessions = {each.ref: each for each in read_plan(db, plan)}
    before = sessions.get(ref)
    after = edit(sessions, house_of(source))
    for each in (before, after):
        if each is not None and not is_open(source.facts, each):
            raise Conflict("What has begun, or lies in the past, stays as it was.", at="start")
    others = [each for each in sessions.values() if each.ref != ref]
    stood = hold(db, source, sessions.values())
    if _follow(db, teller, plan, ref, after):
        source = source_of(db, teller.community_id, week_start, teller)
    stands = hold(db, source, others if after is None else [*others, after])
    breaks = Breaks(_new(stood, stands))
    if breaks.because and not (on_purpose and breaks.may_be_kept):
        raise breaks
    after = _with_reasons(source, stands, after)
    keeping.keep_edit(db, teller, plan, kind, before, after)
    _weigh(db, plan, stands)
    return Kept(before, after)


def step(db: DbSession, teller: Teller, week_start: date, version: int, *, back: bool) -> keeping.EditShown:
    """Undo the last change by hand, or do the one again that was undone. Raises NotFound, Conflict."""
    plan = keeping.find_draft(db, teller, week_start, version)
    source = source_of(db, teller.community_id, week_start, teller)
    edit = (keeping.undo if back else keeping.redo)(db, teller, plan, house_of(source))
    contents = read_plan(db, plan)
    now_there = next((each for each in contents if each.ref == edit.ref), None)
    if _follow(db, teller, plan, edit.ref, now_there):
        source = source_of(db, teller.community_id, week_start, teller)
    _weigh(db, plan, hold(db, source, contents))
    titles = {row.id: row.name for row in source.rows.activities.values()}
    return keeping.shown(edit, "", titles)


def find_session(db: DbSession, plan: Plan, ref: str) -> SessionContent:
    """A session of a draft. Raises NotFound."""
    found = next((each for each in read_plan(db, plan) if each.ref == ref), None)
    if found is None:
        raise NotFound("This session is not in the draft any more.")
    return found


def _follow(db: DbSession, teller: Teller, plan: Plan, ref: str, becomes: SessionContent | None) -> bool:
    """Let what is fixed go along, which is no news to the draft; whether anything was."""
    stood = source_of(db, teller.community_id, plan.week_start, teller).facts_digest
    if not follow(db, teller.community_id, plan.week_start, ref, becomes):
        return False
    if plan.facts_digest == stood:
        plan.facts_digest = source_of(db, teller.community_id, plan.week_start, teller).facts_digest
        db.flush()
    return True


def _new(stood: Held, stands: Held) -> list[Objection]:
    known = {each.subject for each in stood.objections}
    return [each for each in stands.objections if each.subject not in known]


def _with_reasons(source: ProblemSource, held: Held, session: SessionContent | None) -> SessionContent | None:
    """A session whose places say why as things stand after the change."""
    if session is None or not held.checked.terms:
        return session
    reasons = reasons_in(source, held.checked.sessions)
    return replace(
        session,
        places=tuple(Place(each, reasons.of(session.ref, each)) for each in session.residents),
    )


def _weigh(db: DbSession, plan: Plan, held: Held) -> None:
    plan.objective, plan.terms = held.checked.objective, held.checked.terms
    db.flush()
