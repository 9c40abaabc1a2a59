"""The solver as a process of its own: started afresh for each solve, watched, limited and ended whatever it does."""
