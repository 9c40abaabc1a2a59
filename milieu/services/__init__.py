"""Verbs: what changes rows, one module a noun. Services flush; only entry points commit."""
