"""One resident's pages: who they are, each part to edit, what changed when."""

from web.director.person import shown

__all__ = ["shown"]
