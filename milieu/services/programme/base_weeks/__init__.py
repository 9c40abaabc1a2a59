"""Base weeks: that without a name, and those with one: saved from a week, chosen for days, changed, ended."""
