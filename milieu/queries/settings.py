"""A community's settings, and what is usual where it has none of its own."""

from datetime import date

from milieu.database import DbSession
from milieu.models import CommunitySettings
from milieu.queries.residents.stays import count_residents

USUAL_SLOT, USUAL_REPAIR_SECONDS = 15, 10
LEAST_PLAN_SECONDS = 15
_PLAN_SECONDS_EACH = 0.3  # with which homes of 60 to 300 come within one per cent of the best week known
_USUAL_PUBLISH_MINUTE = 330


def settings_of(db: DbSession, community_id: str) -> CommunitySettings:
    """The row of a community, to be read; one that belongs to no session where the community has none."""
    return db.get(CommunitySettings, community_id) or CommunitySettings(
        community_id=community_id,
        publish_minute=_USUAL_PUBLISH_MINUTE,
        slot_minutes=USUAL_SLOT,
        plan_seconds=None,
        repair_seconds=USUAL_REPAIR_SECONDS,
        programme_min_sessions_per_day=0,
        separate_cohorts=False,
        asks_more=True,
        expected_turnout=None,
        told_at_most=None,
        weights=None,
        repair_weights=None,
        escorts=None,
        travel=None,
    )


def plan_seconds_of(db: DbSession, community_id: str, day: date) -> int:
    """How many seconds a week is searched for: the community's own number, else by how many live there on a day."""
    own = settings_of(db, community_id).plan_seconds
    return usual_plan_seconds(db, community_id, day) if own is None else own


def usual_plan_seconds(db: DbSession, community_id: str, day: date) -> int:
    """How many seconds a week of a community of this size needs, by how many live there on a day."""
    return max(LEAST_PLAN_SECONDS, round(_PLAN_SECONDS_EACH * count_residents(db, community_id, day)))
