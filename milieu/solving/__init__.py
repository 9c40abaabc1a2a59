"""Rows to a problem document, a solver's child process, a schedule document back to rows."""
