"""The table of every form there is: who sends it, where it stands, its fields, and what its reader saw."""

from dataclasses import dataclass, field
from datetime import timedelta

from tests.milieu.builders import MONDAY
from tests.web.builders import NEXT_MONDAY
from tests.web.conftest import PASSWORD

DRAFTED = f"/week/{NEXT_MONDAY}/session/choir-1"
SESSION = "/today/2026-12-02/session/choir-1"
ZOE = {"name": "Zoe", "email": "zoe@elm.example", "role": "staff"}
TWICE = dict.fromkeys(("new", "again"), "another made-up password")
REFUSED, DONE, READ = "refused", "done all the same", "changes no row"
HEARD = "heard by the process alone"
ASKED, SOUGHT, FOUND = (MONDAY + timedelta(days) for days in (14, 21, 28))
"""Weeks of choices: to be looked for, being looked for, found."""
TAKEN_BACK = MONDAY + timedelta(35)
"""A week that was published and withdrawn."""
EMPTY = MONDAY + timedelta(days=42)
"""A week of which there is nothing."""


@dataclass(frozen=True)
class Form:
    """A form: who sends it, the page on which it stands, its address and its fields; gaps are filled by the world.

    `files` are those of a field, by name and content. `becomes` is what happens to it while nothing can be saved.
    """

    role: str
    page: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    becomes: str = REFUSED
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


WISHES = {"files": ("wishes.csv", b"resident,activity,strength\r\nada,choir,5\r\n")}
STAFF, DIRECTOR, VISITOR, SAM = "staff", "director", "visitor", "sam@elm.example"
PAT = "pat@elm.example"  # who belongs to another community, too
FORMS: dict[str, Form] = {
    "account.set_up": Form(
        VISITOR,
        "/set-up/{secret}",
        "/set-up/{secret}",
        {"name": "Birch Hof", "timezone": "Europe/Berlin", "director": "Dee", "email": "dee@birch.example", **TWICE},
    ),
    "account.sign_in": Form(VISITOR, "/sign-in", "/sign-in", {"email": SAM, "password": PASSWORD}),
    "account.sign_out": Form(STAFF, "/today", "/sign-out", becomes=DONE),
    "account.enter_community": Form(PAT, "/choose-community", "/choose-community", {"account": "{elsewhere}"}),
    "account.change_password": Form(SAM, "/password", "/password", {"present": PASSWORD, **TWICE}),
    "account.new_password": Form(VISITOR, "/new-password", "/new-password", {"code": "{code}", **TWICE}),
    "account.forgotten": Form(VISITOR, "/forgotten-password", "/forgotten-password", {"email": SAM}),
    "director.make_account": Form(
        DIRECTOR,
        "/accounts/new?for=staff",
        "/accounts/new",
        ZOE,
    ),
    "director.take_step": Form(DIRECTOR, "/tour", "/tour", {"to": "left-out"}),
    "director.change_account": Form(
        DIRECTOR, "/accounts/{account}", "/accounts/{account}", {"name": "Sam Other", "email": "other@elm.example"}
    ),
    "director.account_code": Form(DIRECTOR, "/accounts/{account}", "/accounts/{account}/code"),
    "director.end_account": Form(DIRECTOR, "/accounts/{account}", "/accounts/{account}/end"),
    "director.open_account": Form(DIRECTOR, "/accounts/{ended}", "/accounts/{ended}/open"),
    "director.end_sign_ins": Form(DIRECTOR, "/accounts/{account}", "/accounts/{account}/sign-ins"),
    "director.ask_more": Form(DIRECTOR, "/activities", "/activities/asks-more", {"more": "no"}),
    "director.book": Form(DIRECTOR, "/activities", "/activities/{choir}/booked", {"booked": "yes"}),
    "director.keep_base_week": Form(
        DIRECTOR, "/people", "/base-week/keep", {"form_key": "one-click-to-keep-the-base-week"}
    ),
    "director.let_go_of_base_week": Form(
        DIRECTOR, "/people", "/base-week/let-go", {"form_key": "one-click-to-let-the-base-week-go"}
    ),
    "director.save_base_week_now": Form(
        DIRECTOR,
        f"/week/{NEXT_MONDAY}/save-as-base-week",
        f"/week/{NEXT_MONDAY}/save-as-base-week",
        {"view": "draft", "name": "Winter"},
    ),
    "director.plan_from_base_week": Form(
        DIRECTOR,
        "/base-week",
        f"/week/{EMPTY}/plan-from",
        {"base_week": "{summer}", "form_key": "one-click-from-summer"},
    ),
    "director.rename_base_week": Form(
        DIRECTOR, "/base-weeks/{summer}", "/base-weeks/{summer}/name", {"name": "High summer"}
    ),
    "director.end_base_week": Form(DIRECTOR, "/base-weeks/{summer}", "/base-weeks/{summer}/end"),
    "director.choose_base_week": Form(
        DIRECTOR, "/base-weeks/{summer}", "/base-weeks/{summer}/choose", {"first": str(NEXT_MONDAY), "last": ""}
    ),
    "director.let_go_of_choice": Form(
        DIRECTOR, "/base-weeks/{summer}", "/base-weeks/{summer}/let-go", {"choice": "{chosen}"}
    ),
    "director.add_base_session": Form(
        DIRECTOR,
        "/base-weeks/{summer}",
        "/base-weeks/{summer}/sessions",
        {"weekday": "4", "start": "15:00", "activity": "{choir}", "space": "", "leader": ""},
    ),
    "director.change_base_session": Form(
        DIRECTOR,
        "/base-weeks/{summer}/sessions/{base_session}",
        "/base-weeks/{summer}/sessions/{base_session}",
        {"weekday": "4", "start": "15:00", "activity": "{choir}", "space": "", "leader": ""},
    ),
    "director.remove_base_session": Form(
        DIRECTOR,
        "/base-weeks/{summer}/sessions/{base_session}",
        "/base-weeks/{summer}/sessions/{base_session}/remove",
    ),
    "director.open_wall": Form(DIRECTOR, "/walls", "/walls/{river}/open"),
    "director.end_wall": Form(DIRECTOR, "/walls", "/walls/{wall}/end"),
    "feeds.make": Form(DIRECTOR, "/calendars", "/calendars", {"for": "leader:{finn}"}),
    "feeds.end": Form(DIRECTOR, "/calendars", "/calendars/{feed}/end"),
    "director.people": Form(DIRECTOR, "/people", "/people", {"q": "Ada"}, becomes=READ),
    "director.many": Form(DIRECTOR, "/people", "/people/many", {"who": "{ada}", "what": "wish"}, becomes=READ),
    "director.give_many": Form(
        DIRECTOR,
        "/people",
        "/people/many/save",
        {"who": "{ada}", "what": "need", "need": "escort=yes", "form_key": "one-click-for-many"},
    ),
    "director.undo_many": Form(DIRECTOR, "/people/many/{given}", "/people/many/{given}/undo"),
    "director.wish_again": Form(
        DIRECTOR, "/people", "/people/{ada}/asked-again/{choir}", {"form_key": "one-click-of-somebody"}
    ),
    "director.save_own": Form(
        DIRECTOR, "/people/{ada}/change/asking", "/people/{ada}/change/asking", {"how_to_invite": "Wait for her"}
    ),
    "director.add_row": Form(
        DIRECTOR,
        "/people/{ada}/change/wishes",
        "/people/{ada}/change/wishes/more",
        {"activity": "{walk}", "strength": "5", "said_by": "observed"},
    ),
    "director.save_row": Form(
        DIRECTOR,
        "/people/{ada}/change/wishes",
        "/people/{ada}/change/wishes/row/{wish}",
        {"activity": "{choir}", "strength": "-2", "said_by": "resident", "version": "1"},
    ),
    "director.end_row": Form(
        DIRECTOR, "/people/{ada}/change/wishes", "/people/{ada}/change/wishes/row/{wish}/end", {"version": "1"}
    ),
    "director.answer_welcome": Form(
        DIRECTOR, "/people/{gil}", "/people/{gil}/meets", {"what": "group:{chess}", "answer": "yes"}
    ),
    "director.note_own_tie": Form(
        DIRECTOR,
        "/people/{ada}/ties",
        "/people/{ada}/ties",
        {"other": "{cleo}", "kind": "helps", "named_by": "one", "seen_by": "director"},
    ),
    "director.change_own_tie": Form(
        DIRECTOR, "/people/{ada}/ties", "/people/{ada}/ties/{tie}", {"kind": "neighbour", "seen_by": "team"}
    ),
    "director.end_own_tie": Form(DIRECTOR, "/people/{ada}/ties", "/people/{ada}/ties/{tie}/end"),
    "director.still_own_tie": Form(DIRECTOR, "/people/{ada}/ties", "/people/{ada}/ties/{tie}/still"),
    "director.save_preferences": Form(
        DIRECTOR,
        "/people/{ada}/preferences",
        "/people/{ada}/preferences",
        {"asked_on": "2026-12-02", "said_by": "resident", "music": "1"},
    ),
    "director.undo_preferences": Form(
        DIRECTOR, "/people/{ben}/preferences", "/people/{ben}/preferences/{sitting}/take-back"
    ),
    "director.answer_preference": Form(
        DIRECTOR,
        "/people/{ben}/preferences",
        "/people/{ben}/preferences/answer",
        {"question": "phone", "answer": "adaptation", "how": "The telephone of the office", "activity": ""},
    ),
    "director.say_no": Form(
        DIRECTOR, "/people/{ada}/noes", "/people/{ada}/noes", {"what": "activity:{choir}", "for": "good"}
    ),
    "director.say_yes": Form(DIRECTOR, "/people/{ada}/noes", "/people/{ada}/noes/{no}/yes", {"said_by": "resident"}),
    "director.undo_fact": Form(DIRECTOR, "/people/{ada}/history", "/people/{ada}/history/{line}/undo"),
    "director.tell_change": Form(
        DIRECTOR,
        "/changed?kind=refusal",
        "/changed/refusal",
        {"who": "{ada}", "what": "activity:{choir}", "for": "good"},
    ),
    "director.answer_learnt": Form(
        DIRECTOR, "/people/learnt", "/people/{esi}/learnt/{choir}", {"answer": "yes", "strength": "3"}
    ),
    "director.correct_change": Form(
        DIRECTOR,
        "/changed/line/{change}",
        "/changed/line/{change}",
        {"who": "{gita}", "first": "2026-12-03", "last": "", "part": "", "reason": "", "version": "1"},
    ),
    "director.take_change_back": Form(DIRECTOR, "/changed", "/changed/line/{change}/take-back"),
    "director.limit_clock": Form(DIRECTOR, "/changed", "/changed/limit", {"most": "5"}),
    "director.find_choices": Form(DIRECTOR, f"/week/{ASKED}/choices", f"/week/{ASKED}/choices"),
    "director.stop_choices": Form(DIRECTOR, f"/week/{SOUGHT}/choices", f"/week/{SOUGHT}/choices/{{sought}}/stop"),
    "director.publish_one": Form(DIRECTOR, f"/week/{FOUND}/choices", f"/week/{FOUND}/choices/{{choice}}"),
    "director.activity_library": Form(DIRECTOR, "/house/library", "/house/library", {"take": "tai-chi"}),
    "director.new_thing": Form(
        DIRECTOR, "/house/living-groups/new", "/house/living-groups/new", {"name": "Oak floor", "zone": "", "sort": "3"}
    ),
    "director.thing": Form(
        DIRECTOR,
        "/house/living-groups/{river}",
        "/house/living-groups/{river}",
        {"name": "River house", "zone": "river", "sort": "2"},
    ),
    "director.add_piece": Form(
        DIRECTOR, "/house/team/{gita}", "/house/team/{gita}/familiar/add", {"resident": "{ada}"}
    ),
    "director.change_piece": Form(
        DIRECTOR,
        "/house/team/{gita}",
        "/house/team/{gita}/roster/{roster}",
        {"from": "13:30", "to": "17:00", "days": "", "seen": "{roster_seal}"},
    ),
    "director.end_piece": Form(DIRECTOR, "/house/team/{gita}", "/house/team/{gita}/roster/{roster}/end"),
    "director.end_thing": Form(DIRECTOR, "/house/team/{gita}/end", "/house/team/{gita}/end"),
    "director.undo_thing": Form(
        DIRECTOR, "/house/living-groups/{garden}", "/house/living-groups/{garden}/undo/{group_line}"
    ),
    "director.targets": Form(
        DIRECTOR,
        "/house/targets",
        "/house/targets",
        {"days": "Tue", "from": "14:00", "to": "17:00", "sessions": "0", "members": "1", "weight": "1"},
    ),
    "director.end_target": Form(DIRECTOR, "/house/targets", "/house/targets/{target}/end"),
    "director.undo_target": Form(DIRECTOR, "/house/targets", "/house/targets/undo/{target_line}"),
    "director.settings": Form(
        DIRECTOR,
        "/house/settings",
        "/house/settings",
        {
            "name": "Elm House",
            "timezone": "Europe/London",
            "publishing_time": "06:00",
            "grid_minutes": "15",
            "plan_seconds": "4",
            "repair_seconds": "2",
            "sessions_a_day": "0",
            "asks_more": "yes",
            "expected_turnout": "80",
            "escorts": "7",
        },
    ),
    "director.add_window": Form(
        DIRECTOR,
        "/house/settings",
        "/house/settings/windows/add",
        {"days": "Tue", "from": "09:00", "to": "12:00", "escorts": "4"},
    ),
    "director.end_window": Form(
        DIRECTOR, "/house/settings", "/house/settings/windows/end", {"place": "0", "windows": "{window}"}
    ),
    "director.set_way": Form(
        DIRECTOR, "/house/settings", "/house/settings/ways/add", {"from": "garden", "to": "river", "minutes": "7"}
    ),
    "director.end_way": Form(
        DIRECTOR, "/house/settings", "/house/settings/ways/end", {"from": "garden", "to": "river"}
    ),
    "director.undo_settings": Form(DIRECTOR, "/house/settings", "/house/settings/undo/{way_line}"),
    "director.weights": Form(DIRECTOR, "/house/weights", "/house/weights", {"interest": "3"}),
    "director.hand_in": Form(DIRECTOR, "/lists", "/lists", files=WISHES),
    "director.choose_sheets": Form(DIRECTOR, "/lists/{lists}", "/lists/{lists}/sheets"),
    "director.bring_in": Form(DIRECTOR, "/lists/{lists}", "/lists/{lists}/bring-in"),
    "director.drop_list": Form(DIRECTOR, "/lists/{lists}", "/lists/{lists}/drop"),
    "director.stop_lists": Form(DIRECTOR, "/lists", "/lists/under-way/stop", {"form": "of no lists"}, becomes=HEARD),
    "director.take_list_back": Form(DIRECTOR, "/lists", "/lists/{brought}/take-back"),
    "director.plan_week": Form(DIRECTOR, f"/week/{NEXT_MONDAY}/plan", f"/week/{NEXT_MONDAY}/plan"),
    "director.lift_demand": Form(DIRECTOR, "/run/{stuck}", "/run/{stuck}/lift", {"key": "{pinned}"}),
    "director.stop_run": Form(DIRECTOR, "/run/{run}", "/run/{run}/stop"),
    "director.take_back_draft": Form(DIRECTOR, f"/week/{NEXT_MONDAY}/drafts", f"/week/{NEXT_MONDAY}/drafts"),
    "director.publish_now": Form(DIRECTOR, f"/week/{NEXT_MONDAY}/publish", f"/week/{NEXT_MONDAY}/publish"),
    "director.withdraw_now": Form(
        DIRECTOR, f"/week/{ASKED}/withdraw", f"/week/{ASKED}/withdraw", {"reason": "It was published too early."}
    ),
    "director.publish_week_again": Form(DIRECTOR, f"/week/{TAKEN_BACK}", f"/week/{TAKEN_BACK}/publish-again"),
    "ground.ask_to_meet": Form(
        DIRECTOR, "/living-groups/{garden}", "/living-groups/{garden}/meet/{cleo}", {"other": "{ada}"}
    ),
    "ground.meet_no_more": Form(DIRECTOR, "/living-groups/{river}", "/living-groups/{river}/meet/{esi}/take-back"),
    "director.begin_by_hand": Form(DIRECTOR, f"/week/{MONDAY}", f"/week/{MONDAY}/by-hand", {"from": "published"}),
    "director.place_session": Form(
        DIRECTOR,
        f"{DRAFTED}/change",
        f"{DRAFTED}/place",
        {"day": f"{NEXT_MONDAY}", "start": "11:00", "space": "{lounge}", "leader": "{finn}", "on_purpose": "yes"},
    ),
    "director.copy_session": Form(
        DIRECTOR,
        f"{DRAFTED}/change",
        f"{DRAFTED}/copy",
        {"day": f"{NEXT_MONDAY}", "start": "11:00", "on_purpose": "yes"},
    ),
    "director.remove_session": Form(DIRECTOR, f"{DRAFTED}/change", f"{DRAFTED}/remove", {"on_purpose": "yes"}),
    "director.fix_session": Form(DIRECTOR, DRAFTED, f"{DRAFTED}/fix", {"fixed": "yes"}),
    "director.invite_person": Form(DIRECTOR, DRAFTED, f"{DRAFTED}/invite", {"who": "{cleo}", "on_purpose": "yes"}),
    "director.take_person_out": Form(DIRECTOR, DRAFTED, f"{DRAFTED}/take-out", {"who": "{ada}", "on_purpose": "yes"}),
    "director.bring_in_person": Form(
        DIRECTOR,
        f"{DRAFTED}",
        f"{DRAFTED}/bring-in",
        {"step": "joins|choir-1|{cleo}", "on_purpose": "yes"},
    ),
    "director.keep_person_out": Form(
        DIRECTOR, f"{DRAFTED}/not-here?who={{dov}}", f"{DRAFTED}/keep-out", {"who": "{dov}"}
    ),
    "director.let_person_in": Form(DIRECTOR, f"{DRAFTED}/not-here?who={{fay}}", f"{DRAFTED}/let-in", {"who": "{fay}"}),
    "director.add_session_now": Form(
        DIRECTOR,
        f"/week/{NEXT_MONDAY}/add",
        f"/week/{NEXT_MONDAY}/add",
        {
            "activity": "{walk}",
            "day": f"{NEXT_MONDAY}",
            "start": "15:00",
            "space": "{lounge}",
            "leader": "{finn}",
            "on_purpose": "yes",
        },
    ),
    "director.mend_left_out": Form(
        DIRECTOR,
        f"/week/{NEXT_MONDAY}/left-out?tried=1",
        f"/week/{NEXT_MONDAY}/left-out",
        {"who": "{cleo}", "ref": "choir-1"},
    ),
    "director.ask_what_if": Form(
        DIRECTOR, f"/week/{NEXT_MONDAY}/what-if", f"/week/{NEXT_MONDAY}/what-if", {"kind": "ties"}
    ),
    "director.stop_what_if": Form(
        DIRECTOR, f"/week/{NEXT_MONDAY}/what-if", f"/week/{NEXT_MONDAY}/what-if/{{supposed}}/stop"
    ),
    "director.take_scenario": Form(
        DIRECTOR, f"/week/{NEXT_MONDAY}/what-if", f"/week/{NEXT_MONDAY}/what-if/{{scenario}}/whole"
    ),
    "director.take_scenario_parts": Form(
        DIRECTOR,
        f"/week/{NEXT_MONDAY}/what-if",
        f"/week/{NEXT_MONDAY}/what-if/{{scenario}}/parts",
        {"ref": "choir-1", "on_purpose": "yes"},
    ),
    "director.undo_change": Form(DIRECTOR, f"/week/{NEXT_MONDAY}", f"/week/{NEXT_MONDAY}/undo"),
    "director.redo_change": Form(DIRECTOR, f"/week/{NEXT_MONDAY}", f"/week/{NEXT_MONDAY}/redo"),
    "ground.answer_likely": Form(
        DIRECTOR,
        "/living-groups/{garden}",
        "/living-groups/{garden}/likely",
        {"one": "{cleo}", "other": "{ada}", "answer": "yes"},
    ),
    "ground.add_want": Form(
        DIRECTOR,
        "/living-groups/{garden}/wants",
        "/living-groups/{garden}/wants/aims",
        {"domain": "creative", "members": "4", "sessions_a_week": "1", "weight": "1"},
    ),
    "ground.change_want": Form(
        DIRECTOR,
        "/living-groups/{garden}/wants",
        "/living-groups/{garden}/wants/council/{council}",
        {"wish": "Supper at six", "said_on": "2026-11-20", "answer": "From Monday on", "answered_on": "2026-12-01"},
    ),
    "ground.end_want": Form(
        DIRECTOR, "/living-groups/{garden}/wants", "/living-groups/{garden}/wants/council/{council}/end"
    ),
    "ground.undo_want": Form(
        DIRECTOR, "/living-groups/{garden}/wants", "/living-groups/{garden}/wants/undo/{council_line}"
    ),
    "ground.note": Form(
        DIRECTOR,
        "/living-groups/{garden}",
        "/living-groups/{garden}/ties",
        {"one": "{cleo}", "other": "{ada}", "kind": "uneasy", "seen_by": "director"},
    ),
    "ground.change": Form(
        DIRECTOR,
        "/living-groups/{garden}/ties/{tie}",
        "/living-groups/{garden}/ties/{tie}",
        {"kind": "relative", "seen_by": "team"},
    ),
    "ground.end": Form(DIRECTOR, "/living-groups/{garden}/ties/{tie}", "/living-groups/{garden}/ties/{tie}/end"),
    "ground.still": Form(DIRECTOR, "/living-groups/{garden}/ties/{tie}", "/living-groups/{garden}/ties/{tie}/still"),
    "staff.tell_change": Form(
        STAFF,
        "/today/changed?kind=refusal",
        "/today/changed/refusal",
        {"who": "{ben}", "what": "activity:{walk}", "for": "good"},
    ),
    "staff.take_change_back": Form(SAM, "/today/changed", "/today/changed/line/{slip}/take-back"),
    "staff.mark": Form(STAFF, "/today", f"{SESSION}/mark/{{ada}}", {"mark": "attended"}),
    "staff.find_other": Form(STAFF, f"{SESSION}/others", f"{SESSION}/others/find", {"q": "Fay"}, becomes=READ),
    "staff.mark_other": Form(STAFF, f"{SESSION}/others?of={{garden}}", f"{SESSION}/others", {"resident": "{fay}"}),
    "staff.mark_held": Form(STAFF, f"{SESSION}/held", f"{SESSION}/held", {"held": "no", "reason": "The piano is away"}),
}


AGAIN: dict[str, tuple[str | None, set[str]]] = {
    "account.set_up": ("/sign-in?made=1", {"try_meter"}),
    "account.sign_in": ("/today", {"sign_in_session", "try_meter"}),  # signed in anew
    "account.enter_community": ("/sign-in?ended=1", set()),  # of the sign-in that went over
    "account.change_password": ("/sign-in?twice=1", set()),
    "account.forgotten": (
        "/forgotten-password?sent=1",
        {"try_meter"},
    ),  # the first one’s letter leaves when its turn comes
    "director.make_account": ("/accounts/{made}", {"sign_in_session"}),  # the code is shown once, and that is said
    "director.account_code": ("/accounts/{account}", {"sign_in_session"}),
    "feeds.make": ("/calendars", {"sign_in_session"}),
    "account.new_password": (None, {"try_meter"}),  # the code is used, and the page says that its password holds
}
"""Where the second click of a form leads that cannot be answered alike, and the tables to which it adds."""
LETTER = {"change", "password_pass"}
SEEN = {
    "director.change_account": ["version"],
    "director.correct_change": ["version"],
    "director.choose_sheets": ["version"],
    "director.save_own": ["version"],
    "director.save_row": ["version"],
    "director.end_row": ["version"],
    "director.thing": ["version"],
    "director.end_thing": ["version"],
    "director.settings": ["version"],
    "director.weights": ["version"],
    "director.plan_week": ["beside"],
    "director.take_back_draft": ["plan", "version", "instead_of"],
    "director.publish_now": ["plan", "version"],
    **{
        f"director.{name}": ["version"]
        for name in (
            "rename_base_week",
            "end_base_week",
            "add_base_session",
            "change_base_session",
            "remove_base_session",
            "place_session",
            "copy_session",
            "remove_session",
            "fix_session",
            "invite_person",
            "take_person_out",
            "keep_person_out",
            "let_person_in",
            "add_session_now",
            "mend_left_out",
            "take_scenario",
            "take_scenario_parts",
            "undo_change",
            "redo_change",
        )
    },
    "ground.change": ["version"],
    "ground.change_want": ["version"],
    "ground.end_want": ["version"],
    "director.change_own_tie": ["version"],
    "director.end_own_tie": ["version"],
    "ground.end": ["version"],
}
"""The fields of a form that say what its reader saw."""
