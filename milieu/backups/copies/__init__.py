"""Copies of a database of either kind: made while it is in use, counted, and put back by its own programs."""
