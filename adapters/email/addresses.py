"""Reply addresses: which thread a mail answers, signed so that nobody can make one up. Pure.

`reply+<thread>-<signature><check>@musubi.example.jp`: the signature is over the thread's key, the check over that and
the address that the mail went to. A thread's key has only lower-case letters, digits and colons, because servers may
change the case of what they pass on; a colon, which would need quoting, is written as a point.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from email.utils import parseaddr

_LOCAL_PART = 64
"""Characters before the @ (RFC 5321, 4.5.3.1.1)."""
_SIGNATURE = 16
_CHECK = 6
"""Letters of base32, 5 bits each: 80 bits against making an address up, 30 to tell whose it is."""
LONGEST_KEY = 32
LONGEST_NAME = _LOCAL_PART - LONGEST_KEY - _SIGNATURE - _CHECK - len("+-")
"""What may stand before the + in the setting."""

_KEY = re.compile(r"[a-z0-9:_]+")


class NoReplyAddressError(ValueError):
    """The thread's key doesn't fit into a reply address."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a good reply address says: the thread, and whether it was given to the person who writes."""

    thread: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class ReplyAddresses:
    """Makes and reads reply addresses below `base`, such as `reply@musubi.example.jp`. Raises ValueError for one that
    is no address, or too long."""

    base: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9._=-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", self.base):
            raise ValueError("MUSUBI_REPLY_ADDRESS must look like reply@musubi.example.jp")
        if len(self._name) > LONGEST_NAME:
            raise ValueError(f"MUSUBI_REPLY_ADDRESS: at most {LONGEST_NAME} characters before the @")

    @property
    def _name(self) -> str:
        return self.base.partition("@")[0]

    @property
    def _domain(self) -> str:
        return self.base.partition("@")[2]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds reply addresses, good and bad, in any text."""
        name, domain = re.escape(self._name), re.escape(self._domain)
        return re.compile(rf"{name}(\+[^@\s<>\"'()\[\]]{{0,64}})?@{domain}", re.IGNORECASE)

    def make(self, thread: str, person: str) -> str:
        """The address at which this person answers in this thread. Raises NoReplyAddressError."""
        if len(thread) > LONGEST_KEY or not _KEY.fullmatch(thread):
            raise NoReplyAddressError("the thread's key doesn't fit into a mail address")
        token = f"{thread.replace(':', '.')}-{self._sign(thread)}{self._check(thread, person)}"
        return f"{self._name}+{token}@{self._domain}"

    def read(self, address: str, person: str) -> Answered | None:
        """What an address to which `person` wrote says, None if it is none of ours, or was never given out."""
        local, _, domain = address.strip().rpartition("@")
        name, _, token = local.partition("+")
        key, _, code = token.casefold().rpartition("-")
        thread = key.replace(".", ":")
        if (name.casefold(), domain.casefold()) != (self._name.casefold(), self._domain.casefold()):
            return None
        good = _KEY.fullmatch(thread) is not None and _same(code[:_SIGNATURE], self._sign(thread))
        return Answered(thread, _same(code[_SIGNATURE:], self._check(thread, person))) if good else None

    def _sign(self, thread: str) -> str:
        return self._digest(f"reply\n{thread}")[:_SIGNATURE]

    def _check(self, thread: str, person: str) -> str:
        return self._digest(f"person\n{thread}\n{fold_address(person)}")[:_CHECK]

    def _digest(self, text: str) -> str:
        digest = hmac.digest(self.secret, f"musubi mail\n{text}".encode(), hashlib.sha256)
        return base64.b32encode(digest).decode().lower()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), right.encode())


def fold_address(address: str) -> str:
    """The bare address as accounts have it: without a name, in lower case."""
    return (parseaddr(address)[1] or address).strip().casefold()


def make_message_id(key: str, domain: str) -> str:
    """The Message-ID of the mail for a delivery: made of its key, so that a mail that comes twice is the same one."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
