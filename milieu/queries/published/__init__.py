"""What is published: its sessions, how fresh it is, and what was marked of it."""
