"""Where else somebody could go: as things are, once a session of their own is left, or in the place of somebody else.

Every rule is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from solver.documents.problem import ProblemDocument
from solver.documents.schedule import ScheduleDocument
from solver.explaining.breaches import Breaches
from solver.explaining.ledger import Effect, Ledger, Sum, by_term
from solver.explaining.why import Case
from solver.model.reading import Held

OF_OWN_WEEK = frozenset({"resident_taken", "activity_twice", "too_soon", "resident_day", "resident_all"})
OF_OTHERS = frozenset({"seats", "wheelchairs", "group_large", "support", "escorts", "apart", "cohorts"})


@dataclass(frozen=True)
class Option:
    """A session that the resident could be invited to.

    `leaves` is the session that they would leave for it, `instead` who would make room; "" for none. `gain` is what the
    score would gain by it all, `effects` its parts.
    """

    resident: str
    session: str
    leaves: str
    instead: str
    gain: int
    effects: tuple[Effect, ...]

    @property
    def terms(self) -> dict[str, int]:
        return by_term(self.effects)


def where_else(
    problem: ProblemDocument,
    schedule: ScheduleDocument,
    resident: str,
    most: int | None = None,
    may_displace: bool = False,
) -> tuple[Option, ...]:
    """Every session that the resident could join with all rules kept, best first, at most so many.

    Where nothing but their own week is in the way, the one session of theirs whose leaving costs least is left for it;
    where nothing but others is, and `may_displace`, the one who loses least makes room. Raises KeyError for an unknown
    resident.
    """
    case = Case.of(problem, schedule)
    return options_of(case.ledger, case.breaches, resident, may_displace)[:most]


def options_of(ledger: Ledger, breaches: Breaches, resident: str, may_displace: bool = False) -> tuple[Option, ...]:
    found = [
        option
        for one in ledger.reading.planned
        if not ledger.is_in(resident, one)
        for option in ways_to(ledger, breaches, resident, one, may_displace)
    ]
    return tuple(sorted(found, key=lambda each: (-each.gain, each.leaves + each.instead, each.session)))


def ways_to(ledger: Ledger, breaches: Breaches, resident: str, one: Held, may_displace: bool) -> Iterator[Option]:
    """How the resident, who is not in it, could join one session with all rules kept: at most one way."""
    codes = {each.reason.code for each in breaches.of(resident, one)}
    if not codes:
        effects = Sum(ledger.effects(resident, one))
        yield Option(resident, one.id, "", "", effects.total, effects.effects())
        return
    swaps: list[Option] = []
    if codes <= OF_OWN_WEEK:
        for left in list(ledger.week[resident]):
            swaps += _after(ledger, breaches, (resident, left), (resident, one))
    elif codes <= OF_OTHERS and may_displace:
        for other in list(ledger.present[one]):
            swaps += _after(ledger, breaches, (other, one), (resident, one))
    if swaps:
        yield max(swaps, key=lambda swap: swap.gain)


def _after(
    ledger: Ledger, breaches: Breaches, leaving: tuple[str, Held], joining: tuple[str, Held]
) -> Iterator[Option]:
    """One leaves, then one joins, where both together keep every rule."""
    effects = Sum(ledger.effects(*leaving))
    ledger.toggle(*leaving)
    effects.add(ledger.effects(*joining))
    ledger.toggle(*joining)
    is_allowed = not any(breaches.around({leaving[0]: None, joining[0]: None}, {leaving[1]: None, joining[1]: None}))
    ledger.toggle(*joining)
    ledger.toggle(*leaving)
    if is_allowed:
        is_own = leaving[0] == joining[0]
        left, instead = (leaving[1].id, "") if is_own else ("", leaving[0])
        yield Option(joining[0], joining[1].id, left, instead, effects.total, effects.effects())
