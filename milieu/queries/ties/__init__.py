"""Who is close to whom, who strains whom, and who knows nobody yet: private working knowledge, for who plans."""
