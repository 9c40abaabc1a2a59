"""What can be kept on the house's pages: each kind of thing, the columns of its form, and what belongs to it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from milieu.errors import NotFound
from milieu.imports.tables import company, people, places, programme
from milieu.services.editing.parts import Part

_HOURS = ("days", "date", "from", "to", "valid_from", "valid_until")


@dataclass(frozen=True)
class Piece:
    """Rows that belong to a thing. `owners`: the attributes of which one says to what; two where it is a pair."""

    part: Part
    owners: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def is_hours(self) -> bool:
        """Whether each row is a stretch of time, which can become another; a mere link is ended and added."""
        return self.part.names == _HOURS


@dataclass(frozen=True)
class Kind:
    """Things that have a name and a key: `name` as in the address of their pages, `part` their own form."""

    name: str
    part: Part
    pieces: tuple[Piece, ...] = ()

    def piece(self, name: str) -> Piece:
        """Raises NotFound where nothing of that name belongs to it."""
        for each in self.pieces:
            if each.name == name:
                return each
        raise NotFound("There is no such list.")


LIVING_GROUPS = Kind("living-groups", Part("living-groups", places.LIVING_GROUPS, ("name", "zone", "sort")))

SPACES = Kind(
    "spaces",
    Part(
        "spaces",
        places.SPACES,
        (
            "name",
            "zone",
            "seats",
            "wheelchair_places",
            "comfort",
            "noise",
            "turnaround_minutes",
            "features",
            "months",
        ),
    ),
    (
        Piece(Part("hours", places.SPACE_HOURS, _HOURS, "space_id"), ("space_id",)),
        Piece(Part("neighbours", places.SPACE_RELATIONS, ("other", "kind"), "space_id"), ("space_id", "other_id")),
    ),
)

TEAM = Kind(
    "team",
    Part(
        "team",
        places.FACILITATORS,
        (
            "name",
            "kind",
            "skills",
            "leads_alone",
            "max_sessions_a_day",
            "gap_minutes",
            "support",
            "starts_on",
        ),
    ),
    (
        Piece(Part("roster", places.ROSTER, _HOURS, "facilitator_id"), ("facilitator_id",)),
        Piece(Part("familiar", company.FAMILIAR_FACES, ("resident",), "facilitator_id"), ("facilitator_id",)),
    ),
)

ACTIVITIES = Kind(
    "activities",
    Part(
        "activities",
        programme.ACTIVITIES,
        (
            "name",
            "about",
            "domains",
            "minutes",
            "group_min",
            "group_max",
            "sessions_min",
            "sessions_max",
            "one_a_day",
            "days_apart",
            "facilitators",
            "people_per_leader",
            "skills",
            "features",
            "asks",
            "noise",
            "cost",
            "months",
            "wet_twin",
            "answers",
            "by_wish",
            "birthdays",
            "booked",
            "closed",
            "public_name",
            "starts_on",
        ),
    ),
    (
        Piece(Part("hours", programme.ACTIVITY_HOURS, _HOURS, "activity_id"), ("activity_id",)),
        Piece(Part("members", people.ACTIVITY_MEMBERS, ("resident",), "activity_id"), ("activity_id",)),
    ),
)

AIMS = Part(
    "aims",
    programme.PROGRAMME_AIMS,
    ("living_group", "days", "date", "from", "to", "sessions", "members", "weight", "valid_from", "valid_until"),
)
"""What should be on: rows that belong to nobody but the community."""

KINDS = {kind.name: kind for kind in (LIVING_GROUPS, SPACES, TEAM, ACTIVITIES)}


def seal_of(texts: Mapping[str, str]) -> str:
    """What tells whether a row still holds these texts: rows of hours count no versions."""
    return hashlib.sha256(json.dumps(sorted(texts.items())).encode()).hexdigest()[:32]


def kind_of(name: str) -> Kind:
    """Raises NotFound where there is none of that name."""
    if name not in KINDS:
        raise NotFound("There is no such page.")
    return KINDS[name]
