"""What can be done with the people of a session, beside those who are invited to it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.queries.facts.by_day import Choice
from milieu.queries.names import resident_names
from milieu.queries.residents.people import people_of_week
from milieu.queries.ties.bonds import TEAM, bonds_of, closest
from milieu.services.by_hand.choices import read_week, who_could_come
from milieu.services.by_hand.fixed import Fixed, fixed_in
from milieu.services.by_hand.ways import Way, Ways
from milieu.services.weeks.openings import Openings
from web.director.week.sources import Source
from web.forms import teller


@dataclass(frozen=True)
class Offered:
    """`others` are all who are not invited, by name; `would_like` those of them who could come if something changed.

    `company` is, by the resident, whom of those invited they like, by name: the director may know. `kept_out` are those
    who were kept out of it by hand.
    """

    openings: Openings | None = None
    others: tuple[Choice, ...] = ()
    would_like: tuple[Way, ...] = ()
    company: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: Fixed | None = None
    kept_out: tuple[Choice, ...] = ()


def offered(db: DbSession, week_start: date, source: Source, ref: str, *, can_change: bool, is_visit: bool) -> Offered:
    """For a session that is not over."""
    by = teller()
    invited = {place.resident_id: place for each in source.cards if each.ref == ref for place in each.places}
    told = {who for who, place in invited.items() if any(each.code == "company" for each in place.reasons)}
    company = _company(db, by.community_id, invited.keys(), told, by.today(db)) if told else {}
    if not can_change or source.draft is None:
        return Offered(company=company)
    people = () if is_visit else people_of_week(db, by.community_id, week_start)
    others = [Choice(each.id, f"{each.name}, {each.room}") for each in people if each.id not in invited]
    others.sort(key=lambda each: each.name.casefold())
    fixed = fixed_in(db, by.community_id, week_start, ref)
    if is_visit:
        return Offered(company=company, fixed=fixed)
    kept_out = tuple(each for each in others if each.id in fixed.absent)
    read = read_week(db, by, week_start, source.draft.id)
    try:
        would_like = Ways(db, read.source, read.sessions).who_would_like(ref)
    except Conflict:
        would_like = ()
    return Offered(who_could_come(db, by, read, ref), tuple(others), would_like, company, fixed, kept_out)


def _company(
    db: DbSession, community_id: str, invited: Collection[str], told: Collection[str], today: date
) -> dict[str, tuple[str, ...]]:
    """Of those who are told that somebody they like is there: who that is, by what the whole team may know."""
    names, found = resident_names(db, community_id), dict[str, list[str]]()
    for pair in closest(bonds_of(db, community_id, seen_by=TEAM), today):
        for who in pair & frozenset(told):
            found.setdefault(who, []).extend(names[other] for other in pair - {who} if other in invited)
    return {who: tuple(sorted(those)) for who, those in found.items() if those}
