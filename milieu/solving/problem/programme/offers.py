"""What should be on, each day and for each living group: the community's own aims, and a least without any."""

from collections.abc import Iterable

from milieu.calendar.spans import is_valid
from milieu.models import ProgrammeAim
from milieu.solving.problem.rows import Rows
from solver.documents import exchange

TOGETHER = "open to all"
"""A domain of our own: activities of groups that are closed to nobody, by which living groups meet others."""

WITH_OTHERS, MEMBERS = 2, 2
"""How often a week each living group should meet others, and how many of its members count as the group."""


def make_offers(rows: Rows) -> tuple[exchange.Offer, ...]:
    """How many sessions every day should have, the aims told, and something each day for each group without its own."""
    least = rows.settings.programme_min_sessions_per_day
    whole = (exchange.Offer(min=least),) if least else ()
    told = sorted((offer for aim in rows.programme_aims for offer in _offers(rows, aim)), key=_when)
    own = {aim.living_group_id for aim in rows.programme_aims}
    daily = tuple(
        exchange.Offer(group=group, members=min(MEMBERS, len(members)), min=1)
        for group, members in members_of(rows).items()
        if group not in own
    )
    return (*whole, *told, *daily)


def _when(offer: exchange.Offer) -> tuple[str, int, str, str, int]:
    return offer.group or "", offer.day or 0, offer.from_, offer.to, offer.min


def _offers(rows: Rows, aim: ProgrammeAim) -> Iterable[exchange.Offer]:
    """An aim on each day of the week that it speaks of; of a living group no more members than it has."""
    members = members_of(rows)
    if not aim.min_sessions or (aim.living_group_id is not None and aim.living_group_id not in members):
        return
    for day, on in enumerate(rows.week.days):
        if aim.on_date not in (None, on) or aim.weekday not in (None, day):
            continue
        if not is_valid(aim.valid_from, aim.valid_until, on, on):
            continue
        group = aim.living_group_id
        yield exchange.Offer(
            day=day,
            from_=exchange.clock(aim.start_minute),
            to=exchange.clock(aim.end_minute),
            group=group,
            members=1 if group is None else min(aim.members, len(members[group])),
            min=aim.min_sessions,
            weight=aim.weight,
        )


def members_of(rows: Rows) -> dict[str, list[str]]:
    """Who of this week's residents lives in each living group; groups with nobody are left out."""
    members: dict[str, list[str]] = {}
    for resident in rows.residents.values():
        members.setdefault(resident.living_group_id, []).append(resident.id)
    return {group: members[group] for group in rows.groups if group in members}


def meets_others(rows: Rows, group: str) -> exchange.GroupTarget | None:
    """That a living group is with others, where it may be: not while groups are kept apart."""
    if rows.settings.separate_cohorts or rows.outbreaks:
        return None
    members = members_of(rows)
    if len(members) < 2 or len(members[group]) < MEMBERS:
        return None
    return exchange.GroupTarget(domain=TOGETHER, members=MEMBERS, min=WITH_OTHERS)
