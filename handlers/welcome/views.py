"""What those who join read. Pure: values in, messages out, in the current language."""

from datetime import datetime

from bot.dispatcher import OpenCommand
from bot.i18n import _, fill, prose
from bot.policy import Policy
from bot.ui import Button, Buttons, Message, Note, Para, When
from handlers.actions import OpenHome, Register
from handlers.names import community_name, company_name
from handlers.welcome.actions import Later, NoThanks


def welcome_leaver(name: str, policy: Policy) -> Message:
    """The first message to somebody who has left the company."""
    first = _("Welcome, {name}. This is {community}, the circle of people who once worked at {company}.")
    return Message(
        _("Welcome to {community}").format(community=community_name(policy)),
        (
            _lines(
                _name_all(first, name, policy),
                _("Keep in touch, talk with today's employees, hear of events and jobs. Just looking on is fine too."),
                _("First, a registration of about 30 seconds."),
            ),
            Buttons((Button(_("Register"), Register(), style="primary"), Button(_("Later"), Later()))),
        ),
    )


def welcome_employee(name: str, policy: Policy) -> Message:
    """The first message to a present employee: there is nothing to register."""
    first = _("Welcome, {name}. This is {community}, where {company} and the people who once worked there meet.")
    return Message(
        _("Welcome to {community}").format(community=community_name(policy)),
        (
            _lines(
                _name_all(first, name, policy),
                _("You can ask somebody with the experience you need for a talk."),
                _("There is nothing to register."),
            ),
            Buttons(
                (Button(_("Ask for advice"), OpenCommand("mentor", ""), style="primary"), Button(_("Home"), OpenHome()))
            ),
        ),
    )


def welcome_hr(name: str, policy: Policy) -> Message:
    """The first message to somebody with the HR role."""
    first = _("Welcome, {name}. This is {community}, where {company} and the people who once worked there meet.")
    return Message(
        _("Welcome to {community}").format(community=community_name(policy)),
        (
            _lines(
                _name_all(first, name, policy),
                _("You have the HR role: you add leavers, approve who could not be matched, and see who has joined."),
            ),
            Buttons((Button(_("For HR"), OpenCommand("hr", ""), style="primary"), Button(_("Home"), OpenHome()))),
        ),
    )


def nudge(name: str, policy: Policy, *, begun: bool, last: bool) -> Message:
    """A reminder of the registration. `begun`: somebody stopped half way. `last`: silence follows."""
    community = community_name(policy)
    if begun:
        summary = _("{name}, your registration with {community} is nearly done.").format(name=name, community=community)
        second = _("You can go on where you stopped; the rest takes a minute.")
    else:
        summary = _("{name}, your place in {community} is waiting for you.").format(name=name, community=community)
        second = _("A registration of about 30 seconds, and news, events and jobs will reach you.")
    lines = [summary, second, *([_("This is the last time we ask.")] if last else [])]
    return Message(
        summary,
        (
            _lines(*lines),
            Buttons(
                (
                    Button(_("Continue") if begun else _("Register"), Register(), style="primary"),
                    Button(_("Later"), Later()),
                    Button(_("No thanks"), NoThanks()),
                )
            ),
        ),
    )


def put_off(again_at: datetime | None) -> Message:
    """After [Later]. `again_at` is when the next nudge comes, None when none will."""
    text = _("All right. You can register here at any time.")
    if again_at is None:
        note = Note((_("We won't ask again."),))
    else:
        note = Note(fill(_("We'll ask once more around {day}."), day=When(again_at, "date")))
    return Message(text, (Para((text,)), note, _register_button()))


def no_more(policy: Policy) -> Message:
    """After [No thanks]."""
    text = _("Understood: we won't write to you about this again.")
    return Message(
        text,
        (
            Para((text,)),
            prose(
                _("Should you change your mind, {community} is here for you."),
                community=community_name(policy),
            ),
            _register_button(),
        ),
    )


def _register_button() -> Buttons:
    return Buttons((Button(_("Register"), Register()),))


def _name_all(sentence: str, name: str, policy: Policy) -> str:
    return sentence.format(name=name, community=community_name(policy), company=company_name(policy))


def _lines(*sentences: str) -> Para:
    return Para(("\n".join(sentences),))
