"""A week's sessions held against a problem: which rules they break, and what they are worth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from milieu.solving.contents import SessionContent, in_order
from milieu.solving.problem.commitments.past import as_session, has_begun
from milieu.solving.problem.document import ProblemSource, WeekFacts
from milieu.solving.problem.people.in_bed import open_at
from solver.documents import exchange
from solver.model import check
from solver.model.reasons import Breach


@dataclass(frozen=True)
class Checked:
    """`contents` is the whole week as it would be published: what has begun as it was, the rest as given."""

    contents: tuple[SessionContent, ...]
    sessions: tuple[exchange.Session, ...]
    breaches: tuple[Breach, ...]
    terms: dict[str, int]

    @property
    def objective(self) -> int:
        return sum(self.terms.values())


def check_week(source: ProblemSource, contents: Iterable[SessionContent]) -> Checked:
    """Read the sessions that have yet to begin against the problem as it is now."""
    start, until = source.week.start, source.past.until
    published = source.past.published.sessions if source.past.published else ()
    begun = [each for each in published if has_begun(each, start, until)]
    to_come = [each for each in contents if not has_begun(each, start, until)]
    sessions = (
        *source.past.frozen,
        *(as_session(source.facts.seating, each, start, each.residents) for each in to_come),
    )
    breaches = tuple(check.broken(open_at(source.rows, source.document, sessions), sessions))
    # What a session names that has left the problem cannot be scored; it is broken anyway.
    terms = {} if any(each.rule == "FORM" for each in breaches) else check.score(source.document, sessions)
    return Checked(in_order([*begun, *to_come]), sessions, breaches, terms)


def is_open(week: WeekFacts, session: SessionContent) -> bool:
    """Whether a session can still be changed."""
    return not has_begun(session, week.week.start, week.past.until)


def is_same_week(one: Sequence[SessionContent], other: Sequence[SessionContent]) -> bool:
    """Whether two weeks have the same sessions, leaders and invitations, whatever they are called and why."""
    return [_face(each) for each in one] == [_face(each) for each in other]


def _face(session: SessionContent) -> tuple[object, ...]:
    return (
        session.ref,
        session.activity_id,
        session.space_id,
        session.on_date,
        session.start_minute,
        tuple(sorted(session.facilitators)),
        tuple(sorted(session.residents)),
    )
