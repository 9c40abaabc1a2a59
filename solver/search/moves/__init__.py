"""The moves of the search, one file a kind."""
