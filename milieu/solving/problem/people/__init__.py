"""People as the solver knows them, and what holds between them."""
