"""Why somebody is invited, as data: made once with the schedule, turned into words where it is read.

A reason never names another resident. What hints at one (`company`) is for the team alone, never for a family.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CODES = (
    "care_plan",  # their care plan asks for it; amount = times a week
    "birthday",  # it celebrates the birthdays of its week, of which theirs is one
    "wish",  # they like it; amount = strength, 2..5; said_by = whose word that is
    "aim",  # it serves an aim of theirs; domain; amount = sessions of it a week that are aimed at
    "company",  # somebody they like to be with comes too; amount = how many; for the team alone
    "familiar",  # somebody leads whom they know
    "time",  # it is the one part of the day they like best; amount = how much, 2
    "group_aim",  # it serves an aim of their living group; domain ("" = any); amount = sessions a week aimed at
    "fair",  # they are invited to little else this week; amount = to how many other things in all
    "kept",  # they were already invited
    "needed",  # the group needs its least number of people to be held; amount = that number
    "open",  # there is a free place and nothing speaks against it
)
TEAM_ONLY = frozenset({"company", "needed"})
LIKED, LOVED, FAVOURITE = 2, 4, 2
"""From which strength on somebody likes an activity or loves it, and at which a part of the day is their favourite."""


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
