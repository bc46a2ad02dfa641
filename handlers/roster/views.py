"""The invitation. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.dates import format_when
from bot.i18n import LANGUAGES, _, current_locale, fill, prose, use_locale
from bot.policy import Policy
from bot.ui import Block, Bold, Divider, Heading, Link, Message, Note, Para
from handlers.names import community_name, company_name


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation says: to whom, with which code, good until when (aware)."""

    name: str
    code: str
    expires_at: datetime


def invitation(invited: Invited, policy: Policy, language: str) -> Message:
    """The mail that lets a leaver in; in both languages, the community's first, when the person's isn't known."""
    languages = [language] if language else sorted(LANGUAGES, key=lambda each: each != policy.language)
    subjects: list[str] = []
    blocks: list[Block] = []
    for each in languages:
        with use_locale(each):
            subjects.append(_subject(policy))
            blocks += [Divider()] if blocks else []
            blocks += _invite(invited, policy)
    return Message(" / ".join(subjects), tuple(blocks))


def _subject(policy: Policy) -> str:
    return _("An invitation to {community}, from {company}").format(
        community=community_name(policy), company=company_name(policy)
    )


def _invite(invited: Invited, policy: Policy) -> tuple[Block, ...]:
    names = {"community": community_name(policy), "company": company_name(policy)}
    return (
        Heading(_("Welcome to {community}").format(**names)),
        prose(_("Dear {name},"), name=invited.name),
        prose(
            _(
                "{community} is the circle of people who once worked at {company}. "
                "Keep in touch, talk with today's employees, hear of events and jobs. Just looking on is fine too."
            ),
            **names,
        ),
        _how_to_join(policy),
        Para((*fill(_("Invitation code: {code}"), code=Bold(invited.code)), "\n", _good_until(invited, policy))),
        Note(
            (
                _(
                    "The code is for you alone and works once. "
                    "If you would rather not join, there is nothing you need to do."
                ),
            )
        ),
    )


def _good_until(invited: Invited, policy: Policy) -> str:
    """Written out here, because a mail in two languages has one reader."""
    day = format_when(invited.expires_at, "date", current_locale(), policy.zone)
    return _("Good until {day}.").format(day=day)


def _how_to_join(policy: Policy) -> Para:
    if policy.join_url:
        return prose(
            _(
                "Please open this link, press [Register] in the message that Musubi sends you, and enter this code. "
                "It takes about 30 seconds.\n{link}"
            ),
            link=Link(policy.join_url, policy.join_url),
        )
    return prose(
        _(
            "{company} invites you to its Slack or Teams by a mail of its own. Once you are in, press [Register] in "
            "the message that Musubi sends you, and enter this code. It takes about 30 seconds."
        ),
        company=company_name(policy),
    )
