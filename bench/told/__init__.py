"""What came of it, written down: results, tables, curves, goals, and the best that is known."""
