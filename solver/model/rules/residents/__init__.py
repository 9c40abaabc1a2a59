"""What residents are held to, and what is held for them: where they may be, and with whom."""
