"""A community in which each form of the table has something to work on."""

import json
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession, Engines, sqlite_file, sqlite_module, unit_of_work
from milieu.models import (
    Attendance,
    BaseSession,
    Change,
    Choice,
    CommunitySettings,
    ListUpload,
    Pin,
    Plan,
    Roster,
    Run,
    Tie,
    Wish,
)
from milieu.services.access.accounts import close_account, create_account
from milieu.services.access.feeds import make_feed, open_feed
from milieu.services.access.holders import CODE
from milieu.services.access.passes import make_pass
from milieu.services.access.walls import open_wall
from milieu.services.by_hand import edits, trying
from milieu.services.by_hand.pins import keep_out
from milieu.services.by_hand.trying import change, step
from milieu.services.choices import CHOICE, CHOICES, LEAVE
from milieu.services.editing.saving import add_row, change_row, texts
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.telling import tell_absence
from milieu.services.groups import COUNCIL, add_wanted
from milieu.services.house import settings
from milieu.services.house.things.kinds import AIMS, LIVING_GROUPS, TEAM, seal_of
from milieu.services.lists.applying import apply
from milieu.services.lists.previews import preview_of
from milieu.services.lists.waiting import read_files, take_in
from milieu.services.many.asking import NEED, Asked
from milieu.services.many.giving import give
from milieu.services.programme.base_weeks.choosing import choose
from milieu.services.programme.base_weeks.saving import save_week
from milieu.services.residents.assessing import assess
from milieu.services.residents.parts import ASKING
from milieu.services.suggestions import hope_to_meet
from milieu.services.teller import Teller
from milieu.services.weeks.history.withdrawing import withdraw
from milieu.services.what_if import SCENARIO, WHAT_IF
from milieu.services.what_if.supposing import TIES, Supposed
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community, small_community
from tests.web.builders import CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import PASSWORD
from tests.web.guards.forms import (
    ASKED,
    EMPTY,
    FOUND,
    SOUGHT,
    TAKEN_BACK,
    WISHES,
)

SQLITE = sqlite_module()  # the library that the product has the file open with: two would break each other's locks
_BUILT: list[tuple[Any, CommunityBuilder, dict[str, str]]] = []
"""The community of all forms as it was built once in this process: its database, and what its addresses name."""


def community_of_forms(engines: Engines) -> tuple[CommunityBuilder, dict[str, str]]:
    """A community in which each form has something to work on; built once, which takes long, and copied then."""
    if not _BUILT:
        with unit_of_work(engines) as db:
            elm = small_community(db)
        gaps = furnish(engines, elm)
        whole = SQLITE.connect(":memory:")
        with closing(SQLITE.connect(_file_of(engines))) as built:
            built.backup(whole)
        _BUILT.append((whole, elm, gaps))
        return elm, gaps
    whole, elm, gaps = _BUILT[0]
    with closing(SQLITE.connect(_file_of(engines))) as copy:
        whole.backup(copy)
    return elm, gaps


def _file_of(engines: Engines) -> Path:
    file = sqlite_file(engines.write.url.render_as_string(hide_password=False))
    assert file is not None
    return file


def furnish(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """Give a small community what each form works on; returned is what their addresses and fields name."""
    gaps = {**_people(engines, elm), **_house(engines, elm), **_choices(engines, elm)}
    aside = draft(engines, elm, [CHOIR])
    with unit_of_work(engines) as db:
        db.query(Plan).filter(Plan.id == aside).update({"state": "set aside", "version": 2})
    _edit_by_hand(engines, elm, draft(engines, elm))
    return {**gaps, **_scenarios(engines, elm), **_impossible(engines, elm), **base_week_of(engines, elm)}


def _people(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """A published week, accounts, facts that were told and can be taken back, lists."""
    teller = Teller(elm.id, None, NOW)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "09:00", ["finn"], ["ada", "ben"], ref="choir-1")])
        sam = create_account(
            db,
            elm.id,
            email=f"sam@{elm.community.key}.example",
            name="Sam",
            password=PASSWORD,
            roles=("staff",),
            now=NOW,
        )
        ended = create_account(
            db, elm.id, email=f"e@{elm.community.key}.example", name="E", password=None, roles=("staff",), now=NOW
        )
        close_account(db, ended)
        pat = {"email": f"pat@{elm.community.key}.example", "name": "Pat", "roles": ("staff",), "now": NOW}
        create_account(db, elm.id, password=PASSWORD, **pat)
        yew = community(db, f"yew-{elm.community.key}")
        given = {"week_start": MONDAY, "requested_at": NOW, "seconds_limit": 15, "seed": 1}
        run = elm.add(Run(community_id=elm.id, kind="plan", state="running", open_week=MONDAY.isoformat(), **given))
        away = tell_absence(db, teller, elm.facilitators["finn"].id, Stretch(MONDAY, MONDAY))
        hope_to_meet(db, teller, elm.residents["esi"].id, [elm.residents["dov"].id])
        gita = elm.facilitators["gita"].id
        slip = tell_absence(db, Teller(elm.id, sam, NOW), gita, Stretch(NOW.date(), NOW.date()))
        told = db.scalars(select(Change).where(Change.row_id == away)).one()
        ada = elm.residents["ada"]
        sitting = _asked(db, elm, teller)
        no = elm.refusal(ada, space=elm.spaces["studio"], valid_from=MONDAY)
        wish = db.scalars(select(Wish).where(Wish.resident_id == ada.id).order_by(Wish.strength)).first()
        assert wish is not None
        _came_often(elm, "esi")
        change_row(db, teller, ASKING, ada.id, 1, {"how_to_invite": "Slowly"})
        line = db.scalars(select(Change).where(Change.row_id == ada.id)).one()
        return {
            "no": no.id,
            "sitting": sitting,
            "wish": wish.id,
            "line": line.id,
            "given": give(db, teller, Asked(NEED, {"need": "escort=yes"}), [elm.residents["ben"].id]),
            "lounge": elm.spaces["lounge"].id,
            **{name: somebody.id for name, somebody in elm.facilitators.items()},
            "account": sam,
            "ended": ended,
            "elsewhere": create_account(db, yew.id, password=None, is_taken_up=True, **pat),
            "code": make_pass(db, sam, CODE, by=None, now=NOW),
            "wall": open_wall(db, elm.id, elm.groups["garden"].id, by=None, now=NOW),
            "feed": feed_of(db, elm),
            "run": run.id,
            "change": told.id,
            "slip": db.scalars(select(Change.id).where(Change.row_id == slip)).one(),
            "tie": db.scalars(select(Tie.id).where(Tie.community_id == elm.id, Tie.strength == 4)).one(),
            **lists_of(elm),
            **{name: group.id for name, group in elm.groups.items()},
            **{name: resident.id for name, resident in elm.residents.items()},
            **{name: activity.id for name, activity in elm.activities.items()},
        }


def _asked(db: DbSession, elm: CommunityBuilder, teller: Teller) -> str:
    """Somebody new, and somebody who was asked what matters and cannot have it: the sitting."""
    elm.resident("gil", arrived_on=NOW.date() - timedelta(days=2))
    answers = {"asked_on": NOW.date().isoformat(), "said_by": "resident", "phone": "5"}
    return assess(db, teller, elm.residents["ben"].id, answers)


def base_week_of(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """A base week with a session, chosen for next week."""
    teller = Teller(elm.id, None, NOW)
    with unit_of_work(engines) as db:
        summer = save_week(db, teller, MONDAY, "Summer", is_draft=False)
        session = db.scalars(select(BaseSession.id).where(BaseSession.base_week_id == summer)).one()
        chosen = choose(db, teller, summer, NEXT_MONDAY, NEXT_MONDAY)
    return {"summer": summer, "base_session": session, "chosen": chosen}


def feed_of(db: DbSession, elm: CommunityBuilder) -> str:
    """A calendar address of somebody who leads."""
    token = make_feed(db, elm.id, facilitator_id=elm.facilitators["gita"].id, by=None, now=NOW)
    return open_feed(db, token, NOW).feed_id


def _impossible(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """A run that found a week impossible for what is fixed in it."""
    week = EMPTY + timedelta(weeks=1)
    fixed = {"activity": elm.activities["choir"].id, "day": 1, "start": "10:00"}
    with unit_of_work(engines) as db:
        pin = Pin(community_id=elm.id, week_start=week, kind="session", session_ref="stuck", fixed=fixed, made_at=NOW)
        db.add(pin)
        db.flush()
        source = make_problem(db, elm.id, week, NOW, repair=False)
        answer = {"format": "milieu-schedule/2", "problem": source.digest, "status": "infeasible", "objective": None}
        answer |= {"bound": None, "sessions": [], "terms": {}, "conflict": [{"rule": "R18", "pin": 0}]}
        run = Run(
            community_id=elm.id,
            kind="plan",
            state="impossible",
            week_start=week,
            requested_at=NOW,
            seconds_limit=15,
            seed=1,
            problem=source.raw.decode(),
            schedule=json.dumps({**answer, "because": ["It clashes."]}),
        )
        db.add(run)
        db.flush()
        return {"stuck": run.id, "pinned": f"R18|{pin.id}"}


def _house(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """What is kept on the house's pages: each with a line of its history."""
    teller, garden = Teller(elm.id, None, NOW), elm.groups["garden"].id

    def line(db: DbSession, row_id: str, kept: str = "") -> str:
        lines = db.scalars(select(Change).where(Change.row_id == row_id)).all()
        (found,) = (each.id for each in lines if kept in (each.after or {}) or not kept)
        return found

    with unit_of_work(engines) as db:
        db.get_one(CommunitySettings, elm.id).escorts = {"default": 6, "windows": []}
        db.flush()
        settings.add_window(db, teller, {"days": "Mon", "from": "09:00", "to": "12:00", "escorts": "5"})
        settings.set_way(db, teller, {"from": "garden", "to": "river", "minutes": "5"})
        change_row(db, teller, LIVING_GROUPS.part, garden, 1, {"name": "Garden wing", "zone": "garden", "sort": "1"})
        hours = {"days": "Mon", "from": "14:00", "to": "17:00"}
        (aim,) = add_row(db, teller, AIMS, "", {**hours, "sessions": "0", "members": "1", "weight": "1"})
        (window,) = settings.settings_of(db, elm.id).windows
        (council,) = add_wanted(db, teller, COUNCIL, garden, {"wish": "Supper at six", "said_on": "2026-11-20"})
        gita = elm.facilitators["gita"].id
        roster = db.scalars(select(Roster).where(Roster.facilitator_id == gita)).one()
        return {
            "window": json.dumps([window]),
            "way_line": line(db, elm.id, "travel"),
            "group_line": line(db, garden),
            "target": aim.row_id,
            "council": council.row_id,
            "council_line": line(db, council.row_id),
            "target_line": line(db, aim.row_id),
            "roster": roster.id,
            "roster_seal": seal_of(texts(TEAM.piece("roster").part, roster)),
        }


def _choices(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """Three published weeks whose leader is away: choices are asked for in one, sought in one, found in one."""
    asked = {"kind": CHOICES, "requested_at": NOW, "seconds_limit": 2, "seed": 1}
    with unit_of_work(engines) as db:
        elm.db = db
        weeks = {
            week: elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada"])], week_start=week).id
            for week in (ASKED, SOUGHT, FOUND)
        }
        elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"])], week_start=TAKEN_BACK)
        withdraw(db, Teller(elm.id, None, NOW), TAKEN_BACK, "It was published too early.")
        away = Stretch(ASKED, FOUND + timedelta(days=6))
        tell_absence(db, Teller(elm.id, None, NOW), elm.facilitators["finn"].id, away)
        open_week = f"c{SOUGHT:%Y%m%d}"
        sought = elm.add(Run(community_id=elm.id, state="queued", week_start=SOUGHT, open_week=open_week, **asked))
        found = elm.add(Run(community_id=elm.id, state="done", week_start=FOUND, **asked))
    plan_id = draft(engines, elm, [], week_start=FOUND, state=CHOICE, run_id=found.id)
    with unit_of_work(engines) as db:
        elm.db = db
        ids = {"run_id": found.id, "plan_id": plan_id, "publication_id": weeks[FOUND]}
        choice = elm.add(Choice(community_id=elm.id, kind=LEAVE, seconds=1, **ids))
        return {"sought": sought.id, "choice": choice.id}


def _scenarios(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """What is supposed of the week that has a draft: one that waits to be planned, and one that was."""
    asked = {"supposed": Supposed(TIES).as_json(), "beside": {}}
    given = {"kind": WHAT_IF, "week_start": NEXT_MONDAY, "requested_at": NOW, "seconds_limit": 2, "seed": 1}
    with unit_of_work(engines) as db:
        elm.db = db
        waits, done = (
            elm.add(Run(community_id=elm.id, state=state, asked=asked, **given)) for state in ("queued", "done")
        )
    plan_id = draft(engines, elm, [], state=SCENARIO, run_id=done.id)
    with unit_of_work(engines) as db:
        db.query(Run).filter(Run.id == done.id).update({"plan_id": plan_id})
    return {"supposed": waits.id, "scenario": done.id}


def lists_of(elm: CommunityBuilder) -> dict[str, str]:
    """Lists that wait for a yes, and some that were brought in."""
    db, by = elm.db, elm.account("director", email=f"lists@{elm.community.key}.example").id
    brought = ("refusals.csv", b"resident,activity\r\nfay,choir\r\n")
    done, waits = (take_in(db, elm.id, read_files([file]), by=by, now=NOW) for file in (brought, WISHES["files"]))
    seen = preview_of(db.get_one(ListUpload, (elm.id, done)).preview or {}).digest
    assert apply(db, elm.id, done, seen=seen, ticks=(), by=by, now=NOW)
    return {"lists": waits, "brought": done}


def _edit_by_hand(engines: Engines, elm: CommunityBuilder, plan_id: str) -> None:
    """Change a draft by hand twice and undo the second, so that there is something to undo and to do again."""
    teller = Teller(elm.id, None, NOW)

    def version(db: DbSession) -> int:
        return db.get_one(Plan, (elm.id, plan_id)).version

    for resident in ("ben", "esi"):
        edit = trying.Asked(edits.TAKEN_OUT, "choir-1", edits.take_out("choir-1", elm.residents[resident].id))
        with unit_of_work(engines) as db:
            change(db, teller, NEXT_MONDAY, version(db), edit, on_purpose=True)
    with unit_of_work(engines) as db:
        step(db, teller, NEXT_MONDAY, version(db), back=True)
    with unit_of_work(engines) as db:
        keep_out(db, teller, NEXT_MONDAY, version(db), "choir-1", elm.residents["fay"].id)


def _came_often(elm: CommunityBuilder, name: str) -> None:
    """Somebody whose wish attendance suggests to change: at the choir in each of five weeks."""
    for back in range(2, 7):
        week, ref = MONDAY - timedelta(weeks=back), f"often-{back}"
        elm.publication([Held("choir", "lounge", 0, "09:00", ["finn"], [name], ref=ref)], week_start=week)
        at = datetime.combine(week, time(10), tzinfo=UTC)
        given = {"session_ref": ref, "on_date": week, "resident_id": elm.residents[name].id, "key": ref, "number": 1}
        elm.add(Attendance(community_id=elm.id, outcome="attended", tapped_at=at, marked_at=at, **given))
