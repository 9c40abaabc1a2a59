"""Everything of one resident for her: hers, and nobody else's name."""

import re

import pytest

from milieu.database import Engines, unit_of_work
from milieu.errors import NotFound
from milieu.exports.one_resident import resident_sheets
from milieu.models import Attendance, ResidentRead, SessionHeld
from tests.milieu.builders import NOW, CommunityBuilder, Held, small_community

CANARIES = ("ben", "cleo", "dov", "esi", "fay")


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        ada, ben, cleo = (elm.residents[name] for name in ("ada", "ben", "cleo"))
        elm.tie(ada, cleo, None)
        elm.refusal(ada, activity=elm.activities["chess"])
        elm.refusal(ben, activity=elm.activities["walk"])
        elm.relative("una", of=ada)
        elm.publication([Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")])
        by = elm.account("staff").id
        seen = {"community_id": elm.id, "resident_id": ada.id}
        elm.add(ResidentRead(**seen, at=NOW, account_id=by, page="director.resident"))
        marked = {"on_date": NOW.date(), "key": "k" * 20, "number": 1, "tapped_at": NOW, "marked_at": NOW}
        elm.add(Attendance(**seen, **marked, session_ref="choir-1", outcome="declined", marked_by=by))
        return elm


def _told(engines: Engines, elm: CommunityBuilder, name: str) -> dict[str, list[tuple[str, ...]]]:
    with unit_of_work(engines) as db:
        sheets = resident_sheets(db, elm.id, elm.residents[name].id, today=NOW.date())
    return {sheet.name: [sheet.header, *sheet.rows] for sheet in sheets}


def test_what_is_hers_is_told(engines: Engines, elm: CommunityBuilder) -> None:
    told = _told(engines, elm, "ada")

    assert ("given name", "Ada") in told["about"]
    assert [row[0] for row in told["refusals"][1:]] == ["Chess"]
    assert len(told["ties"]) == 2  # a friend; whom she is kept apart from is not hers to read
    assert "apart" not in repr(told["ties"][1:])
    assert told["invitations"][1] == ("2026-12-01", "10:00", "10:45", "Choir", "Lounge", "")
    assert told["marks"][1][:3] == ("2026-12-02", "Choir", "declined")
    assert [row[2] for row in told["who_looked"][1:]] == ["director.resident"]
    assert "kinships" in told


def test_what_was_not_held_is_told_as_that(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        said = {"session_ref": "choir-1", "on_date": NOW.date(), "was_held": False, "marked_at": NOW}
        db.add(SessionHeld(community_id=elm.id, number=1, **said))

    assert _told(engines, elm, "ada")["invitations"][1][-1] == "not held"


def test_nobody_else_who_lives_here_is_named(engines: Engines, elm: CommunityBuilder) -> None:
    told = repr(_told(engines, elm, "ada")).lower()

    assert set(CANARIES) & set(re.findall(r"\w+", told)) == set()
    assert [each.id for name, each in elm.residents.items() if name != "ada" and each.id in told] == []


def test_another_communitys_resident_is_not_there(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
        with pytest.raises(NotFound):
            resident_sheets(db, oak.id, elm.residents["ada"].id, today=NOW.date())
