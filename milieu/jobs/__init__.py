"""What happens by itself: the one scheduler, the daily duty of each community, and the threads that wait for solves."""
