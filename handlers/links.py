"""Addresses that people enter for others to follow."""

import re
from urllib.parse import urlsplit


def is_link(url: str) -> bool:
    """Whether it is an https address that every platform can show: a host with a dot, in any script, and nobody's name
    or password in it."""
    if not url.isprintable() or re.search(r"[\s<>\"\\|^`{}]", url):
        return False
    try:
        parts = urlsplit(url)
        host, has_port = parts.hostname or "", parts.port is not None or not parts.netloc.endswith(":")
    except ValueError:
        return False
    return parts.scheme == "https" and "." in host.strip(".") and "@" not in parts.netloc and has_port
