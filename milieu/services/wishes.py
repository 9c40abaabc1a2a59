"""What residents wish anew, as somebody tells it of them."""

from datetime import datetime

from sqlalchemy import select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Activity, Community, Resident, WishedAgain
from milieu.services.journal import record


def wish_again(
    db: DbSession, community_id: str, resident_id: str, activity_id: str, *, by: str | None, now: datetime
) -> str:
    """Note that a resident wishes to be asked again to an activity, from now on; its name. Noted once a day.

    Raises NotFound.
    """
    activity = db.get(Activity, (community_id, activity_id))
    if activity is None or db.get(Resident, (community_id, resident_id)) is None:
        raise NotFound("There is no such resident or activity.")
    today = local_day(now, db.get_one(Community, community_id).timezone)
    about = {"resident_id": resident_id, "activity_id": activity_id}
    there = db.scalar(
        select(WishedAgain.id).where(
            WishedAgain.community_id == community_id,
            WishedAgain.resident_id == resident_id,
            WishedAgain.activity_id == activity_id,
            WishedAgain.on_date == today,
        )
    )
    if there is None:
        row = WishedAgain(community_id=community_id, on_date=today, noted_at=now, noted_by=by, **about)
        db.add(row)
        db.flush()
        record(db, community_id, verb="wished again", noun="wish", row_id=row.id, by=by, now=now, after=about)
    return activity.name
