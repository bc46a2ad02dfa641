"""Mails to friends who are no members. What stands in them is forgotten with the friend."""

from bot.i18n import LANGUAGES, use_locale
from bot.ui import Block, Buttons, Divider, Message
from handlers.jobs.desk import Desk
from storage.models import JobReferral
from storage.queries import referrals
from storage.queries.outbox import Make, Terms, post_to_account


def write_to_friend(desk: Desk, referral: JobReferral, make: Make, what: str) -> bool:
    """A mail to the friend, in every language we have: which one they read, nobody has said. False where none goes."""
    if not desk.installation.mail_is_on or not referral.email:
        return False
    account = referrals.keep_friend_account(desk.db, referral.email, desk.now)
    if account is None:
        return False
    terms = Terms(referrals.key_of(referral, what), desk.now)
    post_to_account(desk.db, account, desk.policy.language, lambda: both(desk.policy.language, make), terms)
    return True


def both(first: str, make: Make) -> Message:
    """The message in the language `first`, and below in the others. Its buttons, which need an account, are left
    out."""
    made: list[Message] = []
    for locale in (first, *(other for other in LANGUAGES if other != first)):
        with use_locale(locale):
            made.append(make())
    blocks = tuple(block for message in made for block in (*_readable(message), Divider()))
    return Message(" / ".join(message.summary for message in made), blocks[:-1])


def _readable(message: Message) -> tuple[Block, ...]:
    return tuple(block for block in message.blocks if not isinstance(block, Buttons))
