"""What goes out as files: a community's tables as an import reads them, and all that is kept about one resident."""
