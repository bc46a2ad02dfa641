"""What the community itself offers to digests: new members, anniversaries, portraits, thanks and open questions."""

from datetime import datetime
from functools import partial

from bot.digest import DigestIssue, DigestItem, DigestOffer, ItemKind
from bot.i18n import current_locale
from bot.policy import Policy
from bot.ui import Block
from handlers.digests import views
from handlers.introducing import card_for
from handlers.topics import get_working_reader
from storage.models import FEWEST_PEOPLE, Member
from storage.queries import digest_items
from storage.queries.topics import list_topics
from storage.uow import UnitOfWork

_SURE = 0.9
"""How surely a topic must be understood before others read what it was taken for."""


def offer(db: UnitOfWork, issue: DigestIssue, now: datetime, policy: Policy) -> DigestOffer:
    """Everything of the last weeks, in a fixed number of queries."""
    return DigestOffer(
        (
            *map(_newcomer, digest_items.list_newcomers(db, issue.since)),
            *(_anniversary(member, now) for member in digest_items.list_anniversaries(db, issue.since, now)),
            *_spotlights(db, now),
            *_thanks(digest_items.count_helpers(db, issue.since), now),
            *(_question(*row, policy) for row in digest_items.list_open_topics(db) if _find_concept(row[2], policy)),
        )
    )


def _newcomer(member: Member) -> DigestItem:
    def draw(role: str) -> tuple[Block, ...]:
        return views.newcomer(card_for(role, member))

    return DigestItem(ItemKind.NEWCOMER, f"newcomer:{member.id}", draw, member.id or 0)


def _anniversary(member: Member, now: datetime) -> DigestItem:
    years = round((now - (member.activated_at or now)).days / 365.25)

    def draw(role: str) -> tuple[Block, ...]:
        return views.anniversary(card_for(role, member), years)

    return DigestItem(ItemKind.ANNIVERSARY, f"anniversary:{member.id}:{years}", draw, member.id or 0)


def _spotlights(db: UnitOfWork, now: datetime) -> list[DigestItem]:
    members = digest_items.list_spotlights(db, now)
    topics = list_topics(db, [member.id or 0 for member in members])
    return [_spotlight(member, topics.get(member.id or 0, ()), now) for member in members]


def _spotlight(member: Member, topics: tuple[str, ...], now: datetime) -> DigestItem:
    def draw(role: str) -> tuple[Block, ...]:
        return views.spotlight(card_for(role, member, topics))

    return DigestItem(ItemKind.SPOTLIGHT, f"spotlight:{member.id}:{now.year}", draw, member.id or 0)


def _thanks(people: int, now: datetime) -> list[DigestItem]:
    """Not of so few that somebody could be guessed."""
    if people < FEWEST_PEOPLE:
        return []
    return [DigestItem(ItemKind.THANKS, f"thanks:{now:%Y-%m}", lambda role: views.thanks(people))]


def _question(id: int, asker_id: int, topic: str, policy: Policy) -> DigestItem:
    """What is asked, as the vocabulary names it: the asker's own words are nobody's to read."""
    name = partial(get_working_reader(policy.topics_file).vocabulary.name, _find_concept(topic, policy))

    def draw(role: str) -> tuple[Block, ...]:
        return views.question(name(current_locale()))

    return DigestItem(ItemKind.QUESTION, f"question:{id}", draw, asker_id)


def _find_concept(topic: str, policy: Policy) -> str:
    found = get_working_reader(policy.topics_file).read(topic).found
    return next((one.concept for one in found if one.weight >= _SURE), "")
