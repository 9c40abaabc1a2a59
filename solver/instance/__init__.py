"""The compiled problem, in dense numbers: what may be, what is demanded, what is planned."""
