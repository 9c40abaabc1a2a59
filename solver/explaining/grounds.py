"""The reasons for and against an invitation as data: a code, what it speaks of, its amount, and who may be told.

Three audiences: **anybody**, a resident or a family included; **care**, who may read the resident's care plan; and the
**team** alone, where a reason names another resident or hints at one ("somebody she knows comes too" does). A code that
is not listed here is for the team.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from solver.documents.fields import part_of_day
from solver.explaining.effects import Effect
from solver.explaining.ledger import Ledger
from solver.model.reading import Held
from solver.model.reasons import Breach, Fact, Reason

Audience: TypeAlias = Literal["anybody", "care", "team"]

_ANYBODY = frozenset(
    {
        "why_likes",
        "why_dislikes",
        "why_time",
        "why_other_time",
        "why_little",
        "why_wish",
        "why_only_liked",
        "why_familiar",
        "why_published",
        "why_happened",
        "why_walk",
        "why_free",
        "no_place",
        "busy",
        "loud",
        "loud_then",
        "refuses_activity",
        "refuses_space",
        "refuses_facilitator",
        "only",
        "resident_taken",
        "activity_twice",
        "resident_day",
        "resident_all",
        "past_new",
        "past_lost",
    }
)
_CARE = frozenset({"why_required", "why_aim", "avoids_activity", "avoids_space", "avoids_facilitator", "required"})
_NO_PLACE = frozenset(
    {"seats", "wheelchairs", "group_large", "support", "escorts"}
)  # others are there: so much is true
_SIGNED = {  # term -> the code of what speaks for an invitation, and of what speaks against it
    "interest": ("why_likes", "why_dislikes"),
    "time": ("why_time", "why_other_time"),
    "engagement": ("why_little", "why_little"),
    "shortfall": ("why_wish", "why_wish"),
    "left_out": ("why_only_liked", "why_only_liked"),
    "target": ("why_aim", "why_aim"),
    "group": ("why_group_aim", "why_group_aim"),
    "walk": ("why_walk", "why_walk"),
    "drop": ("why_published", "why_published"),
}


@dataclass(frozen=True)
class Ground:
    """One reason. `amount` is what it is worth in the score, 0 where it is none of the score's; `rule` the rule it is
    about, "" where it is none."""

    reason: Reason
    amount: int = 0
    rule: str = ""

    @property
    def code(self) -> str:
        return self.reason.code

    @property
    def audience(self) -> Audience:
        return audience_of(self.code)


def audience_of(code: str) -> Audience:
    """Who may be told of a reason."""
    return "anybody" if code in _ANYBODY else "care" if code in _CARE else "team"


def for_family(grounds: Iterable[Ground], may_read_care: bool = False) -> tuple[Ground, ...]:
    """Those that neither name nor hint at another resident, in their order.

    That a session is full is told without a word of who is in it. Amounts stay behind where others have a part in them.
    Care-plan matters are told only where the reader may know them.
    """
    told: dict[Ground, None] = {}
    for each in grounds:
        if each.code in _NO_PLACE:
            facts = dict(each.reason.facts)
            told[Ground(Reason("no_place", (("session", facts["session"]),) if "session" in facts else ()))] = None
        elif each.audience == "anybody" or (may_read_care and each.audience == "care"):
            told[each] = None
    return tuple(told)


def ground(code: str, amount: int = 0, rule: str = "", **facts: Fact) -> Ground:
    return Ground(Reason(code, tuple(facts.items())), amount, rule)


def of_breach(each: Breach) -> Ground:
    """A rule that stands in the way, with the facts that the rule states."""
    return Ground(each.reason, 0, each.rule)


def of_effects(effects: Iterable[Effect], name: str, one: Held, ledger: Ledger) -> tuple[Ground, ...]:
    """What speaks for the resident in the session (above 0) and against it, as effects of having them there.

    The amounts add up to the effects' sum. Weightiest first, what speaks for it before what speaks against it.
    """
    rows = list(effects)
    grounds = [*_own(rows, name, one, ledger), *_company(rows, name, one)]
    return tuple(sorted(grounds, key=lambda each: (-each.amount, each.code)))


def _own(rows: list[Effect], name: str, one: Held, ledger: Ledger) -> Iterator[Ground]:
    person = ledger.reading.residents[name]
    others = sum(each is not one for each in ledger.week[name])
    for each in rows:
        if each.term in ("tie", "warm"):
            continue
        facts: dict[str, Fact] = {"resident": name, "session": one.id}
        if each.term == "interest":
            facts |= {"activity": one.activity.id, "liking": person.interests.get(one.activity.id, 0)}
        elif each.term == "time":
            facts |= {"part": part_of_day(one.begin)}
        elif each.term == "engagement":
            facts |= {"sessions": others}
        elif each.term == "shortfall":
            facts |= {"least": person.sessions.min}
        elif each.term == "left_out":
            facts |= {"activity": one.activity.id}
        elif each.term == "target":
            facts |= {"domain": each.about.domain}
        elif each.term == "group":
            facts |= {"group": each.about.group, "domain": each.about.domain}
        elif each.term == "walk":
            facts |= {"space": one.space.id, "minutes": ledger.minutes_to(person, one)}
        code = _SIGNED[each.term][each.amount < 0] if each.term in _SIGNED else f"why_{each.term}"
        yield Ground(Reason(code, tuple(facts.items())), each.amount)


def _company(rows: list[Effect], name: str, one: Held) -> Iterator[Ground]:
    """Whom they know there: for the team alone."""
    for code, sign in (("why_knows", 1), ("why_tension", -1)):
        ties = [each for each in rows if each.term == "tie" and each.amount * sign > 0]
        others = tuple(other for each in ties for other in each.about.residents if other != name)
        if others:
            amount = sum(each.amount for each in ties)
            yield ground(code, amount, resident=name, session=one.id, others=others)
    for each in rows:
        if each.term == "warm" and each.about.residents == (name,):
            yield ground("why_warm", each.amount, resident=name, session=one.id)
        elif each.term == "warm":
            yield ground(
                "why_warms", each.amount, resident=name, session=one.id, other_resident=each.about.residents[0]
            )
