"""Who misses something in a week and over the weeks before it, why, and how the draft could mend it."""
