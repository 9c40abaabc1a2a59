"""A week changed by hand: a session moved, somebody invited, all of it undone and done again, each change checked."""
