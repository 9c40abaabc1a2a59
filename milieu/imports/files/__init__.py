"""From bytes to records: letters, rows and cells, with every fault named by its place."""
