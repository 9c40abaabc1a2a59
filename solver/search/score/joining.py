"""Joining and leaving a session, with all counts and the running score."""

from solver.kernels.compiled import kernel
from solver.search.memory.journal import JOIN, LEAVE, note
from solver.search.memory.layout import Memory
from solver.search.memory.lists import drop_from
from solver.search.score.worth import counts_for_offer, demanded, first_offer, gain_of, last_offer


@kernel
def count_for_crowd(at: Memory, g: int, day: int, k: int, by: int) -> None:
    """A session more (`by` 1) or less (-1) counts for an offer to a crowd that day."""
    it = at.offer[k]
    had = at.offer_have[k]
    at.offer_have[k] = had + by
    if had + min(by, 0) == it.min:
        at.crowd_short[g, day] -= by


@kernel
def count_person(at: Memory, r: int, x: int, by: int) -> None:
    """Add the resident's attendance to all counts (`by` 1) or take it out of them (-1); the member flag is not in
    yet/any more.
    """
    at.work += 24 + 2 * (at.tie_from[r + 1] - at.tie_from[r])
    row = at.session[x]
    a, day = row.activity, row.day
    person = at.resident[r]
    like = at.interest[a, r]
    at.often[r, a] += by
    at.attended_all[r] += by
    if like >= 0:
        at.welcome[r] += by
    if like > 0:
        at.liked[r] += by
    for k in range(at.target_from[r], at.target_from[r + 1]):
        if at.has_domain[a, at.target_domain[k]]:
            at.target_have[k] += by
    for k in range(at.aim_from[r], at.aim_from[r + 1]):
        g = at.aim_of[k]
        reached = at.aim_count[x, g] if by < 0 else at.aim_count[x, g] + 1
        if at.counts_for[a, g] and reached == at.aim_members[g]:
            at.aim_have[g] += by
        at.aim_count[x, g] += by
    for j in range(at.crowd_from[r], at.crowd_from[r + 1]):
        g = at.crowd_of[j]
        reached = at.crowd_count[x, g] if by < 0 else at.crowd_count[x, g] + 1
        for k in range(first_offer(at, g, day), last_offer(at, g, day)):
            if reached == at.offer[k].members and counts_for_offer(at, x, k):
                count_for_crowd(at, g, day, k, by)
        at.crowd_count[x, g] += by
    if at.is_dense:
        pull = at.pull[x]
        for k in range(at.tie_from[r], at.tie_from[r + 1]):
            pull[at.tie_other[k]] += by * at.tie_weight * at.pair_strength[at.tie_pair[k]]
    for k in range(at.tie_from[r], at.tie_from[r + 1]):
        q = at.tie_other[k]
        if at.is_member[x, q]:
            pair = at.tie_pair[k]
            before = at.together[pair]
            at.together[pair] = before + by
            if at.pair_strength[pair] > 0 and before == (0 if by > 0 else 1):
                at.companions[r] += by
                at.companions[q] += by
    row.wheelchairs += by * person.wheelchair
    row.support += by * person.support
    row.needing += by * person.needs_familiar
    if at.has_escorts and at.is_fetched[row.space, r]:
        if row.begin % at.slot == 0:
            at.moving[day, row.begin // at.slot] += by
        if row.end % at.slot == 0:
            at.moving[day, row.end // at.slot] += by


@kernel
def join(at: Memory, r: int, x: int) -> None:
    """Put the resident into the session; whether the rules allow it is the caller's to know."""
    row = at.session[x]
    at.score += gain_of(at, r, x)
    at.lacking -= demanded(at, r, x)
    count_person(at, r, x, 1)
    n = row.people
    at.member[x, n] = r
    row.people = n + 1
    row.cohort = at.resident[r].cohort
    at.is_member[x, r] = 1
    at.attended[r, row.day, at.attended_count[r, row.day]] = x
    at.attended_count[r, row.day] += 1
    note(at, JOIN, r, x)


@kernel
def leave(at: Memory, r: int, x: int) -> None:
    """Take the resident out of the session."""
    row = at.session[x]
    at.is_member[x, r] = 0
    n = row.people - 1
    row.people = n
    drop_from(at.member[x], n, r)
    left = at.attended_count[r, row.day] - 1
    at.attended_count[r, row.day] = left
    drop_from(at.attended[r, row.day], left, x)
    count_person(at, r, x, -1)
    at.score -= gain_of(at, r, x)
    at.lacking += demanded(at, r, x)
    note(at, LEAVE, r, x)
