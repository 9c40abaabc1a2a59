"""The rows and columns of the week's program, by what they speak of."""
