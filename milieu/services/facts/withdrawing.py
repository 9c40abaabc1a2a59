"""An invitation that a right speaks against, gone at once from what is published, and so from every page.

Nobody is moved up, and nothing else changes: what the freed places are for, a person or the morning decides. Where the
right was a slip that is taken back, what it took out is there again, as far as nothing stands against that by now.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Publication
from milieu.queries.basis import basis_of
from milieu.queries.open_weeks import open_weeks
from milieu.reasons import Reason
from milieu.services.teller import Teller
from milieu.services.weeks.editions import REPAIR, Edition, issue, lock_community
from milieu.solving.answer.answers import reasons_in
from milieu.solving.answer.checking import Checked, check_week, is_open
from milieu.solving.contents import Place, SessionContent, read_publication, read_published
from milieu.solving.problem.commitments.past import has_begun
from milieu.solving.problem.document import ProblemSource
from milieu.solving.problem.known import source_of

COMPANY, KEPT = "company", "kept"
SLIP = "What was told by a slip was taken back."


@dataclass(frozen=True)
class Right:
    """What speaks against an invitation: `is_against(resident_id, session)`, up to and including the day `until`.

    `label` says in words why a week is published anew.
    """

    is_against: Callable[[str, SessionContent], bool]
    until: date | None
    label: str


def withdraw(db: DbSession, teller: Teller, right: Right) -> int:
    """Take out of the published weeks whom a right names; how many invitations that were.

    What has begun stays as it was. A session of which nobody is left, as a visit, is gone too. Each week that changes
    is published anew, and whoever is told of changes is told of these.
    """
    weeks = weeks_not_over(db, teller)
    return sum(
        withdraw_from_week(db, teller, right, week) for week in weeks if right.until is None or week <= right.until
    )


def weeks_not_over(db: DbSession, teller: Teller) -> Sequence[date]:
    """The Mondays of the published weeks that are not over, while nobody else publishes: the community is locked."""
    return open_weeks(db, teller.community_id, lock_community(db, teller.community_id), teller.now)


def withdraw_from_week(db: DbSession, teller: Teller, right: Right, week_start: date) -> int:
    """The same of one week, whose problem is only made where somebody is out: nobody can write meanwhile."""
    until = basis_of(db, teller.community_id, week_start, teller.now).until
    published = read_published(db, teller.community_id, week_start)
    if published is None:
        return 0

    def left(session: SessionContent) -> SessionContent:
        is_after = right.until is not None and session.on_date > right.until
        if is_after or has_begun(session, week_start, until):
            return session
        staying = tuple(place for place in session.places if not right.is_against(place.resident_id, session))
        return replace(session, places=staying)

    pairs = [(each, left(each)) for each in published.sessions]
    count = sum(len(before.places) - len(after.places) for before, after in pairs)
    if count:
        source = source_of(db, teller.community_id, week_start, teller.now, repair=True)
        kept = [after for before, after in pairs if after.places or not before.places]
        lost = {after.ref for before, after in pairs if len(after.places) < len(before.places)}
        checked = without_company_that_left(source, check_week(source, kept), lost)
        publish_checked(db, teller, source, checked, right.label)
    return count


def publish_checked(db: DbSession, teller: Teller, source: ProblemSource, checked: Checked, label: str) -> None:
    """Publish a week of which single invitations went or came back; `label` says why in words."""
    edition = Edition(
        kind=REPAIR,
        source=source,
        contents=checked.contents,
        objective=checked.objective,
        bound=None,
        terms=checked.terms,
        by=teller.by,
        label=label,
    )
    issue(db, edition, now=teller.now)


def without_company_that_left(source: ProblemSource, checked: Checked, refs: Collection[str]) -> Checked:
    """Those who stay in the sessions `refs` are told that somebody they like is there only where that is still so."""
    if not checked.terms:
        return checked
    reasons = reasons_in(source, checked.sessions)

    def still_true(ref: str, place: Place) -> Place:
        if all(each.code != COMPANY for each in place.reasons):
            return place
        now = reasons.of(ref, place.resident_id)
        company = next((each for each in now if each.code == COMPANY), None)
        told = (company if each.code == COMPANY else each for each in place.reasons)
        return replace(place, reasons=tuple(each for each in told if each is not None) or now or (Reason(KEPT),))

    contents = tuple(
        replace(each, places=tuple(still_true(each.ref, place) for place in each.places)) if each.ref in refs else each
        for each in checked.contents
    )
    return replace(checked, contents=contents)


def give_back(db: DbSession, teller: Teller, resident_ids: Collection[str], told_at: datetime, by: str | None) -> int:
    """Invite those again whom a right took out when an account told it at a moment; how many invitations are back.

    Only what has yet to begin and is still held there and then: no place that is somebody else's by now, and nothing
    that anything else speaks against.
    """
    weeks = weeks_not_over(db, teller)
    published = db.scalars(
        select(Publication).where(
            Publication.community_id == teller.community_id,
            Publication.week_start.in_(weeks),
            Publication.published_at == told_at,
            Publication.published_by == by,
            Publication.kind == REPAIR,
        )
    ).all()
    return sum(_give_back(db, teller, resident_ids, each) for each in published)


def _give_back(db: DbSession, teller: Teller, resident_ids: Collection[str], mended: Publication) -> int:
    """The same of the publication by which they went."""
    previous = db.get_one(Publication, (mended.community_id, mended.previous_id))
    after = {each.ref: each.residents for each in read_publication(db, mended).sessions}
    source = source_of(db, teller.community_id, mended.week_start, teller.now, repair=True)
    published = source.past.published
    week = {each.ref: each for each in published.sessions} if published is not None else {}
    checked, count, refs = check_week(source, week.values()), 0, set()
    for before in read_publication(db, previous).sessions:
        for place in before.places:
            if place.resident_id not in resident_ids or place.resident_id in after.get(before.ref, ()):
                continue
            again = _with_place(week.get(before.ref, replace(before, places=())), before, place)
            if again is None or not is_open(source.facts, again):
                continue
            tried = check_week(source, [*(each for each in week.values() if each.ref != again.ref), again])
            if set(tried.breaches) <= set(checked.breaches):
                week[again.ref], checked, count = again, tried, count + 1
                refs.add(again.ref)
    if count:
        publish_checked(db, teller, source, without_company_that_left(source, checked, refs), SLIP)
    return count


def _with_place(now: SessionContent, before: SessionContent, place: Place) -> SessionContent | None:
    """A session with somebody back in it, the reasons as they were; None where it is elsewhere or they are in it."""
    is_there = (now.on_date, now.start_minute, now.space_id) == (before.on_date, before.start_minute, before.space_id)
    if not is_there or place.resident_id in now.residents:
        return None
    was = {each.resident_id: each for each in before.places}
    places = [*(was.get(each.resident_id, each) for each in now.places), place]
    return replace(now, places=tuple(sorted(places, key=lambda each: each.resident_id)))
