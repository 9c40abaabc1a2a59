"""Any two versions of a week beside each other: drafts, publications and scenarios, by session and by person."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Account, Plan, Publication, Run
from milieu.queries.names import names_of
from milieu.services.weeks.changes import Changes, PersonChange, compare
from milieu.solving.contents import SessionContent, read_plan, read_publication

PUBLICATION = "publication"


@dataclass(frozen=True)
class Version:
    """A publication, draft, draft set aside, choice or scenario of a week. `by` is a name, "" where the clock made it.

    `kind` is "publication" or the plan's state; `number` and `issued_as` are a publication's, `supposed` is what a
    scenario was asked for.
    """

    id: str
    kind: str
    at: datetime
    by: str
    number: int | None = None
    issued_as: str = ""
    supposed: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Totals:
    """What a version comes to; `people` are those invited to anything."""

    groups: int
    visits: int
    people: int
    invitations: int


@dataclass(frozen=True)
class PersonBeside:
    """Somebody for whom the two differ: what they are invited to by each, counted, and everything that differs."""

    resident_id: str
    name: str
    before: int
    after: int
    changes: tuple[PersonChange, ...]


@dataclass(frozen=True)
class SideBySide:
    """Two versions of a week: what each comes to, and what is otherwise in the second than in the first."""

    before: Version
    after: Version
    totals: tuple[Totals, Totals]
    changes: Changes
    people: tuple[PersonBeside, ...]

    @property
    def gain(self) -> int:
        """How many are invited to more by the second."""
        return sum(each.after > each.before for each in self.people)

    @property
    def lose(self) -> int:
        """How many are invited to less by the second."""
        return sum(each.after < each.before for each in self.people)


def versions_of(db: DbSession, community_id: str, week_start: date) -> tuple[Version, ...]:
    """All that there is of a week: publications, the newest first, then plans, the newest first. Two queries."""
    issued = db.execute(
        select(Publication.id, Publication.published_at, Account.name, Publication.number, Publication.kind)
        .outerjoin(
            Account, (Account.community_id == Publication.community_id) & (Account.id == Publication.published_by)
        )
        .where(Publication.community_id == community_id, Publication.week_start == week_start)
        .order_by(Publication.number.desc())
    )
    plans = db.execute(
        select(Plan.id, Plan.state, Plan.created_at, Account.name, Run.asked)
        .outerjoin(Account, (Account.community_id == Plan.community_id) & (Account.id == Plan.created_by))
        .outerjoin(Run, (Run.community_id == Plan.community_id) & (Run.id == Plan.run_id))
        .where(Plan.community_id == community_id, Plan.week_start == week_start, Plan.state != "published")
        .order_by(Plan.created_at.desc(), Plan.id)
    )
    return (
        *(Version(id, PUBLICATION, at, by or "", number, kind) for id, at, by, number, kind in issued),
        *(
            Version(id, state, at, by or "", supposed=(asked or {}).get("supposed"))
            for id, state, at, by, asked in plans
        ),
    )


def newest_two(versions: Iterable[Version]) -> tuple[str, str]:
    """Of versions the last but one and the last, by their ids; "" where there are no two."""
    by_age = sorted(versions, key=lambda each: (each.at, each.number or 0))
    return (by_age[-2].id, by_age[-1].id) if len(by_age) > 1 else ("", "")


@dataclass(frozen=True)
class Apart:
    """How far a version is from another: how many sessions, and for how many people anything, is otherwise."""

    sessions: int
    people: int


def how_far(
    db: DbSession, community_id: str, week_start: date, others: Collection[str], version_id: str
) -> Mapping[str, Apart]:
    """How far each of the others is from a version of a week, as `compare_versions` would tell it, by their ids."""
    versions = {each.id: each for each in versions_of(db, community_id, week_start)}
    new = _contents(db, community_id, versions[version_id]) if version_id in versions else ()
    found = {}
    for other in others:
        if other == version_id or other not in versions or version_id not in versions:
            continue
        changes = _changes(_contents(db, community_id, versions[other]), new)
        found[other] = Apart(len(changes.sessions), len(changes.residents))
    return found


def compare_versions(db: DbSession, community_id: str, week_start: date, before_id: str, after_id: str) -> SideBySide:
    """What is otherwise in one version of a week than in another, past days and all. Raises NotFound."""
    versions = {each.id: each for each in versions_of(db, community_id, week_start)}
    if before_id not in versions or after_id not in versions:
        raise NotFound("There is no such version of this week.")
    before, after = versions[before_id], versions[after_id]
    old, new = (_contents(db, community_id, each) for each in (before, after))
    changes = _changes(old, new).named(names_of(db, community_id))
    return SideBySide(before, after, (_totals(old), _totals(new)), changes, tuple(_people(changes, old, new)))


def _changes(old: Sequence[SessionContent], new: Sequence[SessionContent]) -> Changes:
    here = {resident for each in (*old, *new) for resident in each.residents}
    return compare(old, _under_old_names(old, new), here=here, is_open=lambda _session: True)


def _under_old_names(old: Sequence[SessionContent], new: Sequence[SessionContent]) -> tuple[SessionContent, ...]:
    """The second's sessions, each that is one of the first's under its name: alike in activity, time and space, else of
    one day, else of one activity alone, a visit to the same people.

    A week that was planned anew knows nothing of the draft before it and gives every session another name.
    """
    names = {each.ref: each.ref for each in new}
    there = {each.ref for each in old}
    gone, came = ([each for each in one if each.ref not in other] for one, other in ((old, names), (new, there)))
    for alike in (_place, _day, _what):
        known: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for each in gone:
            known[alike(each)].append(each.ref)
        for each in came:
            if known[alike(each)]:
                names[each.ref] = known[alike(each)].pop(0)
        told = set(names.values())
        gone, came = (
            [each for each in gone if each.ref not in told],
            [each for each in came if names[each.ref] == each.ref],
        )
    return tuple(replace(each, ref=names[each.ref]) for each in new)


def _place(session: SessionContent) -> tuple[object, ...]:
    return session.activity_id, session.on_date, session.start_minute, session.space_id


def _day(session: SessionContent) -> tuple[object, ...]:
    return *_what(session), session.on_date


def _what(session: SessionContent) -> tuple[object, ...]:
    return session.activity_id, *(sorted(session.residents) if session.is_visit else ())


def _contents(db: DbSession, community_id: str, version: Version) -> tuple[SessionContent, ...]:
    key = {"community_id": community_id, "id": version.id}
    if version.kind == PUBLICATION:
        return read_publication(db, db.get_one(Publication, key)).sessions
    return read_plan(db, db.get_one(Plan, key))


def _totals(sessions: Iterable[SessionContent]) -> Totals:
    sessions = tuple(sessions)
    asked = [resident for each in sessions for resident in each.residents]
    visits = sum(each.is_visit for each in sessions)
    return Totals(len(sessions) - visits, visits, len(set(asked)), len(asked))


def _people(changes: Changes, old: Iterable[SessionContent], new: Iterable[SessionContent]) -> Iterable[PersonBeside]:
    """Those for whom anything differs, by name."""
    counts = [Counter(resident for each in sessions for resident in each.residents) for sessions in (old, new)]
    found: dict[str, list[PersonChange]] = {}
    for each in changes.people:
        found.setdefault(each.resident_id, []).append(each)
    for resident_id, theirs in found.items():
        before, after = (count[resident_id] for count in counts)
        yield PersonBeside(resident_id, theirs[0].name, before, after, tuple(theirs))
