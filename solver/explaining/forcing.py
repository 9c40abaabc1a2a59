"""What it would cost, and whom, to force one invitation: the smallest neighbourhood solved again, the rest as it is."""

import sys
import time
from dataclasses import dataclass, field

from solver.documents.problem import ProblemDocument, Session
from solver.documents.schedule import ScheduleDocument
from solver.explaining.chains import Chain, ChainSearch
from solver.explaining.comparing import PeopleTold, people_told
from solver.explaining.ledger import Effect, Share, Sum, by_person, by_term
from solver.explaining.why import Case
from solver.model.check import broken
from solver.model.reading import Held
from solver.model.reasons import Weighed, of_breach

SHARE = 0.4  # of the time, for the chain in plain Python where a model follows
LOADING = 8.0  # seconds that must be left where OR-Tools is yet to be loaded: a busy machine takes as long


@dataclass(frozen=True)
class Forced:
    """What came of it.

    `status` "done"; "forbidden" by `against`, which no change of other people's weeks takes away; "impossible": proved
    to be so while all sessions stand where they are; or "not_found": nothing was found, which proves nothing.

    `invited` is what was asked for. Where done, `sessions` are the whole new schedule, `gain` is what the score gains
    (mostly below 0), `effects` its parts and `shares` the same by person; `told` says who has to be told. `is_best` is
    whether nothing better was proved to exist for the people whom it moves and those in the session.
    """

    resident: str
    session: str
    invited: bool
    status: str
    against: tuple[Weighed, ...] = ()
    sessions: tuple[Session, ...] = ()
    gain: int = 0
    effects: tuple[Effect, ...] = ()
    shares: tuple[Share, ...] = ()
    told: PeopleTold = field(default_factory=PeopleTold)
    is_best: bool = False

    @property
    def terms(self) -> dict[str, int]:
        return by_term(self.effects)


def force(
    problem: ProblemDocument,
    schedule: ScheduleDocument,
    resident: str,
    session: str,
    invited: bool = True,
    seconds: float = 3.0,
    started: float | None = None,
    is_exact: bool | None = None,
) -> Forced:
    """The schedule with the resident in the session (or out of it) that costs least, in about so many seconds from
    `started` (`time.monotonic()`; now).

    All sessions stand where they are; one that too few people are left for may be called off. First an ejection chain
    in plain Python; then, with `is_exact`, an exact model of those whom it moves and those in the session, which mostly
    proves that there is none better. Where `is_exact` is None, there is a model where OR-Tools is loaded already or the
    time is ample. Raises KeyError for unknown ids.
    """
    began = time.monotonic() if started is None else started
    deadline = began + seconds
    return force_in(Case.of(problem, schedule), resident, session, invited, deadline, is_exact)


def force_in(
    case: Case, resident: str, session: str, invited: bool, deadline: float, is_exact: bool | None = None
) -> Forced:
    """The same for a case that is read already, until about the deadline (`time.monotonic()`)."""
    one = case.session(session)
    if case.ledger.is_in(resident, one) == invited:
        return Forced(resident, session, invited, "done", sessions=case.ledger.rows(), is_best=True)
    if against := forbidden(case, resident, one):
        return Forced(resident, session, invited, "forbidden", against)
    if is_exact is None:
        is_exact = "ortools.sat.python.cp_model" in sys.modules or deadline - time.monotonic() > LOADING
    spent = SHARE if is_exact else 0.9
    search = ChainSearch(case.ledger, case.breaches, time.monotonic() + spent * (deadline - time.monotonic()))
    best, is_best = search.best(resident, one), False
    if is_exact:
        # Loaded here and not above: OR-Tools takes a second to load and more, and mostly nothing better is found.
        from solver.explaining.exact import solve_again

        best, is_best = solve_again(case, resident, one, best, deadline)
    if best is None:
        return Forced(resident, session, invited, "impossible" if is_best else "not_found")
    return _told(case, resident, one, invited, best, is_best)


def forbidden(case: Case, resident: str, one: Held) -> tuple[Weighed, ...]:
    """What stands against turning the invitation round whoever else comes or goes."""
    if not case.ledger.is_in(resident, one):
        return tuple(map(of_breach, case.breaches.bars(resident, one)))
    found = case.breaches.all_of(resident, one)
    return tuple(of_breach(each) for each in found if each.rule in ("R17", "R18"))


def _told(case: Case, resident: str, one: Held, invited: bool, best: Chain, is_best: bool) -> Forced:
    total = Sum()
    for change in best.toggles:
        total.add(case.ledger.effects(*change))
        case.ledger.toggle(*change)
    rows = case.ledger.rows()
    before = {each.subject for each in broken(case.problem, case.ledger.reading.sessions, case.relaxed)}
    after = broken(case.problem, rows, case.relaxed)
    if any(each.rule != "FORM" and each.subject not in before for each in after):
        return Forced(resident, one.id, invited, "not_found")  # the second reading has the last word
    effects = total.effects()
    told = people_told(case.ledger.reading.sessions, rows)
    shares = by_person(effects)
    return Forced(resident, one.id, invited, "done", (), rows, total.total, effects, shares, told, is_best)
