"""What was planned, held, asked and came to, over any time, for whoever has to show it."""
