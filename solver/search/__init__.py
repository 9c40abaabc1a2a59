"""The compiled joint search over placement and attendance."""
