"""What a draft or published week holds: sessions, who leads them, who is invited and why."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import (
    Activity,
    Invitation,
    Plan,
    PlanLeader,
    PlanPlace,
    PlanSession,
    Publication,
    PublishedLeader,
    PublishedSession,
    Space,
)
from milieu.reasons import Reason, read_reasons


@dataclass(frozen=True)
class Place:
    """A resident's place in a session, with the reasons for it, weightiest first."""

    resident_id: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class SessionContent:
    """A session as a page can show it. Times are local minutes from midnight, names those of when it was made.

    `facilitators` and `places` are in the order of their ids.
    """

    ref: str
    activity_id: str
    space_id: str
    title: str
    space_name: str
    domains: tuple[str, ...]
    on_date: date
    start_minute: int
    end_minute: int
    seats: int
    is_visit: bool
    facilitators: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def residents(self) -> tuple[str, ...]:
        return tuple(place.resident_id for place in self.places)


@dataclass(frozen=True)
class PublishedWeek:
    """The newest publication of a week with all its sessions, in order of time."""

    publication: Publication
    sessions: tuple[SessionContent, ...]


def read_published(db: DbSession, community_id: str, week_start: date) -> PublishedWeek | None:
    """The week as it is published now, None where it never was."""
    publication = db.scalars(
        select(Publication)
        .where(Publication.community_id == community_id, Publication.week_start == week_start)
        .order_by(Publication.number.desc())
        .limit(1)
    ).first()
    return None if publication is None else read_publication(db, publication)


def read_publication(db: DbSession, publication: Publication) -> PublishedWeek:
    """A publication with what it holds, the newest of its week or an older one."""
    community_id = publication.community_id
    rows = db.scalars(
        select(PublishedSession).where(
            PublishedSession.community_id == community_id, PublishedSession.publication_id == publication.id
        )
    ).all()
    ids = select(PublishedSession.id).where(
        PublishedSession.community_id == community_id, PublishedSession.publication_id == publication.id
    )
    leaders = _grouped(
        db.execute(
            select(PublishedLeader.published_session_id, PublishedLeader.facilitator_id).where(
                PublishedLeader.community_id == community_id, PublishedLeader.published_session_id.in_(ids)
            )
        )
    )
    places: dict[str, list[Place]] = defaultdict(list)
    for session_id, resident_id, reason in db.execute(
        select(Invitation.published_session_id, Invitation.resident_id, Invitation.reason).where(
            Invitation.community_id == community_id, Invitation.published_session_id.in_(ids)
        )
    ):
        places[session_id].append(Place(resident_id, read_reasons(reason)))
    return PublishedWeek(
        publication,
        in_order(
            SessionContent(
                ref=row.ref,
                activity_id=row.activity_id,
                space_id=row.space_id,
                title=row.title,
                space_name=row.space_name,
                domains=tuple(row.domains),
                on_date=row.on_date,
                start_minute=row.start_minute,
                end_minute=row.end_minute,
                seats=row.seats,
                is_visit=row.is_visit,
                facilitators=tuple(sorted(leaders[row.id])),
                places=_sorted(places[row.id]),
            )
            for row in rows
        ),
    )


def read_plan(db: DbSession, plan: Plan) -> tuple[SessionContent, ...]:
    """The sessions of a draft, in order of time, with the names that things have now."""
    here = (PlanSession.community_id == plan.community_id, PlanSession.plan_id == plan.id)
    ids = select(PlanSession.id).where(*here)
    rows = db.execute(
        select(PlanSession, Activity, Space)
        .join(Activity, (Activity.community_id == PlanSession.community_id) & (Activity.id == PlanSession.activity_id))
        .join(Space, (Space.community_id == PlanSession.community_id) & (Space.id == PlanSession.space_id))
        .where(*here)
    ).all()
    leaders = _grouped(
        db.execute(
            select(PlanLeader.plan_session_id, PlanLeader.facilitator_id).where(
                PlanLeader.community_id == plan.community_id, PlanLeader.plan_session_id.in_(ids)
            )
        )
    )
    places: dict[str, list[Place]] = defaultdict(list)
    for session_id, resident_id, reason in db.execute(
        select(PlanPlace.plan_session_id, PlanPlace.resident_id, PlanPlace.reason).where(
            PlanPlace.community_id == plan.community_id, PlanPlace.plan_session_id.in_(ids)
        )
    ):
        places[session_id].append(Place(resident_id, read_reasons(reason)))
    return in_order(
        named(
            activity,
            space,
            ref=row.ref,
            on_date=row.on_date,
            start_minute=row.start_minute,
            end_minute=row.end_minute,
            facilitators=tuple(sorted(leaders[row.id])),
            places=_sorted(places[row.id]),
        )
        for row, activity, space in rows
    )


def named(
    activity: Activity,
    space: Space,
    *,
    ref: str,
    on_date: date,
    start_minute: int,
    end_minute: int,
    facilitators: tuple[str, ...],
    places: tuple[Place, ...],
) -> SessionContent:
    """A session with the names and seats that its activity and space have now."""
    return SessionContent(
        ref=ref,
        activity_id=activity.id,
        space_id=space.id,
        title=activity.name,
        space_name=space.name,
        domains=tuple(activity.domains),
        on_date=on_date,
        start_minute=start_minute,
        end_minute=end_minute,
        seats=min(space.capacity, activity.max_group),
        is_visit=activity.max_group == 1,
        facilitators=facilitators,
        places=places,
    )


def in_order(sessions: Iterable[SessionContent]) -> tuple[SessionContent, ...]:
    """By time, then by ref."""
    return tuple(sorted(sessions, key=lambda each: (each.on_date, each.start_minute, each.ref)))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _sorted(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: place.resident_id))
