"""The house and the programme, kept by a director: living groups, spaces, the team, activities, what should be on.

What is edited are the columns of the lists (`milieu.services.editing`); what an edit does to the weeks that people were
told is said before it holds (`effects`).
"""
