"""What residents said matters to them, and which of it they could not do and nobody has answered yet."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.models import Activity, ActivityMember, Assessment, Resident, WishAnswer
from milieu.models.validity import is_there
from milieu.preferences import FEW_ANSWERS, HINDERED, QUESTIONS, SILENT
from milieu.queries.person.rows import Rows, Values
from milieu.queries.residents.people import full_name
from milieu.queries.residents.stays import lives_here


@dataclass(frozen=True)
class Sitting:
    """One assessment: who answered (`speaker` names whoever else did), when, and the code of each question asked."""

    id: str
    asked_on: date
    said_by: str
    speaker: str
    codes: Mapping[str, str]

    def asked_as(self, code: str) -> tuple[str, ...]:
        """The questions that were answered so, in the order in which they are asked."""
        return tuple(question for question in QUESTIONS if self.codes.get(question) == code)

    @property
    def is_thin(self) -> bool:
        """Whether so much has no answer that what is seen of somebody tells more."""
        return sum(self.codes.get(question, SILENT) == SILENT for question in QUESTIONS) >= FEW_ANSWERS


@dataclass(frozen=True)
class Met:
    """What was done about something important that could not be done: an adaptation, or visits with an activity."""

    id: str
    question: str
    answer: str
    activity: str
    how: str
    answered_on: date


@dataclass(frozen=True)
class Unmet:
    """Something important to a resident that they cannot do or have no choice in, said on a day and unanswered."""

    resident_id: str
    name: str
    question: str
    said_on: date


@dataclass(frozen=True)
class Matters:
    """What is known of what matters to somebody: the newest sitting, what is unmet, and what was answered."""

    sitting: Sitting | None
    unmet: tuple[str, ...]
    met: tuple[Met, ...]


def matters_to(rows: Rows, names: Mapping[str, str], on: date) -> Matters:
    """What a resident's rows say on a day. `names` are those of activities, by id."""
    sittings = _sittings(rows.of["assessment"].values(), on)
    answers = [row for row in rows.of["wish_answer"].values() if row["answered_on"] <= on]
    met = [
        Met(row["id"], row["question"], row["answer"], names.get(row["activity_id"] or "", ""), row["how"], day)
        for row in answers
        if (day := row["answered_on"])
    ]
    open_now = _unmet(sittings, [(row["question"], row["answered_on"]) for row in answers])
    return Matters(
        sittings[-1] if sittings else None,
        tuple(question for question in QUESTIONS if question in open_now),
        tuple(sorted(met, key=lambda each: (each.answered_on, each.id), reverse=True)),
    )


def unmet_wishes(
    db: DbSession, community_id: str, today: date, *, of: Collection[str] | None = None
) -> tuple[Unmet, ...]:
    """What is unmet of those who live here (or of some of them), what was said first before. Two queries at most."""
    mine = Assessment.community_id == community_id
    rows: dict[str, list[Values]] = defaultdict(list)
    names = {}
    query = (
        select(Assessment.__table__, Resident.given_name, Resident.family_name, Resident.called)
        .join(Resident, (Resident.community_id == Assessment.community_id) & (Resident.id == Assessment.resident_id))
        .where(mine, lives_here(today, today))
    )
    for row in db.execute(query if of is None else query.where(Assessment.resident_id.in_(of))).mappings():
        rows[row["resident_id"]].append(dict(row))
        names[row["resident_id"]] = full_name(row["given_name"], row["family_name"], row["called"])
    if not rows:
        return ()
    answered = defaultdict(list)
    for resident_id, question, day in db.execute(
        select(WishAnswer.resident_id, WishAnswer.question, WishAnswer.answered_on).where(
            WishAnswer.community_id == community_id, WishAnswer.resident_id.in_(rows)
        )
    ):
        answered[resident_id].append((question, day))
    found = [
        Unmet(who, names[who], question, day)
        for who, held in rows.items()
        for question, day in _unmet(_sittings(held, today), answered[who]).items()
    ]
    return tuple(sorted(found, key=lambda each: (each.said_on, each.name, each.resident_id, each.question)))


def _sittings(rows: Iterable[Mapping[str, Any]], on: date) -> list[Sitting]:
    """The oldest first; of one day a relative's before their own, which counts more."""
    found = [
        Sitting(
            row["id"],
            row["asked_on"],
            row["said_by"],
            row["speaker"],
            {question: row[question] for question in QUESTIONS if row[question]},
        )
        for row in rows
        if row["asked_on"] <= on
    ]
    return sorted(found, key=lambda sitting: (sitting.asked_on, sitting.said_by == "resident", sitting.id))


def _unmet(sittings: Iterable[Sitting], answers: Iterable[tuple[str, date]]) -> dict[str, date]:
    """The questions whose newest answer is that it cannot be, with the day since when that is said and unanswered."""
    done: dict[str, date] = {}
    for question, day in answers:
        done[question] = max(done.get(question, day), day)
    since: dict[str, date] = {}
    for sitting in sittings:
        for question, code in sitting.codes.items():
            if code == HINDERED:
                if sitting.asked_on > done.get(question, date.min):
                    since.setdefault(question, sitting.asked_on)
            elif code != SILENT:
                since.pop(question, None)
    return since


def visits_offered(db: DbSession, community_id: str, resident_id: str, today: date) -> tuple[tuple[str, str], ...]:
    """What somebody can be visited with: id and name of what is for one person, and open or theirs. One query."""
    own = (
        select(ActivityMember.id)
        .where(
            ActivityMember.community_id == community_id,
            ActivityMember.activity_id == Activity.id,
            ActivityMember.resident_id == resident_id,
        )
        .exists()
    )
    rows = db.execute(
        select(Activity.id, Activity.name)
        .where(
            Activity.community_id == community_id,
            Activity.max_group == 1,
            is_there(Activity, today),
            or_(Activity.is_closed.is_(False), own),
        )
        .order_by(Activity.name, Activity.id)
    )
    return tuple((row.id, row.name) for row in rows)
