"""The invented community's post office, as an adapter of its own."""

from aiohttp import web

from adapters.playground import Mailbox
from bot.ports import Directory, Finding, Sender


class MailboxAdapter:
    """Mails that land in the browser workspace; see `bot.app.Adapter`."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    @property
    def sender(self) -> Sender:
        """The mailbox."""
        return self._mailbox

    @property
    def directory(self) -> Directory | None:
        """Mail knows nobody."""
        return None

    def add_routes(self, app: web.Application) -> None:
        """Nothing is served."""

    async def start(self) -> None:
        """The workspace opens the file."""

    async def close(self) -> None:
        """The workspace closes it."""

    async def check(self) -> list[Finding]:
        """Nothing to check."""
        return []
