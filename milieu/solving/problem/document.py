"""Rows to a problem document: the facts of a week, what happened in it, and what can still be asked of it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from milieu.calendar.weeks import Moment, Week
from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.solving.contents import SessionContent
from milieu.solving.problem.commitments.demands import ENDED, Note, settle_demands
from milieu.solving.problem.commitments.fixed import settle_pins
from milieu.solving.problem.commitments.past import Past, as_session, has_begun, read_past
from milieu.solving.problem.commitments.pins import make_pins
from milieu.solving.problem.commitments.turns import waiting_of
from milieu.solving.problem.commitments.usual import make_usual
from milieu.solving.problem.people.apart import after_last_week, before_next_week
from milieu.solving.problem.people.birthdays import birthday_invitations
from milieu.solving.problem.people.bonds import make_groups, make_ties
from milieu.solving.problem.people.in_bed import open_to_visits
from milieu.solving.problem.people.newcomers import as_small, neighbours
from milieu.solving.problem.people.residents import has_cohorts, make_residents
from milieu.solving.problem.people.staff import make_facilitators, make_former_facilitators
from milieu.solving.problem.programme.activities import as_large_as_told, make_activities, make_former_activities
from milieu.solving.problem.programme.offers import make_offers
from milieu.solving.problem.programme.places import make_escorts, make_former_spaces, make_spaces, make_travel
from milieu.solving.problem.programme.seating import NOTHING_TWICE, Seating, seating_of
from milieu.solving.problem.rows import Rows, load_rows
from solver.documents import exchange

WEEK_WEIGHTS = {"turn": 16}
"""Where a week is weighed otherwise than the format does by itself: being behind by one time more is two points of
waiting, worth 32. With less, who was left behind for a week comes after who has company or a better time of day, so
that the same people come first again and again.
"""

REPAIR_WEIGHTS = {"cancel": 60, "move": 40, "relocate": 8, "drop": 45, "relead": 40}
"""What a change costs for each person told otherwise, once people were told, and for each who no longer leads:
docs/decisions/repair.md says why."""

WEEK_OVER = "This week is over; only this week and those to come can be planned."

NOT_FACTS = {"name", "weights", "previous", "frozen_until"}


@dataclass(frozen=True)
class WeekFacts:
    """A week as it is now: its rows, what is published of it, and its facts as if nothing had happened in it yet.

    `digest` is the SHA-256 of the facts, without what was published, what happened, weights and cuts: equal as long as
    nothing has changed. `notes` are the demands for what has left. `birthdays` are the (resident, activity) that are
    asked for a birthday, not for a care plan. `seating` says how spaces are told.
    """

    rows: Rows
    past: Past
    facts: exchange.ProblemDocument
    digest: str
    notes: tuple[Note, ...]
    birthdays: frozenset[tuple[str, str]] = frozenset()
    seating: Seating = NOTHING_TWICE

    @property
    def week(self) -> Week:
        return self.rows.week


@dataclass(frozen=True)
class ProblemSource:
    """A problem as the solver is given it, and the week that it was made from.

    `raw` is canonical: equal rows at an equal moment give equal bytes. `notes` are the demands that were dropped or
    lowered.
    """

    document: exchange.ProblemDocument
    raw: bytes
    notes: tuple[Note, ...]
    facts: WeekFacts

    @property
    def digest(self) -> str:
        """By what a schedule names this problem."""
        return exchange.digest(self.raw)

    @property
    def facts_digest(self) -> str:
        return self.facts.digest

    @property
    def rows(self) -> Rows:
        return self.facts.rows

    @property
    def past(self) -> Past:
        return self.facts.past

    @property
    def week(self) -> Week:
        return self.facts.week

    @property
    def birthdays(self) -> frozenset[tuple[str, str]]:
        return self.facts.birthdays

    @property
    def seed(self) -> int:
        return self.week.seed


def read_facts(
    db: DbSession,
    community_id: str,
    week_start: date,
    now: datetime,
    *,
    supposing: Callable[[Rows], Rows] | None = None,
) -> WeekFacts:
    """A week as of a moment; `supposing` makes other rows of those that there are.

    Raises NotFound; Invalid where the week starts on no Monday; Conflict where it is over.
    """
    rows = load_rows(db, community_id, week_start, now)
    if supposing is not None:
        rows = supposing(rows)
    if rows.week.is_over(now, rows.slot):
        raise Conflict(WEEK_OVER)
    seating = seating_of(rows)
    facts, notes, birthdays = _facts(rows, seating)
    digest = hashlib.sha256(canonical(facts, without=NOT_FACTS)).hexdigest()
    past = read_past(db, rows, rows.week.moment(now, rows.slot), seating)
    return WeekFacts(rows, past, facts, digest, notes, birthdays, seating)


def make_problem(db: DbSession, community_id: str, week_start: date, now: datetime, *, repair: bool) -> ProblemSource:
    """The problem of a week as of a moment; `repair` takes the weights that guard what is published.

    Raises as `read_facts` does.
    """
    return problem_of(read_facts(db, community_id, week_start, now), repair=repair)


def problem_of(week: WeekFacts, *, repair: bool, times: int = 1) -> ProblemSource:
    """The same from facts that were read; `times` so often counts each change of what was published."""
    weights = {"weights": _weights(week.rows, repair=repair, times=times)}
    document = _with_habits(week.rows, _with_past(week), week.seating)
    opened = open_to_visits(week.rows, document.model_copy(update=weights))
    settled, notes = settle_demands(opened)
    settled, lost = settle_pins(settled)
    raw = canonical(settled)
    return ProblemSource(_read(raw), raw, (*week.notes, *notes, *lost), week)


def near(source: ProblemSource, sessions: Iterable[SessionContent], changes: Mapping[str, int]) -> ProblemSource:
    """The same problem, with a week that stands in the place of what is published: a change of it costs `changes`.

    Of the sessions only those to come count, as far as what they name is still there.
    """
    document, week = source.document, source.facts
    offered = {row.id for row in document.activities}
    spaces = {row.id for row in document.spaces}
    staff, residents = ({row.id for row in rows} for rows in (document.facilitators, document.residents))
    told = []
    for each in sessions:
        if has_begun(each, week.week.start, week.past.until) or each.activity_id not in offered:
            continue
        row = as_session(week.seating, each, week.week.start, residents.intersection(each.residents))
        if row.space in spaces:
            led = tuple(leader for leader in row.facilitators if leader in staff)
            told.append(row.model_copy(update={"facilitators": led}))
    weights = exchange.Weights.model_validate(document.weights.model_dump() | dict(changes))
    return as_source(source, {"previous": (*week.past.frozen, *told), "weights": weights})


def as_source(source: ProblemSource, changed: Mapping[str, Any]) -> ProblemSource:
    """The same week with some fields of its document otherwise."""
    raw = canonical(source.document.model_copy(update=dict(changed)))
    return replace(source, document=_read(raw), raw=raw)


def canonical(document: exchange.ProblemDocument, *, without: Iterable[str] = ()) -> bytes:
    """The document as JSON with sorted keys and without what has its default."""
    tree = document.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=set(without))
    tree["format"] = document.format
    return json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _read(raw: bytes) -> exchange.ProblemDocument:
    """What the solver will read. An error in it is a fault of this program, never of its users."""
    try:
        return exchange.read_problem(raw)
    except exchange.DocumentErrors as errors:
        raise AssertionError(f"the problem made from the rows has errors:\n{errors}") from errors


def _facts(
    rows: Rows, seating: Seating
) -> tuple[exchange.ProblemDocument, tuple[Note, ...], frozenset[tuple[str, str]]]:
    """The week as if nothing had happened in it yet, with all demands; notes of what asks for things that left; and
    who is asked to what for a birthday.
    """
    activities = as_small(rows, after_last_week(rows, make_activities(rows, seating)))
    spaces, facilitators = make_spaces(rows, seating), make_facilitators(rows)
    there = {row.id for row in spaces} | {row.id for row in facilitators}
    residents = tuple(_without_gone(each, there) for each in make_residents(rows, activities, seating))
    birthdays = birthday_invitations(rows, residents, activities)
    residents = tuple(_celebrated(each, birthdays) for each in residents)
    ties = make_ties(rows)
    given: dict[str, Any] = {"escorts": make_escorts(rows)}
    facts = exchange.ProblemDocument(
        format="milieu-problem/2",
        name=f"{rows.community.key} {rows.week.name}",
        horizon=exchange.Horizon(
            start=rows.week.start, days=7, slot_minutes=rows.slot, timezone=rows.community.timezone
        ),
        spaces=spaces,
        facilitators=facilitators,
        activities=activities,
        residents=residents,
        ties=tuple(sorted((*ties, *neighbours(rows, ties)), key=lambda each: (each.a, each.b))),
        groups=make_groups(rows),
        travel=make_travel(rows),
        separate_cohorts=has_cohorts(rows),
        offers=make_offers(rows),
        **{key: value for key, value in given.items() if value is not None},
    )
    pins, lost = make_pins(rows, facts, seating)
    return open_to_visits(rows, facts.model_copy(update={"pins": pins})), (*_ended(rows, facts), *lost), birthdays


def _without_gone(resident: exchange.Resident, there: set[str]) -> exchange.Resident:
    """Noes to spaces and facilitators that are not there this week have nothing to say."""
    noes = {
        why: no.model_copy(
            update={
                "spaces": tuple(each for each in no.spaces if each in there),
                "facilitators": tuple(each for each in no.facilitators if each in there),
            }
        )
        for why, no in (("refuses", resident.refuses), ("avoids", resident.avoids))
    }
    return resident.model_copy(update=noes)


def _celebrated(resident: exchange.Resident, birthdays: frozenset[tuple[str, str]]) -> exchange.Resident:
    """The resident asked once to each activity that celebrates their birthday this week."""
    asked = {what: 1 for who, what in birthdays if who == resident.id}
    return resident.model_copy(update={"required": dict(sorted((resident.required | asked).items()))})


def _ended(rows: Rows, facts: exchange.ProblemDocument) -> tuple[Note, ...]:
    """Demands for activities that are not offered this week."""
    offered = {activity.id for activity in facts.activities}
    return tuple(
        Note(ENDED, activity=demand.activity_id, resident=resident, was=demand.times_a_week)
        for resident in rows.residents
        for demand in rows.requirements.get(resident, ())
        if demand.activity_id not in offered
    )


def _with_past(week: WeekFacts) -> exchange.ProblemDocument:
    """What happened is kept; who and what it names is kept with it, never to be used again."""
    rows, facts, past = week.rows, week.facts, week.past
    activities = {row.activity for row in past.frozen} - {row.id for row in facts.activities}
    spaces = {row.space for row in past.frozen} - {row.id for row in facts.spaces}
    staff = {each for row in past.frozen for each in row.facilitators} - {row.id for row in facts.facilitators}
    return facts.model_copy(
        update={
            "activities": (
                *as_large_as_told(facts.activities, past.told),
                *make_former_activities(rows, week.seating, activities),
            ),
            "spaces": (*facts.spaces, *make_former_spaces(rows, spaces)),
            "facilitators": (*facts.facilitators, *make_former_facilitators(rows, staff)),
            "previous": past.previous,
            "frozen_until": _frozen_until(past.until),
        }
    )


def _with_habits(rows: Rows, document: exchange.ProblemDocument, seating: Seating) -> exchange.ProblemDocument:
    """What other weeks were like and who waits: no facts, so that a plan made before stays as good as it was."""
    waiting = waiting_of(rows, document)
    activities = before_next_week(rows, document.activities, document.previous)
    residents = tuple(each.model_copy(update={"waiting": waiting.get(each.id, {})}) for each in document.residents)
    usual = tuple(map(seating.used_to, make_usual(rows, residents, activities)))
    return document.model_copy(update={"activities": activities, "residents": residents, "usual": usual})


def _frozen_until(until: Moment | None) -> exchange.FrozenUntil | None:
    return None if until is None else exchange.FrozenUntil(day=until.day, time=exchange.clock(until.minute))


def _weights(rows: Rows, *, repair: bool, times: int) -> exchange.Weights:
    given = WEEK_WEIGHTS | (rows.settings.weights or {})
    if repair:
        given |= REPAIR_WEIGHTS | (rows.settings.repair_weights or {})
    weights = exchange.Weights.model_validate(given)
    dearer = {name: times * getattr(weights, name) for name in exchange.OF_CHANGES}
    return weights if times == 1 else exchange.Weights.model_validate(weights.model_dump() | dearer)
