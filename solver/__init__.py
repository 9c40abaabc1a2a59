"""The solver: a problem document in, a schedule document out. Knows no database, no clock and no web."""
