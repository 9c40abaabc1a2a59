"""What changes in a week by hand: a session moved, a fact told, and what can be done about what it stands against."""

from web.director.changes import by_hand, changed, choices, correcting

__all__ = ["by_hand", "changed", "choices", "correcting"]
