"""What rests: an activity that somebody said no to twice is not asked again for a while. Only that activity, ever."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, select

from milieu.calendar.spans import is_valid
from milieu.database import DbSession
from milieu.models import Activity, Attendance, PublishedSession, Wish, WishedAgain
from milieu.queries.published.marks import standing
from milieu.queries.residents.wishes import holding_wishes
from milieu.reasons import LOVED

REST = timedelta(weeks=4)
"""Two noes within so long a time rest an activity, and for so long after the second of them."""


@dataclass(frozen=True)
class Resting:
    """An activity that a resident is not asked to: the days of the two noes, and from when it may be asked again.

    `activity` is its name.
    """

    resident_id: str
    activity_id: str
    activity: str
    noes: tuple[date, date]
    asked_again: date


def resting(
    db: DbSession, community_id: str, *, on: date, today: date, of: Collection[str] | None = None
) -> tuple[Resting, ...]:
    """What rests on a day, by what was marked for the days before `today` and what was wished since. Four queries.

    `of`: of these residents alone, None for everybody.

    A day's own marks count from the next morning on: while it is being marked, a slip of the finger may be taken back.
    """
    first, last = on - 2 * REST, min(on, today) - timedelta(days=1)
    if of is not None and not of:
        return ()
    answers = _answers(db, community_id, first, last, of)
    pairs = {pair: noes for pair, said in answers.items() if (noes := resting_noes(said, on)) is not None}
    if not pairs:
        return ()
    wished = _wished(db, community_id, {who for who, _what in pairs})
    names = _names(db, community_id)
    return tuple(
        Resting(who, what, names[what], noes, noes[1] + REST)
        for (who, what), noes in sorted(pairs.items())
        if wished.get((who, what), date.min) < noes[1]
    )


def resting_noes(said: Iterable[tuple[date, str]], on: date) -> tuple[date, date] | None:
    """The last two noes within four weeks of each other, with no yes between or since, that still hold on a day.

    `said` are outcomes in the order of time.
    """
    found: tuple[date, date] | None = None
    before: date | None = None
    for day, outcome in said:
        if outcome == "attended":
            found = before = None
        elif outcome == "declined":
            if before is not None and day - before < REST:
                found = (before, day)
            before = day
    return found if found is not None and on - found[1] < REST else None


def loved_at_rest(
    db: DbSession, community_id: str, week_start: date, *, today: date, residents: Collection[str]
) -> tuple[Resting, ...]:
    """Of what rests in what is left of a week, what its resident loves; of the residents named."""
    found = [
        each
        for each in resting(db, community_id, on=max(week_start, today), today=today)
        if each.resident_id in residents
    ]
    if not found:
        return ()
    wishes: dict[str, list[Wish]] = defaultdict(list)
    who = {each.resident_id for each in found}
    for wish in db.scalars(select(Wish).where(Wish.community_id == community_id, Wish.resident_id.in_(who))):
        if is_valid(wish.valid_from, wish.valid_until, today, today):
            wishes[wish.resident_id].append(wish)
    loves = {
        (resident, activity)
        for resident, each in wishes.items()
        for activity, wish in holding_wishes(each).items()
        if wish.strength >= LOVED
    }
    return tuple(each for each in found if (each.resident_id, each.activity_id) in loves)


def _answers(
    db: DbSession, community_id: str, first: date, last: date, of: Collection[str] | None
) -> dict[tuple[str, str], list[tuple[date, str]]]:
    """(resident, activity) to the outcomes that hold, in the order of their days; only where two noes were tapped."""
    among = (
        Attendance.community_id == community_id,
        Attendance.on_date.between(first, last),
        *([] if of is None else [Attendance.resident_id.in_(of)]),
    )
    held = (
        select(PublishedSession.ref, func.max(PublishedSession.activity_id).label("activity_id"))
        .where(PublishedSession.community_id == community_id, PublishedSession.on_date.between(first, last))
        .group_by(PublishedSession.ref)
        .cte("held")
    )
    twice = (
        select(Attendance.resident_id, held.c.activity_id)
        .join(held, held.c.ref == Attendance.session_ref)
        .where(*among, Attendance.outcome == "declined")
        .group_by(Attendance.resident_id, held.c.activity_id)
        .having(func.count() > 1)
        .cte("twice")
    )
    rows = db.execute(
        select(
            held.c.activity_id,
            Attendance.session_ref,
            Attendance.resident_id,
            Attendance.on_date,
            Attendance.outcome,
            Attendance.number,
            Attendance.takes_back,
            Attendance.tapped_at,
        )
        .join(held, held.c.ref == Attendance.session_ref)
        .join(twice, and_(twice.c.resident_id == Attendance.resident_id, twice.c.activity_id == held.c.activity_id))
        .where(*among)
    )
    taps = defaultdict(list)
    for row in rows:
        taps[row.resident_id, row.activity_id, row.session_ref].append(row)
    answers: dict[tuple[str, str], list[tuple[date, str]]] = defaultdict(list)
    for (who, activity, _ref), each in taps.items():
        left = standing(each)
        if left and left[-1].outcome is not None:
            answers[who, activity].append((left[-1].on_date, left[-1].outcome))
    return {pair: sorted(said) for pair, said in answers.items()}


def _wished(db: DbSession, community_id: str, of: Collection[str]) -> dict[tuple[str, str], date]:
    """When some residents last said that they like an activity, whether in their wishes or with one tap."""
    said = db.execute(
        select(Wish.resident_id, Wish.activity_id, Wish.said_on.label("day")).where(
            Wish.community_id == community_id,
            Wish.resident_id.in_(of),
            Wish.strength > 0,
            Wish.said_on.is_not(None),
        )
    ).all()
    tapped = db.execute(
        select(WishedAgain.resident_id, WishedAgain.activity_id, WishedAgain.on_date.label("day")).where(
            WishedAgain.community_id == community_id, WishedAgain.resident_id.in_(of)
        )
    ).all()
    newest: dict[tuple[str, str], date] = {}
    for row in (*said, *tapped):
        pair = (row.resident_id, row.activity_id)
        newest[pair] = max(newest.get(pair, date.min), row.day)
    return newest


def _names(db: DbSession, community_id: str) -> dict[str, str]:
    rows = db.execute(select(Activity.id, Activity.name).where(Activity.community_id == community_id))
    return {row.id: row.name for row in rows}
