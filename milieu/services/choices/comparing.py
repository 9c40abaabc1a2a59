"""Choices side by side: who is told what by each, who loses what they love, session by session.

Everything is worked out from the sessions that each choice holds against those that are published; nothing is kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.machine.memory import Memory
from milieu.models import Choice, Plan, Run
from milieu.queries.basis import basis_of
from milieu.queries.names import names_of
from milieu.reasons import LOVED
from milieu.services.choices import CHOICES, KINDS
from milieu.services.choices.deciding import can_be_held
from milieu.services.weeks.changes import Changes, SessionChange
from milieu.services.weeks.editions import changes_of, explained
from milieu.services.weeks.objections import hold
from milieu.solving.answer.checking import is_open
from milieu.solving.contents import SessionContent, read_plan
from milieu.solving.problem.document import ProblemSource, WeekFacts
from milieu.solving.problem.known import source_of
from milieu.solving.problem.programme.seasons import liked

_Pair = tuple[str, str]
_MOST_REMEMBERED = 16


@dataclass(frozen=True)
class Love:
    """A resident has fewer (or more) invitations to something they love; `title` is the activity."""

    resident_id: str
    name: str
    title: str


@dataclass(frozen=True)
class ChoiceShown:
    """A choice as one decides on it.

    `told_in` is how many are told otherwise of each session, by ref; `loses` and `gains` are of what people love;
    `left_with_nothing` are the names of those who were invited to something still to come and are to nothing then.
    `against` is what stands against it by now, in sentences; where it `can_be_held` all the same, that is a demand
    which it leaves unmet. `seconds` is how long it took to find.
    """

    id: str
    kind: str
    changes: Changes
    told_in: Mapping[str, int]
    loses: tuple[Love, ...]
    gains: tuple[Love, ...]
    left_with_nothing: tuple[str, ...]
    against: tuple[str, ...]
    can_be_held: bool
    seconds: float

    @property
    def told(self) -> int:
        """How many people are told something else than before."""
        return self.changes.told_otherwise

    def of(self, ref: str) -> SessionChange | None:
        """What becomes of a session, None where it stays as it is."""
        return next((each for each in self.changes.sessions if each.ref == ref), None)

    def losers_in(self, ref: str) -> tuple[str, ...]:
        """The names of those who leave a session and have less of what they love by it."""
        change = self.of(ref)
        if change is None:
            return ()
        lost = {each.name for each in self.loses if each.title == change.shown.title}
        return tuple(each for each in change.left if each in lost)


@dataclass(frozen=True)
class Standing:
    """A published session to come that something stands against, and what, in sentences."""

    session: SessionContent
    leaders: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A week's newest choices. `run_id` is None where they were never looked for; `is_open`: they are being found.

    `published` is the kind of the one that was published, else "". `is_overtaken`: the week was published anew since,
    so none of them can be; `is_older`: other facts hold by now. `others` are the refs of sessions that a choice changes
    though nothing stands against them.
    """

    week_start: date
    run_id: str | None
    is_open: bool
    published: str
    is_overtaken: bool
    is_older: bool
    asked_at: datetime | None
    message: str
    standing: tuple[Standing, ...]
    choices: tuple[ChoiceShown, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """In order of time, as the first choice that changes them has them."""
        named = {each.session.ref for each in self.standing}
        changes = {each.ref: each for choice in self.choices for each in choice.changes.sessions}
        found = [each for ref, each in changes.items() if ref not in named]
        return tuple(each.ref for each in sorted(found, key=_when))

    @property
    def residents(self) -> frozenset[str]:
        """Everybody whom it may name."""
        told = (each for choice in self.choices for each in choice.changes.sessions)
        return frozenset().union(
            *(each.residents | each.about for each in told), *(each.session.residents for each in self.standing)
        )


_COMPARISONS: Memory[Comparison] = Memory(_MOST_REMEMBERED)


def compare_choices(db: DbSession, community_id: str, week_start: date, now: datetime) -> Comparison:
    """The newest choices of a week by the facts of now. Raises NotFound, Invalid; Conflict where the week is over."""
    run = db.scalars(
        select(Run)
        .where(Run.community_id == community_id, Run.week_start == week_start, Run.kind == CHOICES)
        .order_by(Run.open_week.is_not(None).desc(), Run.requested_at.desc(), Run.id.desc())
        .limit(1)
    ).first()
    rows = [] if run is None else _rows(db, run)
    basis = basis_of(db, community_id, week_start, now)
    state = (run.id, run.state, *((plan.id, plan.state) for _choice, plan in rows)) if run is not None else ()
    return _COMPARISONS.recall((basis, state), lambda: _compare(db, community_id, week_start, now, run, rows))


def _rows(db: DbSession, run: Run) -> list[tuple[Choice, Plan]]:
    found = db.execute(
        select(Choice, Plan)
        .join(Plan, (Plan.community_id == Choice.community_id) & (Plan.id == Choice.plan_id))
        .where(Choice.community_id == run.community_id, Choice.run_id == run.id)
    )
    return sorted(((choice, plan) for choice, plan in found), key=lambda row: KINDS.index(row[0].kind))


def _compare(
    db: DbSession,
    community_id: str,
    week_start: date,
    now: datetime,
    run: Run | None,
    rows: Sequence[tuple[Choice, Plan]],
) -> Comparison:
    source = source_of(db, community_id, week_start, now, repair=True)
    week = source.facts
    names = names_of(db, community_id)
    standing = _standing(db, source, names)
    if run is None:
        return Comparison(week_start, None, False, "", False, False, None, "", standing, ())
    current = week.past.published.publication.id if week.past.published is not None else ""
    is_overtaken = any(choice.publication_id != current for choice, _plan in rows)
    reading = _Reading(db, source, names)
    return Comparison(
        week_start,
        run.id,
        run.state in ("queued", "running"),
        next((choice.kind for choice, plan in rows if plan.state == "published"), ""),
        is_overtaken,
        any(plan.facts_digest != week.digest for _choice, plan in rows),
        run.requested_at,
        run.message,
        standing,
        () if is_overtaken else tuple(reading.shown(choice, plan) for choice, plan in rows),
    )


@dataclass(frozen=True)
class _Reading:
    """Reads choices against what is published; `source` is the published week's problem as it is now."""

    db: DbSession
    source: ProblemSource
    names: Mapping[str, str]

    def shown(self, choice: Choice, plan: Plan) -> ChoiceShown:
        """One of them."""
        contents = read_plan(self.db, plan)
        changes = explained(self.db, self.source, changes_of(self.source.facts, contents))
        published = self.source.past.published
        before = published.sessions if published is not None else ()
        loses, gains, nothing = differences(self.source.facts, before, contents)
        told: Counter[str] = Counter(each.shown.ref for each in changes.people if each.kind != "new")
        titles = {row.id: row.name for row in self.source.rows.activities.values()}
        held = hold(self.db, self.source, contents)
        return ChoiceShown(
            choice.id,
            choice.kind,
            changes.named(self.names),
            dict(told),
            self._loves(loses, titles),
            self._loves(gains, titles),
            tuple(sorted(self.names.get(each, "") for each in nothing)),
            held.sentences,
            can_be_held(held, choice.kind),
            choice.seconds,
        )

    def _loves(self, pairs: Iterable[_Pair], titles: Mapping[str, str]) -> tuple[Love, ...]:
        found = [Love(who, self.names.get(who, ""), titles.get(what, "")) for who, what in pairs]
        return tuple(sorted(found, key=lambda each: (each.name, each.title)))


def differences(
    week: WeekFacts, before: Iterable[SessionContent], after: Iterable[SessionContent]
) -> tuple[frozenset[_Pair], frozenset[_Pair], frozenset[str]]:
    """Who has fewer invitations to an activity that they love, who has more, and who has none at all that had some.

    Pairs are (resident, activity). Only what has yet to begin counts, and only residents of the week.
    """
    was, now = (_invitations(week, sessions) for sessions in (before, after))
    loved = {
        (who, what)
        for who in week.rows.residents
        for what, wish in liked(week.rows, who).items()
        if wish.strength >= LOVED
    }
    had, have = ({who for who, _ in counted} for counted in (was, now))
    return (
        frozenset(each for each in loved if now[each] < was[each]),
        frozenset(each for each in loved if now[each] > was[each]),
        frozenset((had - have) & week.rows.residents.keys()),
    )


def _invitations(week: WeekFacts, sessions: Iterable[SessionContent]) -> Counter[_Pair]:
    return Counter(
        (resident, each.activity_id) for each in sessions if is_open(week, each) for resident in each.residents
    )


def _standing(db: DbSession, source: ProblemSource, names: Mapping[str, str]) -> tuple[Standing, ...]:
    """The published sessions to come that something stands against, in order of time."""
    published = source.past.published
    if published is None:
        return ()
    held = hold(db, source, published.sessions, is_published=True)
    said: dict[str, list[str]] = {}
    for each in held.objections:
        for ref in each.refs:
            said.setdefault(ref, []).append(each.said)
    return tuple(
        Standing(each, tuple(sorted(names.get(leader, "") for leader in each.facilitators)), tuple(said[each.ref]))
        for each in published.sessions
        if each.ref in said and is_open(source.facts, each)
    )


def _when(change: SessionChange) -> tuple[date, int, str, str]:
    told = change.before or change.after
    assert told is not None
    return told.on_date, told.start_minute, told.title, change.ref
