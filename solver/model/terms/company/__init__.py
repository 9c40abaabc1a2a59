"""Who is together with whom."""
