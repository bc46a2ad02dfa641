"""What a digest says around its items, and the items of the community itself. Pure."""

from bot.i18n import _, ngettext, pgettext, prose
from bot.policy import Policy
from bot.ui import Block, Button, Buttons, Chips, Divider, Fact, Facts, Heading, Inline, Message, Note, Para
from handlers.digests.actions import SetRhythm, UseChannel
from handlers.introducing import introduce
from handlers.names import community_name
from handlers.profile import EditProfile
from storage.queries.members import Card


def summary(policy: Policy) -> str:
    """The notification, and the heading."""
    return _("What is new in {community}").format(community=community_name(policy))


def head(policy: Policy) -> tuple[Block, ...]:
    """Above the items."""
    return (Heading(summary(policy)),)


def tail(rhythm: str) -> tuple[Block, ...]:
    """Below the items: how often it comes, and how to change that."""
    return (Divider(), Note((_describe(rhythm),)), _rhythms(rhythm, weekly=False))


def channel_tail() -> tuple[Block, ...]:
    """Below the items in a channel."""
    return (Divider(), Note((_("Everybody decides in their profile what others may read of them."),)))


def _describe(rhythm: str) -> str:
    match rhythm:
        case "weekly":
            return _("The digest comes every week.")
        case "monthly":
            return _("The digest comes every month.")
        case "bimonthly":
            return _("The digest comes every two months.")
        case _:
            return _("No digest comes.")


def _rhythms(present: str, *, weekly: bool) -> Buttons:
    week = (Button(_("Weekly"), SetRhythm("weekly")),) if weekly else ()
    others = (
        Button(_("Monthly"), SetRhythm("monthly")),
        Button(_("Every two months"), SetRhythm("bimonthly")),
        Button(pgettext("digest", "Stop"), SetRhythm("never")),
    )
    return Buttons((*week, *others))


def ask_rhythm(present: str) -> Message:
    """How often is the digest to come?"""
    text = _("How often would you like the digest? It comes on Tuesdays at 10:00, where you are.")
    return Message(text, (Para((text,)), Note((_describe(present),)), _rhythms(present, weekly=True)))


def rhythm_saved(rhythm: str) -> Message:
    """After the rhythm was chosen."""
    text = _describe(rhythm)
    again = _("You can have it again at any time: write “digest”.")
    rest = (Note((again,)),) if rhythm == "never" else ()
    return Message(text, (Note((text,), "done"), *rest))


def ask_channel(*, on: bool) -> Message:
    """To HR, in a channel."""
    if on:
        text = _("The community's digest is posted in this channel, on the first Tuesday of a month.")
        return Message(text, (Para((text,)), Buttons((Button(_("Don't post it here"), UseChannel(0)),))))
    text = _("Shall the community's digest be posted in this channel, on the first Tuesday of a month?")
    rules = _("It shows only what every member may see, and neither events nor jobs: those need each reader's consent.")
    return Message(text, (Para((text,)), Note((rules,)), Buttons((Button(_("Post it here"), UseChannel(1)),))))


def channel_saved(*, on: bool) -> Message:
    """After HR decided about a channel."""
    text = _("From now on the digest is posted in this channel.") if on else _("No digest is posted in this channel.")
    return Message(text, (Note((text,), "done"),))


def newcomer(card: Card) -> tuple[Block, ...]:
    """Somebody new."""
    return (_sentence(_("New here: {who}"), introduce(card)),)


def _sentence(text: str, who: tuple[Inline, ...]) -> Para:
    """A translated sentence with a person in its one hole, who takes several pieces."""
    before, after = text.split("{who}")
    return Para(tuple(piece for piece in (before, *who, after) if piece != ""))


def anniversary(card: Card, years: int) -> tuple[Block, ...]:
    """Somebody has been here for so many years."""
    text = ngettext("Here for {n} year: {who}. Congratulations!", "Here for {n} years: {who}. Congratulations!", years)
    return (_sentence(text.replace("{n}", str(years)), introduce(card)),)


def spotlight(card: Card) -> tuple[Block, ...]:
    """Somebody who likes to be introduced, with what their profile shows."""
    told = ((_("Employer"), card.employer), (_("Role"), card.job), (_("City"), card.city))
    facts = tuple(Fact(label, (value,)) for label, value in told if value)
    return (
        _sentence(_("In the circle: {who}"), introduce(card)),
        *((Facts(facts),) if facts else ()),
        *((Chips(card.topics),) if card.topics else ()),
    )


def thanks(people: int) -> tuple[Block, ...]:
    """How many took the time for others."""
    text = ngettext(
        "{n} person took the time for a consultation in the last weeks. Thank you.",
        "{n} people took the time for consultations in the last weeks. Thank you.",
        people,
    )
    return (Para((text.format(n=people),)),)


def question(topic: str) -> tuple[Block, ...]:
    """A topic for which nobody has been found; who asks is not told."""
    text = _(
        "Somebody would like to talk about “{topic}”. If you know it, name it among your topics, and we can ask you."
    )
    return (prose(text, topic=topic), Buttons((Button(_("Add to my topics"), EditProfile()),)))
