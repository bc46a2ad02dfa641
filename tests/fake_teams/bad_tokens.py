"""Every way in which a caller's token can be wrong. Each must be answered with 401."""

import base64
import dataclasses
import hmac
import json
from collections.abc import Callable
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .keys import Claims, Json, Keyring, SigningKey, make_rsa, sign

BadToken = Callable[[Keyring, Claims], str | None]
"""Makes the whole `Authorization` header, or None for none at all."""

STRANGER = 900
"""Number of an RSA key that the service never publishes."""


def _bearer(token: str) -> str:
    return f"Bearer {token}"


def _claims(**changes: object) -> BadToken:
    def make(ring: Keyring, claims: Claims) -> str:
        payload = claims.as_json()
        payload.update(changes)
        return _bearer(sign(ring.current, {key: value for key, value in payload.items() if value is not None}))

    return make


def _times(valid_from: timedelta, valid_for: timedelta) -> BadToken:
    def make(ring: Keyring, claims: Claims) -> str:
        moved = dataclasses.replace(claims, valid_from=valid_from, valid_for=valid_for)
        return _bearer(sign(ring.current, moved.as_json()))

    return make


def _unsigned(ring: Keyring, claims: Claims) -> str:
    header = {"alg": "none", "typ": "JWT", "kid": ring.current.kid}
    return _bearer((_part(header) + b"." + _part(claims.as_json()) + b".").decode())


def _hmac_with_public_key(ring: Keyring, claims: Claims) -> str:
    """The classic confusion: the published key used as a shared secret."""
    pem = ring.current.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "typ": "JWT", "kid": ring.current.kid}
    signing = b".".join(_part(part) for part in (header, claims.as_json()))
    signature = base64.urlsafe_b64encode(hmac.digest(pem, signing, "sha256")).rstrip(b"=")
    return _bearer((signing + b"." + signature).decode())


def _part(content: Json) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=")


def _other_algorithm(ring: Keyring, claims: Claims) -> str:
    return _bearer(sign(ring.current, claims.as_json(), algorithm="RS512"))


def _foreign_key(ring: Keyring, claims: Claims) -> str:
    return _bearer(sign(SigningKey(ring.current.kid, make_rsa(STRANGER)), claims.as_json()))


def _unknown_kid(ring: Keyring, claims: Claims) -> str:
    return _bearer(sign(SigningKey("nobody", make_rsa(STRANGER)), claims.as_json()))


def _no_kid(ring: Keyring, claims: Claims) -> str:
    return _bearer(sign(ring.current, claims.as_json(), kid=""))


def _cut(ring: Keyring, claims: Claims) -> str:
    return _bearer(sign(ring.current, claims.as_json())[:-12])


def _changed_payload(ring: Keyring, claims: Claims) -> str:
    head, _, signature = sign(ring.current, claims.as_json()).split(".")
    forged = claims.as_json() | {"extra": "yes"}
    return _bearer(f"{head}.{_part(forged).decode()}.{signature}")


def _array_payload(ring: Keyring, claims: Claims) -> str:
    head, _, signature = sign(ring.current, claims.as_json()).split(".")
    return _bearer(f"{head}.{base64.urlsafe_b64encode(b'[]').decode()}.{signature}")


BAD_TOKENS: dict[str, BadToken] = {
    "missing": lambda ring, claims: None,
    "empty": lambda ring, claims: "",
    "no token after the scheme": lambda ring, claims: "Bearer ",
    "another scheme": lambda ring, claims: "Basic " + base64.b64encode(b"a:b").decode(),
    "malformed": lambda ring, claims: _bearer("not-a-token"),
    "malformed in three parts": lambda ring, claims: _bearer("a.b.c"),
    "not ASCII": lambda ring, claims: _bearer("結び.結び.結び"),
    "cut off": _cut,
    "changed after signing": _changed_payload,
    "payload is no object": _array_payload,
    "wrong issuer": _claims(iss="https://sts.windows.net/someone/"),
    "no issuer": _claims(iss=None),
    "wrong audience": _claims(aud="00000000-0000-0000-0000-000000000000"),
    "no audience": _claims(aud=None),
    "unsigned": _unsigned,
    "HMAC with the public key": _hmac_with_public_key,
    "another algorithm": _other_algorithm,
    "a foreign key under a known id": _foreign_key,
    "an unknown key": _unknown_kid,
    "no key id": _no_kid,
    "expired": _times(timedelta(hours=-2), timedelta(hours=-1)),
    "not yet valid": _times(timedelta(hours=1), timedelta(hours=2)),
    "no expiry": _claims(exp=None),
    "expiry is no number": _claims(exp="tomorrow"),
    "another service URL": _claims(serviceurl="https://smba.trafficmanager.net/elsewhere/"),
    "no service URL": _claims(serviceurl=None),
    "another tenant": _claims(tid="ffffffff-0000-0000-0000-000000000000"),
}
"""Name of the fault → how to make the header."""
