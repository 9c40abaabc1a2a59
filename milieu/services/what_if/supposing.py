"""What can be supposed of a week: facts beside those that there are, which no other page ever sees."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from milieu.errors import Invalid
from milieu.models import Absence, CommunitySettings, ProgrammeAim, Roster, SpaceClosure
from milieu.solving.problem.rows import Rows
from solver.documents.exchange import Weights

CLOSED, AWAY, RAIN, OUTBREAK, COMES, EVENINGS, TIES = KINDS = (
    "closed",  # a space, the van among them
    "away",  # somebody who leads
    "rain",  # what is held outdoors
    "outbreak",  # a living group keeps to itself
    "comes",  # somebody is there once more
    "evenings",  # a group more on some evenings
    "ties",  # being together counts twice as much
)
EVENING, MIDNIGHT = 1020, 1440
WEIGHT = 5
"""An evening that is asked for weighs as much as so many other things that should be on."""
_OF_TIES = ("tie", "companion")
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Supposed:
    """One thing that is supposed: `kind` of KINDS; of whom or what (`id`, "" where it is of nothing), on which days,
    from when to when; `least` groups on each evening.
    """

    kind: str
    id: str = ""
    days: tuple[date, ...] = ()
    start_minute: int = 0
    end_minute: int = MIDNIGHT
    least: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the row of a run."""
        return {**vars(self), "days": [day.isoformat() for day in self.days]}


def read_supposed(tree: Mapping[str, Any]) -> Supposed:
    """What the row of a run says."""
    return Supposed(**{**tree, "days": tuple(map(date.fromisoformat, tree["days"]))})


def suppose(rows: Rows, supposed: Supposed) -> Rows:
    """The rows of a week as they would be. Raises Invalid where it speaks of what is not there."""
    return _SUPPOSING[supposed.kind](rows, supposed)


def _closed(rows: Rows, supposed: Supposed) -> Rows:
    if supposed.id not in rows.spaces:
        raise Invalid("Please choose a space that is there then.", at="space")
    return replace(rows, closures=_with(rows.closures, {supposed.id: _closures(supposed, supposed.id, "other")}))


def _rain(rows: Rows, supposed: Supposed) -> Rows:
    outdoors = [row.needs_features for row in rows.activities.values() if row.wet_twin and row.needs_features]
    spaces = [row.id for row in rows.spaces.values() if any(set(each) <= set(row.features) for each in outdoors)]
    if not spaces:
        raise Invalid("Nothing here is held outdoors that something takes the place of in the wet.", at="days")
    more = {space: _closures(supposed, space, "weather") for space in spaces}
    return replace(rows, closures=_with(rows.closures, more))


def _away(rows: Rows, supposed: Supposed) -> Rows:
    _known(rows, supposed.id)
    more = [
        Absence(
            community_id=rows.community.id,
            facilitator_id=supposed.id,
            first_date=day,
            last_date=day,
            start_minute=0,
            end_minute=MIDNIGHT,
            reason="",
        )
        for day in supposed.days
    ]
    return replace(rows, absences=_with(rows.absences, {supposed.id: more}))


def _comes(rows: Rows, supposed: Supposed) -> Rows:
    _known(rows, supposed.id)
    more = [
        Roster(
            community_id=rows.community.id,
            facilitator_id=supposed.id,
            on_date=day,
            start_minute=supposed.start_minute,
            end_minute=supposed.end_minute,
        )
        for day in supposed.days
    ]
    return replace(rows, rosters=_with(rows.rosters, {supposed.id: more}))


def _outbreak(rows: Rows, supposed: Supposed) -> Rows:
    if supposed.id not in rows.groups:
        raise Invalid("Please choose a living group.", at="group")
    return replace(rows, outbreaks=rows.outbreaks | {supposed.id})


def _evenings(rows: Rows, supposed: Supposed) -> Rows:
    more = [
        ProgrammeAim(
            community_id=rows.community.id,
            living_group_id=None,
            members=1,
            min_sessions=supposed.least,
            weight=WEIGHT,
            on_date=day,
            start_minute=EVENING,
            end_minute=MIDNIGHT,
        )
        for day in supposed.days
    ]
    return replace(rows, programme_aims=(*rows.programme_aims, *more))


def _ties(rows: Rows, supposed: Supposed) -> Rows:
    weights = Weights.model_validate(dict(rows.settings.weights or {}))
    twice = {name: 2 * getattr(weights, name) for name in _OF_TIES}
    given = {column.key: getattr(rows.settings, column.key) for column in CommunitySettings.__table__.columns}
    settings = CommunitySettings(**{**given, "weights": {**(rows.settings.weights or {}), **twice}})
    return replace(rows, settings=settings)


def _known(rows: Rows, facilitator_id: str) -> None:
    if facilitator_id not in rows.facilitators:
        raise Invalid("Please choose somebody who leads.", at="who")


def _closures(supposed: Supposed, space_id: str, kind: str) -> list[SpaceClosure]:
    return [
        SpaceClosure(
            space_id=space_id,
            first_date=day,
            last_date=day,
            start_minute=0,
            end_minute=MIDNIGHT,
            kind=kind,
            reason="",
        )
        for day in supposed.days
    ]


def _with(there: Mapping[str, Sequence[_Row]], more: Mapping[str, Iterable[_Row]]) -> Mapping[str, Sequence[_Row]]:
    return {**there, **{key: (*there.get(key, ()), *rows) for key, rows in more.items()}}


_SUPPOSING: Mapping[str, Callable[[Rows, Supposed], Rows]] = MappingProxyType(
    {
        CLOSED: _closed,
        AWAY: _away,
        RAIN: _rain,
        OUTBREAK: _outbreak,
        COMES: _comes,
        EVENINGS: _evenings,
        TIES: _ties,
    }
)
