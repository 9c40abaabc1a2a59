"""Moves that meet what is lacking."""
