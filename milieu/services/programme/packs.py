"""What authorities ask of a programme, as data: each rule with its source and how it is measured.

A pack is no legal advice: it says what can be counted of a rule, in a month, from what was published and held.
"""

from dataclasses import dataclass

DOMAINS, DAYS, EVENINGS, WEEKENDS, HOURS, AHEAD, SMALL = MEASURES = (
    "domains",  # each of `domains` at least once in the month
    "days",  # something on every day
    "evenings",  # at least `least` evenings in each week
    "weekends",  # at each weekend something whose domains are not only `domains`
    "hours",  # at least `least` hours of groups in each week
    "ahead",  # each week published at least `least` days before it begins
    "small",  # who said no to a large group had a small one or a visit on that day
)


@dataclass(frozen=True)
class Rule:
    """`key` names it for good; `text` says it in our words, `source` where it stands, `address` a public page of it."""

    key: str
    text: str
    source: str
    measure: str
    address: str = ""
    least: int = 1
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    """The rules of one authority; `of` says for which places they are made."""

    key: str
    name: str
    of: str
    rules: tuple[Rule, ...]


_COLORADO = "6 CCR 1011-1, Chapter 7 (assisted living residences)"
_MINNESOTA = "Minnesota Rules 4658.0900, subpart 2 (nursing homes)"
_TEXAS = "26 Texas Administrative Code §553.309(c) (certified for Alzheimer’s)"
_CAROLINA = "10A NCAC 13F .0905(d) (adult care homes of seven or more beds)"

PACKS: tuple[Pack, ...] = (
    Pack(
        "colorado",
        "Colorado",
        "assisted living residences",
        (
            Rule(
                "colorado-kinds",
                "Company, mind, body, spirit and making: each at least once a month.",
                _COLORADO,
                DOMAINS,
                domains=("social", "cognitive", "physical", "spiritual", "creative"),
            ),
            Rule("colorado-daily", "Something is on every day.", _COLORADO, DAYS),
            Rule("colorado-evening", "Something is on in at least one evening a week.", _COLORADO, EVENINGS),
            Rule(
                "colorado-weekend",
                "At weekends there is something besides what is religious.",
                _COLORADO,
                WEEKENDS,
                domains=("spiritual",),
            ),
        ),
    ),
    Pack(
        "minnesota",
        "Minnesota",
        "nursing homes",
        (
            Rule(
                "minnesota-daily",
                "Something is on every day.",
                _MINNESOTA,
                DAYS,
                "https://www.revisor.mn.gov/rules/4658.0900/",
            ),
            Rule(
                "minnesota-ahead",
                "The programme is put up at least one week ahead.",
                _MINNESOTA,
                AHEAD,
                "https://www.revisor.mn.gov/rules/4658.0900/",
                least=7,
            ),
        ),
    ),
    Pack(
        "texas",
        "Texas, memory care",
        "places certified for Alzheimer’s",
        (
            Rule(
                "texas-small",
                "Who does not want a large group is offered a small one or a visit on the same day.",
                _TEXAS,
                SMALL,
                "https://texreg.sos.state.tx.us/public/readtac$ext.TacPage?sl=R&ti=26&pt=1&ch=553&rl=309",
            ),
        ),
    ),
    Pack(
        "north-carolina",
        "North Carolina",
        "adult care homes",
        (
            Rule(
                "north-carolina-hours",
                "At least fourteen hours of planned groups a week.",
                _CAROLINA,
                HOURS,
                "https://regulations.justia.com/states/north-carolina/title-10a/chapter-13/subchapter-f/section-0900/section-13f-0905",
                least=14,
            ),
        ),
    ),
)
