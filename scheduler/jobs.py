"""Jobs made callable: their parameters resolved by type once, when Musubi starts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.feature import MEMBER_CHANGED, Due, Feature, Job
from bot.routing import RoutingError, plan
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a job may ask for."""

    db: UnitOfWork
    due: Due
    now: datetime


JobCall = Callable[[UnitOfWork, Due, datetime], None]
JobProviders = Mapping[type, Callable[[Any], Any]]

OWN: JobProviders = {
    UnitOfWork: lambda context: context.db,
    Due: lambda context: context.due,
    datetime: lambda context: context.now,
}


def prepare(job: Job, providers: JobProviders) -> JobCall:
    """The job as a function of unit of work, due and now. Raises RoutingError for a parameter that nobody provides."""
    parameters = plan(job, {**providers, **OWN})

    def call(db: UnitOfWork, due: Due, now: datetime) -> None:
        context: Any = JobContext(db, due, now)
        job(**{name: provide(context) for name, provide in parameters})

    return call


def collect_reminders(features: Iterable[Feature], providers: JobProviders) -> dict[str, JobCall]:
    """The jobs of all features by reminder kind. Raises RoutingError when two features claim one kind."""
    features = tuple(features)
    calls: dict[str, JobCall] = {MEMBER_CHANGED: _call_all(features, providers)}
    for feature in features:
        for kind, job in feature.reminders.items():
            if kind in calls:
                raise RoutingError(f"two jobs answer reminders of the kind {kind}")
            calls[kind] = prepare(job, providers)
    return calls


def _call_all(features: Iterable[Feature], providers: JobProviders) -> JobCall:
    jobs = [prepare(job, providers) for feature in features if (job := feature.on_member_changed)]

    def call(db: UnitOfWork, due: Due, now: datetime) -> None:
        for job in jobs:
            job(db, due, now)

    return call
