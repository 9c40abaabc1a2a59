"""Accounts, their sign-ins and forms that arrive twice, on both databases."""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from milieu.database import Engines, reading, retrying, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import Account, HandledRequest, ResidentRead, SignInSession
from milieu.services.access.accounts import (
    close_account,
    create_account,
    find_principal,
    set_roles,
)
from milieu.services.access.holders import find_holder, set_password
from milieu.services.access.sign_ins import Lifetime, begin_sign_in, end_sign_in, find_sign_in, renew_sign_in
from milieu.services.reads import make_view, record_views
from milieu.services.weeks.requests import Answer, find_answer, keep_answer
from tests.milieu.builders import NOW, CommunityBuilder, small_community

DAY = Lifetime(timedelta(hours=1), timedelta(hours=12))
KEY = "k" * 22


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


@pytest.fixture
def dana(engines: Engines, elm: CommunityBuilder) -> str:
    with unit_of_work(engines) as db:
        return create_account(
            db,
            elm.id,
            email=" Dana@Elm.example ",
            name="Dana",
            password="a made-up password",
            roles=("director", "staff"),
            now=NOW,
        )


def test_an_account_is_found_by_its_address_however_it_is_typed(engines: Engines, dana: str) -> None:
    with reading(engines) as db:
        found = find_holder(db, "dana@elm.EXAMPLE ")
        assert found is not None
        assert found.id == db.get_one(Account, dana).holder_id
        assert find_holder(db, "nobody@elm.example") is None


def test_a_principal_is_who_somebody_is_and_where(engines: Engines, elm: CommunityBuilder, dana: str) -> None:
    with reading(engines) as db:
        found = find_principal(db, dana)

    assert found is not None
    assert (found.roles, found.community_id, found.timezone) == ({"director", "staff"}, elm.id, "Europe/London")


def test_a_closed_account_is_nobody(engines: Engines, dana: str) -> None:
    with unit_of_work(engines) as db:
        begin_sign_in(db, dana, b"{}", lifetime=DAY, now=NOW)
        close_account(db, dana)

    with reading(engines) as db:
        assert find_principal(db, dana) is None
        assert db.query(SignInSession).count() == 0


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"email": "dana@elm.example"}, Conflict),
        ({"email": "no address"}, Invalid),
        ({"email": "x" * 250 + "@elm.example"}, Invalid),
        ({"roles": ("boss",)}, Invalid),
        ({"password": "x" * 9}, Invalid),
        ({"password": "x" * 4_096}, Invalid),
        ({"password": "a-long-password\r"}, Invalid),
        ({"roles": ("family",)}, Invalid),
        ({"email": "Dee <dee@elm.example>"}, Invalid),
        ({"email": "ＤＡＮＡ@elm。example"}, Conflict),
    ],
)
def test_what_an_account_cannot_be(
    fields: dict[str, object], error: type[Exception], engines: Engines, elm: CommunityBuilder, dana: str
) -> None:
    given = {"email": "new@elm.example", "name": "New", "password": "x" * 10, "roles": ("staff",), "now": NOW, **fields}

    with pytest.raises(error), unit_of_work(engines) as db:
        create_account(db, elm.id, **given)  # type: ignore[arg-type]


def test_a_password_of_ten_is_long_enough(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        made = create_account(
            db, elm.id, email="new@elm.example", name="New", password="x" * 10, roles=("staff",), now=NOW
        )
        kept = db.get_one(Account, made).holder.password

    assert PasswordHasher().verify(kept or "", "x" * 10)


@pytest.mark.parametrize("what", ["roles", "password"])
def test_a_change_of_rights_ends_every_sign_in(what: str, engines: Engines, dana: str) -> None:
    with unit_of_work(engines) as db:
        tokens = [begin_sign_in(db, dana, b"{}", lifetime=DAY, now=NOW).token for _ in range(2)]

    with unit_of_work(engines) as db:
        if what == "roles":
            set_roles(db, dana, ("staff",))
        else:
            set_password(db, db.get_one(Account, dana).holder_id, "another password")

    with reading(engines) as db:
        assert [find_sign_in(db, token, now=NOW) for token in tokens] == [None, None]


def test_nobody_changes_an_account_that_is_not_there(engines: Engines) -> None:
    with pytest.raises(NotFound), unit_of_work(engines) as db:
        close_account(db, "a" * 26)


def test_a_sign_in_lives_as_long_as_it_is_used_and_no_longer_than_it_may(engines: Engines, dana: str) -> None:
    with unit_of_work(engines) as db:
        begun = begin_sign_in(db, dana, b"first", lifetime=DAY, now=NOW)

    def found(hours: float) -> bytes | None:
        with reading(engines) as db:
            held = find_sign_in(db, begun.token, now=NOW + timedelta(hours=hours))
        return held.data if held else None

    assert (found(0.99), found(1)) == (b"first", None)
    for hours in (0.9, 11.5):
        with unit_of_work(engines) as db:
            renew_sign_in(db, begun, b"later", lifetime=DAY, now=NOW + timedelta(hours=hours))
    assert (found(11.9), found(12)) == (b"later", None)


def test_a_sign_in_that_ended_is_not_renewed(engines: Engines, dana: str) -> None:
    with unit_of_work(engines) as db:
        begun = begin_sign_in(db, dana, b"{}", lifetime=DAY, now=NOW)
        end_sign_in(db, begun.token)

    with unit_of_work(engines) as db:
        renew_sign_in(db, begun, b"{}", lifetime=DAY, now=NOW)

    with reading(engines) as db:
        assert find_sign_in(db, begun.token, now=NOW) is None


def test_old_sign_ins_are_swept_away_by_new_ones(engines: Engines, dana: str) -> None:
    for hours in (0, 13):
        with unit_of_work(engines) as db:
            begin_sign_in(db, dana, b"{}", lifetime=DAY, now=NOW + timedelta(hours=hours))

    with reading(engines) as db:
        assert db.query(SignInSession).count() == 1


def test_a_form_is_answered_as_it_was_and_only_to_who_sent_it(
    engines: Engines, elm: CommunityBuilder, dana: str
) -> None:
    with unit_of_work(engines) as db:
        other = create_account(db, elm.id, email="o@elm.example", name="O", password=None, roles=(), now=NOW)
        keep_answer(db, elm.id, dana, KEY, "director.plan_week", Answer("/run/1", "Begun."), now=NOW)

    with reading(engines) as db:
        assert find_answer(db, elm.id, dana, KEY, "director.plan_week") == Answer("/run/1", "Begun.")
        assert find_answer(db, elm.id, other, KEY, "director.plan_week") is None
        with pytest.raises(Invalid):
            find_answer(db, elm.id, dana, KEY, "director.stop_run")


@pytest.mark.parametrize("key", ["", "x" * 15, "x" * 65])
def test_a_form_needs_a_key(key: str, engines: Engines, elm: CommunityBuilder, dana: str) -> None:
    with reading(engines) as db, pytest.raises(Invalid):
        find_answer(db, elm.id, dana, key, "director.plan_week")


def test_answers_are_kept_for_two_weeks(engines: Engines, elm: CommunityBuilder, dana: str) -> None:
    for days, key in ((0, "a" * 22), (14, "b" * 22), (15, "c" * 22)):
        with unit_of_work(engines) as db:
            keep_answer(db, elm.id, dana, key, "x", Answer("/"), now=NOW + timedelta(days=days))

    with reading(engines) as db:
        assert {row.key[0] for row in db.query(HandledRequest)} == {"b", "c"}


def test_of_many_arrivals_at_once_one_is_done(engines: Engines, elm: CommunityBuilder, dana: str) -> None:
    done: list[int] = []
    answers: list[Answer] = []

    def arrive(number: int) -> None:
        def work(db: object) -> Answer:
            answer = find_answer(db, elm.id, dana, KEY, "x")  # type: ignore[arg-type]
            if answer is None:
                answer = Answer(f"/{number}")
                keep_answer(db, elm.id, dana, KEY, "x", answer, now=NOW)  # type: ignore[arg-type]
            return answer

        answers.append(retrying(engines, work))
        done.append(number)

    threads = [threading.Thread(target=arrive, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(done) == 8
    assert len(set(answers)) == 1
    with reading(engines) as db:
        assert db.query(HandledRequest).count() == 1


def test_a_page_records_each_resident_it_showed_once(engines: Engines, elm: CommunityBuilder, dana: str) -> None:
    ids = [row.id for row in elm.residents.values()]

    with unit_of_work(engines) as db:
        record_views(db, [make_view(elm.id, dana, [*ids, ids[0]], "director.people", now=NOW)])
        record_views(db, [make_view(elm.id, dana, [], "director.week", now=NOW)])

    with reading(engines) as db:
        kept = [(row.resident_id, row.account_id, row.page, row.at) for row in db.query(ResidentRead)]
    assert sorted(kept) == sorted((each, dana, "director.people", NOW) for each in ids)
