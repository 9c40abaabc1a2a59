"""One resident: who they are, each part to edit, what changed when."""

from web.director.person import editing, noes, past, shown

__all__ = ["editing", "noes", "past", "shown"]
