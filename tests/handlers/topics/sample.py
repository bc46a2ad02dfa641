"""A small vocabulary of these tests: what they say holds for its words, whatever the shipped vocabulary has."""

from functools import cache
from pathlib import Path

from handlers.topics.loading import merge, read_entries
from handlers.topics.reading import Reader

SAMPLE = Path(__file__).with_name("sample.toml")


@cache
def make_reader() -> Reader:
    """A reader of the sample."""
    return Reader(merge(read_entries(SAMPLE)))


def find(text: str) -> list[str]:
    """The concepts that a text names, in its order."""
    return [one.concept for one in make_reader().read(text).found]
