"""Small web pages for people without an account, without scripts."""

from adapters.pages.endpoint import PageEndpoint

__all__ = ["PageEndpoint"]
