"""Doubts about residents and living groups."""

from collections.abc import Iterator

from solver.documents.paths import Path
from solver.documents.problem import Activity, ProblemDocument, Resident
from solver.model.warnings.doubts import Doubt, warn
from solver.model.warnings.hours import longest_gap, spans


def of_residents(problem: ProblemDocument) -> Iterator[Doubt]:
    reading = _Reading(problem)
    seatless = bool(problem.spaces) and not any(space.wheelchair_places for space in problem.spaces)
    chairs = [index for index, resident in enumerate(problem.residents) if resident.wheelchair]
    for index, resident in enumerate(problem.residents):
        path = ("residents", index)
        if seatless and index in chairs[:1]:
            yield warn((*path, "wheelchair"), "no_wheelchairs", residents=len(chairs))
        for at, calm in enumerate(resident.calm):
            if calm.noise_max > resident.noise_max:
                yield warn((*path, "calm", at, "noise_max"), "calm_louder", resident=resident.id)
        for name in resident.interests:
            if resident.interests[name] > 0 and name in resident.refuses.activities:
                yield warn((*path, "interests", name), "likes_refused", resident=resident.id, activity=name)
        for name in resident.waiting:
            if name in resident.refuses.activities:
                yield warn((*path, "waiting", name), "waits_refused", resident=resident.id, activity=name)
        yield from reading.of_needs(path, resident)
        for name, least in resident.required.items():
            if least:
                yield from reading.of_required((*path, "required", name), resident, name, least)
        yield from reading.of_aims(path, resident)


class _Reading:
    """The activities as one resident after the other looks at them."""

    def __init__(self, problem: ProblemDocument) -> None:
        self.problem, self.days = problem, problem.horizon.days
        self.activities = {row.id: row for row in problem.activities}
        self.only = {row.id: None if row.only is None else frozenset(row.only) for row in problem.activities}
        self.zones = {space.zone for space in problem.spaces}
        self.hours = {row.id: spans(row.windows, self.days) for row in problem.activities}
        self.by_domain: dict[str, list[Activity]] = {}
        for activity in problem.activities:
            for domain in dict.fromkeys(activity.domains):
                self.by_domain.setdefault(domain, []).append(activity)
        self.known = {name for person in problem.facilitators for name in person.familiar_to}
        for tie in problem.ties:
            if tie.strength is not None and tie.strength > 0:
                self.known |= {tie.a, tie.b}

    def may(self, resident: Resident, activity: Activity) -> bool:
        only = self.only[activity.id]
        return (
            activity.id not in resident.refuses.activities
            and activity.id not in resident.avoids.activities
            and (only is None or resident.id in only)
            and (not activity.by_wish or resident.wishes(activity.id))
        )

    def most(self, activity: Activity) -> int:
        """How often a resident can be in sessions of an activity: never twice a day, and so many days apart."""
        return min(activity.sessions.max, -(-self.days // activity.days_apart))

    def of_needs(self, path: Path, resident: Resident) -> Iterator[Doubt]:
        """What a resident needs that can never be."""
        if resident.needs_familiar and resident.id not in self.known:
            yield warn((*path, "needs_familiar"), "nobody_familiar", resident=resident.id)
        if resident.zone_locked and self.problem.spaces and resident.zone not in self.zones:
            yield warn((*path, "zone_locked"), "zone_empty", resident=resident.id)
        wants = resident.sessions.min > 0 or any(resident.required.values())
        if wants and self.problem.activities and resident.busy and self.is_always_busy(resident):
            yield warn((*path, "busy"), "always_busy", resident=resident.id)

    def is_always_busy(self, resident: Resident) -> bool:
        shortest = min(activity.duration_minutes for activity in self.problem.activities)
        return longest_gap(spans(resident.busy, self.days), self.days) < shortest

    def of_required(self, path: Path, resident: Resident, name: str, least: int) -> Iterator[Doubt]:
        activity, only = self.activities[name], self.only[name]
        who = {"resident": resident.id, "activity": name}
        if name in resident.refuses.activities or name in resident.avoids.activities:
            yield warn(path, "own_refusal", **who)
        if only is not None and resident.id not in only:
            yield warn(path, "own_only", **who)
        most, apart = activity.sessions.max, -(-self.days // activity.days_apart)
        own = min(resident.sessions.max, resident.max_per_day * self.days)
        if least > min(most, self.days):
            yield warn(path, "required_often", **who, least=least, most=min(most, self.days))
        elif least > apart:
            yield warn(path, "required_apart", **who, least=least, most=apart, days=activity.days_apart)
        elif least > own:
            yield warn(path, "required_week", **who, least=least, most=own)
        if activity.noise > resident.noise_max:
            yield warn(path, "own_loud", **who, level=activity.noise, limit=resident.noise_max)
        elif resident.busy and not self.has_time(resident, activity):
            yield warn(path, "own_busy", **who)

    def has_time(self, resident: Resident, activity: Activity) -> bool:
        """Whether some hour of the activity touches nothing that keeps the resident busy."""
        length, step = activity.duration_minutes, self.problem.horizon.slot_minutes
        busy: dict[int, list[tuple[int, int]]] = {}
        for day, begin, end in spans(resident.busy, self.days):
            busy.setdefault(day, []).append((begin, end))
        for day, begin, end in self.hours[activity.id]:
            starts = [begin, *(until for _, until in busy.get(day, ()) if begin < until)]
            for start in (-(-start // step) * step for start in starts):
                if start + length <= end and not any(b < start + length and start < e for b, e in busy.get(day, ())):
                    return True
        return not self.hours[activity.id]

    def of_aims(self, path: Path, resident: Resident) -> Iterator[Doubt]:
        """Targets and wishes beyond what a resident can attend."""
        most = min(resident.sessions.max, resident.max_per_day * self.days)
        for at, target in enumerate(resident.targets):
            serving = self.by_domain.get(target.domain, [])
            if target.min and not serving:
                yield warn((*path, "targets", at, "domain"), "no_domain", domain=target.domain)
            elif target.min:
                there = sum(self.most(row) for row in serving if self.may(resident, row))
                if target.min > min(most, there):
                    facts = {"least": target.min, "most": min(most, there)}
                    yield warn(
                        (*path, "targets", at, "min"),
                        "target_high",
                        resident=resident.id,
                        domain=target.domain,
                        **facts,
                    )
        if resident.sessions.min > most:
            yield warn((*path, "sessions", "min"), "wish", resident=resident.id, least=resident.sessions.min, most=most)


def of_groups(problem: ProblemDocument) -> Iterator[Doubt]:
    served = {domain for activity in problem.activities for domain in activity.domains}
    for index, group in enumerate(problem.groups):
        for at, target in enumerate(group.targets):
            path = ("groups", index, "targets", at)
            if target.min and target.domain and target.domain not in served:
                yield warn((*path, "domain"), "no_domain", domain=target.domain)
            if target.min and target.members > len(group.members):
                yield warn((*path, "members"), "group_target", members=target.members, residents=len(group.members))
