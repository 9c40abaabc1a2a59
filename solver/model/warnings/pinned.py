"""Doubts about pinned sessions: what they, and who is pinned to them, would break by themselves."""

from collections.abc import Iterator

from solver.documents.paths import place
from solver.documents.problem import AttendPin, PinnedSession, ProblemDocument, Session, SessionPin, Space
from solver.model.reading import Reading
from solver.model.reasons import Breach
from solver.model.rules import RULES
from solver.model.warnings.doubts import Doubt

_JUDGED = {"R1", "R2", "R3", "R4", "R7", "R8", "R9", "R10", "R11", "R13"}
_WARNED_ELSEWHERE = {"outside_horizon", "refuses_activity", "avoids_activity", "only", "no_wish"}
_OPEN = {"team_size", "skills"}  # what a pin leaves open that names no facilitators
_ANYWHERE = "anywhere {}"  # a space for what a pin leaves open: no id of a document is looked up here


def of_pinned_sessions(problem: ProblemDocument) -> Iterator[Doubt]:
    """Each rule that pinned sessions break, told at the pin; what the pins leave open breaks nothing."""
    pins = {pin.session.id: k for k, pin in enumerate(problem.pins) if isinstance(pin, SessionPin)}
    wanted = {pin.session.id: pin.session for pin in problem.pins if isinstance(pin, SessionPin)}
    if not wanted:
        return
    attending: dict[str, list[str]] = {}
    for pin in problem.pins:
        if isinstance(pin, AttendPin):
            attending.setdefault(pin.session, []).append(pin.attend)
    features = tuple({feature for row in problem.activities for feature in row.needs_features})
    spaces = [_anywhere(k, features) for k, want in enumerate(wanted.values()) if want.space is None]
    rows = [_session(k, want, attending.get(want.id, [])) for k, want in enumerate(wanted.values())]
    alone = problem.model_copy(
        update={"pins": (), "previous": (), "frozen_until": None, "spaces": (*problem.spaces, *spaces)}
    )
    reading = Reading(alone, rows)
    for rule in RULES:
        for breach in rule.broken(reading) if rule.code in _JUDGED else ():
            session = _session_of(breach, pins)
            if session is not None and not _is_open(breach, wanted[session]):
                yield Doubt(place(("pins", pins[session])), breach.reason)


def _anywhere(number: int, features: tuple[str, ...]) -> Space:
    return Space.model_construct(
        id=_ANYWHERE.format(number),
        name="",
        zone="",
        capacity=1_000_000,
        wheelchair_places=1_000_000,
        comfort=0,
        features=features,
        noise=0,
        open=None,
        turnaround_minutes=0,
        bedside=True,
        adjacent=(),
        shares=(),
    )


def _session(number: int, want: PinnedSession, attending: list[str]) -> Session:
    return Session.model_construct(
        id=want.id,
        activity=want.activity,
        day=want.day,
        start=want.start,
        space=_ANYWHERE.format(number) if want.space is None else want.space,
        facilitators=want.facilitators or (),
        residents=tuple(dict.fromkeys((*want.residents, *attending))),
    )


def _session_of(breach: Breach, pins: dict[str, int]) -> str | None:
    """The later of the pinned sessions that a breach is about."""
    facts = dict(breach.reason.facts)
    named = [str(facts[key]) for key in ("session", "other") if facts.get(key) in pins]
    return max(named, key=lambda name: pins[name], default=None)


def _is_open(breach: Breach, want: PinnedSession) -> bool:
    """Whether the breach comes from what a pin leaves open, or is told already."""
    code = breach.reason.code
    if code in _WARNED_ELSEWHERE:
        return True
    if code == "zone":
        return want.space is None
    return want.facilitators is None and code in _OPEN
