"""Mail as a platform: a way out, and, where a reply address and a secret are set, a way in."""

from aiohttp import web

from adapters.email.addresses import ReplyAddresses
from adapters.email.incoming import PATH, MailEndpoint
from adapters.email.outbound import TIMEOUT, EmailSender, read_server
from bot.failures import SendFailed
from bot.i18n import _
from bot.ports import Clock, Directory, Dispatch, Finding, Sender


class EmailAdapter:
    """See `bot.app.Adapter`. Without `replies` nobody can answer by mail; without `dispatch` or `incoming_secret`
    answers are not taken over HTTP. Raises ValueError when `smtp_url` can't be read."""

    def __init__(
        self,
        *,
        smtp_url: str,
        mail_from: str,
        community: str,
        clock: Clock,
        timeout: float = TIMEOUT,
        replies: ReplyAddresses | None = None,
        dispatch: Dispatch | None = None,
        incoming_secret: str = "",
        locale: str = "ja",
    ) -> None:
        self._sender = EmailSender(read_server(smtp_url), mail_from, community, clock, timeout, replies)
        self._endpoint = None
        if replies is not None and dispatch is not None and incoming_secret:
            self._endpoint = MailEndpoint(incoming_secret, replies, dispatch, self._sender, clock, locale)

    @property
    def sender(self) -> Sender:
        """The way out."""
        return self._sender

    @property
    def directory(self) -> Directory | None:
        """Mail knows nobody."""
        return None

    def add_routes(self, app: web.Application) -> None:
        """Adds POST /mail/incoming, where a secret for it is set."""
        if self._endpoint is not None:
            app.router.add_post(PATH, self._endpoint.take)

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
