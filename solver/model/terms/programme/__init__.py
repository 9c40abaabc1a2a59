"""What the programme as a whole holds."""
