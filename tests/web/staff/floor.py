"""A published day for tests of the floor and of the family's letter, and fingers that press its buttons."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape

from werkzeug.test import TestResponse

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Attendance, Resident
from milieu.queries.published.marks import Mark, marks_of
from tests.milieu.builders import CommunityBuilder, Held, small_community
from tests.web.conftest import Browser

WEDNESDAY = date(2026, 12, 2)
ASKING = datetime(2026, 12, 2, 10, 20, tzinfo=UTC)  # ten minutes before the choir
PUBLISHED = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)
CHOIR, WALK, VISIT = "2026-W49-choir-2", "2026-W49-walk-2", "2026-W49-visit-2"
CHOIR_PAGE = f"/today/2026-12-02/session/{CHOIR}"


def published_day(engines: Engines, key: str = "elm") -> CommunityBuilder:
    """Choir at 10:30 with Ada, Ben and Esi, a walk at 14:00 with Dov, a visit to Fay at 11:00; Cleo is not invited."""
    with unit_of_work(engines) as db:
        elm = small_community(db, key)
        elm.groups["river"].sort = 1
        elm.activity("visit", minutes=15, max_group=1, name="A visit")
        ada, ben = elm.residents["ada"], elm.residents["ben"]
        ada.wheelchair, ada.escort, ada.invite_how = True, True, "Ask softly; she hears better on her left."
        ben.escort = True
        elm.publication(
            [
                Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben", "esi"]),
                Held("walk", "studio", 2, "14:00", ["gita"], ["dov"]),
                Held("visit", "studio", 2, "11:00", ["finn"], ["fay"]),
                Held("chess", "studio", 1, "15:00", ["finn"], ["ada"]),
                Held("chess", "studio", 3, "15:00", ["finn"], ["ada"]),
            ],
            published_at=PUBLISHED,
        )
    return elm


@dataclass(frozen=True)
class Form:
    """A card's form as a browser has it."""

    action: str
    fields: dict[str, str]
    buttons: dict[str, str]  # mark -> value; "undo" takes back
    pressed: tuple[str, ...]


def forms_of(page: str) -> dict[str, Form]:
    """The cards' forms by the name they are for."""
    found = {}
    for head, body in re.findall(r'<form class="out"([^>]*)>(.*?)</form>', page, re.DOTALL):
        [action], [name] = re.findall(r'action="([^"]*)"', head), re.findall(r'aria-label="([^"]*)"', head)
        buttons = re.findall(r'<button[^>]*name="mark" value="([^"]*)" data-mark="([^"]*)"([^>]*)>', body)
        found[unescape(name)] = Form(
            unescape(action),
            dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', body)),
            {mark: value for value, mark, _ in buttons},
            tuple(mark for _, mark, rest in buttons if 'aria-pressed="true"' in rest),
        )
    return found


def press(browser: Browser, page: str, who: str, mark: str, **headers: str) -> TestResponse:
    """Press a button of somebody's card on a page."""
    form = next(form for name, form in forms_of(browser.get(page).text).items() if name.startswith(who))
    return browser.post(form.action, data={**form.fields, "mark": form.buttons[mark]}, headers=headers)


def mark_of(engines: Engines, elm: CommunityBuilder, who: str, ref: str = CHOIR) -> Mark | None:
    """The mark that holds."""
    with reading(engines) as db:
        return marks_of(db, elm.id, refs=[ref]).get((ref, elm.residents[who].id))


def rows_of(engines: Engines) -> int:
    """How many marks are kept in all."""
    with reading(engines) as db:
        return db.query(Attendance).count()


def minutes_after(minutes: float) -> datetime:
    """A moment so long after the asking began."""
    return ASKING + timedelta(minutes=minutes)


def text_of(page: str) -> str:
    """What a page says, without tags, spaces made one."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def lettered_day(engines: Engines) -> CommunityBuilder:
    """Ada, called Rosie, is Ellen's mother; on Wednesday she is invited to the choir, and to chess at 15:00."""
    elm = published_day(engines)
    with unit_of_work(engines) as db:
        elm.db = db
        ada_of(elm).called = "Rosie"
        elm.relative("ellen", of=elm.residents["ada"], name="Ellen Made-Up")
        elm.publication(
            [
                Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben"], reasons=reasons("company", "wish")),
                Held("chess", "studio", 2, "15:00", ["gita"], ["ada"], reasons=reasons("care_plan", "aim")),
                Held("walk", "studio", 3, "14:00", ["gita"], ["ben", "dov"]),
                Held("choir", "studio", 4, "14:00", ["finn"], ["ada"], ref="friday", reasons=reasons("familiar")),
            ],
            published_at=PUBLISHED,
        )
    return elm


def reasons(*codes: str) -> dict[str, object]:
    return {"reasons": [{"code": code, "amount": 3, "domain": "social", "said_by": "resident"} for code in codes]}


def change(engines: Engines, elm: CommunityBuilder, work: Callable[[CommunityBuilder], object]) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        work(elm)


def ada_of(elm: CommunityBuilder) -> Resident:
    """Her row as it is now, in the open unit of work."""
    row = elm.db.get(Resident, {"community_id": elm.id, "id": elm.residents["ada"].id})
    assert row is not None
    return row
