"""What there is, of each kind: listed, looked at, made, changed and ended."""
