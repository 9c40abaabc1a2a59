"""The twelve tasks of a director's week in a real browser, by keyboard alone and by touch: steps and seconds."""
