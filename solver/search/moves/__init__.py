"""The moves of the search, one file for each: what it does, which rules it keeps and what it needs."""
