"""R18 pin: a session is there as a person fixed it, and so is who they fixed in or out of one. May be relaxed."""

from collections.abc import Iterator

from solver.documents.problem import AbsentPin, AttendPin, Pin, PinnedSession, Session, SessionPin
from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model, Slot


def broken(reading: Reading) -> Iterator[Breach]:
    sessions = {one.id: one.session for one in reading.held}
    for index, pin in enumerate(reading.problem.pins):
        if isinstance(pin, SessionPin):
            have = sessions.get(pin.session.id)
            if have is None or not _agrees(pin.session, have):
                code = "pin_missing" if have is None else "pin_changed"
                yield breach("R18", code, session=pin.session.id, pin=index)
        elif (have := sessions.get(pin.session)) is not None:
            if isinstance(pin, AttendPin):
                if pin.attend not in have.residents:
                    yield breach("R18", "pin_attend", session=have.id, resident=pin.attend, pin=index)
            elif pin.absent in have.residents:
                yield breach("R18", "pin_absent", session=have.id, resident=pin.absent, pin=index)


def _agrees(want: PinnedSession, have: Session) -> bool:
    return (
        (want.activity, want.day, want.start) == (have.activity, have.day, have.start)
        and want.space in (None, have.space)
        and (want.facilitators is None or sorted(want.facilitators) == sorted(have.facilitators))
        and set(want.residents) <= set(have.residents)
    )


def post(model: Model) -> None:
    """What a session's own pin fixes of its place and team is in its options already; the rest is said here."""
    problem = model.problem
    if any(model.wants("R18", pin) for pin in problem.contradictions):
        model.cp.add_bool_or([])
    for slot in model.planned:
        if slot.identity is None:
            continue
        pins = [(k, pin) for k, pin in enumerate(problem.document.pins) if _session_of(pin) == slot.identity.id]
        for k, pin in pins:
            if not model.wants("R18", k) or k in problem.contradictions:
                continue
            if isinstance(pin, AttendPin):
                model.limit(slot.present, slot.people.get(problem.resident_number[pin.attend], 0))
            elif isinstance(pin, AbsentPin):
                model.forbid(slot.people.get(problem.resident_number[pin.absent], 0))
            else:
                _post_session(model, slot, pin.session)


def _session_of(pin: Pin) -> str:
    return pin.session.id if isinstance(pin, SessionPin) else pin.session


def _post_session(model: Model, slot: Slot, pin: PinnedSession) -> None:
    problem = model.problem
    model.limit(1, slot.present)
    for place, there in slot.options.items():
        is_there = (place.day, place.begin) == (pin.day, pin.begin) and (
            pin.space is None or place.space == problem.space_number[pin.space]
        )
        if not is_there:
            model.forbid(there)
    if pin.facilitators is not None:
        wanted = {problem.facilitator_number[f] for f in pin.facilitators}
        for f in wanted:
            model.limit(1, slot.team.get(f, 0))
        for f, leads in slot.team.items():
            if f not in wanted:
                model.forbid(leads)
    for name in pin.residents:
        model.limit(1, slot.people.get(problem.resident_number[name], 0))


RULE: Rule = rule(
    "R18",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="here",
    breaches={
        "pin_missing": Yields("nothing"),
        "pin_changed": Yields("nothing"),
        "pin_attend": Yields("nothing"),
        "pin_absent": Yields("nothing", "out_pinned"),
    },
)
