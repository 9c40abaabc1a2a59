"""A week's rows: drafts and runs, publications, and what became of each invitation."""
