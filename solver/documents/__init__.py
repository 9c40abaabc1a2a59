"""Both documents: what they hold, how they are read and written, and where in them an error stands."""
