"""Why somebody is invited, on their own sheet: said to them, and only what anybody may read who stands before it."""

from collections.abc import Callable, Iterable, Mapping

from milieu.reasons import FAVOURITE, LIKED, LOVED, Reason, audience_of

_LEAST = {"wish": LIKED, "time": FAVOURITE}


def why_said(reasons: Iterable[Reason], *, is_visit: bool = False) -> str:
    """The weightiest reason of those that may hang on a wall, "" where there is none.

    Nothing of care plans, of other residents, and of how a week was shared out.
    """
    open_ones = (
        each for each in reasons if audience_of(each.code) == "anybody" and each.amount >= _LEAST.get(each.code, 0)
    )
    first = next(open_ones, None)
    if first is None:
        return ""
    return "You know who comes." if is_visit and first.code == "familiar" else SAID[first.code](first)


def _wish(reason: Reason) -> str:
    """What was only seen is never told as what somebody said."""
    if reason.said_by == "resident":
        return "You love it." if reason.amount >= LOVED else "You like it."
    if reason.said_by == "relative":
        return f"Your family says you {'love' if reason.amount >= LOVED else 'like'} it."
    return "You seem to enjoy it."


SAID: Mapping[str, Callable[[Reason], str]] = {
    "wish": _wish,
    "familiar": lambda _: "You know who leads it.",
    "time": lambda _: "It is your favourite time of the day.",
    "birthday": lambda _: "It is for your birthday.",
    "new": lambda _: "You are new here, and it is a small group.",
}
"""In words by code, of each reason that is for anybody."""
