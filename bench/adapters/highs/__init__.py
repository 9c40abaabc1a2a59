"""HiGHS as a peer: a whole week as one mixed-integer program."""
