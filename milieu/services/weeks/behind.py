"""What is behind each change of a week: the facts that stand against a session, and what followed from those.

A change that no fact asked for by itself spares somebody being left out, or makes way for one that a fact did ask for,
or for one that has something of this behind it itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from milieu.causes import LEFT_OUT, MADE_WAY, Cause
from milieu.services.weeks.changes import Changes, PersonChange, SessionChange, Told

LOST = ("cancelled", "withdrawn")
CLOSE = 30
"""Minutes that two sessions may lie apart and still be in each other's way: a pause, the way to the other, rest."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def with_what_followed(changes: Changes, told_before: frozenset[str]) -> Changes:
    """The changes, each with what is behind it; `told_before` are the residents who were invited to anything.

    Those that facts stand against keep these alone.
    """
    lost = {each.resident_id for each in changes.people if each.kind in LOST}
    behind = {each.ref: each.because for each in changes.sessions if each.because}
    asked_for = [each for each in changes.sessions if each.because]
    found = {
        each.ref: (*_spared(each, told_before, lost), *_made_way(each, asked_for))
        for each in changes.sessions
        if not each.because
    }
    while new := {ref: causes for ref, causes in found.items() if causes}:
        behind |= new
        moved = [each for each in changes.sessions if each.ref in new and _is_elsewhere(each)]
        found = {each.ref: tuple(_made_way(each, moved)) for each in changes.sessions if each.ref not in behind}
    return replace(
        changes, sessions=tuple(replace(each, because=behind.get(each.ref, ())) for each in changes.sessions)
    )


def _spared(change: SessionChange, told_before: frozenset[str], lost: set[str]) -> Iterator[Cause]:
    """Whom it spares being left out."""
    spared = tuple(each for each in change.asked if each in lost or each not in told_before)
    if spared:
        yield Cause(LEFT_OUT, people=spared, said="Somebody can come who would have been left out.")


def _made_way(change: SessionChange, others: Iterable[SessionChange]) -> Iterator[Cause]:
    """Those of the others that it makes way for."""
    for other in others:
        if change.before and other.after and _stands_in(other.after, change.before, other, change):
            yield Cause(MADE_WAY, detail=other.ref, said=f"It makes way for {_named(other.after)}.")


def _is_elsewhere(change: SessionChange) -> bool:
    """Whether a session takes up a time, a space or a team that it did not before; other guests take nothing up."""
    return change.kind in ("moved", "relocated", "new") or change.has_other_leaders


def _stands_in(new: Told, old: Told, by: SessionChange, of: SessionChange) -> bool:
    """Whether a session as it is now would take space, leaders or people from another as it was, or leave no time; is
    what somebody was newly asked to instead, in whatever part of the week; or is on that day what somebody has or leads
    instead, who may not do both.
    """
    if set(of.left) & set(by.asked):
        return True
    if new.on_date != old.on_date:
        return False
    was_there = by.before is not None and by.before.on_date == new.on_date
    has_instead = not was_there and bool(set(of.left) & (by.residents - set(by.left)))
    leads_instead = set(new.leaders) - set(by.before.leaders if by.before and was_there else ())
    if has_instead or leads_instead & (set(old.leaders) - set(of.after.leaders if of.after else ())):
        return True
    meets = new.start_minute < old.end_minute + CLOSE and old.start_minute < new.end_minute + CLOSE
    leaders = set(new.leaders) & set(old.leaders)
    return meets and (new.space == old.space or bool(leaders) or bool(by.residents & of.residents))


def _named(told: Told) -> str:
    hour, minute = divmod(told.start_minute, 60)
    return f"{told.title} on {_DAYS[told.on_date.weekday()]} at {hour:02}:{minute:02}"


def by_person(changes: Changes) -> list[dict[str, Any]]:
    """For each thing that is no longer as a resident was told, what is behind it, as a publication keeps it."""
    because = {each.ref: each.because for each in changes.sessions}
    return [
        {"kind": each.kind, "session": each.shown.ref, "resident": each.resident_id, "because": kinds}
        for each in changes.people
        if each.kind != "new" and (kinds := _kinds(each, because))
    ]


def _kinds(change: PersonChange, because: Mapping[str, tuple[Cause, ...]]) -> list[str]:
    return list(dict.fromkeys(each.kind for each in because.get(change.shown.ref, ())))
