"""What people tell of who is close to whom and who strains whom: noted, changed, asked again, ended.

Ties are private: what is kept of them is read by who plans, and by the team where its author allowed that. Each step is
a line in the journal. Two who are to be kept apart are a right: that holds at once, on every published page
(`milieu.services.facts.telling`).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, or_, select

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import Account, Resident, Tie, kind_of
from milieu.models.ties import CLOSE, HOPED, STRAINED
from milieu.queries.facts.kinds import APART as APART_NOUN
from milieu.queries.facts.kinds import TAKEN_BACK
from milieu.queries.residents.stays import stays_of
from milieu.services.facts.telling import tell_apart
from milieu.services.journal import write_down
from milieu.services.teller import Teller

NOUN = "tie"
APART = "apart"
KINDS = (*CLOSE, *STRAINED)
NAMED_BY = ("", "both", "one")
VISIBILITIES = ("team", "director")
ASKED_AGAIN = timedelta(days=90)
"""After so long somebody is asked whether two are still uneasy with each other, or to be kept apart."""
STRENGTHS = {"friend": 3, "couple": 20, "relative": 4, "neighbour": 2, "shares": 2, "helps": 3, "uneasy": -3}
"""How much it weighs in the plan that two are in one group: a word for who plans, a number for the solver."""


@dataclass(frozen=True)
class Told:
    """What somebody tells of two people: `kind` of KINDS, `named_by` of NAMED_BY, `visibility` of VISIBILITIES."""

    kind: str
    named_by: str = ""
    visibility: str = "team"


def note_tie(
    db: DbSession,
    teller: Teller,
    one_id: str,
    other_id: str,
    told: Told,
    *,
    until: date | None = None,
    source: str = "told",
) -> str:
    """Note a tie from today on; its id. `until` is its last day, None until further notice;
    `source` is "suggested" where somebody confirmed a suggestion.

    Of two who are kept apart the first stays invited where both are. What was only hoped for between the two ends.
    Raises Invalid; Conflict where it is noted already.
    """
    _check(told)
    today = teller.today(db)
    lives_here(db, teller, one_id, at="one")
    lives_here(db, teller, other_id, at="other")
    if one_id == other_id:
        raise Invalid("Please choose two people.", at="other")
    if until is not None and until < today:
        raise Invalid("That day is over.", at="until")
    first, second = sorted((one_id, other_id))
    if any(_kind(row) == told.kind for row in _between(db, teller, first, second, today)):
        raise Conflict("This is noted already.", at="kind")
    if told.kind in CLOSE:
        db.execute(delete(Tie).where(Tie.id.in_([row.id for row in _hopes(db, teller, first, second)])))
    asks_on = today + ASKED_AGAIN if told.kind in STRAINED else None
    if told.kind == APART:
        row = db.get_one(Tie, (teller.community_id, tell_apart(db, teller, one_id, other_id, until=until)))
        row.kind, row.visibility, row.asks_on = APART, told.visibility, asks_on
        db.flush()
        return row.id
    row = Tie(
        community_id=teller.community_id,
        resident_id=first,
        other_id=second,
        kind=told.kind,
        named_by=told.named_by,
        strength=STRENGTHS[told.kind],
        author=author_of(db, teller),
        source=source,
        noted_on=today,
        expires_on=until,
        asks_on=asks_on,
        visibility=told.visibility,
    )
    db.add(row)
    db.flush()
    write_down(db, teller, "told", NOUN, row.id, after={**_about(row), "kind": told.kind})
    return row.id


def change_tie(db: DbSession, teller: Teller, tie_id: str, version: int, told: Told) -> None:
    """Change what is noted of a tie; `version` is the one that was seen. A tie never becomes one of being kept apart.

    Raises NotFound, Invalid; Conflict where somebody changed it meanwhile.
    """
    _check(told)
    row = _standing(db, teller, tie_id, version)
    was = _kind(row)
    if (was == APART) != (told.kind == APART):
        raise Invalid("Being kept apart is noted and ended, not changed.", at="kind")
    before = {"kind": was, "named_by": row.named_by, "visibility": row.visibility}
    asks_on = teller.today(db) + ASKED_AGAIN if told.kind in STRAINED else None
    if told.kind != was:
        row.strength, row.asks_on = STRENGTHS[told.kind], asks_on
    row.kind, row.named_by, row.visibility = told.kind, told.named_by, told.visibility
    db.flush()
    after = {"kind": told.kind, "named_by": told.named_by, "visibility": told.visibility}
    changed = {name: value for name, value in after.items() if before[name] != value}
    if changed:
        about = {**_about(row), **changed}
        write_down(db, teller, "changed", NOUN, row.id, before={name: before[name] for name in changed}, after=about)


def still_holds(db: DbSession, teller: Teller, tie_id: str, version: int) -> None:
    """Answer that a tie of which was asked still holds: it is asked again in 90 days. Raises NotFound, Conflict."""
    row = _standing(db, teller, tie_id, version)
    before = row.asks_on
    row.asks_on = teller.today(db) + ASKED_AGAIN
    db.flush()
    was = {"asks_on": before.isoformat()} if before else None
    about = {**_about(row), "asks_on": row.asks_on.isoformat()}
    write_down(db, teller, "confirmed", NOUN, row.id, before=was, after=about)


def end_tie(db: DbSession, teller: Teller, tie_id: str, version: int) -> bool:
    """Let a tie hold no longer, from today on; whether it was a slip of today, and is as if it had never been noted.

    Raises NotFound, Conflict.
    """
    row = _standing(db, teller, tie_id, version)
    today, kind = teller.today(db), _kind(row)
    before = {**_about(row), "kind": kind}
    noun, verb = (APART_NOUN, TAKEN_BACK) if kind == APART else (NOUN, "took back")
    is_slip = row.noted_on == today
    if is_slip:
        db.delete(row)
        db.flush()
        write_down(db, teller, verb, noun, row.id, before=before)
        return True
    row.expires_on, row.asks_on = today - timedelta(days=1), None
    db.flush()
    write_down(db, teller, "ended", NOUN, row.id, before=before)
    return False


def lives_here(db: DbSession, teller: Teller, resident_id: str, *, at: str = "") -> Resident:
    """Somebody who lives here, or comes to. Raises Invalid."""
    row = db.get(Resident, (teller.community_id, resident_id)) if resident_id else None
    stays = stays_of(db, teller.community_id).get(resident_id)
    if row is None or stays is None or stays.is_over(teller.today(db)):
        raise Invalid("Please choose somebody who lives here.", at=at)
    return row


def author_of(db: DbSession, teller: Teller) -> str:
    """The name of who tells it, "" for the clock."""
    account = db.get(Account, teller.by) if teller.by else None
    return account.name if account else ""


def _check(told: Told) -> None:
    if told.kind not in KINDS:
        raise Invalid("Please say what it is.", at="kind")
    if told.named_by not in NAMED_BY or told.visibility not in VISIBILITIES:
        raise Invalid("Please choose one of what is offered.", at="seen_by")


def _standing(db: DbSession, teller: Teller, tie_id: str, version: int) -> Tie:
    """A tie that holds, as it was seen."""
    row = db.get(Tie, (teller.community_id, tie_id), with_for_update=True, populate_existing=True)
    if row is None or row.kind in HOPED or (row.expires_on is not None and row.expires_on < teller.today(db)):
        raise NotFound("There is no such tie.")
    if row.version != version:
        raise Conflict("Somebody changed this meanwhile. Please look at it again.")
    return row


def _between(db: DbSession, teller: Teller, first: str, second: str, today: date) -> list[Tie]:
    """The ties of a pair that hold."""
    return list(
        db.scalars(
            select(Tie).where(
                Tie.community_id == teller.community_id,
                Tie.resident_id == first,
                Tie.other_id == second,
                or_(Tie.expires_on.is_(None), Tie.expires_on >= today),
            )
        )
    )


def _hopes(db: DbSession, teller: Teller, first: str, second: str) -> list[Tie]:
    return [row for row in _between(db, teller, first, second, teller.today(db)) if row.kind in HOPED]


def _kind(row: Tie) -> str:
    return kind_of(row.kind, row.is_apart, row.strength)


def _about(row: Tie) -> dict[str, str]:
    return {"resident_id": row.resident_id, "other_id": row.other_id}
