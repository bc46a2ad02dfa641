"""The RSA keys with which the fake Bot Framework signs what it posts to the bot, and the tokens it makes with them."""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://api.botframework.com"
"""Issuer of every token that the real Bot Connector sends to a bot."""

Json = dict[str, Any]


def get_object(node: Json, key: str) -> Json:
    """The object under a key; {} where there is none."""
    return cast(Json, node.get(key) or {})


def get_objects(node: Json, key: str) -> list[Json]:
    """The objects in the list under a key; [] where there is none."""
    return cast("list[Json]", node.get(key) or [])


@cache
def make_rsa(number: int) -> rsa.RSAPrivateKey:
    """The `number`th RSA key of this process; made once, because making one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True)
class SigningKey:
    """One key: its id, its private half, and for which channels the service vouches for it."""

    kid: str
    private: rsa.RSAPrivateKey
    endorsements: tuple[str, ...] = ("msteams", "directline", "webchat")

    def jwk(self) -> Json:
        """The public half as the service publishes it."""
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": _base64(numbers.n),
            "e": _base64(numbers.e),
            "endorsements": list(self.endorsements),
        }


@dataclass
class Keyring:
    """The keys that are published, the current one last."""

    keys: list[SigningKey] = field(default_factory=lambda: [SigningKey("key-0", make_rsa(0))])
    made: int = 1

    @property
    def current(self) -> SigningKey:
        """The key that signs now."""
        return self.keys[-1]

    def rotate(self, *, forget: bool = False, endorsements: tuple[str, ...] = ("msteams",)) -> SigningKey:
        """Publishes a new key and signs with it from now on; `forget` withdraws the older ones."""
        number, self.made = self.made, self.made + 1
        key = SigningKey(f"key-{number}", make_rsa(number), endorsements)
        self.keys = [key] if forget else [*self.keys, key]
        return key

    def jwks(self) -> Json:
        """The document behind `jwks_uri`."""
        return {"keys": [key.jwk() for key in self.keys]}


@dataclass(frozen=True)
class Claims:
    """What a token to the bot says. Times are moments; they become seconds in the token."""

    audience: str
    service_url: str
    now: datetime
    issuer: str = ISSUER
    valid_from: timedelta = timedelta(minutes=-5)
    valid_for: timedelta = timedelta(hours=1)

    def as_json(self) -> Json:
        """The token's payload."""
        return {
            "serviceurl": self.service_url,
            "nbf": int((self.now + self.valid_from).timestamp()),
            "exp": int((self.now + self.valid_for).timestamp()),
            "iss": self.issuer,
            "aud": self.audience,
        }


def sign(key: SigningKey, payload: Json, *, algorithm: str = "RS256", kid: str | None = None) -> str:
    """A signed token; `kid` overrides the key's own id in the header, "" leaves it out."""
    named = key.kid if kid is None else kid
    headers = {"kid": named, "x5t": named} if named else {}
    return jwt.encode(payload, key.private, algorithm=algorithm, headers=headers)
