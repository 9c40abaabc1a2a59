"""The address book of the search: what lies where in the memory that all kernels share.

`at.activity[a].min_group`, `at.walk[space, r]`, `at.session[x].day`: `solver.kernels.records` says how a name is read.
A table whose name ends in `_from` says where the rows of others begin: those of r go from `tie_from[r]` up to
`tie_from[r + 1]`. Times are minutes from midnight, days count from the first of the horizon.

A new weight, column or table is a line here and one where it is filled: in `packing` what the problem says (P and B),
in the kernels that keep count what the search knows (S and M). The order of the lines is the order in memory.
"""

from solver.kernels.records import AddressBook, B, Column, M, P, Record, S, column, cube, grid, number, rows
from solver.search.memory.kinds import KINDS

NONE = -1  # instead of a number of something: nobody, no session, no time, no space
FORBIDDEN = -2  # instead of an identity or somebody who makes room: there is none that may be
IMPOSSIBLE = 99  # instead of how many sessions stand in the way: those that do cannot go, or are too many
ANY_TEAM = -1  # instead of the size of a pinned team: anybody may lead
WHOLE_HOME = 0  # the crowd of which nobody has to be there
NO_TEAM = 1000  # instead of the size of a pinned team: who is pinned cannot lead, so that no team has that size
QUIET, LOUD = 1, 3  # noise: what LOUD beside it disturbs, up to here
MOST_RIVALS = 3  # sessions that make way for another
MOST_WAITING = 24  # people who wait for a familiar face while a session is filled
MOST_EVICTED = 12  # sessions that one move takes down
JOURNAL_ROOM = 60_000  # numbers


class Resident(Record):
    wheelchair: int
    escort: int
    support: int
    max_per_day: int
    max: int  # sessions
    min: int
    rest: int  # minutes
    cohort: int
    needs_familiar: int
    can_be_left_out: int
    times: Column  # what each part of the day is worth to them


class Activity(Record):
    duration: int
    min: int  # sessions
    max: int
    one_per_day: int
    min_group: int
    max_group: int
    team: int  # how many lead it
    cost: int  # of a session, the term `session` included
    is_group: int
    all_skills: int  # the bits that a team's skills have to make up
    times_from: int  # its own among `activity_times` …
    times_to: int
    spaces_from: int
    spaces_to: int
    leaders_from: int
    leaders_to: int
    identity_from: int  # … and among the identities
    identity_to: int
    noise: int
    duration_kind: int  # the number of its duration among all
    demand: int  # how much it is liked in all
    days_apart: int  # from one of somebody's sessions of it to the next
    usual_from: int  # its own among the usual sessions
    usual_to: int


class Space(Record):
    seats: int
    wheelchair_places: int
    comfort: int
    turnaround: int
    shares_from: int
    shares_to: int
    adjacent_from: int
    adjacent_to: int
    noise: int


class Facilitator(Record):
    max_per_day: int
    gap: int  # minutes between two sessions
    support: int


class Time(Record):
    day: int
    begin: int
    end: int
    part: int  # of the day


class Identity(Record):
    """A session that has a name: of before, or pinned."""

    activity: int
    previous: int  # the number of the published session that it is, or NONE
    is_pinned: int
    day: int  # where it is pinned
    begin: int
    space: int
    team: int  # how many it is pinned to, who stand in `pinned_team`; or ANY_TEAM, NO_TEAM
    people: int  # whom the published session invited
    old_day: int  # where that was
    old_begin: int
    old_space: int
    attend: int  # how many are pinned to it


class Offer(Record):
    """What should be on, on one day."""

    begin: int  # from here …
    end: int  # … to before here
    members: int  # how many of the crowd that it is for
    min: int  # sessions
    worth: int  # of each


class Usual(Record):
    """Where a session of an activity is used to be."""

    activity: int
    day: int
    begin: int
    space: int  # or NONE
    team_size: int  # how many are used to lead it, who stand in `usual_team`; 0 where nobody is
    can_lead: int  # whether they can, by themselves


class Session(Record):
    """A session that is held, or a row that is free for one."""

    is_held: int
    is_fact: int
    activity: int
    day: int
    begin: int
    end: int
    space: int
    time: int
    level: int  # of noise
    people: int
    wheelchairs: int
    support: int  # that its people need …
    given: int  # … and that its team gives
    team_size: int
    identity: int
    seats: int  # how many may be in it
    part: int
    cohort: int
    needing: int  # how many of its people need a familiar face
    place: int  # in `planned`
    usual: int  # the usual session of its activity at just that time, or NONE
    team: Column


class Evicted(Record):
    """A session that a move has taken down, and its people among the displaced."""

    activity: int
    identity: int
    first: int
    last: int
    time: int
    space: int


class Memory(AddressBook):
    """The problem (P, B) and the state of one search (S, M)."""

    # P: sizes
    residents = number(P)
    activities = number(P)
    spaces = number(P)
    facilitators = number(P)
    days = number(P)
    times = number(P)
    sessions = number(P)  # that there is room for
    identities = number(P)
    slots = number(P)  # a day
    moments = number(P)  # a day: the begins of slots, and its end
    pairs = number(P)
    targets = number(P)
    aims = number(P)  # of living groups
    domains = number(P)  # that some aim speaks of
    crowds = number(P)  # living groups that some offer speaks of
    offers = number(P)  # days of offers
    usuals = number(P)  # usual sessions
    rewards = number(P)  # that `engagement` lists
    durations = number(P)
    most_team = number(P)
    most_members = number(P)
    most_a_day = number(P)  # sessions of a resident
    most_in_space = number(P)  # sessions a day
    most_led = number(P)  # sessions of a facilitator a day
    most_usual_team = number(P)
    pulls = number(P)  # how many sessions sums of ties are kept for
    journal_room = number(P)
    displaced_room = number(P)
    # P: what holds of the whole problem
    slot = number(P)  # minutes
    has_escorts = number(P)
    has_cohorts = number(P)
    has_previous = number(P)
    longest_way = number(P)  # minutes
    is_dense = number(P)  # whether residents have so many ties that their sum in each session is kept
    usual_gain = number(P)  # what one attendance is worth at most, but for close ties
    # P: weights of the terms
    interest_weight = number(P)
    shortfall_weight = number(P)
    left_out_weight = number(P)
    target_weight = number(P)
    aim_weight = number(P)
    tie_weight = number(P)
    companion_weight = number(P)
    crowd_weight = number(P)
    walk_weight = number(P)
    usual_time_weight = number(P)
    usual_space_weight = number(P)
    usual_team_weight = number(P)
    turn_weight = number(P)
    cancel_weight = number(P)
    move_weight = number(P)
    relocate_weight = number(P)
    drop_weight = number(P)
    relead_weight = number(P)
    # P: tables
    engagement = column(P, "rewards")
    resident = rows(P, Resident, "residents", tail=3)
    activity = rows(P, Activity, "activities")
    space = rows(P, Space, "spaces")
    facilitator = rows(P, Facilitator, "facilitators")
    time = rows(P, Time, "times")
    identity = rows(P, Identity, "identities")
    offer = rows(P, Offer, "offers")
    usual = rows(P, Usual, "usuals")
    walk = grid(P, "spaces", "residents")
    way = grid(P, "spaces", "spaces")  # minutes from the one to the other
    skill = grid(P, "activities", "facilitators")  # the needed skills they have, as bits
    time_at = cube(P, "durations", "days", "slots")  # the time of that duration that begins there, or NONE
    activity_times = column(P, 0)
    activity_spaces = column(P, 0)
    activity_leaders = column(P, 0)
    shares = column(P, 0)  # spaces
    adjacent = column(P, 0)  # spaces
    tie_from = column(P, 0)
    tie_other = column(P, 0)  # residents, in ascending order
    tie_pair = column(P, 0)
    pair_strength = column(P, "pairs")
    pair_cap = column(P, "pairs")
    apart_from = column(P, 0)
    apart_other = column(P, 0)
    target_from = column(P, 0)
    target_domain = column(P, "targets")
    target_min = column(P, "targets")
    target_share = column(P, "targets")  # what it weighs
    aim_from = column(P, 0)
    aim_of = column(P, 0)
    aim_members = column(P, "aims")
    aim_min = column(P, "aims")
    aim_share = column(P, "aims")  # what it weighs
    crowd_from = column(P, 0)
    crowd_of = column(P, 0)  # of those that offers speak of; 0 is the whole home
    offer_from = column(P, 0)  # by crowd and day
    usual_team = grid(P, "usuals", "most_usual_team")
    old_team_from = column(P, 0)  # who led the published sessions
    old_team = column(P, 0)
    required_from = column(P, 0)
    required_activity = column(P, 0)
    required_least = column(P, 0)
    pinned_team = grid(P, "identities", "most_team")
    escort_cap = grid(P, "days", "moments")
    attend_from = column(P, 0)
    attend_who = column(P, 0)
    invited_from = column(P, 0)  # whom the published sessions invited …
    invited_who = column(P, 0)
    invitations_from = column(P, 0)  # … and to which of them a resident was
    invitations = column(P, 0)
    # B: flags and small levels
    may_attend = grid(B, "activities", "residents")
    may_enter = grid(B, "spaces", "residents")
    may_follow = grid(B, "facilitators", "residents")
    is_familiar = grid(B, "facilitators", "residents")
    interest = grid(B, "activities", "residents")
    waiting_for = grid(B, "activities", "residents")  # how long, in vain
    bears = grid(B, "times", "residents")  # the loudest that they bear then
    is_open = grid(B, "times", "spaces")
    is_available = grid(B, "times", "facilitators")
    is_fetched = grid(B, "spaces", "residents")  # who is brought there, and back
    has_domain = grid(B, "activities", "domains")
    counts_for = grid(B, "activities", "aims")
    was_invited = grid(B, "identities", "residents")
    must_attend = grid(B, "identities", "residents")
    must_not_attend = grid(B, "identities", "residents")
    has_time = grid(B, "activities", "times")
    has_space = grid(B, "activities", "spaces")
    # S: numbers of the state
    score = number(S)  # with what is lacking, at its price
    lacking = number(S)  # demands that are not met
    lack_price = number(S)
    random = number(S)
    planned_count = number(S)
    free_count = number(S)
    journal_size = number(S)
    displaced_count = number(S)
    evicted_count = number(S)
    kept_size = number(S)  # how much of S an incumbent keeps
    # S: what is counted of the moves
    moves = number(S)
    accepted = number(S)
    work = number(S)  # grows about as time does, the same on any machine
    session_moves = number(S)
    session_accepted = number(S)
    session_work = number(S)
    kind = number(S)  # of the move that is being made
    # S: what an incumbent keeps
    session = rows(S, Session, "sessions", tail="most_team")
    planned = column(S, "sessions")  # all that are held and no facts
    member = grid(S, "sessions", "most_members")
    # S: the rest of the state
    free = column(S, "sessions")  # rows for new sessions
    attended = cube(S, "residents", "days", "most_a_day")  # sessions
    attended_count = grid(S, "residents", "days")
    attended_all = column(S, "residents")  # how many
    often = grid(S, "residents", "activities")  # how many of that activity
    welcome = column(S, "residents")  # how many that they do not dislike
    liked = column(S, "residents")  # how many that they like
    target_have = column(S, "targets")
    aim_have = column(S, "aims")
    aim_count = grid(S, "sessions", "aims")  # how many of those that it speaks of
    together = column(S, "pairs")  # sessions that both are in
    companions = column(S, "residents")  # friends that they share a session with
    pull = grid(S, "pulls", "residents")  # what ties with the session's people weigh
    in_space = cube(S, "spaces", "days", "most_in_space")  # sessions
    in_space_count = grid(S, "spaces", "days")
    led = cube(S, "facilitators", "days", "most_led")  # sessions
    led_count = grid(S, "facilitators", "days")
    held = column(S, "activities")  # how many sessions of it
    held_on = grid(S, "activities", "days")
    offer_have = column(S, "offers")  # how many sessions count for it
    crowd_count = grid(S, "sessions", "crowds")  # how many of the crowd are in it
    crowd_short = grid(S, "crowds", "days")  # how many offers to it have no session to spare
    usual_then = column(S, "usuals")  # how many sessions are at that time …
    usual_there = column(S, "usuals")  # … of them in that space …
    usual_led = column(S, "usuals")  # … and led by all of that team
    moving = grid(S, "days", "moments")  # who is brought somewhere then
    session_of = column(S, "identities")  # or NONE
    journal = column(S, "journal_room")
    # S: what is counted of each kind of move
    tried_by_kind = column(S, len(KINDS))
    accepted_by_kind = column(S, len(KINDS))
    gained_by_kind = column(S, len(KINDS))  # how often the score rose by it
    # S: what one move remembers, each read by those named
    evicted = rows(S, Evicted, MOST_EVICTED + 1)  # settling: what was taken down …
    displaced = column(S, "displaced_room")  # … and who was in it; -1 - r once r is back
    team = column(S, "most_team")  # who is to lead, from whoever chose them to `open_session`
    best_team = column(S, "most_team")  # of several places
    rivals = column(S, MOST_RIVALS + 1)  # settling: what has to make way
    probe = column(S, MOST_EVICTED)  # a look before anything is taken down: what would have to go
    old_identity = column(S, MOST_EVICTED)  # timetabling: of what makes way
    left = column(S, 2)  # attending: the sessions that the one who joins has left
    clashing = column(S, 2)  # refill: the sessions that exclude one
    waiting = column(S, MOST_WAITING)  # refill: who still needs a familiar face there
    heap_key = column(S, "residents")  # refill: how much each would gain …
    heap_who = column(S, "residents")  # … and who
    # M: flags of the state
    is_member = grid(M, "sessions", "residents")
    may_join = grid(M, "sessions", "residents")  # ever, as the session stands


FIRST_NOT_KEPT = "free"  # the first table that no incumbent keeps
