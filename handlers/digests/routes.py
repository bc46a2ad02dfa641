"""How often the digest comes, and where it is posted."""

from datetime import datetime

from bot.i18n import _
from bot.incoming import Command, Origin, Scope
from bot.replies import Private, Reply
from bot.routing import Router, Who
from handlers.digests import views
from handlers.digests.actions import SetRhythm, UseChannel
from storage.models import Member
from storage.queries.audit import note_act
from storage.queries.channels import drop_channel, find_channel, set_channel
from storage.uow import UnitOfWork

router = Router()

RHYTHMS = frozenset({"weekly", "monthly", "bimonthly", "never"})


@router.command(
    "alumni digest",
    words=("digest", "まとめ便り", "まとめ"),
    about=lambda: _("Choose how often the digest comes"),
    menu=False,
)
def ask_rhythm(command: Command, db: UnitOfWork, me: Member, origin: Origin) -> Reply:
    """`/alumni digest`: the rhythm; written by HR in a channel, whether the digest is posted there."""
    if me.is_hr and origin.scope is Scope.CHANNEL:
        place = (origin.platform, origin.tenant, origin.conversation)
        return Private(views.ask_channel(on=find_channel(db, *place) is not None))
    return Private(views.ask_rhythm(me.digest))


@router.button(SetRhythm)
def set_rhythm(pressed: SetRhythm, me: Member) -> Reply:
    """[Monthly] and its like, under every digest; the digest itself stays as it is."""
    if pressed.rhythm in RHYTHMS:
        me.digest = pressed.rhythm
    return Private(views.rhythm_saved(me.digest))


@router.button(UseChannel, who=Who.HR)
def use_channel(pressed: UseChannel, db: UnitOfWork, me: Member, origin: Origin, now: datetime) -> Reply:
    """[Post it here], [Don't post it here]."""
    place = (origin.platform, origin.tenant, origin.conversation)
    if origin.scope is not Scope.CHANNEL or not origin.conversation:
        return Private(views.ask_rhythm(me.digest))
    if pressed.on:
        set_channel(db, *place, me, now)
    else:
        drop_channel(db, *place)
    note_act(db, me, "digest.channel", now, subject=origin.conversation, detail="on" if pressed.on else "off")
    return Private(views.channel_saved(on=bool(pressed.on)))
