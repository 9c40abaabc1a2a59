"""What befalls a published week, so that there are repairs to read: somebody away, a room closed, a resident out.

Here, and only here, Milieu's own services are called: they make what the points are then read of.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from milieu.clock import SystemClock
from milieu.database import DbSession, Engines, make_engines, reading, retrying
from milieu.installation.revisions import upgrade
from milieu.models import Community, Plan, Publication
from milieu.services.facts import telling
from milieu.services.facts.stretch import Stretch
from milieu.services.republishing import repair_now
from milieu.services.teller import Teller
from milieu.services.weeks.publishing import publish
from milieu.settings import Settings
from milieu.solving.contents import SessionContent, read_published

TUESDAY, WEDNESDAY, THURSDAY = 1, 2, 3


@dataclass(frozen=True)
class Week:
    """The week that something befalls, of the one community in a database."""

    engines: Engines
    settings: Settings
    community_id: str
    start: date

    def sessions(self, db: DbSession, day: int) -> list[SessionContent]:
        """The groups that are published for one of its days."""
        published = read_published(db, self.community_id, self.start)
        on = self.start + timedelta(days=day)
        return [each for each in published.sessions if each.on_date == on and not each.is_visit] if published else []

    def stretch(self, day: int) -> Stretch:
        on = self.start + timedelta(days=day)
        return Stretch(on, on)

    def mend(self, tell: Callable[[DbSession, Teller], object]) -> str:
        """Tell a fact and repair the week for it; in a word what became of it."""
        clock = SystemClock()
        retrying(self.engines, lambda db: tell(db, Teller(self.community_id, None, clock.now())))
        found = repair_now(self.engines, self.community_id, self.start, settings=self.settings, clock=clock, by=None)
        return found.state


def befall(folder: Path) -> list[str]:
    """Publish the newest week of the database in `folder`, and let three things befall it, one repair after another."""
    address = f"sqlite:///{folder / 'milieu.sqlite'}"
    upgrade(address)
    engines = make_engines(address)
    with reading(engines) as db:
        community_id = db.scalars(select(Community.id)).one()
        draft = db.scalars(select(Plan).where(Plan.state == "draft").order_by(Plan.week_start.desc())).first()
        newest = db.scalars(select(Publication.week_start).order_by(Publication.week_start.desc())).first()
    if draft is not None:
        now = SystemClock().now()
        retrying(engines, lambda db: publish(db, community_id, draft.id, version=draft.version, by=None, now=now))
    start = draft.week_start if draft is not None else newest
    if start is None:
        raise ValueError(f"nothing is planned in {folder}")
    week = Week(engines, Settings(data_dir=folder), community_id, start)
    return [each(week) for each in (_leader_away, _space_closed, _resident_out)]


def _leader_away(week: Week) -> str:
    """Who leads most on Wednesday is away on that day."""
    with reading(week.engines) as db:
        led = Counter(who for each in week.sessions(db, WEDNESDAY) for who in each.facilitators)
    who, amount = led.most_common(1)[0]
    state = week.mend(lambda db, teller: telling.tell_absence(db, teller, who, week.stretch(WEDNESDAY)))
    return f"away on Wednesday, who leads {amount}: {state}"


def _space_closed(week: Week) -> str:
    """The room in which most is held on Thursday is closed on that day."""
    with reading(week.engines) as db:
        used = Counter(each.space_id for each in week.sessions(db, THURSDAY))
    space, amount = used.most_common(1)[0]
    state = week.mend(lambda db, teller: telling.tell_closure(db, teller, space, week.stretch(THURSDAY), "repairs"))
    return f"closed on Thursday, where {amount} are held: {state}"


def _resident_out(week: Week) -> str:
    """Who is invited most often on Tuesday is out all that day."""
    with reading(week.engines) as db:
        asked = Counter(who for each in week.sessions(db, TUESDAY) for who in each.residents)
    who, amount = asked.most_common(1)[0]
    state = week.mend(lambda db, teller: telling.tell_busy(db, teller, who, week.stretch(TUESDAY), "outing"))
    return f"out on Tuesday, who is invited to {amount}: {state}"
