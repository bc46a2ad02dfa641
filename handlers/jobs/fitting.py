"""How well a job fits a person, and the reasons, each of them true: kinds of work wished for, the place, topics.

A topic is compared with all open jobs at once, and remembered: many members share a topic, and a digest asks for a
thousand readers.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from handlers.topics import Index, Question, Reader
from storage.models import Job
from storage.queries.topics import fold_topic

_TOPIC, _KIND, _PLACE, _ANYWHERE = 2.0, 1.0, 0.8, 0.3
"""What each counts; a topic times how near it is, 0 to 1."""
_TITLE, _TEXT = 1.0, 0.7
"""What a topic counts in a job's title and in its text."""
_NEAR = ("same", "narrower", "broader")
"""What can be told as a reason: a topic that is only related, or beside it, may seem far-fetched to the reader."""
_VERY_WORDS = 0.4
"""What a topic counts at least that no concept covers, where the job has the very words."""
_MOST_TOPICS = 3
"""So many topics are told for one job."""
_REMOTE = re.compile(r"リモート|在宅|どこでも|全国|remote|anywhere|work from home", re.IGNORECASE)
_SUFFIX = re.compile(r"[都道府県市区町村]$")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a job fits: `kind` is `kind` (of work), `place`, `remote`, `topic` (the same) or `near`. `mine` is what the
    person told; for topics `theirs` are the job's own words."""

    kind: str
    mine: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a job fits: 0 for nothing known, and the reasons, the strongest first."""

    score: float = 0.0
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Seeker:
    """What is known of whoever looks for a job, all of it told by themselves."""

    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(eq=False)
class Shelf:
    """The jobs among which one looks. Safe to keep while they don't change."""

    reader: Reader
    jobs: Sequence[Job]
    _index: Index = field(init=False)
    _known: dict[str, tuple[tuple[float, str, bool], ...]] = field(
        default_factory=dict[str, tuple[tuple[float, str, bool], ...]]
    )

    def __post_init__(self) -> None:
        """Reads the jobs."""
        self._index = Index(self.reader)
        for job in self.jobs:
            titles, texts = (job.title_ja, job.title_en), (job.text_ja, job.text_en)
            self._index.add([(text, _TITLE) for text in titles] + [(text, _TEXT) for text in texts])

    def fit(self, seeker: Seeker) -> list[Fit]:
        """How well each job fits, in their order."""
        topics = [(topic, self._look(topic)) for topic in seeker.topics]
        return [
            judge(job, seeker, [(topic, *found[place]) for topic, found in topics if found[place][0] > 0])
            for place, job in enumerate(self.jobs)
        ]

    def _look(self, topic: str) -> tuple[tuple[float, str, bool], ...]:
        """For each job what this topic counts, the job's words that it meets, and whether they mean the same.
        A topic that no concept covers counts where the job has the very words."""
        key = fold_topic(topic)
        if key not in self._known:
            question = self._index.ask([(topic, 1.0)])
            scores = self._index.score(question)
            self._known[key] = tuple(
                self._find(question, place, float(scores[place]), key) for place in range(len(self.jobs))
            )
        return self._known[key]

    def _find(self, question: Question, place: int, score: float, folded: str) -> tuple[float, str, bool]:
        found = [one for one in self._index.explain(question, place) if one.relation.kind in _NEAR]
        if found:
            best = min(found, key=lambda one: one.relation.kind != "same")
            return score, best.text, best.relation.kind == "same"
        job = self.jobs[place]
        says_it = len(folded) > 1 and any(folded in text for text in _fold_texts(job))
        return (max(score, _VERY_WORDS), "", True) if says_it else (0.0, "", False)


def _fold_texts(job: Job) -> tuple[str, ...]:
    return tuple(fold_topic(text) for text in (job.title_ja, job.title_en, job.text_ja, job.text_en))


def judge(job: Job, seeker: Seeker, topics: Iterable[tuple[str, float, str, bool]]) -> Fit:
    """Everything that speaks for a job. Every reason can be seen in the job and in what the person told."""
    score, reasons = 0.0, list[Reason]()
    best = sorted(topics, key=lambda one: (-one[3], -one[1]))[:_MOST_TOPICS]
    for topic, value, theirs, same in best:
        reasons.append(Reason("topic" if same else "near", topic, theirs))
        score += _TOPIC * value
    if job.kind in seeker.kinds:
        reasons.append(Reason("kind", job.kind))
        score += _KIND
    near = next((place for place in seeker.places if is_in(place, job.place)), "")
    if near:
        reasons.append(Reason("place", near))
        score += _PLACE
    elif _REMOTE.search(job.place):
        # True for everybody: it moves a job up, but is no reason to call it fitting.
        score += _ANYWHERE if reasons else 0.0
        reasons += [Reason("remote")] if reasons else []
    return Fit(score, tuple(reasons))


def is_in(mine: str, place: str) -> bool:
    """Whether a person's place is named in a job's, 横浜 in 「横浜市・在宅可」 too."""
    tight, wanted = _fold_place(place), _fold_place(mine)
    wanted = _SUFFIX.sub("", wanted) if len(wanted) > 2 else wanted
    if len(wanted) < 2:
        return False
    if wanted.isascii():
        return re.search(rf"(?<![a-z]){re.escape(wanted)}(?![a-z])", tight) is not None
    return wanted in tight


@lru_cache(maxsize=10_000)
def _fold_place(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def rank(jobs: Sequence[Job], fits: Sequence[Fit]) -> list[tuple[Job, Fit]]:
    """The best fit first; of equals the newest."""
    pairs = zip(jobs, fits, strict=True)
    return sorted(pairs, key=lambda pair: (-round(pair[1].score, 4), -(pair[0].id or 0)))
