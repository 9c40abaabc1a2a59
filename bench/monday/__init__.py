"""A director's Monday by keyboard alone, in a real browser: how many keys and seconds each of its tasks takes."""
