"""The house's pages in words: what each column of a form is called, and what a row of hours says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.preferences import BY_ACTIVITY
from milieu.services.house.choices import Choices
from web.fields import Option, Words
from web.words.abilities import asked
from web.words.domains import KEYS, domain
from web.words.person.preferences import topic_word
from web.words.times import long_day, months_said, weekday

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ABILITIES = ("walks", "stands", "sees", "hears", "reads", "swallows")


def words_of(name: str, choices: Choices) -> Mapping[str, Words]:
    """The labels of a form by the name of its part."""
    made = {
        "living-groups": _living_group,
        "spaces": _space,
        "team": _colleague,
        "activities": _activity,
        "hours": lambda _choices: _hours(),
        "roster": lambda _choices: _hours(),
        "neighbours": _neighbour,
        "familiar": _resident,
        "members": _resident,
        "aims": _aim,
    }
    return made[name](choices)


def kind_words(name: str) -> tuple[str, str, str]:
    """Of a kind of things: what many are called, the button for a new one, and a sentence about them."""
    return {
        "living-groups": (
            _("Living groups"),
            _("New living group…"),
            _("The units in which people live. Each has a place in the building, from which ways are counted."),
        ),
        "spaces": (
            _("Spaces"),
            _("New space…"),
            _("Where something can be held: rooms, the garden, the van; and one for a unit’s visits at the bedside."),
        ),
        "team": (
            _("The team"),
            _("New colleague or volunteer…"),
            _("Who leads sessions, what they can lead, and when they are there for it."),
        ),
        "activities": (
            _("Activities"),
            _("New activity…"),
            _("What can be offered, groups and visits to one person alike."),
        ),
    }[name]


def piece_words(kind: str, name: str) -> tuple[str, str, str, str]:
    """Of what belongs to a thing: a heading, a sentence, what an empty list means, and the button that adds."""
    return {
        ("spaces", "hours"): (
            _("When it is open"),
            _("Hours in which it can be used, each week or on one date."),
            _("Always open."),
            _("Add hours"),
        ),
        ("spaces", "neighbours"): (
            _("What lies beside it"),
            _("A loud and a calm group never sit side by side; parts of one room are never used twice."),
            _("Nothing that is heard, and no part of another room."),
            _("Add a neighbour"),
        ),
        ("team", "roster"): (
            _("The weekly roster"),
            _("Hours for activities, each week or on one date, which adds to the week. Who is away: see Changes."),
            _("On no roster yet: leads nothing."),
            _("Add hours"),
        ),
        ("team", "familiar"): (
            _("Who knows them"),
            _("Residents who trust this person. Who needs somebody familiar is invited only where one leads."),
            _("Nobody is noted."),
            _("Add a resident"),
        ),
        ("activities", "hours"): (
            _("When it may be held"),
            _("Usual times, each week or on one date. Each is a choice; a session lies within one of them."),
            _("At any time."),
            _("Add a time"),
        ),
        ("activities", "members"): (
            _("Whom it is for"),
            _("Counts where the activity is a closed group."),
            _("Nobody is named."),
            _("Add a resident"),
        ),
    }[kind, name]


def said(words: Words, text: str) -> str:
    """A value of a form as a person reads it."""
    known = dict(words.options)
    if text in ("yes", "no") and not known:
        return _("yes") if text == "yes" else _("no")
    return ", ".join(known.get(part, part) for part in text.split(";")) if text else _("nothing")


def hours_said(texts: Mapping[str, str]) -> str:
    """A row of hours: "Monday, 09:00 to 17:00, until Thursday 31 December"."""
    if texts.get("date"):
        day = long_day(date.fromisoformat(texts["date"]))
    elif texts.get("days"):
        day = _days_said(texts["days"].split(";"))
    else:
        day = _("Every day")
    parts = [day]
    if texts.get("from") or texts.get("to"):
        start, end = texts.get("from", ""), texts.get("to", "")
        whole = (start, end) == ("00:00", "24:00")
        parts.append(_("all day") if whole else _("%(start)s to %(end)s", start=start, end=end))
    for name, pattern in (("valid_from", _("from %(day)s")), ("valid_until", _("until %(day)s"))):
        if texts.get(name):
            parts.append(pattern % {"day": long_day(date.fromisoformat(texts[name]))})
    return ", ".join(parts)


def _days_said(days: Sequence[str]) -> str:
    """Days of the week as one says them: "Monday to Friday", "Saturday, Sunday"."""
    at = [_DAYS.index(each) for each in days if each in _DAYS]
    if len(at) == len(days) > 2 and at == list(range(at[0], at[0] + len(at))):
        return _("%(first)s to %(last)s", first=_day_word(days[0]), last=_day_word(days[-1]))
    return ", ".join(_day_word(each) for each in days)


def aim_said(texts: Mapping[str, str], groups: Mapping[str, str]) -> str:
    """What should be on: "Monday, 14:00 to 17:00: at least 2 groups begin, for all"."""
    who = _("for all")
    if group := texts.get("living_group"):
        name = groups.get(group, group)
        who = _(
            "for %(group)s, each with %(count)s or more of its people", group=name, count=texts.get("members") or "1"
        )
    count = int(texts.get("sessions") or "0")
    what = ngettext("at least %(num)d group begins", "at least %(num)d groups begin", count)
    return f"{hours_said(texts)}: {what}, {who}"


def _living_group(choices: Choices) -> Mapping[str, Words]:
    return {
        "name": Words(_("Name")),
        "zone": _zone(choices, _("Its part of the building; empty: a part of its own.")),
        "sort": Words(_("Its place in lists"), _("The smallest number comes first.")),
    }


def _space(choices: Choices) -> Mapping[str, Words]:
    return {
        "name": Words(_("Name")),
        "zone": _zone(choices, _("Its part of the building, as the living groups write it.")),
        "seats": Words(_("Seats"), _("How many residents fit, wheelchairs included.")),
        "wheelchair_places": Words(_("Wheelchairs"), _("How many of those; empty: as many as seats.")),
        "comfort": Words(_("Comfortable for"), _("Above so many it feels crowded; empty: all seats.")),
        "noise": Words(_("Noise there anyway"), _("0 is calm, 3 is loud.")),
        "turnaround_minutes": Words(_("Minutes between two groups"), _("To tidy and air it.")),
        "features": Words(
            _("What it has"),
            _("What an activity may need: piano, kitchen, garden. “bedside” means that a visitor goes to the room."),
            [(word, word) for word in choices.features],
        ),
        "months": Words(_("Used only in"), _("No tick: all year."), _months()),
    }


def _colleague(choices: Choices) -> Mapping[str, Words]:
    return {
        "name": Words(_("Name"), _("As residents call them.")),
        "kind": Words(_("Staff or volunteer"), options=[("staff", _("staff")), ("volunteer", _("volunteer"))]),
        "skills": Words(_("What they can lead"), options=[(word, word) for word in choices.skills]),
        "leads_alone": Words(
            _("What a volunteer may lead without staff"),
            options=[(key.casefold(), name) for key, name in choices.groups_led],
            is_closed=True,
        ),
        "max_sessions_a_day": Words(_("Sessions a day at most")),
        "gap_minutes": Words(_("Minutes between two sessions")),
        "support": Words(_("Support they can give"), _("In units of residents’ support; 8 is usual.")),
        "starts_on": Words(_("First day"), _("Empty: already here.")),
    }


def _activity(choices: Choices) -> Mapping[str, Words]:
    features = [(word, word) for word in choices.features]
    return {
        "name": Words(_("Name"), _("As it stands on every page and on the wall.")),
        "about": Words(_("A sentence about it")),
        "domains": Words(_("What it is good for"), options=[(key, domain(key).word) for key in KEYS]),
        "minutes": Words(_("Minutes")),
        "group_min": Words(_("At least so many people"), _("0: whoever drops in.")),
        "group_max": Words(_("At most so many people"), _("1: a visit to one person.")),
        "sessions_min": Words(_("Times a week at least")),
        "sessions_max": Words(_("Times a week at most")),
        "one_a_day": Words(_("Never twice on one day")),
        "days_apart": Words(_("Days from one to the next"), _("For one person; 2: never two days running.")),
        "facilitators": Words(_("Leaders at least")),
        "people_per_leader": Words(_("People for each leader"), _("Empty: one up to 15 people, two for more.")),
        "skills": Words(_("What its leaders must be able to do"), options=[(word, word) for word in choices.skills]),
        "features": Words(_("What its space must have"), options=features),
        "asks": Words(_("What it asks of people"), _("Who cannot is not invited."), _abilities()),
        "noise": Words(_("How loud it is"), _("0 is calm, 3 is loud.")),
        "cost": Words(_("How dear it is"), _("The dearer, the more must speak for it; 0 is usual.")),
        "months": Words(_("Held only in"), _("No tick: all year."), _months()),
        "wet_twin": Words(_("When it is wet, instead"), options=list(choices.activities)),
        "answers": Words(
            _("What it is an answer to"),
            _("Of what people are asked about what matters to them."),
            [(question, topic_word(question)) for question in BY_ACTIVITY],
        ),
        "by_wish": Words(_("Only who likes it is asked"), _("As to a service or a council.")),
        "birthdays": Words(_("It celebrates birthdays"), _("Whose birthday is in its week is asked.")),
        "booked": Words(_("No more are asked than fit"), _("As to an outing or a meal.")),
        "closed": Words(_("A closed group"), _("Only for those who are named below.")),
        "public_name": Words(
            _("What everybody may read of a closed group"),
            _("With no word of health. Empty: nothing of it."),
        ),
        "starts_on": Words(_("First day"), _("Empty: already offered.")),
    }


def _hours() -> Mapping[str, Words]:
    return {
        "days": Words(_("Days of the week"), _("No tick: every day."), _days()),
        "date": Words(_("Or on one date"), _("Instead of days of the week.")),
        "from": Words(_("From")),
        "to": Words(_("To")),
        "valid_from": Words(_("Holds from"), _("Empty: already.")),
        "valid_until": Words(_("Holds until"), _("Empty: until further notice.")),
    }


def _aim(choices: Choices) -> Mapping[str, Words]:
    hours = _hours()
    return {
        **hours,
        "living_group": Words(_("For which living group"), _("None: for all."), choices.groups),
        "from": replace(hours["from"], hint=_("Empty: all day.")),
        "to": replace(hours["to"], hint=_("Groups that begin in these hours count.")),
        "sessions": Words(_("So many groups at least"), _("0: nothing has to be on.")),
        "members": Words(_("With so many of the living group"), _("Empty: 1.")),
        "weight": Words(_("How much it matters"), _("Beside the others; 1 is usual.")),
    }


def _neighbour(choices: Choices) -> Mapping[str, Words]:
    return {
        "other": Words(_("Which space"), options=choices.spaces),
        "kind": Words(_("How they lie"), options=neighbour_words()),
    }


def neighbour_words() -> Sequence[Option]:
    """How two spaces lie to one another."""
    return [("adjacent", _("one hears the other")), ("shares", _("they are parts of one room"))]


def _resident(choices: Choices) -> Mapping[str, Words]:
    return {"resident": Words(_("Who"), options=choices.residents)}


def _zone(choices: Choices, hint: str) -> Words:
    return Words(_("Where in the building"), hint, suggested=choices.zones)


def _days() -> Sequence[Option]:
    return [(day, _day_word(day)) for day in _DAYS]


def _day_word(day: str) -> str:
    """ "Monday" for Mon."""
    return weekday(date(2024, 1, 1 + _DAYS.index(day))) if day in _DAYS else day


def _abilities() -> Sequence[Option]:
    return [(ability, asked(ability)) for ability in _ABILITIES]


def _months() -> Sequence[Option]:
    return [(month, months_said([number])) for number, month in enumerate(_MONTHS, 1)]


def settings_words(usual_seconds: int) -> Mapping[str, Words]:
    """The labels of the community's own settings; `usual_seconds`: of a week in a community of its size."""
    grids = [(str(each), _("%(count)s min", count=each)) for each in (5, 10, 15, 20, 30, 60)]
    return {
        "name": Words(_("Name of the community")),
        "timezone": Words(_("Time zone"), _("As Europe/London.")),
        "publishing_time": Words(_("When each day is looked at anew"), _("Between 04:00 and 23:59.")),
        "grid_minutes": Words(_("All times are multiples of"), options=grids),
        "plan_seconds": Words(
            _("Seconds for a week"),
            _(
                "How long a week is worked on at most; empty: by how many live here, %(count)s now.",
                count=usual_seconds,
            ),
        ),
        "repair_seconds": Words(_("Seconds for a change"), _("How long a change of the day is worked on.")),
        "sessions_a_day": Words(_("Groups on every day"), _("At least so many; 0: as the targets say.")),
        "asks_more": Words(_("Groups are asked by how many come")),
        "expected_turnout": Words(_("Expected of 100 who are asked"), _("Until it is known; empty: all.")),
        "escorts": Words(_("How many can be brought at once"), _("Who walk with residents; empty: no limit.")),
    }


def window_words() -> Mapping[str, Words]:
    """The labels of a time at which more or fewer can be brought."""
    hours = {name: words for name, words in _hours().items() if name in ("days", "from", "to")}
    return {**hours, "escorts": Words(_("So many can be brought then"))}


def way_words() -> Mapping[str, Words]:
    """The labels of a way between two parts of the building."""
    return {
        "from": Words(_("From")),
        "to": Words(_("To")),
        "minutes": Words(_("Minutes"), _("At a resident’s pace, both ways alike.")),
    }
