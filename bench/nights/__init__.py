"""Nights of many communities: made ones by the clock's own sharing out, and one real one beside its own forecast."""
