"""The kinds of facts that people tell, and one of them as it was told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

TOLD, CORRECTED, TAKEN_BACK = "told", "corrected", "took back"
GIVEN_BACK = "given_back"
"""In the line of what is taken back: how many invitations are there again by that."""
(
    ABSENCE,
    CLOSURE,
    WEATHER,
    BUSY,
    HOSPITAL,
    BED,
    OUTBREAK,
    REFUSAL,
    APART,
    ARRIVAL,
    MOVE,
    DEPARTURE,
    DEATH,
    GUEST,
    CANCELLED,
    HANDS,
) = KINDS = (
    "absence",  # somebody of the team is away
    "closure",  # a space cannot be used
    "weather",  # it is too wet for what is held outside
    "busy",  # a resident is out or has somebody
    "hospital",  # a resident is in hospital
    "bed",  # a resident stays in bed
    "outbreak",  # a living group meets nobody from outside it
    "refusal",  # a resident said no
    "apart",  # two residents are not to meet
    "arrival",  # somebody moves in
    "move",  # somebody moves to another room
    "departure",  # somebody moves out
    "death",  # somebody has died
    "guest",  # somebody comes for one session at a fixed time
    "cancelled",  # a guest who was to come does not
    "hands",  # fewer people are there to lead, or to bring those who need somebody
)
RIGHTS = frozenset({REFUSAL, APART, DEPARTURE, DEATH})
"""Those that hold at once: invitations that they speak against are gone in the same moment."""
CORRECTABLE = frozenset({ABSENCE, CLOSURE, BUSY, HOSPITAL, BED, OUTBREAK, HANDS})
"""Those that can be corrected as they stand; a right is taken back, and what is known of a person has a page."""


@dataclass(frozen=True)
class Touched:
    """A published session to come that a fact stands against, and how many are invited to it."""

    ref: str
    title: str
    on_date: date
    start_minute: int
    invited: int


@dataclass(frozen=True)
class Done:
    """How many sessions of a week were published otherwise because of a fact."""

    week_start: date
    sessions: int


@dataclass(frozen=True)
class FactTold:
    """A fact as somebody told it; `kind` is one of KINDS.

    `detail` is the kind of a closure or of what takes a resident up, or the room of who comes or moves; `who` is the
    colleague, space, resident, living group or guest, or those who lead nothing while hands are short; `other` what
    a no is to, whom somebody is kept apart from, where they live from now on, where and by whom a guest's session is
    held, or what a guest was to lead. `meant_for` is whom a guest comes for, `helpers` how many can bring residents
    (None: as many as usual). `last` is None of what holds for good, or until more is known. `withdrawn` is how many
    invitations it took out at once; `taken_back_at` is None where it stands, `given_back` how many of them
    are there again. `people` are the residents that it names.
    `asks_for` is the Monday of a published week that has yet to hold what it asks for. `did` is what was published for
    it since. `corrected_at` and `corrected_by` are None and "" where it stands as it was told; `earlier` is how it was
    said before, the newest last.
    """

    id: str
    kind: str
    at: datetime
    by_id: str | None
    by: str
    who: str
    other: str
    detail: str
    first: date | None
    last: date | None
    start_minute: int
    end_minute: int
    withdrawn: int
    taken_back_at: datetime | None
    touches: tuple[Touched, ...]
    people: tuple[str, ...]
    meant_for: str = ""
    helpers: int | None = None
    asks_for: date | None = None
    did: tuple[Done, ...] = ()
    corrected_at: datetime | None = None
    corrected_by: str = ""
    earlier: tuple["FactTold", ...] = ()
    given_back: int = 0

    @property
    def invited(self) -> int:
        """How many invitations the sessions hold that it stands against."""
        return sum(each.invited for each in self.touches)

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Mondays of the published weeks that have to be mended for it."""
        found = {each.on_date - timedelta(days=each.on_date.weekday()) for each in self.touches}
        return tuple(sorted(found | ({self.asks_for} if self.asks_for else set())))
