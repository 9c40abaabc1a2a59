"""What it would do for each of many residents to hold something: what is new, what it changes, what it meets."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.imports.tables.description import UNTIL
from milieu.models import Refusal, Resident, ResidentBusy, Wish
from milieu.queries.published.days import Slot, invitations_of, published_days
from milieu.queries.residents.wishes import holding_wishes
from milieu.reasons import LOVED
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Typed, read_part
from milieu.services.editing.saving import texts
from milieu.services.many.asking import BUSY, CANNOT, NEED_FIELD, TAKEN, WISH, Asked, begins_on, in_turn
from milieu.services.residents.parts import NEEDS, WISHES
from milieu.services.teller import Teller

NEW, CHANGED, SAME, SAID_NO = "new", "changed", "same", "said no"
"""A row more, another value, nothing, and nothing because they said no to it themselves."""
AHEAD = timedelta(weeks=2)


@dataclass(frozen=True)
class Meeting:
    """A published invitation that a busy time meets; `is_loved`: to what they love."""

    on_date: date
    start_minute: int
    title: str
    is_loved: bool


@dataclass(frozen=True)
class Effect:
    """What it does for one resident. `typed` is what the form of `part` holds, `row_id` the row it changes.

    `held` is what holds now, as the fields of the form show it; `ends` are rows that give way; `louder` says that
    somebody else's word counts before this one, and how strong that is.
    """

    resident_id: str
    kind: str
    part: Part
    typed: Typed
    row_id: str = ""
    held: Sequence[Mapping[str, str]] = ()
    ends: Sequence[str] = ()
    louder: tuple[str, int] | None = None
    meets: Sequence[Meeting] = field(default=())


def effects(db: DbSession, teller: Teller, asked: Asked, residents: Sequence[str]) -> tuple[Effect, ...]:
    """What it does for these residents, who are in the order in which they take turns. Raises Refused."""
    if asked.kind == WISH:
        return tuple(_wishes(db, teller, asked, residents))
    return tuple(_busy(db, teller, asked, residents) if asked.kind == BUSY else _needs(db, teller, asked, residents))


def _wishes(db: DbSession, teller: Teller, asked: Asked, residents: Sequence[str]) -> list[Effect]:
    (wanted,) = read_part(db, teller, WISHES, asked.typed, owner_id="")
    activity, by = wanted["activity_id"], wanted["said_by"]
    wishes = _live(db, teller, Wish, residents, Wish.activity_id == activity)
    noes = _live(db, teller, Refusal, residents, Refusal.activity_id == activity)
    found = []
    for who in residents:
        own = next((wish for wish in wishes[who] if wish.said_by == by), None)
        counts = holding_wishes([wish for wish in wishes[who] if wish is not own]).get(activity)
        louder = _louder(counts, by)
        if noes[who]:
            found.append(Effect(who, SAID_NO, WISHES, asked.typed))
        elif own is None:
            found.append(Effect(who, NEW, WISHES, asked.typed, louder=louder))
        else:
            kind = SAME if own.strength == wanted["strength"] else CHANGED
            found.append(Effect(who, kind, WISHES, asked.typed, own.id, [texts(WISHES, own)], louder=louder))
    return found


def _louder(counts: Any, by: str) -> tuple[str, int] | None:
    """Whose word counts before that of `by`, of what others say."""
    if counts is None:
        return None
    mine = Wish(id="~", activity_id=counts.activity_id, said_by=by, said_on=date.max)
    first = holding_wishes([counts, mine])[counts.activity_id]
    return (counts.said_by, counts.strength) if first is counts else None


def _busy(db: DbSession, teller: Teller, asked: Asked, residents: Sequence[str]) -> list[Effect]:
    begins = max(begins_on(asked), teller.today(db))
    rows = _live(db, teller, ResidentBusy, residents)
    loves = _loved(db, teller, residents)
    days = published_days(db, teller.community_id, [begins + timedelta(number) for number in range(AHEAD.days)])
    invited = invitations_of(db, teller.community_id, residents, days)
    found = []
    for who, typed in in_turn(db, teller, asked, residents).items():
        wanted = read_part(db, teller, TAKEN, typed, owner_id=who)
        of_kind = [row for row in rows[who] if row.kind == wanted[0]["kind"] and row.on_date is None]
        same = [row for row in of_kind if any(_alike(row, each) for each in wanted)]
        ends = [row for row in of_kind if row not in same] if asked.is_instead else []
        slots = [slot for slot, _reasons in invited.get(who, ()) if any(_meets(slot, each) for each in wanted)]
        found.append(
            Effect(
                who,
                SAME if len(same) >= len(wanted) and not ends else CHANGED if ends else NEW,
                TAKEN,
                typed,
                held=[texts(TAKEN, row) for row in ends],
                ends=[row.id for row in ends],
                meets=[
                    Meeting(slot.on_date, slot.start_minute, slot.title, slot.activity_id in loves[who])
                    for slot in slots
                ],
            )
        )
    return found


def _alike(row: ResidentBusy, wanted: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == wanted[name] for name in ("weekday", "start_minute", "end_minute"))


def _meets(slot: Slot, wanted: Mapping[str, Any]) -> bool:
    first, last = wanted["valid_from"] or date.min, wanted["valid_until"] or date.max
    return (
        wanted["weekday"] in (None, slot.on_date.weekday())
        and first <= slot.on_date <= last
        and slot.start_minute < wanted["end_minute"]
        and wanted["start_minute"] < slot.end_minute
    )


def _needs(db: DbSession, teller: Teller, asked: Asked, residents: Sequence[str]) -> list[Effect]:
    name, _sign, value = asked.typed[NEED_FIELD].partition("=")
    part = Part(NEEDS.name, NEEDS.table, (name,))
    rows = db.scalars(select(Resident).where(Resident.community_id == teller.community_id, Resident.id.in_(residents)))
    by_id = {row.id: row for row in rows}
    found = []
    for who in residents:
        held = texts(part, by_id[who])
        typed = {name: _with(held[name], value) if name == CANNOT else value}
        kind = SAME if (typed[name] or "no") == (held[name] or "no") else CHANGED
        found.append(Effect(who, kind, part, typed, who, [held]))
    return found


def _with(held: str, value: str) -> str:
    """What somebody cannot, with or without one thing."""
    ability, _sign, is_so = value.partition(":")
    others = [each for each in held.split(";") if each and each != ability]
    kept = [each for each in held.split(";") if each]
    return ";".join([*kept, ability] if is_so == "yes" and ability not in kept else kept if is_so == "yes" else others)


def _live(db: DbSession, teller: Teller, model: Any, residents: Collection[str], *more: Any) -> dict[str, list[Any]]:
    """The rows of a table that belong to residents and are not over, by resident."""
    rows = db.scalars(
        select(model)
        .where(
            model.community_id == teller.community_id,
            model.resident_id.in_(residents),
            or_(model.valid_until.is_(None), model.valid_until > UNTIL.on(teller.today(db))),
            *more,
        )
        .order_by(model.id)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.resident_id].append(row)
    return found


def _loved(db: DbSession, teller: Teller, residents: Collection[str]) -> dict[str, set[str]]:
    wishes = _live(db, teller, Wish, residents)
    return defaultdict(
        set,
        {
            who: {activity for activity, wish in holding_wishes(each).items() if wish.strength >= LOVED}
            for who, each in wishes.items()
        },
    )
