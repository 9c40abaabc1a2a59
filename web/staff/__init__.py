"""The staff's pages: today, whom to ask and how, and what became of it."""

from datetime import timedelta

from web.staff import changed, day, groups, marks, others, taps, words
from web.staff.blueprint import blueprint
from web.staff.causes import because

__all__ = ["blueprint", "changed", "day", "groups", "marks", "others"]


@blueprint.context_processor
def _say() -> dict[str, object]:
    return {"floor": words, "because": because, "one_day": timedelta(days=1), "tapper": taps.sign_tapper}
