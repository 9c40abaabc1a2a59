"""What is looked at before a week is published, besides what it changes: who misses something, what is fixed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from milieu.database import DbSession
from milieu.queries.family.readers import FamilyReader, readers_of
from milieu.queries.names import resident_names
from milieu.queries.week.people_out import Quality, Share, quality
from milieu.queries.week.weeks import Card
from milieu.services.by_hand.fixed import Fixed, fixed_by_session
from milieu.services.left_out.weeks import missing_of
from web.words.insight.left_out import kind_word


@dataclass(frozen=True)
class FixedShown:
    """What is fixed of a session: each thing in words; `about` are the residents named."""

    card: Card
    said: tuple[str, ...]
    about: frozenset[str]


@dataclass(frozen=True)
class Before:
    """`misses`: what somebody may miss, and of how many that is true; `readers`: whose families read of the week."""

    misses: tuple[tuple[str, int], ...]
    worth: Quality
    fixed: tuple[FixedShown, ...]
    readers: tuple[FamilyReader, ...]

    @property
    def about(self) -> frozenset[str]:
        """The residents whom the page names for this."""
        named = frozenset(resident for each in self.fixed for resident in each.about)
        return named | {each.resident_id for each in self.readers}


def look_before(
    db: DbSession, community_id: str, week_start: date, held: Sequence[Card], people: Sequence[Share], today: date
) -> Before:
    """Of a draft's sessions that are held, and of those who live here."""
    missing = missing_of(db, community_id, week_start, held)
    pins, names = fixed_by_session(db, community_id, week_start), resident_names(db, community_id)
    return Before(
        tuple((kind_word(kind), count) for kind, count, _over in missing.kinds if count),
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
