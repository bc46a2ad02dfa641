"""Mail as a platform: a way out, and nothing that comes in."""

from aiohttp import web

from adapters.email.outbound import TIMEOUT, EmailSender, read_server
from bot.failures import SendFailed
from bot.i18n import _
from bot.ports import Clock, Directory, Finding, Sender


class EmailAdapter:
    """See `bot.app.Adapter`. Raises ValueError when `smtp_url` can't be read."""

    def __init__(
        self, *, smtp_url: str, mail_from: str, community: str, clock: Clock, timeout: float = TIMEOUT
    ) -> None:
        self._sender = EmailSender(read_server(smtp_url), mail_from, community, clock, timeout)

    @property
    def sender(self) -> Sender:
        """The way out."""
        return self._sender

    @property
    def directory(self) -> Directory | None:
        """Mail knows nobody."""
        return None

    def add_routes(self, app: web.Application) -> None:
        """Nothing comes in by mail yet."""

    async def start(self) -> None:
        """Each mail is a conversation of its own: nothing is kept open."""

    async def close(self) -> None:
        """Nothing is open."""

    async def check(self) -> list[Finding]:
        """Whether the server can be reached and takes the password. No mail is sent."""
        try:
            await self._sender.try_connection()
        except SendFailed as failure:
            title = _("Mail: {reason}").format(reason=failure.reason)
            return [Finding("error", title, _("Check SMTP_URL; ask whoever runs the mail server."))]
        return [Finding("ok", _("Mail: the server takes our connection"))]
