"""What is looked at before a week is published, besides what it changes: who misses something, what is fixed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from milieu.database import DbSession
from milieu.queries.family.readers import FamilyReader, readers_of
from milieu.queries.names import resident_names
from milieu.queries.person.preferences import Unmet, unmet_wishes
from milieu.queries.week.people_out import Quality, Share, quality
from milieu.queries.week.weeks import Card
from milieu.services.by_hand.fixed import Fixed, fixed_by_session
from milieu.services.left_out.weeks import missing_of
from milieu.services.left_out.wished import OpenWish, open_wishes
from web.director.week.attention import Matter
from web.director.week.reminders import of_unmet
from web.words.insight.left_out import kind_word


@dataclass(frozen=True)
class FixedShown:
    """What is fixed of a session: each thing in words; `about` are the residents named."""

    card: Card
    said: tuple[str, ...]
    about: frozenset[str]


@dataclass(frozen=True)
class Before:
    """`misses`: what somebody may miss, and of how many that is true; `wishes`: what they love and are not invited to;
    `unmet`: what was said to matter and cannot be; `readers`: whose families read of the week.
    """

    misses: tuple[tuple[str, int], ...]
    wishes: tuple[OpenWish, ...]
    unmet: tuple[Unmet, ...]
    worth: Quality
    fixed: tuple[FixedShown, ...]
    readers: tuple[FamilyReader, ...]

    @property
    def matters(self) -> list[Matter]:
        """What was said to matter and cannot be, in words, with where it is answered."""
        return of_unmet(self.unmet)

    @property
    def about(self) -> frozenset[str]:
        """The residents whom the page names for this."""
        named = frozenset(resident for each in self.fixed for resident in each.about)
        wish = {share.resident_id for each in self.wishes for share in each.people}
        unmet = {each.resident_id for each in self.unmet}
        return named | wish | unmet | {each.resident_id for each in self.readers}


def look_before(
    db: DbSession, community_id: str, week_start: date, held: Sequence[Card], people: Sequence[Share], today: date
) -> Before:
    """Of a draft's sessions that are held, and of those who live here."""
    missing = missing_of(db, community_id, week_start, held)
    pins, names = fixed_by_session(db, community_id, week_start), resident_names(db, community_id)
    return Before(
        tuple((kind_word(kind), count) for kind, count, _over in missing.kinds if count),
        open_wishes(db, community_id, week_start, held, people),
        unmet_wishes(db, community_id, today),
        quality(db, community_id, week_start, held, people, {}),
        tuple(
            FixedShown(card, tuple(_said(pins[card.ref], names)), pins[card.ref].people | pins[card.ref].absent)
            for card in held
            if card.ref in pins
        ),
        readers_of(db, community_id, today),
    )


def _said(fixed: Fixed, names: Mapping[str, str]) -> Iterator[str]:
    if fixed.is_fixed:
        yield _("stays where it is")
    for word, whom in ((_("with %(names)s"), fixed.people), (_("without %(names)s"), fixed.absent)):
        if whom:
            yield word % {"names": ", ".join(sorted(names.get(each, "") for each in whom))}
