"""The invented community: sixty people of サンプル精機 who never lived, so that Musubi can be tried by anybody."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

PEOPLE_FILE = Path(__file__).parent / "data" / "people.json"

COMPANY_DOMAIN = "seiki.example.jp"
"""The mail domain of those who work at サンプル精機; everybody else has a private address."""

Role = Literal["alumnus", "employee", "hr", "leaver"]


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody of the invented community.

    `zone` is an IANA name. `department` is where they work or worked at サンプル精機, `employer` and `job` what they do
    now. `look` says whose look their pane's badge names. `featured` people stand first in the list. `capacity` is how
    many consultations a month they agreed to; `quiet` ones don't want to be proposed at present. A leaver has not
    joined the workspace yet.
    """

    id: str
    name: str
    kana: str
    role: Role
    language: str
    zone: str
    department: str
    employer: str
    job: str
    city: str
    topics: tuple[str, ...]
    latest_news: str
    joined_on: date
    left_on: date | None
    employee_number: str
    email: str
    look: Literal["slack", "teams"]
    featured: bool
    capacity: int
    quiet: bool


class _Community(BaseModel):
    model_config = ConfigDict(extra="forbid")

    company: str
    community: str
    as_of: date
    people: tuple[Resident, ...]


def load_people(today: date) -> tuple[Resident, ...]:
    """Everybody, as of `today`: leavers leave around that day, whenever the workspace is first opened."""
    community = _read_file()
    shift = today - community.as_of
    return tuple(
        replace(person, left_on=person.left_on + shift) if person.role == "leaver" and person.left_on else person
        for person in community.people
    )


@cache
def _read_file() -> _Community:
    return _Community.model_validate_json(PEOPLE_FILE.read_bytes())
