"""Rows for tests: a small made-up community in a few lines.

    with unit_of_work(engines) as db:
        elm = small_community(db)  # ready to plan: 6 residents, 2 spaces, 2 facilitators, 3 activities
        elm.refusal(elm.residents["ada"], activity=elm.activities["choir"])
        elm.publication([Held("choir", "lounge", day=1, start="10:00", leaders=["finn"], residents=["ada", "ben"])])

Everything is added to the session and flushed, never committed.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import inspect, select

from milieu.causes import Cause, as_json
from milieu.clock import SystemClock
from milieu.database import DbSession
from milieu.ids import new_id
from milieu.models import (
    Account,
    AccountHolder,
    Activity,
    Base,
    CalmTime,
    Community,
    CommunitySettings,
    Consent,
    Facilitator,
    Invitation,
    Kinship,
    Limit,
    LivingGroup,
    ProgrammeAim,
    Publication,
    PublishedChange,
    PublishedDay,
    PublishedLeader,
    PublishedSession,
    Refusal,
    Relative,
    Requirement,
    Resident,
    ResidentBusy,
    Role,
    Roster,
    Space,
    Target,
    Tie,
    Wish,
)

NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)  # a Wednesday morning
MONDAY = date(2026, 11, 30)
Row = TypeVar("Row", bound=Base)


class FixedClock:
    """A clock that stands until it is told to go on; waiting moves it instead of taking time."""

    def __init__(self, now: datetime = NOW) -> None:
        self.present = now

    def now(self) -> datetime:
        return self.present

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.present += timedelta(seconds=seconds)
        return event.is_set()

    def advance(self, **amount: float) -> None:
        self.present += timedelta(**amount)


class ShiftedClock(SystemClock):
    """A clock that goes like the machine's but shows another time, for what really waits."""

    def __init__(self, now: datetime) -> None:
        self._shift = now - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def turn(self, by: timedelta) -> None:
        """Set it forward, or back."""
        self._shift += by


def minute(clock: str) -> int:
    """Minutes after midnight of "HH:MM"."""
    return int(clock[:2]) * 60 + int(clock[3:])


@dataclass(frozen=True)
class Held:
    """A session as a test says it: rows by their keys."""

    activity: str
    space: str
    day: int
    start: str
    leaders: Sequence[str] = ()
    residents: Sequence[str] = ()
    ref: str = ""
    minutes: int | None = None
    reasons: Any = None


@dataclass
class CommunityBuilder:
    """Adds rows of one community; every method returns the row and keeps it under its key."""

    db: DbSession
    community: Community
    groups: dict[str, LivingGroup] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    facilitators: dict[str, Facilitator] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)
    relatives: dict[str, Relative] = field(default_factory=dict)
    publications: int = 0
    waiting: list[Base] | None = None

    @property
    def id(self) -> str:
        return self.community.id

    def add(self, row: Row) -> Row:
        if self.waiting is not None:
            if "id" in inspect(type(row)).columns and row.id is None:  # type: ignore[attr-defined]
                row.id = new_id()  # type: ignore[attr-defined]
            self.waiting.append(row)
            return row
        self.db.add(row)
        self.db.flush()
        return row

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Send the rows that are added meanwhile together at the end, a table at a time, in the order of their first
        rows: a third of the time. Nobody may ask the database for them before.
        """
        assert self.waiting is None
        self.waiting = []
        yield
        rows: dict[type[Base], list[Base]] = {}
        for row in self.waiting:
            rows.setdefault(type(row), []).append(row)
        self.waiting = None
        for each in rows.values():
            self.db.add_all(each)
            self.db.flush()

    def group(self, key: str = "garden", **fields: Any) -> LivingGroup:
        given = {"name": f"{key.title()} wing", "zone": key, **fields}
        self.groups[key] = self.add(LivingGroup(community_id=self.id, key=key, **given))
        return self.groups[key]

    def space(self, key: str = "lounge", *, capacity: int = 12, **fields: Any) -> Space:
        given = {"name": key.title(), "zone": "garden", **fields}
        self.spaces[key] = self.add(Space(community_id=self.id, key=key, capacity=capacity, **given))
        return self.spaces[key]

    def facilitator(
        self, key: str = "finn", *, hours: Sequence[tuple[str, str]] = (("09:00", "17:00"),), **fields: Any
    ) -> Facilitator:
        """Somebody on duty at the given hours of every day."""
        given = {"name": f"{key.title()} Made-Up", **fields}
        self.facilitators[key] = row = self.add(Facilitator(community_id=self.id, key=key, **given))
        for start, end in hours:
            times = {"start_minute": minute(start), "end_minute": minute(end)}
            self.add(Roster(community_id=self.id, facilitator_id=row.id, **times))
        return row

    def activity(self, key: str = "choir", *, minutes: int = 45, max_group: int = 10, **fields: Any) -> Activity:
        given = {"name": key.title(), "domains": ["social"], "sessions_max": 2, "min_group": 2, **fields}
        row = Activity(community_id=self.id, key=key, duration_minutes=minutes, max_group=max_group, **given)
        self.activities[key] = self.add(row)
        return row

    def resident(self, key: str = "ada", *, group: str = "garden", **fields: Any) -> Resident:
        living_group = self.groups.get(group) or self.group(group)
        given = {
            "given_name": key.title(),
            "family_name": "Made-Up",
            "room": str(len(self.residents) + 1),
            "arrived_on": date(2026, 1, 5),
            "pronoun": "she",
            **fields,
        }
        self.residents[key] = self.add(
            Resident(community_id=self.id, key=key, living_group_id=living_group.id, **given)
        )
        return self.residents[key]

    def wish(self, resident: Resident, activity: Activity, strength: int = 3, **fields: Any) -> Wish:
        ids = {"resident_id": resident.id, "activity_id": activity.id}
        return self.add(Wish(community_id=self.id, strength=strength, **ids, **fields))

    def refusal(
        self,
        resident: Resident,
        *,
        activity: Activity | None = None,
        space: Space | None = None,
        facilitator: Facilitator | None = None,
        **fields: Any,
    ) -> Refusal:
        ids = _one_thing(resident, activity, space, facilitator)
        return self.add(Refusal(community_id=self.id, **ids, **fields))

    def limit(
        self,
        resident: Resident,
        *,
        activity: Activity | None = None,
        space: Space | None = None,
        facilitator: Facilitator | None = None,
        **fields: Any,
    ) -> Limit:
        ids = _one_thing(resident, activity, space, facilitator)
        return self.add(Limit(community_id=self.id, **ids, **fields))

    def busy(self, resident: Resident, start: str, end: str, *, kind: str = "care", **fields: Any) -> ResidentBusy:
        times = {"start_minute": minute(start), "end_minute": minute(end)}
        return self.add(ResidentBusy(community_id=self.id, resident_id=resident.id, kind=kind, **times, **fields))

    def calm(self, resident: Resident, start: str, end: str, noise_max: int = 1, **fields: Any) -> CalmTime:
        times = {"start_minute": minute(start), "end_minute": minute(end)}
        return self.add(CalmTime(community_id=self.id, resident_id=resident.id, noise_max=noise_max, **times, **fields))

    def target(self, resident: Resident, domain: str = "social", min_sessions: int = 1, **fields: Any) -> Target:
        given = {"resident_id": resident.id, "domain": domain, "min_sessions": min_sessions, **fields}
        return self.add(Target(community_id=self.id, **given))

    def requirement(self, resident: Resident, activity: Activity, times_a_week: int = 1, **fields: Any) -> Requirement:
        ids = {"resident_id": resident.id, "activity_id": activity.id}
        return self.add(Requirement(community_id=self.id, times_a_week=times_a_week, **ids, **fields))

    def tie(self, one: Resident, other: Resident, strength: int | None = 3, **fields: Any) -> Tie:
        """A tie of that strength; `strength=None` says that the two must not meet."""
        first, second = sorted((one.id, other.id))
        given = {"author": "made up", "source": "observed", "noted_on": date(2026, 11, 1), **fields}
        pair = {"resident_id": first, "other_id": second, "is_apart": strength is None, "strength": strength}
        return self.add(Tie(community_id=self.id, **pair, **given))

    def no_aim(self, group: LivingGroup) -> ProgrammeAim:
        """A living group that needs nothing every day: a score of three activities is not what seven days lack."""
        hours = {"start_minute": 0, "end_minute": 1440, "min_sessions": 0}
        return self.add(ProgrammeAim(community_id=self.id, living_group_id=group.id, **hours))

    def relative(
        self,
        key: str,
        *,
        of: Resident,
        resident_is: str = "mother",
        kinds: Sequence[str] = ("calendar", "attended"),
        valid_from: date = date(2026, 1, 5),
        valid_until: date | None = None,
        **fields: Any,
    ) -> Relative:
        """Somebody's relative with consents; called again with the same key it adds another resident to her."""
        row = self.relatives.get(key)
        if row is None:
            given = {"name": f"{key.title()} Made-Up", **fields}
            row = self.relatives[key] = self.add(Relative(community_id=self.id, key=key, **given))
        ids = {"relative_id": row.id, "resident_id": of.id}
        self.add(Kinship(community_id=self.id, resident_is=resident_is, **ids))
        for kind in kinds:
            self.add(Consent(community_id=self.id, kind=kind, valid_from=valid_from, valid_until=valid_until, **ids))
        return row

    def account(
        self,
        role: str = "director",
        *,
        email: str = "",
        relative: Relative | None = None,
        facilitator: Facilitator | None = None,
        **fields: Any,
    ) -> Account:
        """An account without a password; give `password=` a hash where a test signs in."""
        found = self.db.scalar(select(Role).where(Role.name == role)) or self.add(Role(name=role))
        given = {
            "holder": AccountHolder(
                email=email or f"{role}@{self.community.key}.example",
                password=fields.pop("password", None),
                created_at=NOW,
            ),
            "name": f"{role.title()} Made-Up",
            "created_at": NOW,
            "relative_id": relative and relative.id,
            "facilitator_id": facilitator and facilitator.id,
            **fields,
        }
        return self.add(Account(community_id=self.id, roles=[found], **given))

    def publication(
        self,
        sessions: Sequence[Held],
        *,
        week_start: date = MONDAY,
        kind: str = "week",
        published_at: datetime = NOW - timedelta(days=5),
        days: Sequence[int] = range(7),
        why: Mapping[str, tuple[str, Sequence[Cause]]] | None = None,
        **fields: Any,
    ) -> Publication:
        """A published week as the services would leave it, pointers of the given days moved; digests are made up.

        `why`: by ref, the kind of a session's change and the facts that are kept with it.
        """
        self.publications += 1
        number = self.publications
        before = self.db.scalar(
            select(PublishedDay.publication_id).where(
                PublishedDay.community_id == self.id, PublishedDay.on_date == week_start
            )
        )
        row = self.add(
            Publication(
                community_id=self.id,
                number=number,
                kind=kind,
                week_start=week_start,
                as_of=published_at,
                published_at=published_at,
                timezone=self.community.timezone,
                previous_id=before,
                **{
                    "facts_digest": f"{number:064d}",
                    "input_hash": f"{number:064d}",
                    "digest": f"{number:064d}",
                    "programme": "{}",
                    **fields,
                },
            )
        )
        with self.at_once():
            for session in sessions:
                self._published_session(row, session)
            for ref, (change, causes) in (why or {}).items():
                ids = {"community_id": self.id, "publication_id": row.id}
                self.add(PublishedChange(session_ref=ref, kind=change, because=as_json(causes), **ids))
        self._point_to(row, [week_start + timedelta(days=day) for day in days])
        return row

    def _point_to(self, publication: Publication, days: Sequence[date]) -> None:
        """Have a publication be what holds on some days."""
        own = select(PublishedDay).where(PublishedDay.community_id == self.id, PublishedDay.on_date.in_(days))
        pointing = {each.on_date: each for each in self.db.scalars(own)}
        for day in days:
            if day in pointing:
                pointing[day].publication_id = publication.id
            else:
                self.db.add(PublishedDay(community_id=self.id, on_date=day, publication_id=publication.id))
        self.db.flush()

    def _published_session(self, publication: Publication, held: Held) -> None:
        activity, space = self.activities[held.activity], self.spaces[held.space]
        on_date = publication.week_start + timedelta(days=held.day)
        start = minute(held.start)
        length = held.minutes or activity.duration_minutes
        row = self.add(
            PublishedSession(
                community_id=self.id,
                publication_id=publication.id,
                ref=held.ref or f"{on_date:%G-W%V}-{held.activity}-{held.day}",
                activity_id=activity.id,
                space_id=space.id,
                title=activity.name,
                space_name=space.name,
                domains=activity.domains,
                on_date=on_date,
                start_minute=start,
                end_minute=start + length,
                starts_at=self.moment(on_date, start),
                ends_at=self.moment(on_date, start + length),
                seats=min(space.capacity, activity.max_group),
                is_visit=activity.max_group == 1,
            )
        )
        for leader in held.leaders:
            ids = {"published_session_id": row.id, "facilitator_id": self.facilitators[leader].id}
            self.add(PublishedLeader(community_id=self.id, **ids))
        reason = held.reasons or {"reasons": [{"code": "wish", "amount": 3, "domain": None, "said_by": "resident"}]}
        for resident in held.residents:
            ids = {"published_session_id": row.id, "resident_id": self.residents[resident].id}
            self.add(Invitation(community_id=self.id, reason=reason, **ids))

    def moment(self, on_date: date, minutes: int) -> datetime:
        """The moment that a local time of the community is, in UTC."""
        local = datetime.combine(on_date, time(), tzinfo=ZoneInfo(self.community.timezone)) + timedelta(minutes=minutes)
        return local.astimezone(UTC)


def community(db: DbSession, key: str = "elm", *, timezone: str = "Europe/London", **settings: Any) -> CommunityBuilder:
    """An empty made-up community; keyword arguments are columns of its settings."""
    row = Community(key=key, name=f"{key.title()} Cottage", timezone=timezone, is_made_up=True, created_at=NOW)
    db.add(row)
    db.flush()
    db.add(CommunitySettings(community_id=row.id, **{"plan_seconds": 3, "repair_seconds": 2, **settings}))
    db.flush()
    return CommunityBuilder(db, row)


def small_community(db: DbSession, key: str = "elm", *, timezone: str = "Europe/London") -> CommunityBuilder:
    """Six residents in two living groups who like three activities: planned in a second, with room to spare."""
    elm = community(db, key, timezone=timezone)
    with elm.at_once():
        elm.group("garden")
        elm.group("river")
        elm.space("lounge", capacity=12)
        elm.space("studio", capacity=6)
        elm.facilitator("finn", skills=["music"])
        leads_alone = ["choir", "chess", "walk"]
        elm.facilitator("gita", kind="volunteer", hours=[("13:00", "17:00")], leads_alone=leads_alone)
        elm.activity("choir", domains=["creative", "social"], needs_skills=["music"], sessions_min=1)
        elm.activity("chess", minutes=60, max_group=4, domains=["cognitive"])
        elm.activity("walk", minutes=30, max_group=6, domains=["physical", "outdoor"])
        for number, name in enumerate(("ada", "ben", "cleo", "dov", "esi", "fay")):
            elm.resident(
                name, group="garden" if number < 3 else "river", pronoun="he" if name in ("ben", "dov") else "she"
            )
        for number, resident in enumerate(elm.residents.values()):
            for rank, activity in enumerate(elm.activities.values()):
                elm.wish(resident, activity, strength=1 + (number + rank) % 4)
        elm.tie(elm.residents["ada"], elm.residents["ben"], 4)
        elm.tie(elm.residents["dov"], elm.residents["fay"], None)
        for group in elm.groups.values():
            elm.no_aim(group)
    return elm


def _one_thing(
    resident: Resident, activity: Activity | None, space: Space | None, facilitator: Facilitator | None
) -> dict[str, str | None]:
    return {
        "resident_id": resident.id,
        "activity_id": activity and activity.id,
        "space_id": space and space.id,
        "facilitator_id": facilitator and facilitator.id,
    }
