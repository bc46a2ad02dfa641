"""The friend's link: signed, for a year at most. Pure."""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta

VALID = timedelta(days=365)
"""As long as the link can be opened: an answer is taken for two weeks, a withdrawal while anything is kept."""

_TOKEN = re.compile(r"(\d{1,18})-(\d{1,12})-([A-Za-z0-9_-]{24})")


def make_token(secret: bytes, referral_id: int, asked_at: datetime) -> str:
    """What stands in the link."""
    body = f"{referral_id}-{int((asked_at + VALID).timestamp())}"
    return f"{body}-{_sign(secret, body)}"


def read_token(secret: bytes, token: str, now: datetime) -> int | None:
    """The referral's id; None for a token that is none of ours, or too old."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    id, until, signature = found.groups()
    if not hmac.compare_digest(_sign(secret, f"{id}-{until}"), signature):
        return None
    return int(id) if int(until) > now.timestamp() else None


def _sign(secret: bytes, body: str) -> str:
    # its own purpose in front, so that what else the secret signs is never taken for a link
    digest = hmac.new(secret, b"referred friend\n" + body.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()
