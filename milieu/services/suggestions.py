"""What is answered to suggestions, and the wish that the next plans bring together who do not know each other yet."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.errors import Invalid, NotFound
from milieu.models import Resident, SuggestionAnswer, Tie
from milieu.queries.ties.answers import ANSWERS, MEET, SUGGESTIONS, YES
from milieu.services.journal import write_down
from milieu.services.teller import Teller
from milieu.services.ties import author_of, lives_here

HOPE_NOUN, ANSWER_NOUN = "hope", "suggestion"
HOPED_FOR = timedelta(weeks=8)
HOPE_STRENGTH, HOPE_CAP = 2, 1
"""Two who might get on: as much as a weak liking, and one group a week of it."""
MOST_HOPED = 3


def hope_to_meet(db: DbSession, teller: Teller, resident_id: str, others: Collection[str]) -> tuple[str, ...]:
    """Ask the next plans to bring somebody together with up to three others, for eight weeks; the ids of the ties.

    It is a gentle tie of source "suggested", seen by the director alone: it makes a group that both come to worth a
    little more, once a week, and nothing else. Who has any tie already is left as they are. Raises Invalid, NotFound.
    """
    today = teller.today(db)
    chosen = dict.fromkeys(others)
    if not 0 < len(chosen) <= MOST_HOPED or resident_id in chosen:
        raise Invalid("Please choose one to three others.")
    for who in (resident_id, *chosen):
        lives_here(db, teller, who)
    made = []
    for other in chosen:
        first, second = sorted((resident_id, other))
        if _has_any(db, teller, first, second):
            continue
        row = Tie(
            community_id=teller.community_id,
            resident_id=first,
            other_id=second,
            kind=MEET,
            strength=HOPE_STRENGTH,
            cap=HOPE_CAP,
            author=author_of(db, teller),
            source="suggested",
            noted_on=today,
            expires_on=today + HOPED_FOR,
            visibility="director",
        )
        db.add(row)
        db.flush()
        made.append(row.id)
        about = {"resident_id": first, "other_id": second, "kind": MEET}
        write_down(db, teller, "told", HOPE_NOUN, row.id, after=about)
    answer(db, teller, MEET, YES, resident_id)
    return tuple(made)


def hope_no_more(db: DbSession, teller: Teller, resident_id: str) -> int:
    """Ask the next plans no longer to bring somebody together with others; how many ties that ended.

    Raises NotFound where the community knows nobody of this id.
    """
    if db.get(Resident, (teller.community_id, resident_id)) is None:
        raise NotFound("There is no such person.")
    rows = db.scalars(
        select(Tie).where(
            Tie.community_id == teller.community_id,
            Tie.kind == MEET,
            or_(Tie.resident_id == resident_id, Tie.other_id == resident_id),
        )
    ).all()
    for row in rows:
        about = {"resident_id": row.resident_id, "other_id": row.other_id, "kind": MEET}
        write_down(db, teller, "took back", HOPE_NOUN, row.id, before=about)
        db.delete(row)
    db.flush()
    return len(rows)


def answer(
    db: DbSession,
    teller: Teller,
    kind: str,
    said: str,
    resident_id: str,
    *,
    other_id: str | None = None,
    activity_id: str | None = None,
) -> None:
    """Keep what was answered to a suggestion; the newest answer holds. Raises Invalid, NotFound."""
    if kind not in SUGGESTIONS or said not in ANSWERS:
        raise Invalid("This answer is none that was asked for.")
    for who in filter(None, (resident_id, other_id)):
        if db.get(Resident, (teller.community_id, who)) is None:
            raise NotFound("There is no such resident.")
    about = {"resident_id": resident_id, "other_id": other_id, "activity_id": activity_id}
    row = SuggestionAnswer(
        community_id=teller.community_id,
        kind=kind,
        answer=said,
        answered_on=teller.today(db),
        answered_by=teller.by,
        **about,
    )
    db.add(row)
    db.flush()
    after = {"kind": kind, "answer": said, **{name: value for name, value in about.items() if value}}
    write_down(db, teller, "answered", ANSWER_NOUN, row.id, after=after)


def _has_any(db: DbSession, teller: Teller, first: str, second: str) -> bool:
    """Whether the pair has a tie that holds, of whatever kind."""
    today = teller.today(db)
    found = select(Tie.id).where(
        Tie.community_id == teller.community_id,
        Tie.resident_id == first,
        Tie.other_id == second,
        or_(Tie.expires_on.is_(None), Tie.expires_on >= today),
    )
    return db.scalar(found.limit(1)) is not None
