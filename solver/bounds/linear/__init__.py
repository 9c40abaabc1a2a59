"""The linear program of a week: its cells, its frame, and how its prices are found."""
