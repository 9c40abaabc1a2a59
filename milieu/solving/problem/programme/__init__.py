"""What can be offered in a week, when, where and for whom."""
