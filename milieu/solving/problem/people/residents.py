"""Residents as the solver knows them: by id and need, without a name."""

from collections.abc import Iterable, Mapping, Sequence

from milieu.calendar.spans import hours_of, taken_windows
from milieu.calendar.weeks import DAYS
from milieu.models import CalmTime, Limit, Refusal, Resident, Wish
from milieu.solving.problem.people.in_bed import taken_up
from milieu.solving.problem.people.newcomers import least_choice, small_groups
from milieu.solving.problem.programme.places import round_up
from milieu.solving.problem.programme.seasons import liked
from milieu.solving.problem.programme.seating import Seating
from milieu.solving.problem.rows import Rows
from solver.documents import exchange


def make_residents(
    rows: Rows, activities: Iterable[exchange.Activity], seating: Seating
) -> tuple[exchange.Resident, ...]:
    """Everybody who lives here on any day of the week."""
    offered = {activity.id for activity in activities}
    return tuple(_resident(rows, row, offered, seating) for row in rows.residents.values())


def _resident(rows: Rows, row: Resident, offered: set[str], seating: Seating) -> exchange.Resident:
    group = rows.groups[row.living_group_id]
    interests = _interests(liked(rows, row.id), offered)
    return exchange.Resident(
        id=row.id,
        zone=group.zone,
        wheelchair=row.wheelchair,
        escort=row.escort,
        support=row.support,
        noise_max=row.noise_max,
        calm=_calm(rows, row),
        busy=_busy(rows, row),
        interests=interests,
        refuses=_refuses(rows, row, interests, offered, seating),
        avoids=_avoids(rows, row, offered, seating),
        sessions=_bounds(rows, row),
        max_per_day=99 if row.max_per_day is None else row.max_per_day,
        rest_minutes=round_up(row.rest_minutes, rows.slot),
        times={part: row.times[part] for part in exchange.PARTS if row.times.get(part)} if row.times else {},
        targets=_targets(rows, row),
        required=_required(rows, row, offered),
        cohort=_cohort(rows, row),
        zone_locked=row.zone_locked,
        needs_familiar=row.needs_familiar,
    )


def _busy(rows: Rows, row: Resident) -> tuple[exchange.Window, ...]:
    """What takes them up, and the days before they come and from the day on which they leave."""
    return taken_windows(taken_up(rows, row.id), rows.slot)


def _calm(rows: Rows, row: Resident) -> tuple[exchange.CalmWindow, ...]:
    """Each noise level by itself: where two overlap, the lower one binds anyway."""
    by_level: dict[int, list[CalmTime]] = {}
    for calm in rows.calm.get(row.id, ()):
        by_level.setdefault(calm.noise_max, []).append(calm)
    return tuple(
        exchange.CalmWindow(day=window.day, from_=window.from_, to=window.to, noise_max=level)
        for level, hours in sorted(by_level.items())
        for window in taken_windows(hours_of(hours, rows.week.days), rows.slot)
    )


def _interests(wishes: Mapping[str, Wish], offered: set[str]) -> dict[str, int]:
    """One number an activity: the resident's own word before others', the newest of each."""
    return {
        activity: wish.strength
        for activity, wish in sorted(wishes.items())
        if wish.strength != 0 and activity in offered
    }


def _refuses(
    rows: Rows, row: Resident, interests: dict[str, int], offered: set[str], seating: Seating
) -> exchange.Noes:
    """Their standing noes, what rests after two noes of late, and what they do not like: no invitation either."""
    noes = _noes(rows.refusals.get(row.id, ()), offered, seating)
    unasked = {each.activity_id for each in rows.resting.get(row.id, ())} & offered
    unasked |= {activity for activity, liking in interests.items() if liking < 0}
    return noes.model_copy(update={"activities": tuple(sorted(unasked | set(noes.activities)))})


def _avoids(rows: Rows, row: Resident, offered: set[str], seating: Seating) -> exchange.Noes:
    """Their charted limits, and what asks of them what they cannot."""
    limits = _noes(rows.limits.get(row.id, ()), offered, seating)
    cannot = set(row.cannot)
    beyond = {each for each in offered if cannot.intersection(rows.activities[each].asks)} if cannot else set()
    return limits.model_copy(update={"activities": tuple(sorted(beyond | set(limits.activities)))})


def _noes(noes: Sequence[Refusal] | Sequence[Limit], offered: set[str], seating: Seating) -> exchange.Noes:
    return exchange.Noes(
        activities=tuple(sorted({no.activity_id for no in noes if no.activity_id in offered and no.activity_id})),
        spaces=tuple(sorted({each for no in noes if no.space_id for each in seating.both(no.space_id)})),
        facilitators=tuple(sorted({no.facilitator_id for no in noes if no.facilitator_id})),
    )


def _bounds(rows: Rows, row: Resident) -> exchange.WishBounds:
    """How many sessions they wish for; of a week that they are here for only a part of, that part."""
    here = sum(rows.stays[row.id].stays_over(day) for day in rows.week.days)
    most = 99 if row.sessions_max is None else row.sessions_max
    return exchange.WishBounds(min=min(least_choice(rows, row) * here // DAYS, most), max=most)


def _targets(rows: Rows, row: Resident) -> tuple[exchange.Target, ...]:
    own = tuple(
        exchange.Target(domain=target.domain, min=target.min_sessions, weight=target.weight)
        for target in sorted(rows.targets.get(row.id, ()), key=lambda target: (target.domain, target.id))
    )
    return (*own, *small_groups(rows, row))


def _required(rows: Rows, row: Resident, offered: set[str]) -> dict[str, int]:
    """Of several demands for one activity the largest."""
    least: dict[str, int] = {}
    for demand in rows.requirements.get(row.id, ()):
        if demand.activity_id in offered:
            least[demand.activity_id] = max(least.get(demand.activity_id, 0), demand.times_a_week)
    return dict(sorted(least.items()))


def _cohort(rows: Rows, row: Resident) -> str:
    """Kept apart from the others: a living group under outbreak, and where the settings say so, each group's own."""
    if row.living_group_id in rows.outbreaks:
        return f"outbreak {row.living_group_id}"
    return rows.groups[row.living_group_id].cohort if rows.settings.separate_cohorts else ""


def has_cohorts(rows: Rows) -> bool:
    """Whether cohorts are kept apart in the rest of the week."""
    return rows.settings.separate_cohorts or bool(rows.outbreaks)
