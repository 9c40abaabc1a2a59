"""Milieu plans who is with whom, doing what, where: the living environment of a lifecare community."""

__version__ = "0.1.0"
