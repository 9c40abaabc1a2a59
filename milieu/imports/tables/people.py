"""The tables of a folder about residents: who they are, when they are taken up, what they wish and what they refuse."""

from collections.abc import Iterator, Mapping
from typing import Any

from milieu.abilities import ABILITIES
from milieu.imports.tables import cells
from milieu.imports.tables.cells import Fault
from milieu.imports.tables.description import (
    HOURS,
    LONGEST_NAME,
    LONGEST_WORDS,
    PERIOD,
    SAME_HOURS,
    UNTIL,
    Column,
    Table,
    Trouble,
    Values,
    always,
    hours,
    in_order,
    key_column,
    only_one,
    reference,
    spread_hours,
    validity,
)
from milieu.imports.tables.stays import LEFT, begin_again, divide, look_at
from milieu.models import (
    ActivityMember,
    CalmTime,
    GroupAim,
    Limit,
    Move,
    Refusal,
    Requirement,
    Resident,
    ResidentBusy,
    Stay,
    Target,
    Wish,
)
from milieu.models.people import BUSY_KINDS
from solver.documents.exchange import PARTS

NAME = cells.text(LONGEST_NAME)
WORDS = cells.text(LONGEST_WORDS)
LONGEST_LIFE = 46_000  # days: 126 years
_LEFT_REASON = Column("left_reason", cells.choice("moved", "died", "stay ended"), "moved, died or stay ended")


def _family_name(cell: str) -> str:
    """A family name; a lone dash stands for none."""
    return "" if cell in ("-", "–", "—") else str(NAME(cell))


def _leaving(values: Mapping[str, Any]) -> Iterator[Trouble]:
    if values["left_reason"] and not values["left_on"]:
        yield "left_on", Fault(f"the reason for leaving is '{values['left_reason']}', but the day is empty")


def _birth(values: Mapping[str, Any]) -> Iterator[Trouble]:
    born, arrived = values["born_on"], values["arrived_on"]
    if born is not None and not 0 <= (arrived - born).days <= LONGEST_LIFE:
        yield "born_on", Fault("", str(born), before="nobody born on ", hint=f" arrives on {arrived}")


def gather_times(values: Values) -> list[Values]:
    """A resident's three parts of the day as one value; None where they mind none of them."""
    values = dict(values)
    liked = {part: values.pop(part) for part in PARTS}
    return [{**values, "times": {part: value for part, value in liked.items() if value} or None}]


RESIDENTS = Table(
    "residents.csv",
    Resident,
    "resident",
    "who lives here",
    (
        key_column("resident"),
        Column("given_name", NAME, "given name or names, or the only one", is_needed=True),
        Column("family_name", _family_name, "family name; empty: they have one name", default=""),
        Column("called", NAME, "how they like to be called; empty: by their given name", default=""),
        Column("pronoun", cells.choice("she", "he", "they"), "she, he or they; empty: they", default="they"),
        Column("born_on", cells.day, "date of birth"),
        reference("living_group", "living_groups.csv", "the key of their living group"),
        Column("room", cells.text(40), "room, and bed where it has two", is_needed=True),
        Column("arrived_on", cells.day, "the day they moved in, last where they came back", is_needed=True),
        Column("left_on", cells.day, "the day they left; empty: here"),
        _LEFT_REASON,
        Column("short_stay", cells.yes_no, "yes for a guest of some weeks", "is_short_stay", default=False),
        Column("wheelchair", cells.yes_no, "yes: comes in a wheelchair", default=False),
        Column("escort", cells.yes_no, "yes: somebody has to bring them", default=False),
        Column("support", cells.whole(0, 3), "how much of a helper they need in a group, 0 to 3; empty: 0", default=0),
        Column("noise_max", cells.whole(0, 3), "how much noise they bear, 0 calm to 3 loud; empty: 3", default=3),
        Column("needs_familiar", cells.yes_no, "yes: comes only where somebody they know is", default=False),
        Column(
            "stays_in_zone",
            cells.yes_no,
            "yes: does not leave their part of the building",
            "zone_locked",
            default=False,
        ),
        Column("rest_minutes", cells.whole(0, 720), "rest between two sessions; empty: 0", default=0, is_gridded=True),
        Column("max_a_day", cells.whole(0, 99), "at most so many sessions a day; empty: no limit", "max_per_day"),
        Column("sessions_min", cells.whole(0, 99), "wants at least so many sessions a week; empty: 0", default=0),
        Column("sessions_max", cells.whole(0, 99), "wants no more sessions a week; empty: no limit"),
        *(Column(part, cells.whole(-2, 2), f"likes the {part}: -2 not at all to 2 best; empty: 0") for part in PARTS),
        Column("cannot", cells.abilities, f"what they cannot: {'; '.join(ABILITIES)}; empty: nothing", default=()),
        Column("how_to_invite", WORDS, "a sentence on how they like to be asked", "invite_how", default=""),
        Column("origins", cells.names, "where they come from: Porto; Mozambique; empty: not known", default=()),
        Column("languages", cells.names, "what they speak: Portuguese; English; empty: not known", default=()),
        Column("trades", cells.names, "what they did in life: baker; bus driver; empty: not known", default=()),
    ),
    ending=LEFT,
    is_needed=True,
    spread=gather_times,
    derived={"times": PARTS},
    parts=divide,
    renew=begin_again,
    likeness=("given_name", "family_name", "born_on"),
    likeness_words="name and birthday",
    remark=look_at,
    checks=(
        in_order("sessions_min", "sessions_max", "sessions_min", "sessions_max", "{other}| is below {low}|, {one}"),
        in_order("arrived_on", "left_on", "arrived_on", "left_on", "{other}| lies before {low}|, {one}"),
        _birth,
        _leaving,
    ),
)

STAYS = Table(
    "stays.csv",
    Stay,
    "stay",
    "earlier stays of those who left and came back; the last one is in residents.csv",
    (
        reference("resident", "residents.csv", "a resident's key"),
        Column("arrived_on", cells.day, "the day they moved in then", is_needed=True),
        Column("left_on", cells.day, "the day they left", is_needed=True),
        _LEFT_REASON,
    ),
    same=("resident_id", "arrived_on"),
    checks=(in_order("arrived_on", "left_on", "arrived_on", "left_on", "{other}| lies before {low}|, {one}"),),
)

MOVES = Table(
    "moves.csv",
    Move,
    "move to come",
    "who is to live in another room from a day to come; where they live today is in residents.csv",
    (
        reference("resident", "residents.csv", "a resident's key"),
        reference("living_group", "living_groups.csv", "the key of the living group they move to, or stay in"),
        Column("room", cells.text(40), "the room they move to", is_needed=True),
        Column("date", cells.day, "the day they move; once it has come the row says nothing", "on_date", True),
    ),
    same=("resident_id",),
)

BUSY = Table(
    "busy.csv",
    ResidentBusy,
    "busy time",
    "when residents are taken up; a row may be for a whole living group (meals)",
    (
        reference("resident", "residents.csv", "a resident's key", is_needed=False),
        reference(
            "living_group",
            "living_groups.csv",
            "or a living group's: it counts for all who live there",
            is_needed=False,
        ),
        *hours(),
        Column("kind", cells.choice(*BUSY_KINDS), ", ".join(BUSY_KINDS), is_needed=True),
    ),
    same=("resident_id", "kind", *SAME_HOURS),
    ending=UNTIL,
    spread=spread_hours,
    checks=(only_one("resident", "living_group"), *HOURS),
)

CALM_TIMES = Table(
    "calm_times.csv",
    CalmTime,
    "calm time",
    "when residents bear less noise than else, such as late in the afternoon",
    (
        reference("resident", "residents.csv", "a resident's key"),
        *hours(),
        Column("noise_max", cells.whole(0, 3), "how much they bear then, 0 calm to 3 loud", is_needed=True),
    ),
    same=("resident_id", *SAME_HOURS),
    ending=UNTIL,
    checks=HOURS,
    spread=spread_hours,
)

ACTIVITY_MEMBERS = Table(
    "activity_members.csv",
    ActivityMember,
    "place in a closed activity",
    "whom a closed activity is for",
    (
        reference("activity", "activities.csv", "the key of a closed activity"),
        reference("resident", "residents.csv", "a resident's key"),
    ),
    same=("activity_id", "resident_id"),
)

WISHES = Table(
    "wishes.csv",
    Wish,
    "wish",
    "how much residents like an activity",
    (
        reference("resident", "residents.csv", "a resident's key"),
        reference("activity", "activities.csv", "an activity's key"),
        Column("strength", cells.whole(-2, 5), "-2 dislikes it, 0 does not mind, 5 loves it", is_needed=True),
        Column(
            "said_by",
            cells.choice("resident", "relative", "observed", "staff"),
            "resident, relative, observed or staff; empty: resident",
            default="resident",
        ),
        Column("said_on", cells.day, "when it was said"),
        Column(
            "source",
            cells.choice("assessment"),
            "assessment: it was answered there; empty: it was said otherwise",
            default="",
        ),
        *validity(),
    ),
    same=("resident_id", "activity_id", "valid_from"),
    ending=UNTIL,
    checks=(PERIOD,),
)

_NO = (
    reference("resident", "residents.csv", "a resident's key"),
    reference("activity", "activities.csv", "the activity's key,", is_needed=False),
    reference("space", "spaces.csv", "or the space's,", is_needed=False),
    reference("facilitator", "facilitators.csv", "or the facilitator's: exactly one of the three", is_needed=False),
)
_SAME_NO = ("resident_id", "activity_id", "space_id", "facilitator_id", "valid_from")
_ONE_NO = only_one("activity", "space", "facilitator")

REFUSALS = Table(
    "refusals.csv",
    Refusal,
    "refusal",
    "a resident's own no to an activity, a space or a person; it needs no reason",
    (*_NO, Column("said_on", cells.day, "when it was said"), *validity()),
    same=_SAME_NO,
    ending=UNTIL,
    checks=(_ONE_NO, PERIOD),
    protects=always,
)

LIMITS = Table(
    "limits.csv",
    Limit,
    "limit",
    "charted limits: kept from it for another reason than the resident's own no",
    (
        *_NO,
        Column("reason", WORDS, "why, in words", default=""),
        Column("charted_by", NAME, "who charted it", default=""),
        *validity(),
    ),
    same=_SAME_NO,
    ending=UNTIL,
    checks=(_ONE_NO, PERIOD),
    protects=always,
)

TARGETS = Table(
    "targets.csv",
    Target,
    "target",
    "aims of care plans: sessions of a domain a week",
    (
        reference("resident", "residents.csv", "a resident's key"),
        Column("domain", cells.domain, ", ".join(cells.DOMAINS), is_needed=True),
        Column("sessions_a_week", cells.whole(1, 99), "at least so many", "min_sessions", True),
        Column("weight", cells.whole(0, 100), "how much it matters beside other aims; empty: 1", default=1),
        Column("owner", NAME, "who looks after it; empty: nobody is named", default=""),
        Column("review_on", cells.day, "when it is looked at again; empty: no day is set"),
        *validity(),
    ),
    same=("resident_id", "domain", "valid_from"),
    ending=UNTIL,
    checks=(PERIOD,),
)

REQUIREMENTS = Table(
    "requirements.csv",
    Requirement,
    "requirement",
    "demands of care plans: an activity that must be offered so often",
    (
        reference("resident", "residents.csv", "a resident's key"),
        reference("activity", "activities.csv", "an activity's key"),
        Column("times_a_week", cells.whole(1, 21), "at least so often", is_needed=True),
        *validity(),
    ),
    same=("resident_id", "activity_id", "valid_from"),
    ending=UNTIL,
    checks=(PERIOD,),
)

GROUP_AIMS = Table(
    "group_aims.csv",
    GroupAim,
    "aim of a living group",
    "what a living group wants to do together",
    (
        reference("living_group", "living_groups.csv", "a living group's key"),
        Column("domain", cells.domain, "a domain; empty: whatever it is", default=""),
        Column("members", cells.whole(1, 500), "so many of its members are there", is_needed=True),
        Column("sessions_a_week", cells.whole(1, 99), "in at least so many sessions", "min_sessions", True),
        Column("weight", cells.whole(0, 100), "how much it matters beside other aims; empty: 1", default=1),
        *validity(),
    ),
    same=("living_group_id", "domain", "valid_from"),
    ending=UNTIL,
    checks=(PERIOD,),
)

TABLES = (
    RESIDENTS,
    STAYS,
    MOVES,
    BUSY,
    CALM_TIMES,
    ACTIVITY_MEMBERS,
    WISHES,
    REFUSALS,
    LIMITS,
    TARGETS,
    REQUIREMENTS,
    GROUP_AIMS,
)
