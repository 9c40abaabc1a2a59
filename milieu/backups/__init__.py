"""Backups: consistent copies of a running installation, encrypted, proven by restoring them, kept by a schedule."""
