"""Why each place of a schedule is given: the parts of the score that it earns, weightiest first."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from milieu.reasons import FAVOURITE, LIKED, Reason
from solver.documents.exchange import Activity, ProblemDocument, Resident, Session, part_of_day

Weighed: TypeAlias = tuple[int, Reason]
Pair: TypeAlias = frozenset[str]

CARE_PLAN_FIRST = 10_000
FEW_OTHERS = 2


class Grounds:
    """Reads one problem and one schedule of it. Ties of `private` pairs count, but are never told.

    `said_by`: whose word it is that a resident likes an activity, by (resident, activity);
    `birthdays`: what they are asked to for their birthday, likewise.
    """

    def __init__(
        self,
        problem: ProblemDocument,
        sessions: Sequence[Session],
        private: Collection[Pair] = frozenset(),
        said_by: Mapping[tuple[str, str], str] | None = None,
        birthdays: Collection[tuple[str, str]] = frozenset(),
    ) -> None:
        self.problem, self.private, self.said_by, self.birthdays = problem, private, said_by or {}, birthdays
        self.weights = problem.weights
        self.sessions = sorted(sessions, key=lambda row: (row.day, row.begin, row.id))
        self.activities = {row.id: row for row in problem.activities}
        self.residents = {row.id: row for row in problem.residents}
        self.familiar = {row.id: set(row.familiar_to) for row in problem.facilitators}
        self.told = {row.id: set(row.residents) for row in problem.previous}
        self.week: dict[str, list[Session]] = defaultdict(list)
        for session in self.sessions:
            for resident in session.residents:
                self.week[resident].append(session)
        self.strength: dict[str, dict[str, int]] = defaultdict(dict)
        for tie in problem.ties:
            if (tie.strength or 0) > 0 and frozenset((tie.a, tie.b)) not in private:
                self.strength[tie.a][tie.b] = self.strength[tie.b][tie.a] = tie.strength or 0
        self.group_aims = self._serving_groups()

    def of(self, session: Session, resident_id: str) -> tuple[Reason, ...]:
        """The reasons for a place, weightiest first; at least one."""
        resident = self.residents.get(resident_id)
        if resident is None:
            return (Reason("kept"),)
        weighed = [*self._own(session, resident), *self._of_others(session, resident)]
        weighed.sort(key=lambda pair: -pair[0])
        return tuple(reason for _, reason in weighed) or (self._last_resort(session, resident),)

    def _own(self, session: Session, resident: Resident) -> Iterator[Weighed]:
        """What they need, like and aim at."""
        activity = self.activities[session.activity]
        if times := resident.required.get(activity.id, 0):
            is_birthday = (resident.id, activity.id) in self.birthdays
            yield CARE_PLAN_FIRST, Reason("birthday", 1) if is_birthday else Reason("care_plan", times)
        if (liking := resident.interests.get(activity.id, 0)) >= LIKED:
            whose = self.said_by.get((resident.id, activity.id))
            yield self.weights.interest * liking, Reason("wish", liking, said_by=whose)
        for target in resident.targets:
            serving = [row for row in self.week[resident.id] if target.domain in self._domains(row)]
            if session in serving[: target.min]:
                yield self.weights.target * target.weight, Reason("aim", target.min, target.domain)
        if _favourite(resident) == part_of_day(session.begin):
            yield self.weights.time * FAVOURITE, Reason("time", FAVOURITE)
        welcome = [row for row in self.week[resident.id] if resident.interests.get(row.activity, 0) >= 0]
        others = len(self.week[resident.id]) - 1
        if session in welcome and others <= FEW_OTHERS:
            earlier = len(welcome) - 1
            yield sum(self.weights.engagement[earlier : earlier + 1]), Reason("fair", others)

    def _of_others(self, session: Session, resident: Resident) -> Iterator[Weighed]:
        """Whom they meet, and what their living group aims at."""
        friends = [self.strength[resident.id].get(other, 0) for other in session.residents]
        if strongest := max(friends, default=0):
            warmth = self.weights.tie * strongest + self.weights.companion
            yield warmth, Reason("company", sum(each > 0 for each in friends))
        if any(resident.id in self.familiar.get(leader, ()) for leader in session.facilitators):
            yield self.weights.companion * (2 if resident.needs_familiar else 1), Reason("familiar", 1)
        yield from self.group_aims.get((session.id, resident.id), ())

    def _last_resort(self, session: Session, resident: Resident) -> Reason:
        if resident.id in self.told.get(session.id, ()):
            return Reason("kept")
        least = self.activities[session.activity].min_group
        is_liked = resident.interests.get(session.activity, 0) >= 0
        return Reason("open") if is_liked and len(session.residents) > least else Reason("needed", least)

    def _serving_groups(self) -> dict[tuple[str, str], list[Weighed]]:
        """(session, resident) -> the aims of their living group that the session is needed for."""
        found: dict[tuple[str, str], list[Weighed]] = defaultdict(list)
        for group in self.problem.groups:
            members = set(group.members)
            for target in group.targets:
                rightful = [row for row in self.sessions if target.domain in ("", *self._domains(row))]
                serving = [row for row in rightful if len(members & set(row.residents)) >= target.members]
                for row in serving[: target.min]:
                    value = self.weights.group * target.weight // target.members
                    for each in members & set(row.residents):
                        found[row.id, each].append((value, Reason("group_aim", target.min, target.domain)))
        return found

    def _domains(self, session: Session) -> tuple[str, ...]:
        activity: Activity = self.activities[session.activity]
        return activity.domains


def _favourite(resident: Resident) -> str | None:
    """The one part of the day that they like best, None where that is none or more than one."""
    best = [part for part, liking in resident.times.items() if liking >= FAVOURITE]
    return best[0] if len(best) == 1 else None
