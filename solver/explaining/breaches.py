"""Which rules a change of attendances would break: the rules' own plain readings, asked about what was touched."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

from solver.documents.problem import AbsentPin, AttendPin, Pin, SessionPin
from solver.documents.schedule import Relaxed
from solver.explaining.ledger import Ledger
from solver.model.attendances import HELD
from solver.model.check import broken_in
from solver.model.reading import Held, Reading, is_past
from solver.model.reasons import Breach, breach
from solver.model.rules import RULES

FULL = frozenset(
    {"seats", "wheelchairs", "group_large", "support", "escorts", "cohorts"}
)  # none the better for one more
_OF_SESSION, _OF_PERSON, _OF_WEEK = (
    tuple(rule for rule in RULES if rule.asked == asked) for asked in ("session", "person", "week")
)
_OF_ONE = (*_OF_PERSON, *(rule for rule in RULES if rule.code == "R13"), *_OF_WEEK)  # whoever else is there


class _Glimpse(Reading):
    """A reading of a few sessions and people: enough for the rules that speak of one session or one person."""

    def __init__(self, whole: Reading, held: tuple[Held, ...], weeks: dict[str, list[Held]]) -> None:
        self.problem, self.residents, self.friends = whole.problem, whole.residents, whole.friends
        self.minutes, self.held = whole.minutes, held
        self.by_resident = defaultdict(list, weeks)


class Breaches:
    """What the rules say of a ledger. What its schedule broke from the start is not told again."""

    def __init__(self, ledger: Ledger, relaxed: Collection[Relaxed] = ()) -> None:
        self.ledger = ledger
        self.known = {each.subject for each in broken_in(ledger.reading, tuple(relaxed))}
        self._relaxed = frozenset(broken_in(ledger.reading)) if relaxed else frozenset()
        self._pins: defaultdict[str, list[tuple[int, Pin]]] = defaultdict(list)
        for k, pin in enumerate(ledger.problem.pins):
            self._pins[pin.session.id if isinstance(pin, SessionPin) else pin.session].append((k, pin))
        self._kept_apart: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for pair in ledger.reading.apart:
            for name in pair:
                self._kept_apart[name].append(pair)
        self._barred: dict[tuple[str, Held], tuple[Breach, ...]] = {}

    def of(self, name: str, one: Held) -> list[Breach]:
        """What it would break to put the resident into the session, or to take them out where they are in it."""
        if not self.ledger.is_in(name, one) and (barred := self.bars(name, one)):
            return list(barred)
        self.ledger.toggle(name, one)
        found = list(self.around({name: None}, {one: None}))
        self.ledger.toggle(name, one)
        return found

    def all_of(self, name: str, one: Held) -> list[Breach]:
        """Like `of`, with everything that stands in the way of who can never come."""
        self.ledger.toggle(name, one)
        found = list(self.around({name: None}, {one: None}))
        self.ledger.toggle(name, one)
        return found

    def bars(self, name: str, one: Held) -> tuple[Breach, ...]:
        """What keeps the resident out of the session whoever else comes: the past, a refusal, noise, care, a zone."""
        if (name, one) not in self._barred:
            alone = replace(one, people=(self.ledger.reading.residents[name],))
            glimpse = _Glimpse(self.ledger.reading, (alone,), {name: [alone]})
            found = [each for rule in _OF_ONE for each in rule.broken(glimpse)]
            found = [each for each in found if each.reason.code not in ("resident_day", "resident_all")]
            if one.is_frozen:
                found.append(breach("R17", "past_new", session=one.id))
            found += [each for each in self._absent_pins(one) if each.reason.fact("resident") == name]
            self._barred[name, one] = tuple(found)
        return self._barred[name, one]

    def around(self, people: Collection[str], sessions: Collection[Held]) -> Iterator[Breach]:
        """What is broken of what was touched and was not before."""
        for each in self._around(people, sessions):
            if each.reason.code in FULL or (each.subject not in self.known and each not in self._relaxed):
                yield each

    def _around(self, people: Collection[str], sessions: Collection[Held]) -> Iterator[Breach]:
        ledger, reading = self.ledger, self.ledger.reading
        for one in sessions:
            if one in ledger.off:
                yield from self._called_off(one)
        sessions = [one for one in sessions if one not in ledger.off]
        people = [name for name in people if name != HELD]
        now = tuple(ledger.now(one) for one in sessions)
        weeks = {name: [ledger.now(one) for one in ledger.week[name]] for name in people}
        glimpse = _Glimpse(reading, now, weeks)
        for rule in _OF_SESSION:
            yield from rule.broken(glimpse)
        few = tuple(replace(one, people=tuple(each for each in one.people if each.id in people)) for one in now)
        narrow = _Glimpse(reading, few, weeks)
        for rule in (*_OF_PERSON, *_OF_WEEK):
            yield from rule.broken(narrow)
        for one in sessions:
            yield from self._apart(people, one)
            yield from self._escorts(one)
            yield from self._frozen(one)
            yield from self._pinned(one)
        for name in people:
            yield from self._required(name)

    def _called_off(self, one: Held) -> Iterator[Breach]:
        """What it breaks that the session is not held."""
        held = sum(each.activity is one.activity for each in self.ledger.held())
        least = one.activity.sessions.min
        if held < least:
            yield breach("R6", "too_few", activity=one.activity.id, sessions=held, least=least, by=least - held)
        if one.is_frozen:
            yield breach("R17", "past_lost", session=one.id)
        for k, pin in self._pins.get(one.id, ()):
            if isinstance(pin, SessionPin):
                yield breach("R18", "pin_missing", session=one.id, pin=k)

    def _apart(self, people: Collection[str], one: Held) -> Iterator[Breach]:
        present = self.ledger.present[one]
        for name in people:
            if name in present and not one.is_frozen:
                for a, b in self._kept_apart.get(name, ()):
                    if a in present and b in present:
                        yield breach("R10", "apart", session=one.id, resident=a, other_resident=b)

    def _escorts(self, one: Held) -> Iterator[Breach]:
        escorts = self.ledger.problem.escorts
        for minute in (one.begin, one.end) if escorts is not None else ():
            need, there = self.ledger.walks[one.day, minute], escorts.available(one.day, minute) if escorts else 0
            if need > max(there, self.ledger.past_walks[one.day, minute]):
                yield breach("R12", "escorts", day=one.day, minute=minute, needed=need, escorts=there)

    def _frozen(self, one: Held) -> Iterator[Breach]:
        if one.is_frozen and set(self.ledger.present[one]) != set(one.session.residents):
            yield breach("R17", "past_lost", session=one.id)
            if is_past(self.ledger.problem, one.session):
                yield breach("R17", "past_new", session=one.id)

    def _required(self, name: str) -> Iterator[Breach]:
        for activity, least in self.ledger.reading.residents[name].required.items():
            count = sum(one.activity.id == activity for one in self.ledger.week[name])
            if count < least:
                yield breach(
                    "R14", "required", resident=name, activity=activity, sessions=count, least=least, by=least - count
                )

    def _pinned(self, one: Held) -> Iterator[Breach]:
        present = self.ledger.present[one]
        for k, pin in self._pins.get(one.id, ()):
            if isinstance(pin, SessionPin):
                if not set(pin.session.residents) <= set(present):
                    yield breach("R18", "pin_changed", session=one.id, pin=k)
            elif isinstance(pin, AttendPin) and pin.attend not in present:
                yield breach("R18", "pin_attend", session=one.id, resident=pin.attend, pin=k)
        for each in self._absent_pins(one):
            if each.reason.fact("resident") in present:
                yield each

    def _absent_pins(self, one: Held) -> Iterator[Breach]:
        for k, pin in self._pins.get(one.id, ()):
            if isinstance(pin, AbsentPin):
                yield breach("R18", "pin_absent", session=one.id, resident=pin.absent, pin=k)

    def pins_in(self, name: str, one: Held) -> list[int]:
        """The pins that ask for the resident in the session, by their places."""
        return [
            k
            for k, pin in self._pins.get(one.id, ())
            if (isinstance(pin, AttendPin) and pin.attend == name)
            or (isinstance(pin, SessionPin) and name in pin.session.residents)
        ]
