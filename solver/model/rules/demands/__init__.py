"""What people asked of a week or fixed in it."""
