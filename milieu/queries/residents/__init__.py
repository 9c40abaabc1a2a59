"""Who lives here, and what they wish."""
