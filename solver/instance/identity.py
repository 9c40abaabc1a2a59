"""Which session ids of `previous` and the pins bind what stands under them, and which pins nothing can keep."""

from dataclasses import dataclass, field, replace

from solver.documents.problem import AbsentPin, AttendPin, PinnedSession, ProblemDocument, Session, SessionPin
from solver.instance.problem import Identity


@dataclass
class _Reading:
    identities: dict[str, Identity] = field(default_factory=dict)
    contradictions: list[int] = field(default_factory=list)


def identities_of(document: ProblemDocument, frozen: tuple[int, int]) -> tuple[Identity, ...]:
    """The identities of what may be planned, by activity, as everything numbers them: previous sessions that are no
    facts, then pinned ones that are new.
    """
    return tuple(sorted(_read(document, frozen).identities.values(), key=lambda identity: identity.activity))


def contradicted_pins(document: ProblemDocument, frozen: tuple[int, int]) -> tuple[int, ...]:
    """The pins that contradict a fact, the past, their previous session's activity or an earlier pin of the same id."""
    return tuple(_read(document, frozen).contradictions)


def _read(document: ProblemDocument, frozen: tuple[int, int]) -> _Reading:
    reading = _Reading()
    people = {row.id: k for k, row in enumerate(document.residents)}
    staff = {row.id: k for k, row in enumerate(document.facilitators)}
    facts = {row.id: row for row in document.previous if (row.day, row.begin) < frozen}
    for k, row in enumerate(document.previous):
        if row.id not in facts:
            reading.identities[row.id] = _from_previous(document, k, row, people, staff)
    for k, pin in enumerate(document.pins):
        if isinstance(pin, SessionPin):
            _read_session_pin(document, reading, k, pin.session, facts, frozen)
    for k, pin in enumerate(document.pins):
        if isinstance(pin, AttendPin | AbsentPin):
            _read_person_pin(reading, k, pin, facts, people)
    return reading


def _from_previous(
    document: ProblemDocument, k: int, row: Session, people: dict[str, int], staff: dict[str, int]
) -> Identity:
    activities = {a.id: n for n, a in enumerate(document.activities)}
    spaces = {s.id: n for n, s in enumerate(document.spaces)}
    return Identity(
        id=row.id,
        activity=activities.get(row.activity, -1),
        previous=k,
        pin=-1,
        day=row.day,
        begin=row.begin,
        space=spaces.get(row.space, -1),
        team=None,
        previous_residents=tuple(people[r] for r in row.residents if r in people),
        previous_team=tuple(staff[f] for f in row.facilitators if f in staff),
    )


def _read_session_pin(
    document: ProblemDocument,
    reading: _Reading,
    k: int,
    pin: PinnedSession,
    facts: dict[str, Session],
    frozen: tuple[int, int],
) -> None:
    people = {row.id: n for n, row in enumerate(document.residents)}
    activities = {a.id: n for n, a in enumerate(document.activities)}
    spaces = {s.id: n for n, s in enumerate(document.spaces)}
    staff = {f.id: n for n, f in enumerate(document.facilitators)}
    if pin.id in facts:
        if not _agrees(pin, facts[pin.id]):
            reading.contradictions.append(k)
        return
    old = reading.identities.get(pin.id)
    if (pin.day, pin.begin) < frozen or (old is not None and old.activity != activities[pin.activity]):
        reading.contradictions.append(k)
        return
    wanted = Identity(
        id=pin.id,
        activity=activities[pin.activity],
        previous=old.previous if old else -1,
        pin=k,
        day=pin.day,
        begin=pin.begin,
        space=-1 if pin.space is None else spaces[pin.space],
        team=None if pin.facilitators is None else tuple(sorted(staff[f] for f in pin.facilitators)),
        previous_residents=old.previous_residents if old else (),
        previous_team=old.previous_team if old else (),
        attend=tuple(people[r] for r in pin.residents),
    )
    if old is not None and old.is_pinned:
        merged = _merged(old, wanted)
        if merged is None:
            reading.contradictions.append(k)
            return
        wanted = merged
    reading.identities[pin.id] = wanted


def _merged(old: Identity, new: Identity) -> Identity | None:
    """Both pins of one id as one, or None where they cannot both be kept."""
    if (old.day, old.begin) != (new.day, new.begin):
        return None
    if min(old.space, new.space) >= 0 and old.space != new.space:
        return None
    if old.team is not None and new.team is not None and old.team != new.team:
        return None
    return replace(
        old,
        space=max(old.space, new.space),
        team=new.team if old.team is None else old.team,
        attend=tuple(dict.fromkeys(old.attend + new.attend)),
    )


def _agrees(pin: PinnedSession, fact: Session) -> bool:
    return (
        (pin.activity, pin.day, pin.start) == (fact.activity, fact.day, fact.start)
        and pin.space in (None, fact.space)
        and (pin.facilitators is None or sorted(pin.facilitators) == sorted(fact.facilitators))
        and set(pin.residents) <= set(fact.residents)
    )


def _read_person_pin(
    reading: _Reading, k: int, pin: AttendPin | AbsentPin, facts: dict[str, Session], people: dict[str, int]
) -> None:
    name = pin.attend if isinstance(pin, AttendPin) else pin.absent
    if pin.session in facts:
        if (name in facts[pin.session].residents) != isinstance(pin, AttendPin):
            reading.contradictions.append(k)
        return
    identity = reading.identities.get(pin.session)
    if identity is None:
        return  # no session will ever have this id
    if isinstance(pin, AttendPin):
        changed = replace(identity, attend=tuple(dict.fromkeys((*identity.attend, people[name]))))
    else:
        changed = replace(identity, absent=tuple(dict.fromkeys((*identity.absent, people[name]))))
    reading.identities[pin.session] = changed
