"""Rows to a problem document: the facts of a week, what happened in it, and what can still be asked of it."""
