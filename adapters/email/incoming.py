"""POST /mail/incoming: what people answer by mail, handed over by whoever receives mail for us. See docs/mail.md.

Whoever hands it over proves that with a secret. After that every mail is answered 200, whatever becomes of it: a mail
server would tell the sender of a refusal, and so who tries addresses would learn which ones exist.
"""

import asyncio
import base64
import binascii
import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from aiohttp import BodyPartReader, MultipartReader, web

from adapters.email.addresses import Answered, ReplyAddresses
from adapters.email.outbound import EmailSender
from adapters.email.reading import Mail, read_mail
from bot.failures import SendFailed
from bot.i18n import _, use_locale
from bot.incoming import MessageReceived, Origin
from bot.ports import Clock, Dispatch
from bot.ui import Message, Para, Reader

log = structlog.get_logger(__name__)

PATH = "/mail/incoming"
LARGEST_MAIL = 25 * 1024 * 1024
"""Bytes; what large mail services let through. Files are not passed on, but their sender is told so."""
FIELDS = frozenset({"email", "body-mime"})
"""The form field in which inbound services post the raw mail: SendGrid's Inbound Parse, Mailgun's routes."""
_TOLD_AGAIN_AFTER = timedelta(days=1)
_REMEMBERED = 1000


class Refused(Exception):
    """The request is answered with this status; the reason is for the log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass(slots=True)
class MailEndpoint:
    """Takes mails over HTTP. `locale` is the language for somebody of whom nothing else is known."""

    secret: str
    addresses: ReplyAddresses
    dispatch: Dispatch
    sender: EmailSender
    clock: Clock
    locale: str
    _told: OrderedDict[str, datetime] = field(default_factory=OrderedDict[str, datetime])

    async def take(self, request: web.Request) -> web.Response:
        """The HTTP handler."""
        try:
            self._check_secret(request.headers.get("Authorization", ""))
            data = await _read_body(request)
        except Refused as refused:
            log.warning("mail.refused", status=refused.status, reason=refused.reason)
            return web.Response(status=refused.status, headers={"Connection": "close"})
        # Decoding 25 MB takes a while, and a thread of its own.
        mail = await asyncio.to_thread(read_mail, data, self.addresses.pattern, self.sender.address.casefold())
        try:
            outcome = await self._handle(mail)
        except Exception:
            log.exception("mail.failed")
            return web.Response(status=500)
        log.info("mail.taken", outcome=outcome)
        return web.Response(status=200)

    def _check_secret(self, header: str) -> None:
        scheme, _space, given = header.partition(" ")
        if scheme.lower() == "basic":  # services that know nothing but https://user:password@host/
            given = _read_password(given)
        elif scheme.lower() != "bearer":
            given = ""
        if not hmac.compare_digest(given.strip().encode(errors="replace"), self.secret.encode()):
            raise Refused(401, "bad secret")

    async def _handle(self, mail: Mail) -> str:
        """What became of it, for the log."""
        if mail.is_automatic:
            return "automatic"
        answered = self._find_answered(mail)
        if answered is None:
            return "not_ours"
        if not answered.is_own:
            return await self._tell_other_address(mail)
        if not mail.words and not mail.files:
            return "empty"
        await self.dispatch(self._make_incoming(mail, answered.thread))
        return "passed_on"

    def _find_answered(self, mail: Mail) -> Answered | None:
        found = (self.addresses.read(address, mail.sender) for address in mail.addressees)
        good = [answered for answered in found if answered is not None]
        return next((answered for answered in good if answered.is_own), good[0] if good else None)

    def _make_incoming(self, mail: Mail, thread: str) -> MessageReceived:
        origin = Origin("email", "", mail.sender, f"{mail.sender}:{mail.id}", conversation=mail.sender, message=mail.id)
        return MessageReceived(origin, mail.words, thread, mail.files)

    async def _tell_other_address(self, mail: Mail) -> str:
        """The reply address is one that we gave out, to somebody with another address: mostly the same person, writing
        from their other account. Said once a day; who forges senders can't make us write more often."""
        now = self.clock.now()
        last = self._told.get(mail.sender)
        if last is not None and now - last < _TOLD_AGAIN_AFTER:
            return "other_address_again"
        self._told[mail.sender] = now
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        try:
            await self.sender.say(mail.sender, _make_other_address(self.locale), Reader(self.locale, "UTC"))
        except (SendFailed, ValueError) as error:
            log.warning("mail.not_told", reason=type(error).__name__)
        return "other_address"


def _make_other_address(locale: str) -> Message:
    with use_locale(locale):
        summary = _("Your mail was not passed on")
        text = _(
            "We got your answer, but from another address than the one to which we wrote, so we could not be sure that "
            "it is yours, and didn't pass it on. Please answer again from the address to which our mail came."
        )
        return Message(summary, (Para((text,)),))


def _read_password(given: str) -> str:
    try:
        return base64.b64decode(given.strip(), validate=True).decode(errors="replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


async def _read_body(request: web.Request) -> bytes:
    """The raw mail: the body itself (`message/rfc822`), or a field of a form."""
    if (request.content_length or 0) > LARGEST_MAIL + 64 * 1024:
        raise Refused(413, "too large")
    if request.content_type == "multipart/form-data":
        return await _read_form(request)
    if request.content_type not in ("message/rfc822", "text/plain", "application/octet-stream"):
        raise Refused(415, "no mail")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LARGEST_MAIL:
            raise Refused(413, "too large")
    if not body.strip():
        raise Refused(400, "empty")
    return bytes(body)


async def _read_form(request: web.Request) -> bytes:
    try:
        form: MultipartReader = await request.multipart()
        while (part := await form.next()) is not None:
            if isinstance(part, BodyPartReader) and part.name in FIELDS:
                return await _read_part(part)
            await part.release()
    except (ValueError, AssertionError, LookupError, RuntimeError) as error:  # whatever aiohttp's reader meets
        raise Refused(400, "unreadable form") from error
    raise Refused(400, "no field with a mail")


async def _read_part(part: BodyPartReader) -> bytes:
    body = bytearray()
    while chunk := await part.read_chunk():
        body += chunk
        if len(body) > LARGEST_MAIL:
            raise Refused(413, "too large")
    return bytes(part.decode(bytes(body)))
