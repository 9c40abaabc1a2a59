"""The command line: what is asked, what is written where, and when it is stopped."""
