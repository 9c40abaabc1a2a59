"""What everybody may read without signing in: the week's programme, without names."""

from web.public import readiness  # noqa: F401 - adds its views
from web.public.views import blueprint

__all__ = ["blueprint"]
