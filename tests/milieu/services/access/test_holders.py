"""A person and her accounts in several communities, on both databases."""

from datetime import timedelta

import pytest

from milieu.commands.accounts import end_for, has_password, set_password_for
from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid
from milieu.installation.revisions import differences, downgrade, upgrade
from milieu.models import Account, AccountHolder, Change
from milieu.queries.access.memberships import memberships_of
from milieu.services.access.accounts import close_account, create_account, find_principal
from milieu.services.access.holders import change_address, find_credentials, find_holder
from milieu.settings import Settings
from tests.milieu.builders import NOW, community

DEE = "dee@home.local"
GIVEN = {"name": "Dee", "roles": ("staff",), "now": NOW}


@pytest.fixture
def both(engines: Engines) -> tuple[str, str]:
    """Dee's accounts in two communities."""
    with unit_of_work(engines) as db:
        elm, oak = community(db, "elm"), community(db, "oak")
        first = create_account(db, elm.id, email=DEE, password="a made-up password", **GIVEN)  # type: ignore[arg-type]
        later = {**GIVEN, "now": NOW + timedelta(days=1)}
        second = create_account(db, oak.id, email=DEE.upper(), password=None, is_taken_up=True, **later)  # type: ignore[arg-type]
        return first, second


def test_an_account_that_ends_leaves_the_other_and_the_password(engines: Engines, both: tuple[str, str]) -> None:
    with unit_of_work(engines) as db:
        close_account(db, both[0])

    with reading(engines) as db:
        found = find_credentials(db, DEE)
        assert found is not None
        assert found.password_hash is not None
        assert [each.account_id for each in memberships_of(db, found.holder_id)] == [both[1]]
        principal = find_principal(db, both[1])
        assert principal is not None
        assert not principal.has_others


def test_an_address_is_once_in_a_community(engines: Engines, both: tuple[str, str]) -> None:
    with reading(engines) as db:
        elm = db.get_one(Account, both[0]).community_id
    with pytest.raises(Conflict), unit_of_work(engines) as db:
        create_account(db, elm, email=DEE, password=None, **GIVEN)  # type: ignore[arg-type]
    with unit_of_work(engines) as db:
        kim = create_account(db, elm, email="kim@home.local", password=None, **GIVEN)  # type: ignore[arg-type]
    with pytest.raises(Conflict), unit_of_work(engines) as db:
        change_address(db, db.get_one(Account, kim), DEE, now=NOW)


def test_a_second_password_for_one_person_is_refused(engines: Engines, both: tuple[str, str]) -> None:
    with unit_of_work(engines) as db:
        yew = community(db, "yew")
    with pytest.raises(Conflict), unit_of_work(engines) as db:
        create_account(db, yew.id, email=DEE, password="another password", **GIVEN)  # type: ignore[arg-type]


def test_who_has_one_account_keeps_her_password_with_a_new_address(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        made = create_account(db, community(db, "elm").id, email=DEE, password="a made-up password", **GIVEN)  # type: ignore[arg-type]
        change_address(db, db.get_one(Account, made), "dee@elm.example", now=NOW)

    with reading(engines) as db:
        assert find_holder(db, DEE) is None
        found = find_credentials(db, "dee@elm.example")
        assert found is not None
        assert found.password_hash is not None


def test_nobody_is_left_without_an_account(engines: Engines, both: tuple[str, str]) -> None:
    with unit_of_work(engines) as db:
        yew = community(db, "yew")
        kim = create_account(db, yew.id, email="kim@home.local", password="a made-up password", **GIVEN)  # type: ignore[arg-type]
        change_address(db, db.get_one(Account, kim), DEE, now=NOW)

    with reading(engines) as db:
        assert [row.email for row in db.query(AccountHolder)] == [DEE]
        moved = db.get_one(Account, kim)
        assert (moved.email, moved.joined_at) == (DEE, None)


def test_downgraded_the_oldest_account_keeps_the_address_and_none_is_lost(
    engines: Engines, database_url: str, both: tuple[str, str]
) -> None:
    downgrade(database_url, "0030")
    upgrade(database_url)

    with reading(engines) as db:
        first, second = (db.get_one(Account, each) for each in both)
        assert (first.email, first.active, first.joined_at is not None) == (DEE, True, True)
        assert (second.email, second.active, second.joined_at) == (f"{second.id}@elsewhere.invalid", False, None)
        assert second.holder.password is None
    assert differences(engines) == []


def test_commands_speak_of_one_account_or_of_the_person(
    engines: Engines, database_url: str, both: tuple[str, str]
) -> None:
    settings = Settings(database_url=database_url)
    with pytest.raises(Invalid, match="Which community"):
        end_for(settings, DEE, community=None)
    assert has_password(settings, DEE)

    ended = end_for(settings, DEE, community="oak")
    said = set_password_for(settings, DEE, "another password")

    assert ended == f"{DEE} can no longer sign in, in Oak Cottage, and is signed out."
    assert said == f"The new password of {DEE} holds; every sign-in has ended."
    with reading(engines) as db:
        assert [db.get_one(Account, each).active for each in both] == [True, False]
        changed = db.query(Change).filter(Change.noun == "password").all()
        assert {line.row_id for line in changed} == set(both)
