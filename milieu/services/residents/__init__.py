"""Residents as a community's people enter and edit them: who came, what each is known for, what they said no to."""
