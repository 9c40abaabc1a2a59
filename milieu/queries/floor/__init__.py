"""The day for the staff: who is invited to what, how they are brought, what changed since."""
