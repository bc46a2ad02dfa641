"""Jobs in digests: at most two, and only those of which something is true for the reader."""

from collections.abc import Mapping, Sequence

from bot import digest
from bot.digest import DigestItem, DigestOffer, DigestReader, ItemKind
from bot.policy import Policy
from bot.ui import Block
from handlers.jobs import views
from handlers.jobs.fitting import Fit, Seeker, Shelf
from handlers.jobs.present import make_seeker, make_shelf
from handlers.topics import get_working_reader
from storage.models import Job, JobWish, Purpose
from storage.queries import jobs as queries
from storage.queries.topics import list_topics
from storage.uow import UnitOfWork

POOL = 40
"""So many jobs, the newest, are looked at for digests."""


def offer(db: UnitOfWork, policy: Policy) -> DigestOffer:
    """The open jobs. One query, and four for each chunk of readers."""
    jobs = queries.list_open(db, POOL)
    if not jobs:
        return DigestOffer()
    shelf = make_shelf(get_working_reader(policy.topics_file), jobs)
    by_key = {f"job:{job.id}": job.id or 0 for job in jobs}

    def fit_for(db: UnitOfWork, readers: Sequence[DigestReader]) -> digest.Fit:
        ids = [reader.id for reader in readers]
        return _Judge(shelf, jobs, _find_seekers(db, ids), queries.list_refused(db, ids, list(by_key.values()))).fit

    def note(db: UnitOfWork, shown: Mapping[str, int]) -> None:
        queries.note_shown(db, {by_key[key]: count for key, count in shown.items()})

    return DigestOffer(tuple(_as_item(job) for job in jobs), fit_for, note)


def _find_seekers(db: UnitOfWork, ids: list[int]) -> dict[int, Seeker]:
    wishes, cities, topics = queries.list_wishes(db, ids), queries.list_cities(db, ids), list_topics(db, ids)
    return {id: _make(wishes.get(id), cities.get(id, ""), topics.get(id, ())) for id in ids}


def _make(wish: JobWish | None, city: str, topics: tuple[str, ...]) -> Seeker:
    return make_seeker(tuple(wish.kinds) if wish else (), wish.place if wish else "", city, topics)


class _Judge:
    """How well jobs fit readers, each reader judged once."""

    def __init__(
        self, shelf: Shelf, jobs: list[Job], seekers: Mapping[int, Seeker], refused: set[tuple[int, int]]
    ) -> None:
        self._shelf = shelf
        self._ids = {f"job:{job.id}": (place, job.id or 0) for place, job in enumerate(jobs)}
        self._seekers, self._refused = seekers, refused
        self._fits: dict[int, list[Fit]] = {}

    def fit(self, reader: DigestReader, item: DigestItem) -> float:
        """See `bot.digest.Fit`."""
        place, id = self._ids[item.key]
        if (reader.id, id) in self._refused:
            return 0.0
        if reader.id not in self._fits:
            self._fits[reader.id] = self._shelf.fit(self._seekers.get(reader.id, Seeker()))
        found = self._fits[reader.id][place]
        return found.score if found.reasons else 0.0


def _as_item(job: Job) -> DigestItem:
    def draw(role: str) -> tuple[Block, ...]:
        return views.digest_item(job)

    return DigestItem(
        ItemKind.JOB,
        f"job:{job.id}",
        draw,
        purpose=Purpose.JOBS.value,
        from_hr=True,
        shown=job.shown,
        like=("job", job.id, job.title_ja, job.title_en, job.kind, job.place, job.closes_on),
    )
