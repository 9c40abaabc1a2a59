"""Who may call which endpoint, on whose data: the one table. An endpoint without a row answers nobody.

A row names the roles and, in words, what the view must relate the data to: every id in an address is looked up together
with the signed-in account's community (`principal().community_id`), and what is foreign is as absent as what never was.
Whoever may not is told what a visitor of a page that does not exist is told, byte for byte.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from web.guards.principal import principal_or_none

ANYONE = frozenset({"anyone"})
SIGNED_IN = frozenset({"director", "staff", "family", "administrator"})
DIRECTOR = frozenset({"director"})
STAFF = frozenset({"director", "staff"})
FAMILY = frozenset({"family"})
WORK_OR_FAMILY = STAFF | FAMILY


@dataclass(frozen=True)
class Access:
    """`roles` may call; `relation` says which data the view keeps to."""

    roles: frozenset[str]
    relation: str


TABLE: dict[str, Access] = {
    "static": Access(ANYONE, "no data"),
    "assets.font": Access(ANYONE, "no data"),
    "health.healthz": Access(ANYONE, "no data"),
    "health.readyz": Access(ANYONE, "no data of a community"),
    "health.health": Access(DIRECTOR, "no data of a community but when its own sheets were made"),
    "health.all_communities": Access(
        frozenset({"administrator"}), "all communities by name, and nothing of anybody in them"
    ),
    "public.getting_ready": Access(ANYONE, "no data of a person; only where this is a demonstration"),
    "public.readiness": Access(ANYONE, "no data of a person; only where this is a demonstration"),
    "account.start": Access(ANYONE, "sends on to the first page of the role"),
    "account.sign_in": Access(ANYONE, "no data"),
    "account.sign_out": Access(SIGNED_IN, "the own sign-in"),
    "account.communities": Access(SIGNED_IN, "the communities in which the own person has an account"),
    "account.enter_community": Access(SIGNED_IN, "an account of the own person"),
    "account.change_password": Access(SIGNED_IN, "the own account"),
    "account.new_password": Access(ANYONE, "the account whose one-time code or link is known"),
    "account.set_up": Access(ANYONE, "none yet: makes a community and its director while there is nobody"),
    "account.forgotten": Access(ANYONE, "no data: the same answer for every address"),
    "director.accounts": Access(DIRECTOR, "accounts of the own community"),
    "director.new_account": Access(DIRECTOR, "the own community"),
    "director.make_account": Access(DIRECTOR, "the own community"),
    "director.account": Access(DIRECTOR, "an account of staff or family of the own community"),
    "director.change_account": Access(DIRECTOR, "an account of staff or family of the own community"),
    "director.account_code": Access(DIRECTOR, "an account of staff or family of the own community"),
    "director.end_account": Access(DIRECTOR, "an account of staff or family of the own community"),
    "director.open_account": Access(DIRECTOR, "an account of staff or family of the own community"),
    "director.end_sign_ins": Access(DIRECTOR, "an account of staff or family of the own community"),
    "director.activities": Access(DIRECTOR, "activities of the own community"),
    "director.ask_more": Access(DIRECTOR, "the own community's setting"),
    "director.book": Access(DIRECTOR, "an activity of the own community"),
    "director.house": Access(DIRECTOR, "the own community's living groups, spaces, team and activities"),
    "director.first_week": Access(DIRECTOR, "counts of the own community"),
    "director.activity_library": Access(DIRECTOR, "the own community's activities, beside the library of the product"),
    "director.settings": Access(DIRECTOR, "the own community's settings"),
    "director.add_window": Access(DIRECTOR, "the own community's settings"),
    "director.end_window": Access(DIRECTOR, "the own community's settings"),
    "director.set_way": Access(DIRECTOR, "the own community's settings"),
    "director.end_way": Access(DIRECTOR, "the own community's settings"),
    "director.undo_settings": Access(DIRECTOR, "the own community's settings"),
    "director.weights": Access(DIRECTOR, "the own community's settings"),
    "director.targets": Access(DIRECTOR, "what should be on in the own community"),
    "director.end_target": Access(DIRECTOR, "what should be on in the own community"),
    "director.undo_target": Access(DIRECTOR, "what should be on in the own community"),
    "director.house_things": Access(DIRECTOR, "things of one kind of the own community"),
    "director.new_thing": Access(DIRECTOR, "the own community"),
    "director.thing": Access(DIRECTOR, "a living group, space, colleague or activity of the own community"),
    "director.add_piece": Access(DIRECTOR, "a living group, space, colleague or activity of the own community"),
    "director.change_piece": Access(DIRECTOR, "hours that belong to a thing of the own community"),
    "director.end_piece": Access(DIRECTOR, "what belongs to a thing of the own community"),
    "director.end_thing": Access(DIRECTOR, "a living group, space, colleague or activity of the own community"),
    "director.undo_thing": Access(DIRECTOR, "a change of a thing of the own community"),
    "director.tour": Access(DIRECTOR, "the own account"),
    "director.tour_page": Access(DIRECTOR, "the own account, the own community's weeks"),
    "director.take_step": Access(DIRECTOR, "the own account"),
    "director.walls": Access(DIRECTOR, "living groups of the own community"),
    "director.open_wall": Access(DIRECTOR, "a living group of the own community"),
    "director.end_wall": Access(DIRECTOR, "a wall of a living group of the own community"),
    "director.this_week": Access(DIRECTOR, "no data"),
    "director.week": Access(DIRECTOR, "the own community's week"),
    "director.day_board": Access(DIRECTOR, "a day of the own community's week"),
    "director.session": Access(DIRECTOR, "a session of the own community's week"),
    "director.choose_many": Access(DIRECTOR, "residents of the own community"),
    "director.many": Access(DIRECTOR, "residents of the own community"),
    "director.give_many": Access(DIRECTOR, "residents of the own community"),
    "director.given": Access(DIRECTOR, "what was given to many residents of the own community"),
    "director.undo_many": Access(DIRECTOR, "what was given to many residents of the own community"),
    "director.people": Access(DIRECTOR, "residents of the own community"),
    "director.resident": Access(STAFF, "a resident of the own community; of ties, those that the role may see"),
    "director.change_part": Access(DIRECTOR, "a resident of the own community"),
    "director.save_own": Access(DIRECTOR, "a resident of the own community"),
    "director.add_row": Access(DIRECTOR, "a resident of the own community"),
    "director.save_row": Access(DIRECTOR, "a fact of a resident of the own community"),
    "director.end_row": Access(DIRECTOR, "a fact of a resident of the own community"),
    "director.noes": Access(DIRECTOR, "a resident of the own community"),
    "director.say_no": Access(DIRECTOR, "a resident of the own community"),
    "director.say_yes": Access(DIRECTOR, "a no of a resident of the own community"),
    "director.person_history": Access(DIRECTOR, "a resident of the own community"),
    "director.undo_fact": Access(DIRECTOR, "a change of a resident of the own community"),
    "director.answer_welcome": Access(DIRECTOR, "a resident of the own community"),
    "director.ties": Access(DIRECTOR, "a resident of the own community"),
    "director.note_own_tie": Access(DIRECTOR, "residents of the own community"),
    "director.change_own_tie": Access(DIRECTOR, "a tie of a resident of the own community"),
    "director.end_own_tie": Access(DIRECTOR, "a tie of a resident of the own community"),
    "director.still_own_tie": Access(DIRECTOR, "a tie of a resident of the own community"),
    "director.preferences": Access(DIRECTOR, "a resident of the own community"),
    "director.save_preferences": Access(DIRECTOR, "a resident of the own community"),
    "director.undo_preferences": Access(DIRECTOR, "a resident of the own community"),
    "director.answer_preference": Access(DIRECTOR, "a resident of the own community"),
    "director.wish_again": Access(DIRECTOR, "a resident and an activity of the own community"),
    "director.plan_week": Access(DIRECTOR, "the own community's week"),
    "director.ask_plan": Access(DIRECTOR, "the own community's draft"),
    "director.drafts": Access(DIRECTOR, "the own community's drafts of a week"),
    "director.begin_by_hand": Access(DIRECTOR, "the own community's week"),
    "director.change_session": Access(DIRECTOR, "a session of the own community's draft"),
    "director.where_session": Access(DIRECTOR, "a session of the own community's draft"),
    "director.place_session": Access(DIRECTOR, "a session of the own community's draft"),
    "director.copy_session": Access(DIRECTOR, "a session of the own community's draft"),
    "director.remove_session": Access(DIRECTOR, "a session of the own community's draft"),
    "director.fix_session": Access(DIRECTOR, "a session of the own community's draft"),
    "director.invite_person": Access(
        DIRECTOR, "a session of the own community's draft, a resident of the own community"
    ),
    "director.take_person_out": Access(DIRECTOR, "a session of the own community's draft"),
    "director.why_not": Access(DIRECTOR, "a session of the own community's week, a resident of the own community"),
    "director.bring_in_person": Access(
        DIRECTOR, "sessions of the own community's draft, residents of the own community"
    ),
    "director.not_here": Access(DIRECTOR, "a session of the own community's draft, a resident of the own community"),
    "director.keep_person_out": Access(
        DIRECTOR, "a session of the own community's draft, a resident of the own community"
    ),
    "director.let_person_in": Access(DIRECTOR, "a session of the own community's draft"),
    "director.week_of_person": Access(DIRECTOR, "a resident of the own community, its draft"),
    "director.add_session": Access(DIRECTOR, "the own community's draft"),
    "director.add_session_now": Access(DIRECTOR, "the own community's draft"),
    "director.undo_change": Access(DIRECTOR, "the own community's draft"),
    "director.redo_change": Access(DIRECTOR, "the own community's draft"),
    "director.take_back_draft": Access(DIRECTOR, "a draft of the own community that was set aside"),
    "director.publish_week": Access(DIRECTOR, "the own community's draft"),
    "director.family_reads": Access(DIRECTOR, "the own community's draft, relatives of its residents"),
    "director.publish_now": Access(DIRECTOR, "the own community's draft"),
    "director.history": Access(DIRECTOR, "publications of the own community's week"),
    "director.as_of": Access(DIRECTOR, "the own community's week as it was published"),
    "director.compare": Access(DIRECTOR, "publications and plans of the own community's week"),
    "director.withdraw_week": Access(DIRECTOR, "the own community's published week"),
    "director.withdraw_now": Access(DIRECTOR, "the own community's published week"),
    "director.publish_week_again": Access(DIRECTOR, "the own community's withdrawn week"),
    "director.changed": Access(DIRECTOR, "facts of the own community"),
    "director.tell_change": Access(DIRECTOR, "people, spaces and activities of the own community"),
    "director.learnt": Access(DIRECTOR, "the own community"),
    "director.answer_learnt": Access(DIRECTOR, "a resident of the own community"),
    "director.told_line": Access(DIRECTOR, "a fact told in the own community"),
    "director.correct_change": Access(DIRECTOR, "a fact told in the own community"),
    "director.take_change_back": Access(DIRECTOR, "a fact told in the own community"),
    "director.limit_clock": Access(DIRECTOR, "the own community's setting"),
    "director.choices": Access(DIRECTOR, "the own community's published week"),
    "director.choices_progress": Access(DIRECTOR, "the own community's published week"),
    "director.find_choices": Access(DIRECTOR, "the own community's published week"),
    "director.stop_choices": Access(DIRECTOR, "a run of the own community"),
    "director.publish_one": Access(DIRECTOR, "a choice of the own community"),
    "director.columns": Access(DIRECTOR, "no data"),
    "director.everything": Access(DIRECTOR, "every table of the own community"),
    "director.resident_file": Access(DIRECTOR, "a resident of the own community"),
    "director.lists": Access(DIRECTOR, "the own community's lists"),
    "director.hand_in": Access(DIRECTOR, "the own community"),
    "director.waiting_list": Access(DIRECTOR, "lists that wait in the own community"),
    "director.choose_sheets": Access(DIRECTOR, "lists that wait in the own community"),
    "director.bring_in": Access(DIRECTOR, "lists that wait in the own community"),
    "director.lists_under_way": Access(DIRECTOR, "lists that they are handing in themselves"),
    "director.stop_lists": Access(DIRECTOR, "lists that they are handing in themselves"),
    "director.drop_list": Access(DIRECTOR, "lists that wait in the own community"),
    "director.take_list_back": Access(DIRECTOR, "an import of the own community"),
    "director.balance": Access(DIRECTOR, "the own community's week"),
    "director.left_out": Access(DIRECTOR, "the own community's week"),
    "director.left_out_ways": Access(DIRECTOR, "the own community's week"),
    "director.mend_left_out": Access(DIRECTOR, "the own community's draft, residents of the own community"),
    "director.waits": Access(DIRECTOR, "the own community's week"),
    "director.what_if": Access(DIRECTOR, "the own community's week"),
    "director.what_if_progress": Access(DIRECTOR, "the own community's week"),
    "director.ask_what_if": Access(DIRECTOR, "the own community's week"),
    "director.stop_what_if": Access(DIRECTOR, "a run of the own community"),
    "director.take_scenario": Access(DIRECTOR, "a scenario of the own community"),
    "director.take_scenario_parts": Access(DIRECTOR, "a scenario of the own community"),
    "director.base_week": Access(DIRECTOR, "the own community's base week"),
    "director.keep_base_week": Access(DIRECTOR, "the own community's base week"),
    "director.let_go_of_base_week": Access(DIRECTOR, "the own community's base week"),
    "director.save_base_week": Access(DIRECTOR, "the own community's week"),
    "director.save_base_week_now": Access(DIRECTOR, "the own community's week"),
    "director.plan_from_base_week": Access(DIRECTOR, "a base week of the own community"),
    "director.base_week_named": Access(DIRECTOR, "a base week of the own community"),
    "director.rename_base_week": Access(DIRECTOR, "a base week of the own community"),
    "director.end_base_week": Access(DIRECTOR, "a base week of the own community"),
    "director.choose_base_week": Access(DIRECTOR, "a base week of the own community"),
    "director.let_go_of_choice": Access(DIRECTOR, "a base week of the own community"),
    "director.add_base_session": Access(DIRECTOR, "a base week of the own community"),
    "director.base_session": Access(DIRECTOR, "a base week of the own community"),
    "director.change_base_session": Access(DIRECTOR, "a base week of the own community"),
    "director.remove_base_session": Access(DIRECTOR, "a base week of the own community"),
    "director.changes": Access(DIRECTOR, "the own community's published week"),
    "director.run": Access(DIRECTOR, "a run of the own community"),
    "director.run_progress": Access(DIRECTOR, "a run of the own community"),
    "director.lift_demand": Access(DIRECTOR, "a run of the own community"),
    "director.stop_run": Access(DIRECTOR, "a run of the own community"),
    "ground.living_groups": Access(DIRECTOR, "living groups of the own community"),
    "ground.living_group": Access(DIRECTOR, "a living group of the own community"),
    "ground.ask_to_meet": Access(DIRECTOR, "a living group and residents of the own community"),
    "ground.meet_no_more": Access(DIRECTOR, "a living group and a resident of the own community"),
    "ground.answer_likely": Access(DIRECTOR, "a living group and residents of the own community"),
    "ground.wants": Access(DIRECTOR, "a living group of the own community"),
    "ground.add_want": Access(DIRECTOR, "a living group of the own community"),
    "ground.change_want": Access(DIRECTOR, "what a living group of the own community wants"),
    "ground.end_want": Access(DIRECTOR, "what a living group of the own community wants"),
    "ground.undo_want": Access(DIRECTOR, "what a living group of the own community wants"),
    "ground.note": Access(DIRECTOR, "a living group and residents of the own community"),
    "ground.tie": Access(DIRECTOR, "a tie of a resident of a living group of the own community"),
    "ground.change": Access(DIRECTOR, "a tie of the own community"),
    "ground.end": Access(DIRECTOR, "a tie of the own community"),
    "ground.still": Access(DIRECTOR, "a tie of the own community"),
    "feeds.community": Access(ANYONE, "any community's programme, without names"),
    "feeds.private": Access(ANYONE, "the sessions of whom the address's token names, while that may be read"),
    "feeds.mine": Access(
        WORK_OR_FAMILY, "a director: the own community's addresses; others: their own, and of whom they may read"
    ),
    "feeds.make": Access(
        WORK_OR_FAMILY, "a director: the own community's; others: a calendar of their own, or that they may read"
    ),
    "feeds.end": Access(WORK_OR_FAMILY, "a director: an address of the own community; others: one of their own"),
    "records.start": Access(DIRECTOR, "figures and residents of the own community"),
    "records.rows": Access(DIRECTOR, "sessions and residents of the own community"),
    "records.folder": Access(DIRECTOR, "residents of the own community, each named in the address"),
    "prints.start": Access(STAFF, "living groups, spaces and residents of the own community"),
    "prints.month": Access(STAFF, "the own community's programme, without names"),
    "prints.week": Access(STAFF, "the own community's programme, without names"),
    "prints.door": Access(STAFF, "the programme of a space of the own community, without names"),
    "prints.day": Access(STAFF, "a day of the own community, by living group"),
    "prints.slips_of_day": Access(STAFF, "invitations of the own community's residents on a day"),
    "prints.own_week": Access(STAFF, "a resident of the own community"),
    "staff.today": Access(STAFF, "the own community's day"),
    "staff.changed": Access(STAFF, "residents of the own community, and what the account told today"),
    "staff.tell_change": Access(STAFF, "people, spaces and activities of the own community"),
    "staff.take_change_back": Access(STAFF, "a fact that the account told today"),
    "staff.day": Access(STAFF, "a day of the own community"),
    "staff.group": Access(STAFF, "a living group of the own community, without who is close to whom"),
    "staff.one_session": Access(STAFF, "a session of the own community's day"),
    "staff.sheet": Access(STAFF, "a day of the own community"),
    "staff.mark": Access(STAFF, "a resident invited to a session of the own community"),
    "staff.others": Access(STAFF, "residents of the own community"),
    "staff.find_other": Access(STAFF, "a session of the own community's day"),
    "staff.mark_other": Access(STAFF, "a resident of the own community"),
    "staff.held": Access(STAFF, "a session of the own community's day"),
    "staff.mark_held": Access(STAFF, "a session of the own community's day"),
    "family.home": Access(FAMILY, "residents who share their calendar with the account's relative today"),
    "family.one": Access(FAMILY, "a resident who shares the calendar with the account's relative today"),
    "family.shares": Access(FAMILY, "a resident who shares the calendar with the account's relative today"),
    "public.month": Access(ANYONE, "any community's programme of a month, without names"),
    "public.programme": Access(ANYONE, "any community's programme, without names"),
    "public.short_wall": Access(ANYONE, "sends on to the living group’s wall whose short code is known"),
    "public.wall": Access(ANYONE, "the programme of the living group whose open address is known, without names"),
}

# The first page of each role, the first that fits counts.
LANDINGS = (
    ("director", "director.this_week"),
    ("staff", "staff.today"),
    ("family", "family.home"),
    ("administrator", "health.all_communities"),
)

# Forms that end the sign-in under which they are sent: their second click comes without one, though the first was done.
_CLICKED_TWICE = {"account.sign_out": "out", "account.change_password": "twice"}


def init_access(app: Flask) -> None:
    """Refuse what the table does not allow, before anything else looks at the request."""
    app.before_request(_guard)


def may(roles: frozenset[str], endpoint: str) -> bool:
    """Whether somebody with these roles may call an endpoint."""
    row = TABLE.get(endpoint)
    return row is not None and (row.roles == ANYONE or bool(row.roles & roles))


def landing(roles: frozenset[str]) -> str | None:
    """The address of somebody's first page, None where no page is for them."""
    for role, endpoint in LANDINGS:
        if role in roles and endpoint in TABLE:
            return url_for(endpoint)
    return None


def own_path(wanted: str) -> str | None:
    """A path within this site, rebuilt from its parts; None for anything that could lead elsewhere."""
    if len(wanted) > 1_000 or any(char == "\\" or ord(char) <= 32 or ord(char) == 127 for char in wanted):
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    if any(bad in parts.path.lower() for bad in ("%5c", "%2f", "%09", "%0a", "%0d", "//")):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _guard() -> Response | None:
    if request.endpoint is None:
        return None  # no such address: the router's own 404 or 405 follows
    row = TABLE.get(request.endpoint)
    if row is None:
        abort(404)
    if row.roles == ANYONE:
        return None
    principal = principal_or_none()
    if principal is None:
        if request.method not in ("GET", "HEAD"):  # a form whose sender's sign-in has ended: say that it was not taken
            why = _CLICKED_TWICE.get(request.endpoint, "ended")
            return redirect(f"{url_for('account.sign_in')}?{why}=1", 303)
        return redirect(url_for("account.sign_in", next=own_path(request.full_path.rstrip("?"))))
    if not row.roles & principal.roles:
        abort(404)
    return None
