"""One resident: who they are, each part to edit, what changed when."""

from web.director.person import assessment, editing, noes, past, shown, ties, welcome

__all__ = ["assessment", "editing", "noes", "past", "shown", "ties", "welcome"]
