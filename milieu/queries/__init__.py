"""Reads for pages and prints: frozen dataclasses out, everything loaded."""
