"""What a community knows, edited by people: the columns of its lists as forms, each change a line in the journal.

A `Part` is what one form edits. What a cell of a list means, a field of a form means too: the same readers, checks and
sentences (`milieu.imports.tables`).
"""
