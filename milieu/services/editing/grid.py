"""Times that somebody enters lie on the community's grid and end before midnight."""

from milieu.calendar.weeks import DAY_MINUTES
from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.queries.settings import settings_of


def check_time(db: DbSession, community_id: str, start_minute: int, minutes: int) -> None:
    """Of what begins then and takes so long. Raises Invalid at "start"."""
    slot = settings_of(db, community_id).slot_minutes
    if start_minute % slot:
        raise Invalid(f"Please choose a time on the {slot} minutes, such as 14:00.", at="start")
    if start_minute + minutes > DAY_MINUTES:
        raise Invalid("It would run past midnight.", at="start")
