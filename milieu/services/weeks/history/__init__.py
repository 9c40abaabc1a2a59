"""Versions of a week beside each other, and a published week withdrawn and published again."""
