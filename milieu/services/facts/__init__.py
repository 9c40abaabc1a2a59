"""What somebody tells Milieu of its community: each a row of facts, a line of the journal, and a way back."""
