"""How long a question takes among many profiles, and the vocabulary to get ready. Nothing is remembered of a question:
each is asked once. Times are of the processor: a query is too short to tell it from whatever else a machine does."""

import random
import statistics
import time

from bench.figures import Aim, Figure, summarise
from handlers.topics import Index, Reader, load_vocabulary

_OTHER_WORDS = (
    "ベトナム料理",
    "休日の釣り",
    "町内会",
    "sailing",
    "community theatre",
    "former section chief",
    "いまはフリー",
)
_SEED = 7


def measure_topics(profiles: int, questions: int, repeats: int) -> list[Figure]:
    """The processor time of a question at so many profiles, and what is made ready before the first one."""
    starts = [_time_start() for _ in range(repeats)]
    chance = random.Random(_SEED)
    reader = Reader(load_vocabulary())
    index = Index(reader)
    for _ in range(profiles):
        index.add([(invent_profile(reader, chance), 1.0)])
    laps = [_time_questions(index, reader, chance, questions) for _ in range(repeats)]
    at = f"a question at {profiles:,} profiles"
    return [
        summarise(f"topics: {at}, 95th percentile", [find_95th(lap) for lap in laps], "ms", Aim(5, "less")),
        summarise(f"topics: {at}", [statistics.median(lap) for lap in laps], "ms"),
        summarise("topics: the vocabulary made ready", starts, "ms"),
    ]


def invent_profile(reader: Reader, chance: random.Random) -> str:
    """Two to five names of concepts in any language, and something else."""
    parts = [_pick_name(reader, chance) for _ in range(chance.randint(2, 5))]
    return chance.choice(("、", ", ", " / ")).join([*parts, chance.choice(_OTHER_WORDS)])


def invent_question(reader: Reader, chance: random.Random) -> str:
    """One to three names of concepts in a sentence."""
    names = [_pick_name(reader, chance) for _ in range(chance.randint(1, 3))]
    return "と".join(names) + chance.choice(("について相談したいです", "の始め方", "で困っています", ""))


def _pick_name(reader: Reader, chance: random.Random) -> str:
    concepts = list(reader.vocabulary.concepts.values())
    return chance.choice(chance.choice(concepts).names)


def _time_start() -> float:
    """Milliseconds of processor time from the vocabulary as it is read to the first text that is understood."""
    vocabulary = load_vocabulary()
    before = time.process_time()
    Reader(vocabulary).read("電池開発")
    return (time.process_time() - before) * 1000


def _time_questions(index: Index, reader: Reader, chance: random.Random, count: int) -> list[float]:
    """Milliseconds of processor time of each question: read, ranked, and the ten best explained."""
    laps: list[float] = []
    for text in [invent_question(reader, chance) for _ in range(count)]:
        before = time.process_time()
        question = index.ask([(text, 1.0)])
        for hit in index.rank(question, 10):
            index.explain(question, hit.place)
        laps.append((time.process_time() - before) * 1000)
    return laps


def find_95th(values: list[float]) -> float:
    """The value that 95 of 100 don't exceed."""
    return sorted(values)[max(int(len(values) * 0.95) - 1, 0)]
