"""What a week does for people: who is left out and how to mend it, who waits for what, and the balance."""

from web.director.insight import left_out, waits, what_if

__all__ = ["left_out", "waits", "what_if"]
