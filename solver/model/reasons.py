"""Why, as data: a code, the ids and amounts it speaks of. `words` makes English sentences of it, others their own."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Fact: TypeAlias = str | int | tuple[str, ...]
Audience: TypeAlias = Literal["anybody", "care", "team"]
"""Who may be told: a resident and their family too; who may read the resident's care plan; the team alone."""
_NUMBERED = ("day", "minute", "pin")  # whole numbers that say which, not how many
_GROWING = ("cohorts",)  # one more of them makes no other complaint


@dataclass(frozen=True)
class Reason:
    """A code and its named facts: ids are text, tuples of text or numbers that say which; amounts are integers."""

    code: str
    facts: tuple[tuple[str, Fact], ...] = ()

    def fact(self, name: str) -> Fact:
        """Raises KeyError where the reason has no such fact."""
        return dict(self.facts)[name]

    @property
    def subject(self) -> tuple[object, ...]:
        """What it is about, whatever the amounts: two reasons with one subject are the same complaint."""
        kept = (pair for pair in self.facts if pair[0] not in _GROWING)
        return (self.code, *(pair for pair in kept if not isinstance(pair[1], int) or pair[0] in _NUMBERED))


@dataclass(frozen=True)
class Breach:
    """A rule that a schedule breaks ("R1" to "R18", or "FORM" for what a document may not say) and why."""

    rule: str
    reason: Reason

    @property
    def subject(self) -> tuple[object, ...]:
        return (self.rule, *self.reason.subject)


def breach(rule: str, code: str, **facts: Fact) -> Breach:
    return Breach(rule, Reason(code, tuple(facts.items())))


@dataclass(frozen=True)
class Weighed:
    """A reason for an invitation or against it. `amount` is what it is worth in the score, 0 where that is nothing;
    `rule` the rule that it is about, "" where it is none."""

    reason: Reason
    amount: int = 0
    rule: str = ""

    @property
    def code(self) -> str:
        return self.reason.code


def weighed(code: str, amount: int = 0, rule: str = "", **facts: Fact) -> Weighed:
    return Weighed(Reason(code, tuple(facts.items())), amount, rule)


def of_breach(each: Breach) -> Weighed:
    """A rule that stands in the way, with the facts that the rule states."""
    return Weighed(each.reason, 0, each.rule)
