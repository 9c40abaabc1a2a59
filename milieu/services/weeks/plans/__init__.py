"""A week before it is published: planned, solved, its drafts kept."""
