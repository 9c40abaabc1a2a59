"""Numbers and lists in sentences, with the words that follow them in the right form.

In a template "{seats:seat}" is "1 seat" or "3 seats", "{needed:is|are}" is "1 is" or "3 are", and behind a list of
names "{spaces:has|have}" is "Hall has" or "Hall and Barn have".
"""


class Counted(str):
    """Text that stands for a `number` of things; what a template says of it agrees with that."""

    number: int

    def __new__(cls, text: str, number: int) -> "Counted":
        made = super().__new__(cls, text)
        made.number = number
        return made

    def __format__(self, words: str) -> str:
        if not words:
            return str(self)
        one, bar, many = words.partition("|")
        return f"{self} {one if self.number == 1 else many if bar else f'{one}s'}"


def counted(number: int) -> Counted:
    return Counted(str(number), number)
