"""Rows of the database as the tables that an import reads."""
