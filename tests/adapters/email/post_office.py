"""A real SMTP server on this machine that can be told to misbehave, as mail servers do."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as default_policy

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Office:
    """What the server keeps and how it is to behave. `replies` maps a step (MAIL, RCPT, DATA) to its next answers."""

    kept: list[EmailMessage] = field(default_factory=list[EmailMessage])
    recipients: list[str] = field(default_factory=list[str])
    replies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    hang: float = 0.0
    drop_after_data: bool = False
    drop_at_rcpt: bool = False
    was_encrypted: bool = False

    def _next(self, step: str) -> str | None:
        waiting = self.replies.get(step, [])
        return waiting.pop(0) if waiting else None

    async def handle_MAIL(  # noqa: N802 - named by the server
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes the sender, or answers as told."""
        envelope.mail_from = address
        return self._next("MAIL") or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes the recipient, or answers or drops the line as told."""
        if self.drop_at_rcpt:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        refused = self._next("RCPT")
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keeps the mail, hangs, drops the line or refuses, as told."""
        refused = self._next("DATA")
        if refused is not None:
            return refused
        content = envelope.content
        assert isinstance(content, bytes)
        self.kept.append(BytesParser(EmailMessage, policy=default_policy).parsebytes(content))
        self.recipients += envelope.rcpt_tos
        self.was_encrypted = session.ssl is not None
        if self.drop_after_data:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        await asyncio.sleep(self.hang)
        return "250 OK"


@contextlib.asynccontextmanager
async def open_post(
    office: Office, *, tls: ssl.SSLContext | None = None, password: str = "", host: str = "127.0.0.1"
) -> AsyncGenerator[str]:
    """Serves on a free port of this machine; gives the address as `smtp://127.0.0.1:port`."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == password
        return AuthResult(success=right, handled=False)  # the server answers

    def answer() -> SMTP:
        return SMTP(
            office,
            hostname="post.example",
            tls_context=tls,
            authenticator=check,
            auth_required=bool(password),
            auth_require_tls=False,
        )

    server = await asyncio.get_running_loop().create_server(answer, host, 0)
    async with server:
        yield f"smtp://{host}:{server.sockets[0].getsockname()[1]}"
