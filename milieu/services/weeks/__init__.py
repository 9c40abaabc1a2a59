"""A week from its request to its publication, and its repair from day to day."""
