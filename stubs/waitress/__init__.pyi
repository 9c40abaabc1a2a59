"""What the server uses of waitress, which comes without types."""
