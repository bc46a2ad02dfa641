"""An invented community for the coffee rounds' benchmark, the same for the same seed."""

import numpy as np

from matching.people import Ints, Longs, People, make_people

TOPICS = 420
DEPARTMENTS = 40
ROUNDS_BEFORE = 6


def invent(alumni: int, employees: int, *, tied: bool = False, seed: int = 7) -> People:
    """So many alumni, then so many employees.

    Topics are named as words are: few by many, many by few. With `tied` there are a dozen topics, of one value each, so
    that most pairs have one of a handful of scores. Everybody has met somebody in each of the last rounds; one in fifty
    would rather not meet some person, one in two hundred some department.
    """
    random = np.random.default_rng(seed)
    count, topics = alumni + employees, 12 if tied else TOPICS
    popularity = 1 / np.arange(3, topics + 3)
    popularity /= popularity.sum()
    own: list[list[int]] = [
        np.asarray(random.choice(topics, size, replace=False, p=popularity), np.int64).tolist()
        for size in random.integers(0, 3 if tied else 6, count).tolist()
    ]
    named = np.bincount([topic for each in own for topic in each], minlength=topics)
    values = np.full(topics, 100) if tied else np.rint(100 * np.log((count + 1) / (named + 1)))
    return make_people(
        np.arange(count) >= alumni,
        random.integers(-1, DEPARTMENTS, count),
        own,
        values,
        np.concatenate((_invent_history(random, alumni, employees), _invent_blocks(random, count))),
        np.stack((random.integers(0, count, count // 200), random.integers(0, DEPARTMENTS, count // 200)), axis=1),
        change=100 if tied else 150,
    )


def _invent_history(random: np.random.Generator, alumni: int, employees: int) -> Ints:
    """Pairs of the last rounds: an alumnus and an employee each."""
    met = min(alumni, employees)
    rounds = [
        np.stack((random.permutation(alumni)[:met], alumni + random.permutation(employees)[:met]), axis=1)
        for _ in range(ROUNDS_BEFORE)
    ]
    return np.concatenate(rounds).astype(np.int32)


def _invent_blocks(random: np.random.Generator, count: int) -> Ints:
    pairs = random.integers(0, count, (count // 50, 2))
    return pairs[pairs[:, 0] != pairs[:, 1]].astype(np.int32)


def invent_limits(count: int, seed: int = 11) -> Longs:
    """How many each of one side may meet: none, one or two, one on average."""
    return np.random.default_rng(seed).choice([0, 1, 1, 2], count).astype(np.int64)
