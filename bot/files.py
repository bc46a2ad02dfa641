"""Links to files: signed, for a while, for whoever holds one. Pure.

A link names the delivery with which the file was sent, and the file; the text itself is fetched from what was sent. So
nothing of it stands in an address, where proxies would write it down, and with the message the file is gone too.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import quote

PATH = "/files/{token}/{name}"
VALID = timedelta(days=90)
"""How long a link can be used: it is needed once, soon after it came; that long for those who come back from leave."""

LinkFile = Callable[[str, str, datetime], str]
"""The address of a file: of a delivery's key, the file's name, and when it was sent. "" where there is none."""

_LONGEST = 600
"""Characters of a token; a delivery's key has at most about a hundred."""


class LinkRefused(ValueError):
    """The link is none of ours, or is too old."""


@dataclass(frozen=True, slots=True)
class FileLinks:
    """Makes and reads links below the public address `base`, "" when there is none: then nothing has a link."""

    secret: bytes
    base: str

    def make(self, key: str, name: str, sent_at: datetime) -> str:
        """The address of the file `name` that goes with the delivery `key`."""
        if not self.base:
            return ""
        until = int((sent_at + VALID).timestamp())
        body = _pack(json.dumps([key, name, until], ensure_ascii=False, separators=(",", ":")).encode())
        return f"{self.base.rstrip('/')}/files/{body}.{self._sign(body)}/{quote(name)}"

    def read(self, token: str, now: datetime) -> tuple[str, str]:
        """The delivery's key and the file's name. Raises LinkRefused."""
        body, _, signature = token.partition(".")
        if len(token) > _LONGEST or not token.isascii() or not hmac.compare_digest(self._sign(body), signature):
            raise LinkRefused("none of ours")
        try:
            key, name, until = cast("tuple[str, str, int]", tuple(json.loads(_unpack(body))))
        except (ValueError, binascii.Error) as error:
            raise LinkRefused("none of ours") from error
        if until < now.timestamp():
            raise LinkRefused("too old")
        return key, name

    def _sign(self, body: str) -> str:
        # its own purpose in front, so that what else the secret signs is never taken for a link
        return _pack(hmac.new(self.secret, b"file link\n" + body.encode(), hashlib.sha256).digest()[:18])


def _pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
