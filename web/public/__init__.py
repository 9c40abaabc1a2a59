"""What everybody may read without signing in: the programme of a week and of a month, without names."""

from web.public import months, readiness  # noqa: F401 - add their views
from web.public.views import blueprint

__all__ = ["blueprint"]
