"""Ways to answer what stands against a published week: found by one run, compared, and one of them published."""

CHOICES = "choices"
LEAVE, FEWEST, BEST = KINDS = (
    "leave",  # what cannot be held falls away, who may not stay is out, and nothing else changes
    "fewest",  # the fewest people told otherwise
    "best",  # the best week that there is now, with what changes for it counted as when a week is planned anew
)
CHOICE = "choice"
"""The state of a plan that is one of several choices."""
