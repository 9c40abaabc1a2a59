"""The kinds of moves, by number: what the search counts for each."""

KINDS = (
    "bring",
    "bring a friend",
    "bring two",
    "trade",
    "drop",
    "swap",
    "shift",
    "exchange",
    "insert",
    "replace",
    "give up",
    "regather",
    "reinstate",
    "keep usual",
    "meet a count",
    "meet a requirement",
    "meet a pin",
)
BRING, BRING_FRIEND, BRING_TWO, TRADE, DROP, SWAP = range(6)
SHIFT, EXCHANGE, INSERT, REPLACE, GIVE_UP, REGATHERING, REINSTATEMENT, HABIT = range(6, 14)
MEET_COUNT, MEET_REQUIREMENT, MEET_PIN = range(14, 17)
