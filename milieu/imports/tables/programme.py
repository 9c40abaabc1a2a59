"""The tables of a folder about what can be offered, and what should be."""

from milieu.abilities import ABILITIES
from milieu.imports.tables import cells
from milieu.imports.tables.description import (
    ENDED,
    HOURS,
    LONGEST_NAME,
    LONGEST_WORDS,
    PERIOD,
    SAME_HOURS,
    UNTIL,
    Column,
    Table,
    hours,
    in_order,
    key_column,
    reference,
    spread_each_day,
    spread_hours,
    validity,
)
from milieu.models import Activity, ActivityHours, BaseSession, BaseWeek, ProgrammeAim
from milieu.preferences import BY_ACTIVITY

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
        Column("facilitators", cells.whole(0, 50), "how many lead it at least; empty: 1", default=1),
        Column(
            "people_per_leader",
            cells.whole(1, 5000),
            "one leader for so many who come; empty: one for up to 15, two for more",
        ),
        Column("skills", cells.words, "what they must be able to do between them", "needs_skills", default=()),
        Column("features", cells.words, "what its space must have", "needs_features", default=()),
        Column("asks", cells.abilities, f"what whoever comes can: {'; '.join(ABILITIES)}; empty: nothing", default=()),
        Column("months", cells.months, "when in the year it is held: Apr-Oct; empty: all year", default=()),
        Column("wet_twin", cells.key, "key of what takes its place out of its months and when it is wet", default=""),
        Column("noise", cells.whole(0, 3), "0 calm to 3 loud; empty: 0", default=0),
        Column("cost", cells.whole(0, 10_000), "the dearer, the more must speak for it; empty: 0", default=0),
        Column(
            "closed", cells.yes_no, "yes: only for those in activity_members.csv; empty: no", "is_closed", default=False
        ),
        Column(
            "public_name",
            WORDS,
            "what a closed group is called where everybody reads, with no word of health; empty: it is not told of",
            default="",
        ),
        Column(
            "birthdays",
            cells.yes_no,
            "yes: whose birthday is in its week is asked to it; empty: no",
            "celebrates_birthdays",
            default=False,
        ),
        Column(
            "booked",
            cells.yes_no,
            "yes: no more are asked than fit in its group, as to an outing or a meal; empty: no",
            "is_booked",
            default=False,
        ),
        Column(
            "by_wish",
            cells.yes_no,
            "yes: only those who like it are asked, as to a service or a council; empty: no",
            default=False,
        ),
        Column(
            "days_apart",
            cells.whole(1, 7),
            "days from one of somebody's sessions to their next: 2 = never on two days running; empty: 2 for visits of "
            "up to four times a week, else 1",
        ),
        Column(
            "answers",
            cells.questions,
            f"questions of the assessment that it is an answer to: {'; '.join(BY_ACTIVITY)}; empty: none",
            default=(),
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

BASE_WEEKS = Table(
    "base_weeks.csv",
    BaseWeek,
    "base week with a name",
    "base weeks besides the usual one: for the summer, when few are there, in an outbreak",
    (
        key_column("base week"),
        Column("name", NAME, "its name, as Summer", is_needed=True),
        Column("ended_on", cells.day, "the day it was given up; empty: it can be chosen"),
    ),
    ending=ENDED,
    likeness=("name",),
)

BASE_WEEK = Table(
    "base_week.csv",
    BaseSession,
    "session of the base week",
    "where the programme stands each week unless something speaks against it; without a row as it stood last",
    (
        reference("activity", "activities.csv", "an activity's key"),
        Column("days", cells.weekdays, "days of the week: Mon, Mon;Thu or Mon-Fri; empty: every day", "weekdays"),
        Column("at", cells.minute, "when it begins, as 09:30", "start_minute", True, is_gridded=True),
        reference("space", "spaces.csv", "a space's key, where that matters too", is_needed=False),
        reference("facilitator", "facilitators.csv", "the key of who leads it, likewise", is_needed=False),
        reference(
            "base_week",
            "base_weeks.csv",
            "the key of the base week that it is a session of; empty: of the usual one, which has no name",
            is_needed=False,
        ),
        *validity(),
    ),
    same=("base_week_id", "activity_id", "weekday", "start_minute", "valid_from"),
    ending=UNTIL,
    checks=(PERIOD,),
    spread=spread_each_day,
)

PROGRAMME_AIMS = Table(
    "programme_aims.csv",
    ProgrammeAim,
    "aim of the programme",
    "how much should be on at a time of the day, for all or for a living group; without a row something each day for "
    "each living group",
    (
        reference("living_group", "living_groups.csv", "a living group's key; empty: for all", is_needed=False),
        *hours(are_needed=False),
        Column(
            "sessions",
            cells.whole(0, 200),
            "at least so many groups start then; 0: none",
            "min_sessions",
            True,
        ),
        Column("members", cells.whole(1, 500), "so many of the living group's members are there; empty: 1", default=1),
        Column("weight", cells.whole(0, 100), "how much it matters beside other aims; empty: 1", default=1),
    ),
    same=("living_group_id", *SAME_HOURS),
    ending=UNTIL,
    checks=HOURS,
    spread=spread_hours,
)

TABLES = (
    ACTIVITIES,
    ACTIVITY_HOURS,
    BASE_WEEKS,
    BASE_WEEK,
    PROGRAMME_AIMS,
)
