"""Which demands clash, proved, and the least to give up."""
