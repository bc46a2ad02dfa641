"""Files and addresses that HR has configured, such as a feed of jobs."""

from adapters.feeds.fetching import SourceFetcher

__all__ = ["SourceFetcher"]
