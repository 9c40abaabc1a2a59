"""Who waits for what, and what stands in the way: by activity those who love it and were not asked in the last four
weeks that were published.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.machine.memory import Memory
from milieu.models import Activity, Publication
from milieu.models.validity import is_there
from milieu.queries.programme.asked import asked_between
from milieu.queries.published.marks import marks_of
from milieu.queries.residents.stays import Stays, stays_of
from milieu.queries.ties.likings import likings_of
from milieu.queries.week.people_out import Share, shares
from milieu.queries.week.weeks import DAYS, Card
from milieu.reasons import LOVED
from milieu.services.left_out.looking import look_at
from milieu.services.teller import Teller

WEEKS_BACK, WAITS = 8, 4
"""How far back weeks are shown, and in how many of the last that were published nobody asked who waits."""
AWAY, NOT_ASKED, ASKED, SAID_NO, CAME = BECAME = ("away", "not asked", "asked", "said no", "came")
"""What became of a week for somebody, the later the more: of two sessions of a week the later counts."""


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits: each of the weeks before, oldest first, and whether they are invited this week.

    `why` is what came nearest to letting them in, as `KeptOut.code`; "" where they are invited, or the week is over.
    """

    share: Share
    weeks: tuple[str, ...]
    is_invited: bool
    why: str = ""


@dataclass(frozen=True)
class Queue:
    """An activity that somebody waits for. `lovers` is how many love it, `cards` its sessions of this week."""

    activity_id: str
    title: str
    lovers: int
    waiting: tuple[Waiting, ...]
    cards: tuple[Card, ...]

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """What stands in the way of how many of those who wait, the most first."""
        return tuple(Counter(each.why for each in self.waiting if each.why).most_common())


@dataclass(frozen=True)
class Waits:
    """`mondays` are those of the published weeks before, oldest first; queues with most people come first."""

    mondays: tuple[date, ...]
    queues: tuple[Queue, ...]


_WHY: Memory[Mapping[tuple[str, str], str]] = Memory(8)
"""(resident, activity) to what stands in the way."""


def waits_of(
    db: DbSession, teller: Teller, week_start: date, cards: Sequence[Card], plan: tuple[str, int] | None
) -> Waits:
    """Of a week; `cards` are its sessions that are held. Who said no to an activity for good does not wait for it.

    `plan` is the id and version of the draft that the cards are of, None where they are published. Nobody waits where
    none of the weeks before was published: of those weeks nothing is known.
    """
    community_id = teller.community_id
    mondays = _published_mondays(db, community_id, week_start)
    if not mondays:
        return Waits((), ())
    people = shares(db, community_id, week_start, cards)
    became = _became(db, community_id, mondays)
    stays = stays_of(db, community_id)
    loved: dict[str, list[Share]] = defaultdict(list)
    likings = likings_of(db, community_id, [each.resident_id for each in people], week_start)
    for person in people:
        for what, strength in likings[person.resident_id].activities.items():
            if strength >= LOVED and not person.wants_none:
                loved[what].append(person)
    titles = {
        row.id: row.name
        for row in db.execute(
            select(Activity.id, Activity.name).where(
                Activity.community_id == community_id,
                Activity.max_group > 1,
                is_there(Activity, week_start),
            )
        )
    }
    queues = [
        Queue(what, titles[what], len(those), waiting, tuple(card for card in cards if card.activity_id == what))
        for what, those in loved.items()
        if what in titles and (waiting := tuple(_waiting(those, what, mondays, became, stays, cards)))
    ]
    why = _why(db, teller, week_start, plan, people, queues)
    told = [
        replace(
            queue,
            waiting=tuple(
                replace(each, why=why.get((each.share.resident_id, queue.activity_id), "")) for each in queue.waiting
            ),
        )
        for queue in queues
    ]
    return Waits(mondays, tuple(sorted(told, key=lambda each: (-len(each.waiting), each.title))))


def _why(
    db: DbSession,
    teller: Teller,
    week_start: date,
    plan: tuple[str, int] | None,
    people: Sequence[Share],
    queues: Sequence[Queue],
) -> Mapping[tuple[str, str], str]:
    """What stands in the way of each who waits and is not invited; nothing where the week is over."""
    asked = tuple(
        (each.share.resident_id, queue.activity_id) for queue in queues for each in queue.waiting if not each.is_invited
    )
    week = look_at(db, teller, week_start, plan, people) if asked else None
    if week is None:
        return {}

    def look() -> Mapping[tuple[str, str], str]:
        ways = week.read()
        return {(who, what): found.code for who, what in asked for found in ways.kept_out(who, [what])}

    return _WHY.recall((week.basis, asked), look)


def _published_mondays(db: DbSession, community_id: str, week_start: date) -> tuple[date, ...]:
    query = select(Publication.week_start).where(
        Publication.community_id == community_id,
        Publication.week_start >= week_start - timedelta(weeks=WEEKS_BACK),
        Publication.week_start < week_start,
    )
    return tuple(db.scalars(query.distinct().order_by(Publication.week_start)))


def _became(db: DbSession, community_id: str, mondays: Sequence[date]) -> Mapping[tuple[str, str, date], str]:
    """(resident, activity, Monday) to what became of that week for them, where they were asked."""
    first, last = mondays[0], mondays[-1] + timedelta(days=DAYS - 1)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    asked = asked_between(db, community_id, first, last)
    marks = marks_of(db, community_id, days=days) if asked else {}
    found: dict[tuple[str, str, date], str] = {}
    for session in asked:
        monday = session.on_date - timedelta(days=session.on_date.weekday())
        for who in session.residents:
            mark = marks.get((session.ref, who))
            said = {"attended": CAME, "declined": SAID_NO}.get(mark.outcome or "" if mark else "", ASKED)
            key = who, session.activity_id, monday
            found[key] = max(found.get(key, NOT_ASKED), said, key=BECAME.index)
    return found


def _waiting(
    people: Sequence[Share],
    what: str,
    mondays: Sequence[date],
    became: Mapping[tuple[str, str, date], str],
    stays: Mapping[str, Stays],
    cards: Sequence[Card],
) -> list[Waiting]:
    """Those whom nobody asked in the last weeks, who waits longest first."""
    invited = {place.resident_id for card in cards if card.activity_id == what for place in card.places}
    found = []
    for person in people:
        who = person.resident_id
        weeks = tuple(
            became.get((who, what, monday), NOT_ASKED) if _was_here(stays[who], monday) else AWAY for monday in mondays
        )
        if set(weeks[-WAITS:]) <= {AWAY, NOT_ASKED} and NOT_ASKED in weeks[-WAITS:]:
            found.append(Waiting(person, weeks, who in invited))
    return sorted(found, key=lambda each: (each.is_invited, -each.weeks.count(NOT_ASKED), each.share.name))


def _was_here(stays: Stays, monday: date) -> bool:
    return stays.stays_over(monday) and stays.stays_over(monday + timedelta(days=DAYS - 1))
