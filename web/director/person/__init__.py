"""The residents: who is invited to how much; and one of them: who they are, each part to edit, what changed when."""

from web.director.person import editing, noes, past, people, shown

__all__ = ["editing", "noes", "past", "people", "shown"]
