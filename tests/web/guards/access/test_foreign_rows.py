"""Rows that are not one's own, or belong to something else, named in forms and addresses.

Another community's row is told like one that never was, and whatever a form names wrongly, nothing is written.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask

from milieu.database import Engines, unit_of_work
from milieu.ids import new_id
from tests.milieu.builders import MONDAY, small_community
from tests.web.builders import NEXT_MONDAY
from tests.web.conftest import PASSWORD, Browser
from tests.web.guards.access.world import community_of_forms, furnish
from tests.web.guards.forms import FORMS, PAT, SAM, VISITOR, Form
from tests.web.guards.test_write_paths import SET_UP, everything, filled, posted, read
from web.guards.access import TABLE

pytestmark = pytest.mark.slow(2)

NOT_IDS = {"window", "code", "roster_seal"}
OTHERS = {"ada": "dov", "esi": "ben", "cleo": "dov", "garden": "river", "river": "garden", "gita": "finn"}
"""Of what has parts, another one of the same kind in the same community, which has not these parts."""
OF_ANYBODY = {"director.answer_learnt", "ground.meet_no_more", "ground.ask_to_meet", "director.wish_again"}
"""Forms whose addresses name two things of the community of which none belongs to the other."""
IDS = {
    "resident_id": "ada",
    "account_id": "account",
    "run_id": "run",
    "upload_id": "lists",
    "tie_id": "tie",
    "living_group_id": "garden",
    "thing_id": "gita",
    "space_id": "lounge",
    "given_id": "given",
    "change_id": "change",
    "base_week_id": "summer",
    "base_session_id": "base_session",
}
"""Of each id that an address of a page can have, what names it in the world of the forms."""
GIVEN = {"kind": "team", "part": "wishes", "ref": "choir-1", "ending": "zip", "first": MONDAY}


@dataclass(frozen=True)
class Two:
    """Two communities with the same things: what the forms name in each, and browsers of the first."""

    own: Mapping[str, str]
    foreign: Mapping[str, str]
    browsers: Mapping[str, Browser]


@pytest.fixture
def two(app: Flask, sign_in: Callable[..., Browser], engines: Engines) -> Two:
    elm, own = community_of_forms(engines)
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    foreign = furnish(engines, oak)
    browsers: dict[str, Browser] = {role: sign_in(elm, role) for role in ("director", "staff")}
    browsers[VISITOR] = app.test_client()  # type: ignore[assignment]
    for email in (SAM, PAT):
        browsers[email] = app.test_client()  # type: ignore[assignment]
        assert browsers[email].send("/sign-in", email=email, password=PASSWORD).status_code == 302
    return Two(own, foreign, browsers)


def named(*texts: str) -> list[str]:
    """The ids that an address or fields name, in order, each once."""
    return [name for name in dict.fromkeys(re.findall(r"\{(\w+)\}", " ".join(texts))) if name not in NOT_IDS]


def forms() -> Iterator[tuple[str, Form]]:
    return ((name, form) for name, form in FORMS.items() if name != SET_UP and named(form.path, *form.fields.values()))


def sent(browser: Browser, form: Form, fields: Mapping[str, str], gaps: Mapping[str, str]) -> tuple[int, str, str]:
    """The answer to a form whose gaps are filled so: its status, where it leads, and what it says, without ids."""
    named_so = {name: value.format(**gaps) for name, value in form.fields.items()}
    answer = posted(browser, form.path.format(**gaps), form, {**fields, **named_so})
    said = re.sub(r'value="[^"]*"', "", answer.text)
    for name in named(form.path, *form.fields.values()):
        said = said.replace(gaps[name], name)
    return answer.status_code, answer.location or "", said


def test_another_communitys_row_in_a_form_is_told_like_one_that_never_was(two: Two, engines: Engines) -> None:
    for endpoint, form in forms():
        browser = two.browsers[form.role]
        fields = filled(read(browser, form, dict(two.own)), form, dict(two.own))
        before = everything(engines)
        for name in named(form.path, *form.fields.values()):
            foreign, missing = (
                sent(browser, form, fields, {**two.own, name: value}) for value in (two.foreign[name], new_id())
            )

            assert foreign[0] in (404, 409, 422), (endpoint, name, foreign[:2])
            assert foreign == missing, (endpoint, name)
        assert everything(engines) == before, endpoint


def test_what_belongs_to_something_else_is_not_there(two: Two, engines: Engines) -> None:
    """The own community's rows under an address of something that they do not belong to."""
    tried = set()
    for endpoint, form in forms():
        parts = named(form.path)
        if len(parts) < 2 or parts[0] not in OTHERS or endpoint in OF_ANYBODY:
            continue
        browser = two.browsers[form.role]
        fields = filled(read(browser, form, dict(two.own)), form, dict(two.own))
        before = everything(engines)

        status, _, _ = sent(browser, form, fields, {**two.own, parts[0]: two.own[OTHERS[parts[0]]]})

        assert (status, everything(engines) == before) == (404, True), endpoint
        tried.add(endpoint)
    assert {"director.undo_fact", "director.undo_thing", "director.end_piece", "ground.change", "ground.end"} <= tried


def test_addresses_of_another_community_are_told_like_those_that_never_were(two: Two, app: Flask) -> None:
    """Every page of the team with an id in its address, each of them foreign and missing, one after another."""
    tried = set()
    for rule in app.url_map.iter_rules():
        roles = TABLE[rule.endpoint].roles & {"director", "staff"}
        if "GET" not in (rule.methods or ()) or not rule.arguments & IDS.keys() or not roles or "anyone" in roles:
            continue
        browser = two.browsers[min(roles)]
        week = NEXT_MONDAY if "draft" in TABLE[rule.endpoint].relation else MONDAY
        right = {name: GIVEN.get(name) or two.own.get(IDS.get(name, ""), week) for name in rule.arguments}
        for name in rule.arguments & IDS.keys():
            foreign, missing = (
                browser.get(app.url_map.bind("localhost").build(rule.endpoint, {**right, name: held}))
                for held in (two.foreign[IDS[name]], new_id())
            )
            assert (foreign.status_code, missing.status_code) == (404, 404), (rule.endpoint, name)
            assert foreign.data == missing.data, (rule.endpoint, name)
            tried.add(name)
    assert tried == IDS.keys()
