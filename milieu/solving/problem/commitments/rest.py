"""What the rest of a week could hold at most: never too little, so that only what is out of reach is given up."""

from collections import Counter
from functools import cached_property

from solver.documents.exchange import (
    DAY_MINUTES,
    Activity,
    Facilitator,
    ProblemDocument,
    Resident,
    Session,
    Space,
    Window,
)


class Rest:
    """Reads a problem from its frozen moment on; each demand is looked at alone, as if nothing else had to be held."""

    def __init__(self, problem: ProblemDocument) -> None:
        self.problem = problem
        until = problem.frozen_until
        self.begin = (until.day, until.minute) if until else (0, 0)
        self.frozen = [row for row in problem.previous if (row.day, row.begin) < self.begin]
        self.held = Counter(row.activity for row in self.frozen)
        self.attended = Counter((who, row.activity) for row in self.frozen for who in row.residents)

    @cached_property
    def came(self) -> Counter[str]:
        """How many sessions each resident has come to."""
        return Counter(who for row in self.frozen for who in row.residents)

    def most_sessions(self, activity: Activity, enough: int) -> int:
        """An upper bound on the sessions that can still be held; no need to count beyond `enough`."""
        count = 0
        for day in range(self.problem.horizon.days):
            if count >= enough:
                break
            count += self._most_on_day(activity, day, enough - count)
        return count

    def most_attended(self, resident: Resident, activity: Activity) -> int:
        """An upper bound on the sessions of an activity that a resident can still come to: one a day at the most."""
        if not may_attend(resident, activity):
            return 0
        free = max(0, activity.sessions.max - self.held[activity.id])
        return min(free, self._most_days(resident, activity))

    def most_left(self, resident: Resident) -> int:
        """How many sessions of any kind a resident can still come to."""
        days = sum(1 for day in range(self.problem.horizon.days) if (day, DAY_MINUTES) > self.begin)
        return max(0, min(resident.sessions.max - self.came[resident.id], resident.max_per_day * days))

    def can_hold(self, activity: Activity, space: Space, day: int, begin: int, guest: Resident | None = None) -> bool:
        """Whether a session could be held then and there, with `guest` where one is given."""
        end = begin + activity.duration_minutes
        if (day, begin) < self.begin or end > DAY_MINUTES:
            return False
        if not (_holds(activity.windows, day, begin, end) and _holds(space.open, day, begin, end)):
            return False
        if not fits(activity, space) or (guest and not self._bears(guest, activity, space, day, begin)):
            return False
        return self._has_team(activity, day, begin, guest) and self._has_group(activity, space, day, begin, guest)

    def _most_on_day(self, activity: Activity, day: int, enough: int) -> int:
        if activity.one_per_day:
            was_held = any(row.activity == activity.id and row.day == day for row in self.frozen)
            enough = min(enough, 0 if was_held else 1)
        if activity.min_group:  # nobody comes twice a day
            enough = min(enough, len(self._may(activity)) // activity.min_group)
        count = 0
        for space in self._spaces(activity):
            after = 0
            for begin in self._starts(activity, day):
                if count >= enough:
                    return count
                if begin >= after and self.can_hold(activity, space, day, begin):
                    count += 1
                    after = begin + activity.duration_minutes + space.turnaround_minutes
        return min(count, enough)

    def can_attend(self, resident: Resident, activity: Activity) -> bool:
        """Whether there is any day on which the resident can still come to the activity."""
        return any(self._can_attend_on(resident, activity, day) for day in range(self.problem.horizon.days))

    def _can_attend_on(self, resident: Resident, activity: Activity, day: int) -> bool:
        if any(
            row.day == day and row.activity == activity.id and self._is_spent(resident, activity, row)
            for row in self.frozen
        ):
            return False
        return any(
            self.can_hold(activity, space, day, begin, resident)
            for begin in self._starts(activity, day)
            for space in self._spaces(activity)
        )

    def _most_days(self, resident: Resident, activity: Activity) -> int:
        """On how many days they can still come, with as many days between as the activity asks for."""
        came = [row.day for row in self.frozen if row.activity == activity.id and resident.id in row.residents]
        count = 0
        for day in range(self.problem.horizon.days):
            is_near = any(abs(day - other) < activity.days_apart for other in came)
            if not is_near and self._can_attend_on(resident, activity, day):
                came.append(day)
                count += 1
        return count

    @staticmethod
    def _is_spent(resident: Resident, activity: Activity, row: Session) -> bool:
        """Whether a session that was held uses up its day, for everybody or for the resident alone."""
        return activity.one_per_day or resident.id in row.residents

    def _starts(self, activity: Activity, day: int) -> tuple[int, ...]:
        """The minutes at which the activity may still begin on a day."""
        key = (activity.id, day)
        if key not in self._known_starts:
            step, length = self.problem.horizon.slot_minutes, activity.duration_minutes
            windows = (
                [(0, DAY_MINUTES)]
                if activity.windows is None
                else [(window.begin, window.end) for window in activity.windows if window.is_on(day)]
            )
            starts = {begin for first, last in windows for begin in range(first, last - length + 1, step)}
            self._known_starts[key] = tuple(sorted(begin for begin in starts if (day, begin) >= self.begin))
        return self._known_starts[key]

    @cached_property
    def _known_starts(self) -> dict[tuple[str, int], tuple[int, ...]]:
        return {}

    def _spaces(self, activity: Activity) -> tuple[Space, ...]:
        """The spaces that have what the activity needs."""
        if activity.id not in self._known_spaces:
            self._known_spaces[activity.id] = tuple(row for row in self.problem.spaces if fits(activity, row))
        return self._known_spaces[activity.id]

    @cached_property
    def _known_spaces(self) -> dict[str, tuple[Space, ...]]:
        return {}

    def _on_duty(self, day: int, begin: int, end: int) -> list[Facilitator]:
        key = (day, begin, end)
        if key not in self._known_teams:
            self._known_teams[key] = [
                each
                for each in self.problem.facilitators
                if each.max_sessions_per_day > 0 and _holds(each.available, day, begin, end)
            ]
        return self._known_teams[key]

    @cached_property
    def _known_teams(self) -> dict[tuple[int, int, int], list[Facilitator]]:
        return {}

    def _has_team(self, activity: Activity, day: int, begin: int, guest: Resident | None) -> bool:
        if activity.facilitators == 0:
            return True
        team = self._on_duty(day, begin, begin + activity.duration_minutes)
        if guest is not None:
            team = [each for each in team if not is_kept_from(guest, facilitator=each)]
        skills = {skill for each in team for skill in each.skills}
        if len(team) < activity.facilitators or not skills >= set(activity.needs_skills):
            return False
        strongest = sorted((each.support for each in team), reverse=True)[: activity.facilitators]
        return guest is None or guest.support <= sum(strongest)

    def _has_group(self, activity: Activity, space: Space, day: int, begin: int, guest: Resident | None) -> bool:
        """Whether enough people who may meet could come."""
        together: Counter[str] = Counter()
        if activity.min_group == 0 or (guest and activity.min_group == 1):
            return True
        for each in self._may(activity):
            if self._bears(each, activity, space, day, begin):
                cohort = each.cohort if self.problem.separate_cohorts else ""
                together[cohort] += 1
                if together[cohort] >= activity.min_group and (guest is None or self._meets(guest, cohort)):
                    return True
        return False

    def _meets(self, guest: Resident, cohort: str) -> bool:
        return not self.problem.separate_cohorts or guest.cohort == cohort

    def _may(self, activity: Activity) -> list[Resident]:
        if activity.id not in self._allowed:
            self._allowed[activity.id] = [each for each in self.problem.residents if may_attend(each, activity)]
        return self._allowed[activity.id]

    @cached_property
    def _allowed(self) -> dict[str, list[Resident]]:
        return {}

    @staticmethod
    def _bears(resident: Resident, activity: Activity, space: Space, day: int, begin: int) -> bool:
        """Whether the resident is free then, may be there, and bears how loud it is."""
        end = begin + activity.duration_minutes
        if resident.max_per_day == 0 or is_kept_from(resident, space=space):
            return False
        if resident.zone_locked and resident.zone != space.zone:
            return False
        level = max(activity.noise, space.noise)
        if level > resident.noise_max or any(window.touches(day, begin, end) for window in resident.busy):
            return False
        return not any(level > window.noise_max and window.touches(day, begin, end) for window in resident.calm)


def fits(activity: Activity, space: Space) -> bool:
    """Whether a space has what the activity needs, and seats for its least group."""
    return set(activity.needs_features) <= set(space.features) and activity.min_group <= space.capacity


def may_attend(resident: Resident, activity: Activity) -> bool:
    """Whether neither the resident nor a limit nor the group's closedness speaks against it, nor that it is by wish."""
    if activity.by_wish and not resident.wishes(activity.id):
        return False
    return (activity.only is None or resident.id in activity.only) and not any(
        activity.id in noes.activities for noes in (resident.refuses, resident.avoids)
    )


def is_kept_from(resident: Resident, *, space: Space | None = None, facilitator: Facilitator | None = None) -> bool:
    """Whether the resident refuses a space or a facilitator, or is to avoid it."""
    return any(
        (space is not None and space.id in noes.spaces)
        or (facilitator is not None and facilitator.id in noes.facilitators)
        for noes in (resident.refuses, resident.avoids)
    )


def _holds(windows: tuple[Window, ...] | None, day: int, begin: int, end: int) -> bool:
    return windows is None or any(window.holds(day, begin, end) for window in windows)
