"""What people told of the community and changed of what is known: who, when, and what it touches."""
