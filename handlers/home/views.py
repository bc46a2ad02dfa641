"""The home page. Pure."""

from datetime import datetime

from bot.dispatcher import OpenCommand
from bot.i18n import _, fill, prose
from bot.policy import Policy
from bot.ui import Block, Bold, Button, Buttons, Divider, Heading, Message, Note, Para, Quote, When
from handlers.actions import Register
from handlers.names import community_name, company_name
from handlers.pause import AskPause, ComeBack
from handlers.profile import EditChoices, EditProfile, WriteNews


def home(name: str, latest_news: str, sections: tuple[Block, ...], policy: Policy) -> Message:
    """A member's home page: the features' sections, then what is the member's own."""
    divider: tuple[Block, ...] = (Divider(),) if sections else ()
    return Message(
        _("Your home page in {community}").format(community=community_name(policy)),
        (
            Heading(community_name(policy)),
            prose(_("Hello, {name}. What would you like to do?"), name=Bold(name)),
            *sections,
            *divider,
            *_news(latest_news),
            Buttons(
                (
                    Button(_("Change news") if latest_news else _("Share news"), WriteNews()),
                    Button(_("Profile"), EditProfile()),
                    Button(_("Preferences"), EditChoices()),
                    Button(_("Accounts"), OpenCommand("alumni account", "")),
                    Button(_("Take a break"), AskPause()),
                    Button(_("Help"), OpenCommand("alumni help", "")),
                )
            ),
        ),
    )


def _news(latest_news: str) -> tuple[Block, ...]:
    if latest_news:
        return (Para((Bold(_("Your latest news")),)), Quote(latest_news))
    return (Note((_("You haven't told any news yet. A line is enough: old colleagues are glad of it."),)),)


def doorstep(policy: Policy, *, begun: bool) -> Message:
    """The home page of somebody who is not verified: only the way in. `begun`: the first step is done."""
    first = _("This is {community}, the circle of people who once worked at {company}.").format(
        community=community_name(policy), company=company_name(policy)
    )
    second = _("Your registration is nearly done.") if begun else _("First, a registration of about 30 seconds.")
    button = Button(_("Continue") if begun else _("Register"), Register(), style="primary")
    return Message(
        _("Your home page in {community}").format(community=community_name(policy)),
        (Heading(community_name(policy)), Para((first + "\n" + second,)), Buttons((button,))),
    )


def in_hands_of_hr(policy: Policy) -> Message:
    """The home page of somebody whose application HR has yet to decide."""
    return Message(
        _("Your home page in {community}").format(community=community_name(policy)),
        (
            Heading(community_name(policy)),
            Para((_("HR is looking at the details you gave us."),)),
            Buttons((Button(_("How it stands"), Register()),)),
        ),
    )


def resting(until: datetime | None, policy: Policy) -> Message:
    """The home page during a break."""
    back = fill(_("You will be back by yourself on {day}."), day=When(until, "date")) if until else ()
    return Message(
        _("Your home page in {community}").format(community=community_name(policy)),
        (
            Heading(community_name(policy)),
            Para((_("You are taking a break."), *(("\n", *back) if back else ()))),
            Buttons((Button(_("Come back"), ComeBack(), style="primary"),)),
        ),
    )
