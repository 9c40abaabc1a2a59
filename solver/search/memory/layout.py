"""Where everything lies in the four pools that the kernels read and write.

`p` int64: the problem's numbers. `b` int8: the problem's tables of flags and small levels. `s` int64: the state's
numbers. `m` int8: the state's tables of flags. A pool begins with a header: scalars, and the places at which its
tables begin. So a value is `p[N_RES]`, an element of a table `p[p[WALK] + space * p[N_RES] + r]`, a column of a
record `p[p[ACT] + a * ACT_COLUMNS + A_MIN_GROUP]`. Four plain arrays compile fast, copy in one go, and are shared
between processes as they are.
"""

# ---- header of p: sizes
(
    N_RES,
    N_ACT,
    N_SPACE,
    N_STAFF,
    N_DAY,
    N_TIME,
    N_SESSION,
    N_IDENTITY,
    N_SLOT,
    N_PAIR,
    N_TARGET,
    N_GROUP,
    N_ENGAGEMENT,
    MOST_TEAM,
    MOST_MEMBERS,
    MOST_A_DAY,
    MOST_IN_SPACE,
    MOST_OF_STAFF,
    MOST_DURATIONS,
    SLOT,
    HAS_ESCORTS,
    HAS_COHORTS,
    THIN,
    HAS_PREVIOUS,
    W_INTEREST,
    W_TIME,
    W_SHORTFALL,
    W_LEFT_OUT,
    W_TARGET,
    W_GROUP,
    W_TIE,
    W_WARM,
    W_CROWD,
    W_WALK,
    W_SESSION,
    W_THIN_DAY,
    W_CANCEL,
    W_MOVE,
    W_RELOCATE,
    W_DROP,
    IS_DENSE,  # whether residents have so many ties that their sum in each session is kept
    USUAL_GAIN,  # what one attendance is worth at most, but for close ties
    # tables of p
    ENGAGEMENT,
    RES,
    ACT,
    SPACES,
    STAFF,
    TIMES,
    WALK,
    SKILL,
    ACT_TIMES,
    ACT_SPACES,
    ACT_STAFF,
    SHARES,
    ADJACENT,
    TIE_FROM,
    TIE_OTHER,
    TIE_PAIR,
    PAIR_STRENGTH,
    PAIR_CAP,
    APART_FROM,
    APART_OTHER,
    TARGET_FROM,
    TARGET_DOMAIN,
    TARGET_MIN,
    TARGET_WEIGHT,
    GROUP_FROM,
    GROUP_OF,
    GROUP_MEMBERS,
    GROUP_MIN,
    GROUP_WEIGHT,
    REQUIRED_FROM,
    REQUIRED_ACT,
    REQUIRED_LEAST,
    IDENTITY,
    PINNED_TEAM,
    ESCORT_CAP,
    TIME_AT,
    N_DOMAIN,
    ATTEND_FROM,
    ATTEND_WHO,
    INVITED_FROM,  # whom the published sessions invited …
    INVITED_WHO,
    INVITATIONS_FROM,  # … and to which of them a resident was
    INVITATIONS,
    P_HEADER,
) = range(86)

RES_COLUMNS = 16
(
    R_WHEELCHAIR,
    R_ESCORT,
    R_SUPPORT,
    R_MAX_DAY,
    R_MAX,
    R_MIN,
    R_REST,
    R_COHORT,
    R_NEEDS_FAMILIAR,
    R_CAN_BE_LEFT_OUT,
    R_MORNING,
    R_AFTERNOON,
    R_EVENING,
) = range(13)

ACT_COLUMNS = 24
(
    A_DURATION,
    A_MIN,
    A_MAX,
    A_ONE_PER_DAY,
    A_MIN_GROUP,
    A_MAX_GROUP,
    A_TEAM,
    A_COST,
    A_IS_GROUP,
    A_ALL_SKILLS,
    A_TIMES_FROM,
    A_TIMES_TO,
    A_SPACES_FROM,
    A_SPACES_TO,
    A_STAFF_FROM,
    A_STAFF_TO,
    A_IDENTITY_FROM,
    A_IDENTITY_TO,
    A_NOISE,
    A_DURATION_KIND,
    A_DEMAND,
) = range(21)

SPACE_COLUMNS = 10
(
    S_CAPACITY,
    S_WHEELCHAIRS,
    S_COMFORT,
    S_TURNAROUND,
    S_SHARES_FROM,
    S_SHARES_TO,
    S_ADJACENT_FROM,
    S_ADJACENT_TO,
    S_NOISE,
) = range(9)

STAFF_COLUMNS = 4
F_MAX_DAY, F_GAP, F_SUPPORT = range(3)

TIME_COLUMNS = 4
T_DAY, T_BEGIN, T_END, T_PART = range(4)

IDENTITY_COLUMNS = 12
(
    I_ACTIVITY,
    I_PREVIOUS,
    I_PINNED,
    I_DAY,
    I_BEGIN,
    I_SPACE,
    I_TEAM,
    I_PEOPLE,
    I_OLD_DAY,
    I_OLD_BEGIN,
    I_OLD_SPACE,
    I_ATTEND,
) = range(12)
ANY_TEAM = -1  # of I_TEAM; else the size of the pinned team, whose members stand in PINNED_TEAM

# ---- tables of b (their places stand in p as well, so that b is nothing but tables)
B_HEADER_FROM = P_HEADER
(
    B_MAY_ACTIVITY,
    B_MAY_SPACE,
    B_MAY_STAFF,
    B_FAMILIAR,
    B_INTEREST,
    B_EAR,
    B_OPEN,
    B_AVAILABLE,
    B_AWAY,
    B_DOMAIN,
    B_GROUP_COUNTS,
    B_WAS_THERE,
    B_MUST,
    B_MUST_NOT,
    B_TIME_OF,
    B_FITS,
    P_FIRST,
) = range(B_HEADER_FROM, B_HEADER_FROM + 17)

# ---- header of s
(
    SCORE,
    LACKING,
    LACK_PRICE,
    RANDOM,
    N_ALIVE,
    N_FREE,
    JOURNAL_SIZE,
    MOVES,
    ACCEPTED,
    WORK,  # a count that grows about as time does, the same on any machine
    SESSION_MOVES,
    SESSION_ACCEPTED,
    SESSION_WORK,
    SES,
    MEMBERS,
    ALIVE,
    FREE,
    RES_DAY,
    RES_DAY_N,
    RES_N,
    RES_ACT,
    WELCOME,
    LIKED,
    TARGET_HAVE,
    GROUP_HAVE,
    GROUP_COUNT,
    TOGETHER,
    PULL,
    WARM,
    SPACE_DAY,
    SPACE_DAY_N,
    STAFF_DAY,
    STAFF_DAY_N,
    ACT_N,
    ACT_DAY,
    DAY_N,
    MOVING,
    USED_BY,
    JOURNAL,
    SCRATCH,
    KEYS,
    FALLEN,
    FALLEN_N,
    EVICTED,
    TEAM,
    S_FIRST,
) = range(46)
JOURNAL_ROOM = 60_000  # numbers

SES_FIXED = 20
(
    X_ALIVE,
    X_FACT,
    X_ACT,
    X_DAY,
    X_BEGIN,
    X_END,
    X_SPACE,
    X_TIME,
    X_LEVEL,
    X_N,
    X_WHEELCHAIRS,
    X_SUPPORT,
    X_GIVEN,
    X_TEAM_N,
    X_IDENTITY,
    X_CAP,
    X_PART,
    X_COHORT,
    X_NEEDING,
    X_PLACE,
) = range(20)
X_TEAM = SES_FIXED  # the members of the team follow

# ---- places of m's tables
M_MEMBER, M_MAY, M_FIRST = 0, 1, 2  # m's two tables lie one after the other: each N_SESSION x N_RES
