"""What all peers are asked: made homes, weeks that something befell, groupings."""
