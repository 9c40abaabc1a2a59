"""A community with a full week, made directly as rows: for pages that must be quick and readable when there is much."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from milieu.database import DbSession, Engines, unit_of_work
from milieu.models import (
    Invitation,
    Plan,
    PlanLeader,
    PlanPlace,
    PlanSession,
    PublishedLeader,
    PublishedSession,
)
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community, minute

NEXT_MONDAY = MONDAY + timedelta(days=7)

TITLES = (
    ("Chair exercise", "physical", 15),
    ("Walking club", "physical", 6),
    ("Bingo", "social", 25),
    ("Sing-along", "creative", 20),
    ("Live music: the Harbour Street quartet", "creative", 40),
    ("Reminiscence", "cognitive", 7),
    ("News and coffee", "cognitive", 12),
    ("Book club", "cognitive", 8),
    ("Crafts", "creative", 8),
    ("Baking", "social", 6),
    ("Gardening", "outdoor", 8),
    ("Hymns", "spiritual", 25),
    ("Pet visit", "emotional", 6),
    ("Hand care", "sensory", 4),
    ("Montessori tasks", "sensory", 5),
    ("Cards", "social", 8),
    ("Film", "social", 20),
    ("Residents’ council", "civic", 12),
    ("Calm lounge", "sensory", 8),
    ("Scenic drive", "outdoor", 12),
)
NAMES = (
    ("Ida", "Osei"),
    ("Rose", "Lind"),
    ("Karl", "Brandt"),
    ("Mina", "Duarte"),
    ("Tom", "Ashby"),
    ("Mary", "Smith"),
    ("Aoife", "Ní Dhomhnaill-Featherstonehaugh"),
    ("Kenji", "Watanabe"),
    ("Fatima", "El Amrani"),
    ("José", "Núñez"),
    ("Wilhelmina", "van den Oudenrijn"),
    ("Priya", "Raghunathan"),
    ("Bo", "Li"),
)
GROUPS = ("Garden wing", "River wing", "Oak floor", "Memory unit", "Hill house")
SPACES = ("Hall", "Library", "Studio", "Lounge A", "Garden room", "Chapel", "Kitchen")
STARTS = ("09:30", "10:00", "10:30", "11:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "18:30", "19:00")
REASONS = (
    [("wish", 5, None), ("company", 1, None)],
    [("wish", 2, None)],
    [("care_plan", 2, None)],
    [("aim", 2, "physical"), ("time", 1, None)],
    [("company", 1, None), ("familiar", 1, None)],
    [("fair", 1, None)],
    [("group_aim", 1, ""), ("wish", 3, None)],
    [("open", 0, None)],
    [("kept", 1, None)],
    [("needed", 4, None)],
)


def full_community(
    db: DbSession,
    key: str = "linden",
    *,
    residents: int = 102,
    groups: int = 5,
    weekday: int = 9,
    weekend: int = 5,
    visits: int = 36,
    week_start: date = MONDAY,
    seed: int = 1,
) -> CommunityBuilder:
    """A published week of so many sessions a day and visits a week, with invitations and reasons of every kind."""
    chance = random.Random(seed)
    made = community(db, key)
    made.community.name = {"linden": "Linden Court", "rowan": "Rowan Village"}.get(key, made.community.name)
    with made.at_once():
        for number in range(groups):
            made.group(f"g{number}", name=_numbered(GROUPS, number), sort=number)
        for number in range(max(5, weekday)):
            made.space(f"s{number}", name=_numbered(SPACES, number), capacity=40)
        made.space("bedside", name="At the bedside", capacity=1)
        for number in range(8):
            made.facilitator(f"f{number}", name=("Ana Sousa", "Joe Marsh", "Mei Tan", "Rosa Klein")[number % 4])
        for number, (title, domain, size) in enumerate(TITLES):
            made.activity(f"a{number}", name=title, domains=[domain], max_group=size, sessions_max=14)
        made.activity(
            "visit", name="A visit", domains=["emotional"], minutes=15, min_group=1, max_group=1, sessions_max=200
        )
        for number in range(residents):
            given, family = NAMES[number % len(NAMES)]
            made.resident(
                f"r{number}",
                group=f"g{number * groups // residents}",
                given_name=given,
                family_name=family,
                room=str(1 + number),
                pronoun=("she", "he", "they")[number % 3],
                sessions_min=0 if number % 17 == 0 else 3,
            )
    made.publication(_week(chance, list(made.residents), weekday, weekend, visits), week_start=week_start)
    for invitation in db.query(Invitation):
        invitation.reason = _reason(chance)
    db.flush()
    return made


def draft_like_published(db: DbSession, made: CommunityBuilder, *, week_start: date = MONDAY, keep: int = 3) -> Plan:
    """A draft of the published week in which one session in `keep` is new or moved."""
    plan = made.add(
        Plan(
            community_id=made.id,
            week_start=week_start,
            created_at=NOW - timedelta(minutes=48),
            facts_at=NOW,
            facts_digest="0" * 64,
            objective=9_620,
            bound=10_000,
            terms={},
        )
    )
    sessions = db.query(PublishedSession).where(PublishedSession.community_id == made.id).all()
    for number, was in enumerate(sorted(sessions, key=lambda row: row.ref)):
        ref = f"{was.ref}-new" if number % (3 * keep) == 1 else was.ref
        later = 30 if number % (3 * keep) == 2 else 0
        row = made.add(
            PlanSession(
                community_id=made.id,
                plan_id=plan.id,
                ref=ref,
                activity_id=was.activity_id,
                space_id=was.space_id,
                on_date=was.on_date,
                start_minute=was.start_minute + later,
                end_minute=was.end_minute + later,
            )
        )
        for leader in db.query(PublishedLeader).where(PublishedLeader.published_session_id == was.id):
            made.add(PlanLeader(community_id=made.id, plan_session_id=row.id, facilitator_id=leader.facilitator_id))
        for place in db.query(Invitation).where(Invitation.published_session_id == was.id):
            db.add(
                PlanPlace(
                    community_id=made.id, plan_session_id=row.id, resident_id=place.resident_id, reason=place.reason
                )
            )
    db.flush()
    return plan


CHOIR = Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben", "esi"], ref="choir-1")
CHESS = Held("chess", "studio", 2, "14:00", ["gita"], ["cleo", "dov"], ref="chess-1")


def draft(
    engines: Engines,
    made: CommunityBuilder,
    held: Sequence[Held] = (CHOIR, CHESS),
    *,
    week_start: date = NEXT_MONDAY,
    now: datetime = NOW,
    **fields: Any,
) -> str:
    """A draft of a small community's week as planning would leave it; its id."""
    with unit_of_work(engines) as db:
        made.db = db
        digest = make_problem(db, made.id, week_start, now, repair=False).facts_digest
        given = {"facts_digest": digest, "objective": 900, "bound": 1_000, "created_at": now, "facts_at": now, **fields}
        plan = made.add(Plan(community_id=made.id, week_start=week_start, terms={}, **given))
        for each in held:
            start, activity = minute(each.start), made.activities[each.activity]
            row = made.add(
                PlanSession(
                    community_id=made.id,
                    plan_id=plan.id,
                    ref=each.ref,
                    activity_id=activity.id,
                    space_id=made.spaces[each.space].id,
                    on_date=week_start + timedelta(days=each.day),
                    start_minute=start,
                    end_minute=start + (each.minutes or activity.duration_minutes),
                )
            )
            for leader in each.leaders:
                ids = {"plan_session_id": row.id, "facilitator_id": made.facilitators[leader].id}
                made.add(PlanLeader(community_id=made.id, **ids))
            reason = {"reasons": [{"code": "wish", "amount": 4, "domain": None}]}
            for resident in each.residents:
                ids = {"plan_session_id": row.id, "resident_id": made.residents[resident].id}
                made.add(PlanPlace(community_id=made.id, reason=reason, **ids))
        return plan.id


def _week(chance: random.Random, people: list[str], weekday: int, weekend: int, visits: int) -> list[Held]:
    held = []
    for day in range(7):
        for number in range(weekday if day < 5 else weekend):
            activity = chance.randrange(len(TITLES))
            size = TITLES[activity][2]
            askable = people[: -max(2, len(people) // 30)]
            invited = chance.sample(askable, min(len(askable), chance.randint(size // 2, size)))
            held.append(
                Held(
                    f"a{activity}",
                    f"s{number % 5}",
                    day,
                    STARTS[number * len(STARTS) // weekday],
                    [f"f{chance.randrange(8)}"],
                    sorted(invited),
                    ref=f"d{day}-{number}",
                )
            )
    for number in range(visits):
        start = f"{9 + number % 8:02d}:15"
        leader, guest = f"f{number % 8}", chance.choice(people)
        held.append(Held("visit", "bedside", number % 7, start, [leader], [guest], f"v{number}"))
    return held


def _numbered(names: tuple[str, ...], number: int) -> str:
    return names[number % len(names)] + (f" {number // len(names) + 1}" if number >= len(names) else "")


def _reason(chance: random.Random) -> dict[str, object]:
    chosen = chance.choice(REASONS)
    return {"reasons": [{"code": code, "amount": amount, "domain": domain} for code, amount, domain in chosen]}
