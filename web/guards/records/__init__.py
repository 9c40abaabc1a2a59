"""What is kept of a request: a line in the log, and whose page was read."""
