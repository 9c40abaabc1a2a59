"""One resident, as a community knows them: their page, on any day, and who looked at it."""
