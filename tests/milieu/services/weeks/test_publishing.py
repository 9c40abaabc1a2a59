"""Publishing a draft: whole or not at all, once, and only by whom and when it may be."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from milieu.coordination.lease import current_fence
from milieu.coordination.ledger import FenceLost
from milieu.database import Engines, make_engines, reading, unit_of_work
from milieu.errors import Conflict, NotFound
from milieu.models import (
    Account,
    Change,
    Consent,
    Invitation,
    OutboxMessage,
    Plan,
    PlanPlace,
    Publication,
    PublishedDay,
    PublishedSession,
)
from milieu.services.weeks.changes import Changes, compare
from milieu.services.weeks.editions import digest_of
from milieu.services.weeks.plans.drafts import keep_sessions
from milieu.services.weeks.publishing import look_ahead, preview, publish
from milieu.solving.contents import Place, SessionContent, read_plan
from tests.milieu.builders import MONDAY, CommunityBuilder
from tests.milieu.weeks import FENCE, FRIDAY, Flow, small_flow

pytestmark = pytest.mark.slow(0.4)

DAY = timedelta(days=1)
NEXT = MONDAY + 7 * DAY
THURSDAY_NOON = datetime(2026, 12, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def flow(engines: Engines) -> Flow:
    return small_flow(engines)


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Flow]:
    """On SQLite alone, where the database makes no difference."""
    engines = make_engines(sqlite_url)
    yield small_flow(engines)
    engines.dispose()


def count(flow: Flow, table: Any) -> int:
    with reading(flow.engines) as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def edit(flow: Flow) -> Any:
    """A unit of work through the community's builder."""

    class Unit:
        def __enter__(self) -> CommunityBuilder:
            self.unit = unit_of_work(flow.engines)
            flow.elm.db = self.unit.__enter__()
            return flow.elm

        def __exit__(self, *error: Any) -> Any:
            return self.unit.__exit__(*error)

    return Unit()


# ---- what is published


def test_a_publication_holds_what_its_draft_held(flow: Flow) -> None:
    plan = flow.plan()
    with reading(flow.engines) as db:
        drafted = read_plan(db, plan)
    publication_id = flow.publish(plan)
    week = flow.published()

    assert week.sessions == drafted
    assert week.publication.id == publication_id
    assert week.publication.digest == digest_of(week.sessions)
    assert (week.publication.number, week.publication.kind, week.publication.plan_id) == (1, "week", plan.id)
    assert week.publication.objective == plan.objective
    assert week.publication.facts_digest == plan.facts_digest


def test_every_day_of_the_week_points_to_it_and_the_plan_is_published(flow: Flow) -> None:
    plan = flow.plan()
    publication_id = flow.publish(plan)
    with reading(flow.engines) as db:
        pointers = {row.on_date: row.publication_id for row in db.scalars(select(PublishedDay))}
        state = db.get_one(Plan, {"community_id": flow.id, "id": plan.id}).state
        journal = db.scalars(select(Change)).one()

    assert pointers == {MONDAY + n * DAY: publication_id for n in range(7)}
    assert state == "published"
    assert (journal.verb, journal.noun, journal.row_id) == ("published", "publication", publication_id)


def test_moments_are_in_utc_by_the_wall_of_the_community(lite: Flow) -> None:
    with edit(lite) as elm:
        elm.db.merge(elm.community).timezone = "Australia/Sydney"
    lite.publish_week()
    with reading(lite.engines) as db:
        rows = list(db.scalars(select(PublishedSession)))

    assert rows
    for row in rows:
        local = datetime.combine(row.on_date, datetime.min.time()) + timedelta(minutes=row.start_minute)
        assert row.starts_at == (local - timedelta(hours=11)).replace(tzinfo=UTC)
        assert row.ends_at - row.starts_at == timedelta(minutes=row.end_minute - row.start_minute)


def test_the_public_programme_names_nobody_and_shows_no_visit_and_no_closed_group(lite: Flow) -> None:
    with edit(lite) as elm:
        visit = elm.activity("visit", min_group=1, max_group=1, sessions_min=1)
        elm.wish(elm.residents["ada"], visit, 5)
        elm.db.merge(elm.activities["walk"]).is_closed = True
    lite.publish_week()
    programme = json.loads(lite.published().publication.programme)
    titles = {each["title"] for each in programme["sessions"]}

    assert "Choir" in titles
    assert not titles & {"Visit", "Walk"}
    assert "Made-Up" not in json.dumps(programme)
    assert not any(row.id in json.dumps(programme) for row in lite.elm.residents.values())
    assert {each.title for each in lite.published().sessions} >= {"Choir", "Visit"}


# ---- once


def test_published_twice_it_is_one_publication(flow: Flow) -> None:
    plan = flow.plan()

    assert flow.publish(plan) == flow.publish(plan)
    assert count(flow, Publication) == 1


def test_two_who_publish_at_once_publish_once(flow: Flow) -> None:
    plan = flow.plan()
    gate, found = threading.Barrier(3), []

    def work() -> None:
        gate.wait()
        found.append(flow.publish(plan))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 3
    assert len(set(found)) == 1
    assert count(flow, Publication) == 1


def test_numbers_are_given_once_also_to_two_weeks_at_once(flow: Flow) -> None:
    plans = [flow.plan(MONDAY), flow.plan(NEXT)]
    gate = threading.Barrier(2)

    def work(plan: Plan) -> None:
        gate.wait()
        flow.publish(plan)

    threads = [threading.Thread(target=work, args=(plan,)) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(flow.engines) as db:
        numbers = sorted(db.scalars(select(Publication.number)))

    assert numbers == [1, 2]


def another_plan(flow: Flow, contents: tuple[SessionContent, ...]) -> Plan:
    """A draft with these sessions, as a run would leave it."""
    with reading(flow.engines) as db:
        like = db.scalars(select(Plan)).first()
    assert like is not None
    with unit_of_work(flow.engines) as db:
        plan = Plan(
            community_id=flow.id,
            week_start=MONDAY,
            state="draft",
            created_at=FRIDAY,
            facts_at=FRIDAY,
            facts_digest=like.facts_digest,
            objective=like.objective,
            terms=like.terms,
        )
        db.add(plan)
        db.flush()
        keep_sessions(db, flow.id, plan.id, contents)
    return plan


def test_the_same_week_planned_again_is_the_same_publication(flow: Flow) -> None:
    first = flow.publish_week()
    again = another_plan(flow, flow.published().sessions)

    assert flow.publish(again) == first
    assert count(flow, Publication) == 1


def test_a_week_like_an_earlier_one_is_a_publication_of_its_own(lite: Flow) -> None:
    lite.publish_week()
    first = lite.published().sessions
    taken = next(each for each in first if len(each.places) > 2)
    fewer = tuple(replace(each, places=each.places[1:]) if each is taken else each for each in first)
    lite.publish(another_plan(lite, fewer))
    lite.publish(another_plan(lite, first))

    assert count(lite, Publication) == 3
    assert lite.published().sessions == first


def test_a_draft_that_breaks_a_rule_is_not_published_whoever_made_it(lite: Flow) -> None:
    lite.publish_week()
    leaderless = tuple(replace(each, facilitators=()) for each in lite.published().sessions)

    with pytest.raises(Conflict) as refused:
        lite.publish(another_plan(lite, leaderless))
    assert any("has 0 leaders; it needs 1" in text for text in refused.value.because)
    assert count(lite, Publication) == 1


# ---- who may, and when


def test_a_draft_changed_since_it_was_seen_is_not_published(flow: Flow) -> None:
    plan = flow.plan()
    with unit_of_work(flow.engines) as db:
        db.get_one(Plan, {"community_id": flow.id, "id": plan.id}).objective += 0
        db.execute(update(Plan).values(version=plan.version + 1))

    with pytest.raises(Conflict, match="changed"):
        flow.publish(plan)
    assert count(flow, Publication) == 0


def test_a_replaced_draft_is_not_published(lite: Flow) -> None:
    older = lite.plan()
    lite.plan()

    with pytest.raises(Conflict, match="newer"):
        lite.publish(older)


def test_a_plan_of_another_community_is_not_there(lite: Flow) -> None:
    plan = lite.plan()
    with unit_of_work(lite.engines) as db:
        for community, plan_id in (("nobody", plan.id), (lite.id, "nothing")):
            with pytest.raises(NotFound):
                publish(db, community, plan_id, version=1, by=None, now=FRIDAY)
            with pytest.raises(NotFound):
                preview(db, community, plan_id, FRIDAY)


def test_a_week_that_is_over_is_not_published(lite: Flow) -> None:
    plan = lite.at(FRIDAY + 9 * DAY).plan()  # on its Sunday

    with pytest.raises(Conflict, match="over"):
        lite.at(FRIDAY + 10 * DAY).publish(plan)
    assert lite.at(FRIDAY + 9 * DAY).publish(plan)


def test_who_is_no_longer_the_scheduler_publishes_nothing(flow: Flow) -> None:
    plan = flow.plan()
    with pytest.raises(FenceLost):
        flow.publish(plan, fence=FENCE - 1)
    nothing = count(flow, Publication), count(flow, PublishedDay), count(flow, Change)
    flow.publish(plan, fence=FENCE)

    assert nothing == (0, 0, 0)
    assert flow.published().publication.fence == FENCE


# ---- changed facts


def test_facts_that_changed_and_break_nothing_do_not_hinder(lite: Flow) -> None:
    plan = lite.plan()
    with edit(lite) as elm:
        elm.busy(elm.residents["ada"], "22:00", "23:00")
    with reading(lite.engines) as db:
        outlook = look_ahead(db, lite.id, plan.id, FRIDAY)
    lite.publish(plan)

    assert (outlook.has_changed, outlook.because) == (True, ())
    assert lite.published().publication.facts_digest != plan.facts_digest
    assert lite.published().publication.bound is None


def test_facts_that_changed_and_break_a_rule_are_told_by_name(lite: Flow) -> None:
    plan = lite.plan()
    with edit(lite) as elm:
        elm.refusal(elm.residents["ada"], space=elm.spaces["lounge"])
        elm.refusal(elm.residents["ada"], space=elm.spaces["studio"])
    with pytest.raises(Conflict) as refused:
        lite.publish(plan)
    with reading(lite.engines) as db:
        outlook = look_ahead(db, lite.id, plan.id, FRIDAY)

    said = " ".join(refused.value.because)
    assert "Ada Made-Up has said no to" in said
    assert "day at " in said
    assert refused.value.because == outlook.because
    assert not any(row.id in said for row in lite.elm.residents.values())
    assert count(lite, Publication) == 0


def test_a_draft_from_unchanged_facts_says_so(lite: Flow) -> None:
    plan = lite.plan()
    with reading(lite.engines) as db:
        outlook = look_ahead(db, lite.id, plan.id, FRIDAY)

    assert (outlook.has_changed, outlook.because) == (False, ())


# ---- in the middle of a week


def test_past_days_keep_their_publication_and_what_has_begun_stays_as_it_was(flow: Flow) -> None:
    first = flow.publish_week()
    before = flow.sessions()
    with edit(flow) as elm:
        elm.db.merge(elm.residents["esi"]).left_on = MONDAY + 3 * DAY
    second = flow.at(THURSDAY_NOON).publish_week()
    after = flow.sessions()
    with reading(flow.engines) as db:
        pointers = {row.on_date: row.publication_id for row in db.scalars(select(PublishedDay))}

    assert [pointers[MONDAY + n * DAY] for n in range(7)] == [first] * 3 + [second] * 4
    begun = {ref for ref, each in before.items() if (each.on_date, each.start_minute) < (MONDAY + 3 * DAY, 720)}
    assert begun
    assert all(after[ref] == before[ref] for ref in begun)
    kept = (before.keys() & after.keys()) - begun
    assert all(after[ref].activity_id == before[ref].activity_id for ref in kept)
    assert not any(
        lite_resident in each.residents
        for ref, each in after.items()
        if ref not in begun
        for lite_resident in [flow.elm.residents["esi"].id]
    )


def test_a_first_publication_in_the_middle_of_a_week_points_from_all_its_days(lite: Flow) -> None:
    publication_id = lite.at(THURSDAY_NOON).publish_week()
    with reading(lite.engines) as db:
        pointers = {row.publication_id for row in db.scalars(select(PublishedDay))}

    assert pointers == {publication_id}
    assert all((each.on_date, each.start_minute) >= (MONDAY + 3 * DAY, 720) for each in lite.published().sessions)


# ---- notices


@pytest.fixture
def family(lite: Flow) -> dict[str, Account]:
    """Relatives of Ada: with consent to her calendar, without, with one that has run out, and one locked out."""
    with edit(lite) as elm:
        ada = elm.db.merge(elm.residents["ada"])
        accounts = {}
        for name, more in {
            "live": {},
            "attended": {"kinds": ["attended"]},
            "ended": {"valid_until": FRIDAY.date() - DAY},
            "early": {"valid_from": FRIDAY.date() + DAY},
            "locked": {},
        }.items():
            relative = elm.relative(name, of=ada, **more)
            accounts[name] = elm.account(
                "family", email=f"{name}@elm.example", relative=relative, active=name != "locked"
            )
        other = elm.relative("other", of=elm.db.merge(elm.residents["ben"]))
        accounts["other"] = elm.account("family", email="other@elm.example", relative=other)
    return accounts


def notices(flow: Flow, publication_id: str) -> set[tuple[str, str]]:
    with reading(flow.engines) as db:
        rows = db.execute(
            select(OutboxMessage.account_id, OutboxMessage.kind).where(OutboxMessage.publication_id == publication_id)
        )
        return {(row.account_id, row.kind) for row in rows}


def test_relatives_who_may_know_the_calendar_are_told_of_a_new_week(lite: Flow, family: dict[str, Account]) -> None:
    publication_id = lite.publish_week()

    assert notices(lite, publication_id) == {(family["live"].id, "week"), (family["other"].id, "week")}


def test_only_those_whose_residents_calendar_changed_are_told_of_a_change(
    lite: Flow, family: dict[str, Account]
) -> None:
    lite.publish_week()
    with edit(lite) as elm:
        for activity in elm.activities.values():
            elm.refusal(elm.db.merge(elm.residents["ada"]), activity=activity)
    plan = lite.plan()
    with reading(lite.engines) as db:
        told = preview(db, lite.id, plan.id, FRIDAY).residents
    publication_id = lite.publish(plan)
    expected = {(family["live"].id, "change")}
    if lite.elm.residents["ben"].id in told:
        expected.add((family["other"].id, "change"))

    assert lite.elm.residents["ada"].id in told
    assert notices(lite, publication_id) == expected


def test_consent_withdrawn_before_publishing_is_minded(lite: Flow, family: dict[str, Account]) -> None:
    plan = lite.plan()
    with unit_of_work(lite.engines) as db:
        db.execute(update(Consent).values(valid_until=FRIDAY.date() - DAY))

    assert notices(lite, lite.publish(plan)) == set()


# ---- what changes for whom


def session(ref: str, *residents: str, day: date = MONDAY, start: int = 600, space: str = "lounge") -> SessionContent:
    return SessionContent(
        ref,
        "choir",
        space,
        "Choir",
        space,
        ("social",),
        day,
        start,
        start + 45,
        12,
        False,
        (),
        tuple(Place(each) for each in residents),
    )


def changes(before: list[SessionContent] | None, after: list[SessionContent]) -> Changes:
    return compare(before, after, here={"ada", "ben"}, is_open=lambda each: each.on_date >= MONDAY)


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ([session("a", "ada")], [session("a", "ada")], {}),
        ([session("a", "ada")], [], {"ada": "cancelled"}),
        ([session("a", "ada", "ben")], [session("a", "ben")], {"ada": "withdrawn"}),
        ([session("a", "ada")], [session("a", "ada", start=615)], {"ada": "moved"}),
        ([session("a", "ada")], [session("a", "ada", day=MONDAY + DAY, space="hall")], {"ada": "moved"}),
        ([session("a", "ada")], [session("a", "ada", space="hall")], {"ada": "relocated"}),
        ([session("a", "ada")], [session("a", "ada", "ben")], {"ben": "new"}),
        ([session("a", "ada")], [session("a", "ada", "ben", start=615)], {"ada": "moved", "ben": "new"}),
        ([session("a", "gone")], [], {}),
        ([session("a", "ada", day=MONDAY - DAY)], [session("a", day=MONDAY - DAY)], {}),
        ([], [session("a", "ada"), session("b", "ben")], {"ada": "new", "ben": "new"}),
    ],
    ids=[
        "same",
        "cancelled",
        "withdrawn",
        "moved",
        "moved far",
        "relocated",
        "new",
        "moved and new",
        "who left",
        "what has begun",
        "all new",
    ],
)
def test_each_person_is_told_what_changes_for_them(
    before: list[SessionContent], after: list[SessionContent], kinds: dict[str, str]
) -> None:
    found = changes(before, after)

    assert {each.resident_id: each.kind for each in found.people} == kinds
    assert sum(found.counts.values()) == len(kinds)
    assert found.told_otherwise == sum(kind != "new" for kind in kinds.values())


def test_before_and_after_are_what_people_knew_and_will_know() -> None:
    [moved] = changes([session("a", "ada")], [session("a", "ada", start=615)]).people
    [gone] = changes([session("a", "ada")], []).people
    [new] = changes(None, [session("a", "ada")]).people

    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.start_minute, moved.after.start_minute) == (600, 615)
    assert (gone.after, new.before) == (None, None)
    assert (changes(None, []).is_first, changes([], []).is_first) == (True, False)


def test_a_preview_tells_a_first_week_by_name(lite: Flow) -> None:
    plan = lite.plan()
    with reading(lite.engines) as db:
        found = preview(db, lite.id, plan.id, FRIDAY)
        places = len(list(db.scalars(select(PlanPlace.id))))

    assert found.is_first
    assert found.counts["new"] == len(found.people) == places
    assert [each.name for each in found.people] == sorted(each.name for each in found.people)
    assert all(each.name.endswith("Made-Up") for each in found.people)


# ---- killed at any step


def test_killed_between_any_two_steps_there_is_the_old_or_the_new_week(flow: Flow) -> None:
    """Every statement of a second publication fails once: the first week stands whole, and then the second."""
    first = flow.publish_week()
    with edit(flow) as elm:
        elm.refusal(elm.db.merge(elm.residents["cleo"]), activity=elm.activities["choir"])
    plan = flow.plan()
    steps = 0

    class Killed(BaseException):
        pass

    while steps < 500:
        seen = 0

        def kill(*_: Any, stop_at: int = steps) -> None:
            nonlocal seen
            seen += 1
            if seen > stop_at:
                raise Killed

        event.listen(flow.engines.write, "before_cursor_execute", kill)
        try:
            flow.publish(plan)
        except Killed:
            steps += 1
        else:
            break
        finally:
            event.remove(flow.engines.write, "before_cursor_execute", kill)
        week = flow.published()
        assert week.publication.id == first
        assert digest_of(week.sessions) == week.publication.digest
        assert count(flow, Publication) == 1
        with reading(flow.engines) as db:
            assert set(db.scalars(select(PublishedDay.publication_id))) == {first}

    week = flow.published()
    assert steps > 20
    assert week.publication.number == 2
    assert digest_of(week.sessions) == week.publication.digest
    assert count(flow, Invitation) == sum(len(each.places) for number in (1, 2) for each in _sessions(flow, number))


def _sessions(flow: Flow, number: int) -> tuple[SessionContent, ...]:
    with reading(flow.engines) as db:
        ids = list(db.scalars(select(Publication.id).where(Publication.number == number)))
        rows = db.execute(
            select(Invitation.resident_id, PublishedSession.ref)
            .join(PublishedSession, PublishedSession.id == Invitation.published_session_id)
            .where(PublishedSession.publication_id.in_(ids))
        ).all()
    refs = {row.ref for row in rows}
    return tuple(
        replace(session(ref), places=tuple(Place(row.resident_id) for row in rows if row.ref == ref)) for ref in refs
    )


def test_the_fence_of_the_tests_is_the_schedulers(flow: Flow) -> None:
    with reading(flow.engines) as db:
        assert current_fence(db) == FENCE
