"""What is known of a resident on a day: the parts of their page, in plain values. Ties are asked for elsewhere."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Activity, Facilitator, LivingGroup, Space
from milieu.queries.person.rows import Rows, Values, read_own
from milieu.queries.residents.people import Unit, full_name
from milieu.queries.residents.stays import stays_of_one
from milieu.queries.residents.wishes import holding_wishes
from milieu.reasons import LOVED


@dataclass(frozen=True)
class Who:
    """Who somebody is, what they need and what their days are like; `came_on` begins the last stay."""

    id: str
    version: int
    name: str
    called: str
    pronoun: str
    born_on: date | None
    unit: Unit
    room: str
    is_short_stay: bool
    came_on: date | None
    is_gone: bool
    died_on: date | None
    invite_how: str
    wheelchair: bool
    escort: bool
    support: int
    needs_familiar: bool
    stays_in_zone: bool
    noise_max: int
    cannot: tuple[str, ...]
    languages: tuple[str, ...]
    origins: tuple[str, ...]
    trades: tuple[str, ...]
    times: Mapping[str, int]
    rest_minutes: int
    max_a_day: int | None
    sessions_min: int
    sessions_max: int | None


@dataclass(frozen=True)
class Wished:
    """A wish; `counts`: it is the one that holds of those for its activity."""

    id: str
    version: int
    activity_id: str
    activity: str
    domains: tuple[str, ...]
    strength: int
    said_by: str
    said_on: date | None
    source: str
    first: date | None
    last: date | None
    counts: bool = False

    @property
    def rank(self) -> int:
        """0 loves it, 1 likes it, 2 does not mind, 3 rather not."""
        return 0 if self.strength >= LOVED else 1 if self.strength > 0 else 2 if self.strength == 0 else 3


@dataclass(frozen=True)
class No:
    """A no to a `thing` (activity, space or facilitator), or a charted limit with its reason and author."""

    id: str
    version: int
    thing: str
    thing_id: str
    name: str
    said_on: date | None
    first: date | None
    last: date | None
    reason: str = ""
    charted_by: str = ""


@dataclass(frozen=True)
class Aim:
    """An aim of the care plan: at least `times` sessions a week of a domain.

    `owner` looks at it again on `review_on`.
    """

    id: str
    domain: str
    times: int
    owner: str
    review_on: date | None
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Demand:
    """An activity that must be offered `times` a week, and `first` to `last` when; or membership of a closed one."""

    id: str
    activity: str
    times: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Taken:
    """A time of every day (`weekdays` empty), of some days of the week or of one date.

    `kind` says what takes somebody up; of a calm time it is "", and `noise_max` is what they bear then.
    """

    kind: str
    noise_max: int | None
    weekdays: tuple[int, ...]
    on_date: date | None
    start_minute: int
    end_minute: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Known:
    """Everything that is known of somebody and holds, or is to hold, from a day on."""

    who: Who
    wishes: tuple[Wished, ...]
    noes: tuple[No, ...]
    limits: tuple[No, ...]
    aims: tuple[Aim, ...]
    demands: tuple[Demand, ...]
    groups: tuple[Demand, ...]
    busy: tuple[Taken, ...]
    calm: tuple[Taken, ...]


@dataclass(frozen=True)
class Things:
    """The names of what rows speak of, and the domains of activities, by id."""

    names: Mapping[str, str]
    domains: Mapping[str, tuple[str, ...]]


def things_of(db: DbSession, community_id: str) -> Things:
    """Activities, spaces and the team. Three queries."""
    activities = db.execute(
        select(Activity.id, Activity.name, Activity.domains).where(Activity.community_id == community_id)
    ).all()
    names = {row.id: row.name for row in activities}
    for table in (Space, Facilitator):
        rows = db.execute(select(table.id, table.name).where(table.community_id == community_id))
        names.update({row.id: row.name for row in rows})
    return Things(names, {row.id: tuple(row.domains) for row in activities})


def known_of(db: DbSession, rows: Rows, things: Things, on: date) -> Known:
    """What a resident's rows say on a day. Two queries."""
    of = {name: [row for row in held.values() if _holds(row, on)] for name, held in rows.of.items()}
    return Known(
        _who(db, rows.resident, on),
        _wishes(of["wish"], things),
        _noes(of["refusal"], things),
        _noes(of["charted_limit"], things),
        tuple(
            Aim(row["id"], row["domain"], row["min_sessions"], row["owner"] or "", row["review_on"], *_period(row))
            for row in sorted(of["target"], key=lambda row: (row["domain"], row["id"]))
        ),
        _demands(of["requirement"], things, lambda row: row["times_a_week"]),
        _demands(of["activity_member"], things, lambda _row: 0),
        _taken(of["resident_busy"]),
        _taken(of["calm_time"]),
    )


def who_is(db: DbSession, community_id: str, resident_id: str, on: date) -> Who:
    """Who somebody is, without what else is known of them. Raises NotFound. Three queries."""
    return _who(db, read_own(db, community_id, resident_id), on)


def _who(db: DbSession, row: Values, on: date) -> Who:
    group = db.execute(
        select(LivingGroup.name, LivingGroup.sort).where(
            LivingGroup.community_id == row["community_id"], LivingGroup.id == row["living_group_id"]
        )
    ).one()
    stays = stays_of_one(db, row["community_id"], row["id"])
    return Who(
        row["id"],
        row["version"],
        full_name(row["given_name"], row["family_name"], row["called"]),
        row["called"] or row["given_name"],
        row["pronoun"],
        row["born_on"],
        Unit(row["living_group_id"], group.name, group.sort),
        row["room"],
        row["is_short_stay"],
        stays.spans[-1][0] if stays.spans else None,
        stays.is_over(on),
        stays.died_on(on),
        row["invite_how"],
        row["wheelchair"],
        row["escort"],
        row["support"],
        row["needs_familiar"],
        row["zone_locked"],
        row["noise_max"],
        tuple(row["cannot"]),
        tuple(row["languages"]),
        tuple(row["origins"]),
        tuple(row["trades"]),
        dict(row["times"] or {}),
        row["rest_minutes"],
        row["max_per_day"],
        row["sessions_min"],
        row["sessions_max"],
    )


def _holds(row: Values, on: date) -> bool:
    """Whether a row is not over; what is to begin is shown too."""
    return row.get("valid_until") is None or row["valid_until"] >= on


def _period(row: Values) -> tuple[date | None, date | None]:
    return row["valid_from"], row["valid_until"]


def _wishes(rows: Iterable[Values], things: Things) -> tuple[Wished, ...]:
    wishes = [
        Wished(
            row["id"],
            row["version"],
            row["activity_id"],
            things.names[row["activity_id"]],
            things.domains[row["activity_id"]],
            row["strength"],
            row["said_by"],
            row["said_on"],
            row["source"] or "",
            *_period(row),
        )
        for row in rows
    ]
    counting = {wish.id for wish in holding_wishes(wishes).values()}
    best = {wish.activity_id: wish.strength for wish in wishes if wish.id in counting}
    wishes.sort(key=lambda wish: (-best[wish.activity_id], wish.activity, wish.id not in counting, wish.id))
    return tuple(Wished(**{**vars(wish), "counts": wish.id in counting}) for wish in wishes)


def _noes(rows: Iterable[Values], things: Things) -> tuple[No, ...]:
    found = []
    for row in rows:
        thing = next(name for name in ("activity", "space", "facilitator") if row[f"{name}_id"])
        thing_id = row[f"{thing}_id"]
        said = (row.get("said_on"), *_period(row), row.get("reason", ""), row.get("charted_by", ""))
        found.append(No(row["id"], row["version"], thing, thing_id, things.names[thing_id], *said))
    return tuple(sorted(found, key=lambda no: (no.thing, no.name, no.id)))


def _demands(rows: Iterable[Values], things: Things, times: Callable[[Values], int]) -> tuple[Demand, ...]:
    found = [
        Demand(row["id"], things.names[row["activity_id"]], times(row), row.get("valid_from"), row.get("valid_until"))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda demand: (demand.activity, demand.id)))


def _taken(rows: Iterable[Values]) -> tuple[Taken, ...]:
    """Rows that differ in nothing but their day of the week as one."""
    days: dict[tuple[Any, ...], set[int | None]] = {}
    for row in rows:
        same = (row.get("kind", ""), row.get("noise_max"), row["on_date"], row["start_minute"], row["end_minute"])
        days.setdefault((*same, *_period(row)), set()).add(row["weekday"])
    found = [
        Taken(kind, noise, () if None in each else tuple(sorted(day for day in each if day is not None)), *rest)
        for (kind, noise, *rest), each in days.items()
    ]
    return tuple(
        sorted(found, key=lambda taken: (taken.on_date or date.min, taken.start_minute, taken.weekdays, taken.kind))
    )
