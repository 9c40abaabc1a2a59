"""What attendance teaches: careful estimates with their number of answers, and the wishes that they suggest."""
