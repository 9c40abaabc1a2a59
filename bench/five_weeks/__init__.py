"""Whether planned weeks are ones that a director would sign: sixteen figures read from a database by plain SQL.

Shares nothing with the program that planned them: neither its queries nor its solver.
"""
