"""How Slack signs what it sends (version v0)."""

import hashlib
import hmac


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The value of `X-Slack-Signature`."""
    base = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
