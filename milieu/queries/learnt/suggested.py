"""Which wishes the last weeks suggest to change, each with what was seen. Nothing changes until somebody says so."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Activity, Attendance, Limit, PublishedSession, Refusal, Wish
from milieu.models.validity import is_there, is_valid_within
from milieu.queries.learnt.estimates import Answer, Estimate, estimate
from milieu.queries.published.marks import not_held_between, standing
from milieu.queries.residents.people import Person, people_of, units_of
from milieu.queries.residents.wishes import holding_wishes
from milieu.queries.ties.answers import WISH, put_off

LOOKED_BACK = timedelta(weeks=12)
_Pair = tuple[str, str]


@dataclass(frozen=True)
class Held:
    """The wish that counts by now, None as `id` where nothing is noted; `said_on` None where nobody knows when."""

    id: str | None
    version: int
    strength: int
    said_by: str
    said_on: date | None


@dataclass(frozen=True)
class Suggested:
    """That somebody's wish for an activity might be changed: `why` is of `estimates.WHYS`, `strength` what to."""

    person: Person
    activity_id: str
    activity: str
    estimate: Estimate
    held: Held
    why: str
    strength: int

    @property
    def is_theirs_to_say(self) -> bool:
        """Whether the wish that counts is their own word, which only they change."""
        return self.held.said_by == "resident"


def suggested_wishes(
    db: DbSession, community_id: str, *, today: date, of: Collection[str] | None = None
) -> tuple[Suggested, ...]:
    """What the marks of the last twelve weeks, up to yesterday, suggest; in the order of rooms. Eight queries.

    What was said of it counts from that day on: older marks say nothing against it. Nothing is suggested of what they
    said no to, what is charted, what has ended, or what somebody answered "not now" or "never" to.
    """
    people = people_of(db, community_id, today, units_of(db, community_id))
    if of is not None:
        people = {who: person for who, person in people.items() if who in of}
    answers = _answers(db, community_id, today, people.keys())
    names = _offered(db, community_id, today)
    wishes = _wishes(db, community_id, people.keys(), today)
    closed = _noes(db, community_id, people.keys(), today)
    closed |= {(who, what) for who, _other, what in put_off(db, community_id, WISH, today=today) if what}
    found = []
    for (who, what), said in answers.items():
        if what not in names or (who, what) in closed:
            continue
        held = wishes.get((who, what), _NOTHING)
        estimated = estimate(each for each in said if held.said_on is None or each.day > held.said_on)
        if (suggestion := estimated.suggests(held.strength)) is not None:
            found.append(Suggested(people[who], what, names[what], estimated, held, *suggestion))
    return tuple(sorted(found, key=lambda each: (each.person.walking_key, each.activity, each.activity_id)))


_NOTHING = Held(None, 0, 0, "", None)


def _answers(db: DbSession, community_id: str, today: date, of: Collection[str]) -> Mapping[_Pair, list[Answer]]:
    """(resident, activity) to what became of each time; asleep, unwell, away and the like answer nothing."""
    first, last = today - LOOKED_BACK, today - timedelta(days=1)
    rows = db.execute(
        select(
            Attendance.session_ref,
            Attendance.resident_id,
            Attendance.on_date,
            Attendance.outcome,
            Attendance.level,
            Attendance.number,
            Attendance.takes_back,
            Attendance.tapped_at,
        ).where(
            Attendance.community_id == community_id,
            Attendance.on_date.between(first, last),
            Attendance.resident_id.in_(of),
        )
    )
    taps = defaultdict(list)
    for row in rows:
        taps[row.session_ref, row.resident_id].append(row)
    activity = _activities(db, community_id, first, last)
    off = not_held_between(db, community_id, first, last)
    answers: dict[_Pair, list[Answer]] = defaultdict(list)
    for (ref, who), each in taps.items():
        left = standing(each)
        if left and ref in activity and ref not in off and left[-1].outcome in ("attended", "declined"):
            came = left[-1].outcome == "attended"
            answers[who, activity[ref]].append(Answer(left[-1].on_date, came, left[-1].level if came else None))
    return answers


def _activities(db: DbSession, community_id: str, first: date, last: date) -> Mapping[str, str]:
    rows = db.execute(
        select(PublishedSession.ref, PublishedSession.activity_id)
        .where(PublishedSession.community_id == community_id, PublishedSession.on_date.between(first, last))
        .distinct()
    )
    return {row.ref: row.activity_id for row in rows}


def _offered(db: DbSession, community_id: str, today: date) -> Mapping[str, str]:
    rows = db.execute(
        select(Activity.id, Activity.name).where(Activity.community_id == community_id, is_there(Activity, today))
    )
    return {row.id: row.name for row in rows}


def _wishes(db: DbSession, community_id: str, of: Collection[str], today: date) -> Mapping[_Pair, Held]:
    by_person: dict[str, list[Wish]] = defaultdict(list)
    for wish in db.scalars(
        select(Wish).where(
            Wish.community_id == community_id,
            Wish.resident_id.in_(of),
            is_valid_within(Wish, today, today),
        )
    ):
        by_person[wish.resident_id].append(wish)
    return {
        (who, what): Held(wish.id, wish.version, wish.strength, wish.said_by, wish.said_on)
        for who, wishes in by_person.items()
        for what, wish in holding_wishes(wishes).items()
    }


def _noes(db: DbSession, community_id: str, of: Collection[str], today: date) -> set[_Pair]:
    """What somebody said no to, and what they are kept from, on a day."""
    found: set[_Pair] = set()
    for table in (Refusal, Limit):
        rows = db.execute(
            select(table.resident_id, table.activity_id).where(
                table.community_id == community_id,
                table.resident_id.in_(of),
                table.activity_id.is_not(None),
                is_valid_within(table, today, today),
            )
        )
        found |= {(row.resident_id, row.activity_id) for row in rows}
    return found
