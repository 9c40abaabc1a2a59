"""The living groups' pages: who lives there, who is close to whom, and what would help. For who plans alone."""

from web.ground import groups, noting, wants
from web.ground.blueprint import blueprint

__all__ = ["blueprint", "groups", "noting", "wants"]
