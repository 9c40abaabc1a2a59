"""One wish, one busy time or one need for many residents at once: what it would do, one save, one way back."""
