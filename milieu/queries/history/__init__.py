"""What was published before, and what people read at an earlier moment."""
