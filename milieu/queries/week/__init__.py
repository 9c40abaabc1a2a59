"""The week as its director reads it: sessions, people, drafts, causes, how far from the best."""
