"""Which tables are facts of a community, and the token that changes with every change to any of their rows."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, Id
from milieu.models.community import (
    Absence,
    Community,
    CommunitySettings,
    Facilitator,
    GroupAim,
    LivingGroup,
    Outbreak,
    Roster,
    ShortHanded,
    Space,
    SpaceClosure,
    SpaceHours,
    SpaceRelation,
)
from milieu.models.people import (
    CalmTime,
    Limit,
    Move,
    Refusal,
    Requirement,
    Resident,
    ResidentBusy,
    Stay,
    Target,
    Wish,
)
from milieu.models.programme import (
    Activity,
    ActivityHours,
    ActivityMember,
    BaseSession,
    BaseWeek,
    BaseWeekChoice,
    ProgrammeAim,
)
from milieu.models.ties import FamiliarFace, Tie
from milieu.models.weeks.attendance import WishedAgain
from milieu.models.weeks.plans import Pin

FACTS: tuple[type[Base], ...] = (
    Absence,
    Activity,
    ActivityHours,
    ActivityMember,
    BaseSession,
    BaseWeek,
    BaseWeekChoice,
    CalmTime,
    Community,
    CommunitySettings,
    Facilitator,
    FamiliarFace,
    GroupAim,
    Limit,
    LivingGroup,
    Move,
    Outbreak,
    Pin,
    ProgrammeAim,
    Refusal,
    Requirement,
    Resident,
    ResidentBusy,
    Roster,
    ShortHanded,
    Space,
    SpaceClosure,
    SpaceHours,
    SpaceRelation,
    Stay,
    Target,
    Tie,
    Wish,
    WishedAgain,
)
"""What a week's problem is made of. A new one: a line here, and its triggers in a migration (0010 shows how)."""


class FactRevision(Base):
    """`token` is another one after every insert, update and delete of a row in `FACTS`, whoever did it and how.

    Triggers of the database set it in the writer's own transaction, so that it cannot be forgotten, and whoever reads
    it in the transaction in which they read facts knows which facts they are. It is random: two histories of one
    database (a backup that was put back) never share one.
    """

    __tablename__ = "fact_revision"

    community_id: Mapped[str] = mapped_column(Id, primary_key=True)
    token: Mapped[str] = mapped_column(String(36))
