"""What the pages say of a demo: who can be tried, and what is still being made."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Community, Note, Publication, Run
from milieu.queries.week.runs import OPEN, RunShown, find_run

ACCOUNTS, AGENDA = "demo", "demo agenda"


@dataclass(frozen=True)
class DemoAccountShown:
    """An account to try; `about` says whose it is."""

    email: str
    about: str


@dataclass(frozen=True)
class DemoStepShown:
    """A step of a demo's beginning: `kind` is compile or plan, `weeks` are Mondays.

    `seconds` is about how long it takes, `fault` says why it could not be done.
    """

    kind: str
    weeks: tuple[date, ...]
    seconds: int
    began_at: datetime | None
    ended_at: datetime | None
    fault: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.ended_at is None and not self.fault


@dataclass(frozen=True)
class DemoShown:
    """A demo; `steps` is what had to be done since its start."""

    password: str
    accounts: tuple[DemoAccountShown, ...]
    steps: tuple[DemoStepShown, ...]

    @property
    def catching_up(self) -> tuple[date, ...]:
        """The Mondays of the weeks that are still being planned in the background."""
        named = [week for step in self.steps if step.is_open for week in step.weeks]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class DemoReadiness:
    """How far a demo is: the community's key and name, whether a week is published, and the runs under way."""

    community_key: str
    community: str
    timezone: str
    is_published: bool
    runs: tuple[RunShown, ...]


def read_demo(db: DbSession) -> DemoShown | None:
    """The demo that this installation is, None where it is none."""
    note = db.get(Note, ACCOUNTS)
    if note is None:
        return None
    agenda = db.get(Note, AGENDA)
    return DemoShown(
        password=str(note.value["password"]),
        accounts=tuple(DemoAccountShown(each["email"], each["about"]) for each in note.value["accounts"]),
        steps=tuple(
            DemoStepShown(
                each["kind"],
                tuple(date.fromisoformat(week) for week in each["weeks"]),
                each["seconds"],
                _at(each["began"]),
                _at(each["ended"]),
                each["fault"],
            )
            for each in (agenda.value if agenda is not None else ())
        ),
    )


def read_readiness(db: DbSession) -> DemoReadiness:
    """How far the demo is that this installation is."""
    community = db.scalars(select(Community).limit(1)).one()
    opened = select(Run.id).where(Run.community_id == community.id, Run.state.in_(OPEN), Run.kind == "plan")
    return DemoReadiness(
        community_key=community.key,
        community=community.name,
        timezone=community.timezone,
        is_published=db.scalar(select(Publication.id).where(Publication.community_id == community.id).limit(1))
        is not None,
        runs=tuple(find_run(db, community.id, run_id) for run_id in db.scalars(opened.order_by(Run.week_start))),
    )


def _at(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
