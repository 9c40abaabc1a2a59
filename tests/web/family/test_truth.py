"""Every sentence of families' pages of the three demo communities, against the rows that it speaks of.

All families of the two smaller ones; of the largest some, drawn anew by every seed.
"""

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from milieu.database import Engines, make_engines, unit_of_work
from milieu.services.access.accounts import create_account
from milieu.services.access.sign_ins import Lifetime, begin_sign_in
from milieu.settings import Settings
from tests.milieu.builders import FixedClock
from tests.web.demo_weeks import MONDAY, SEED, WEDNESDAY, Moments, change_much, drawn_ids, import_and_publish
from tests.web.family.claims import Claims
from tests.web.family.pages import Page
from tests.web.family.rows import Rows
from tests.web.family.share_claims import share_faults
from web.app import create_app
from web.guards.sessions import ACCOUNT

pytestmark = pytest.mark.slow(2)  # the story and its pages, which ten tests share
PUBLISHED = "Published today 07:00. The plan from Monday 7 December on was published today 07:00."
FAMILIES = 80
LIES = {
    "seems to enjoy it": "loves it",
    "loves it": "likes it",
    "said no, thank you, to": "went to",
    "went to": "said no, thank you, to",
    "was resting at the time of": "went to",
    "to 19:30": "to 18:00",
    "is off today": "is on today",
    " was off": " was on",
    "is not free then": "is free then",
    "is not free today": "is free today",
    "one of the staff was away": "one of the staff is away",
    " moved from ": " is moved from ",
    "invited to one thing": "invited to two things",
    "Friday 4 December": "Thursday 3 December",
    "You are welcome at other times, too.": "You are always welcome.",
}
MONTH = Lifetime(timedelta(days=30), timedelta(days=30))


@dataclass
class Told:
    """A community on the Wednesday, with the page of each relative who sees one."""

    rows: sqlite3.Connection
    pages: dict[tuple[str, str], str]  # (relative's id, "" or the resident's whose page it is) -> page
    moments: Moments
    shares: dict[tuple[str, str], str]  # (relative's id, resident) -> what the resident shares
    refused: dict[tuple[str, str], int]  # (relative's id, resident who shares nothing with them today) -> status


@pytest.fixture(scope="module", params=["alder", "linden", "rowan"])
def told(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp(request.param)
    file = folder / "milieu.sqlite"
    shutil.copy(sqlite_template, file)
    engines = make_engines(f"sqlite:///{file}")
    with drawn_ids():
        story = _tell(engines, folder, request.param)
    yield story
    story.rows.close()
    engines.dispose()


def _tell(engines: Engines, folder: Path, community: str) -> Told:
    """What the pages say on the Wednesday, after a look the evening before."""
    community_id, moments = import_and_publish(engines, community)
    clock = FixedClock(moments.looked)
    app = create_app(Settings(data_dir=folder, secret_key="for tests only"), engines, clock)
    cookies = _signed_in(engines, community_id, clock)
    for token in cookies.values():
        _letter(app, token)
    change_much(engines, community_id, moments)
    clock.present = moments.now
    pages = {(relative, ""): _letter(app, token).text for relative, token in cookies.items()}
    rows = sqlite3.connect(folder / "milieu.sqlite")
    rows.row_factory = sqlite3.Row
    shown = {whose: page for whose, page in pages.items() if "There is nothing to show here" not in page}
    told = Told(rows, shown, moments, {}, {})
    for relative, token in cookies.items():
        kin = _kin(told, relative)
        for each in kin:
            told.shares[relative, each.resident] = _letter(app, token, f"/family/{each.resident}/shares").text
        for each in kin if len(kin) > 1 else ():
            shown[relative, each.resident] = _letter(app, token, f"/family/{each.resident}").text
        for resident in _strangers(told, relative):
            told.refused[relative, resident] = _ask(app, token, f"/family/{resident}/shares").status_code
    return told


def _signed_in(engines: Engines, community_id: str, clock: FixedClock) -> dict[str, str]:
    """A cookie for an account of each relative, of FAMILIES at most."""
    cookies = {}
    with unit_of_work(engines) as db:
        relatives = list(db.connection().exec_driver_sql("SELECT id, name FROM relative ORDER BY key"))
        relatives = random.Random(SEED).sample(relatives, min(FAMILIES, len(relatives)))
        for number, (relative_id, name) in enumerate(relatives):
            account_id = create_account(
                db,
                community_id,
                email=f"family{number}@demo.example",
                name=name,
                password=None,
                roles=("family",),
                now=clock.now(),
                relative_id=relative_id,
            )
            contents = json.dumps({ACCOUNT: account_id}).encode()
            cookies[relative_id] = begin_sign_in(db, account_id, contents, lifetime=MONTH, now=clock.now()).token
    return cookies


def _letter(app: Flask, token: str, path: str = "/family") -> TestResponse:
    answer = _ask(app, token, path)
    assert answer.status_code == 200
    return answer


def _ask(app: Flask, token: str, path: str) -> TestResponse:
    browser = app.test_client()
    browser.set_cookie("milieu", token)
    return browser.get(path)


def _kin(told: Told, relative: str) -> list[Rows]:
    """The residents who share their calendar with a relative, in the order of the page."""
    ids = told.rows.execute("SELECT resident_id FROM kinship WHERE relative_id = ?", [relative]).fetchall()
    kin = [Rows(told.rows, row["resident_id"], WEDNESDAY, _stored(told.moments.now)) for row in ids]
    sharing = [each for each in kin if each.shares(relative, "calendar", WEDNESDAY)]
    return sorted(sharing, key=lambda each: (each.called, each.resident))


def _strangers(told: Told, relative: str) -> list[str]:
    """Their own residents who share no calendar with them today, and somebody else's."""
    sharing = {each.resident for each in _kin(told, relative)}
    own = [row[0] for row in told.rows.execute("SELECT resident_id FROM kinship WHERE relative_id = ?", [relative])]
    everybody = [row[0] for row in told.rows.execute("SELECT id FROM resident ORDER BY key")]
    return [each for each in own if each not in sharing] + [each for each in everybody if each not in own][:1]


def _faults(told: Told, whose: tuple[str, str], page: str) -> list[str]:
    relative, resident = whose
    kin = [each for each in _kin(told, relative) if resident in ("", each.resident)]
    read = Page(page)
    claims = Claims(
        read,
        relative,
        kin,
        12 * 60 + 10,
        looked=_stored(told.moments.looked),
        week_began=_stored(told.moments.at(MONDAY, "00:00")),
    )
    faults = list(claims.faults())
    return faults if read.published == PUBLISHED else [*faults, read.published]


def _stored(moment: datetime) -> str:
    """A moment as SQLite keeps it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def test_every_sentence_is_true(told: Told) -> None:
    faults = [fault for whose, page in told.pages.items() for fault in _faults(told, whose, page)]

    assert not faults, "\n".join([f"with MILIEU_TEST_SEED={SEED}:", *faults])


def test_a_lie_is_seen(told: Told) -> None:
    unseen, tried = [], set()
    for true, false in LIES.items():
        for whose, page in [item for item in told.pages.items() if true in item[1]][:3]:
            tried.add(true)
            if not _faults(told, whose, page.replace(true, false)):
                unseen.append((true, whose))

    assert unseen == []
    assert len(tried) >= len(LIES) - 4, tried


def test_nobody_else_is_named(told: Told) -> None:
    names = told.rows.execute("SELECT id, given_name || ' ' || family_name AS name FROM resident").fetchall()
    for (relative, _resident), page in told.pages.items():
        kin = {each.resident for each in _kin(told, relative)}
        mine = {row["name"] for row in names if row["id"] in kin}
        assert not [row["id"] for row in names if row["name"] in page.split("<main")[1] and row["name"] not in mine]


def _share_faults(told: Told, whose: tuple[str, str], page: str) -> list[str]:
    relative, resident = whose
    [kin] = [each for each in _kin(told, relative) if each.resident == resident]
    return list(share_faults(page, relative, kin, told.rows.execute("SELECT name FROM community").fetchone()["name"]))


def test_what_is_shared_is_what_was_consented_to(told: Told) -> None:
    faults = [fault for whose, page in told.shares.items() for fault in _share_faults(told, whose, page)]

    assert not faults, "\n".join(faults)
    assert len(told.shares) >= len({relative for relative, _resident in told.pages})
    assert set(told.refused.values()) == {404}


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Since ", "From "),
        ("until further notice", "until tomorrow"),
        (" 2024", " 2023"),
        ("Not shared.", "Since 1 May 2025, until further notice."),
        ("went to, said no to, or slept through", "went to"),
    ],
)
def test_a_lie_about_what_is_shared_is_seen(told: Told, true: str, false: str) -> None:
    lies = {whose: page.replace(true, false) for whose, page in told.shares.items() if true in page}

    assert [whose for whose, page in lies.items() if not _share_faults(told, whose, page)] == []


def test_every_look_at_what_is_shared_is_written_down(told: Told) -> None:
    found = told.rows.execute(
        "SELECT a.relative_id, r.resident_id FROM resident_read r JOIN account a ON a.id = r.account_id"
        " WHERE r.page = 'family.shares'"
    ).fetchall()

    assert {(row["relative_id"], row["resident_id"]) for row in found} == set(told.shares)
