"""What became of an invitation, in a word: the same words as the floor's own, without who tapped and when."""

from milieu.queries.published.marks import Mark
from web.staff.words import level_word, outcome_word


def mark_word(mark: Mark) -> str:
    """ "Came, quiet"; "" where what was marked was taken back."""
    if mark.outcome is None:
        return ""
    if mark.level is None:
        return outcome_word(mark.outcome)
    return f"{outcome_word(mark.outcome)}, {level_word(mark.level).lower()}"
