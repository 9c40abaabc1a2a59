"""What a session is held to: where, when, how many, by whom."""
