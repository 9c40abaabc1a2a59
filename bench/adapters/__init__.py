"""One adapter for each peer; `bench.peers` lists them."""
