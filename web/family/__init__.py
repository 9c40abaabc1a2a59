"""The family's pages: a letter about one's own relative, and what she shares."""

from web.family import views, words
from web.family.views import blueprint

__all__ = ["blueprint", "views"]


@blueprint.context_processor
def _say() -> dict[str, object]:
    return {"words": words}
