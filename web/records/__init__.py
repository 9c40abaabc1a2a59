"""Records: figures over any time that lead to their rows, and the inspector's folder."""

from web.records import figures, folder
from web.records.blueprint import blueprint

__all__ = ["blueprint", "figures", "folder"]
