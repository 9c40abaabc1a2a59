"""What stands against a week by now, session by session: the fact behind a change, told to whoever plans.

Names, noes and appointments are the director's to know; what a family may be told of a cause says `milieu.causes`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from milieu.calendar.spans import away_of, hours_of
from milieu.causes import (
    APART,
    BUSY,
    HANDS,
    LEFT,
    LIMIT,
    NOT_HELD,
    OUTBREAK,
    REFUSAL,
    RULE,
    SPACE,
    STAFF,
    Cause,
    of_closure,
)
from milieu.database import DbSession
from milieu.models import ResidentBusy, SpaceClosure
from milieu.models.people import IN_BED, IN_HOSPITAL
from milieu.queries.names import names_of
from milieu.queries.published.marks import held_of, not_held
from milieu.solving.answer.checking import Checked, check_week, is_open
from milieu.solving.answer.sentences import Sentences
from milieu.solving.contents import SessionContent
from milieu.solving.problem.document import ProblemSource
from milieu.solving.problem.programme.places import BEDSIDE
from solver.model.reasons import Breach, Reason

_GONE = "{resident} does not live here on that day and is invited to {session}."
_TAKEN_UP: Mapping[str, str] = {
    kind: f"{{resident}} {what} at the time of {{session}}."
    for kind, what in (
        ("meal", "has a meal"),
        ("bath", "has a bath"),
        ("care", "has care"),
        ("therapy", "has therapy"),
        ("hair", "has the hairdresser"),
        ("visit", "has a visitor"),
        ("nap", "has a nap"),
        ("outing", "has an outing"),
        ("appointment", "has an appointment"),
        (IN_HOSPITAL, "is in hospital"),
        (IN_BED, "stays in bed"),
    )
}

ESCORTS = "escorts"
"""The rule that no more are walked at a moment than there are helpers."""


@dataclass(frozen=True)
class Objection:
    """One thing that stands against a week. `refs` are the sessions it is about; none where it is about all of it.

    `on_date` and `excess` are of what is about a day and names no session: how many sessions there are too many.
    `causes` are the facts that it comes from, mostly one. Two of one `subject` are the same objection, whatever amounts
    and times they tell.
    """

    refs: frozenset[str]
    said: str
    causes: tuple[Cause, ...]
    subject: tuple[object, ...] = ()
    on_date: date | None = None
    excess: int = 1


@dataclass(frozen=True)
class Held:
    """A week held against a problem: what stands against it, and its reading by the rules where nobody has left."""

    objections: tuple[Objection, ...]
    checked: Checked

    @property
    def sentences(self) -> tuple[str, ...]:
        """What stands against it, each sentence once."""
        return sentences_of(self.objections)

    def of_sessions(self) -> dict[str, tuple[Cause, ...]]:
        """The facts that stand against each session that is named in an objection, each with its sentence."""
        found: dict[str, dict[Cause, None]] = defaultdict(dict)
        for each in self.objections:
            for ref in each.refs:
                found[ref].update(dict.fromkeys(replace(cause, said=each.said) for cause in each.causes))
        return {ref: tuple(causes) for ref, causes in found.items()}


def sentences_of(objections: Iterable[Objection]) -> tuple[str, ...]:
    """What objections say, each sentence once."""
    return tuple(dict.fromkeys(each.said for each in objections))


def hold(
    db: DbSession, source: ProblemSource, contents: Iterable[SessionContent], *, is_published: bool = False
) -> Held:
    """Hold the sessions that have yet to begin against a problem as it is now.

    Of a published week it is also told what was called off on the floor. That stands against no draft: it stays off
    whatever is published. Who has left is told as that, and the rest is read without them: a session that names
    somebody unknown has no score and would be missing from every count.
    """
    contents = tuple(contents)
    stayed = [
        replace(each, places=tuple(place for place in each.places if _lives_here(source, place.resident_id, each)))
        for each in contents
    ]
    checked = check_week(source, stayed)
    words = Sentences(names_of(db, source.rows.community.id), source.document, checked.sessions, source.birthdays)
    coming = {each.ref: each for each in contents if is_open(source.facts, each)}
    telling = _Telling(source, words, coming)
    off = telling.called_off(db) if is_published else ()
    found = [*off, *telling.gone(), *(telling.broken(each) for each in checked.breaches)]
    return Held(tuple(found), checked)


def fact_of(source: ProblemSource, words: Sentences, session: SessionContent, reason: Reason) -> str:
    """What is known behind a rule that keeps somebody out of a session: a bath, a visitor; "" where no more is."""
    tell = _FACTS.get(reason.code)
    return tell(_Telling(source, words, {session.ref: session}), session, dict(reason.facts)) if tell else ""


@dataclass(frozen=True)
class _Telling:
    """Makes objections out of what was found; `coming` are the sessions that have yet to begin, by ref."""

    source: ProblemSource
    words: Sentences
    coming: Mapping[str, SessionContent]

    def called_off(self, db: DbSession) -> Iterable[Objection]:
        """Sessions of which somebody has said that they cannot be held."""
        marked = held_of(db, self.source.rows.community.id, refs=list(self.coming))
        for ref in sorted(not_held(marked.values()) & self.coming.keys()):
            said = self.words.told("{session} cannot be held, the staff say.", session=ref)
            yield Objection(frozenset({ref}), said, (Cause(NOT_HELD),), (NOT_HELD, ref))

    def gone(self) -> Iterable[Objection]:
        """Residents who are invited and do not live here on that day."""
        for ref, session in self.coming.items():
            for each in session.residents:
                if not _lives_here(self.source, each, session):
                    said = self.words.told(_GONE, resident=each, session=ref)
                    yield Objection(frozenset({ref}), said, (Cause(LEFT, people=(each,)),), (LEFT, each, ref))

    def broken(self, breach: Breach) -> Objection:
        """A broken rule, with the fact where there is a plain one."""
        facts = dict(breach.reason.facts)
        refs = frozenset(str(facts[name]) for name in ("session", "other") if name in facts)
        if breach.reason.code == ESCORTS:
            refs = frozenset(self.brought_at(int(str(facts["day"])), int(str(facts["minute"]))))
        tell = _FACTS.get(breach.reason.code)
        session = self.coming.get(str(facts.get("session", "")))
        said = tell(self, session, facts) if tell is not None and session is not None else ""
        said = said or self.words.of_breach(breach)
        objection = Objection(refs, said, tuple(self.behind(breach, session)), breach.subject)
        if refs or "limit" not in facts:
            return objection
        on = self.source.week.days[int(str(facts["day"]))] if "day" in facts else None
        return replace(objection, on_date=on, excess=int(str(facts["sessions"])) - int(str(facts["limit"])))

    def behind(self, breach: Breach, session: SessionContent | None) -> Iterable[Cause]:
        """The facts that a broken rule comes from."""
        facts, code = dict(breach.reason.facts), breach.reason.code
        resident = str(facts.get("resident", ""))
        if code == "unknown" and isinstance(names := facts["names"], tuple):
            yield from (self.gone_with(name) for name in names)
        elif code == "not_open" and session is not None:
            closure = self.closure_at(session)
            yield of_closure(closure.kind, session.space_id) if closure else Cause(SPACE, session.space_id)
        elif code == "not_available":
            yield Cause(STAFF, str(facts["facilitator"]))
        elif code == "cohorts" and session is not None:
            groups = {self.source.rows.residents[each].living_group_id for each in self.living(session)}
            shut = sorted(groups & self.source.rows.outbreaks)
            yield from (Cause(OUTBREAK, each) for each in shut) if shut else (Cause(RULE, detail=code),)
        elif code == ESCORTS and self.is_short_handed(int(str(facts["day"])), int(str(facts["minute"]))):
            yield Cause(HANDS)
        elif code == "busy" and session is not None:
            row = self.taken_up_by(resident, session)
            yield Cause(BUSY, people=(resident,), detail=row.kind if row else "")
        elif code == "apart":
            yield Cause(APART, people=(resident, str(facts["other_resident"])))
        elif code.startswith(("refuses_", "avoids_")):
            yield Cause(REFUSAL if code.startswith("refuses_") else LIMIT, people=(resident,))
        else:
            yield Cause(RULE, people=(resident,) if resident else (), detail=code)

    def gone_with(self, name: str) -> Cause:
        """Who or what a session names that is there no more."""
        rows = self.source.rows
        if name in rows.spaces:
            return Cause(SPACE, name)
        if name in rows.facilitators:
            return Cause(STAFF, name)
        return Cause(RULE, detail="unknown")

    def living(self, session: SessionContent) -> Iterable[str]:
        """Those invited to a session who are residents of the week."""
        return (each for each in session.residents if each in self.source.rows.residents)

    def brought_at(self, day: int, minute: int) -> Iterable[str]:
        """The sessions to which, or from which, somebody who needs it is walked at a moment."""
        on, rows = self.source.week.days[day], self.source.rows
        for ref, each in self.coming.items():
            space = rows.spaces.get(each.space_id)
            is_then = each.on_date == on and minute in (each.start_minute, each.end_minute)
            is_visit = space is not None and BEDSIDE in space.features
            if is_then and not is_visit and any(rows.residents[who].escort for who in self.living(each)):
                yield ref

    def is_short_handed(self, day: int, minute: int) -> bool:
        """Whether fewer helpers than usual bring residents at a moment."""
        times = [row for row in self.source.rows.short_handed if row.helpers is not None]
        return any(start <= minute < end for start, end in away_of(times, [self.source.week.days[day]])[0])

    def closure_at(self, session: SessionContent) -> SpaceClosure | None:
        """What closes a session's space at its time; one that says why before one that does not."""
        there = [
            each
            for each in self.source.rows.closures.get(session.space_id, ())
            if _meets(away_of([each], [session.on_date])[0], session)
        ]
        return min(there, key=lambda each: not each.reason, default=None)

    def taken_up_by(self, resident: str, session: SessionContent) -> ResidentBusy | None:
        """What takes a resident up at the time of a session; who stays in bed can be visited at the bedside."""
        space = self.source.rows.spaces.get(session.space_id)
        is_visit = space is not None and BEDSIDE in space.features
        for row in self.source.rows.busy.get(resident, ()):
            if is_visit and row.kind == IN_BED:
                continue
            if row.kind in _TAKEN_UP and _meets(hours_of([row], [session.on_date])[0], session):
                return row
        return None

    def closed(self, session: SessionContent, facts: Mapping[str, object]) -> str:
        """Why a space is closed, where its closure says so."""
        closure = self.closure_at(session)
        if closure is None or not closure.reason:
            return ""
        where = self.words.told("{space} is closed during {session}", space=session.space_id, session=session.ref)
        return f"{where}: {closure.reason.rstrip('.')}."

    def busy(self, session: SessionContent, facts: Mapping[str, object]) -> str:
        """What takes a resident up."""
        row = self.taken_up_by(resident := str(facts["resident"]), session)
        return "" if row is None else self.words.told(_TAKEN_UP[row.kind], resident=resident, session=session.ref)

    def beyond(self, session: SessionContent, facts: Mapping[str, object]) -> str:
        """That it asks what somebody cannot, which is no limit of the chart."""
        rows, resident = self.source.rows, str(facts["resident"])
        person, activity = rows.residents.get(resident), rows.activities.get(session.activity_id)
        if person is None or activity is None or not set(person.cannot) & set(activity.asks):
            return ""
        return self.words.told("{resident} cannot do what {session} asks.", resident=resident, session=session.ref)

    def unoffered(self, session: SessionContent, facts: Mapping[str, object]) -> str:
        """That what is held has ended or is out of season, where that is all that the week does not know."""
        is_all = facts["names"] == (session.activity_id,)
        return self.words.told("{session} is not offered in that week.", session=session.ref) if is_all else ""


_FACTS: Mapping[str, Callable[[_Telling, SessionContent, Mapping[str, object]], str]] = {
    "unknown": _Telling.unoffered,
    "avoids_activity": _Telling.beyond,
    "not_open": _Telling.closed,
    "busy": _Telling.busy,
}


def _meets(spans: Sequence[tuple[int, int]], session: SessionContent) -> bool:
    return any(start < session.end_minute and session.start_minute < end for start, end in spans)


def _lives_here(source: ProblemSource, resident_id: str, session: SessionContent) -> bool:
    stays = source.rows.stays.get(resident_id)
    return stays is not None and stays.stays_over(session.on_date)
