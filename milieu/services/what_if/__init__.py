"""What would become of a week if something were otherwise: planned beside it, compared, and taken over or not."""

WHAT_IF = "what if"
SCENARIO = "scenario"
"""The state of a plan that supposes something."""
