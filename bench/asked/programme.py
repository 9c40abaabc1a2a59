"""What a made-up community can offer: its spaces, its staff and volunteers, and its activities."""

from random import Random
from typing import Any

Tree = dict[str, Any]

# name, domains, largest group, noise, minutes, skill, feature, sessions a week at most
KINDS: list[tuple[str, list[str], int, int, int, str, str, int]] = [
    ("chair exercise", ["physical"], 15, 1, 45, "movement", "", 5),
    ("walking club", ["physical", "outdoor"], 6, 0, 30, "", "garden", 3),
    ("bingo", ["social"], 25, 2, 60, "", "", 2),
    ("sing-along", ["creative", "social"], 20, 3, 45, "music", "piano", 2),
    ("live music", ["creative"], 40, 3, 60, "music", "stage", 1),
    ("reminiscence", ["cognitive", "emotional"], 7, 0, 45, "memory care", "", 3),
    ("news and coffee", ["cognitive", "social"], 12, 0, 45, "", "", 5),
    ("book club", ["cognitive"], 8, 0, 60, "", "", 1),
    ("crafts", ["creative"], 8, 0, 60, "crafts", "tables", 2),
    ("baking", ["social", "sensory"], 6, 1, 60, "", "kitchen", 2),
    ("gardening", ["physical", "outdoor"], 8, 0, 45, "", "garden", 2),
    ("hymns", ["spiritual", "creative"], 25, 1, 45, "music", "piano", 1),
    ("pet visit", ["sensory", "emotional"], 6, 0, 30, "", "", 2),
    ("hand care", ["sensory"], 4, 0, 30, "", "", 3),
    ("quiet tasks", ["sensory", "cognitive"], 5, 0, 30, "memory care", "", 4),
    ("cards", ["social", "cognitive"], 8, 0, 60, "", "tables", 3),
    ("workshop", ["social"], 6, 1, 60, "crafts", "tables", 1),
    ("film", ["social"], 20, 2, 105, "", "screen", 2),
    ("council", ["civic"], 12, 0, 60, "", "", 1),
    ("birthday party", ["social"], 35, 3, 60, "", "stage", 1),
    ("scenic drive", ["outdoor", "sensory"], 12, 0, 120, "driving", "van", 2),
    ("calm lounge", ["sensory"], 8, 0, 45, "", "", 5),
]
SKILLS = ["music", "movement", "crafts", "memory care", "driving"]


def make_spaces(chance: Random, residents: int, zones: list[str], tight: bool) -> list[Tree]:
    """Shared rooms by the size of the community, a hall that divides, a van, a lounge and the bedsides of each zone."""
    rows: list[Tree] = []
    for block in range(max(1, round(residents / 150))):
        end = "" if block == 0 else f" {block + 1}"
        rows += [
            _room(f"activity room{end}", 18, ["tables", "screen"], comfort=14),
            _room(f"chapel{end}", 25, ["piano"], wheelchair_places=10),
            _room(
                f"dining room{end}",
                45,
                ["stage", "piano", "tables"],
                noise=1,
                comfort=36,
                open=_spells("09:45-11:30", "13:45-16:30", "18:30-20:30"),
            ),
            _room(f"garden{end}", 15, ["garden"], open=[{"from": "10:00", "to": "16:00"}]),
            _room(f"kitchen{end}", 8, ["kitchen"], wheelchair_places=4),
            {
                "id": f"van{end}",
                "zone": "outside",
                "capacity": 12,
                "wheelchair_places": 2,
                "features": ["van"],
                "open": [{"from": "09:30", "to": "17:00"}],
                "turnaround_minutes": 30,
            },
        ]
        if residents >= 60:
            rows += [
                _room(f"hall{end}", 50, ["stage", "screen"], shares=[f"hall left{end}", f"hall right{end}"]),
                _room(f"hall left{end}", 22, ["screen"], adjacent=[f"hall right{end}"]),
                _room(f"hall right{end}", 22, ["stage"], adjacent=[f"chapel{end}"]),
            ]
    for zone in zones:
        features = ["tables"] if chance.random() < 0.5 else []
        rows.append(
            {
                "id": f"lounge of {zone}",
                "zone": zone,
                "capacity": 12,
                "comfort": 9,
                "turnaround_minutes": 15,
                "features": features,
                "noise": chance.choice([0, 0, 1]),
            }
        )
        rows.append(
            {"id": f"bedsides of {zone}", "zone": zone, "capacity": 1, "features": ["bedside"], "bedside": True}
        )
    if tight:
        for row in rows:
            row["capacity"] = max(1, row["capacity"] * 4 // 5)
            row["wheelchair_places"] = min(
                row.get("wheelchair_places", row["capacity"]), max(1, row["capacity"] * 2 // 3)
            )
    return rows


def _spells(*spells: str) -> list[Tree]:
    return [{"from": spell[:5], "to": spell[6:]} for spell in spells]


def _room(name: str, seats: int, features: list[str], **fields: Any) -> Tree:
    return {"id": name, "zone": "centre", "capacity": seats, "features": features, "turnaround_minutes": 15, **fields}


def make_facilitators(chance: Random, residents: int, days: int, people: list[Tree], tight: bool) -> list[Tree]:
    """Staff who take turns at weekends, volunteers who come once or twice a week, one of them on Tuesdays only."""
    rows = []
    staff = max(2, round(residents / (55 if tight else 45)))
    for number in range(staff):
        late = number % 3 == 1
        shift = {"from": "11:30", "to": "20:00"} if late else {"from": "09:00", "to": "17:00"}
        off = {(number * 2 + 5 + k) % 7 for k in range(2)}
        rows.append(
            {
                "id": f"staff {number + 1}",
                "skills": sorted({SKILLS[number % len(SKILLS)], *chance.sample(SKILLS, 2)}),
                "available": [{"day": day, **shift} for day in range(days) if day % 7 not in off],
                "max_sessions_per_day": 6,
                "gap_minutes": 15,
                "support": chance.choice([8, 10, 12]),
                "familiar_to": _known(chance, people, 0.5),
            }
        )
    for number in range(max(2, residents // 14)):
        weekdays = [1] if number == 0 else sorted(chance.sample(range(7), chance.randint(1, 2)))
        half = chance.choice([("09:30", "12:30"), ("13:30", "17:00"), ("09:30", "17:00"), ("14:00", "20:00")])
        rows.append(
            {
                "id": f"volunteer {number + 1}",
                "skills": chance.sample(SKILLS, chance.choice([0, 1, 1, 2])),
                "available": [
                    {"day": day, "from": half[0], "to": half[1]} for day in range(days) if day % 7 in weekdays
                ],
                "max_sessions_per_day": 3,
                "support": chance.choice([4, 6, 8]),
                "familiar_to": _known(chance, people, 0.1),
            }
        )
    return rows


def _known(chance: Random, people: list[Tree], share: float) -> list[str]:
    return [row["id"] for row in people if row.get("needs_familiar") and chance.random() < share]


def make_activities(chance: Random, residents: int, days: int, people: list[Tree]) -> list[Tree]:
    weeks = max(1, round(days / 7))
    rows = []
    for block in range(max(1, round(residents / 150))):
        kinds = KINDS if residents > 60 else chance.sample(KINDS, 13 if residents <= 30 else 18)
        for kind in kinds:
            rows.append(_activity(chance, kind, "" if block == 0 else f" {block + 1}", weeks))
    memory = [row["id"] for row in people if "calm" in row]
    if len(memory) > 4:
        row = _activity(chance, KINDS[14], " of the memory unit", weeks)
        rows.append(row | {"only": memory, "max_group": 8, "facilitators": 1})
    for person in chance.sample(people, len(people) // 8):
        rows.append(
            {
                "id": f"visit to {person['id']}",
                "domains": ["emotional"],
                "duration_minutes": 15,
                "max_group": 1,
                "sessions": {"max": 3 * weeks},
                "needs_features": ["bedside"],
                "only": [person["id"]],
                "days_apart": 2,
            }
        )
    return rows


def _activity(chance: Random, kind: tuple[str, list[str], int, int, int, str, str, int], end: str, weeks: int) -> Tree:
    name, domains, most, noise, minutes, skill, feature, often = kind
    row: Tree = {
        "id": f"{name}{end}",
        "domains": domains,
        "duration_minutes": minutes,
        "noise": noise,
        "sessions": {"max": often * weeks},
        "min_group": 2 if most <= 8 else 4,
        "max_group": most,
        "facilitators": 2 if most >= 20 or name == "scenic drive" else 1,
        "cost": chance.choice([0, 0, 1, 4]),
        "windows": _spells("09:30-12:00", "13:15-17:00", "18:00-20:00"),
    }
    if skill:
        row["needs_skills"] = [skill]
    if feature:
        row["needs_features"] = [feature]
    if name in ("hymns", "council"):
        row["by_wish"] = True
    if name == "calm lounge":
        row["windows"] = [{"from": "15:30", "to": "17:00"}]
    if name in ("chair exercise", "news and coffee"):
        row["windows"] = [{"from": "09:30", "to": "12:00"}]
    return row
