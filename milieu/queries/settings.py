"""A community's settings, and what is usual where it has none of its own."""

from milieu.database import DbSession
from milieu.models import CommunitySettings

USUAL_SLOT, USUAL_PLAN_SECONDS, USUAL_REPAIR_SECONDS = 15, 15, 10
_USUAL_PUBLISH_MINUTE = 330


def settings_of(db: DbSession, community_id: str) -> CommunitySettings:
    """The row of a community, to be read; one that belongs to no session where the community has none."""
    return db.get(CommunitySettings, community_id) or CommunitySettings(
        community_id=community_id,
        publish_minute=_USUAL_PUBLISH_MINUTE,
        slot_minutes=USUAL_SLOT,
        plan_seconds=USUAL_PLAN_SECONDS,
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
