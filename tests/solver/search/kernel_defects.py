"""One defect in the search's reading of each rule and of each term: a kernel, what stands there, what is to."""

DEFECTS: dict[str, tuple[str, str, str]] = {
    "R1": ("rivals.is_open_place", "and b[p[B_OPEN] + t * p[N_SPACE] + space] != 0", ""),
    "R2": ("attendance.has_room", "p[person + R_WHEELCHAIR] != 0 and", "False and"),
    "R3": ("rivals.space_rivals", "begin < s[row + X_END] + gap and", "begin < s[row + X_END] and"),
    "R4": ("rivals.staff_rivals", "if stays < limit:", "if True:"),
    "R5": (
        "attendance.is_sound",
        "if s[row + X_N] < p[p[ACT] + s[row + X_ACT] * ACT_COLUMNS + A_MIN_GROUP]:",
        "if False:",
    ),
    "R6": ("rivals.allows_one_more", "p[row + A_ONE_PER_DAY] == 0 or", "True or"),
    "R7": ("attendance.is_full", "n >= p[person + R_MAX_DAY] or", ""),
    "R8": ("opening.admit_people", "& b[act + r]", ""),
    "R9": ("opening.admit_people", "(b[ear + r] >= level)", "(b[ear + r] >= 0)"),
    "R10": ("attendance.admits", "if m[x * p[N_RES] + p[p[APART_OTHER] + k]] != 0:", "if False:"),
    "R11": ("attendance.has_room", "s[row + X_SUPPORT] + p[person + R_SUPPORT] > s[row + X_GIVEN]", "False"),
    "R12": ("attendance.has_escort", "bool(is_free and s[s[MOVING] + end] < p[p[ESCORT_CAP] + end])", "True"),
    "R13": ("attendance.admits", "p[HAS_COHORTS] != 0 and", "False and"),
    "R14": ("worth.demanded_without", "< p[p[REQUIRED_LEAST] + k]", "<= p[p[REQUIRED_LEAST] + k]"),
    "R15": ("attendance.is_sound", "if s[row + X_NEEDING] > 0:", "if False:"),
    "R16": ("rivals.space_rivals", "max(level, s[row + X_LEVEL]) == 3", "False"),
    "R17": ("rivals.space_rivals", "99 if s[row + X_FACT] != 0 else", ""),
    "R18": ("opening.programme_demands", "- p[it + I_ATTEND]", ""),
    "interest": ("worth.own_gain", "(like > 0 and often < 2)", "(like > 0 and often < 1)"),
    "time": ("worth.own_gain", "gain = p[person + R_MORNING + s[row + X_PART]]", "gain = p[person + R_MORNING]"),
    "engagement": ("worth.own_gain", "if welcome < p[N_ENGAGEMENT]:", "if welcome + 1 < p[N_ENGAGEMENT]:"),
    "shortfall": ("worth.own_gain", "if welcome < p[person + R_MIN]:", "if welcome <= p[person + R_MIN]:"),
    "left_out": ("worth.own_gain", "and liked == 0:", "and liked <= 1:"),
    "target": ("worth.own_gain", "if have < p[p[TARGET_MIN] + k]:", "if have <= p[p[TARGET_MIN] + k]:"),
    "group": ("worth.gain_without", "- own < p[p[GROUP_MIN] + g]", "- own <= p[p[GROUP_MIN] + g]"),
    "tie": ("worth.tie_gain", "if together < p[p[PAIR_CAP] + pair]:", "if together <= p[p[PAIR_CAP] + pair]:"),
    "warm": ("worth.tie_gain", "if warm == 0:", "if warm <= 1:"),
    "crowd": ("worth.gain_without", "if s[row + X_N] - own >= p[", "if s[row + X_N] - own > p["),
    "walk": ("worth.own_gain", "- p[W_WALK] * p[p[WALK] + s[row + X_SPACE] * p[N_RES] + r]", ""),
    "session": ("opening.programme_gain", "gain = -p[act + A_COST]", "gain = -p[act + A_COST] + 1"),
    "thin_day": ("opening.programme_gain", "< p[THIN]:", "<= p[THIN]:"),
    "cancel": ("opening.previous_gain", "price = p[W_CANCEL] - p[W_DROP]", "price = -p[W_DROP]"),
    "move": ("opening.previous_gain", "or begin != p[it + I_OLD_BEGIN]:", ":"),
    "relocate": ("opening.previous_gain", "price -= p[W_RELOCATE]", "price -= 0"),
    "drop": ("worth.gain_without", "gain += p[W_DROP]", "gain += 0"),
    "taking a move back": ("opening.undo", "elif what == LEAVE:", "elif False:"),
    "counting people": ("joining.count_person", "if like > 0:", "if like >= 0:"),
    "opening in time": ("opening.list_session", "s[s[DAY_N] + day] += 1", "pass"),
}

# Defects in what is foreseen of a change, which no running score shows: it is made of what is done.
SHORTSIGHTED: dict[str, tuple[str, str, str]] = {
    "foreseen interest": ("worth.own_gain", "often -= 1 if c == a else 0", "pass"),
    "foreseen engagement": ("worth.own_gain", "welcome -= 1 if was >= 0 else 0", "pass"),
    "foreseen left_out": ("worth.own_gain", "liked -= 1 if was > 0 else 0", "pass"),
    "foreseen target": ("worth.own_gain", "have -= 1", "pass"),
    "foreseen warm": ("worth.tie_gain", "warm -= 1 if together == 1 else 0", "pass"),
    "foreseen own warm": ("worth.warm_without", "warm -= 1", "pass"),
    "foreseen tie": ("worth.tie_gain", "together -= 1", "pass"),
    "foreseen crowd": ("worth.gain_without", "if s[row + X_N] - own >= p[", "if s[row + X_N] >= p["),
    "foreseen required": ("worth.demanded_without", "- left <", "<"),
}

# Where everybody is tied to everybody.
DENSE: dict[str, tuple[str, str, str]] = {
    "sums of ties": ("joining.count_person", "+= by * p[W_TIE] *", "+= p[W_TIE] *"),
}

# Where people do little else than trade places.
TRADING: dict[str, tuple[str, str, str]] = {
    "a trade that leaves too few": ("trading.trade", "and is_sound(p, b, s, m, x)", ""),
    "a trade that brings a stranger": ("trading.trade", "and is_sound(p, b, s, m, y)", ""),
}

# Where published sessions look for their places without people.
TIMETABLES: dict[str, tuple[str, str, str]] = {
    "those who cannot come": ("timetabling.worth_to", "if not may_come(p, b, r, a, t):", "if False:"),
    "others who cannot come": (
        "timetabling.worth_to",
        "if not may_come(p, b, r, s[row + X_ACT], s[row + X_TIME]):",
        "if False:",
    ),
    "rest": ("timetabling.worth_to", "- p[person + R_REST]", ""),
    "full days": ("timetabling.worth_to", "if that_day >= p", "if that_day > p"),
    "what is required": ("timetabling.worth_to", "alike < p", "alike <= p"),
    "least counts": ("timetabling.worth_there", "if held < p", "if held <= p"),
    "what made way already": ("timetabling.worth_to", "or is_among(s, at, count, x)", ""),
    "moved": ("opening.previous_gain", "or begin != p[it + I_OLD_BEGIN]", ""),
    "relocated": ("opening.previous_gain", "if space != p[it + I_OLD_SPACE]:", "if False:"),
    "its own old place": ("timetabling.try_place", "gain -= worth_of(p, b, s, s[at], at, 1)", "pass"),
    "what makes way": ("timetabling.try_place", "gain -= worth_of(p, b, s, s[at + k], at, k + 1)", "pass"),
    "what comes back": ("timetabling.try_place", "gain += find_place(", "find_place("),
    "counts": ("timetabling.try_place", "if allows_one_more(p, s, a, day) and", "if"),
    "free places": ("timetabling.find_place", "if pick_team(p, b, s, a, t, at, 0, 0) == 99 or", "if"),
    "the best": ("timetabling.timetable", "if worth > places[0]:\n            keep", "if False:\n            keep"),
}
