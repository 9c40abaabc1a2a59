"""Why somebody is invited, as data: made once with the schedule, turned into words where it is read.

A reason never names another resident. What hints at one (`company`) is for the team alone, never for a family.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CODES = (
    "care_plan",  # their care plan asks for it; amount = times a week
    "wish",  # they like it; amount = strength, 1..5
    "aim",  # it serves an aim of theirs; domain; amount = sessions of it a week that are aimed at
    "company",  # somebody they like to be with comes too; amount = how many; for the team alone
    "familiar",  # somebody leads whom they know
    "time",  # it is the part of the day they like; amount = how much, 1..2
    "group_aim",  # it serves an aim of their living group; domain ("" = any); amount = sessions a week aimed at
    "fair",  # they are invited to little else this week; amount = to how many others
    "kept",  # they were already invited
    "needed",  # the group needs its least number of people to be held; amount = that number
    "open",  # there is a free place and nothing speaks against it
)
TEAM_ONLY = frozenset({"company", "needed"})


@dataclass(frozen=True)
class Reason:
    """`code` is one of `CODES`; `domain` is given for aims alone."""

    code: str
    amount: int = 0
    domain: str | None = None


def as_json(reasons: Iterable[Reason]) -> dict[str, Any]:
    """The form in which a place or an invitation keeps its reasons, weightiest first."""
    return {
        "reasons": [{"code": each.code, "amount": each.amount, "domain": each.domain} for each in reasons],
    }


def read_reasons(kept: Mapping[str, Any] | None) -> tuple[Reason, ...]:
    """What `as_json` made, weightiest first; codes that are no longer known are left out."""
    rows = (kept or {}).get("reasons", [])
    return tuple(
        Reason(row["code"], int(row.get("amount") or 0), row.get("domain")) for row in rows if row.get("code") in CODES
    )
