"""Ways out of a week that cannot be planned: named, each tried, and one lifted."""
