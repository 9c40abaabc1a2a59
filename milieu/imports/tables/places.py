"""The tables of a folder about the community itself: its places and its people who lead."""

from collections.abc import Iterator, Mapping
from typing import Any

from milieu.causes import CLOSURE_KINDS, OTHER
from milieu.imports.tables import cells
from milieu.imports.tables.cells import BadCell, Fault, quoted
from milieu.imports.tables.description import (
    ENDED,
    HOURS,
    LAST_DATE,
    LONGEST_NAME,
    LONGEST_WORDS,
    PERIOD,
    SAME_HOURS,
    SPAN,
    UNTIL,
    Column,
    Table,
    Trouble,
    hours,
    in_order,
    key_column,
    reference,
    span,
    spread_hours,
    validity,
)
from milieu.models import (
    Absence,
    Community,
    CommunitySettings,
    Facilitator,
    LivingGroup,
    Outbreak,
    Roster,
    ShortHanded,
    Space,
    SpaceClosure,
    SpaceHours,
    SpaceRelation,
)

NAME = cells.text(LONGEST_NAME)
WORDS = cells.text(LONGEST_WORDS)
GRIDS = (5, 10, 15, 20, 30, 60)
EARLIEST_PUBLISHING = 240  # before 04:00 a change of the clocks may skip the time, or bring it twice


def grid(cell: str) -> int:
    """Minutes to which everything is rounded."""
    value = int(cells.whole(1, 60)(cell))
    if value not in GRIDS:
        raise BadCell(f" is none of: {', '.join(map(str, GRIDS))}", str(value))
    return value


def publishing_time(cell: str) -> int:
    """A time of day from 04:00."""
    value = cells.minute(cell)
    if not EARLIEST_PUBLISHING <= value < 1440:
        raise BadCell(" is in the night; publish between 04:00 and 23:59", quoted(cell))
    return value


def _another_space(values: Mapping[str, Any]) -> Iterator[Trouble]:
    if values["space_id"] == values["other_id"]:
        yield "other", Fault(" cannot be next to itself", quoted(values["space_id"]))


def _on_different_ends(values: Mapping[str, Any]) -> Iterator[Trouble]:
    if values["zone"] == values["other"]:
        yield "to", Fault(" is no way from itself", quoted(values["zone"]))


COMMUNITY = Table(
    "community.csv",
    Community,
    "community",
    "one row: the community itself and its settings",
    (
        key_column("community"),
        Column("name", NAME, "its name", is_needed=True),
        Column("timezone", cells.timezone, "such as Europe/London", is_needed=True),
        Column(
            "made_up", cells.yes_no, "yes for an invented community; its pages then say so", "is_made_up", default=False
        ),
        Column(
            "publishing_time",
            publishing_time,
            "when each day is looked at anew and published; empty: 05:30",
            "publish_minute",
        ),
        Column(
            "grid_minutes", grid, "all times are multiples of it: 5, 10, 15, 20, 30 or 60; empty: 15", "slot_minutes"
        ),
        Column(
            "sessions_a_day",
            cells.whole(0, 200),
            "as many sessions as each day should have; empty: 0",
            "programme_min_sessions_per_day",
        ),
        Column(
            "escorts",
            cells.whole(0, 1000),
            "how many residents can be brought at once; empty: no limit",
            "escorts_default",
        ),
        Column(
            "asks_more",
            cells.yes_no,
            "yes: groups are asked by how many come; no: as many as they are meant for; empty: yes",
        ),
        Column(
            "expected_turnout",
            cells.whole(1, 100),
            "how many of 100 asked are expected to come until it is known; empty: all",
        ),
        Column("plan_seconds", cells.whole(1, 3600), "how long a week is worked on; empty: as its size asks"),
        Column("repair_seconds", cells.whole(1, 3600), "how long a day's changes are worked on; empty: 10"),
    ),
    is_needed=True,
    most_rows=1,
)
SETTINGS = (
    "publish_minute",
    "slot_minutes",
    "programme_min_sessions_per_day",
    "asks_more",
    "expected_turnout",
    "plan_seconds",
    "repair_seconds",
)

ESCORTS = Table(
    "escorts.csv",
    CommunitySettings,
    "stretch of escorts",
    "times at which more or fewer residents can be brought",
    (
        Column("days", cells.weekdays, "days of the week: Mon, Mon;Thu or Mon-Fri; empty: every day", "weekdays"),
        *span(),
        Column("escorts", cells.whole(0, 1000), "how many residents can be brought at once then", is_needed=True),
    ),
    same=("weekdays", "start_minute", "end_minute"),
    checks=(SPAN,),
)

TRAVEL = Table(
    "travel.csv",
    CommunitySettings,
    "way",
    "how long the way between two zones takes, both ways alike",
    (
        Column("from", NAME, "a zone", "zone", is_needed=True),
        Column("to", NAME, "another zone", "other", is_needed=True),
        Column("minutes", cells.whole(0, 120), "minutes at a resident's pace", is_needed=True),
    ),
    same=("zone", "other"),
    unordered=("zone", "other"),
    checks=(_on_different_ends,),
)

LIVING_GROUPS = Table(
    "living_groups.csv",
    LivingGroup,
    "living group",
    "units or neighbourhoods in which residents live",
    (
        key_column("living group"),
        Column("name", NAME, "its name", is_needed=True),
        Column("zone", NAME, "the part of the building where it is; empty: a zone of its own, named like its key"),
        Column("sort", cells.whole(0, 10_000), "its place in lists; empty: 0", default=0),
        Column("ended_on", cells.day, "the day it was given up; empty: still there"),
    ),
    ending=ENDED,
    likeness=("name",),
    is_needed=True,
)

SPACES = Table(
    "spaces.csv",
    Space,
    "space",
    "rooms, gardens, the van; for visits at the bedside one space for each unit",
    (
        key_column("space"),
        Column("name", NAME, "its name", is_needed=True),
        Column("zone", NAME, "the part of the building where it is", default=""),
        Column("seats", cells.whole(0, 5000), "how many residents fit, wheelchairs included", "capacity", True),
        Column("wheelchair_places", cells.whole(0, 5000), "how many wheelchairs of them; empty: as many as seats"),
        Column("comfort", cells.whole(0, 5000), "above so many it feels crowded; empty: as many as seats"),
        Column("features", cells.words, "what it has: piano; kitchen; garden", default=()),
        Column("noise", cells.whole(0, 3), "what one hears there anyway, 0 calm to 3 loud; empty: 0", default=0),
        Column(
            "turnaround_minutes",
            cells.whole(0, 480),
            "minutes it needs between two sessions; empty: 0",
            default=0,
            is_gridded=True,
        ),
        Column("months", cells.months, "when in the year it is used: Apr-Oct; empty: all year", default=()),
        Column("ended_on", cells.day, "the day it was given up; empty: still there"),
    ),
    ending=ENDED,
    likeness=("name",),
    is_needed=True,
    checks=(
        in_order(
            "wheelchair_places",
            "capacity",
            "wheelchair_places",
            "wheelchair_places",
            "{one} wheelchairs| do not fit on| {other} seats",
        ),
        in_order("comfort", "capacity", "comfort", "comfort", "{one}| is above its| {other} seats"),
    ),
)

SPACE_HOURS = Table(
    "space_hours.csv",
    SpaceHours,
    "opening time",
    "when a space is open; one without a row always is",
    (reference("space", "spaces.csv", "a space's key"), *hours()),
    same=("space_id", *SAME_HOURS),
    ending=UNTIL,
    checks=HOURS,
    spread=spread_hours,
)

SPACE_CLOSURES = Table(
    "space_closures.csv",
    SpaceClosure,
    "closure",
    "when a space cannot be used, whatever its hours",
    (
        reference("space", "spaces.csv", "a space's key"),
        Column("first_date", cells.day, "first day", is_needed=True),
        Column("last_date", cells.day, "last day", is_needed=True),
        *span(are_needed=False),
        Column("kind", cells.choice(*CLOSURE_KINDS), f"{', '.join(CLOSURE_KINDS)}; empty: other", default=OTHER),
        Column("reason", WORDS, "why, in words", default=""),
    ),
    same=("space_id", "first_date", "start_minute", "end_minute"),
    ending=LAST_DATE,
    checks=(SPAN, in_order("first_date", "last_date", "first_date", "last_date", "{other}| lies before {low}|, {one}")),
)

SPACE_RELATIONS = Table(
    "space_relations.csv",
    SpaceRelation,
    "relation of spaces",
    "spaces that hear each other, or share room",
    (
        reference("space", "spaces.csv", "a space's key"),
        reference("other", "spaces.csv", "another space's key"),
        Column(
            "kind",
            cells.choice("adjacent", "shares"),
            "adjacent: one hears the other; shares: partly the same room, such as a hall and its halves",
            is_needed=True,
        ),
    ),
    same=("kind", "space_id", "other_id"),
    unordered=("space_id", "other_id"),
    checks=(_another_space,),
)

FACILITATORS = Table(
    "facilitators.csv",
    Facilitator,
    "facilitator",
    "staff and volunteers who lead sessions",
    (
        key_column("person"),
        Column("name", NAME, "as residents call them", is_needed=True),
        Column("kind", cells.choice("staff", "volunteer"), "staff or volunteer; empty: staff", default="staff"),
        Column("skills", cells.words, "what they can lead: exercise; music; driving", default=()),
        Column(
            "max_sessions_a_day",
            cells.whole(0, 99),
            "at most so many sessions a day; empty: 99",
            "max_sessions_per_day",
            default=99,
        ),
        Column(
            "gap_minutes",
            cells.whole(0, 480),
            "minutes between two of their sessions; empty: 0",
            default=0,
            is_gridded=True,
        ),
        Column(
            "support", cells.whole(0, 1000), "how many units of residents' support they can give; empty: 8", default=8
        ),
        Column(
            "leads_alone",
            cells.words,
            "keys of the activities that a volunteer may lead without staff: bingo; service; empty: none",
            default=(),
        ),
        Column("starts_on", cells.day, "first day; empty: already here"),
        Column("ended_on", cells.day, "the day they left; empty: still here"),
    ),
    ending=ENDED,
    likeness=("name",),
    is_needed=True,
    checks=(in_order("starts_on", "ended_on", "starts_on", "ended_on", "{other}| lies before {low}|, {one}"),),
)

ROSTER = Table(
    "roster.csv",
    Roster,
    "stretch of duty",
    "when facilitators are there for activities",
    (reference("facilitator", "facilitators.csv", "a facilitator's key"), *hours()),
    same=("facilitator_id", *SAME_HOURS),
    ending=UNTIL,
    checks=HOURS,
    spread=spread_hours,
)

ABSENCES = Table(
    "absences.csv",
    Absence,
    "absence",
    "when facilitators are away, whatever the roster says",
    (
        reference("facilitator", "facilitators.csv", "a facilitator's key"),
        Column("first_date", cells.day, "first day", is_needed=True),
        Column("last_date", cells.day, "last day", is_needed=True),
        *span(are_needed=False),
        Column("reason", WORDS, "why, in words", default=""),
    ),
    same=("facilitator_id", "first_date", "start_minute", "end_minute"),
    ending=LAST_DATE,
    checks=(SPAN, in_order("first_date", "last_date", "first_date", "last_date", "{other}| lies before {low}|, {one}")),
)

SHORT_HANDED = Table(
    "short_handed.csv",
    ShortHanded,
    "time with fewer helpers",
    "when fewer helpers than usual bring residents",
    (
        Column("first_date", cells.day, "first day", is_needed=True),
        Column("last_date", cells.day, "last day", is_needed=True),
        *span(are_needed=False),
        Column("helpers", cells.whole(0, 1000), "how many residents can be brought at once; empty: as many as usual"),
        Column("reason", WORDS, "why, in words", default=""),
    ),
    same=("first_date", "start_minute", "end_minute"),
    ending=LAST_DATE,
    checks=(SPAN, in_order("first_date", "last_date", "first_date", "last_date", "{other}| lies before {low}|, {one}")),
)

OUTBREAKS = Table(
    "outbreaks.csv",
    Outbreak,
    "outbreak",
    "when residents of a living group meet nobody from outside it",
    (
        reference("living_group", "living_groups.csv", "a living group's key"),
        *validity(),
        Column("note", WORDS, "what it is, in words", default=""),
    ),
    same=("living_group_id", "valid_from"),
    ending=UNTIL,
    checks=(PERIOD,),
)

TABLES = (
    COMMUNITY,
    LIVING_GROUPS,
    SPACES,
    SPACE_HOURS,
    SPACE_CLOSURES,
    SPACE_RELATIONS,
    TRAVEL,
    ESCORTS,
    FACILITATORS,
    ROSTER,
    ABSENCES,
    SHORT_HANDED,
    OUTBREAKS,
)
