"""What people name, as numbers for the solver, and what two of them share, in words."""

import asyncio
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.i18n import current_locale
from bot.policy import Policy
from handlers.topics import Reader, get_working_reader
from storage.queries.topics import fold_topic

WHOLE = 100
"""What sharing a topic that only every third person names is worth; others by their rarity (its logarithm)."""

_BROADER = 0.4
"""What sharing only a broader topic is worth, beside sharing that topic itself."""
_SURE = 0.7
"""How sure it must be that a text names a concept."""
_MOST_SHOWN = 3


def list_keys(reader: Reader, labels: Iterable[str]) -> dict[str, float]:
    """What the labels are about: concepts, what these belong to, and the words themselves where no concept covers
    them; each with its share of a topic's worth."""
    found: dict[str, float] = {}
    for label in labels:
        concepts = [one.concept for one in reader.read(label).found if one.weight >= _SURE]
        for concept in concepts:
            found[f"concept:{concept}"] = 1.0
            for broader in reader.vocabulary.ancestors.get(concept, {}):
                found.setdefault(f"broader:{broader}", _BROADER)
            found.setdefault(f"broader:{concept}", _BROADER)
        if not concepts:
            found[f"word:{fold_topic(label)}"] = 1.0
    return found


async def number_topics(labels: Mapping[int, Sequence[str]], policy: Policy) -> tuple[dict[int, list[int]], list[int]]:
    """Topics by number for each member, and what each is worth: the rarer, the more. Gives way after each member, so
    that nothing else waits for thousands of them."""
    reader = await asyncio.to_thread(_get_ready, policy.topics_file)
    number: dict[str, int] = {}
    named, shares = Counter[str](), dict[str, float]()
    numbers: dict[int, list[int]] = {}
    for member_id, own in labels.items():
        keys = list_keys(reader, own)
        named.update(keys.keys())
        shares |= keys
        numbers[member_id] = [number.setdefault(key, len(number)) for key in keys]
        await asyncio.sleep(0)
    return numbers, [value_of(named[key], len(labels), shares[key]) for key in number]


def _get_ready(file: str) -> Reader:
    """The reader, with its names made ready: that takes most of a second, the first time."""
    reader = get_working_reader(file)
    reader.read("")
    return reader


def value_of(named: int, people: int, share: float) -> int:
    """What it is worth that two share something that `named` of `people` name: 1 at least."""
    return max(1, round(WHOLE * share * math.log((people + 1) / (named + 0.5))))


def find_shared(mine: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]], policy: Policy) -> tuple[str, ...]:
    """What I share with all of the others, in the current language. `mine` are my topics as each of the others sees
    them, `theirs` the others' as I see them: only what both sides show is named."""
    reader = get_working_reader(policy.topics_file)
    sets = [_name_all(reader, labels) for labels in (*mine, *theirs)]
    if not sets:
        return ()
    common = [key for key in sets[0] if all(key in one for one in sets[1:])]
    return tuple(sets[0][key] for key in common)[:_MOST_SHOWN]


def _name_all(reader: Reader, labels: Sequence[str]) -> dict[str, str]:
    """What the labels name, by key, in words."""
    found: dict[str, str] = {}
    for label in labels:
        concepts = [one.concept for one in reader.read(label).found if one.weight >= _SURE]
        for concept in concepts:
            found[f"concept:{concept}"] = reader.vocabulary.name(concept, current_locale())
        if not concepts:
            found[f"word:{fold_topic(label)}"] = label
    return found
