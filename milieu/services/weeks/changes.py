"""What a new week changes, for whom, against the one that people know."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from milieu.causes import Cause
from milieu.solving.contents import SessionContent

KINDS = ("cancelled", "withdrawn", "moved", "relocated", "new")
SESSION_KINDS = ("cancelled", "moved", "relocated", "led", "invited", "new")


@dataclass(frozen=True)
class Told:
    """A session as somebody was told of it, or will be. Minutes are local; `leaders` are ids, or names."""

    ref: str
    title: str
    on_date: date
    start_minute: int
    end_minute: int
    space: str
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonChange:
    """One thing that changes for one resident.

    `kind`: cancelled (the session is gone), withdrawn (it stays, they are no longer invited), moved (another day or
    start), relocated (another space), new. `name` is filled in for pages alone.
    """

    resident_id: str
    kind: str
    before: Told | None
    after: Told | None
    name: str = ""

    @property
    def shown(self) -> Told:
        """The session as it will be, or as it was where it will not be."""
        told = self.after or self.before
        assert told is not None
        return told


@dataclass(frozen=True)
class SessionChange:
    """What changes about one session, all of it in one.

    `kind`, the weightiest: cancelled, moved (another day or start), relocated (another space), led (by others), invited
    (other people only), new. `stay` are invited before and after, `asked` newly, `left` no longer; `residents` are all
    of them by id. `because` are the facts that stand against it as it was published.
    """

    ref: str
    kind: str
    is_visit: bool
    before: Told | None
    after: Told | None
    stay: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    because: tuple[Cause, ...] = ()
    residents: frozenset[str] = frozenset()

    @property
    def shown(self) -> Told:
        """The session as it will be, or as it was where it will not be."""
        told = self.after or self.before
        assert told is not None
        return told

    @property
    def about(self) -> frozenset[str]:
        """The ids of the residents whom the facts are about: their names stand in the sentences."""
        return frozenset(resident for each in self.because for resident in each.people)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The facts in sentences, each once."""
        return tuple(dict.fromkeys(each.said for each in self.because))

    @property
    def has_other_leaders(self) -> bool:
        """Whether others lead it than before."""
        return bool(self.before and self.after and set(self.before.leaders) != set(self.after.leaders))


@dataclass(frozen=True)
class Changes:
    """Everything that changes, by person and by session, each by time. `is_first`: nothing was published before."""

    is_first: bool
    people: tuple[PersonChange, ...]
    sessions: tuple[SessionChange, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many invitations of each kind."""
        found = Counter(each.kind for each in self.people)
        return {kind: found[kind] for kind in KINDS}

    @property
    def residents(self) -> frozenset[str]:
        """Everybody for whom anything changes."""
        return frozenset(each.resident_id for each in self.people)

    @property
    def told_otherwise(self) -> int:
        """How many are told something else than they were told before; what is new alone does not count."""
        return len({each.resident_id for each in self.people if each.kind != "new"})

    def named(self, names: Mapping[str, str]) -> "Changes":
        """The same with names of people and leaders, the people by name."""
        people = [
            replace(
                each,
                name=names.get(each.resident_id, ""),
                before=_led(each.before, names),
                after=_led(each.after, names),
            )
            for each in self.people
        ]
        sessions = [
            replace(
                each,
                before=_led(each.before, names),
                after=_led(each.after, names),
                stay=_names(each.stay, names),
                asked=_names(each.asked, names),
                left=_names(each.left, names),
            )
            for each in self.sessions
        ]
        by_name = sorted(people, key=lambda each: (each.name, *_order(each)))
        return Changes(self.is_first, tuple(by_name), tuple(sessions))

    def explained(self, because: Mapping[str, tuple[Cause, ...]]) -> "Changes":
        """The same with the facts that stand against each session as it was, by its ref."""
        sessions = tuple(replace(each, because=because.get(each.ref, ())) for each in self.sessions)
        return replace(self, sessions=sessions)


def compare(
    before: Iterable[SessionContent] | None,
    after: Iterable[SessionContent],
    *,
    here: Collection[str],
    is_open: Callable[[SessionContent], bool],
) -> Changes:
    """What changes for the residents who are `here` in the sessions that are `is_open` to change (not begun).

    `before` is None where nothing was published.
    """
    old = {each.ref: each for each in before or ()}
    new = {each.ref: each for each in after}
    found: list[PersonChange] = []
    sessions: list[SessionChange] = []
    for ref in old.keys() | new.keys():
        was, now = old.get(ref), new.get(ref)
        if any(each is not None and not is_open(each) for each in (was, now)):
            continue
        invited = set(was.residents) if was else set()
        asked = set(now.residents) if now else set()
        found += [_change(each, was, now, "new") for each in asked - invited]
        found += [_change(each, was, now, "cancelled" if now is None else "withdrawn") for each in invited - asked]
        if was and now and (kind := _shift(was, now)):
            found += [_change(each, was, now, kind) for each in invited & asked]
        sessions += _session_change(was, now)
    people = sorted((each for each in found if each.resident_id in here), key=_order)
    return Changes(before is None, tuple(people), tuple(sorted(sessions, key=_session_order)))


def _session_change(was: SessionContent | None, now: SessionContent | None) -> Iterable[SessionChange]:
    """What changes about a session, nothing where it is the same."""
    before, after = set(was.residents if was else ()), set(now.residents if now else ())
    if was is None or now is None:
        kind = "new" if was is None else "cancelled"
    else:
        leads = "led" if set(was.facilitators) != set(now.facilitators) else ""
        kind = _shift(was, now) or leads or ("invited" if before != after else "")
    session = now or was
    if kind and session is not None:
        yield SessionChange(
            session.ref,
            kind,
            session.is_visit,
            _told(was),
            _told(now),
            tuple(sorted(before & after)),
            tuple(sorted(after - before)),
            tuple(sorted(before - after)),
            residents=frozenset(before | after),
        )


def _shift(was: SessionContent, now: SessionContent) -> str:
    """How a session that stays has changed place."""
    if (was.on_date, was.start_minute) != (now.on_date, now.start_minute):
        return "moved"
    return "relocated" if was.space_id != now.space_id else ""


def _change(resident: str, was: SessionContent | None, now: SessionContent | None, kind: str) -> PersonChange:
    before = None if kind == "new" else _told(was)
    return PersonChange(resident, kind, before, None if kind in ("cancelled", "withdrawn") else _told(now))


def _told(session: SessionContent | None) -> Told | None:
    if session is None:
        return None
    return Told(
        session.ref,
        session.title,
        session.on_date,
        session.start_minute,
        session.end_minute,
        session.space_name,
        session.facilitators,
    )


def _led(told: Told | None, names: Mapping[str, str]) -> Told | None:
    return None if told is None else replace(told, leaders=_names(told.leaders, names))


def _names(ids: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(names.get(each, "") for each in ids))


def _session_order(change: SessionChange) -> tuple[int, date, int, str, str]:
    told = change.shown
    return SESSION_KINDS.index(change.kind), told.on_date, told.start_minute, told.title, told.ref


def _order(change: PersonChange) -> tuple[str, date, int, str, str]:
    told = change.shown
    return change.resident_id, told.on_date, told.start_minute, told.ref, change.kind
