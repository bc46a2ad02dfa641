"""Handing mails to an SMTP server, step by step, so that it is known what was accepted when something fails."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from adapters.email.addresses import NoReplyAddressError, ReplyAddresses, make_message_id
from adapters.email.render import Letter, clean_subject, render_letter
from bot.failures import CannotAsk, FailureKind, SendFailed
from bot.i18n import _, use_locale
from bot.ports import Clock, Parcel, Person, Receipt
from bot.ui import File, Message, Reader

TIMEOUT = 30.0
"""Seconds for each step of the conversation with the server; a whole send has ended after five of them."""

_STEPS = 5
_GONE = frozenset({550, 551, 553})
"""RFC 5321, 4.2.3: mailbox unavailable, user not local, mailbox name not allowed."""
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.\d{1,3}\b")
_ABOUT_MAILBOX = frozenset({"1", "2"})
"""RFC 3463: of the subjects that a code such as `5.1.1` may have, the address and the mailbox. The others, policy above
all (`550 5.7.1 relaying denied`), say nothing against the address: closing it would close everybody's."""
_WAIT_AFTER_421 = 60.0
_WAIT_FOR_PASSWORD = 600.0
"""While our password is wrong nothing is wrong with the mails: none is used up meanwhile."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server: `tls` from the first byte (smtps), else STARTTLS, which every server outside must offer."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def start_tls(self) -> bool:
        """Whether STARTTLS is demanded. To a server on this machine nothing is encrypted: there is no line to listen
        on, and what it offers is mostly a certificate that nobody vouches for."""
        return not self.tls and self.host not in _LOOPBACK


def read_server(url: str) -> Server:
    """The server of an SMTP_URL: `smtp://user:password@host:587`, `smtps://host:465`. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465")
    tls = parts.scheme == "smtps"
    port = parts.port or (465 if tls else 587)
    return Server(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


class EmailSender:
    """The way out by mail; see `bot.ports.Sender`."""

    platform = "email"
    opens_groups = False

    def __init__(
        self,
        server: Server,
        mail_from: str,
        community: str,
        clock: Clock,
        timeout: float = TIMEOUT,
        replies: ReplyAddresses | None = None,
    ) -> None:
        self._server = server
        self._replies = replies
        self._from = mail_from
        self._community = community
        self._clock = clock
        self._step_timeout = timeout

    @property
    def timeout(self) -> float:
        """Seconds after which a send has surely ended."""
        return self._step_timeout * _STEPS

    async def send(self, parcel: Parcel) -> Receipt:
        """Hands the mail to the server. Raises SendFailed."""
        if not isinstance(parcel.target, Person):
            raise SendFailed(FailureKind.BUG, "a mail goes to one person")
        if parcel.replaces is not None:
            raise SendFailed(FailureKind.BUG, "a mail that was sent can't be changed")
        try:
            mail = self._make_parcel(parcel, parcel.target.user)
        except NoReplyAddressError as error:
            raise SendFailed(FailureKind.BUG, str(error)) from error
        except ValueError as error:  # a line break in an address, for one: no header is made of it
            raise SendFailed(FailureKind.GONE, "that is no address that mail can go to") from error
        await self._hand_over(mail, parcel.target.user)
        return Receipt(parcel.target.user, str(mail["Message-ID"]))

    async def say(self, to: str, message: Message, reader: Reader) -> None:
        """Sends somebody a mail outside the outbox: an answer that only counts now. Raises SendFailed, ValueError."""
        key = f"say:{to}:{self._clock.now().isoformat()}"
        await self._hand_over(self.make_mail(key, to, render_letter(message, reader)), to)

    def _make_parcel(self, parcel: Parcel, to: str) -> EmailMessage:
        mail = self.make_mail(parcel.key, to, render_letter(parcel.message, parcel.reader))
        if parcel.message.speaker:
            with use_locale(parcel.reader.locale):
                shown = _("{name} ({community})").format(name=parcel.message.speaker, community=self._community)
            mail.replace_header("From", formataddr((_clean_name(shown), self.address)))
        if parcel.thread is not None:
            self._put_in_thread(mail, parcel.thread.key, parcel.key, to)
        return mail

    def _put_in_thread(self, mail: EmailMessage, thread: str, key: str, to: str) -> None:
        """So that mail programs show the mails of a thread together, and answers come to us. A person wrote them: the
        word of machines (Auto-Submitted) is left out, because some programs hide such mails."""
        del mail["Auto-Submitted"]
        if self._replies is not None:
            mail["Reply-To"] = formataddr((clean_subject(self._community), self._replies.make(thread, to)))
        if thread != key:
            mail["In-Reply-To"] = mail["References"] = make_message_id(thread, self._domain)

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        """Raises CannotAsk: a mail server doesn't tell."""
        raise CannotAsk

    def make_mail(self, key: str, to: str, letter: Letter) -> EmailMessage:
        """The mail with its headers. The Message-ID is made of the delivery's key: should a mail ever come twice, the
        reader's mail program can see that it is the same one."""
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = formataddr((clean_subject(self._community), self.address))
        mail["To"] = to
        mail["Subject"] = letter.subject
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = make_message_id(key, self._domain)
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers, please
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # the same for Exchange, which doesn't know RFC 3834
        mail["List-Unsubscribe"] = f"<mailto:{self.address}?subject=unsubscribe>"  # RFC 2369: a person reads it
        mail.set_content(letter.text, cte="base64")
        mail.add_alternative(letter.html, subtype="html", cte="base64")
        _add_files(mail, letter.files)
        return mail

    @property
    def address(self) -> str:
        """The bare address that mails come from."""
        return parseaddr(self._from)[1]

    @property
    def _domain(self) -> str:
        return self.address.rpartition("@")[2]

    async def _hand_over(self, mail: EmailMessage, to: str) -> None:
        client = self._make_client()
        try:
            await _connect(client)
            await _address(client, self.address, to)
            await _transmit(client, mail.as_bytes())
        finally:
            client.close()

    async def try_connection(self) -> None:
        """Connects, signs in and leaves. Raises SendFailed."""
        client = self._make_client()
        try:
            await _connect(client)
        finally:
            client.close()

    def _make_client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls,
            start_tls=server.start_tls,
            timeout=self._step_timeout,
        )


def _add_files(mail: EmailMessage, files: Sequence[File]) -> None:
    """Attaches the files. A calendar entry is an alternative of the mail's words as well: Outlook and Gmail show that
    one as an invitation, with the calendar beside it, and other programs offer the attachment (RFC 6047)."""
    for file in files:
        subtype, params = _read_media_type(file.media_type)
        if subtype == "calendar":
            mail.add_alternative(file.text, subtype=subtype, cte="base64", params=params)
    for file in files:
        subtype, params = _read_media_type(file.media_type)
        if file.packed:
            maintype, _, subtype = file.media_type.partition("/")
            mail.add_attachment(file.data, maintype=maintype, subtype=subtype, cte="base64", filename=file.name)
            continue
        mail.add_attachment(file.text, subtype=subtype, cte="base64", filename=file.name, params=params)


def _read_media_type(media_type: str) -> tuple[str, dict[str, str]]:
    """The subtype and the parameters of a text type, but for the charset: that is the mail's own business."""
    kind, *rest = (part.strip() for part in media_type.split(";"))
    params = dict(part.split("=", 1) for part in rest if "=" in part)
    return kind.removeprefix("text/"), {name: value for name, value in params.items() if name != "charset"}


def _clean_name(name: str) -> str:
    """A name that people chose, without the signs by which some programs would take a part of it for an address."""
    return clean_subject(re.sub(r'[<>"\\@,;:]', " ", name))


async def _connect(client: aiosmtplib.SMTP) -> None:
    try:
        await client.connect()
    except aiosmtplib.SMTPAuthenticationError as error:
        reason = f"the mail server refuses the password ({error.code})"
        raise SendFailed(FailureKind.THROTTLED, reason, retry_after=_WAIT_FOR_PASSWORD) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise SendFailed(FailureKind.RETRY, f"no connection to the mail server: {type(error).__name__}") from error


async def _address(client: aiosmtplib.SMTP, sender: str, to: str) -> None:
    try:
        await client.mail(sender)
        await client.rcpt(to)
    except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPRecipientRefused) as error:
        about_reader = isinstance(error, aiosmtplib.SMTPRecipientRefused)
        raise _refused(error, "the address" if about_reader else "the sender", gone=about_reader) from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise SendFailed(FailureKind.RETRY, f"the mail server broke off: {type(error).__name__}") from error


async def _transmit(client: aiosmtplib.SMTP, data: bytes) -> None:
    """From here on a lost answer means that the mail may be on its way."""
    try:
        await client.data(data)
    except aiosmtplib.SMTPDataError as error:
        raise _refused(error, "the mail", gone=False) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        reason = f"the mail server did not answer after the mail: {type(error).__name__}"
        raise SendFailed(FailureKind.RETRY, reason, maybe_sent=True) from error


def _refused(error: aiosmtplib.SMTPResponseException, what: str, *, gone: bool) -> SendFailed:
    """What a reply means, by RFC 5321: 4yz passes, 5yz doesn't. Of its words only the code is kept: they may quote the
    address."""
    code, enhanced = error.code, _ENHANCED.match(error.message.strip())
    reason = f"the mail server refused {what} ({code}{f' {enhanced[0]}' if enhanced else ''})"
    if code == 421:
        return SendFailed(FailureKind.THROTTLED, reason, retry_after=_WAIT_AFTER_421)
    if code < 500:
        return SendFailed(FailureKind.RETRY, reason)
    about_mailbox = enhanced is None or enhanced[2] in _ABOUT_MAILBOX
    return SendFailed(FailureKind.GONE if gone and code in _GONE and about_mailbox else FailureKind.BUG, reason)
