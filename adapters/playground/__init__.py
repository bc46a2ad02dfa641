"""A workspace in the browser, for trying Musubi without any account."""

from adapters.playground.adapter import PlaygroundAdapter
from adapters.playground.outbound import PLATFORM, TENANT, Letter, Mailbox, PlaygroundSender, RenderLetter
from adapters.playground.people import COMPANY_DOMAIN, Resident, load_people
from adapters.playground.timetravel import NextDue, Settle
from adapters.playground.web import CommandHint, FindStandings, ListCommands, Standing

__all__ = [
    "COMPANY_DOMAIN",
    "PLATFORM",
    "TENANT",
    "CommandHint",
    "FindStandings",
    "Letter",
    "ListCommands",
    "Mailbox",
    "NextDue",
    "PlaygroundAdapter",
    "PlaygroundSender",
    "RenderLetter",
    "Resident",
    "Settle",
    "Standing",
    "load_people",
]
