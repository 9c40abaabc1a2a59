"""Why somebody is invited, as data: made once with the schedule, turned into words where it is read.

The solver says why (`solver.explaining.why`), in the finer codes of `python -m solver why`. What of that is kept with
an invitation and told on pages are the codes below. A reason never names another resident.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from solver.model.reasons import Audience
from solver.model.wording import audiences

MADE_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "care_plan": ("why_required",),  # their care plan asks for it; amount = times a week
        # they like it; amount = strength, 2..5; said_by = whose word that is
        "wish": ("why_likes", "why_only_liked", "why_turn"),
        "aim": ("why_aim",),  # it serves an aim of theirs; domain; amount = sessions of it a week that are aimed at
        "company": ("why_knows", "why_warm", "why_warms"),  # somebody they like comes too; amount = how many
        "familiar": ("why_familiar",),  # somebody leads whom they know
        "time": ("why_time",),  # it is the one part of the day they like best; amount = how much, 2
        # it serves an aim of their living group; domain ("" = any); amount as of an aim
        "group_aim": ("why_group_aim", "why_offer"),
        "fair": ("why_little", "why_wish"),  # they are invited to little else; amount = to how many other things in all
        "kept": ("why_published",),  # they were already invited
        "needed": ("why_needed",),  # the group needs its least number of people to be held; amount = that number
        "open": ("why_free",),  # there is a free place and nothing speaks against it
    }
)
"""Code -> what the solver calls it. The first makes the reason and decides who may be told; what the others earn in the
score counts for it too."""
OWN: Mapping[str, Audience] = MappingProxyType(
    {
        "birthday": "anybody",  # it celebrates the birthdays of its week, of which theirs is one
        "new": "anybody",  # they have just come, and it is a small group
    }
)
"""What the solver does not know: code -> who may be told."""
CODES = (*MADE_OF, *OWN)
LIKED, LOVED, FAVOURITE = 2, 4, 2
"""From which strength on somebody likes an activity or loves it, and at which a part of the day is their favourite."""


def audience_of(code: str) -> Audience:
    """Who may be told of a reason: by the solver's own table what it is made of there."""
    return OWN[code] if code in OWN else audiences.audience_of(MADE_OF[code][0])


@dataclass(frozen=True)
class Reason:
    """`code` is one of `CODES`; `domain` is given for aims alone, `said_by` (as of a wish) for wishes."""

    code: str
    amount: int = 0
    domain: str | None = None
    said_by: str | None = None


def as_json(reasons: Iterable[Reason]) -> dict[str, Any]:
    """The form in which a place or an invitation keeps its reasons, weightiest first."""
    return {
        "reasons": [
            {"code": each.code, "amount": each.amount, "domain": each.domain}
            | ({"said_by": each.said_by} if each.said_by else {})
            for each in reasons
        ],
    }


def read_reasons(kept: Mapping[str, Any] | None) -> tuple[Reason, ...]:
    """What `as_json` made, weightiest first; codes that are no longer known are left out."""
    rows = (kept or {}).get("reasons", [])
    return tuple(
        Reason(row["code"], int(row.get("amount") or 0), row.get("domain"), row.get("said_by"))
        for row in rows
        if row.get("code") in CODES
    )
