"""What a solver answered: believed only after the second reading, then turned into the sessions of a week."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from milieu.models import Tie
from milieu.solving.answer.reasons import Reasons
from milieu.solving.contents import Place, SessionContent, in_order, named
from milieu.solving.problem.document import ProblemSource
from milieu.solving.problem.programme.seasons import liked
from milieu.solving.problem.programme.seating import space_of
from solver.documents import exchange
from solver.model import check

_REF_LENGTH = 12


class Untrusted(Exception):
    """An answer that must not be used: no schedule document, one of another problem, a broken rule or a false score.

    `code` says which, `rules` what was broken; never a word of the answer, which may hold anybody's name.
    """

    def __init__(self, code: str, rules: Sequence[str] = ()) -> None:
        self.code, self.rules = code, tuple(rules)
        super().__init__(" ".join([code, *self.rules]))


def read_answer(source: ProblemSource, raw: bytes | None) -> exchange.ScheduleDocument:
    """The schedule document, when everything in it is true of this very problem.

    Raises Untrusted.
    """
    if raw is None:
        raise Untrusted("absent")
    try:
        schedule = exchange.read_schedule(raw, source.document)
    except exchange.DocumentErrors:
        raise Untrusted("unreadable") from None
    if schedule.relaxed:
        raise Untrusted("relaxed")
    wrong = check.read_whole(source.document, source.digest, schedule)
    if wrong:
        raise Untrusted("broken", [f"{each.rule} {each.reason.code}" for each in wrong[:20]])
    return schedule


def contents_of(source: ProblemSource, sessions: Sequence[exchange.Session], run_id: str) -> tuple[SessionContent, ...]:
    """The week that a checked schedule's sessions describe, in order of time.

    What happened is as it was published: who came is attendance's to tell, not an invitation's. Sessions that are new
    get a ref of their own, which no other week or run can have.
    """
    told = {each.ref: each for each in (source.past.published.sessions if source.past.published else ())}
    frozen = {row.id for row in source.past.frozen}
    reasons = reasons_in(source, sessions)
    refs = _refs(source, sessions, run_id)
    minutes = {row.id: row.duration_minutes for row in source.document.activities}
    return in_order(
        told[row.id] if row.id in frozen else _session(source, row, refs[row.id], minutes[row.activity], reasons)
        for row in sessions
    )


def reasons_in(source: ProblemSource, sessions: Sequence[exchange.Session]) -> Reasons:
    """Why each place of a week's sessions is given, with all that is known of who said what and who may be told."""
    return Reasons(source.document, sessions, private_pairs(source), _said_by(source), source.birthdays)


def _session(source: ProblemSource, row: exchange.Session, ref: str, minutes: int, reasons: Reasons) -> SessionContent:
    activity, space = source.rows.activities[row.activity], source.rows.spaces[space_of(row.space)]
    return named(
        activity,
        space,
        ref=ref,
        on_date=source.week.start + timedelta(days=row.day),
        start_minute=row.begin,
        end_minute=row.begin + minutes,
        facilitators=tuple(sorted(row.facilitators)),
        places=tuple(Place(each, reasons.of(row.id, each)) for each in sorted(row.residents)),
    )


def _refs(source: ProblemSource, sessions: Sequence[exchange.Session], run_id: str) -> dict[str, str]:
    """The ref of each session: its id where people or pins know it by that, else a fresh one."""
    known = {row.id for row in source.document.previous}
    known |= {pin.session.id for pin in source.document.pins if isinstance(pin, exchange.SessionPin)}
    return {row.id: row.id if row.id in known else fresh_ref(source.week.name, run_id, row.id) for row in sessions}


def fresh_ref(week: str, run_id: str, session_id: str) -> str:
    """A session's name for good: the week, and what no other run can come to."""
    return f"{week}-{hashlib.sha256(f'{run_id} {session_id}'.encode()).hexdigest()[:_REF_LENGTH]}"


def _is_private(tie: Tie) -> bool:
    """Whether no reason may speak of a tie: it is the director's alone, or only hoped for."""
    return tie.visibility == "director" or tie.kind == "meet"


def private_pairs(source: ProblemSource) -> set[frozenset[str]]:
    """Pairs whose tie is the director's own knowledge, and those that nothing is known of yet."""
    known = {frozenset((tie.resident_id, tie.other_id)) for tie in source.rows.ties}
    private = {frozenset((tie.resident_id, tie.other_id)) for tie in source.rows.ties if _is_private(tie)}
    return private | ({frozenset((tie.a, tie.b)) for tie in source.document.ties} - known)


def _said_by(source: ProblemSource) -> dict[tuple[str, str], str]:
    """Whose word each wish is that counts, by (resident, activity)."""
    return {
        (resident_id, activity_id): wish.said_by
        for resident_id in source.rows.wishes
        for activity_id, wish in liked(source.rows, resident_id).items()
    }
