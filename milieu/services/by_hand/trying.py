"""A change by hand, checked as it is made: what it would break is said before it is kept, and kept only on purpose.

What somebody's own no, a limit of theirs or two kept apart stand against is never kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from milieu.causes import APART, LIMIT, REFUSAL
from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.ids import new_id
from milieu.models import Plan
from milieu.services.by_hand import keeping
from milieu.services.by_hand.edits import Edit, House
from milieu.services.by_hand.fixed import ABSENT, Fixing, fix_all, follow, let_go
from milieu.services.teller import Teller
from milieu.services.weeks.objections import Held, Objection, hold
from milieu.solving.answer.answers import reasons_in
from milieu.solving.answer.checking import is_open
from milieu.solving.contents import Place, SessionContent, read_plan
from milieu.solving.problem import known
from milieu.solving.problem.document import ProblemSource

_RIGHTS = frozenset({REFUSAL, LIMIT, APART})


class Breaks(Conflict):
    """A change that would break rules; nothing was kept. `because` says which, in sentences.

    `may_be_kept`: on purpose, where no right of anybody's stands against it.
    """

    def __init__(self, objections: Iterable[Objection]) -> None:
        found = tuple(objections)
        super().__init__("This would break something.", dict.fromkeys(each.said for each in found))
        self.may_be_kept = not any(cause.kind in _RIGHTS for each in found for cause in each.causes)


@dataclass(frozen=True)
class Asked:
    """What is asked of one session: `kind` is of `edits.KINDS`; `keeps_out` is who is fixed out of it, "" nobody."""

    kind: str
    ref: str
    edit: Edit
    keeps_out: str = ""


def new_ref(source: ProblemSource) -> str:
    """The name of a session that somebody adds by hand: no run can come to it."""
    return f"{source.week.name}-{new_id()[:10]}"


def source_of(db: DbSession, community_id: str, week_start: date, teller: Teller) -> ProblemSource:
    """The problem of a week by the facts of now, read once as long as nothing changes.

    Raises NotFound; Conflict where the week is over.
    """
    return known.source_of(db, community_id, week_start, teller.now, repair=False)


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
    db: DbSession, teller: Teller, week_start: date, version: int, *changes: Asked, on_purpose: bool
) -> tuple[SessionContent | None, ...]:
    """Make changes of a week's draft together, one after the other; what the session of each has become.

    What they would break is read once all are made. Raises NotFound; Invalid at the field meant; Conflict where
    somebody else's change came first or a session has begun; Breaks where they would break something new and are not
    made `on_purpose`.
    """
    plan = keeping.find_draft(db, teller, week_start, version)
    source = source_of(db, teller.community_id, week_start, teller)
    sessions = {each.ref: each for each in read_plan(db, plan)}
    stood = hold(db, source, sessions.values())
    steps = []
    for asked in changes:
        steps.append(_try(db, teller, source, sessions, asked))
        _put(sessions, asked.ref, steps[-1].after)
    if _stay_as_fresh(db, teller, plan, source):
        source = source_of(db, teller.community_id, week_start, teller)
    stands = hold(db, source, sessions.values())
    breaks = Breaks(_new(stood, stands))
    if breaks.because and not (on_purpose and breaks.may_be_kept):
        raise breaks
    for number, each in enumerate(steps):
        keeping.keep_edit(
            db,
            teller,
            plan,
            replace(each, after=_with_reasons(source, stands, each.after, sessions)),
            is_joined=number > 0,
        )
    _weigh(db, plan, stands)
    return tuple(sessions.get(each.ref) for each in changes)


def _try(
    db: DbSession, teller: Teller, source: ProblemSource, sessions: dict[str, SessionContent], asked: Asked
) -> keeping.Step:
    """What one change makes of its session, what is fixed going along."""
    before = sessions.get(asked.ref)
    after = asked.edit(sessions, house_of(source))
    for each in (before, after):
        if each is not None and not is_open(source.facts, each):
            raise Conflict("What has begun, or lies in the past, stays as it was.", at="start")
    week_start = source.week.start
    _touched, gone = follow(db, teller.community_id, week_start, asked.ref, after)
    new = (Fixing(ABSENT, asked.keeps_out),) if asked.keeps_out else ()
    fix_all(db, teller, week_start, asked.ref, after, new)
    return keeping.Step(asked.kind, before, after, gone, new)


def step(db: DbSession, teller: Teller, week_start: date, version: int, *, back: bool) -> keeping.EditShown:
    """Undo the last change by hand, or do the one again that was undone, and what was made together with it.

    Raises NotFound, Conflict.
    """
    plan = keeping.find_draft(db, teller, week_start, version)
    source = source_of(db, teller.community_id, week_start, teller)
    edits = (keeping.undo if back else keeping.redo)(db, teller, plan, house_of(source))
    contents = read_plan(db, plan)
    there = {each.ref: each for each in contents}
    for edit in edits:
        session = there.get(edit.ref)
        follow(db, teller.community_id, week_start, edit.ref, session)
        gone, new = keeping.fixings_of(edit)
        let_go(db, teller.community_id, week_start, edit.ref, new if back else gone)
        fix_all(db, teller, week_start, edit.ref, session, gone if back else new)
    if _stay_as_fresh(db, teller, plan, source):
        source = source_of(db, teller.community_id, week_start, teller)
    _weigh(db, plan, hold(db, source, contents))
    titles = {row.id: row.name for row in source.rows.activities.values()}
    return keeping.shown(edits[-1] if back else edits[0], "", titles, len(edits) - 1)


def find_session(db: DbSession, plan: Plan, ref: str) -> SessionContent:
    """A session of a draft. Raises NotFound."""
    found = next((each for each in read_plan(db, plan) if each.ref == ref), None)
    if found is None:
        raise NotFound("This session is not in the draft any more.")
    return found


def _put(sessions: dict[str, SessionContent], ref: str, becomes: SessionContent | None) -> None:
    if becomes is None:
        sessions.pop(ref, None)
    else:
        sessions[ref] = becomes


def _stay_as_fresh(db: DbSession, teller: Teller, plan: Plan, source: ProblemSource) -> bool:
    """That what is fixed went along is no news to the draft; whether anything is fixed otherwise than in the source."""
    now = source_of(db, teller.community_id, plan.week_start, teller).facts_digest
    if now == source.facts_digest:
        return False
    if plan.facts_digest == source.facts_digest:
        plan.facts_digest = now
        db.flush()
    return True


def _new(stood: Held, stands: Held) -> list[Objection]:
    known = {each.subject for each in stood.objections}
    return [each for each in stands.objections if each.subject not in known]


def _with_reasons(
    source: ProblemSource, held: Held, session: SessionContent | None, sessions: Mapping[str, SessionContent]
) -> SessionContent | None:
    """A session whose places say why as things stand after all changes, where it stays as it is by this one."""
    if session is None or sessions.get(session.ref) != session or not held.checked.terms:
        return session
    reasons = reasons_in(source, held.checked.sessions)
    return replace(
        session,
        places=tuple(Place(each, reasons.of(session.ref, each)) for each in session.residents),
    )


def _weigh(db: DbSession, plan: Plan, held: Held) -> None:
    plan.objective, plan.terms = held.checked.objective, held.checked.terms
    db.flush()
