"""Who does what once, whatever happens: the lease and its fence, what is due, the ledger of it, runs left behind."""
