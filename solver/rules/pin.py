"""R18 pin: a session is there as a person fixed it, and so is who they fixed in or out of one. May be relaxed."""

from collections.abc import Iterator

from solver.documents import AttendPin, PinnedSession, Session, SessionPin
from solver.reading import Reading
from solver.reasons import Breach, breach


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
