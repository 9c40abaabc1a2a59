"""One defect in the search's reading of each rule and of each term: a kernel, what stands there, what is to."""

from collections.abc import Iterable

DEFECTS: dict[str, tuple[str, str, str]] = {
    "R1": ("rivals.is_open_place", "and at.is_open[t, space])", ")"),
    "R2": ("attendance.has_room", "person.wheelchair != 0 and", "False and"),
    "R3": ("rivals.space_rivals", "begin < row.end + gap and", "begin < row.end and"),
    "R4": ("rivals.staff_rivals", "if stays < limit:", "if True:"),
    "R5": (
        "attendance.is_sound",
        "if row.people < at.activity[row.activity].min_group:",
        "if False:",
    ),
    "R6": ("rivals.allows_one_more", "not row.one_per_day or", "True or"),
    "R7": ("attendance.is_full", "n >= person.max_per_day or", ""),
    "R8": ("opening.admit_people", "& attend[r]", ""),
    "R9": ("opening.admit_people", "(bears[r] >= level)", "(bears[r] >= 0)"),
    "R10": ("attendance.admits", "if at.is_member[x, at.apart_other[k]]:", "if False:"),
    "R11": ("attendance.has_room", "row.support + person.support > row.given", "False"),
    "R12": ("attendance.has_escort", "bool(is_free and at.moving[day, end] < at.escort_cap[day, end])", "True"),
    "R13": ("attendance.admits", "at.has_cohorts and", "False and"),
    "R14": ("worth.demanded_without", "< at.required_least[k]", "<= at.required_least[k]"),
    "R15": ("attendance.is_sound", "if row.needing > 0:", "if False:"),
    "R16": ("rivals.space_rivals", "max(level, row.level) == LOUD", "False"),
    "R17": ("rivals.space_rivals", "IMPOSSIBLE if row.is_fact else", ""),
    "R18": ("opening.programme_demands", "- it.attend", ""),
    "interest": ("worth.own_gain", "(like > 0 and often < 2)", "(like > 0 and often < 1)"),
    "time": ("worth.own_gain", "gain = person.times[row.part]", "gain = person.times[0]"),
    "engagement": ("worth.own_gain", "if welcome < at.rewards:", "if welcome + 1 < at.rewards:"),
    "shortfall": ("worth.own_gain", "if welcome < person.min:", "if welcome <= person.min:"),
    "left_out": ("worth.own_gain", "and liked == 0:", "and liked <= 1:"),
    "target": ("worth.own_gain", "if have < at.target_min[k]:", "if have <= at.target_min[k]:"),
    "group": ("worth.gain_without", "- own < at.aim_min[g]", "- own <= at.aim_min[g]"),
    "tie": ("worth.tie_gain", "if together < at.pair_cap[pair]:", "if together <= at.pair_cap[pair]:"),
    "companion": ("worth.tie_gain", "if companions == 0:", "if companions <= 1:"),
    "crowd": ("worth.gain_without", "if row.people - own >= at.", "if row.people - own > at."),
    "walk": ("worth.own_gain", "- at.walk_weight * at.walk[row.space, r]", ""),
    "session": ("opening.programme_gain", "- at.activity[row.activity].cost", "- at.activity[row.activity].cost + 1"),
    "offer": ("opening.programme_gain", "at.offer_have[k] < at.offer[k].min", "at.offer_have[k] <= at.offer[k].min"),
    "usual": ("opening.habit_gain", "if at.usual_then[u] == 0:", "if at.usual_then[u] <= 1:"),
    "turn": ("worth.own_gain", "if often == 0:", "if often <= 1:"),
    "cancel": ("opening.previous_gain", "price = at.cancel_weight - at.drop_weight", "price = -at.drop_weight"),
    "move": ("opening.previous_gain", "or begin != it.old_begin:", ":"),
    "relocate": ("opening.previous_gain", "price -= at.relocate_weight", "price -= 0"),
    "drop": ("worth.gain_without", "gain += at.drop_weight", "gain += 0"),
    "relead": ("opening.relead_loss", "at.relead_weight * lost", "0 * lost"),
    "the way between": ("attendance.excludes", "max(rest, at.way[row.space, its.space])", "rest"),
    "the leader's way": ("rivals.staff_rivals", "max(own_gap, at.way[space, row.space])", "own_gap"),
    "days apart": ("attendance.fits", "if session_of_kind(at, r, a, near) >= 0:", "if False:"),
    "offers to a group": ("worth.crowd_gain", "gain += it.worth", "gain += 0"),
    "the usual team": ("opening.is_led_as_usual", "if not is_in_team(at, x, at.usual_team[u, k]):", "if False:"),
    "the usual space": ("opening.habit_gain", "at.session[x].space == at.usual[u].space", "True"),
    "one of two published": ("rivals.is_free_for", "if at.session_of[i] >= 0:", "if False:"),
    "taking a move back": ("opening.roll_back", "elif what == LEAVE:", "elif False:"),
    "counting people": ("joining.count_person", "if like > 0:", "if like >= 0:"),
    "opening in time": ("opening.list_session", "count_programme(at, x, 1)", "pass"),
}

# Defects in what is foreseen of a change, which no running score shows: it is made of what is done.
SHORTSIGHTED: dict[str, tuple[str, str, str]] = {
    "foreseen interest": ("worth.own_gain", "often -= 1 if c == a else 0", "pass"),
    "foreseen engagement": ("worth.own_gain", "welcome -= 1 if was >= 0 else 0", "pass"),
    "foreseen left_out": ("worth.own_gain", "liked -= 1 if was > 0 else 0", "pass"),
    "foreseen target": ("worth.own_gain", "have -= 1", "pass"),
    "foreseen companions": ("worth.tie_gain", "companions -= 1 if together == 1 else 0", "pass"),
    "foreseen own companions": ("worth.companions_without", "companions -= 1", "pass"),
    "foreseen tie": ("worth.tie_gain", "together -= 1", "pass"),
    "foreseen crowd": ("worth.gain_without", "if row.people - own >= at.", "if row.people >= at."),
    "foreseen offer": ("worth.crowd_gain", "- own + 1", "+ 1"),
    "foreseen required": ("worth.demanded_without", "- left <", "<"),
}

# Where everybody is tied to everybody.
DENSE: dict[str, tuple[str, str, str]] = {
    "sums of ties": ("joining.count_person", "+= by * at.tie_weight *", "+= at.tie_weight *"),
}

# Where people do little else than trade places.
TRADING: dict[str, tuple[str, str, str]] = {
    "a trade that leaves too few": ("trading.trade", "and is_sound(at, x)", ""),
    "a trade that brings a stranger": ("trading.trade", "and is_sound(at, y)", ""),
}

# Where published sessions look for their places without people.
TIMETABLES: dict[str, tuple[str, str, str]] = {
    "those who cannot come": ("valuing.worth_to", "if not may_come(at, r, a, t):", "if False:"),
    "others who cannot come": (
        "valuing.worth_to",
        "if not may_come(at, r, row.activity, row.time):",
        "if False:",
    ),
    "rest": ("valuing.worth_to", "max(person.rest, at.way[space, row.space])", "at.way[space, row.space]"),
    "full days": ("valuing.worth_to", "if that_day >= person", "if that_day > person"),
    "what is required": ("valuing.worth_to", "alike < at.", "alike <= at."),
    "least counts": ("valuing.worth_there", "if held < at.", "if held <= at."),
    "what made way already": ("valuing.worth_to", "or is_among(found, count, x)", ""),
    "moved": ("opening.previous_gain", "or begin != it.old_begin", ""),
    "relocated": ("opening.previous_gain", "if space != it.old_space:", "if False:"),
    "its own old place": ("placing.try_place", "gain -= worth_of(at, found[0], found, 1)", "pass"),
    "what makes way": ("placing.try_place", "gain -= worth_of(at, found[k], found, k + 1)", "pass"),
    "what comes back": ("placing.try_place", "gain += find_place(", "find_place("),
    "counts": ("placing.try_place", "if allows_one_more(at, a, day) and", "if"),
    "free places": ("placing.find_place", "if pick_team(at, a, t, space, found, 0, 0) == IMPOSSIBLE:", "if False:"),
    "the best": ("timetabling.timetable", "if worth > places[0]:\n            keep", "if False:\n            keep"),
}

NOTICED_IN: dict[str, int] = {
    "R1": 20,
    "R2": 48,
    "R3": 47,
    "R4": 41,
    "R6": 42,
    "R9": 2,
    "R10": 20,
    "R11": 19,
    "R12": 14,
    "R13": 23,
    "R14": 11,
    "R16": 65,
    "R17": 22,
    "R18": 46,
    "engagement": 22,
    "target": 32,
    "group": 81,
    "tie": 9,
    "companion": 23,
    "crowd": 49,
    "offer": 26,
    "usual": 7,
    "turn": 23,
    "cancel": 13,
    "move": 13,
    "relocate": 13,
    "drop": 13,
    "relead": 24,
    "the way between": 13,
    "the leader's way": 81,
    "days apart": 14,
    "offers to a group": 39,
    "the usual team": 24,
    "the usual space": 4,
    "one of two published": 34,
    "counting people": 9,
    "opening in time": 7,
    "foreseen left_out": 9,
    "foreseen target": 33,
    "foreseen companions": 17,
    "foreseen own companions": 17,
    "foreseen tie": 9,
    "foreseen crowd": 20,
    "foreseen offer": 39,
    "a trade that brings a stranger": 5,
    "others who cannot come": 3,
    "rest": 37,
    "full days": 3,
    "what is required": 37,
    "least counts": 37,
    "what made way already": 37,
    "what makes way": 37,
    "what comes back": 37,
    "counts": 83,
    "free places": 4,
    "the best": 37,
}
"""The seed of the problem, or of the published week, in which a defect is noticed soonest, where that is none of the
first: it is looked at before all others. Where the search has changed and nothing is noticed there any more, all the
others follow.
"""


def seeds_for(name: str, many: int) -> list[int]:
    """In which problems a defect is looked for: the one that tells it soonest, then so many others."""
    return [*([NOTICED_IN[name]] if name in NOTICED_IN else []), *range(many)]


def telling_seeds(names: Iterable[str]) -> list[int]:
    """The problems in which these defects are noticed, so that nothing may be noticed in any of them without one."""
    return sorted({0, 1, *(seeds_for(name, 1)[0] for name in names)})
