"""What a schedule changes of the one published before."""
