"""Who may be told of a reason: the one table that the command line, Milieu's reasons and its pages go by.

**anybody**: what a resident likes and refuses, whom of the team they know, what keeps them away themselves. **care**:
what only somebody who may read their care plan learns. The **team** alone: what names another resident or hints at one
("somebody she knows comes too" does), and how the week was shared out among all. A code that stands nowhere is for the
team.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from solver.model.reasons import Audience, Reason, Weighed
from solver.model.terms import TERMS

_ANYBODY = (
    "why_familiar",
    "no_place",
    "no_hands",
    "busy",
    "loud",
    "loud_then",
    "refuses_activity",
    "refuses_space",
    "refuses_facilitator",
    "only",
    "no_wish",
    "resident_taken",
    "activity_twice",
    "too_soon",
    "resident_day",
    "resident_all",
    "past_new",
    "past_lost",
)
_CARE = ("why_required", "avoids_activity", "avoids_space", "avoids_facilitator", "required")
AUDIENCES: Mapping[str, Audience] = MappingProxyType(
    {code: term.audience for term in TERMS for code in term.codes}
    | dict.fromkeys(_ANYBODY, "anybody")
    | dict.fromkeys(_CARE, "care")
)
_FULL = {  # others are there, or are helped: so much is true
    **dict.fromkeys(("seats", "wheelchairs", "group_large"), "no_place"),
    **dict.fromkeys(("support", "escorts"), "no_hands"),
}


def audience_of(code: str) -> Audience:
    return AUDIENCES.get(code, "team")


def for_family(reasons: Iterable[Weighed], may_read_care: bool = False) -> tuple[Weighed, ...]:
    """Those that neither name nor hint at another resident, in their order.

    That a session is full, or that nobody is free to help, is told without a word of who is in it. Amounts stay behind
    where others have a part in them. Care-plan matters are told only where the reader may know them.
    """
    told: dict[Weighed, None] = {}
    for each in reasons:
        audience = audience_of(each.code)
        if each.code in _FULL:
            facts = dict(each.reason.facts)
            known = (("session", facts["session"]),) if "session" in facts else ()
            told[Weighed(Reason(_FULL[each.code], known))] = None
        elif audience == "anybody" or (may_read_care and audience == "care"):
            told[each] = None
    return tuple(told)
