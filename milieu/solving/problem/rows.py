"""The rows of one community that a week's problem is made from, loaded in one go."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, Select, String, bindparam, inspect, or_, select

from milieu.calendar.weeks import Week
from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import (
    Absence,
    Activity,
    ActivityHours,
    ActivityMember,
    BaseSession,
    CalmTime,
    Community,
    CommunitySettings,
    Facilitator,
    FamiliarFace,
    GroupAim,
    Limit,
    LivingGroup,
    Move,
    Outbreak,
    Pin,
    ProgrammeAim,
    Refusal,
    Requirement,
    Resident,
    ResidentBusy,
    Roster,
    ShortHanded,
    Space,
    SpaceClosure,
    SpaceHours,
    SpaceRelation,
    Target,
    Tie,
    Wish,
)
from milieu.models.validity import is_valid_within
from milieu.queries.basis import AFTER, LOOKED_BACK
from milieu.queries.programme.asked import Asked, asked_between
from milieu.queries.programme.base_week import Kept, LastWeek, kept_base_weeks, last_week
from milieu.queries.programme.resting import Resting, resting
from milieu.queries.programme.turnout import Asking, asking_of
from milieu.queries.residents.stays import Stays, stays_of, stays_over
from milieu.queries.settings import settings_of

Row = TypeVar("Row")


@dataclass(frozen=True)
class Rows:
    """Everything about one week of one community.

    `rest_from` is the first day that is not past. Facts that the exchange format cannot date (wishes, noes, ties, aims,
    demands, outbreaks) are here where they hold on any day of the rest of the week. The mappings go by the id of the
    row they belong to; lists and mappings are in the order of the rows' keys. `asked` is who was asked to what from
    eight weeks before the week to the week after it, `base_weeks` which of those with a name is chosen for which day,
    `last_week` the programme that was published last before it.
    """

    community: Community
    settings: CommunitySettings
    week: Week
    rest_from: date
    groups: Mapping[str, LivingGroup]
    aims: Mapping[str, Sequence[GroupAim]]
    outbreaks: frozenset[str]
    spaces: Mapping[str, Space]
    space_hours: Mapping[str, Sequence[SpaceHours]]
    closures: Mapping[str, Sequence[SpaceClosure]]
    relations: Sequence[SpaceRelation]
    facilitators: Mapping[str, Facilitator]
    rosters: Mapping[str, Sequence[Roster]]
    absences: Mapping[str, Sequence[Absence]]
    short_handed: Sequence[ShortHanded]
    faces: Mapping[str, Sequence[FamiliarFace]]
    activities: Mapping[str, Activity]
    asking: Mapping[str, Asking]
    activity_hours: Mapping[str, Sequence[ActivityHours]]
    members: Mapping[str, Sequence[ActivityMember]]
    residents: Mapping[str, Resident]
    stays: Mapping[str, Stays]
    busy: Mapping[str, Sequence[ResidentBusy]]
    calm: Mapping[str, Sequence[CalmTime]]
    wishes: Mapping[str, Sequence[Wish]]
    refusals: Mapping[str, Sequence[Refusal]]
    resting: Mapping[str, Sequence[Resting]]
    limits: Mapping[str, Sequence[Limit]]
    targets: Mapping[str, Sequence[Target]]
    requirements: Mapping[str, Sequence[Requirement]]
    ties: Sequence[Tie]
    pins: Sequence[Pin]
    base_sessions: Sequence[BaseSession]
    base_weeks: Kept
    programme_aims: Sequence[ProgrammeAim]
    asked: Sequence[Asked]
    last_week: LastWeek | None

    @property
    def slot(self) -> int:
        return self.settings.slot_minutes


def load_rows(db: DbSession, community_id: str, week_start: date, now: datetime) -> Rows:
    """Raises NotFound where there is no such community, Invalid where the week starts on no Monday."""
    community = db.get(Community, community_id)
    if community is None:
        raise NotFound("There is no such community.")
    week = Week(week_start, community.timezone)
    rest, today = week.rest_from(now), local_day(now, community.timezone)
    read = _Reader(db, {"community": community_id, "first": week.start, "last": week.last, "rest": rest})
    return Rows(
        community=community,
        settings=settings_of(db, community_id),
        week=week,
        rest_from=rest,
        groups=_by_key(read.all(LivingGroup)),
        aims=_by("living_group_id", read.held(GroupAim)),
        outbreaks=frozenset(row.living_group_id for row in read.held(Outbreak)),
        spaces=_by_key(read.all(Space)),
        space_hours=_by("space_id", read.all(SpaceHours)),
        closures=_by("space_id", read.away(SpaceClosure)),
        relations=read.all(SpaceRelation),
        facilitators=_by_key(read.all(Facilitator)),
        rosters=_by("facilitator_id", read.hours(Roster)),
        absences=_by("facilitator_id", read.away(Absence)),
        short_handed=read.away(ShortHanded),
        faces=_by("facilitator_id", read.all(FamiliarFace)),
        activities=_by_key(read.all(Activity)),
        asking=asking_of(db, community_id, week_start, today=today),
        activity_hours=_by("activity_id", read.all(ActivityHours)),
        members=_by("activity_id", read.all(ActivityMember)),
        residents=_moved(
            _by_key(read.all(Resident, stays_over(week.start, week.last))), read.all(Move, Move.on_date <= rest)
        ),
        stays=stays_of(db, community_id),
        busy=_by("resident_id", read.hours(ResidentBusy)),
        calm=_by("resident_id", read.hours(CalmTime)),
        wishes=_by("resident_id", read.held(Wish)),
        refusals=_by("resident_id", read.held(Refusal)),
        resting=_by("resident_id", resting(db, community_id, on=rest, today=today)),
        limits=_by("resident_id", read.held(Limit)),
        targets=_by("resident_id", read.held(Target)),
        requirements=_by("resident_id", read.held(Requirement)),
        ties=read.all(Tie, or_(Tie.expires_on.is_(None), Tie.expires_on >= rest)),
        pins=read.all(Pin, Pin.week_start == week_start),
        base_sessions=read.held(BaseSession),
        base_weeks=kept_base_weeks(db, community_id),
        programme_aims=read.hours(ProgrammeAim),
        asked=asked_between(db, community_id, week.start - LOOKED_BACK, week.last + AFTER),
        last_week=last_week(db, community_id, week.start),
    )


@dataclass(frozen=True)
class _Reader:
    """Plain rows with the columns' names: made three times as fast as entities, and nobody changes them here."""

    db: DbSession
    asked: Mapping[str, Any]

    def all(self, table: type[Row], *conditions: ColumnElement[bool]) -> Sequence[Row]:
        return self._found(_selection(_class(table)).where(*conditions) if conditions else _selection(_class(table)))

    def held(self, table: type[Row]) -> Sequence[Row]:
        """What holds in what is left of the week."""
        return self._found(_selection(_class(table), _held))

    def hours(self, table: type[Row]) -> Sequence[Row]:
        return self._found(_selection(_class(table), _hours))

    def away(self, table: type[Row]) -> Sequence[Row]:
        return self._found(_selection(_class(table), _away))

    def _found(self, selection: Select[Any]) -> Sequence[Any]:
        return self.db.execute(selection, self.asked).all()


_Conditions = Callable[[Any], tuple[ColumnElement[bool], ...]]
_FIRST, _LAST, _REST = (bindparam(name, type_=Date()) for name in ("first", "last", "rest"))


def _held(columns: Any) -> tuple[ColumnElement[bool], ...]:
    return (is_valid_within(columns, _REST, _LAST),)


def _hours(columns: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(columns.on_date.is_(None), columns.on_date.between(_FIRST, _LAST)),
        is_valid_within(columns, _FIRST, _LAST),
    )


def _away(columns: Any) -> tuple[ColumnElement[bool], ...]:
    return columns.first_date <= _LAST, columns.last_date >= _FIRST


def _class(table: type[Row]) -> Any:
    return table


@cache
def _selection(table: type[Any], conditions: _Conditions = lambda columns: ()) -> Select[Any]:
    """Of one community, in the order of ids: built once, as building it takes longer than reading a small table."""
    columns: Any = table
    names = [each.key for each in inspect(table).column_attrs]
    of_community = columns.community_id == bindparam("community", type_=String())
    return (
        select(*(getattr(table, name) for name in names)).where(of_community, *conditions(columns)).order_by(columns.id)
    )


def is_offered(first: date | None, gone: date | None, week: Week) -> bool:
    """Whether something that begins on one day and is gone from another is there on any day of the week."""
    return (first is None or first <= week.last) and (gone is None or gone > week.start)


def _by_key(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by id, in the order of the names that the community's own files give them."""
    keyed: Iterable[Any] = rows
    return {row.id: row for row in sorted(keyed, key=lambda row: (row.key, row.id))}


def _moved(residents: dict[str, Resident], moves: Iterable[Move]) -> dict[str, Resident]:
    """Residents where they are to live by then: rows of a selection, which cannot be changed, anew."""
    for move in moves:
        row: Any = residents.get(move.resident_id)
        if row is not None:
            there: Any = SimpleNamespace(**{**row._mapping, "living_group_id": move.living_group_id, "room": move.room})
            residents[move.resident_id] = there
    return residents


def _by(column: str, rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, column)].append(row)
    return grouped
