"""What was published of a week before, versions beside each other, and a published week withdrawn."""

from web.director.history import compared, published, withdrawn

__all__ = ["compared", "published", "withdrawn"]
