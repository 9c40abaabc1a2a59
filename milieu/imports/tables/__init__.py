"""What each table of a folder holds: its columns, how a cell is read, and what makes two rows one fact."""
