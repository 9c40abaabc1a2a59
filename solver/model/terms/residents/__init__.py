"""What a week is to each resident."""
