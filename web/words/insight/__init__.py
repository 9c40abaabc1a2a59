"""What the pages of a week say of people: who is left out, what is supposed, how rules stand."""
