"""A solve from its command to its answer: processes, limits, signals, files."""
