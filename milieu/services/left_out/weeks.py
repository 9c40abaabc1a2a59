"""A week beside the four before it: how many are invited to how much, who misses what, why, and what would mend it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.machine.memory import Memory
from milieu.models import Activity
from milieu.queries.programme.asked import Asked, asked_between
from milieu.queries.published.marks import marks_of
from milieu.queries.week.outcomes import outcomes, still_held
from milieu.queries.week.people_out import BANDS, Share, shares
from milieu.queries.week.weeks import DAYS, Card, published_cards
from milieu.services.left_out.looking import look_at
from milieu.services.left_out.missing import KINDS, NOBODY, Before, Known, before_week, known_of, missing_in
from milieu.services.left_out.ways import KeptOut, Wanted, Way
from milieu.services.teller import Teller

WEEKS_BACK = 4
AGAIN = 2
"""Who missed something in so many of the weeks before missed it over them."""
MOST_PEOPLE = 30
"""For so many ways are tried, who misses most first."""


@dataclass(frozen=True)
class Missing:
    """Somebody who misses something in the week: the `kinds`, what is known, why, and the best ways.

    `friends` is how many people they are known to like, `noes` how often they said no over the weeks before, `met` to
    how many groups they were asked since they came on `arrived`. `kept_out` says why they are in nothing that they
    love. `ways` is None where none were looked for.
    """

    share: Share
    kinds: tuple[str, ...]
    friends: int
    noes: int
    met: int
    arrived: date | None
    kept_out: tuple[KeptOut, ...]
    ways: tuple[Way, ...] | None


@dataclass(frozen=True)
class LeftOut:
    """`bands` are (band, people, people in a usual week of those before, None without one); `kinds` are (kind, people
    this week, those who missed it in two or more of the `weeks` before). `quiet` asked for no invitations.
    """

    weeks: int
    bands: tuple[tuple[str, int, float | None], ...]
    kinds: tuple[tuple[str, int, tuple[Share, ...]], ...]
    people: tuple[Missing, ...]
    quiet: tuple[Share, ...]


@dataclass(frozen=True)
class _Past:
    """One of the weeks before: everybody's share of it, and who missed what."""

    people: tuple[Share, ...]
    kinds: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Tried:
    kept_out: Mapping[str, tuple[KeptOut, ...]]
    ways: Mapping[str, tuple[Way, ...]]


_TRIED: Memory[_Tried] = Memory(8)


def missing_of(db: DbSession, community_id: str, week_start: date, cards: Sequence[Card]) -> LeftOut:
    """Of a week's sessions that are held; no ways are tried."""
    return _Found(db, community_id, week_start, cards).told(None)


def left_out_of(
    db: DbSession, teller: Teller, week_start: date, cards: Sequence[Card], plan: tuple[str, int] | None
) -> LeftOut:
    """The same, with why and the best ways. `plan` is the id and version of the draft that the sessions are of, None
    where they are published.

    Raises NotFound.
    """
    found = _Found(db, teller.community_id, week_start, cards)
    return found.told(_try(db, teller, week_start, plan, found.people, found.wanted()))


class _Found:
    """Who misses what in a week, beside the weeks before it."""

    def __init__(self, db: DbSession, community_id: str, week_start: date, cards: Sequence[Card]) -> None:
        groups = select(Activity.id).where(Activity.community_id == community_id, Activity.max_group > 1)
        history = _History(db, community_id, frozenset(db.scalars(groups)))
        self.people = shares(db, community_id, week_start, cards)
        self.known = known_of(db, community_id, week_start)
        self.before, self.refused = history.before(week_start), history.refused(week_start)
        self.kinds = missing_in(self.people, cards, self.known, self.before)
        past = (history.week(week_start - timedelta(weeks=back)) for back in range(1, WEEKS_BACK + 1))
        self.past = [each for each in past if each is not None]
        self.missing = sorted(
            (each for each in self.people if each.resident_id in self.kinds),
            key=lambda each: (KINDS.index(self.kinds[each.resident_id][0]), -len(self.kinds[each.resident_id])),
        )

    def told(self, tried: "_Tried | None") -> LeftOut:
        return LeftOut(
            len(self.past),
            tuple((band, _in_band(self.people, band), _usual(self.past, band)) for band in BANDS),
            tuple(
                (kind, sum(kind in each for each in self.kinds.values()), _again(self.people, self.past, kind))
                for kind in KINDS
            ),
            tuple(_missing(each, self.kinds, self.known, self.before, tried) for each in self.missing),
            tuple(each for each in self.people if each.wants_none and not each.is_part),
        )

    def wanted(self) -> tuple[Wanted, ...]:
        """What would mend it for those who miss most."""
        near: dict[str, set[str]] = defaultdict(set)
        for each in self.people:
            near[each.unit.id].add(each.resident_id)
        return tuple(
            Wanted(
                who := each.resident_id,
                self.kinds[who],
                self.known.get(who, NOBODY).loved,
                self.known.get(who, NOBODY).friends,
                frozenset(near[each.unit.id] - {who}),
                self.before.get(who, Before()).groups,
                self.refused.get(who, frozenset()),
            )
            for each in self.missing[:MOST_PEOPLE]
        )


class _History:
    """What was published, asked and answered before a week."""

    def __init__(self, db: DbSession, community_id: str, groups: frozenset[str]) -> None:
        self.db, self.community_id, self.groups = db, community_id, groups

    def before(self, week_start: date) -> dict[str, Before]:
        """Of the four weeks before."""
        asked, answers = self._answers(week_start)
        return before_week(asked, answers, self.groups)

    def refused(self, week_start: date) -> Mapping[str, frozenset[str]]:
        """What each said no to in those weeks."""
        asked, answers = self._answers(week_start)
        found: dict[str, set[str]] = defaultdict(set)
        for session in asked:
            for who in session.residents:
                if answers.get((session.ref, who)) == "declined":
                    found[who].add(session.activity_id)
        return {who: frozenset(each) for who, each in found.items()}

    def week(self, week_start: date) -> _Past | None:
        """One week as it was published and held; None where nothing was."""
        cards = published_cards(self.db, self.community_id, week_start)
        if not cards:
            return None
        held = still_held(cards, outcomes(self.db, self.community_id, cards))
        people = shares(self.db, self.community_id, week_start, held)
        known = known_of(self.db, self.community_id, week_start)
        return _Past(people, missing_in(people, held, known, self.before(week_start)))

    def _answers(self, week_start: date) -> tuple[tuple[Asked, ...], dict[tuple[str, str], str]]:
        first = week_start - timedelta(weeks=WEEKS_BACK)
        asked = asked_between(self.db, self.community_id, first, week_start - timedelta(days=1))
        days = [first + timedelta(days=number) for number in range(WEEKS_BACK * DAYS)]
        marks = marks_of(self.db, self.community_id, days=days) if asked else {}
        return asked, {pair: mark.outcome for pair, mark in marks.items() if mark.outcome is not None}


def _try(
    db: DbSession,
    teller: Teller,
    week_start: date,
    plan: tuple[str, int] | None,
    people: Sequence[Share],
    wanted: tuple[Wanted, ...],
) -> _Tried | None:
    """Look for ways; None where the week is over. Remembered as long as neither facts nor draft change."""
    week = look_at(db, teller, week_start, plan, people)
    if week is None:
        return None

    def look() -> _Tried:
        ways = week.read()
        return _Tried(
            {each.resident_id: ways.kept_out(each.resident_id, each.loved) for each in wanted},
            {each.resident_id: ways.of(each) for each in wanted},
        )

    return _TRIED.recall((week.basis, wanted), look)


def _missing(
    share: Share,
    kinds: Mapping[str, tuple[str, ...]],
    known: Mapping[str, Known],
    before: Mapping[str, Before],
    tried: _Tried | None,
) -> Missing:
    who = share.resident_id
    own, was = known.get(who, NOBODY), before.get(who, Before())
    return Missing(
        share,
        kinds[who],
        len(own.friends),
        was.no,
        len(was.groups),
        own.arrived,
        tried.kept_out.get(who, ()) if tried else (),
        tried.ways.get(who) if tried else None,
    )


def _in_band(people: Sequence[Share], band: str) -> int:
    return sum(each.band == band for each in people)


def _usual(past: Sequence[_Past], band: str) -> float | None:
    return sum(_in_band(each.people, band) for each in past) / len(past) if past else None


def _again(people: Sequence[Share], past: Sequence[_Past], kind: str) -> tuple[Share, ...]:
    """Who lives here and missed it in two or more of the weeks before."""
    times = Counter(who for week in past for who, kinds in week.kinds.items() if kind in kinds)
    return tuple(each for each in people if times[each.resident_id] >= AGAIN)
