"""Solves on the machines of a Dask cluster: each is a child process there, as it is here."""
