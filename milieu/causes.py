"""Which fact is behind a change of what was published, as data: kept with the publication, put into words where read.

Everything is kept, for whoever plans. The floor is told what it works with (`TEAM`); a family that a room is closed, of
the weather, that somebody of the staff is away, or that it makes way (`FAMILY`), never of health, a no, or another
resident.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

NOT_HELD, SPACE, WEATHER, STAFF, OUTBREAK, LEFT, REFUSAL, BUSY, LIMIT, APART, MADE_WAY, LEFT_OUT, RULE, HANDS = (
    KINDS
) = (
    "not held",  # the floor has said that it cannot be held
    "space",  # its space is closed then, or there no more; `detail` is the kind of the closure
    "weather",  # its space is closed because of the weather
    "staff",  # who leads it is away, off duty or there no more
    "outbreak",  # a living group meets nobody from outside it
    "left",  # a resident does not live here on that day
    "refusal",  # a resident has said no
    "busy",  # a resident is taken up then; `detail` says by what, as `ResidentBusy.kind`
    "limit",  # a resident is kept from it by a charted limit
    "apart",  # two residents are not to meet
    "made way",  # another session that a fact has changed takes its place or people; `detail` is that one's ref
    "left out",  # somebody can come who would be invited to nothing else, or has lost what they were told of
    "rule",  # it breaks another rule; `detail` is the reason's code
    "hands",  # more people have to be brought at once than there are helpers while hands are short
)
FAMILY = frozenset({SPACE, WEATHER, STAFF, MADE_WAY})
TEAM = FAMILY | {NOT_HELD, OUTBREAK, LEFT, REFUSAL, BUSY, HANDS}
CLOSURE_KINDS = ("weather", "repairs", "booked", "outbreak", "other")
OTHER = "other"


@dataclass(frozen=True)
class Cause:
    """`id` is the space's, the facilitator's or the living group's, else ""; `people` are the residents it is about.

    `said` is the whole sentence as a director read it when the change was made. `name` is filled in when it is read.
    """

    kind: str
    id: str = ""
    name: str = ""
    people: tuple[str, ...] = ()
    detail: str = ""
    said: str = ""


def of_closure(kind: str, space_id: str, name: str = "") -> Cause:
    """That a space is closed, by the kind of its closure."""
    return Cause(WEATHER if kind == CLOSURE_KINDS[0] else SPACE, space_id, name, detail=kind)


def for_family(causes: Iterable[Cause], space: str = "") -> Cause | None:
    """The weightiest of them that a family may be told, without the name of who is away; `space` is where it was."""
    told = sorted((each for each in causes if each.kind in FAMILY), key=lambda each: KINDS.index(each.kind))
    if not told:
        return None
    first = told[0]
    if first.kind in (STAFF, MADE_WAY):
        return Cause(first.kind)
    return Cause(first.kind, first.id, first.name or space)


def for_team(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Those that the floor may be told, weightiest first: nothing of who is kept from what or from whom."""
    told = (replace(each, said="") for each in causes if each.kind in TEAM)
    return tuple(dict.fromkeys(sorted(told, key=lambda each: KINDS.index(each.kind))))


def as_json(causes: Iterable[Cause]) -> dict[str, Any]:
    """The form in which a publication keeps the causes of a change."""
    return {
        "causes": [
            {
                "kind": each.kind,
                "id": each.id,
                "people": list(each.people),
                "detail": each.detail,
                "said": each.said,
            }
            for each in causes
        ]
    }


def read_causes(kept: Mapping[str, Any] | None, names: Mapping[str, str]) -> tuple[Cause, ...]:
    """What `as_json` made, with names by id; kinds that are no longer known are left out."""
    rows = (kept or {}).get("causes", [])
    return tuple(
        Cause(
            row["kind"],
            row.get("id", ""),
            names.get(row.get("id", ""), ""),
            tuple(row.get("people", ())),
            row.get("detail", ""),
            row.get("said", ""),
        )
        for row in rows
        if row.get("kind") in KINDS
    )
