"""What a relative may see: the day, what changed, how the last days were, when to come."""
