"""Why, why not, where else, at what cost, what changed and how fairly: questions about a schedule, answered as data."""
