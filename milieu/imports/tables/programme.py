"""The tables of a folder about what can be offered."""

from milieu.imports.tables import cells
from milieu.imports.tables.description import (
    ENDED,
    HOURS,
    LONGEST_NAME,
    LONGEST_WORDS,
    SAME_HOURS,
    UNTIL,
    Column,
    Table,
    hours,
    in_order,
    key_column,
    reference,
    spread_hours,
)
from milieu.models import Activity, ActivityHours

NAME = cells.text(LONGEST_NAME)
WORDS = cells.text(LONGEST_WORDS)

ACTIVITIES = Table(
    "activities.csv",
    Activity,
    "activity",
    "what can be offered, a visit to one person included",
    (
        key_column("activity"),
        Column("name", NAME, "its name on every page", is_needed=True),
        Column("about", WORDS, "a sentence about it", default=""),
        Column("domains", cells.domains, "what it is good for; the first gives its colour", default=()),
        Column("minutes", cells.whole(1, 1440), "how long a session takes", "duration_minutes", True, is_gridded=True),
        Column("sessions_min", cells.whole(0, 100), "at least so many sessions a week; empty: 0", default=0),
        Column("sessions_max", cells.whole(0, 100), "at most so many sessions a week; empty: 1", default=1),
        Column("one_a_day", cells.yes_no, "yes: never twice on one day; empty: yes", "one_per_day", default=True),
        Column(
            "group_min",
            cells.whole(0, 5000),
            "held with no fewer residents; 0 = whoever drops in; empty: 1",
            "min_group",
            default=1,
        ),
        Column("group_max", cells.whole(1, 5000), "held with no more residents", "max_group", True),
        Column("facilitators", cells.whole(0, 50), "how many lead it; empty: 1", default=1),
        Column("skills", cells.words, "what they must be able to do between them", "needs_skills", default=()),
        Column("features", cells.words, "what its space must have", "needs_features", default=()),
        Column("noise", cells.whole(0, 3), "0 calm to 3 loud; empty: 0", default=0),
        Column("cost", cells.whole(0, 10_000), "the dearer, the more must speak for it; empty: 0", default=0),
        Column(
            "closed", cells.yes_no, "yes: only for those in activity_members.csv; empty: no", "is_closed", default=False
        ),
        Column(
            "birthdays",
            cells.yes_no,
            "yes: whose birthday is in its week is asked to it; empty: no",
            "celebrates_birthdays",
            default=False,
        ),
        Column("starts_on", cells.day, "first day on which it is offered; empty: already"),
        Column("ended_on", cells.day, "the day it was given up; empty: still offered"),
    ),
    ending=ENDED,
    likeness=("name",),
    is_needed=True,
    checks=(
        in_order("sessions_min", "sessions_max", "sessions_min", "sessions_max", "{other}| is below {low}|, {one}"),
        in_order("min_group", "max_group", "group_min", "group_max", "{other}| is below {low}|, {one}"),
        in_order("starts_on", "ended_on", "starts_on", "ended_on", "{other}| lies before {low}|, {one}"),
    ),
)

ACTIVITY_HOURS = Table(
    "activity_hours.csv",
    ActivityHours,
    "time of an activity",
    "when an activity may be held; without a row always",
    (reference("activity", "activities.csv", "an activity's key"), *hours()),
    same=("activity_id", *SAME_HOURS),
    ending=UNTIL,
    checks=HOURS,
    spread=spread_hours,
)

TABLES = (
    ACTIVITIES,
    ACTIVITY_HOURS,
)
