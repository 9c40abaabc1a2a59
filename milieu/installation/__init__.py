"""What a process of an installation needs: checked, opened and logged before it serves."""
