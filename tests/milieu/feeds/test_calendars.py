"""What a calendar program is given, read by a strict parser and held line by line against RFC 5545."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select

from milieu.database import DbSession, Engines, unit_of_work
from milieu.errors import NotFound
from milieu.feeds.calendars import calendar_file
from milieu.models import Attendance, Change, Consent, Feed, SessionHeld
from milieu.queries.facts.kinds import TOLD
from milieu.queries.paper.events import Event, leader_events, public_events, resident_events
from milieu.services.access.feeds import end_feed, make_feed, note_use, open_feed
from milieu.services.facts.taking_back import take_back
from milieu.services.facts.unwell import tell_hospital
from milieu.services.teller import Teller
from tests.milieu.builders import NOW, CommunityBuilder, Held, small_community

TODAY = CHOIR_DAY = NOW.date()
CHOIR = Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")
MOVED = Held("choir", "lounge", 2, "11:00", ["finn"], ["ada", "ben"], ref="choir-1")
WALK = Held("walk", "studio", 4, "14:00", ["gita"], ["ada"], ref="walk-1")
HOSTILE = "Tea; cake, \\n BEGIN:VEVENT\r\nEND:VCALENDAR \u202ekcab " + "Wörter mit Ümläuten " * 8


@pytest.fixture
def db(engines: Engines) -> Iterator[DbSession]:
    with unit_of_work(engines) as session:
        yield session


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    return small_community(db)


def parsed(file: bytes) -> Calendar:
    """A calendar as the parser reads it, after its lines were looked at."""
    assert file.endswith(b"END:VCALENDAR\r\n")
    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode("utf-8")  # no letter is cut in two
    unfolded = re.sub(rb"\r\n[ \t]", b"", file).decode()
    depth: list[str] = []
    for line in unfolded.removesuffix("\r\n").split("\r\n"):
        assert re.match(r"[A-Z-]+[;:]", line), line
        if line.startswith("BEGIN:"):
            depth.append(line[6:])
        elif line.startswith("END:"):
            assert depth.pop() == line[4:]
    assert depth == []
    for single in ("VERSION", "PRODID", "UID", "X-WR-CALNAME", "X-WR-TIMEZONE"):
        assert isinstance(Calendar.from_ical(file)[single], str), single
    [calendar] = Calendar.from_ical(file, multiple=True)
    assert [error for each in calendar.walk() for error in each.errors] == []
    assert (calendar["VERSION"], bool(calendar["PRODID"])) == ("2.0", True)
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS"} <= set(event)
        assert event["DTSTAMP"].dt.tzinfo is not None
    return calendar


def as_file(events: tuple[Event, ...], *, whose: str = "elm", has_places: bool = True) -> bytes:
    return calendar_file(events, name="Elm", timezone="Europe/London", whose=whose, has_places=has_places)


def test_events_stand_in_the_communitys_zone_which_is_described(db: DbSession, elm: CommunityBuilder) -> None:
    elm.publication([CHOIR, WALK])
    calendar = parsed(as_file(public_events(db, elm.id, TODAY)))
    choir, walk = calendar.walk("VEVENT")

    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    assert choir["DTSTART"].params["TZID"] == "Europe/London"
    assert choir["DTSTART"].dt == datetime(2026, 12, 2, 10, tzinfo=ZoneInfo("Europe/London"))
    assert (str(walk["SUMMARY"]), str(walk["LOCATION"]), str(walk["STATUS"])) == ("Walk", "Studio", "CONFIRMED")


def test_what_changes_keeps_its_uid_and_counts_on(db: DbSession, elm: CommunityBuilder) -> None:
    seen = []
    for at, sessions in enumerate(([CHOIR, WALK], [MOVED, WALK], [WALK], [MOVED, WALK])):
        elm.publication(sessions, published_at=NOW - timedelta(days=5 - at))
        calendar = parsed(as_file(public_events(db, elm.id, TODAY)))
        seen.append({str(each["SUMMARY"]): each for each in calendar.walk("VEVENT")})

    assert len({str(each["Choir"]["UID"]) for each in seen}) == 1
    assert [int(each["Choir"]["SEQUENCE"]) for each in seen] == [0, 1, 2, 3]
    assert [str(each["Choir"]["STATUS"]) for each in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [each["Choir"]["DTSTART"].dt.hour for each in seen] == [10, 11, 11, 11]
    assert [each["Choir"]["DTSTAMP"].dt for each in seen] == [NOW - timedelta(days=5 - at) for at in range(4)]
    assert {int(each["Walk"]["SEQUENCE"]) for each in seen} == {0}


def test_what_is_called_off_is_cancelled_and_can_be_on_again(db: DbSession, elm: CommunityBuilder) -> None:
    elm.publication([CHOIR])
    told = []
    for number, was_held in ((1, False), (2, None), (3, False)):
        said = {"session_ref": "choir-1", "on_date": TODAY, "number": number, "was_held": was_held, "marked_at": NOW}
        elm.add(SessionHeld(community_id=elm.id, **said))
        [event] = public_events(db, elm.id, TODAY)
        told.append((event.sequence, event.is_cancelled))

    assert told == [(1, True), (2, False), (3, True)]


def test_a_publication_does_not_cancel_days_that_it_does_not_hold(db: DbSession, elm: CommunityBuilder) -> None:
    elm.publication([CHOIR, WALK])
    elm.publication([WALK], kind="repair", days=range(3, 7))

    assert [(each.ref, each.is_cancelled) for each in public_events(db, elm.id, TODAY)] == [
        ("choir-1", False),
        ("walk-1", False),
    ]


def test_a_residents_calendar_says_what_and_when_alone(db: DbSession, elm: CommunityBuilder) -> None:
    elm.activity("memory", name="Memory training", is_closed=True)
    elm.publication([CHOIR, WALK, Held("memory", "lounge", 5, "10:00", ["finn"], ["ada"])])
    file = as_file(resident_events(db, elm.id, elm.residents["ada"].id, TODAY), has_places=False)

    assert [str(each["SUMMARY"]) for each in parsed(file).walk("VEVENT")] == ["Choir", "Walk", "A small group"]
    assert not any(word in file for word in (b"LOCATION", b"Lounge", b"Memory", b"Ada", b"Ben", b"Finn"))
    assert resident_events(db, elm.id, elm.residents["ben"].id, TODAY)[0].ref == "choir-1"


def test_whoever_is_no_longer_invited_sees_it_cancelled(db: DbSession, elm: CommunityBuilder) -> None:
    elm.publication([CHOIR])
    elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ben"], ref="choir-1")])

    [adas], [bens] = (resident_events(db, elm.id, elm.residents[name].id, TODAY) for name in ("ada", "ben"))
    assert ((adas.is_cancelled, adas.sequence), (bens.is_cancelled, bens.sequence)) == ((True, 1), (False, 0))


def test_what_somebody_is_in_hospital_for_is_cancelled_until_that_is_taken_back(
    db: DbSession, elm: CommunityBuilder
) -> None:
    ada, told_at = elm.residents["ada"].id, NOW + timedelta(hours=1)
    elm.publication([CHOIR, WALK])
    tell_hospital(db, Teller(elm.id, None, told_at), ada, CHOIR_DAY, CHOIR_DAY + timedelta(days=1))

    choir, walk = resident_events(db, elm.id, ada, TODAY)
    assert (choir.is_cancelled, choir.sequence, choir.changed_at) == (True, 1, told_at)
    assert (walk.is_cancelled, walk.sequence, walk.changed_at < told_at) == (False, 0, True)  # on a day after it
    assert not resident_events(db, elm.id, elm.residents["ben"].id, TODAY)[0].is_cancelled
    assert not public_events(db, elm.id, TODAY)[0].is_cancelled

    line = db.scalars(select(Change).where(Change.verb == TOLD)).one()
    take_back(db, Teller(elm.id, None, told_at + timedelta(hours=1)), line.id)
    [choir, _walk] = resident_events(db, elm.id, ada, TODAY)
    assert (choir.is_cancelled, choir.sequence, choir.changed_at) == (False, 2, told_at + timedelta(hours=1))


def test_whoever_came_all_the_same_was_there(db: DbSession, elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"]
    elm.publication([CHOIR])
    elm.busy(ada, "09:00", "12:00", kind="outing", valid_from=CHOIR_DAY, valid_until=CHOIR_DAY)
    assert resident_events(db, elm.id, ada.id, TODAY)[0].is_cancelled
    ids = {"community_id": elm.id, "session_ref": "choir-1", "resident_id": ada.id, "key": "tap", "number": 1}
    given = {"on_date": CHOIR_DAY, "was_invited": True, "outcome": "attended"}
    elm.add(Attendance(**ids, **given, tapped_at=NOW, marked_at=NOW))
    assert not resident_events(db, elm.id, ada.id, TODAY)[0].is_cancelled


def test_a_leaders_calendar_has_what_they_lead(db: DbSession, elm: CommunityBuilder) -> None:
    elm.publication([CHOIR, WALK])

    assert [each.title for each in leader_events(db, elm.id, elm.facilitators["gita"].id, TODAY)] == ["Walk"]


def test_a_leaders_visit_is_cancelled_while_whom_it_is_for_is_away(db: DbSession, elm: CommunityBuilder) -> None:
    ada, ben = elm.residents["ada"], elm.residents["ben"]
    elm.activity("call", minutes=30, max_group=1, min_group=1)
    visits = [
        Held("call", "studio", 2, "11:00", ["gita"], [whom], ref=f"call-{whom}-1", minutes=30)
        for whom in ("ada", "ben")
    ]
    elm.publication([CHOIR, *visits])
    tell_hospital(db, Teller(elm.id, None, NOW + timedelta(hours=1)), ada.id, CHOIR_DAY, CHOIR_DAY + timedelta(days=1))
    elm.busy(ben, "00:00", "24:00", kind="bed", valid_from=CHOIR_DAY, valid_until=CHOIR_DAY)  # where a visit finds them

    def read() -> dict[str, tuple[bool, int]]:
        events = leader_events(db, elm.id, elm.facilitators["gita"].id, TODAY)
        return {each.ref: (each.is_cancelled, each.sequence) for each in events}

    assert read() == {"call-ada-1": (True, 1), "call-ben-1": (False, 0)}
    assert not leader_events(db, elm.id, elm.facilitators["finn"].id, TODAY)[0].is_cancelled  # the choir has others

    line = db.scalars(select(Change).where(Change.verb == TOLD)).one()
    take_back(db, Teller(elm.id, None, NOW + timedelta(hours=2)), line.id)
    assert read() == {"call-ada-1": (False, 2), "call-ben-1": (False, 0)}


def test_the_same_session_has_another_uid_in_another_calendar(db: DbSession, elm: CommunityBuilder) -> None:
    elm.publication([CHOIR])
    events = public_events(db, elm.id, TODAY)
    uids = {str(parsed(as_file(events, whose=whose)).walk("VEVENT")[0]["UID"]) for whose in ("ada", "ben")}

    assert len(uids) == 2
    assert as_file(events) == as_file(events), "the same events are the same bytes"


@pytest.mark.parametrize("timezone", ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
def test_hostile_titles_and_clock_changes_come_through(timezone: str) -> None:
    moments = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in range(3)]
    moments += [datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)]
    events = tuple(
        Event(
            ref=f"s{at}",
            title=HOSTILE,
            space="Hall; 1, \\",
            on_date=date(2026, 12, 2),
            start_minute=600,
            end_minute=720,
            is_visit=False,
            first_at=NOW,
            starts_at=moment,
            ends_at=moment + timedelta(hours=2),
            sequence=0,
            changed_at=NOW,
            is_cancelled=False,
        )
        for at, moment in enumerate(moments)
    )
    file = calendar_file(events, name=HOSTILE, timezone=timezone, whose="elm", has_places=True)
    found = parsed(file).walk("VEVENT")

    assert [each["DTSTART"].dt.astimezone(UTC) for each in found] == moments
    assert [each["DTEND"].dt.astimezone(UTC) for each in found] == [each + timedelta(hours=2) for each in moments]
    assert {str(each["SUMMARY"]) for each in found} == {" ".join(HOSTILE.replace("\u202e", "").split())}
    assert {str(each["LOCATION"]) for each in found} == {"Hall; 1, \\"}


def test_an_empty_calendar_is_a_calendar() -> None:
    assert parsed(as_file(())).walk("VEVENT") == []


def test_a_token_opens_while_it_may_and_only_its_hash_is_kept(db: DbSession, elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"]
    relative = elm.relative("dora", of=ada)
    token = make_feed(db, elm.id, relative_id=relative.id, resident_id=ada.id, by=None, now=NOW)
    opened = open_feed(db, token, NOW)

    assert len(token) == 43, "256 bits"
    assert (opened.name, opened.kin and opened.kin.resident_id) == ("Ada", ada.id)
    row = db.query(Feed).one()
    assert token not in str(vars(row))
    consent = db.query(Consent).where(Consent.kind == "calendar", Consent.relative_id == relative.id).one()
    consent.valid_until = TODAY
    db.flush()
    assert open_feed(db, token, NOW).is_shared(TODAY)
    assert not open_feed(db, token, NOW).is_shared(TODAY + timedelta(days=1))
    with pytest.raises(NotFound):
        open_feed(db, token, NOW + timedelta(days=1))


def test_an_ended_address_opens_nothing(db: DbSession, elm: CommunityBuilder) -> None:
    finn = elm.facilitators["finn"]
    account = elm.account("staff", facilitator=finn)
    first, second, third = (make_feed(db, elm.id, facilitator_id=finn.id, by=None, now=NOW) for _ in range(3))
    assert {open_feed(db, each, NOW).name for each in (first, second, third)} == {finn.name}
    end_feed(db, elm.id, open_feed(db, first, NOW).feed_id, by=None, now=NOW)

    for token in (first, "", "x" * 43):
        with pytest.raises(NotFound):
            open_feed(db, token, NOW)
    account.active = False
    db.flush()
    with pytest.raises(NotFound):
        open_feed(db, second, NOW)
    account.active, finn.ended_on = True, TODAY
    db.flush()
    with pytest.raises(NotFound):
        open_feed(db, third, NOW)


def test_nobody_makes_one_of_whom_they_may_not_read(db: DbSession, elm: CommunityBuilder) -> None:
    relative = elm.relative("dora", of=elm.residents["ada"])
    asked = [
        {"relative_id": relative.id, "resident_id": elm.residents["ben"].id},
        {"relative_id": "nobody", "resident_id": elm.residents["ada"].id},
        {"facilitator_id": "nobody"},
        {"relative_id": relative.id},
        {},
    ]
    for whose in asked:
        with pytest.raises(NotFound):
            make_feed(db, elm.id, **whose, by=None, now=NOW)  # type: ignore[arg-type]
    assert db.query(Feed).count() == 0


def test_its_use_is_told_by_the_hour_and_by_networks_of_a_day(db: DbSession, elm: CommunityBuilder) -> None:
    token = make_feed(db, elm.id, facilitator_id=elm.facilitators["finn"].id, by=None, now=NOW)
    feed_id = open_feed(db, token, NOW).feed_id
    for minutes, network in ((0, "a"), (5, "b"), (6, "a"), (70, "c")):
        note_use(db, elm.id, feed_id, network, NOW + timedelta(minutes=minutes))
    row = db.query(Feed).one()
    assert (row.used_at, row.networks) == (NOW + timedelta(minutes=70), {"day": str(TODAY), "seen": ["a", "b", "c"]})
    note_use(db, elm.id, feed_id, "d", NOW + timedelta(days=1))
    assert row.networks == {"day": str(TODAY + timedelta(days=1)), "seen": ["d"]}
