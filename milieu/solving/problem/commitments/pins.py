"""What people fixed in a week, as far as it still speaks of things that are there."""

from collections.abc import Iterable

from milieu.models import Pin
from milieu.models.weeks.plans import MEANT_FOR
from milieu.solving.problem.commitments.demands import PIN_GONE, PIN_IMPOSSIBLE, Note
from milieu.solving.problem.programme.seating import Seating
from milieu.solving.problem.rows import Rows
from solver.documents import exchange


def make_pins(
    rows: Rows, facts: exchange.ProblemDocument, seating: Seating
) -> tuple[tuple[exchange.Pin, ...], tuple[Note, ...]]:
    """The pins of the week and notes of those that name somebody or something that has left it."""
    there = {row.id for rows in (facts.activities, facts.spaces, facts.facilitators, facts.residents) for row in rows}
    pins: list[exchange.Pin] = []
    notes: list[Note] = []
    for row in sorted(rows.pins, key=lambda row: (row.session_ref, row.kind, row.resident_id or "", row.id)):
        if not _names(row) <= there:
            notes.append(Note(PIN_GONE, resident=row.resident_id or "", session=row.session_ref))
            continue
        pin = _pin(row, seating)
        if isinstance(pin, exchange.SessionPin) and pin.session.begin % rows.slot:
            notes.append(Note(PIN_IMPOSSIBLE, activity=pin.session.activity, session=row.session_ref))
        else:
            pins.extend(each for each in (pin, *_meant_for(rows, row)) if each not in pins)
    return tuple(pins), tuple(notes)


def _meant_for(rows: Rows, row: Pin) -> Iterable[exchange.Pin]:
    """Of a session that is meant for some: who is named is asked, and nobody but them and who lives in their groups."""
    meant = (row.fixed or {}).get(MEANT_FOR)
    if meant is None:
        return
    for resident in rows.residents.values():
        if resident.id in meant["residents"]:
            yield exchange.AttendPin(attend=resident.id, session=row.session_ref)
        elif resident.living_group_id not in meant["groups"]:
            yield exchange.AbsentPin(absent=resident.id, session=row.session_ref)


def _names(row: Pin) -> set[str]:
    """Every id that a pin speaks of, but its session's."""
    fixed = row.fixed or {}
    one = {row.resident_id, fixed.get("activity"), fixed.get("space")}
    return {each for each in one if each} | set(fixed.get("facilitators", ())) | set(fixed.get("residents", ()))


def _pin(row: Pin, seating: Seating) -> exchange.Pin:
    if row.kind == "session":
        given = {key: value for key, value in (row.fixed or {}).items() if value is not None and key != MEANT_FOR}
        if "space" in given:
            given["space"] = seating.told(given["activity"], given["space"])
        return exchange.SessionPin(session=exchange.PinnedSession.model_validate({**given, "id": row.session_ref}))
    if row.kind == "attend":
        return exchange.AttendPin(attend=row.resident_id or "", session=row.session_ref)
    return exchange.AbsentPin(absent=row.resident_id or "", session=row.session_ref)
