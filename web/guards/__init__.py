"""What every request passes: its name, its origin, its letters, its session, the access table, the record of reads."""
