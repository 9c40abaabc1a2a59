"""Two directors at one draft at the same time: what is lost, and what is broken and not marked."""
