"""Proved upper bounds on the score: a linear program that every schedule is a point of, and what its prices prove."""
