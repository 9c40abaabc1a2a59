"""Moves of attendance: who is in which session."""
