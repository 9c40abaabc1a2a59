"""Rules and terms: as plain Python over the documents and as CP-SAT, with their words."""
