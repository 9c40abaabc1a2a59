"""What activities ask of whoever takes part, and what somebody cannot: the same few words for both."""

WALKS, STANDS, SEES, HEARS, READS, SWALLOWS = ABILITIES = (
    "walks",  # on their own feet, if with a frame
    "stands",  # for some minutes
    "sees",  # what lies on a table
    "hears",  # what is said in a group
    "reads",  # a page in large print
    "swallows",  # food and drink of any kind, safely
)
