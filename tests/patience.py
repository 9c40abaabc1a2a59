"""How long a test waits for what must end: a machine that is busy with other work takes long, what hangs takes longer.

No test asks for a result within the seconds that an idle machine needs: those are measured in `bench`.
"""

PATIENCE = 250.0
"""Seconds; below the time after which a run of the tests counts a test as hanging (`pyproject.toml`)."""

PROVING = 600.0
"""Seconds that a solve may have which ends by itself when its best is proved."""
