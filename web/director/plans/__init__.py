"""From a draft to a publication: planned, set beside others, published."""

from web.director.plans import drafts, foreseen, planning, publishing

__all__ = ["drafts", "foreseen", "planning", "publishing"]
