"""The points about people: who is asked to what."""

from collections import Counter, defaultdict
from collections.abc import Set
from datetime import date, timedelta
from itertools import pairwise
from math import comb, sqrt
from typing import Any

from bench.five_weeks.finding import Finding, percent
from bench.five_weeks.reading import Home, Session

LOVE, REST, NEW, SMALL = 4, timedelta(days=28), timedelta(days=28), 8
MONTH_WEEKS, MOST_SPREAD = 4, 1
UNKNOWN = timedelta(weeks=2)
OVER_SHARE, UNIT_SHARE = 0.05, 0.8
BY_WISH_DOMAINS = ("spiritual", "civic")


def turns(home: Home) -> Finding:
    """Of what more people love than it has seats for, in the last four weeks: the spread between those who love it.

    It counts where rules allow: where one who was asked less could have come to a session of one who was asked more.
    """
    weeks = home.weeks[-MONTH_WEEKS:]
    recent = [each for each in home.groups if each.monday in weeks and each.ref not in home.called_off]
    uneven, forced, never, scarce = 0, 0, 0, 0
    for activity, row in home.activities.items():
        held = [each for each in recent if each.activity == activity]
        lovers = [
            who for who in home.residents if home.like(who, activity) >= LOVE and _could(home, who, row, held, weeks)
        ]
        seats = sum(min(row["max_group"], home.spaces[each.space]["capacity"]) for each in held) / len(weeks)
        if not held or row["max_group"] == 1 or len(lovers) <= seats:
            continue
        scarce += 1
        asked = Counter(who for each in held for who in each.asked if not home.was_forgotten(each, who))
        counts = [asked[who] for who in lovers]
        envied = {who for who in lovers if _is_outrun(home, who, held, {each: asked[each] for each in lovers})}
        uneven += bool(envied)
        forced += max(counts) - min(counts) > MOST_SPREAD and not envied
        round_once = len(lovers) <= seats * len(weeks)
        never += sum(asked[who] == 0 for who in envied) if round_once else 0
    if not scarce:
        return Finding("nothing is scarce", None)
    figure = f"{scarce} scarce activities, {uneven} with a spread above one a month, {never} who love one never asked"
    if forced:
        figure += f"; {forced} with a spread that places, times, noise and help force"
    return Finding(figure, not (uneven or never))


def _is_outrun(home: Home, who: str, held: list[Session], asked: dict[str, int]) -> bool:
    """Whether somebody who was asked two times more often was asked to a session that this one could have come to."""
    ahead = {other for other, times in asked.items() if times > asked[who] + MOST_SPREAD}
    return any(
        (instead := ahead & each.asked)
        and who not in each.asked
        and _could_come(home, who, each)
        and _could_be_helped(home, who, each, instead)
        and _has_a_place(home, who, each, instead)
        for each in held
    )


def _has_a_place(home: Home, who: str, each: Session, instead: Set[str]) -> bool:
    """Whether, without all of those who were asked two times more often, there is a wheelchair place for who needs one,
    and nobody from whom they are kept apart.
    """
    others = each.asked - instead
    if any({who, other} in home.apart for other in others):
        return False
    if not home.residents[who]["wheelchair"]:
        return True
    space = home.spaces[each.space]
    places = space["capacity"] if space["wheelchair_places"] is None else space["wheelchair_places"]
    return sum(bool(home.residents[other]["wheelchair"]) for other in others) < int(places)


def _could_be_helped(home: Home, who: str, each: Session, instead: Set[str]) -> bool:
    """Whether a session's leaders could give somebody the help that they need, without all of those who were asked two
    times more often: what not even that makes room for is no choice between them.
    """
    gives = sum(home.facilitators[leader]["support"] for leader in each.leaders)
    needs = sum(home.residents[one]["support"] for one in {who, *each.asked} - instead)
    return not each.leaders or needs <= gives


def _could_come(home: Home, who: str, each: Session) -> bool:
    """Whether neither the place, the noise, nor what takes them up then keeps somebody from a session.

    Who needs somebody familiar can come where one leads it.
    """
    resident, space = home.residents[who], home.spaces[each.space]
    if resident["zone_locked"] and home.units[resident["living_group_id"]]["zone"] != space["zone"]:
        return False
    if (who, each.space) in home.noes or max(home.activities[each.activity]["noise"], space["noise"]) > resident[
        "noise_max"
    ]:
        return False
    faces = home.rows("SELECT facilitator_id AS leader FROM familiar_face WHERE resident_id = ?", who)
    if resident["needs_familiar"] and not each.leaders & {row["leader"] for row in faces}:
        return False
    query = """SELECT 1 FROM resident_busy WHERE resident_id = ? AND (on_date = ? OR (on_date IS NULL
    AND (weekday IS NULL OR weekday = ?))) AND (valid_from IS NULL OR valid_from <= ?)
    AND (valid_until IS NULL OR valid_until >= ?) AND start_minute < ? AND end_minute > ?"""
    on = each.day.isoformat()
    return not home.rows(query, who, on, each.day.weekday(), on, on, each.end, each.begin)


def _could(home: Home, who: str, activity: dict[str, Any], held: list[Session], weeks: list[date]) -> bool:
    """Whether a resident lived here all the time and neither a no, a closed group nor noise stands against it, nor that
    it rested for a part of it after two noes.
    """
    last = weeks[-1] + timedelta(days=6)
    resident, name = home.residents[who], str(activity["id"])
    if not (home.lives_here(who, weeks[0]) and home.lives_here(who, last)) or (who, name) in home.noes:
        return False
    if activity["is_closed"] and (name, who) not in _members(home):
        return False
    answers, said = home.answers.get((who, name), []), home.likes[who, name][1]
    if any(rests([row for row in answers if row[0] < each.known], each.day, said) for each in held):
        return False
    zones = {home.spaces[each.space]["zone"] for each in held if (who, each.space) not in home.noes}
    locked = resident["zone_locked"] and home.units[resident["living_group_id"]]["zone"] not in zones
    bears: bool = resident["noise_max"] >= activity["noise"]
    return bool(zones) and not locked and bears


def _members(home: Home) -> set[tuple[str, str]]:
    return {(row["activity_id"], row["resident_id"]) for row in home.rows("SELECT * FROM activity_member")}


def size_of(home: Home, each: Session) -> int:
    """For how many a session is meant: the activity's size, no more than the room holds."""
    return int(min(home.activities[each.activity]["max_group"], home.spaces[each.space]["capacity"]))


def filled(home: Home) -> Finding:
    """How full groups were of those that asked at least as many as they are meant for.

    Half-empty groups are held against chance: how many there would be had each been asked the most with which, 19 times
    of 20, no more come than it is meant for, by the share of all in these weeks who came where they were asked. In the
    first two weeks nobody could know that share: what was answered in the first is read when the third is planned.
    """
    full = [each for each in home.groups if each.came is not None and len(each.asked) >= size_of(home, each)]
    if not full:
        return Finding("no group that was asked to its size has been held", None)
    came = sum(len(each.came or ()) for each in full)
    meant = sum(size_of(home, each) for each in full)
    over = sum(len(each.came or ()) > size_of(home, each) for each in full)
    under = [each for each in full if 2 * len(each.came or ()) < size_of(home, each)]
    known = [each for each in full if each.monday - home.weeks[0] >= UNKNOWN]
    known_under = sum(each in known for each in under)
    unsafe = sum(_is_unsafe(home, each) for each in home.groups)
    share = _share_who_come(home)
    chances = [_chance_of_under_half(home, each, share) for each in known]
    by_chance, spread = sum(chances), sqrt(sum(chance * (1 - chance) for chance in chances))
    figure = (
        f"{percent(came, meant)} of the places taken in {len(full)} groups asked to their size; {len(under)} under "
        f"half, {known_under} of them since answers were known ({by_chance:.0f} ± {2 * spread:.0f} by chance where "
        f"{percent(share, 1)} come), {over} above, {unsafe} that a room could not hold if all came"
    )
    return Finding(figure, over <= OVER_SHARE * len(full) and known_under <= by_chance + 2 * spread and not unsafe)


def _share_who_come(home: Home) -> float:
    """The share of all who were asked in these weeks who came."""
    held = [each for each in home.groups if each.came is not None]
    asked = [(each, who) for each in held for who in each.asked if not home.was_forgotten(each, who)]
    return sum(who in (each.came or ()) for each, who in asked) / len(asked)


def _chance_of_under_half(home: Home, each: Session, share: float) -> float:
    """The chance that less than half of a group is there, where as many were asked as may be."""
    size, asked = size_of(home, each), size_of(home, each)
    row = home.activities[each.activity]
    while not row["is_booked"] and asked < home.spaces[each.space]["capacity"]:
        if sum(_chance(come, asked + 1, share) for come in range(size + 1, asked + 2)) > OVER_SHARE:
            break
        asked += 1
    return sum(_chance(come, asked, share) for come in range(asked + 1) if 2 * come < size)


def _chance(come: int, asked: int, share: float) -> float:
    return float(comb(asked, come) * share**come * (1 - share) ** (asked - come))


def _is_unsafe(home: Home, each: Session) -> bool:
    space = home.spaces[each.space]
    chairs = sum(bool(home.residents[who]["wheelchair"]) for who in each.asked)
    places = space["capacity"] if space["wheelchair_places"] is None else space["wheelchair_places"]
    return len(each.asked) > int(space["capacity"]) or chairs > int(places)


def resting(home: Home) -> Finding:
    """Invitations to what somebody had declined twice in four weeks, with no yes between and no new wish."""
    wrong = hopeless = 0
    for each in home.groups:
        for who in each.asked:
            known = [(day, said) for day, said in home.answers.get((who, each.activity), []) if day < each.known]
            wrong += rests(known, each.day, home.likes.get((who, each.activity), (0, ""))[1])
            asked = [said for _, said in known if said != "not invited"]
            hopeless += len(asked) >= 3 and "attended" not in asked
    return Finding(f"{wrong} invitations to what rests; {hopeless} after three that came to nothing", not wrong)


def rests(answers: list[tuple[date, str]], on: date, wished: str) -> bool:
    """Whether an activity rests on a day: two noes in four weeks, no yes since the first, no wish since the last."""
    noes: list[date] = []
    for day, said in answers:
        if said == "attended":
            noes = []
        elif said == "declined":
            noes = [*noes, day]
    close = [then for first, then in pairwise(noes) if then - first < REST]
    return bool(close) and on - close[-1] < REST and wished[:10] < close[-1].isoformat()


def wished(home: Home) -> Finding:
    """Invitations to services and councils without a wish, and to anything that somebody dislikes."""
    marked = home.has("activity", "by_wish")
    unwished = disliked = 0
    for each in home.sessions:
        row = home.activities[each.activity]
        by_wish = row["max_group"] > 1 and any(domain in row["domains"] for domain in BY_WISH_DOMAINS)
        by_wish = by_wish or bool(marked and row["by_wish"])
        likes = [home.like(who, each.activity) for who in each.asked]
        unwished += sum(like <= 0 for like in likes) if by_wish else 0
        disliked += sum(like < 0 for like in likes)
    figure = f"{unwished} invitations to services and councils without a wish, {disliked} to what is disliked"
    return Finding(figure, not (unwished or disliked))


def units(home: Home) -> Finding:
    """Liked invitations a head and week of each living group against the community's mean, and days with nothing."""
    weeks = len(home.weeks)
    liked: Counter[str] = Counter()
    days = defaultdict(set)
    for each in home.sessions:
        for who in each.asked:
            unit = home.residents[who]["living_group_id"]
            liked[unit] += home.like(who, each.activity) > 0
            if each in home.groups:
                days[unit].add(each.day)
    heads: Counter[str] = Counter()
    for who, row in home.residents.items():
        heads[row["living_group_id"]] += sum(home.lives_here(who, monday) for monday in home.weeks)
    means = {unit: liked[unit] / count for unit, count in heads.items() if count}
    mean = sum(liked.values()) / sum(heads.values())
    low = min(means, key=lambda unit: means[unit])
    empty = sum(7 * weeks - len(days[unit]) for unit in means)
    figure = (
        f"{mean:.1f} liked invitations a head and week, {home.units[low]['name']} {means[low]:.1f}; "
        f"{empty} days on which a living group has nothing"
    )
    return Finding(figure, means[low] >= UNIT_SHARE * mean and not empty)


def birthdays(home: Home) -> Finding:
    """Who has a birthday in the week of a birthday tea, could come and would, and is not asked to it."""
    flag = home.has("activity", "celebrates_birthdays")
    left_out = there = 0
    for monday in home.weeks:
        teas = [each for each in home.groups if each.monday == monday and _celebrates(home, each, flag=flag)]
        for who, row in home.residents.items():
            born = row["born_on"]
            day = next((monday + timedelta(days=day) for day in range(7) if _is_birthday(born, monday, day)), None)
            if not teas or day is None or not home.lives_here(who, monday) or not home.lives_here(who, day):
                continue
            if not any(_wants_and_bears(home, who, tea) for tea in teas):
                continue
            there += 1
            left_out += not any(who in tea.asked for tea in teas)
    if not there:
        return Finding("no birthday in a week with a tea", None)
    return Finding(f"{left_out} of {there} birthdays left out of the week's tea", not left_out)


def _wants_and_bears(home: Home, who: str, tea: Session) -> bool:
    """Whether neither a no, a dislike, two noes of late nor the noise keeps somebody from a tea."""
    known = [(day, said) for day, said in home.answers.get((who, tea.activity), []) if day < tea.known]
    rested = rests(known, tea.day, home.likes.get((who, tea.activity), (0, ""))[1])
    is_no = (who, tea.activity) in home.noes or (who, tea.space) in home.noes or home.like(who, tea.activity) < 0
    noise = max(home.activities[tea.activity]["noise"], home.spaces[tea.space]["noise"])
    return not is_no and not rested and bool(noise <= home.residents[who]["noise_max"])


def _celebrates(home: Home, each: Session, *, flag: bool) -> bool:
    row = home.activities[each.activity]
    return bool(row["celebrates_birthdays"]) if flag else "irthday" in row["name"]


def _is_birthday(born: str | None, monday: date, day: int) -> bool:
    on = monday + timedelta(days=day)
    return born is not None and born[5:10] == on.isoformat()[5:10]


def newcomers(home: Home) -> Finding:
    """Newcomers of four weeks: whether each has a small group, and one with somebody of their own living group."""
    lacking = there = 0
    for monday in home.weeks:
        for who, row in home.residents.items():
            first = max((day for day, _ in home.stays[who] if day <= monday), default=None)
            if first is None or monday - first >= NEW or not home.lives_here(who, monday + timedelta(days=6)):
                continue
            there += 1
            hers = [each for each in home.groups if each.monday == monday and who in each.asked]
            unit = {
                other for other, each in home.residents.items() if each["living_group_id"] == row["living_group_id"]
            }
            has_small = any(min(len(each.asked), size_of(home, each)) <= SMALL for each in hers)
            lacking += not (has_small and any(each.asked & (unit - {who}) for each in hers))
    if not there:
        return Finding("nobody came within four weeks of these", None)
    return Finding(f"{lacking} of {there} newcomers' weeks without a small group and a neighbour's", not lacking)
