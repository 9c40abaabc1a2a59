"""A week changed by hand: its sessions, who is invited to them, and why somebody is not."""

from web.director.hand import changing, person, why_not

__all__ = ["changing", "person", "why_not"]
