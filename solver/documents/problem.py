"""The problem document of the exchange format, version 2, as frozen models: names, types, ranges and defaults.

What one field says of another (dangling ids, the grid of the horizon, pairs named twice) is read in `references`;
documents are read and written through `exchange`. Times of day stay text ("09:30") in the fields; the properties
`begin`, `end` and `minute` give them in minutes after midnight. A list that may be absent (`open`, `available`,
`windows`, `only`) is None then.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, Strict, Tag

from solver.documents.fields import (
    Clock,
    ClosingClock,
    Count,
    Day,
    DaysApart,
    Document,
    Flag,
    Id,
    Ids,
    Interest,
    Level,
    Liking,
    NoNull,
    OnlyTrue,
    PartOfDay,
    Positive,
    SlotMinutes,
    Strength,
    Text,
    Wait,
    minutes,
)


class Window(Document):
    """A half-open stretch of one day, or of every day where `day` is None."""

    day: Annotated[Count | None, NoNull] = None
    from_: Clock = Field(validation_alias="from", serialization_alias="from")
    to: ClosingClock

    @property
    def begin(self) -> int:
        return minutes(self.from_)

    @property
    def end(self) -> int:
        return minutes(self.to)

    def is_on(self, day: int) -> bool:
        return self.day is None or self.day == day

    def holds(self, day: int, begin: int, end: int) -> bool:
        """Whether the whole stretch from `begin` to `end` lies inside."""
        return (self.day is None or self.day == day) and self.begin <= begin and end <= self.end

    def touches(self, day: int, begin: int, end: int) -> bool:
        """Whether the two share a moment; one that ends as the other begins does not."""
        return (self.day is None or self.day == day) and begin < self.end and self.begin < end


class CalmWindow(Window):
    """A stretch in which a resident bears less noise than otherwise."""

    noise_max: Level


class EscortWindow(Window):
    """A stretch in which `capacity` escorts can walk residents."""

    capacity: Count


Windows: TypeAlias = Annotated[tuple[Window, ...] | None, NoNull]


class Horizon(Document):
    start: Day
    days: Annotated[int, Strict(), Field(ge=1, le=35)]
    slot_minutes: SlotMinutes
    timezone: Text


class Space(Document):
    id: Id
    name: Text = Field(default_factory=lambda row: str(row["id"]))
    zone: Text = ""
    capacity: Count
    wheelchair_places: Count = Field(default_factory=lambda row: int(row["capacity"]))
    comfort: Count = Field(default_factory=lambda row: int(row["capacity"]))
    features: tuple[Text, ...] = ()
    noise: Level = 0
    open: Windows = None
    turnaround_minutes: Count = 0
    bedside: Flag = False
    adjacent: Ids = ()
    shares: Ids = ()


class Facilitator(Document):
    id: Id
    name: Text = Field(default_factory=lambda row: str(row["id"]))
    skills: tuple[Text, ...] = ()
    available: Windows = None
    max_sessions_per_day: Count = 99
    gap_minutes: Count = 0
    support: Count = 8
    familiar_to: Ids = ()


class SessionBounds(Document):
    """How many sessions an activity has over the horizon."""

    min: Count = 0
    max: Count = 1


class Activity(Document):
    id: Id
    name: Text = Field(default_factory=lambda row: str(row["id"]))
    domains: tuple[Text, ...] = ()
    duration_minutes: Positive
    sessions: SessionBounds = SessionBounds()
    one_per_day: Flag = True
    min_group: Count = 1
    max_group: Positive
    facilitators: Count = 1
    needs_skills: tuple[Text, ...] = ()
    needs_features: tuple[Text, ...] = ()
    noise: Level = 0
    windows: Windows = None
    only: Annotated[Ids | None, NoNull] = None
    by_wish: Flag = False
    days_apart: DaysApart = 1
    cost: Count = 0


class Noes(Document):
    """What a resident is not brought to."""

    activities: Ids = ()
    spaces: Ids = ()
    facilitators: Ids = ()


class WishBounds(Document):
    """How many sessions a resident wishes for over the horizon."""

    min: Count = 0
    max: Count = 99


class Target(Document):
    """A care-plan aim: at least `min` sessions of a domain."""

    domain: Id
    min: Count
    weight: Count = 1


class Resident(Document):
    id: Id
    name: Text = Field(default_factory=lambda row: str(row["id"]))
    zone: Text = ""
    wheelchair: Flag = False
    escort: Flag = False
    support: Level = 0
    noise_max: Level = 3
    calm: tuple[CalmWindow, ...] = ()
    busy: tuple[Window, ...] = ()
    interests: dict[Text, Interest] = Field(default_factory=dict)
    waiting: dict[Text, Wait] = Field(default_factory=dict)
    refuses: Noes = Noes()
    avoids: Noes = Noes()
    sessions: WishBounds = WishBounds()
    max_per_day: Count = 99
    rest_minutes: Count = 0
    times: dict[PartOfDay, Liking] = Field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    required: dict[Text, Count] = Field(default_factory=dict)
    cohort: Text = ""
    zone_locked: Flag = False
    needs_familiar: Flag = False

    def wishes(self, activity: str) -> bool:
        """Whether they may be in what is only for those who want it: they like it, or it is named as required."""
        return self.interests.get(activity, 0) > 0 or activity in self.required


class Tie(Document):
    """Between two residents: `apart`, or a strength whose reward is paid at most `cap` times where it is positive.

    `strength` is None where, and only where, the two are to be kept apart (`references` sees to it).
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["apart"], "properties": {"strength": False, "cap": False}},
                {"required": ["strength"], "properties": {"apart": False}},
            ]
        }
    )

    a: Id
    b: Id
    apart: OnlyTrue = False
    strength: Annotated[Strength | None, NoNull] = None
    cap: Positive = 2


class GroupTarget(Document):
    """At least `min` sessions of a domain ("" = any), each with at least `members` of the living group."""

    domain: Text
    members: Positive
    min: Count
    weight: Count = 1


class LivingGroup(Document):
    id: Id
    name: Text = Field(default_factory=lambda row: str(row["id"]))
    members: Ids
    targets: tuple[GroupTarget, ...] = ()


class Escorts(Document):
    default: Count
    windows: tuple[EscortWindow, ...] = ()

    def available(self, day: int, minute: int) -> int:
        """How many escorts there are at a moment: the first window that holds counts."""
        for window in self.windows:
            if window.is_on(day) and window.begin <= minute < window.end:
                return window.capacity
        return self.default


class Offer(Document):
    """What should be on, on one day or on every day: at least `min` sessions for more than one person that start from
    `from` to before `to`, and that hold `members` of a living group where one is named.
    """

    model_config = ConfigDict(json_schema_extra={"dependentRequired": {"members": ["group"]}})

    day: Annotated[Count | None, NoNull] = None
    from_: Clock = Field("00:00", validation_alias="from", serialization_alias="from")
    to: ClosingClock = "24:00"
    group: Annotated[Id | None, NoNull] = None
    members: Positive = 1
    min: Count
    weight: Count = 1

    @property
    def begin(self) -> int:
        return minutes(self.from_)

    @property
    def end(self) -> int:
        return minutes(self.to)

    def is_on(self, day: int) -> bool:
        return self.day is None or self.day == day


class FrozenUntil(Document):
    day: Count
    time: Clock

    @property
    def minute(self) -> int:
        return minutes(self.time)


class Usual(Document):
    """Where one session of an activity is used to be: part of a base week."""

    activity: Id
    day: Count
    start: Clock
    space: Annotated[Id | None, NoNull] = None
    facilitators: Ids = ()

    @property
    def begin(self) -> int:
        return minutes(self.start)


class Session(Document):
    id: Id
    activity: Id
    day: Count
    start: Clock
    space: Id
    facilitators: Ids
    residents: Ids

    @property
    def begin(self) -> int:
        return minutes(self.start)


class PinnedSession(Document):
    """A session as far as a person fixed it; of `residents` at least those named."""

    id: Id
    activity: Id
    day: Count
    start: Clock
    space: Annotated[Id | None, NoNull] = None
    facilitators: Annotated[Ids | None, NoNull] = None
    residents: Ids = ()

    @property
    def begin(self) -> int:
        return minutes(self.start)


class SessionPin(Document):
    session: PinnedSession


class AttendPin(Document):
    attend: Id
    session: Id


class AbsentPin(Document):
    absent: Id
    session: Id


def _pin_form(value: Any) -> str:
    """Which of the three a pin means to be, from its keys."""
    if isinstance(value, dict):
        if "attend" in value or (isinstance(value.get("session"), str) and "absent" not in value):
            return "attend"
        return "absent" if "absent" in value else "session"
    return "attend" if isinstance(value, AttendPin) else "absent" if isinstance(value, AbsentPin) else "session"


Pin: TypeAlias = Annotated[
    Annotated[SessionPin, Tag("session")] | Annotated[AttendPin, Tag("attend")] | Annotated[AbsentPin, Tag("absent")],
    Discriminator(_pin_form),
]


class Weights(Document):
    """What each term of the score counts; the fields' order is the order of the terms everywhere."""

    interest: Count = 4
    time: Count = 2
    engagement: tuple[Count, ...] = (12, 9, 7, 5, 3, 2, 1)
    shortfall: Count = 40
    left_out: Count = 30
    target: Count = 10
    group: Count = 10
    tie: Count = 3
    companion: Count = 15
    crowd: Count = 2
    walk: Count = 1
    session: Count = 6
    offer: Count = 20
    usual: tuple[Count, Count, Count] = (30, 5, 5)
    turn: Count = 4
    cancel: Count = 20
    move: Count = 10
    relocate: Count = 2
    drop: Count = 15
    relead: Count = 4


TERM_NAMES: tuple[str, ...] = tuple(Weights.model_fields)
OF_CHANGES = ("cancel", "move", "relocate", "drop", "relead")  # what a change of `previous` costs


class ProblemDocument(Document):
    format: Literal["milieu-problem/2"] = "milieu-problem/2"  # in a file it has to be said
    name: Text
    horizon: Horizon
    spaces: tuple[Space, ...]
    facilitators: tuple[Facilitator, ...]
    activities: tuple[Activity, ...]
    residents: tuple[Resident, ...]
    ties: tuple[Tie, ...] = ()
    groups: tuple[LivingGroup, ...] = ()
    travel: dict[Text, dict[Text, Count]] = Field(default_factory=dict)
    escorts: Annotated[Escorts | None, NoNull] = None
    separate_cohorts: Flag = False
    offers: tuple[Offer, ...] = ()
    usual: tuple[Usual, ...] = ()
    previous: tuple[Session, ...] = ()
    frozen_until: Annotated[FrozenUntil | None, NoNull] = None
    pins: tuple[Pin, ...] = ()
    weights: Weights = Weights()
