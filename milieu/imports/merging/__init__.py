"""Records into the rows of the database: found again, added, changed, ended, and what that would lose."""
