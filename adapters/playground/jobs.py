"""The invented company's open jobs, as of the day on which the workspace is first opened."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

JOBS_FILE = Path(__file__).parent / "data" / "jobs.json"


class OpenJob(BaseModel):
    """A job: words by language, how many days ago it was opened and in how many it closes, whom of the residents one
    talks with, and who is how far."""

    model_config = ConfigDict(extra="forbid")

    title: dict[str, str]
    text: dict[str, str]
    kind: str
    place: str
    url: str = ""
    closes_in: int
    opened: int
    contact: str = ""
    people: tuple[tuple[str, str], ...] = ()


@cache
def load_jobs() -> tuple[OpenJob, ...]:
    """All of them."""
    return TypeAdapter(tuple[OpenJob, ...]).validate_json(JOBS_FILE.read_bytes())
