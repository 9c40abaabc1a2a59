"""What a change is worth, whether it may be, and making it."""
