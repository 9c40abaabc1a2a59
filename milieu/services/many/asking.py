"""What is to hold for many residents: read from a form once, then said of each of them as its own form would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from milieu.abilities import ABILITIES
from milieu.database import DbSession
from milieu.imports.tables import cells, people
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused, Typed, read_part
from milieu.services.residents.parts import NEEDS, OWNER, WISHES
from milieu.services.teller import Teller

WISH, BUSY, NEED = "wish", "busy", "need"
KINDS = (WISH, BUSY, NEED)
TAKEN = Part("busy", people.BUSY, ("kind", "days", "from", "to", "valid_from", "valid_until"), OWNER)
PARTS = {WISH: WISHES, BUSY: TAKEN}
"""The form of a wish and of a busy time is that of one resident."""
MINUTES, INSTEAD = "minutes", "instead"
"""Beside the form of a busy time: how long each of them takes where they go in turn, and whether it takes the place of
what they have of the kind."""
CANNOT = "cannot"
NEED_FIELD = "need"


@dataclass(frozen=True)
class Asked:
    """`typed` is what the form of `kind` holds; of a need one field alone, `need`, as "wheelchair=yes"."""

    kind: str
    typed: Typed
    minutes: int = 0
    is_instead: bool = False


def needs() -> tuple[str, ...]:
    """What can be chosen as a need, in the order of its form."""
    found: list[str] = []
    for column in NEEDS.columns:
        if column.name == CANNOT:
            found += [f"{CANNOT}={each}:{value}" for each in ABILITIES for value in ("yes", "no")]
        elif column.read is cells.yes_no:
            found += [f"{column.name}={value}" for value in ("yes", "no")]
        else:
            found += [f"{column.name}={value}" for value in range(4)]
    return tuple(found)


def read_asked(db: DbSession, teller: Teller, kind: str, form: Typed) -> Asked:
    """What a form asks for, with nothing said of anybody yet; a busy time begins today where no day is written.

    Raises Refused, at each field that is wrong.
    """
    if kind == NEED:
        if form.get(NEED_FIELD) not in needs():
            raise Refused({NEED_FIELD: "Please choose one of the list."})
        return Asked(NEED, {NEED_FIELD: form[NEED_FIELD]})
    minutes = _minutes(form.get(MINUTES, "")) if kind == BUSY else 0
    rows = read_part(db, teller, PARTS[kind], form, owner_id="")
    if minutes:
        slots_of(rows, minutes)
    typed = (
        {**form, "valid_from": form.get("valid_from") or teller.today(db).isoformat()} if kind == BUSY else dict(form)
    )
    return Asked(kind, typed, minutes, kind == BUSY and form.get(INSTEAD) == "yes")


def in_turn(db: DbSession, teller: Teller, asked: Asked, residents: Sequence[str]) -> Mapping[str, Typed]:
    """What the form of each resident holds: the same, or in their order a time of their own.

    Raises Refused where there are more people than times.
    """
    if not asked.minutes:
        return dict.fromkeys(residents, asked.typed)
    slots = slots_of(read_part(db, teller, TAKEN, asked.typed, owner_id=""), asked.minutes)
    if len(slots) < len(residents):
        raise Refused(
            {
                MINUTES: f"There are {len(slots)} times for {len(residents)} people: "
                "take more days, more hours or fewer minutes each."
            }
        )
    return {
        who: {**asked.typed, "days": day, "from": _clock(start), "to": _clock(start + asked.minutes)}
        for who, (day, start) in zip(residents, slots, strict=False)
    }


def slots_of(rows: Sequence[Mapping[str, object]], minutes: int) -> list[tuple[str, int]]:
    """Day and minute of each time that lies within the rows of a week, one after another.

    Raises Refused where nobody finds a place, or where no day of the week is named.
    """
    found = []
    for row in sorted(rows, key=lambda row: (row["weekday"] is None, row["weekday"] or 0)):
        if not isinstance(row["weekday"], int):
            raise Refused({"days": "Please tick the days on which they take turns."})
        first, last = int(str(row["start_minute"])), int(str(row["end_minute"]))
        found += [(cells.WEEKDAYS[row["weekday"]], at) for at in range(first, last - minutes + 1, minutes)]
    if not found:
        raise Refused({MINUTES: "Nobody finds a place: the time is shorter than this."})
    return found


def begins_on(asked: Asked) -> date:
    """From when a busy time holds."""
    return date.fromisoformat(asked.typed["valid_from"])


def _minutes(text: str) -> int:
    """How long each of them takes; 0 where all are taken up at once."""
    text = text.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 5 <= int(text) <= 240):
        raise Refused({MINUTES: "Please write a number of minutes from 5 to 240, or nothing."})
    return int(text)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
