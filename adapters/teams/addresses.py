"""Where Teams can be written to: a service URL and a conversation, as one short text that the core keeps for us."""

import json
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

DEFAULT_SERVICE_URL = "https://smba.trafficmanager.net/teams/"
"""Where to write when no activity told: the global address (Microsoft's "Bot Connector API reference")."""

SERVICE_HOSTS = frozenset(
    {
        "smba.trafficmanager.net",
        "smba.infra.gcc.teams.microsoft.com",
    }
)
"""Hosts of the real service: the public cloud and the government community cloud (Microsoft's "Proactive messages").
Nothing is ever posted elsewhere, whatever an activity says."""

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    """A conversation at a service. `conversation` is "" where only the service is known."""

    service_url: str
    conversation: str = ""

    def encode(self) -> str:
        """The text that `parse_address` reads."""
        return json.dumps({"s": self.service_url, "c": self.conversation}, ensure_ascii=False, separators=(",", ":"))


def parse_address(text: str) -> Address | None:
    """The address in a text of `Address.encode`; None for "" and for anything else."""
    if not text.startswith("{"):
        return None
    try:
        raw: object = json.loads(text)
    except ValueError:
        return None
    found = cast("dict[str, object]", raw)
    return Address(str(found.get("s", "")), str(found.get("c", "")))


def is_allowed(service_url: str, hosts: frozenset[str]) -> bool:
    """Whether a service URL is one of the hosts we may talk to: https, or plain http on loopback only."""
    try:
        parts = urlsplit(service_url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.username or parts.password or parts.query or parts.fragment or host not in hosts:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK_HOSTS)
