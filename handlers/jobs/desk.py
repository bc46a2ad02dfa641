"""What every step needs."""

from dataclasses import dataclass

from handlers.desk import Desk as SharedDesk
from storage.models import Member
from storage.queries.audit import note_act


@dataclass(frozen=True, slots=True)
class Desk(SharedDesk):
    """With what a friend needs."""

    @property
    def can_refer(self) -> bool:
        """Whether a friend can reach our page."""
        return bool(self.installation.public_url)


def note(desk: Desk, me: Member, act: str, subject: str, detail: str = "") -> None:
    """Puts an act of HR's into the audit log."""
    note_act(desk.db, me, act, desk.now, subject=subject, detail=detail)
