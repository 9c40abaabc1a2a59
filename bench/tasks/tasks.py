"""The twelve tasks. Each begins on the week that has a draft, as a director finds it after planning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bench.monday.keyboard import Stumbled
from bench.tasks.hands import Hands, wait_for

MISSING_TOO_MUCH = 3
Task = Callable[[Hands, "Around"], None]


@dataclass(frozen=True)
class Around:
    """What the tasks go by: today, and the Monday of the week with the draft."""

    today: date
    week: date

    def day(self, number: int) -> date:
        """A day of the week, 0 is Monday."""
        return self.week + timedelta(days=number)


def plan_from_base(hands: Hands, _around: Around) -> None:
    """Keep the draft as a base week, and plan the next week that is still empty from it."""
    hands.go("Save as a base week")
    hands.write("name", "Winter")
    hands.go("Save", "button")
    hands.go("Week", "a")
    while not hands.page.locator("[name=base_week]").count():
        hands.go("Week after")
    hands.pick("base_week", "Winter")
    hands.go("Plan from it", "button")
    wait_for(hands, "Look at the draft")
    hands.go("Look at the draft")


def move_three(hands: Hands, _around: Around) -> None:
    """Move two sessions to the best time on a day, and a third where it cannot be, then to the first way out."""
    for title in ("Film", "Quiz"):
        hands.move(title)
        wait_for(hands, "Changed.")
    hands.card("Quiz")
    hands.go("Change it")
    hands.write("start", "06:00")
    hands.go("Change it", "button")
    wait_for(hands, "Nothing was changed yet.")
    hands.go("", "button")
    wait_for(hands, "Changed.")


def pin_a_couple(hands: Hands, _around: Around) -> None:
    """Two who like each other stay where they are together, also when the week is planned again."""
    hands.card("Choir")
    for _ in range(2):
        hands.go("Fix:", "button")


def colleague_sick(hands: Hands, around: Around) -> None:
    """A colleague is sick on Wednesday."""
    hands.go("Changes")
    hands.go("Somebody of the team is away")
    hands.pick("who", "Rosa")
    hands.set_day("first", around.day(2))
    hands.go("Note it", "button")
    wait_for(hands, "Noted.")


def mend_three(hands: Hands, _around: Around) -> None:
    """Find three people who are left out, and mend it for each."""
    hands.past_the_board()
    hands.go("Who is left out")
    for _ in range(MISSING_TOO_MUCH):
        wait_for(hands, "Do this")
        hands.jump("Who, why, and")
        hands.go("Do this", "button")
        wait_for(hands, "Undo stands on")


def compare_two(hands: Hands, _around: Around) -> None:
    """What if the hall were closed; what if it rained."""
    hands.past_the_board()
    hands.go("What if")
    hands.open("a space were closed")
    hands.pick("id", "Hall")
    hands.go("Plan it beside mine", "button")
    hands.open("it rained")
    hands.go("Plan it beside mine: it rained", "button")
    wait_for(hands, "People told otherwise")
    hands.page.locator("table.beside thead th").nth(2).wait_for(timeout=180_000)


def explain_to_a_daughter(hands: Hands, _around: Around) -> None:
    """Why is her mother, the first of those who are not, not in the choir, and what may she be told."""
    hands.card("Choir")
    hands.jump("Why is somebody not here?")
    hands.pick("who", hands.page.locator("[name=who] option:not([value=''])").first.inner_text())
    hands.go("Ask", "button")
    wait_for(hands, "What the family may be told")


def into_the_choir(hands: Hands, _around: Around) -> None:
    """Mr Y is to be in the choir."""
    hands.card("Choir")
    hands.jump("Who else would like it")
    hands.go("Invite:", "button")
    wait_for(hands, "Invited")


def guest_on_friday(hands: Hands, around: Around) -> None:
    """A fiddler comes on Friday afternoon."""
    hands.go("Changes")
    hands.go("A guest or something special")
    hands.pick("activity", "Live music")
    hands.pick("space", "Hall")
    hands.set_day("first", around.day(4))
    hands.set_time("start", 900)
    hands.write("guest", "Ida Fiddler")
    hands.go("Note it", "button")
    wait_for(hands, "Noted.")


def publish(hands: Hands, _around: Around) -> None:
    """Look at what it changes, and publish."""
    hands.go("Publish")
    hands.go("Publish this week", "button")
    wait_for(hands, "Published. Everybody sees it")


def correct(hands: Hands, _around: Around) -> None:
    """A published session is at the wrong time: the session, the change in a draft of its own, published anew."""
    hands.card("Quiz")
    hands.go("Change it", "button")
    hands.go("", "button")
    publish(hands, _around)


def to_paper(hands: Hands, _around: Around) -> None:
    """The month to take along, and the inspector's folder of a living group."""
    hands.go("To print")
    hands.take("A4")
    hands.go("Records")
    hands.tick("All ")
    hands.take("The folder as a PDF")


TASKS: Mapping[str, Task] = {
    "plan from a base week": plan_from_base,
    "move three, one illegally": move_three,
    "pin a couple": pin_a_couple,
    "find and mend three": mend_three,
    "compare two scenarios": compare_two,
    "explain to a daughter": explain_to_a_daughter,
    "Mr Y into the choir": into_the_choir,
    "publish": publish,
    "correct": correct,
    "a colleague is sick": colleague_sick,
    "a guest on Friday": guest_on_friday,
    "month and folder": to_paper,
}
__all__ = ["TASKS", "Around", "Stumbled"]
