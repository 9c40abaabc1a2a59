"""What a resident's joining a session is worth: the terms of the score, and demands at their price."""

from solver.kernels.compiled import kernel
from solver.search.memory.layout import Memory

NOTHING = -1  # for `out`: nothing is left


@kernel
def demanded(at: Memory, r: int, x: int) -> int:
    """How many lacking demands the resident's joining would meet (R14, R18)."""
    return demanded_without(at, r, x, NOTHING)


@kernel
def demanded_without(at: Memory, r: int, x: int, out: int) -> int:
    """The same, once the resident has left `out`."""
    row = at.session[x]
    met = 0
    for k in range(at.required_from[r], at.required_from[r + 1]):
        a = at.required_activity[k]
        if a == row.activity:
            left = 1 if out >= 0 and at.session[out].activity == a else 0
            if at.often[r, a] - left < at.required_least[k]:
                met += 1
    if row.identity >= 0 and at.must_attend[row.identity, r]:
        met += 1
    return met


@kernel
def own_gain(at: Memory, r: int, x: int, out: int) -> int:
    """What joining is worth to the resident who has left `out`, ties aside: interest, turn, time, engagement,
    shortfall, left_out, target, walk.
    """
    row = at.session[x]
    a = row.activity
    person = at.resident[r]
    like = at.interest[a, r]
    often, welcome, liked = at.often[r, a], at.welcome[r], at.liked[r]
    c = -1
    if out >= 0:
        c = at.session[out].activity
        was = at.interest[c, r]
        often -= 1 if c == a else 0
        welcome -= 1 if was >= 0 else 0
        liked -= 1 if was > 0 else 0
    gain = person.times[row.part] - at.walk_weight * at.walk[row.space, r]
    if like < 0 or (like > 0 and often < 2):
        gain += at.interest_weight * like
    if often == 0:
        gain += at.turn_weight * at.waiting_for[a, r]
    if like >= 0:
        if welcome < at.rewards:
            gain += at.engagement[welcome]
        if welcome < person.min:
            gain += at.shortfall_weight
    if like > 0 and person.can_be_left_out and liked == 0:
        gain += at.left_out_weight
    for k in range(at.target_from[r], at.target_from[r + 1]):
        if at.has_domain[a, at.target_domain[k]]:
            have = at.target_have[k]
            if c >= 0 and at.has_domain[c, at.target_domain[k]]:
                have -= 1
            if have < at.target_min[k]:
                gain += at.target_weight * at.target_share[k]
    return int(gain)


@kernel
def tie_of(at: Memory, r: int, q: int) -> int:
    """The strength of the tie between two residents, 0 where there is none."""
    low, high = at.tie_from[r], at.tie_from[r + 1]
    while low < high:
        middle = (low + high) // 2
        other = at.tie_other[middle]
        if other == q:
            return int(at.pair_strength[at.tie_pair[middle]])
        if other < q:
            low = middle + 1
        else:
            high = middle
    return 0


@kernel
def companions_without(at: Memory, r: int, out: int) -> int:
    """How many friends a resident who left `out` would still share a session with."""
    companions = at.companions[r]
    if out >= 0:
        for k in range(at.tie_from[r], at.tie_from[r + 1]):
            if at.is_member[out, at.tie_other[k]]:
                pair = at.tie_pair[k]
                if at.pair_strength[pair] > 0 and at.together[pair] == 1:
                    companions -= 1
    return int(companions)


@kernel
def tie_gain(at: Memory, r: int, x: int, out: int) -> int:
    """The terms `tie` and `companion` of joining, for a resident who has left `out`."""
    gain = 0
    has_companion = companions_without(at, r, out) > 0
    for k in range(at.tie_from[r], at.tie_from[r + 1]):
        q = at.tie_other[k]
        if not at.is_member[x, q]:
            continue
        pair = at.tie_pair[k]
        strength = at.pair_strength[pair]
        if strength > 0:
            together, companions = at.together[pair], at.companions[q]
            if out >= 0 and at.is_member[out, q]:
                companions -= 1 if together == 1 else 0
                together -= 1
            if together < at.pair_cap[pair]:
                gain += at.tie_weight * strength
            if not has_companion:
                gain += at.companion_weight
                has_companion = True
            if companions == 0:
                gain += at.companion_weight
        else:
            gain += at.tie_weight * strength
    return gain


@kernel
def counts_for_offer(at: Memory, x: int, k: int) -> bool:
    """Whether a session, of that day, is of the kind and at the time that an offer asks for."""
    row, it = at.session[x], at.offer[k]
    return bool(at.activity[row.activity].is_group and it.begin <= row.begin < it.end)


@kernel
def first_offer(at: Memory, crowd: int, day: int) -> int:
    """Where the offers to a crowd on a day begin; those of its next day follow."""
    return int(at.offer_from[crowd * at.days + day])


@kernel
def last_offer(at: Memory, crowd: int, day: int) -> int:
    """Where they end."""
    return int(at.offer_from[crowd * at.days + day + 1])


@kernel
def crowd_gain(at: Memory, r: int, x: int, own: int) -> int:
    """The term `offer` of joining x, as one of living groups: of one who is in it, `own` is 1."""
    gain, day = 0, at.session[x].day
    for j in range(at.crowd_from[r], at.crowd_from[r + 1]):
        g = at.crowd_of[j]
        if at.crowd_short[g, day] == 0:
            continue
        there = at.crowd_count[x, g] - own + 1
        for k in range(first_offer(at, g, day), last_offer(at, g, day)):
            it = at.offer[k]
            if there == it.members and at.offer_have[k] - own < it.min and counts_for_offer(at, x, k):
                gain += it.worth
    return int(gain)


@kernel
def gain_of(at: Memory, r: int, x: int) -> int:
    """What the score would gain if the resident, who is not in the session, joined it: demands at their price
    included.
    """
    return gain_without(at, r, x, NOTHING)


@kernel
def gain_without(at: Memory, r: int, x: int, out: int) -> int:
    """What joining x would gain once the resident has left `out`; with x itself for `out`, what leaving x loses.

    Exact but for aims of living groups, and offers to them, that count both sessions.
    """
    row = at.session[x]
    gain = own_gain(at, r, x, out) + tie_gain(at, r, x, out)
    a, own = row.activity, 1 if out == x else 0
    for k in range(at.aim_from[r], at.aim_from[r + 1]):
        g = at.aim_of[k]
        if (
            at.counts_for[a, g]
            and at.aim_count[x, g] - own + 1 == at.aim_members[g]
            and at.aim_have[g] - own < at.aim_min[g]
        ):
            gain += at.aim_weight * at.aim_share[g]
    gain += crowd_gain(at, r, x, own)
    if row.people - own >= at.space[row.space].comfort:
        gain -= at.crowd_weight
    if at.has_previous and row.identity >= 0 and at.was_invited[row.identity, r]:
        gain += at.drop_weight
    return int(gain + at.lack_price * demanded_without(at, r, x, out))
